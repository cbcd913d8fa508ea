"""What the plan pages need from the workspace: the context of a plan, sales by channel, accuracy, downloads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from sop.core.calendar import days_in_month
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR
from sop.portfolio.vitality import actual_vitality, planned_vitality
from sop.services.acting import reading
from sop.services.agreement.agreed_plans import agreed_plans
from sop.services.planning.choices import View
from sop.services.planning.room import PlanningRoom
from sop.store.data import read_frame, read_heads
from sop.supply.after.inventory import days_of_supply
from sop.views.series import inventory, sold
from sop.views.timeline import ClosedFacts, Flags, PlanContext

_YEAR = 12


def plan_context(room: PlanningRoom, person_id: str, view: View, base: View | None) -> PlanContext:
    """Everything that the plan pages show of a plan. Raises NotAllowed."""
    with reading(room.store, person_id):
        chosen = room.input_set()
    context = PlanContext(
        inputs=chosen.inputs,
        plan=view.plan,
        base=None if base is None else base.plan,
        base_name="" if base is None else base.name,
        agreed=agreed_plans(room),
        facts=_closed_facts(room, chosen.key),
    )
    days, beyond = _cover(context)
    return replace(context, cover_days=days, cover_beyond=beyond)


def _cover(context: PlanContext) -> tuple[dict[str, Floats], dict[str, Flags]]:
    """Days of supply (P + T,) of each family and, under '', of all, and where they reach beyond the horizon.

    Past stock is held against the demand that came after it.
    """
    names, demand = context.inputs.families.names, context.new_plan("consensus_demand")
    values, months = sold(context, "ordered")
    demand[:, : context.past] = context.closed_values(values, months)[:, : context.past]
    stock = np.array([inventory(context, name).now for name in names])
    if not np.isfinite(stock).any():
        return {}, {}
    stock, demand = np.vstack([stock, np.nansum(stock, axis=0)]), np.vstack([demand, np.nansum(demand, axis=0)])
    days = np.array([days_in_month(month) for month in context.months], dtype=float)
    cover = days_of_supply(np.nan_to_num(stock), np.nan_to_num(demand), days)
    known = np.where(np.isfinite(stock), cover.days, np.nan)
    return dict(zip((*names, ""), known, strict=True)), dict(zip((*names, ""), cover.beyond, strict=True))


# -- closed months


@lru_cache(maxsize=8)
def _closed_facts(room: PlanningRoom, key: str) -> ClosedFacts:
    """Deliveries and production by plant of closed months; `key` names the input set they belong to."""
    inputs = room.input_set().inputs
    with room.store.read() as tx:
        heads = read_heads(tx)
        deliveries = read_frame(tx, heads["deliveries"].id) if "deliveries" in heads else None
        stock = read_frame(tx, heads["inventory"].id) if "inventory" in heads else None
    facts = ClosedFacts()
    if deliveries is not None:
        facts = _with_deliveries(facts, inputs, deliveries)
    if stock is not None:
        facts = _with_plants(facts, inputs, stock)
    return facts


def _with_deliveries(facts: ClosedFacts, inputs: Inputs, deliveries: pd.DataFrame) -> ClosedFacts:
    """Order lines by the month for which they were promised, and waits by the month of delivery."""
    months = inputs.history.months
    done = deliveries["delivered"].notna()
    in_full = deliveries["quantity_delivered"] >= deliveries["quantity_ordered"]
    in_time = done & (deliveries["delivered"] <= deliveries["promised"])
    as_asked = done & (deliveries["delivered"] <= deliveries["requested"])
    rows = deliveries.assign(
        promised_month=deliveries["promised"].str[:7],
        requested_month=deliveries["requested"].str[:7],
        delivered_month=deliveries["delivered"].str[:7],
        kept=(in_time & in_full).astype(float),
        as_asked=(as_asked & in_full).astype(float),
        one=1.0,
        wait=(pd.to_datetime(deliveries["delivered"]) - pd.to_datetime(deliveries["ordered"])).dt.days,
    )
    return replace(
        facts,
        delivery_months=months,
        lines_due=_cube(inputs, rows, "promised_month", "one", months),
        lines_in_full=_cube(inputs, rows, "promised_month", "kept", months),
        lines_requested=_cube(inputs, rows, "requested_month", "one", months),
        lines_as_requested=_cube(inputs, rows, "requested_month", "as_asked", months),
        wait_days=_cube(inputs, rows[done], "delivered_month", "wait", months),
        lines_delivered=_cube(inputs, rows[done], "delivered_month", "one", months),
    )


def _with_plants(facts: ClosedFacts, inputs: Inputs, stock: pd.DataFrame) -> ClosedFacts:
    """Units made by plant, family and month."""
    months = inputs.history.months
    made_at = {
        str(plant): np.nan_to_num(_cube(inputs, rows, "month", "production", months))
        for plant, rows in stock.groupby("plant")
    }
    return replace(facts, plant_months=months, made_at=made_at)


def _cube(inputs: Inputs, rows: pd.DataFrame, month: str, column: str, months: tuple[str, ...]) -> Floats:
    """A column added up by family and month (F, H); not-a-number where there is no row."""
    family = dict(zip(inputs.products.numbers, inputs.products.family.tolist(), strict=True))
    total = rows.assign(family=rows["product"].map(family)).groupby(["family", month])[column].sum()
    places = pd.MultiIndex.from_product([range(len(inputs.families.names)), months])
    return total.reindex(places).to_numpy(float).reshape(len(inputs.families.names), len(months))


# -- channels


@dataclass(frozen=True)
class ChannelSales:
    """Shipped units and revenue (minor units) of a channel in the last twelve months and the year before.

    The year before is not-a-number where the history does not cover all of it.
    """

    channel: str
    units: float
    revenue: float
    units_before: float
    revenue_before: float


def channel_sales(room: PlanningRoom, person_id: str, family: str | None) -> tuple[ChannelSales, ...]:
    """Sales by channel, the largest first; none where the sales table brings no channel. Raises NotAllowed."""
    with reading(room.store, person_id):
        rows = _channel_rows(room, room.input_set().key)
    if rows is None:
        return ()
    inputs = room.input_set().inputs
    months = inputs.history.months
    chosen = rows if family is None else rows[rows["family"] == inputs.families.names.index(family)]
    last, before = months[-_YEAR:], months[-2 * _YEAR : -_YEAR]
    totals = [chosen[chosen["month"].isin(span)].groupby("channel")[["quantity", "revenue"]].sum()
              for span in (last, before)]  # fmt: skip
    nothing = 0.0 if len(before) == _YEAR else float("nan")
    now, then = totals[0], totals[1].reindex(totals[0].index, fill_value=0.0) + nothing
    found = [
        ChannelSales(
            str(channel),
            float(now["quantity"][channel]),
            float(now["revenue"][channel] * MINOR),
            float(then["quantity"][channel]),
            float(then["revenue"][channel] * MINOR),
        )
        for channel in now.index
    ]
    return tuple(sorted(found, key=lambda row: -row.revenue))


@lru_cache(maxsize=4)
def _channel_rows(room: PlanningRoom, key: str) -> pd.DataFrame | None:
    """Sales added up by month, family position and channel; None without channels."""
    inputs = room.input_set().inputs
    with room.store.read() as tx:
        heads = read_heads(tx)
        frame = read_frame(tx, heads["sales_actuals"].id)
    if "channel" not in frame or frame["channel"].isna().all():
        return None
    family = dict(zip(inputs.products.numbers, inputs.products.family.tolist(), strict=True))
    named = frame.assign(family=frame["product"].map(family), channel=frame["channel"].fillna("not named"))
    return named.groupby(["month", "family", "channel"], as_index=False)[["quantity", "revenue"]].sum()


# -- new products


def young_revenue(room: PlanningRoom, view: View) -> tuple[float | None, float | None]:
    """Share of revenue from products launched in the last three years: last twelve months, next twelve."""
    chosen = room.input_set(view.assumptions)
    planned = planned_vitality(chosen.inputs, chosen.forecast, view.plan)
    return actual_vitality(chosen.inputs).share, planned.share
