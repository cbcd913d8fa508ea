"""One change and its path through the plans: what two plans differ in, in the order in which one causes the next.

Launches, initiatives and events move demand; demand moves what is made and the hours it takes; both move stock
and what customers wait for; all of it moves money. Only what differs is told. Figures are those of the next
twelve months that both plans cover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sop.analysis.comparison.compare import common_months
from sop.core.format import how_many, number, percent, percent_signed
from sop.core.inputs import Floats
from sop.core.measures import measure
from sop.core.plan import Plan
from sop.core.register import Assumptions, assumption
from sop.core.terms import PlanName
from sop.core.words import Words

_MINUS = "\u2212"
ARROW = " \u2192 "

Read = Callable[[Floats], Any]
"""One figure of those by month (T,)."""

LEAST_UNITS, LEAST_HOURS, ROUNDING_PCT = 0.5, 0.5, 0.005
MOST_NAMES = 2
"""Lines, plants, materials and families told by name at each step: those that change most."""


@dataclass(frozen=True)
class PathStep:
    """One link of the chain: a measure (of `name`, or of all) in the base plan and now, and the change in words.

    Money in minor units. `plan` is the one of the seven that it belongs to.
    """

    key: str
    plan: PlanName
    name: str
    unit: str
    before: float
    after: float
    words: str

    @property
    def change(self) -> float:
        """Now minus base."""
        return self.after - self.before


def trace_impact(base: Plan, now: Plan, money: Words | None = None) -> tuple[PathStep, ...]:
    """What differs between two plans, causes first; empty where nothing does.

    `money` writes minor units; millions with the currency where none is given.
    """
    pair = _Pair(base, now, common_months(now, base)[: now.calendar.year], money or now.money.labelled)
    if not pair.months:
        return ()
    return (
        *_launch_dates(pair),
        *_initiatives(pair),
        *_terms(pair),
        *_units(pair, "consensus_demand", "units of demand"),
        *_units(pair, "production", "units made"),
        *_hours(pair),
        *_bought(pair),
        *_served(pair),
        *_money(pair),
    )


TOLD: tuple[tuple[str, ...], ...] = (
    ("launch_slip", "initiative_effect"),
    ("consensus_demand", "production"),
    ("load_hours",),
    ("lost_sales", "past_due", "customer_lead_time"),
    ("total_revenue",),
    ("ebit", "gross_margin"),
    ("cash",),
)
"""The links of the sentence: of each group the first measure that changes."""


def impact_sentence(effects: Sequence[PathStep], cause: str = "") -> str:
    """The chain in one line: 'Sport slips 2 months → −10 units of demand → frees 10 h at Cell → revenue −0.1 M'.

    `cause` opens it instead of the launch or initiative that the plans themselves show.
    """
    groups = TOLD[1:] if cause else TOLD
    links = [next((e for key in group for e in effects if e.key == key), None) for group in groups]
    words = [cause, *(link.words for link in links if link)]
    return ARROW.join(filter(None, words)) or "Nothing changes"


def assumption_words(before: Assumptions, after: Assumptions) -> str:
    """What somebody changed, in words: 'Sport: launch slips 0 to 2 months'; empty where nothing is different.

    An entry that is new or gone is told by its value alone: what stood there comes from the company's tables.
    """
    changed = [place for place in {**before, **after} if before.get(place) != after.get(place)]
    return ", ".join(
        _changed(key, scope, before.get((key, scope)), after.get((key, scope))) for key, scope in changed
    )


def _changed(key: str, scope: str, was: float | None, will: float | None) -> str:
    entry = assumption(key)
    label = f"{scope.replace('|', ', ')}: {entry.label[0].lower()}{entry.label[1:]}" if scope else entry.label
    known = [_value(value, entry.unit) for value in (was, will) if value is not None]
    return f"{label} {' to '.join(known)}" if will is not None else f"{label} as in the tables again"


def _value(value: float, unit: str) -> str:
    if unit in ("pct", "share"):
        return percent_signed(value, 1) if unit == "pct" else percent(value)
    return how_many(f"{value:g}", unit) if unit in ("days", "months", "units", "people") else f"{value:g}"


@dataclass(frozen=True)
class _Pair:
    base: Plan
    now: Plan
    months: tuple[str, ...]
    money: Words

    def of(self, plan: Plan, key: str) -> Floats | None:
        """A measure on the common months; None where the plan has none."""
        if key not in plan:
            return None
        at = [plan.months.index(month) for month in self.months]
        return plan[key][..., at].astype(float)

    def names(self, key: str) -> tuple[str, ...]:
        """Names that both plans have along the first axis."""
        return tuple(name for name in self.now.names(key) if name in self.base.names(key))

    def by_name(self, key: str) -> Iterator[tuple[str, Floats, Floats]]:
        """(name, base, now) by month (T,) for every name in both plans; other axes added up."""
        before, after = self.of(self.base, key), self.of(self.now, key)
        if before is None or after is None:
            return
        for name in self.names(key):
            row = before[self.base.names(key).index(name)], after[self.now.names(key).index(name)]
            yield (name, *(values.reshape(-1, values.shape[-1]).sum(axis=0) for values in row))

    def total(self, key: str) -> tuple[Floats, Floats] | None:
        """(base, now) by month (T,), everything but the months added up; None where a plan has no such line."""
        before, after = self.of(self.base, key), self.of(self.now, key)
        if before is None or after is None:
            return None
        return before.reshape(-1, before.shape[-1]).sum(axis=0), after.reshape(-1, after.shape[-1]).sum(axis=0)


def _effect(key: str, name: str, before: float, after: float, words: str) -> PathStep:
    entry = measure(key)
    return PathStep(key, entry.plan, name, entry.unit, before, after, words)


# -- causes


def _launch_dates(pair: _Pair) -> Iterator[PathStep]:
    for name, before, after in pair.by_name("launch_slip"):
        months = round(float(after[0] - before[0])) if np.isfinite(after[0] - before[0]) else 0
        if months:
            verb = "slips" if months > 0 else "comes earlier by"
            words = f"{name} {verb} {abs(months)} {'month' if abs(months) == 1 else 'months'}"
            yield _effect("launch_slip", name, float(before[0]), float(after[0]), words)


def _initiatives(pair: _Pair) -> Iterator[PathStep]:
    """How much of what an initiative promises is planned, on average over the months."""
    for name, before, after in pair.by_name("initiative_effect"):
        was, will = float(before.mean()), float(after.mean())
        if abs(will - was) >= 0.005:
            words = (
                f"{name} stops"
                if will == 0
                else f"{name}: {percent(was)} to {percent(will)} of its benefit planned"
            )
            yield _effect("initiative_effect", name, was, will, words)


_TERMS = ("baseline_forecast", "overrides", "launches", "cannibalisation", "events", "initiatives", "price_effect")


def _terms(pair: _Pair) -> Iterator[PathStep]:
    """Terms of consensus demand; the baseline only moves with a new forecast."""
    for key in _TERMS:
        both = pair.total(key)
        # Rounding to whole units moves a term by one or two without a cause.
        if both is not None and abs(both[1].sum() - both[0].sum()) > ROUNDING_PCT * abs(both[0].sum()):
            yield from _units(pair, key, f"units from {measure(key).label.lower()}")


# -- supply, customers


def _hours(pair: _Pair) -> Iterator[PathStep]:
    """Hours that lines are freed of or need more, then overtime by plant."""
    for name, was, will in _largest(pair, "load_hours", LEAST_HOURS):
        size = f"{number(abs(will - was))} h"
        words = f"frees {size} at {name}" if will < was else f"needs {size} more at {name}"
        yield _effect("load_hours", name, was, will, words)
    for name, was, will in _largest(pair, "overtime_hours", LEAST_HOURS):
        yield _effect("overtime_hours", name, was, will, f"{_signed(will - was)} h of overtime in {name}")


def _bought(pair: _Pair) -> Iterator[PathStep]:
    yield from _units(pair, "subcontract", "units bought outside")
    for name, was, will in _largest(pair, "material_need", LEAST_UNITS):
        yield _effect("material_need", name, was, will, f"{_signed(will - was)} {name}")


def _served(pair: _Pair) -> Iterator[PathStep]:
    """What is shipped and lost, the highest past due, and the peak of the lead time in days."""
    yield from _units(pair, "shipments", "units shipped")
    yield from _units(pair, "lost_sales", "units lost")
    yield from _units(pair, "past_due", "units past due at the peak", read=np.max)
    for name, was_days, will_days in pair.by_name("customer_lead_time"):
        was, will = float(was_days.max()), float(will_days.max())
        if abs(will - was) >= 1:
            more = "longer" if will > was else "less"
            words = f"{name} waits {how_many(f'{abs(will - was):.0f}', 'days')} {more} at the peak"
            yield _effect("customer_lead_time", name, was, will, words)


def _money(pair: _Pair) -> Iterator[PathStep]:
    """Revenue, gross margin, EBIT over the months; stock at their end; the lowest cash."""
    reads: tuple[tuple[str, str, Callable[[Floats], Any]], ...] = (
        ("total_revenue", "revenue", np.sum),
        ("gross_margin", "gross margin", np.sum),
        ("ebit", "EBIT", np.sum),
        ("stock_value", "stock", lambda values: values[-1]),
        ("cash", "cash at its lowest", np.min),
        ("cash", "cash at the end", lambda values: values[-1]),
    )
    for key, words, read in reads:
        both = pair.total(key)
        if both is None:
            continue
        was, will = float(read(both[0])), float(read(both[1]))
        size = pair.money(abs(will - was))
        if size != pair.money(0):
            sign = "+" if will > was else _MINUS
            yield _effect(key, "", was, will, f"{words} {sign}{size}")


# -- helpers


def _units(pair: _Pair, key: str, words: str, read: Read = np.sum) -> Iterator[PathStep]:
    """The change of units over the months, by family, those that move most; units of several are not added up."""
    rows = list(_largest(pair, key, LEAST_UNITS, read))
    several = len(pair.names(key)) > 1
    for name, was, will in rows:
        whose = f"{name}: " if several else ""
        yield _effect(key, name if several else "", was, will, f"{whose}{_signed(will - was)} {words}")


def _largest(pair: _Pair, key: str, least: float, read: Read = np.sum) -> Iterator[tuple[str, float, float]]:
    """(name, base, now) read over the months, of the names that change most and at least by `least`."""
    rows = [(name, float(read(before)), float(read(after))) for name, before, after in pair.by_name(key)]
    moved = [row for row in rows if abs(row[2] - row[1]) >= least]
    yield from sorted(moved, key=lambda row: -abs(row[2] - row[1]))[:MOST_NAMES]


def _signed(change: float) -> str:
    return f"{'+' if change > 0 else _MINUS}{number(abs(change))}"
