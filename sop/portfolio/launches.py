"""New products: when they come, what they sell, what they take from other families, what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sop.core.inputs import RAMP_RECORD, Floats, Inputs, Launch
from sop.core.register import Assumptions
from sop.portfolio.ramps import like_ramps, ramp_share


@dataclass(frozen=True)
class LaunchVolumes:
    """Expected volume of launches (K of them), units a month.

    `by_launch` (K, T); `volume` and `cannibalised` (F, R, T), both positive, the latter with what products that
    are replaced no longer sell; `cost` (K, T) currency still to be spent, probability weighted, in the launch
    month; `start` (K,) first month on sale from the first open month, not-a-number where no gate says when.
    """

    by_launch: Floats
    volume: Floats
    cannibalised: Floats
    cost: Floats
    start: Floats


@dataclass(frozen=True)
class LaunchBasis:
    """What launches rest on beside their own rows, by launch name.

    `ramps`: share of the peak in each month on sale (n,) as a like product reached it. `replaced`: family
    position and baseline forecast (R, T) of the product that is phased out. `selling`: baseline forecast (T,), all
    regions, of a product that has sold for too few months to be forecast from them.
    """

    ramps: Mapping[str, Floats] = field(default_factory=dict)
    replaced: Mapping[str, tuple[int, Floats]] = field(default_factory=dict)
    selling: Mapping[str, Floats] = field(default_factory=dict)


def launch_basis(inputs: Inputs, product_forecast: Floats) -> LaunchBasis:
    """The basis of a company's launches; `product_forecast` (N, R, T) units a month."""
    launches = inputs.launches or ()
    replaced = {
        launch.name: (int(inputs.products.family[launch.replaces]), product_forecast[launch.replaces])
        for launch in launches
        if launch.replaces is not None
    }
    selling = {
        launch.name: product_forecast[inputs.products.numbers.index(launch.product)].sum(axis=0)
        for launch in launches
        if _is_young(inputs, launch)
    }
    return LaunchBasis(like_ramps(inputs, launches), replaced, selling)


def _is_young(inputs: Inputs, launch: Launch) -> bool:
    """Whether a launch came so lately that its product's sales do not show yet where they lead."""
    gate = launch.market_gate
    if gate is None or gate.actual is None or launch.product not in inputs.products.numbers:
        return False
    return -RAMP_RECORD < gate.actual <= 0


def launch_start(launch: Launch, assumptions: Assumptions) -> float:
    """First month on sale with the owner's slip, from the first open month; not-a-number without a gate.

    A launch that has happened keeps its actual month.
    """
    gate = launch.market_gate
    if gate is None:
        return float("nan")
    if gate.actual is not None:
        return float(gate.actual)
    return gate.forecast + round(assumptions.value("launch_slip_months", launch.name))


def launch_probability(launch: Launch, assumptions: Assumptions) -> float:
    """The chance that the launch comes, as its owner sees it; certain once it came."""
    table = 1.0 if is_launched(launch) else launch.probability
    return assumptions.value("launch_probability", launch.name, table)


def is_launched(launch: Launch) -> bool:
    """Whether the launch has happened: its sales are then in the actuals."""
    return launch.market_gate is not None and launch.market_gate.actual is not None


def project_launches(
    launches: tuple[Launch, ...],
    assumptions: Assumptions,
    region_weight: Floats,
    periods: int,
    basis: LaunchBasis | None = None,
) -> LaunchVolumes:
    """Expected volume, cannibalisation and cost of all launches.

    `region_weight` (F, R) spreads a launch over its regions. What has been launched sells already: in its first
    months it adds what its ramp promises beyond the baseline forecast, and nothing once its sales speak for it.
    """
    basis = basis or LaunchBasis()
    families, regions = region_weight.shape
    by_launch, cost = np.zeros((len(launches), periods)), np.zeros((len(launches), periods))
    volume, cannibalised = np.zeros((families, regions, periods)), np.zeros((families, regions, periods))
    start = np.array([launch_start(launch, assumptions) for launch in launches])
    for k, launch in enumerate(launches):
        came = is_launched(launch)
        if not np.isfinite(start[k]) or (came and launch.name not in basis.selling):
            continue
        probability, first = launch_probability(launch, assumptions), int(start[k])
        peak = launch.peak_units * assumptions.value("launch_volume_pct", launch.name) * probability
        promised = peak * _shifted(launch_ramp(launch, basis, 2 * periods), first, periods)
        by_launch[k] = np.maximum(promised - basis.selling.get(launch.name, 0.0), 0.0)
        here = by_launch[k] * _region_shares(launch, region_weight)[:, None]
        volume[launch.family] += here
        if launch.cannibalises is not None:
            cannibalised[launch.cannibalises] += here * launch.cannibalisation_pct
        if launch.name in basis.replaced and not came:
            family, baseline = basis.replaced[launch.name]
            gone = _shifted(ramp_share("linear", launch.phase_out_months, 2 * periods), first, periods)
            cannibalised[family] += baseline * gone * probability
        if 0 <= first < periods:
            cost[k, first] = round(max(launch.cost - launch.spent, 0.0) * probability, 2)
    return LaunchVolumes(by_launch, volume, cannibalised, cost, start)


def launch_ramp(launch: Launch, basis: LaunchBasis, periods: int) -> Floats:
    """Share of the peak in each month on sale; a like product's last level holds on after its record."""
    if launch.name not in basis.ramps:
        return ramp_share(launch.curve, launch.ramp_months, periods)
    record = basis.ramps[launch.name][:periods]
    return np.concatenate([record, np.full(periods - len(record), record[-1])])


def _shifted(curve: Floats, start: int, periods: int) -> Floats:
    """The curve from month `start` on; a start before the horizon begins part-way up the curve."""
    shifted = np.zeros(periods)
    if start >= 0:
        shifted[start:] = curve[: max(periods - start, 0)]
    else:
        tail = np.concatenate([curve, np.full(periods, curve[-1])])
        shifted = tail[min(-start, len(curve)) :][:periods]
    return shifted


def _region_shares(launch: Launch, region_weight: Floats) -> Floats:
    """Shares (R,) of the launch's regions by its family's weights; equal where the weights are zero."""
    chosen = np.zeros(region_weight.shape[1])
    chosen[list(launch.regions)] = 1.0
    weights = region_weight[launch.family] * chosen
    return weights / weights.sum() if weights.sum() > 0 else chosen / chosen.sum()
