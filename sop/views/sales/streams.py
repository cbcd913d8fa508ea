"""The streams of demand side by side: what each function expects, how far they are apart, and what that is worth.

Statistical is the baseline forecast; sales adds its overrides to it; marketing adds to the baseline what it
changes itself, launches less what they take from others, and events; finance is the budget. Nobody expects less
than nothing. Beside them stand the plan compared with and the consensus, which are what came of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.arrays import Labelled, sum_known
from sop.core.calendar import Calendar, bucket_of, span_text
from sop.core.format import percent
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR
from sop.core.present import Col, Declared, Form, PlanTable, difference, known
from sop.core.register import Assumptions
from sop.core.words import Money, units_text
from sop.demand.override_effect import marketing_override
from sop.views.series import over
from sop.views.timeline import PlanContext

STATISTICAL, SALES, MARKETING, FINANCE = "Statistical", "Sales", "Marketing", "Finance"
AGREED, CONSENSUS = "Agreed plan", "Consensus"
FUNCTIONS = (STATISTICAL, SALES, MARKETING, FINANCE)
"""The streams that may disagree; the agreed plan and the consensus follow from them."""
_SPANS = {"Month": 1, "Quarter": 3, "Year": 12}
"""What demand is told by beside the company's own periods, in months."""


@dataclass(frozen=True)
class Streams:
    """Demand in units by stream (F, R, T), not-a-number where a stream says nothing.

    A stream that says nothing at all is left out. `price` (F, R) is today's net price, `unit_cost` (F,) standard
    cost, in currency. `in_units`: somebody asks for units, also of several families.
    """

    months: tuple[str, ...]
    families: tuple[str, ...]
    values: Mapping[str, Floats]
    price: Floats
    unit_cost: Floats
    in_units: bool = False

    @property
    def next_year(self) -> slice:
        """The next twelve months."""
        return slice(0, bucket_of(self.months[0]).a_year)

    def of(self, stream: str, family: str | None) -> Floats:
        """A stream's units by month (T,) of one family or of all; not-a-number where a part says nothing."""
        rows = [family in (None, name) for name in self.families]
        return self.values[stream][rows].sum(axis=(0, 1))

    def in_money(self, family: str | None) -> bool:
        """Whether a choice is told in money: several families, of which each has a price in each region."""
        several = family is None and len(self.families) > 1
        return several and not self.in_units and bool(np.isfinite(self.price).all())

    def told(self, stream: str, family: str | None) -> Floats:
        """A stream by month (T,) as it is told: units of a family, several in minor units at today's net price."""
        if not self.in_money(family):
            return self.of(stream, family)
        return np.asarray((self.values[stream] * self.price[:, :, None]).sum(axis=(0, 1)) * MINOR)

    def year_units(self, stream: str, family: str) -> float:
        """Units of the next twelve months."""
        return over(self.of(stream, family), self.next_year, "flow")

    def year_value(self, stream: str, family: str) -> float:
        """The same at today's net price, minor units; not-a-number where units or every price are not known."""
        at = self.families.index(family)
        units, price = self.values[stream][at, :, self.next_year].sum(axis=-1), self.price[at]
        if not np.isfinite(price[units != 0]).all() or not np.isfinite(price).any():
            return float("nan")
        return float((units * np.nan_to_num(price)).sum() * MINOR)


def streams_of(context: PlanContext, assumptions: Assumptions) -> Streams:
    """What each function expects in the plan shown; a frozen plan is read as it was signed."""
    plan = context.plan
    baseline = plan["baseline_forecast"].astype(float)
    names = plan.names("baseline_forecast"), plan.names("baseline_forecast", 1)
    return build_streams(context, marketing_override(baseline, names, plan.calendar, assumptions))


def build_streams(context: PlanContext, marketing: Floats) -> Streams:
    """The streams of the plan shown; `marketing` (F, R, T) is what marketing's overrides add in it."""
    plan, inputs = context.plan, context.inputs
    axes, months = (inputs.families.names, inputs.regions), plan.months

    def units(key: str) -> Floats:
        return plan.on(key, axes, months, np.nan)

    baseline = units("baseline_forecast")
    added = sum(np.nan_to_num(units(key)) for key in _MARKETING)
    found = {
        STATISTICAL: baseline,
        SALES: np.maximum(baseline + np.nan_to_num(units("overrides")) - marketing, 0),
        MARKETING: np.maximum(baseline + marketing + added, 0),
        FINANCE: _budget(inputs, months),
        AGREED: np.full_like(baseline, np.nan)
        if context.base is None
        else context.base.on("consensus_demand", axes, months, np.nan),
        CONSENSUS: units("consensus_demand"),
    }
    return Streams(
        months=months,
        families=inputs.families.names,
        values={name: values for name, values in found.items() if np.isfinite(values).any()},
        price=inputs.position.price,
        unit_cost=inputs.position.unit_cost,
    )


_MARKETING = ("launches", "cannibalisation", "events")


def _budget(inputs: Inputs, months: Sequence[str]) -> Floats:
    """Units of the budget (F, R, T); a region without one counts nothing where the family has some."""
    if inputs.budget is None or not inputs.budget.by_family:
        return np.full((len(inputs.families.names), len(inputs.regions), len(months)), np.nan)
    names = {"family": inputs.families.names, "region": inputs.regions}
    found = Labelled(inputs.budget.quantity, **names, month=inputs.budget.months).on(month=months).values
    return np.where(np.isfinite(found).any(axis=1, keepdims=True), np.nan_to_num(found), found)


# -- by month, quarter, year


def buckets(calendar: Calendar, grain: str) -> tuple[tuple[str, ...], ...]:
    """The planned months grouped by month, fiscal quarter or fiscal year; the first and last may be in part.

    >>> buckets(Calendar("2026-12", 3), "Quarter")
    (('2026-12',), ('2027-01', '2027-02'))
    """
    return tuple(calendar.groups(calendar.months, grains(calendar)[grain]))


def grains(calendar: Calendar) -> dict[str, int]:
    """Spans by which demand is told, the company's own period first, in periods: of weeks a month is four of them.

    >>> grains(Calendar("2026-12")), list(grains(Calendar("2026-W27"))), list(grains(Calendar("2026-Q4")))
    ({'Month': 1, 'Quarter': 3, 'Year': 12}, ['Week', '4 weeks', 'Quarter', 'Year'], ['Quarter', 'Year'])
    """
    found = {calendar.word.capitalize(): 1}
    for name, months in _SPANS.items():
        periods = round(calendar.in_periods(months))
        if periods > 1:
            found[calendar.count(periods) if name == "Month" else name] = periods
    return found


def bucket_totals(values: Floats, months: Sequence[str], groups: Sequence[Sequence[str]]) -> list[float | None]:
    """Values (T,) added up by bucket; None where one of its months is not known."""
    return [known(float(sum(values[months.index(month)] for month in group))) for group in groups]


def apart_from_statistical(
    streams: Streams, stream: str, family: str | None, groups: Sequence[Sequence[str]]
) -> list[float | None]:
    """A stream less the statistical forecast by bucket, as it is told; None where it says nothing.

    The seasons are in both, so that what is left is what a function knows.
    """
    return bucket_totals(streams.told(stream, family) - streams.told(STATISTICAL, family), streams.months, groups)


def streams_table(
    streams: Streams, family: str | None, groups: Sequence[Sequence[str]], titles: Sequence[str], near: str
) -> PlanTable:
    """Each stream over the `near` span of the headlines, against the consensus, and by bucket, as it is told."""
    values = {name: streams.told(name, family) for name in streams.values}
    form: Form = "money" if streams.in_money(family) else "units"
    year = {name: known(over(values[name], streams.next_year, "flow")) for name in values}
    return PlanTable(
        "Streams of demand",
        (
            Col("Stream", "text"),
            Col(near[:1].upper() + near[1:], form, suffix="" if form == "money" else "units"),
            Col("To consensus", form, signed=True, bare=True),
            *(Col(title, form, bare=True) for title in titles),
        ),
        tuple(
            (
                name,
                year[name],
                None if name == CONSENSUS else difference(year[name], year[CONSENSUS]),
                *bucket_totals(values[name], streams.months, groups),
            )
            for name in values
        ),
    )


# -- how far they are apart


@dataclass(frozen=True)
class Disagreement:
    """How far the streams of a family are apart over the next twelve months: the highest against the lowest.

    `value` minor units at today's net price; `stock` what is left over at standard cost where supply follows the
    highest and sales the lowest, None where no cost is known. `share` of the consensus.
    """

    family: str
    low: str
    high: str
    low_units: float
    high_units: float
    value: float
    stock: float | None
    share: float | None

    @property
    def units(self) -> float:
        """Units between the two."""
        return self.high_units - self.low_units


def disagreements(streams: Streams) -> tuple[Disagreement, ...]:
    """Every family whose streams can be priced and differ, the most money first."""
    found = (_disagreement(streams, family) for family in streams.families)
    apart = [each for each in found if each is not None and each.units >= 0.5]
    return tuple(sorted(apart, key=lambda each: -each.value))


def _disagreement(streams: Streams, family: str) -> Disagreement | None:
    worth = {name: streams.year_value(name, family) for name in FUNCTIONS if name in streams.values}
    worth = {name: value for name, value in worth.items() if np.isfinite(value)}
    if len(worth) < 2:
        return None
    low, high = min(worth, key=worth.__getitem__), max(worth, key=worth.__getitem__)
    low_units, high_units = streams.year_units(low, family), streams.year_units(high, family)
    cost = float(streams.unit_cost[streams.families.index(family)])
    consensus = streams.year_value(CONSENSUS, family)
    return Disagreement(
        family=family,
        low=low,
        high=high,
        low_units=low_units,
        high_units=high_units,
        value=worth[high] - worth[low],
        stock=(high_units - low_units) * cost * MINOR if np.isfinite(cost) else None,
        share=(worth[high] - worth[low]) / consensus if consensus > 0 else None,
    )


def disagreement_table(found: Sequence[Disagreement]) -> PlanTable:
    """The families whose streams differ, the most money first."""
    return Declared[Disagreement](
        "Where the streams disagree",
        (
            Col("Family", "text", lambda each: each.family),
            Col("Lowest", "text", lambda each: each.low),
            Col("Units", "units", lambda each: each.low_units),
            Col("Highest", "text", lambda each: each.high),
            Col("Units ", "units", lambda each: each.high_units),
            Col("Apart", "money", lambda each: each.value),
            Col("Of consensus", "percent", lambda each: each.share),
            Col("Stock at risk", "money", lambda each: each.stock),
        ),
        "The streams that are known say the same.",
    ).of(found)


def disagreement_sentence(streams: Streams, found: Sequence[Disagreement], money: Money) -> str:
    """How far the streams are apart in money, where most, and what hangs on it, in one or two sentences."""
    near = streams.months[streams.next_year]
    ahead = f"the next {span_text(len(near), bucket_of(near[0]).a_year)}"
    if not found:
        names = [name for name in FUNCTIONS if name in streams.values]
        return f"The streams that are known ({', '.join(names)}) say the same for {ahead}."
    total = sum(each.value for each in found)
    consensus = sum_known(np.array([streams.year_value(CONSENSUS, family) for family in streams.families]), axis=0)
    share = f", {percent(float(total / consensus))} of what the consensus brings" if consensus > 0 else ""
    worst = found[0]
    text = (
        f"Over {ahead} the streams are {money(total)} apart{share}: {money(worst.value)} of it in {worst.family}, "
        f"where {worst.low.lower()} says {units_text(worst.low_units, '')} and {worst.high.lower()} "
        f"{units_text(worst.high_units)}."
    )
    stock = sum(each.stock or 0.0 for each in found)
    if stock:
        text += f" To supply the highest and sell the lowest would leave {money(stock)} of stock at standard cost."
    return text
