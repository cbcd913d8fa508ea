"""What an assumption may be set for: the whole company, or something that the company's tables know."""

from __future__ import annotations

from sop.core.calendar import period_name, shift_period, worded, written
from sop.core.errors import BadInput
from sop.core.memo import Memo
from sop.core.override_scopes import read_override_scope
from sop.core.register import Assumption
from sop.services.company.cycle import require_cycle
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
    "currency": ("currency", ("fx_rates", "regions")),
    "region": ("region", ("sales_actuals",)),
}
"""Kind of scope → the column that names it, and the tables that have the column."""
_NAMES = Memo(64)


def require_scope(tx: Transaction, entry: Assumption, scope: str) -> None:
    """Raises BadInput for a scope of an assumption that nothing of the company is called.

    What is set month by month names a family, a region and a month, where an empty family or region is all of
    them. A kind of which no table is loaded cannot be checked.
    """
    if entry.scope in ("family_month", "history_month"):
        _require_place(tx, entry, scope)
    elif entry.scope == "company" and scope:
        raise BadInput(f"{entry.label} holds for the whole company", remedy="Leave out what it is for")
    else:
        _require_known(tx, entry, entry.scope, scope)


def _require_place(tx: Transaction, entry: Assumption, scope: str) -> None:
    """Families and regions of the company; a month of the plan for demand, one that is closed for history."""
    place, cycle = read_override_scope(scope), require_cycle(tx)
    if place is None:
        raise BadInput(
            worded(f"'{scope[:80]}' names no month for {entry.label}"), remedy=f"Write family|region|{written()}"
        )
    _require_known(tx, entry, "family", place.family)
    _require_known(tx, entry, "region", place.region)
    last = shift_period(cycle.first_open, cycle.horizon - 1)
    ahead = cycle.first_open <= place.month <= last
    if entry.scope == "family_month" and not ahead:
        span = f"{period_name(cycle.first_open)} to {period_name(last)}"
        raise BadInput(f"{period_name(place.month)} is not planned", remedy=worded(f"Choose a month from {span}"))
    if entry.scope == "history_month" and place.month >= cycle.first_open:
        raise BadInput(f"{period_name(place.month)} is not closed", remedy=worded("Choose a month of the history"))


def _require_known(tx: Transaction, entry: Assumption, kind: str, name: str) -> None:
    column, tables = _KNOWN_BY.get(kind, ("", ()))
    known = frozenset().union(*(_names(tx, table, column) for table in tables))
    if name and known and name not in known:
        raise BadInput(
            f"there is no {kind} '{name[:80]}' for {entry.label}",
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
