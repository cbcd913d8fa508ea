"""A company's baseline forecast and consensus demand: the demand package applied to `Inputs`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sop.core.calendar import is_month
from sop.core.inputs import Floats, Inputs
from sop.core.plan import HistoryCorrection, StoredForecast
from sop.core.register import Assumptions
from sop.demand.baseline import BaselineForecast, Runner, forecast_baseline
from sop.demand.coherence import disaggregate
from sop.demand.company_history import Decisions, clean_company
from sop.demand.consensus import WholeDemand, build_consensus, override_units, round_terms
from sop.demand.reconcile import reconcile_levels, summing_matrix

_MOST_PRODUCT_SERIES = 3000
"""Series by product and region beyond which products follow their trailing share (middle-out)."""
_MOST_RECONCILED = 300
"""Series by family, region and total beyond which the totals are not forecast apart."""
_UNIT_OVERRIDES = ("demand_units", "marketing_units")


def forecast_company(
    inputs: Inputs, decisions: Decisions | None = None, *, by_product: bool | None = None, run: Runner = map
) -> StoredForecast:
    """The baseline forecast by family and region of the cleaned history, carried down to products.

    Family, region and total are forecast too and reconciled where backtests show that it helps. Products share
    their family by forecasts of their own or, with `by_product` false, by trailing share: cheaper, and what is
    done anyway where there are thousands (middle-out). Retired products get nothing. `decisions`: what planners
    decided about the history (see `company_history`). `run` is `map` or a process pool's.
    """
    shape = (len(inputs.families.names), len(inputs.regions), inputs.calendar.horizon)
    history = clean_company(inputs, decisions)
    base = _forecast_levels(inputs, history.values, run)
    group = (inputs.products.family[:, None] * shape[1] + np.arange(shape[1])).ravel()
    share = inputs.position.product_share.ravel()
    retired = np.repeat(inputs.products.retired, shape[1])
    child = np.repeat(share[:, None], shape[-1], axis=1)
    if by_product or (by_product is None and len(child) <= _MOST_PRODUCT_SERIES):
        child = _forecast_products(inputs, retired, run)
    product_mean = disaggregate(base.mean, child, group, share, retired)
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
            HistoryCorrection(found.family, found.region, found.month, found.was, found.now, found.reason)
            for found in history.of_kind("corrected")
            if found.was is not None
        ),
    )


def _forecast_levels(inputs: Inputs, history: Floats, run: Runner) -> BaselineForecast:
    """The forecast by family and region (F × R, T), reconciled with its totals where that helps."""
    families, regions, _ = history.shape
    bottom = history.reshape(families * regions, -1)
    summing = summing_matrix(families, regions)
    if len(summing) > _MOST_RECONCILED:
        summing = np.eye(len(bottom))
    nodes = _totals(summing, bottom)
    groups = np.full(len(summing), families)
    groups[-len(bottom) :] = np.repeat(np.arange(families), regions)
    base = forecast_baseline(
        nodes,
        horizon=inputs.calendar.horizon,
        season_length=inputs.calendar.season_length,
        groups=groups,
        calibration_series=_MOST_RECONCILED,
        run=run,
    )
    return reconcile_levels(summing, base, nodes)


def _totals(summing: Floats, bottom: Floats) -> Floats:
    """The history of every node (nodes, H); not-a-number only where all of its parts are."""
    known = summing @ np.isfinite(bottom).astype(float)
    return np.where(known > 0, summing @ np.nan_to_num(bottom), np.nan)


def _forecast_products(inputs: Inputs, retired: NDArray[np.bool_], run: Runner) -> Floats:
    """Products' own forecasts by region (N × R, T); only their proportions count, so they need no intervals."""
    ordered = inputs.history.ordered
    return forecast_baseline(
        ordered.reshape(-1, ordered.shape[-1]),
        horizon=inputs.calendar.horizon,
        season_length=inputs.calendar.season_length,
        groups=np.repeat(inputs.products.family, ordered.shape[1]),
        retired=retired,
        calibration_series=0,
        run=run,
    ).mean


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
    """Overrides of sales and marketing in units (F, R, T), entries with the scope `family|region|month`.

    Entries for months that are closed by now, or for names the company no longer has, change nothing.
    """
    entered = np.zeros((len(inputs.families.names), len(inputs.regions), inputs.calendar.horizon))
    for family, region, month, units in _entries(assumptions):
        t = inputs.calendar.position(month)
        if family in inputs.families.names and region in inputs.regions and 0 <= t < inputs.calendar.horizon:
            entered[inputs.families.names.index(family), inputs.regions.index(region), t] += units
    return entered


def _entries(assumptions: Mapping[tuple[str, str], float]) -> list[tuple[str, str, str, float]]:
    parts = [(scope.split("|"), value) for (key, scope), value in assumptions.items() if key in _UNIT_OVERRIDES]
    return [(p[0], p[1], p[2], value) for p, value in parts if len(p) == 3 and is_month(p[2])]
