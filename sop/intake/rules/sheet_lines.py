"""Rules about plans agreed elsewhere: one plan a cycle, each figure once, at the level at which it is planned."""

from __future__ import annotations

import pandas as pd

from sop.core.findings import Finding
from sop.core.measures import measure
from sop.core.sheet_rows import per_family
from sop.intake.headers import plain_header
from sop.intake.subject import RowRule, Subject, of_table

_SALES = frozenset(
    (
        "sales",
        "sales_plan",
        "absatz",
        "absatzplan",
        "verkauf",
        "ventes",
        "plan_de_ventes",
        "ventas",
        "plan_de_ventas",
    )
    + ("verkoop", "verkoopplan", "afzet", "sprzedaz", "plan_sprzedazy")
)
"""Words of planning sheets for what is sold, which may mean what is asked for or what is shipped."""


def check_read_sales(subject: Subject) -> list[Finding]:
    """A note that says how a row called Sales is read: as demand."""
    if subject.spec.name != "plan_lines":
        return []
    cells = subject.cells["measure"]
    said = sorted({text for text in cells.dropna().unique() if plain_header(text) in _SALES})
    if not said:
        return []
    names = ", ".join(map(repr, said))
    what = f"rows called {names} are read as consensus demand, what customers ask for"
    remedy = "Write shipments in their place if they are what is to be shipped"
    return subject.finding("note", "sales_row", what, remedy, "measure", count=int(cells.isin(said).sum()))


def check_one_plan(subject: Subject) -> list[Finding]:
    """A cycle has one plan that was agreed elsewhere: one name, and one day."""
    if subject.spec.name != "plan_lines":
        return []
    found: list[Finding] = []
    for column in ("plan", "agreed_on"):
        many = subject.frame.groupby("cycle")[column].nunique(dropna=False)
        for cycle in many.index[many > 1]:
            rows = subject.frame["cycle"].eq(cycle)
            names = ", ".join(str(name) for name in subject.frame.loc[rows, column].unique())
            what = f"the cycle {cycle} has more than one {column}: {names}"
            found += subject.finding(
                "error", "one_plan", what, "Keep the lines of the plan that was agreed", column
            )
    return found


def check_counted_once(subject: Subject) -> list[Finding]:
    """A figure for all regions or lines together and one of a part of it would count twice."""
    if subject.spec.name != "plan_lines":
        return []
    rows = subject.frame
    keys = [rows[name].fillna("") for name in ("cycle", "month", "measure", "family")]
    whole = rows[["region", "resource"]].isna().all(axis=1)
    twice = whole.groupby(keys).transform("any") & (~whole).groupby(keys).transform("any")
    what = "this figure is given for the whole and for its parts, which would count twice"
    return subject.at(twice, "error", "counted_twice", what, "Keep one of them", "value")


def _by_family(subject: Subject, *, wanted: bool) -> pd.Series:
    """Rows of measures that are planned by family (or not)."""
    known = subject.frame["measure"]
    return pd.Series(
        [key is not None and per_family(key) == wanted for key in known], index=subject.frame.index, dtype=bool
    )


def _unlike(subject: Subject) -> pd.Series:
    """Money in another unit than a currency's code: thousands and millions are never guessed."""
    money = [key is not None and measure(key).unit == "currency" for key in subject.frame["measure"]]
    unit = subject.frame["unit"].fillna("EUR")
    return pd.Series(money, subject.frame.index, dtype=bool) & ~unit.str.fullmatch("[A-Z]{3}")


SHEET_LINES = (
    RowRule(
        "What is planned by family names one, in a plan agreed elsewhere.",
        of_table("plan_lines", "family"),
        lambda subject, _: _by_family(subject, wanted=True) & subject.frame["family"].isna(),
        "error", "plan_level", "this measure is planned by family and the row names none",
        "Fill the family in every row; a total over families is added up by itself",
    ),
    RowRule(
        "What is planned for the whole company names no family, in a plan agreed elsewhere.",
        of_table("plan_lines", "family"),
        lambda subject, _: _by_family(subject, wanted=False) & subject.frame["family"].notna(),
        "error", "plan_level", "this measure is planned for the whole company, not for {value}",
        "Leave family empty and give the company's figure, or use revenue or inventory_value by family",
    ),
    RowRule(
        "No plan comes from a cycle that is not open yet.",
        of_table("plan_lines", "cycle"),
        lambda subject, _: subject.frame["cycle"].fillna("") > subject.first_open,
        "error", "later_cycle", "{value} is after the open cycle {subject.first_open}",
        "Give the first open month of the cycle in which the plan was agreed",
    ),
    RowRule(
        "Months before the cycle are history, not plan: they are told and count nothing.",
        of_table("plan_lines", "month"),
        lambda subject, _: subject.frame["month"].fillna("9") < subject.frame["cycle"].fillna(""),
        "warning", "before_cycle", "{value} is before the plan's cycle: it counts as no plan",
        "Leave closed months out of the sheet",
    ),
    RowRule(
        "Money of a plan agreed elsewhere is in whole units of a currency, by its code.",
        of_table("plan_lines", "unit"),
        lambda subject, _: _unlike(subject),
        "error", "plan_unit", "'{value}' is not the code of a currency such as EUR",
        "Give amounts in whole currency, not in thousands, and its code",
    ),
    check_read_sales,
    check_one_plan,
    check_counted_once,
)  # fmt: skip
