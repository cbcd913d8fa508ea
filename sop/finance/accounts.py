"""The company's own accounts and the line of the financial plan that each belongs to, mapped one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from sop.core.calendar import shift_period, year_before
from sop.core.tables import table

KEY = ["account_type", "account"]


@dataclass(frozen=True)
class Account:
    """An account of the ledger with its actual of the last twelve closed months; `line` empty where unmapped."""

    kind: str
    name: str
    amount: float
    line: str = ""
    effect: str = "add"


def accounts_of(ledger: pd.DataFrame, mapped: pd.DataFrame | None, first_open: str) -> tuple[Account, ...]:
    """Every account of the table financials, those without a line first; `mapped` is the table account_map."""
    recent = ledger["month"].between(year_before(first_open), shift_period(first_open, -1))
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


def account_map(accounts: Iterable[Account]) -> pd.DataFrame:
    """The rows of the table account_map that give accounts their lines."""
    return pd.DataFrame([(a.kind, a.name, a.line, a.effect) for a in accounts], columns=[*KEY, "line", "effect"])
