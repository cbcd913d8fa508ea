"""A company's baseline forecast and consensus demand: the demand package applied to `Inputs`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from sop.core.arrays import sum_known
from sop.core.calendar import worded
from sop.core.inputs import Floats, Inputs
from sop.core.plan import HistoryCorrection, StoredForecast
from sop.core.register import Assumptions
from sop.demand.baseline import Batch, Runner, backtest_wape, forecast_batches
from sop.demand.cleaning import Decisions, clean_company
from sop.demand.consensus import WholeDemand, build_consensus, round_terms
from sop.demand.drivers import prove_drivers, prove_prices
from sop.demand.history_findings import history_findings
from sop.demand.month_shape import LEAST, in_period, month_shapes, on_mean
from sop.demand.override_effect import marketing_override, sales_override
from sop.demand.reconcile import disaggregate, reconcile_levels, summing_matrix
from sop.demand.told_coarser import told_coarser
from sop.demand.working_days import prove_working_days

_MOST_PRODUCT_SERIES = 3000
"""Series by product and region beyond which products follow their trailing share (middle-out)."""
_MOST_RECONCILED = 300
"""Series by family, region and total beyond which the totals are not forecast apart."""
_BOUNDS = ("lo80", "hi80", "lo95", "hi95")


def forecast_company(
    inputs: Inputs, decisions: Decisions | None = None, *, by_product: bool | None = None, run: Runner = map
) -> StoredForecast:
    """The baseline forecast by family and region of the cleaned history, carried down to products.

    Family, region and total are forecast too and reconciled where backtests show that it helps. Products share
    their family by forecasts of their own or, with `by_product` false, by trailing share: cheaper, and what is
    done anyway where there are thousands (middle-out). Retired products get nothing. `decisions`: what planners
    decided about the history (see `cleaning`). `run` is `map` or a process pool's.
    """
    families, regions, calendar = len(inputs.families.names), len(inputs.regions), inputs.calendar
    place = (families, regions, calendar.horizon)
    coarse = told_coarser(inputs)
    ahead = calendar if coarse is None else coarse
    batch = partial(Batch, horizon=ahead.horizon, season_length=ahead.season_length)
    history = clean_company(inputs, decisions)
    # Periods of four and of five weeks, and weeks of a month's busy days, are forecast as the mean one.
    periods = (*inputs.history.months, *calendar.months)
    closed = len(inputs.history.months)
    shapes = month_shapes(sum_known(history.values, 1), periods, calendar)
    lengths = np.array(calendar.lengths(periods))
    past, shape = (shapes * lengths)[:, :closed], shapes[:, closed:]
    values = on_mean(history.values, past[:, None])
    bottom = values.reshape(families * regions, -1)
    ended = history.ended.ravel()
    live = np.isfinite(bottom).any(axis=1) & ~ended
    summing = summing_matrix(families, regions, live)
    if len(summing) - int((~live).sum()) > _MOST_RECONCILED:
        summing = np.eye(families * regions)
    # A total is not known only where none of its parts is.
    known = summing @ np.isfinite(bottom).astype(float)
    # Weeks in which most parts are quiet say nothing of a level, and what stands in for them proves nothing.
    quiet = np.repeat(past < LEAST, regions, axis=0)
    heard = summing @ (np.isfinite(bottom) & ~quiet).astype(float)
    nodes = np.where((known > 0) & (2 * heard >= known), summing @ np.nan_to_num(bottom), np.nan)
    if coarse is not None:
        nodes = coarse.history(nodes)
    season_of = np.full(len(nodes), families)
    season_of[-len(bottom) :] = np.repeat(np.arange(families), regions)
    over = np.concatenate([np.zeros(len(nodes) - len(bottom), dtype=bool), ended])
    batches = [batch(nodes, groups=season_of, retired=over, calibration_series=_MOST_RECONCILED)]
    ordered = on_mean(inputs.history.ordered, past[inputs.products.family, None]).reshape(-1, past.shape[1])
    ordered = ordered if coarse is None else coarse.history(ordered)
    family = np.repeat(inputs.products.family, regions)
    retired = np.repeat(inputs.products.retired, regions)
    if by_product or (by_product is None and len(ordered) <= _MOST_PRODUCT_SERIES):
        # Only the proportions of products count, so they need no intervals.
        batches.append(batch(ordered, groups=family, retired=retired, calibration_series=0))
    forecast, *products = forecast_batches(batches, run)
    base = reconcile_levels(summing, forecast, nodes, live)
    share = inputs.position.product_share.ravel()
    child = products[0].mean if products else np.repeat(share[:, None], ahead.horizon, axis=1)
    series = family * regions + np.tile(np.arange(regions), len(inputs.products.numbers))
    product_mean = disaggregate(base.mean, child, series, share, retired)
    if coarse is not None:
        own = np.where(base.mean.any(axis=1), np.nan_to_num(nodes[-len(bottom) :, -1]), 0.0)
        figures = {name: coarse.ahead(own, getattr(base, name)) for name in ("mean", *_BOUNDS)}
        base = replace(base, **figures)  # type: ignore[arg-type]
        product_mean = coarse.ahead(np.nan_to_num(ordered[:, -1]), product_mean)
        # Of the days of the last closed period products and their family say the same.
        product_mean = disaggregate(base.mean, product_mean, series, share, retired)
    drivers, factor = prove_drivers(inputs, values, decisions)
    calendar_proofs, by_calendar = prove_working_days(inputs, values, decisions)
    drivers += calendar_proofs
    moved = (factor * by_calendar * lengths[closed:])[:, None, :]
    told = {
        name: worded("; how much a week brings follows the days of the month in it")
        for name, row in zip(inputs.families.names, shape, strict=True)
        if (row != 1.0).any()
    }
    for proof in drivers:
        if proof.used:
            says = f"; {proof.driver} {proof.why}, moves it by {proof.change:+.1%}"
            told[proof.family] = told.get(proof.family, "") + says
    names = np.repeat(inputs.families.names, regions)
    # Kept to four decimals, so that a forecast that is stored and read back gives the same plan to the unit.
    mean = base.mean.reshape(place)
    figures = {
        name: (in_period(mean, getattr(base, name).reshape(place), shape[:, None]) * moved).round(4)
        for name in _BOUNDS
    } | {"mean": (mean * shape[:, None] * moved).round(4)}
    why = tuple(
        "ended, as a planner says: forecast 0" if gone else said + told.get(name, "")
        for said, name, gone in zip(base.why, names, ended, strict=True)
    )
    return StoredForecast(
        first_open=calendar.first_open,
        **figures,
        product_mean=(
            product_mean.reshape(-1, *place[1:]) * (shape[:, None] * moved)[inputs.products.family]
        ).round(4),
        method=base.method,
        why=why,
        wape=backtest_wape(base, nodes[-len(bottom) :]),
        drivers=drivers,
        corrections=tuple(
            HistoryCorrection(found.family, found.region, found.month, found.was, found.now, found.reason)
            for found in history.of_kind("corrected")
            if found.was is not None
        ),
        findings=history_findings(inputs, history, figures["mean"]),
        prices=prove_prices(inputs, history.values),
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
    factor: Floats | float = 1.0,
) -> WholeDemand:
    """Consensus demand in whole units by term (F, R, T), from the forecast and the company's assumptions.

    `launches`, `cannibalised`, `initiatives_units` units; `events_pct`, `initiatives_pct` expected fractions;
    `price_factor` (F, T) what initiatives and events do to the price beside the owner's own change; `factor`
    (F, R, T) what demand comes out at, as a multiple of what was expected.
    """
    names = inputs.families.names
    place = forecast.mean, (names, inputs.regions), inputs.calendar
    change = np.array([assumptions.value("price_pct", name) for name in names])[:, None]
    proven = inputs.elasticity
    elasticity = np.array([assumptions.value("price_elasticity", name, proven.get(name)) for name in names])
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
    return round_terms(demand.times(factor), inputs.families.decimals)
