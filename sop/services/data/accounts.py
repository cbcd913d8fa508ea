"""The company's own accounts and the line of the financial plan that each belongs to, mapped one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from sop.core.calendar import shift_month
from sop.core.tables import table
from sop.files.export import csv_of
from sop.services.acting import reading
from sop.services.company.profile import require_cycle
from sop.services.data.imports import ImportReport, ImportRequest, import_table
from sop.store import Store
from sop.store.data import read_frame, read_heads

KEY = ["account_type", "account"]
RECENT = 12


@dataclass(frozen=True)
class Account:
    """An account of the ledger with its actual of the last twelve closed months; `line` empty where unmapped."""

    kind: str
    name: str
    amount: float
    line: str = ""
    effect: str = "add"


def read_accounts(store: Store, person_id: str) -> tuple[Account, ...]:
    """Every account of the ledger, those without a line first; none before financials are loaded.

    Raises NotAllowed, and NotFound without a cycle.
    """
    with reading(store, person_id) as tx:
        heads, first_open = read_heads(tx), require_cycle(tx).first_open
        if "financials" not in heads:
            return ()
        ledger = read_frame(tx, heads["financials"].id)
        mapped = read_frame(tx, heads["account_map"].id) if "account_map" in heads else None
    recent = ledger["month"].between(shift_month(first_open, -RECENT), shift_month(first_open, -1))
    amounts = ledger[recent & (ledger["scenario"] == "actual")].groupby(KEY)["amount"].sum()
    lines = _lines(mapped)
    found = [
        Account(kind, name, float(amounts.get((kind, name), 0.0)), *lines.get((kind, name), ()))
        for kind, name in ledger[KEY].drop_duplicates().itertuples(index=False, name=None)
    ]
    return tuple(sorted(found, key=lambda account: (account.line != "", account.kind, account.name)))


def _lines(mapped: pd.DataFrame | None) -> dict[tuple[str, str], tuple[str, str]]:
    """Account → line and effect."""
    if mapped is None:
        return {}
    effects = mapped["effect"].fillna("add") if "effect" in mapped else ["add"] * len(mapped)
    rows = zip(mapped["account_type"], mapped["account"], mapped["line"], effects, strict=True)
    return {(kind, name): (line, effect) for kind, name, line, effect in rows}


def line_choices() -> tuple[str, ...]:
    """The lines of the financial plan that an account can belong to."""
    return next(column.choices for column in table("account_map").columns if column.name == "line")


def changed_accounts(was: Iterable[Account], now: Iterable[Account]) -> tuple[Account, ...]:
    """Accounts that have a line now and had another, or another effect, before."""
    before = {(account.kind, account.name): (account.line, account.effect) for account in was}
    return tuple(a for a in now if a.line and before.get((a.kind, a.name)) != (a.line, a.effect))


def save_accounts(store: Store, person_id: str, accounts: Sequence[Account]) -> ImportReport:
    """Give accounts their line, all of them or none, by the rules of an import; the others stay as they are.

    Raises NotAllowed.
    """
    rows = pd.DataFrame([(a.kind, a.name, a.line, a.effect) for a in accounts], columns=[*KEY, "line", "effect"])
    request = ImportRequest("account_map", csv_of(rows), "accounts mapped on the Data page.csv", mode="add")
    return import_table(store, person_id, request)
