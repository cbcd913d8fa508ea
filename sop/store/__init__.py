"""The database floor: SQLite in a workspace folder, or PostgreSQL by URL, behind one `Store`.

    store = open_store(workspace)
    with store.write(by="jana", role="coordinator") as tx:
        data.add_table(tx, "products", frame, file_name="products.csv", file_sha256=digest)
    with store.read() as tx:
        tables = data.read_current_tables(tx)

One module per subject takes the transaction and gives back frozen records, never database rows: `settings`
(with people beside it), `data` (with column mappings), `cycles`, `scenarios`, `results`, `plans` (with
signatures and waivers), `audit`.
"""

from sop.store.database import Store, open_store
from sop.store.transaction import Transaction, utc_now

__all__ = ["Store", "Transaction", "open_store", "utc_now"]
