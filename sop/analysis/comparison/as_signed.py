"""What an agreed plan rested on, brought to the open cycle's first month: "as signed" in every comparison.

Tables are read back by the digests that were signed. Time series of the future (capacity, events, …) stand on
today's months; prices, costs and shares are those of the months that were closed then; the opening position is
what the agreed plan projected for the month closed last; the forecast is the one stored in the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sop.agreement.content import FrozenPlan
from sop.core.inputs import Floats, Initiative, Inputs, Ints, Position
from sop.core.money import largest_remainder_rows
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.core.terms import Function
from sop.intake.assemble import assemble

ACTUALS, FORECAST = "New actuals", "Forecast refresh"

BLOCKS: dict[str, tuple[str, ...]] = {
    ACTUALS: ("families", "products", "history", "position", "stock", "orders", "ledger"),
    Function.SALES.title: ("events",),
    Function.OPERATIONS.title: ("capacity",),
    Function.SUPPLY.title: ("materials", "subcontract"),
    Function.PRODUCT.title: ("launches",),
    Function.FINANCE.title: ("exchange",),
    Function.CEO.title: ("initiatives",),
}
"""Which blocks of the inputs belong to a group; functions bring their assumptions as well."""

_TABLES_OF_FUNCTIONS = (
    "events", "resources", "capacity", "workforce", "routings", "calendar", "plants", "materials",
    "material_usage", "material_supply", "subcontract", "launches", "launch_gates",
    "initiatives", "milestones", "benefits", "regions", "fx_rates",
)  # fmt: skip
"""Tables that functions own; their blocks are read on today's months with today's product shares."""


@dataclass(frozen=True)
class Signed:
    """Inputs, forecast and assumptions as signed, ready to be mixed with today's.

    `taken_new`: lists that are not the same any more (families, regions, products, plants); what hangs on them
    cannot be mixed and is taken as it is today.
    """

    inputs: Inputs
    forecast: StoredForecast
    assumptions: Assumptions
    taken_new: tuple[str, ...]


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
    inputs, taken_new = roll_inputs(old, _functions_inputs(then, now, agreed.sources, today), plan, today)
    rolled, products_differ = roll_forecast(agreed.forecast, agreed.content["forecast"], today, forecast)
    if products_differ and "products" not in taken_new:
        taken_new = (*taken_new, "products")
    return Signed(inputs, rolled, agreed.assumptions, taken_new)


def _functions_inputs(
    then: Mapping[str, pd.DataFrame], now: Mapping[str, pd.DataFrame], digests: Mapping[str, str], new: Inputs
) -> Inputs:
    """Today's inputs with the functions' tables as signed."""
    if all(digests.get(name) == new.sources.get(name) for name in _TABLES_OF_FUNCTIONS):
        return new
    kept = {name: frame for name, frame in now.items() if name not in _TABLES_OF_FUNCTIONS}
    signed = {name: frame for name, frame in then.items() if name in _TABLES_OF_FUNCTIONS}
    return assemble({**kept, **signed}, new.calendar, company=new.company, currency=new.currency)


def roll_inputs(old: Inputs, functions: Inputs, plan: Plan, new: Inputs) -> tuple[Inputs, tuple[str, ...]]:
    """Inputs as signed on today's calendar, and the names of lists that had to be taken as they are today.

    `old` closes where the signed plan began; `functions` brings the blocks that functions own.
    """
    owned = [name for group, names in BLOCKS.items() if group != ACTUALS for name in names]
    blocks = {name: getattr(functions, name) for name in owned}
    blocks["initiatives"] = roll_spend(functions.initiatives, plan, new)
    taken = []
    if _plants(functions) != _plants(new):
        taken.append("plants")
        blocks["capacity"] = new.capacity
    if old.families.names != new.families.names or old.regions != new.regions:
        return replace(new, **blocks), (*taken, "families or regions")
    position = roll_position(old, plan, new)
    if "plants" in taken:
        position = replace(position, people=new.position.people)
    products = old.products
    if products.numbers != new.products.numbers:
        taken.append("products")
        products = new.products
        position = replace(position, product_share=new.position.product_share, mix_sd=new.position.mix_sd)
    return replace(new, **blocks, families=old.families, products=products, history=old.history, position=position,
                   stock=old.stock, orders=old.orders, ledger=old.ledger), tuple(taken)  # fmt: skip


def _plants(inputs: Inputs) -> tuple[str, ...] | None:
    return inputs.capacity.plants.names if inputs.capacity else None


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
    return replace(
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
    recent = np.nan_to_num(inputs.by_family(inputs.history.shipped)[..., -inputs.calendar.year :]).sum(axis=-1)
    weight = np.where(like.sum(axis=1, keepdims=True) > 0, like, recent)
    whole = np.maximum(np.rint(total), 0).astype(np.int64)
    return largest_remainder_rows(whole, weight).astype(float)


def _rolled(past: Floats, plan: Plan, key: str, t: int) -> Floats:
    """The last months of a flow with the signed plan's months up to `t` put behind those closed at signature."""
    if key not in plan or not len(past):
        return past
    return np.concatenate([past, plan[key][: t + 1] / 100])[-len(past) :]


def roll_forecast(
    was: StoredForecast, names: Mapping[str, Sequence[str]], new: Inputs, now: StoredForecast
) -> tuple[StoredForecast, bool]:
    """The forecast that was signed, on today's months, with today's beyond its end; and whether products differ.

    `names`: of its families, regions and products. Where families or regions have changed today's stands. Where
    products have changed, the family's signed forecast goes to products in today's proportions, so that products
    still sum to families.
    """
    shift = -new.calendar.position(was.first_open)
    count = min(was.mean.shape[-1] - shift, now.mean.shape[-1])
    alike = tuple(names["families"]) == new.families.names and tuple(names["regions"]) == new.regions
    if not alike or shift < 0 or count <= 0:
        return now, False
    bands = _roll_bands(was, now, shift, count)
    differ = tuple(names["products"]) != new.products.numbers
    products = now.product_mean.copy()
    if differ:
        ratio = np.divide(bands["mean"], now.mean, out=np.ones_like(now.mean), where=now.mean > 0)
        products = products * ratio[new.products.family]
    else:
        products[..., :count] = was.product_mean[..., shift : shift + count]
    return replace(now, **bands, product_mean=products), differ  # type: ignore[arg-type]


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


def same(a: Any, b: Any) -> bool:
    """Whether two blocks of inputs hold the same values; missing equals missing."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
    if is_dataclass(a) and type(a) is type(b):
        return all(same(getattr(a, field.name), getattr(b, field.name)) for field in fields(a))
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b) or (a != a and b != b)
