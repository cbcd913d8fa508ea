"""A company's baseline forecast and consensus demand: the demand package applied to `Inputs`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sop.core.calendar import is_month
from sop.core.inputs import Floats, Inputs
from sop.core.plan import HistoryCorrection, StoredForecast
from sop.core.register import Assumptions
from sop.demand.baseline import BaselineForecast, Runner, forecast_baseline
from sop.demand.cleaning import clean_history
from sop.demand.coherence import disaggregate
from sop.demand.consensus import WholeDemand, build_consensus, override_units, round_terms


def forecast_company(inputs: Inputs, *, by_product: bool = True, run: Runner = map) -> StoredForecast:
    """The baseline forecast by family and region of the cleaned history, carried down to products.

    Products share their family by forecasts of their own, or, with `by_product` false, by trailing share (a
    cheaper way for past cycles). Retired products get nothing. `run` is `map` or a process pool's.
    """
    shape = (len(inputs.families.names), len(inputs.regions), inputs.calendar.horizon)
    live = np.where(inputs.products.retired[:, None, None], np.nan, inputs.history.ordered)
    demand = clean_history(inputs.by_family(live).reshape(-1, live.shape[-1]), inputs.calendar.season_length)
    base = _forecast(inputs, demand.values, np.repeat(np.arange(shape[0]), shape[1]), run)
    parent = base.mean.reshape(-1, shape[-1])
    group = (inputs.products.family[:, None] * shape[1] + np.arange(shape[1])).ravel()
    share = inputs.position.product_share.ravel()
    retired = np.repeat(inputs.products.retired, shape[1])
    child = np.repeat(share[:, None], shape[-1], axis=1)
    if by_product:
        families = np.repeat(inputs.products.family, shape[1])
        child = _forecast(inputs, inputs.history.ordered, families, run, retired).mean
    product_mean = disaggregate(parent, child, group, share, retired)
    # Kept to four decimals, so that a forecast that is stored and read back gives the same plan to the unit.
    return StoredForecast(
        first_open=inputs.calendar.first_open,
        mean=base.mean.reshape(shape).round(4),
        lo80=base.lo80.reshape(shape).round(4),
        hi80=base.hi80.reshape(shape).round(4),
        lo95=base.lo95.reshape(shape).round(4),
        hi95=base.hi95.reshape(shape).round(4),
        product_mean=product_mean.reshape(len(inputs.products.numbers), *shape[1:]).round(4),
        method=base.method,
        why=base.why,
        corrections=tuple(
            HistoryCorrection(
                inputs.families.names[found.series // shape[1]],
                inputs.regions[found.series % shape[1]],
                inputs.history.months[found.period],
                round(found.was, 4),
                round(found.now, 4),
                found.reason,
            )
            for found in demand.corrections
        ),
    )


def consensus_of(
    inputs: Inputs,
    assumptions: Assumptions,
    forecast: StoredForecast,
    *,
    launches: Floats,
    cannibalised: Floats,
    events_pct: Floats,
    initiatives_pct: Floats,
    initiatives_units: Floats,
    price_factor: Floats,
) -> WholeDemand:
    """Consensus demand in whole units by term (F, R, T), from the forecast and the company's assumptions.

    `launches`, `cannibalised`, `initiatives_units` units; `events_pct`, `initiatives_pct` expected fractions;
    `price_factor` (F, T) what initiatives and events do to the price beside the owner's own change.
    """
    names = inputs.families.names
    change = np.array([assumptions.value("price_pct", name) for name in names])[:, None]
    elasticity = np.array([assumptions.value("price_elasticity", name) for name in names])
    percent = np.array([assumptions.value("demand_pct", name) for name in names])
    demand = build_consensus(
        forecast.mean,
        overrides=override_units(
            forecast.mean, percent=percent[:, None, None], delta=entered_units(inputs, assumptions)
        ),
        launches=launches,
        cannibalisation=cannibalised,
        events_pct=events_pct,
        initiatives=initiatives_units,
        initiatives_pct=initiatives_pct,
        elasticity=elasticity[:, None, None],
        price_change=((1 + change) * price_factor - 1)[:, None, :],
    )
    return round_terms(demand)


def entered_units(inputs: Inputs, assumptions: Assumptions) -> Floats:
    """Overrides entered in units (F, R, T) from entries with the scope `family|region|month`.

    Entries for months that are closed by now, or for names the company no longer has, change nothing.
    """
    entered = np.zeros((len(inputs.families.names), len(inputs.regions), inputs.calendar.horizon))
    for family, region, month, units in _entries(assumptions):
        t = inputs.calendar.position(month)
        if family in inputs.families.names and region in inputs.regions and 0 <= t < inputs.calendar.horizon:
            entered[inputs.families.names.index(family), inputs.regions.index(region), t] += units
    return entered


def _entries(assumptions: Mapping[tuple[str, str], float]) -> list[tuple[str, str, str, float]]:
    parts = [(scope.split("|"), value) for (key, scope), value in assumptions.items() if key == "demand_units"]
    return [(p[0], p[1], p[2], value) for p, value in parts if len(p) == 3 and is_month(p[2])]


def _forecast(
    inputs: Inputs, values: Floats, groups: np.ndarray, run: Runner, retired: np.ndarray | None = None
) -> BaselineForecast:
    return forecast_baseline(
        values.reshape(-1, values.shape[-1]),
        horizon=inputs.calendar.horizon,
        season_length=inputs.calendar.season_length,
        groups=groups,
        retired=retired,
        run=run,
    )
