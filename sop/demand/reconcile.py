"""One set of numbers on every level: family × region, family, region and total reconciled by MinT.

Each level is forecast on its own: totals are smoother and show the season better, parts know what is special
about them. MinT with a shrunk covariance of past errors (Wickramasuriya, Athanasopoulos and Hyndman 2019) gives
every forecast the weight that its past errors earn. It is used only where it did better in backtests. Products
share what their family is forecast.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sop.core.arrays import shares_of
from sop.core.inputs import Bools, Floats
from sop.demand.baseline import BaselineForecast

_FEWEST_ERRORS = 12
"""Past errors below which a covariance says nothing."""


@dataclass(frozen=True)
class Reconciled:
    """Bottom forecasts (n, h) after reconciliation, whether MinT made them, and why or why not.

    `wape_before`, `wape_after`: mean over the levels of the backtests' WAPE, as forecast bottom-up and by MinT.
    """

    mean: Floats
    used: bool
    why: str
    wape_before: float = np.nan
    wape_after: float = np.nan


class NothingToWeigh(Exception):
    """Past errors from which no covariance can be estimated."""


def summing_matrix(families: int, regions: int, live: Bools | None = None) -> Floats:
    """Which bottom series (family by family, its regions in order) each node adds up (nodes, families × regions).

    Nodes: total, families, regions, then every bottom series. Levels that equal another one are left out, and
    what is not `live` (families × regions,) is added up nowhere.

    >>> summing_matrix(2, 1).tolist()
    [[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    >>> summing_matrix(3, 1, np.array([True, True, False])).tolist()
    [[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    bottom = np.eye(families * regions)
    total = np.ones((1, families * regions))
    by_family = np.kron(np.eye(families), np.ones((1, regions)))
    by_region = np.kron(np.ones((1, families)), np.eye(regions))
    sums = np.vstack([total, by_family, by_region]) * (1.0 if live is None else live)
    levels = {row.tobytes(): row for row in sums if row.sum() > 1}
    return np.vstack([*levels.values(), bottom])


def reconcile_levels(
    summing: Floats, base: BaselineForecast, history: Floats, live: Bools | None = None
) -> BaselineForecast:
    """The forecast of the bottom series (n, h) from that of all nodes, whose `history` is (nodes, T).

    Intervals move with the mean. Each reason says whether the levels were reconciled, and what that gained. What
    is not `live` (n,) keeps its own forecast, and the others are reconciled as if it were not there; what is
    forecast as zero stays at zero.
    """
    bottom, steps = summing.shape[1], base.mean.shape[1]
    alive = np.ones(bottom, dtype=bool) if live is None else live
    among = np.concatenate([np.ones(len(summing) - bottom, dtype=bool), alive])
    came = np.array([_what_came(history, held_back, steps) for held_back in base.held_back])
    past, came = _as_fixed(base.past[:, among], came[:, among])
    found = reconcile(summing[among][:, alive], base.mean[among], past, came)
    mean = base.mean[-bottom:].copy()
    mean[alive] = found.mean
    zero = [node - len(summing) + bottom for node in base.listed if node >= len(summing) - bottom]
    mean[zero] = base.mean[-bottom:][zero]
    moved = mean - base.mean[-bottom:]
    paths = {name: getattr(base, name)[-bottom:] + moved for name in ("lo80", "hi80", "lo95", "hi95")}
    if not (history < 0).any():
        paths = {name: np.maximum(path, 0.0) for name, path in paths.items()}
    told = [found.why if here else "" for here in alive]
    return replace(
        base,
        mean=mean,
        **paths,
        method=base.method[-bottom:],
        why=tuple(map(_joined, base.why[-bottom:], told)),
        past=base.past[:, -bottom:],
    )


def _joined(why: str, more: str) -> str:
    return f"{why}; {more}" if more else why


def _as_fixed(past: Floats, came: Floats) -> tuple[Floats, Floats]:
    """Past forecasts and what came (origins, nodes, h); a node that was not forecast is as if it never missed.

    It then keeps its own forecast and the others are weighed by their errors: a series that is too new to have
    past errors says nothing about theirs. An origin from which the first node, the total, was not forecast says
    nothing at all.
    """
    judged = np.isfinite(past - came)
    fixed = judged[:, :1] & ~judged
    came = np.where(fixed, np.nan_to_num(came), came)
    return np.where(fixed, came, past), came


def _what_came(history: Floats, held_back: int, steps: int) -> Floats:
    """The first `steps` of the months held back (n, steps), not-a-number beyond the last closed month."""
    came = np.full((len(history), steps), np.nan)
    months = min(held_back, steps)
    if held_back <= history.shape[1]:
        came[:, :months] = history[:, history.shape[1] - held_back :][:, :months]
    return came


def reconcile(summing: Floats, mean: Floats, past: Floats, actual: Floats) -> Reconciled:
    """Reconcile node forecasts `mean` (nodes, h) and answer for the bottom (n, h), never below zero.

    `past`, `actual` (origins, nodes, h): backtest forecasts and what came, NaN where there is none; a node whose
    forecast is fixed has past errors of zero. Each origin is tried with the errors of the others.
    """
    bottom = summing.shape[1]
    own = Reconciled(mean[-bottom:], False, "not reconciled with its totals")
    if len(summing) == bottom:
        return Reconciled(own.mean, False, "")
    if (mean < 0).any():
        return Reconciled(own.mean, False, f"{own.why}: demand below zero cannot be")
    known = np.asarray(np.isfinite(past - actual).all(axis=1))
    others = [known.sum() - here.sum() for here in known]
    if not known.any() or min(others) < _FEWEST_ERRORS:
        return Reconciled(own.mean, False, f"{own.why}: too few past errors to weigh them by")
    try:
        before, after = _trial(summing, past, actual, known)
        weighed = _mint(summing, mean, past, actual, known) if after < before else own.mean
    except NothingToWeigh:
        return Reconciled(own.mean, False, f"{own.why}: its past errors leave nothing to weigh it by")
    if after >= before:
        why = f"{own.why}: WAPE in backtests {before:.1%}, reconciled {after:.1%}"
        return Reconciled(own.mean, False, why, before, after)
    why = f"reconciled with family, region and total: WAPE in backtests {before:.1%} before, {after:.1%} after"
    return Reconciled(weighed, True, why, before, after)


def _trial(summing: Floats, past: Floats, actual: Floats, known: Bools) -> tuple[float, float]:
    """Mean WAPE over levels bottom-up and by MinT, each origin reconciled with the errors of the others."""
    bottom = summing.shape[1]
    pairs: list[tuple[Floats, Floats, Floats]] = []
    for origin, here in enumerate(known):
        if not here.any():
            continue
        rest = known & (np.arange(len(known)) != origin)[:, None]
        said, came = past[origin][:, here], summing @ actual[origin][-bottom:, here]
        by_mint = _mint(summing, said, past, actual, rest)
        pairs.append((summing @ said[-bottom:], summing @ by_mint, came))
    up, mint, came = (np.concatenate(parts, axis=1) for parts in zip(*pairs, strict=True))
    return _mean_wape(summing, up, came), _mean_wape(summing, mint, came)


def _mean_wape(summing: Floats, said: Floats, came: Floats) -> float:
    """WAPE by level (nodes that add up equally many series), averaged over the levels."""
    sizes = summing.sum(axis=1)
    levels = [sizes == size for size in np.unique(sizes)]
    return float(np.mean([np.abs(said - came)[own].sum() / max(came[own].sum(), 1e-12) for own in levels]))


def _mint(summing: Floats, mean: Floats, past: Floats, actual: Floats, known: Bools) -> Floats:
    """Bottom forecasts (n, h) by MinT-shrink, negative ones cut off (which beats a constrained solution).

    Raises NothingToWeigh where errors are nothing or have no covariance: level sales are forecast without any.
    """
    from hierarchicalforecast.methods import MinTrace  # type: ignore[import-untyped]

    came, said = (
        np.concatenate([values[origin][:, here] for origin, here in enumerate(known)], axis=1)
        for values in (actual, past)
    )
    try:
        answer = MinTrace(method="mint_shrink").fit_predict(
            S=summing, y_hat=mean, y_insample=came, y_hat_insample=said
        )
    except Exception as refusal:  # the library refuses errors close to zero with a bare Exception
        raise NothingToWeigh from refusal
    return np.maximum(np.asarray(answer["mean"], dtype=float)[-summing.shape[1] :], 0.0)


def disaggregate(
    parent_mean: Floats,
    child_mean: Floats,
    group_of: NDArray[np.intp],
    past_share: Floats,
    retired: Bools | None = None,
) -> Floats:
    """Children (n, h) that sum to their parents (g, h), in proportion to the children's own forecasts.

    Family × region series are long and smooth enough to forecast well; product × region series often are not. So
    the family carries the level, and its products share it (middle-out).

    Where a group's children all forecast 0, they share by `past_share` (n,), and equally where that is 0
    too. Retired children get 0; a group of only retired children gets 0 whatever its parent says, so that
    its parent has to be retired with it.

    >>> own, half = np.array([[1.0], [3.0]]), np.array([0.5, 0.5])
    >>> disaggregate(np.array([[12.0]]), own, np.array([0, 0]), half).tolist()
    [[3.0], [9.0]]
    """
    live = (np.ones(len(child_mean)) if retired is None else np.where(retired, 0.0, 1.0))[:, None]
    weights = [
        np.broadcast_to(each, child_mean.shape) for each in (child_mean * live, past_share[:, None] * live, live)
    ]
    return parent_mean[group_of] * shares_of(weights, group_of, len(parent_mean)) * live
