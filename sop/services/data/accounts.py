"""The company's own accounts, and giving each its line of the financial plan."""

from __future__ import annotations

from collections.abc import Sequence

from sop.files.export import csv_of
from sop.finance.accounts import Account, account_map, accounts_of
from sop.intake.incoming import ImportReport, ImportRequest
from sop.services.acting import reading
from sop.services.company.profile import require_cycle
from sop.services.data.imports import import_table
from sop.store import Store
from sop.store.data import read_table


def read_accounts(store: Store, person_id: str) -> tuple[Account, ...]:
    """Every account of the ledger, those without a line first; none before financials are loaded.

    Raises NotAllowed, and NotFound without a cycle.
    """
    with reading(store, person_id) as tx:
        ledger, first_open = read_table(tx, "financials"), require_cycle(tx).first_open
        return () if ledger is None else accounts_of(ledger, read_table(tx, "account_map"), first_open)


def save_accounts(store: Store, person_id: str, accounts: Sequence[Account]) -> ImportReport:
    """Give accounts their line, all of them or none, by the rules of an import; the others stay as they are.

    Raises NotAllowed.
    """
    rows = csv_of(account_map(accounts))
    request = ImportRequest("account_map", rows, "accounts mapped on the Data page.csv", mode="add")
    return import_table(store, person_id, request)
