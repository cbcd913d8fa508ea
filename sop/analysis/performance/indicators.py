"""The indicators of performance: each with its value, its trend, its target and owner, or why it is blank."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sop.analysis.headline import least_on_time
from sop.analysis.performance.tracks import (
    TOLERANCE,
    Track,
    attainment,
    hit_rate,
    plan_performance,
    schedule_attainment,
    worth_of_track,
)
from sop.core.calendar import worded
from sop.core.format import percent
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR
from sop.core.plan import Worst
from sop.core.scores import CONSENSUS, NAIVE, StepAccuracy
from sop.core.terms import Function
from sop.facts.closed import OnTime
from sop.facts.stock_value import value_of_stock
from sop.facts.unit_worth import prices_of_several

TREND = 6


@dataclass(frozen=True)
class Indicator:
    """One indicator over closed months (H values, None where not known), the last being the one that counts.

    Fractions, or turns a year. `target` None where the company has stated none and the measure has no natural
    one. `why` says what is missing where no month is known; `worst` the family that stands behind the last worst;
    `beside` what a value without months is to be held against, in words.
    """

    key: str
    label: str
    unit: Literal["fraction", "turns"]
    values: tuple[float | None, ...]
    target: float | None
    more_is_good: bool
    owner: Function
    definition: str
    why: str = ""
    worst: Worst | None = None
    beside: str = ""

    @property
    def value(self) -> float | None:
        """The last closed month's value."""
        return self.values[-1] if self.values else None

    @property
    def trend(self) -> float | None:
        """The last value minus the mean of the known ones among the six months before it."""
        before = [value for value in self.values[-TREND - 1 : -1] if value is not None]
        return None if self.value is None or not before else self.value - float(np.mean(before))


def build_indicators(
    inputs: Inputs,
    tracks: Mapping[str, Track],
    otif: Mapping[str, OnTime],
    accuracy: Sequence[StepAccuracy],
) -> tuple[Indicator, ...]:
    """The indicators in their order on screen; `otif` by family, by 'requested' and 'promised'."""
    no_plan = worded("no agreed plan covers these months")
    no_stock = worded("the inventory table is not loaded up to the last closed month")
    no_lines = "the deliveries table is not loaded"

    def monthly(key: str, of: Callable[[Track, slice], float]) -> tuple[float | None, ...]:
        if key not in tracks:
            return ()
        track = tracks[key]
        return _known(of(track, slice(t, t + 1)) for t in range(len(track.months)))

    # A single week has few deliveries: each tells of a month.
    span = inputs.calendar.month
    due = "value due" if span == 1 else f"value due, over {inputs.calendar.count(span)} each"

    def kept(by: str) -> tuple[float | None, ...]:
        return _known(otif[by].of().over(span).share) if by in otif else ()

    def worst(by: str) -> Worst | None:
        return worst_on_time(otif[by].over(span), inputs.families.names) if by in otif else None

    made = no_plan if "production" in tracks else no_stock
    # Units of different families are not added up: what was made counts at standard cost, where it has one.
    cost = inputs.position.worth
    at_cost = len(cost) > 1 and bool(np.isfinite(cost).all())
    basis = "at standard cost" if at_cost else "units"

    def of_production(score: Callable[[Track, slice], float]) -> tuple[float | None, ...]:
        return monthly("production", lambda t, span: score(worth_of_track(t, cost) if at_cost else t, span))

    weighed = "" if prices_of_several(inputs) is None else "at net price, "
    # Over all months at once: one month alone says little.
    beside = _naive_beside(accuracy)
    consensus = _known(row.wape.value for row in accuracy if row.lag == 1 and row.step == CONSENSUS)
    found = [
        Indicator("attainment", "Sales plan", "fraction", monthly("revenue", attainment), 1.0, True,
                  Function.SALES, "Revenue ÷ revenue in the plan of the time", no_plan),
        Indicator("hit_rate", "Families on plan", "fraction", monthly("sales", _hits), 1.0, True, Function.SALES,
                  f"Families whose sales are within {percent(TOLERANCE)} of their plan in units", no_plan),
        Indicator("production", "Production plan", "fraction", of_production(plan_performance), 1.0, True,
                  Function.OPERATIONS, f"1 − Σ|actual − plan| ÷ Σ plan over families, {basis}", made),
        Indicator("schedule", "Schedule", "fraction", of_production(schedule_attainment), 1.0,
                  True, Function.OPERATIONS, f"Σ min(actual, plan) ÷ Σ plan over families, {basis}", made),
        Indicator("otif_promised", "On time by promise", "fraction", kept("promised"), None, True, Function.SUPPLY,
                  f"Value of order lines delivered whole by the date promised ÷ {due}", no_lines,
                  worst("promised")),
        Indicator("otif_requested", "On time by request", "fraction", kept("requested"), None, True,
                  Function.SUPPLY, f"Value of order lines delivered whole by the date asked for ÷ {due}", no_lines,
                  worst("requested")),
        Indicator("turns", "Inventory turns", "turns", _turns(inputs, tracks), None, True, Function.SUPPLY,
                  worded("Cost of sales of twelve months ÷ average inventory, both at standard cost"),
                  no_stock if inputs.stock is None else _no_turns(inputs)),
        Indicator("wape", "Forecast error", "fraction", consensus[:1], None, False, Function.SALES,
                  worded(f"WAPE of consensus demand at lag 1, by family and region, {weighed}all months shown"),
                  no_plan,
                  beside=beside),
    ]  # fmt: skip
    return tuple(found)


def _naive_beside(accuracy: Sequence[StepAccuracy]) -> str:
    """What the forecast of last year's figure missed by over the same months: 'naive 7.6%, 8 months'."""
    row = next((row for row in accuracy if row.lag == 1 and row.step == NAIVE), None)
    if row is None or not np.isfinite(row.wape.value):
        return ""
    months = "month" if row.months == 1 else "months"
    return worded(f"naive {percent(row.wape.value, 1)}, {row.months} {months}", counted=True)


def worst_on_time(lines: OnTime, families: Sequence[str], month: int = -1) -> Worst | None:
    """The family with the lowest share on time in full in a month; None where nothing was due."""
    kept, due = (np.nan_to_num(values[:, month]) for values in (lines.kept, lines.due))
    least = least_on_time(kept, due)
    return None if least is None else Worst(families[least], float(kept[least] / due[least]))


def _hits(track: Track, span: slice) -> float:
    within, known = hit_rate(track, span.start)
    return within / known if known else float("nan")


def _no_turns(inputs: Inputs) -> str:
    """Why turns are not known although stock is."""
    known = np.isfinite(inputs.position.worth).any()
    return worded("fewer than twelve months of stock") if known else "no cost of the units in stock counts"


def _turns(inputs: Inputs, tracks: Mapping[str, Track]) -> tuple[float | None, ...]:
    """Turns of the year up to each closed month shown; () where stock or standard cost is not known."""
    stock, cost = inputs.stock, inputs.position.worth
    if stock is None or not np.isfinite(cost).any():
        return ()
    chosen = np.isfinite(cost)
    value = value_of_stock(np.nan_to_num(stock.closing), cost[:, None])[chosen].sum(axis=0) / MINOR
    sold = (np.nan_to_num(stock.shipments) * cost[:, None])[chosen].sum(axis=0)
    months = tracks["sales"].months
    return _known(
        _turns_at(stock.months.index(m) if m in stock.months else -1, sold, value, inputs.calendar.year)
        for m in months
    )


def _turns_at(place: int, sold: Floats, value: Floats, year: int) -> float:
    """Turns of the twelve months that end at a place; not-a-number where the year is not whole."""
    span = slice(place - year + 1, place + 1)
    if place < year - 1 or value[span].mean() <= 0:
        return float("nan")
    return float(sold[span].sum() / value[span].mean())


def _known(values: object) -> tuple[float | None, ...]:
    return tuple(float(v) if np.isfinite(v) else None for v in values)  # type: ignore[attr-defined]
