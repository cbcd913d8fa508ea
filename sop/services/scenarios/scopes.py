"""What an assumption may be set for: the whole company, or something that the company's tables know."""

from __future__ import annotations

from sop.core.errors import BadInput
from sop.core.memo import Memo
from sop.core.register import Assumption
from sop.store import Transaction
from sop.store.data import read_frame, read_heads

_KNOWN_BY = {
    "family": ("family", ("products",)),
    "plant": ("plant", ("plants", "resources", "workforce", "calendar", "inventory")),
    "resource": ("resource", ("resources", "capacity", "routings")),
    "material": ("material", ("materials", "material_usage", "material_supply")),
    "driver": ("indicator", ("indicators",)),
    "launch": ("launch", ("launches",)),
    "event": ("event", ("events",)),
    "initiative": ("initiative", ("initiatives",)),
}
"""Kind of scope → the column that names it, and the tables that have the column."""
_NAMES = Memo(64)


def require_scope(tx: Transaction, entry: Assumption, scope: str) -> None:
    """Raises BadInput for a scope of an assumption that nothing of the company is called.

    What is set month by month has a scope of its own form, which its own service checks; a kind of which no table
    is loaded cannot be checked.
    """
    if entry.scope == "company" and scope:
        raise BadInput(f"{entry.label} holds for the whole company", remedy="Leave out what it is for")
    column, tables = _KNOWN_BY.get(entry.scope, ("", ()))
    known = frozenset().union(*(_names(tx, table, column) for table in tables))
    if scope and known and scope not in known:
        raise BadInput(
            f"there is no {entry.scope} '{scope[:80]}' for {entry.label}",
            remedy=f"Choose one of {', '.join(sorted(known)[:5])}",
        )


def _names(tx: Transaction, table: str, column: str) -> frozenset[str]:
    """What a table calls its things; the table of a version never changes, so each is read once."""
    head = read_heads(tx).get(table)
    if head is None:
        return frozenset()
    place = str(tx.session.get_bind().engine.url)

    def read() -> frozenset[str]:
        frame = read_frame(tx, head.id)
        return frozenset(map(str, frame[column].dropna().unique())) if column in frame else frozenset()

    return _NAMES.get((place, head.id, column), read)
