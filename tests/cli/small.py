"""A small company's files, and what a command leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from sop.core.calendar import shift_period

FIRST_OPEN = "2026-01"
PRODUCTS = "product,name,family,unit_cost\nP-1,Box,Boxes,4\nP-2,Crate,Boxes,5\n"


class Outcome(NamedTuple):
    """What a command left behind: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Command = Callable[..., Outcome]


def sales_csv(months: int = 26, first_open: str = FIRST_OPEN) -> str:
    """Sales of both products in one region for the months before `first_open`: 10 and 20 units, a price of 9."""
    rows = ["month,product,region,quantity,revenue"]
    for month in (shift_period(first_open, -back) for back in range(months, 0, -1)):
        rows += [f"{month},P-1,North,10,90", f"{month},P-2,North,20,180"]
    return "\n".join(rows) + "\n"


def stored_rows(command: Command, table: str) -> int:
    """Rows that `show` counts in a table."""
    tables = json.loads(command("show", "--json").out)["tables"]
    return next(row["rows"] for row in tables if row["table"] == table)
