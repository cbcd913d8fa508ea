"""The plan: the seven plans of one cycle as arrays with named axes, and as tidy lines.

A `Block` is one measure with its axes; the last axis is always the planned months. Units and money are whole
numbers (money in minor units), hours and ratios floats rounded where they are made, so that the same plan has
the same lines everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sop.core.arrays import Labelled, Names
from sop.core.calendar import Calendar, period_name
from sop.core.errors import NotFound
from sop.core.findings import Finding
from sop.core.format import MoneyFormat, money_format
from sop.core.inputs import Floats, Ints, PriceProof
from sop.core.measures import BELOW_EBIT, HEADLINES, MEASURES, OPERATING_CASH, Headline, Measure, measure
from sop.core.money import exact, money_text
from sop.core.terms import PlanName

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class HistoryCorrection:
    """A closed month that did not look like demand: what was booked and what the forecast used, units."""

    family: str
    region: str
    month: str
    was: float
    now: float
    reason: str


@dataclass(frozen=True)
class DriverProof:
    """What a leading indicator, or an event that came back, is worth for a family's forecast.

    `lag` months by which it leads (0 for an event). `gain`: fraction of the error that it saves on months not
    fitted, with its interval `lo` to `hi`, None where it could not be tested; `why` says it in words. `used`: it
    moves the forecast, by `change` on average in the months it speaks about.
    """

    driver: str
    family: str
    lag: int
    gain: float | None
    lo: float | None
    hi: float | None
    why: str
    proven: bool
    used: bool
    change: float = 0.0


@dataclass(frozen=True)
class StoredForecast:
    """The baseline forecast that a plan used, kept with it: units a month.

    `mean`, `lo80`, `hi80`, `lo95`, `hi95` (F, R, T); `product_mean` (N, R, T) sums to `mean`; `method` by
    family and region, in that order; `corrections` to the history that it was made from; `wape` of the method's
    backtests by family and region, None where there were none; `drivers` that were tested; `findings`: what the
    history makes planners ask; `prices`: what it proves of price and demand.
    """

    first_open: str
    mean: Floats
    lo80: Floats
    hi80: Floats
    lo95: Floats
    hi95: Floats
    product_mean: Floats
    method: tuple[str, ...]
    why: tuple[str, ...] = ()
    corrections: tuple[HistoryCorrection, ...] = ()
    wape: tuple[float | None, ...] = ()
    drivers: tuple[DriverProof, ...] = ()
    findings: tuple[Finding, ...] = ()
    prices: tuple[PriceProof, ...] = ()


_ENDS = re.compile(r"^the plan ends at [^:]+: ")


@dataclass(frozen=True)
class Availability:
    """Whether a plan could be made; `why` says what is missing and `unlock` names tables that would help.

    An available plan with a `why` is available up to a line (production "unconstrained: no capacity loaded").
    """

    available: bool
    why: str = ""
    unlock: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """What is missing, without the line at which the plan ends for it: that is said of a line by itself."""
        return _ENDS.sub("", self.why)


@dataclass(frozen=True)
class Block:
    """One measure: `values` with one axis per entry of `names` (its grain) and the months last."""

    values: NDArray[Any]
    names: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PlanDetail:
    """What a plan was made with beside its lines; a plan that was read back has none of it.

    `price` (F, R, T) and `unit_cost` (F, T) currency per unit, and what one in stock is worth today and in each
    month, `stock_cost` (F, 1 + T); `variances` by name and `opening` balances by line, minor units. `ways`: by
    measure, in a sentence, which way it was worked out where there is more than one.
    `supply`: the solution of the optimiser, which `sop.supply.supply_of` gives as what it is. `booked`: findings
    about the ledger, and about what is taken where it says nothing.
    """

    price: Floats | None = None
    unit_cost: Floats | None = None
    stock_cost: Floats | None = None
    variances: Mapping[str, NDArray[np.int64]] | None = None
    opening: Mapping[str, int] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)
    supply: object = None
    booked: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Worst:
    """The family that stands behind a headline measure worst, with its value, and the month of a peak."""

    family: str
    value: float
    month: str = ""


@dataclass(frozen=True)
class Plan:
    """All plan lines of one cycle with their availability and headline measures.

    `headline` holds the value of each headline measure in its unit (money in minor units) or None; `worst` who
    stands behind it worst, for the measures of service.
    """

    calendar: Calendar
    company: str
    currency: str
    blocks: Mapping[str, Block]
    availability: Mapping[PlanName, Availability]
    headline: Mapping[str, float | int | None]
    worst: Mapping[str, Worst] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    detail: PlanDetail = field(default=PlanDetail(), repr=False, compare=False)

    def __getitem__(self, key: str) -> NDArray[Any]:
        """The values of a measure. Raises NotFound where the plan has none."""
        if key not in self.blocks:
            raise NotFound(f"this plan has no {measure(key).label.lower()}", why="its input is not loaded")
        return self.blocks[key].values

    def __contains__(self, key: object) -> bool:
        return key in self.blocks

    def get(self, key: str) -> NDArray[Any] | None:
        """The values of a measure, or None."""
        return self.blocks[key].values if key in self.blocks else None

    def names(self, key: str, axis: int = 0) -> tuple[str, ...]:
        """Names along an axis of a measure; empty where the plan has none."""
        return self.blocks[key].names[axis] if key in self.blocks else ()

    def total(self, key: str) -> NDArray[Any]:
        """A flow or stock added up over everything but the months (T,)."""
        values = self[key]
        return values.reshape(-1, values.shape[-1]).sum(axis=0)

    def by_family(self, key: str) -> NDArray[Any]:
        """A measure added up to families (F, T)."""
        values = self[key]
        return values if values.ndim == 2 else values.sum(axis=1)

    def on(self, key: str, names: Sequence[Names], months: Sequence[str], missing: float) -> Floats:
        """A measure on other names and months; `missing` where the plan does not have them, or no such measure."""
        if key not in self:
            return np.full([len(axis) for axis in (*names, months)], missing)
        grain = measure(key).grain
        own = dict(zip(grain, self.blocks[key].names, strict=True))
        ours = dict(zip(grain, names, strict=True))
        return Labelled(self[key], **own, month=self.months).on(missing, **ours, month=months).values

    @property
    def cash_is_whole(self) -> bool:
        """Whether cash is what is left after all that is paid below EBIT; else it is operating cash."""
        return any(key in self for key in BELOW_EBIT)

    @property
    def has_money(self) -> bool:
        """Whether some price is known; else the plan is in units."""
        return "revenue" in self

    @property
    def has_revenue(self) -> bool:
        """Whether the company's revenue is known; else the price of something that it sells is not."""
        return "total_revenue" in self

    @property
    def has_profit(self) -> bool:
        """Whether EBIT or, where the plan ends there, gross margin is known."""
        return "gross_margin" in self

    def label(self, key: str) -> str:
        """What a measure is called, of this plan."""
        return measure(key).label if key != "cash" or self.cash_is_whole else OPERATING_CASH

    @property
    def headline_measures(self) -> tuple[Headline, ...]:
        """The headline measures, each as it is called of this plan."""
        cash = "cash" in self and not self.cash_is_whole
        return tuple(
            replace(
                entry,
                label=OPERATING_CASH if cash and entry.key == "cash" else entry.label,
                definition=entry.definition.replace("the next twelve months", f"the next {self.near_text}"),
            )
            for entry in HEADLINES
        )

    @property
    def near_text(self) -> str:
        """How long the span of the headline figures is: '12 months'."""
        return self.calendar.near_text

    @property
    def near_span(self) -> str:
        """The months that headline figures are of: 'Dec 2026 to Nov 2027'."""
        near = self.months[: self.calendar.year]
        return f"{period_name(near[0])} to {period_name(near[-1])}"

    @property
    def counted_otherwise(self) -> tuple[str, ...]:
        """Headline measures of service that were signed before they were told by value and with a family.

        Their figures stand as they were signed, and are compared with nothing that is counted as today.
        """
        told = (entry.key for entry in HEADLINES if entry.read in ("peak", "share"))
        return tuple(key for key in told if self.headline.get(key) is not None and key not in self.worst)

    @cached_property
    def money(self) -> MoneyFormat:
        """Money of this plan as text, in the scale of its largest headline figure; missing where none is known."""
        figures = (self.headline.get(entry.key) for entry in HEADLINES if entry.unit == "currency")
        return replace(money_format(self.currency, *figures), known=self.has_money)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The planned months."""
        return self.calendar.months

    @cached_property
    def lines(self) -> list[dict[str, object]]:
        """Every plan line: plan, measure, family, region, resource, month, value, unit (and currency)."""
        return list(plan_lines(self))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Plan lines as a tidy frame with numeric values (money in currency)."""
        import pandas as pd

        frame = pd.DataFrame(self.lines)
        frame["value"] = frame["value"].astype(float)
        return frame

    def why_unknown(self, key: str) -> str:
        """Why a headline measure is not known; empty where it is."""
        if self.headline.get(key) is not None:
            return ""
        supply = self.availability[PlanName.PRODUCTION].why
        lead_time = self.availability[PlanName.CUSTOMER_LEAD_TIME].why
        plans = {
            "lead_time": (lead_time, supply),
            "on_time": ("nothing falls due",) if "on_time_share" in self else (supply,),
            "inventory": (supply,),
        }
        money = self.availability[PlanName.FINANCIAL].reason
        if key == "inventory" and "inventory" in self:
            plans["inventory"] = (money,)
        return next(filter(None, (*plans.get(key, (money,)), "its input is not loaded")))

    def headline_lines(self) -> list[dict[str, object]]:
        """Headline measures as plain rows with units; a value that cannot be known is None."""
        return [
            {
                "measure": entry.key,
                "label": entry.label,
                "value": self._exact(self.headline.get(entry.key), entry.unit),
                "unit": self.currency if entry.unit == "currency" else entry.unit,
                "definition": entry.definition,
                **self._worst(entry.key, entry.unit),
            }
            for entry in self.headline_measures
        ]

    def _worst(self, key: str, unit: str) -> dict[str, object]:
        """Who stands behind a headline measure worst: no columns where it is nobody's."""
        if key not in self.worst:
            return {}
        worst = self.worst[key]
        return {
            "worst_family": worst.family,
            "worst_value": self._exact(worst.value, unit),
            "worst_month": worst.month,
        }

    def _exact(self, value: float | int | None, unit: str) -> int | str | None:
        if value is None:
            return None
        return money_text(int(value)) if unit == "currency" else exact(value)


def plan_lines(plan: Plan) -> Iterator[dict[str, object]]:
    """Plan lines in the order of the table of measures, then of their names, then of the months."""
    for entry in MEASURES:
        block = plan.blocks.get(entry.key)
        if block is None:
            continue
        money = entry.unit == "currency"
        base = {"plan": entry.plan.value, "measure": entry.key, "family": "", "region": "", "resource": ""}
        unit = plan.currency if money else entry.unit
        for place in np.ndindex(block.values.shape[:-1]):
            row = base | {axis: block.names[i][place[i]] for i, axis in enumerate(entry.grain)}
            for month, value in zip(plan.months, block.values[place].tolist(), strict=True):
                if value == value:
                    text = money_text(value) if money else value if isinstance(value, int) else exact(value)
                    yield row | {"month": month, "value": text, "unit": unit}


def plan_of_lines(
    lines: Iterable[Mapping[str, Any]],
    calendar: Calendar,
    *,
    company: str,
    currency: str,
    availability: Mapping[PlanName, Availability],
    headline: Mapping[str, float | int | None],
    worst: Mapping[str, Worst] | None = None,
) -> Plan:
    """A plan read back from its lines: what was signed, as arrays again.

    Names keep the order in which the lines bring them. Cells without a line are not-a-number (0 for whole units,
    which are never missing once a measure is there).
    """
    lines = list(lines)
    by_measure: dict[str, list[Mapping[str, Any]]] = {}
    for key, together in groupby(lines, itemgetter("measure")):
        by_measure.setdefault(key, []).extend(together)
    found = {axis: dict.fromkeys(map(itemgetter(axis), lines)) for axis in ("family", "region")}
    named = {axis: tuple(filter(None, names)) for axis, names in found.items()}
    at = {month: t for t, month in enumerate(calendar.months)}
    return Plan(
        calendar=calendar,
        company=company,
        currency=currency,
        blocks={
            entry.key: _block(by_measure[entry.key], entry, at, named)
            for entry in MEASURES
            if entry.key in by_measure
        },
        availability=availability,
        headline=headline,
        worst=worst or {},
    )


_EXACT = 2.0**43
"""Amounts below, some nine million millions, are told apart to the cent by a float."""


def _minor(texts: Sequence[Any], figures: Floats) -> Floats | Ints:
    """Money as text, in whole minor units; by decimals where a float might not hold it."""
    if np.abs(figures).max() < _EXACT:
        return np.rint(figures * 100)
    return np.array([int(Decimal(str(text)).scaleb(2)) for text in texts], dtype=np.int64)


def _block(
    lines: Sequence[Mapping[str, Any]], entry: Measure, at: Mapping[str, int], named: Mapping[str, tuple[str, ...]]
) -> Block:
    """A measure from its lines. Money of a family or region without a line is not known; `named` has them all."""
    money = entry.unit == "currency"
    columns = {axis: list(map(itemgetter(axis), lines)) for axis in (*entry.grain, "month", "value")}
    names = tuple(
        named[axis] if money and axis in named else tuple(dict.fromkeys(columns[axis])) for axis in entry.grain
    )
    place = [{name: i for i, name in enumerate(axis)} for axis in names]
    shape = (*(len(axis) for axis in names), len(at))
    texts = columns["value"]
    figures = np.array(texts, dtype=float)
    in_whole = entry.unit == "units" and not (figures % 1).any()
    whole = in_whole or (money and len(lines) == np.prod(shape))
    fill = np.nan if money or entry.unit != "units" else 0.0
    values = np.zeros(shape, dtype=np.int64) if whole else np.full(shape, fill)
    axes = [[at_name[name] for name in columns[axis]] for at_name, axis in zip(place, entry.grain, strict=True)]
    months = [at[month] for month in columns["month"]]
    values[(*axes, months)] = _minor(texts, figures) if money else figures
    return Block(values, names)
