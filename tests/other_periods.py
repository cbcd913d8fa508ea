"""Files whose periods are not the company's, with the one sentence that is told of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple


class OtherPeriods(NamedTuple):
    """A file for a company: `bucket` and `first` open period, the `level` of what is found, and its sentence."""

    name: str
    bucket: str
    first: str
    table: str
    content: str
    level: str
    says: str

    @property
    def refused(self) -> bool:
        """Whether nothing of the file is kept."""
        return self.level != "note"


def _budget(*months: str) -> str:
    return "".join(["month,family,region,quantity,revenue\n", *(f"{month},,,5,50\n" for month in months)])


def _ledger(month: str) -> str:
    return f"month,scenario,account_type,account,amount\n{month},actual,P,Sales,100\n"


_SUNDAYS = [f"{date(2026, 5, 3) + timedelta(days=7 * at)}" for at in range(6)]

FILES = (
    OtherPeriods("week 53", "week", "2026-W27", "budget", _budget("2027-W53"), "error",
                 "'2027-W53' is no week: 2027 has 52"),
    OtherPeriods("a 4-4-5 table in weeks", "week", "2026-W27", "budget", _budget("2026-P07"), "error",
                 "'2026-P07' is a period of a 4-4-5 year from Jan, and this company plans in weeks"),
    OtherPeriods("months in weeks", "week", "2026-W27", "budget", _budget("2026-07"), "note",
                 "1 row is of months, shared over the weeks of the plan by working days"),
    OtherPeriods("weeks in months", "month", "2026-07", "budget", _budget("2026-W27", "2026-W28"), "note",
                 "2 rows are of weeks, shared over the months of the plan by working days"),
    OtherPeriods("weeks in quarters", "quarter", "2026-Q3", "budget", _budget("2026-W27"), "note",
                 "1 row is of weeks, shared over the quarters of the plan by working days"),
    OtherPeriods("weeks from Sunday", "week", "2026-W27", "budget", _budget(*_SUNDAYS), "question",
                 "all 6 days are a Sunday, such as 2026-05-03, and weeks here run from Monday to Sunday"),
    OtherPeriods("the ledger's year from April", "4-4-5", "2026-P07", "financials",
                 _ledger("2026-P03-445-04"), "error",
                 "'2026-P03-445-04' is a period of a 4-4-5 year from Apr, and this company plans in periods of a "
                 "4-4-5 year from Jan"),
    OtherPeriods("the ledger's thirteenth period", "4-4-5", "2026-P07", "financials", _ledger("2026-P13"),
                 "error", "'2026-P13' is no period: a 4-4-5 year from Jan has 12"),
)  # fmt: skip
