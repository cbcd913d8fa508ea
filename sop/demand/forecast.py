"""A company's baseline forecast and consensus demand: the demand package applied to `Inputs`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sop.core.inputs import Bools, Floats, Inputs
from sop.core.plan import DriverProof, HistoryCorrection, StoredForecast
from sop.core.register import Assumptions
from sop.demand.baseline import Batch, Runner, backtest_wape, forecast_batches
from sop.demand.cleaning import CompanyHistory, Decisions, clean_company
from sop.demand.consensus import WholeDemand, build_consensus, round_terms
from sop.demand.drivers import prove_drivers
from sop.demand.override_effect import marketing_override, sales_override
from sop.demand.reconcile import disaggregate, reconcile_levels, summing_matrix

_MOST_PRODUCT_SERIES = 3000
"""Series by product and region beyond which products follow their trailing share (middle-out)."""
_MOST_RECONCILED = 300
"""Series by family, region and total beyond which the totals are not forecast apart."""
_FIGURES = ("mean", "lo80", "hi80", "lo95", "hi95")


def forecast_company(
    inputs: Inputs, decisions: Decisions | None = None, *, by_product: bool | None = None, run: Runner = map
) -> StoredForecast:
    """The baseline forecast by family and region of the cleaned history, carried down to products.

    Family, region and total are forecast too and reconciled where backtests show that it helps. Products share
    their family by forecasts of their own or, with `by_product` false, by trailing share: cheaper, and what is
    done anyway where there are thousands (middle-out). Retired products get nothing. `decisions`: what planners
    decided about the history (see `cleaning`). `run` is `map` or a process pool's.
    """
    shape = (len(inputs.families.names), len(inputs.regions), inputs.calendar.horizon)
    history = clean_company(inputs, decisions)
    levels = _level_batch(inputs, history.values)
    group = (inputs.products.family[:, None] * shape[1] + np.arange(shape[1])).ravel()
    share = inputs.position.product_share.ravel()
    retired = np.repeat(inputs.products.retired, shape[1])
    child = np.repeat(share[:, None], shape[-1], axis=1)
    if by_product or (by_product is None and len(child) <= _MOST_PRODUCT_SERIES):
        nodes, products = forecast_batches([levels, _product_batch(inputs, retired)], run)
        child = products.mean
    else:
        (nodes,) = forecast_batches([levels], run)
    base = reconcile_levels(_summing(inputs), nodes, levels.history)
    product_mean = disaggregate(base.mean, child, group, share, retired)
    drivers, factor = prove_drivers(inputs, history.values, decisions)
    moved = factor[:, None, :]
    # Kept to four decimals, so that a forecast that is stored and read back gives the same plan to the unit.
    figures = {name: (getattr(base, name).reshape(shape) * moved).round(4) for name in _FIGURES}
    return StoredForecast(
        first_open=inputs.calendar.first_open,
        **figures,
        product_mean=_of_products(inputs, product_mean, moved).round(4),
        method=base.method,
        why=_with_drivers(base.why, drivers, inputs),
        wape=backtest_wape(base, history.values.reshape(len(base.mean), -1)),
        drivers=drivers,
        corrections=_corrections(history),
    )


def _corrections(history: CompanyHistory) -> tuple[HistoryCorrection, ...]:
    """What the history was corrected by, as a plan keeps it."""
    return tuple(
        HistoryCorrection(found.family, found.region, found.month, found.was, found.now, found.reason)
        for found in history.of_kind("corrected")
        if found.was is not None
    )


def _of_products(inputs: Inputs, product_mean: Floats, moved: Floats) -> Floats:
    """Products' forecast (N, R, T), moved by the drivers of their families."""
    count, regions = len(inputs.products.numbers), len(inputs.regions)
    return product_mean.reshape(count, regions, -1) * moved[inputs.products.family]


def _with_drivers(why: tuple[str, ...], drivers: Sequence[DriverProof], inputs: Inputs) -> tuple[str, ...]:
    """The reasons by family and region, with the driver that moves the family's forecast."""
    used = {proof.family: f"; {proof.driver} {proof.why}, moves it by {proof.change:+.1%}"
            for proof in drivers if proof.used}  # fmt: skip
    families = [name for name in inputs.families.names for _ in inputs.regions]
    return tuple(reason + used.get(name, "") for reason, name in zip(why, families, strict=True))


def _summing(inputs: Inputs) -> Floats:
    """Which series by family and region each level adds up; only the bottom where there are too many."""
    families, regions = len(inputs.families.names), len(inputs.regions)
    summing = summing_matrix(families, regions)
    return np.eye(families * regions) if len(summing) > _MOST_RECONCILED else summing


def _level_batch(inputs: Inputs, history: Floats) -> Batch:
    """The series by family and region, and the totals of which they are parts."""
    families, regions, _ = history.shape
    bottom, summing = history.reshape(families * regions, -1), _summing(inputs)
    groups = np.full(len(summing), families)
    groups[-len(bottom) :] = np.repeat(np.arange(families), regions)
    calendar, nodes = inputs.calendar, _totals(summing, bottom)
    return Batch(nodes, calendar.horizon, calendar.season_length, groups, calibration_series=_MOST_RECONCILED)


def _totals(summing: Floats, bottom: Floats) -> Floats:
    """The history of every node (nodes, H); not-a-number only where all of its parts are."""
    known = summing @ np.isfinite(bottom).astype(float)
    return np.where(known > 0, summing @ np.nan_to_num(bottom), np.nan)


def _product_batch(inputs: Inputs, retired: Bools) -> Batch:
    """Products by region (N × R); only their proportions count, so they need no intervals."""
    ordered, calendar = inputs.history.ordered, inputs.calendar
    groups = np.repeat(inputs.products.family, ordered.shape[1])
    series = ordered.reshape(-1, ordered.shape[-1])
    return Batch(series, calendar.horizon, calendar.season_length, groups, retired, calibration_series=0)


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
    place = forecast.mean, (names, inputs.regions), inputs.calendar
    change = np.array([assumptions.value("price_pct", name) for name in names])[:, None]
    elasticity = np.array([assumptions.value("price_elasticity", name) for name in names])
    demand = build_consensus(
        forecast.mean,
        overrides=sales_override(*place, assumptions) + marketing_override(*place, assumptions),
        launches=launches,
        cannibalisation=cannibalised,
        events_pct=events_pct,
        initiatives=initiatives_units,
        initiatives_pct=initiatives_pct,
        elasticity=elasticity[:, None, None],
        price_change=((1 + change) * price_factor - 1)[:, None, :],
    )
    return round_terms(demand)
