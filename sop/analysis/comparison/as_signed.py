"""What an agreed plan rested on, brought to the open cycle's first month: "as signed" in every comparison.

Tables are read back by the digests that were signed. Time series of the future (capacity, events, …) stand on
today's months; prices, costs and shares are those of the months that were closed then; the opening position is
what the agreed plan projected for the month closed last, and so is the ledger of the months closed since; the
forecast is the one stored in the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from sop.agreement.content import FrozenPlan
from sop.analysis.comparison.data_changes import Added, booked_as_near, find_added
from sop.core.arrays import Labelled
from sop.core.calendar import bucket_of
from sop.core.inputs import (
    Families,
    Floats,
    History,
    Initiative,
    Inputs,
    Ints,
    Ledger,
    OrderHistory,
    Position,
    StockHistory,
)
from sop.core.money import largest_remainder_rows
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.core.units import in_units, smallest
from sop.finance.financial_plan import Books
from sop.intake.assemble import assemble

_TABLES_OF_FUNCTIONS = (
    "events", "resources", "capacity", "workforce", "routings", "calendar", "plants", "materials",
    "material_usage", "material_supply", "subcontract", "launches", "launch_gates",
    "initiatives", "milestones", "benefits", "regions", "fx_rates",
)  # fmt: skip
"""Tables that functions own; their blocks are read on today's months with today's product shares."""


@dataclass(frozen=True)
class Signed:
    """Inputs, forecast and assumptions as signed, on today's lists and months, ready to be mixed with today's.

    `added`: families and regions that are new today, which stand here as they are today. `same_cycle`: it was
    signed for today's very months, of which the first are fixed since; `other_calendar`: in periods of another
    length. `taken_new`: lists (of products, or of
    families and regions of which some ended) that differ in what cannot be mixed and is taken as it is today.
    `books`: what the ledger said when it was signed.
    """

    inputs: Inputs
    forecast: StoredForecast
    assumptions: Assumptions
    added: Added
    same_cycle: bool
    other_calendar: bool
    taken_new: tuple[str, ...]
    books: Books


def bring_to_today(
    agreed: FrozenPlan,
    then: Mapping[str, pd.DataFrame],
    now: Mapping[str, pd.DataFrame],
    today: Inputs,
    forecast: StoredForecast,
) -> Signed:
    """What an agreed plan rested on, on today's months.

    `then`: tables by name as signed; `now`: as they are, which `today` is made of. `forecast`: today's, decided as
    the agreed plan decided about history, so that only data tells them apart.
    """
    plan = agreed.plan
    old = assemble(then, plan.calendar, company=today.company, currency=today.currency)
    other = bucket_of(agreed.content["cycle"]) is not plan.calendar.bucket
    stock = today.position.inventory
    if other and old.position.inventory is None and stock is not None:
        # Tables end within a period of another length: what lay there as it opened is known today alone.
        lay = Labelled(stock, family=today.families.names).on(0.0, family=old.families.names)
        old = replace(old, position=replace(old.position, inventory=lay.values))
    inputs, taken_new = roll_inputs(old, _functions_inputs(then, now, agreed.sources, today), plan, today)
    rolled, products_differ = roll_forecast(agreed.forecast, agreed.content["forecast"], today, forecast)
    if products_differ and "products" not in taken_new:
        taken_new = (*taken_new, "products")
    added = find_added(old.families.names, old.regions, today)
    same_cycle = plan.calendar.first_open == today.calendar.first_open
    return Signed(inputs, rolled, agreed.assumptions, added, same_cycle, other, taken_new, Books(old))


def _functions_inputs(
    then: Mapping[str, pd.DataFrame], now: Mapping[str, pd.DataFrame], digests: Mapping[str, str], new: Inputs
) -> Inputs:
    """Today's inputs with the functions' tables as signed."""
    if all(digests.get(name) == new.sources.get(name) for name in _TABLES_OF_FUNCTIONS):
        return new
    kept = {name: frame for name, frame in now.items() if name not in _TABLES_OF_FUNCTIONS}
    signed = {name: frame for name, frame in then.items() if name in _TABLES_OF_FUNCTIONS}
    return assemble({**kept, **signed}, new.calendar, company=new.company, currency=new.currency)


OWNED = ("events", "capacity", "materials", "subcontract", "launches", "exchange", "initiatives")
"""Blocks of the inputs that functions own."""


def roll_inputs(old: Inputs, functions: Inputs, plan: Plan, new: Inputs) -> tuple[Inputs, tuple[str, ...]]:
    """Inputs as signed on today's calendar and lists, and the names of lists that were taken as they are today.

    `old` closes where the signed plan began; `functions` brings the blocks that functions own. New families and
    regions stand as they are today, and those that ended are left out.
    """
    blocks: dict[str, Any] = {name: getattr(functions, name) for name in OWNED}
    blocks["initiatives"] = roll_spend(functions.initiatives, plan, new)
    if functions.exchange is not None and old.exchange is not None and old.regions == new.regions:
        blocks["exchange"] = replace(functions.exchange, base=old.exchange.base)
    position = roll_position(old, plan, new)
    taken: tuple[str, ...] = ()
    if old.products.numbers != new.products.numbers:
        taken += ("products",)
    if set(old.families.names) - set(new.families.names) or set(old.regions) - set(new.regions):
        taken += ("families or regions",)
    onto = _Onto(old, new)
    closed: dict[str, Any] = {
        "families": onto.families(),
        "products": old.products if not taken else new.products,
        "history": onto.history(),
        "position": onto.position(position),
        "stock": onto.stock(),
        "orders": onto.orders(),
    }
    return replace(new, **blocks, **closed, ledger=roll_ledger(old.ledger, plan, new)), taken


class _Onto:
    """Closed months as signed, on today's families, regions and products; what is new today as it is today."""

    def __init__(self, old: Inputs, new: Inputs) -> None:
        self.old, self.new = old, new
        self.alike = old.families.names == new.families.names and old.regions == new.regions
        self.products_alike = old.products.numbers == new.products.numbers
        self.axes = {
            "F": (old.families.names, new.families.names),
            "R": (old.regions, new.regions),
            "N": (old.products.numbers, new.products.numbers),
        }

    def _place(self, axes: str, was: np.ndarray, now: np.ndarray) -> np.ndarray:
        """Values as signed where both have the names; today's elsewhere. Other axes are the same."""
        common = [[name for name in self.axes[axis][1] if name in self.axes[axis][0]] for axis in axes]
        places = [
            np.ix_(*([side.index(name) for name in names] for side, names in zip(sides, common, strict=True)))
            for sides in ([self.axes[axis][0] for axis in axes], [self.axes[axis][1] for axis in axes])
        ]
        found = now.copy()
        found[places[1]] = was[places[0]]
        return found

    def _closed(self, axes: str, was: Any, now: Any, names: Sequence[str]) -> dict[str, Any]:
        """Figures of closed months, months last, of a block and of today's: on the months of the block."""
        known = Labelled(np.arange(len(now.months)) + 1.0, month=now.months).on(0.0, month=was.months).values
        at = known.astype(int) - 1
        return {
            name: self._place(axes, getattr(was, name), np.where(at >= 0, getattr(now, name)[..., at], np.nan))
            for name in names
        }

    def families(self) -> Families:
        """The families' data."""
        old, new = self.old.families, self.new.families
        if self.alike:
            return old
        arrays: dict[str, Any] = {
            spec.name: self._place("F", getattr(old, spec.name), getattr(new, spec.name))
            for spec in fields(new)
            if isinstance(getattr(new, spec.name), np.ndarray)
        }
        kept = dict(zip(old.names, old.strategy, strict=True))
        pairs = zip(new.names, new.strategy, strict=True)
        return replace(new, **arrays, strategy=tuple(kept.get(name, now) for name, now in pairs))

    def history(self) -> History:
        """Sales by product and region."""
        old, new = self.old.history, self.new.history
        if self.alike and self.products_alike:
            return old
        names = ["ordered", "shipped", "revenue"]
        if old.cost is not None and new.cost is not None:
            names.append("cost")
        return History(old.months, **self._closed("NR", old, new, names))

    def stock(self) -> StockHistory | None:
        """Stock movements by family."""
        old, new = self.old.stock, self.new.stock
        if self.alike or old is None or new is None:
            return old
        names = [spec.name for spec in fields(old) if spec.name not in ("months", "derived")]
        return StockHistory(old.months, **self._closed("F", old, new, names), derived=old.derived)

    def orders(self) -> OrderHistory | None:
        """The order book by family and region."""
        old, new = self.old.orders, self.new.orders
        if self.alike or old is None or new is None:
            return old
        closed = self._closed("FR", old, new, ("quantity", "past_due"))
        return OrderHistory(old.months, **closed, derived=old.derived)

    def position(self, was: Position) -> Position:
        """The opening position; shares of products are today's where the products are not the same."""
        now = self.new.position
        if was is now or (self.alike and self.products_alike):
            return was
        was = replace(was, product_share=now.product_share, mix_sd=now.mix_sd)
        if self.alike:
            return was
        stock = None
        if was.inventory is not None and now.inventory is not None:
            stock = self._place("F", was.inventory, now.inventory)
        cells: dict[str, Any] = {
            name: self._place("FR", getattr(was, name), getattr(now, name)) for name in _CELLS
        }
        by_day = None
        if was.by_day is not None and now.by_day is not None:
            by_day = self._place("F", was.by_day, now.by_day)
        cost = self._place("F", was.unit_cost, now.unit_cost)
        return replace(was, **cells, inventory=stock, unit_cost=cost, by_day=by_day)


_CELLS = ("past_due", "orders_not_due", "price")


def roll_position(old: Inputs, plan: Plan, new: Inputs) -> Position:
    """The opening position as the signed plan projected it for the month closed last.

    Where the plan starts in today's first open month its own opening position stands, and a line that it lacks
    stays as it was. Past due by region follows the regions' parts at signature. Raises nothing: a plan that does
    not reach the month leaves today's position.
    """
    month = new.calendar.last_closed
    if old.calendar.first_open == new.calendar.first_open:
        return old.position
    if month not in plan.months:
        return new.position
    t, was = plan.months.index(month), old.position
    past_due, not_due = was.past_due, was.orders_not_due
    if "past_due" in plan and old.orders is not None:
        past_due = _by_region(plan["past_due"][:, t], was.past_due, old)
        if "order_book" in plan:
            not_due = _by_region(plan["order_book"][:, t] - plan["past_due"][:, t], was.orders_not_due, old)
    balances = ("cash", "receivables", "payables", "debt")
    money = {name: float(plan[name][t]) / 100 for name in balances if name in plan}
    rolled = replace(
        was,
        month=month,
        inventory=plan["inventory"][:, t].astype(float) if "inventory" in plan else was.inventory,
        past_due=past_due,
        orders_not_due=not_due,
        people=plan["people"][:, t] if "people" in plan and was.people is not None else was.people,
        balances={**was.balances, **{name: value for name, value in money.items() if name in was.balances}},
        recent_revenue=_rolled(was.recent_revenue, plan, "total_revenue", t),
        recent_purchases=_rolled(was.recent_purchases, plan, "purchases", t),
    )
    return replace(rolled, balances=booked_as_near(rolled, was))


_PAID = ("tax", "interest", "dividend", "other_cash", "debt")


def roll_ledger(ledger: Ledger | None, plan: Plan, new: Inputs) -> Ledger | None:
    """The ledger as signed, with the profit and the payments that the plan projected for the months closed since.

    Profit is revenue, cost of sales with the plan's variances, and as operating cost all that the plan takes off
    below them. Other lines, of which a plan goes on from what was booked, stay as they were.
    """
    if ledger is None:
        return None
    lines = {line: plan[line] for line in _PAID if line in plan}
    if {"total_revenue", "gross_margin", "ebit"} <= plan.blocks.keys():
        revenue, margin = plan["total_revenue"], plan["gross_margin"]
        lines |= {"revenue": revenue, "cost_of_sales": revenue - margin, "operating_cost": margin - plan["ebit"]}
    closed = [month for month in plan.months if month <= new.calendar.last_closed and month in ledger.months]
    at, of_plan = ([months.index(month) for month in closed] for months in (ledger.months, plan.months))
    actual = {line: values.copy() for line, values in ledger.actual.items()}
    for line in lines.keys() & actual.keys():
        actual[line][at] = lines[line][of_plan] / 100
    return replace(ledger, actual=actual)


def roll_spend(
    initiatives: tuple[Initiative, ...] | None, plan: Plan, new: Inputs
) -> tuple[Initiative, ...] | None:
    """Initiatives as signed, with what the plan meant to spend in the months closed since counted as spent."""
    if initiatives is None or "initiative_spend" not in plan:
        return initiatives
    closed = [t for t, month in enumerate(plan.months) if month <= new.calendar.last_closed]
    names, spend = plan.names("initiative_spend"), plan["initiative_spend"][:, closed].sum(axis=1) / 100
    meant = dict(zip(names, spend.tolist(), strict=True))
    return tuple(replace(entry, spent=entry.spent + meant.get(entry.name, 0.0)) for entry in initiatives)


def _by_region(total: np.ndarray, like: Floats, inputs: Inputs) -> Floats:
    """Whole family totals (F,) over regions in proportion to known parts, else to recent sales; sums exactly."""
    recent = np.nan_to_num(inputs.shipped_by_family[..., -inputs.calendar.year :]).sum(axis=-1)
    weight = np.where(like.sum(axis=1, keepdims=True) > 0, like, recent)
    whole = smallest(np.maximum(total, 0.0), inputs.families.decimals)
    return in_units(largest_remainder_rows(whole, weight), inputs.families.decimals).astype(float)


def _rolled(past: Floats, plan: Plan, key: str, t: int) -> Floats:
    """The last months of a flow with the signed plan's months up to `t` put behind those closed at signature."""
    if key not in plan or not len(past):
        return past
    return np.concatenate([past, plan[key][: t + 1] / 100])[-len(past) :]


def roll_forecast(
    was: StoredForecast, names: Mapping[str, Sequence[str]], new: Inputs, now: StoredForecast
) -> tuple[StoredForecast, bool]:
    """The forecast that was signed, on today's months, with today's beyond its end; and whether products differ.

    `names`: of its families, regions and products. New families and regions are forecast as today. Where products
    have changed, the family's signed forecast goes to products in today's proportions, so that products still sum
    to families.
    """
    shift = -new.calendar.position(was.first_open)
    count = min(was.mean.shape[-1] - shift, now.mean.shape[-1])
    lists = new.families.names, new.regions
    common = [set(names[kind]) & set(own) for kind, own in zip(("families", "regions"), lists, strict=True)]
    if not all(common) or shift < 0 or count <= 0:
        return now, False
    alike = tuple(names["families"]) == new.families.names and tuple(names["regions"]) == new.regions
    if not alike:
        was = _on_lists(was, names, lists)
    bands = _roll_bands(was, now, shift, count)
    for name, values in bands.items():
        bands[name] = np.where(np.isfinite(values), values, getattr(now, name))
    differ = tuple(names["products"]) != new.products.numbers
    products = now.product_mean.copy()
    if differ or not alike:
        ratio = np.divide(bands["mean"], now.mean, out=np.ones_like(now.mean), where=now.mean > 0)
        products = products * ratio[new.products.family]
    else:
        products[..., :count] = was.product_mean[..., shift : shift + count]
    return replace(now, **bands, product_mean=products), differ  # type: ignore[arg-type]


def _on_lists(
    was: StoredForecast, names: Mapping[str, Sequence[str]], lists: tuple[tuple[str, ...], tuple[str, ...]]
) -> StoredForecast:
    """A forecast by family and region on other lists; not-a-number where it has none."""
    steps = range(was.mean.shape[-1])

    def placed(values: Floats) -> Floats:
        own = Labelled(values, family=names["families"], region=names["regions"], step=steps)
        return own.on(family=lists[0], region=lists[1]).values

    bands: dict[str, Any] = {name: placed(getattr(was, name)) for name in ("mean", "lo80", "hi80", "lo95", "hi95")}
    return replace(was, **bands)


def _roll_bands(was: StoredForecast, now: StoredForecast, shift: int, count: int) -> dict[str, Floats]:
    """The signed mean by month, with the spread that the signed forecast had at the same distance.

    A forecast of the next month is as uncertain today as it was then: the spread belongs to the lag.
    """
    bands = {name: getattr(now, name).copy() for name in ("mean", "lo80", "hi80", "lo95", "hi95")}
    mean, at_lag = was.mean[..., shift : shift + count], was.mean[..., :count]
    bands["mean"][..., :count] = mean
    scale = np.divide(mean, at_lag, out=np.ones_like(mean), where=at_lag > 0)
    for name in ("lo80", "hi80", "lo95", "hi95"):
        bands[name][..., :count] = mean + (getattr(was, name)[..., :count] - at_lag) * scale
    return bands


def scale_forecast(
    forecast: StoredForecast, was: StoredForecast, now: StoredForecast, family: Ints
) -> StoredForecast:
    """A forecast with every month changed in the proportion in which `now` differs from `was`.

    So a decision about history, which shows in two forecasts of the same data, is carried to an earlier one.
    Products change as their family (N,) does in the region; a month that was forecast as 0 stays as it is.
    """
    ratio = np.divide(now.mean, was.mean, out=np.ones_like(now.mean), where=was.mean > 0)
    bands = {name: getattr(forecast, name) * ratio for name in ("mean", "lo80", "hi80", "lo95", "hi95")}
    return replace(forecast, **bands, product_mean=forecast.product_mean * ratio[family])
