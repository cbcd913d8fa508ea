"""New products: when they come, what they sell, what they take from other families, what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sop.core.arrays import shares_of
from sop.core.inputs import RAMP_RECORD, Floats, Inputs, Launch
from sop.core.register import Assumptions

LONGEST_RAMP = 24
"""Months on sale in which a ramp is looked for."""


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

    ramps: dict[str, Floats] = field(default_factory=dict)
    replaced: dict[str, tuple[int, Floats]] = field(default_factory=dict)
    selling: dict[str, Floats] = field(default_factory=dict)


def launch_basis(inputs: Inputs, product_forecast: Floats) -> LaunchBasis:
    """The basis of a company's launches; `product_forecast` (N, R, T) units a month."""
    basis = LaunchBasis()
    for launch in inputs.launches or ():
        if launch.curve == "like_product" and launch.like is not None:
            record = record_since_launch(inputs, launch.like)
            if len(record) >= RAMP_RECORD and record.any():
                basis.ramps[launch.name] = ramp_of_record(record)
        if launch.replaces is not None:
            basis.replaced[launch.name] = (
                int(inputs.products.family[launch.replaces]),
                product_forecast[launch.replaces],
            )
        gate = launch.market_gate
        came = None if gate is None else gate.actual
        # Its product's sales do not show yet where they lead.
        if came is not None and -RAMP_RECORD < came <= 0 and launch.product in inputs.products.numbers:
            own = inputs.products.numbers.index(launch.product)
            basis.selling[launch.name] = product_forecast[own].sum(axis=0)
    return basis


def launch_start(launch: Launch, assumptions: Assumptions) -> float:
    """First month on sale with the owner's slip, from the first open month; not-a-number without a gate.

    A launch that has happened keeps its actual month.
    """
    gate = launch.market_gate
    if gate is None:
        return float("nan")
    if gate.actual is not None:
        return float(gate.actual)
    return gate.forecast + launch.slip(assumptions.value("launch_slip_months", launch.name))


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
        # Its regions share it by the family's weights.
        own = np.isin(np.arange(regions), launch.regions).astype(float)
        share = shares_of([region_weight[launch.family] * own, own], np.zeros(regions, np.intp), 1)
        here = by_launch[k] * share[:, None]
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
    at = np.arange(periods) - start
    return np.where(at < 0, 0.0, curve[np.clip(at, 0, len(curve) - 1)])


def ramp_share(curve: str, ramp_months: float, periods: int) -> Floats:
    """Share of the peak reached in each month on sale (periods,): a line, or the smooth step 3u² − 2u³.

    >>> ramp_share("linear", 4, 5).tolist()
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """
    u = np.clip((np.arange(periods) + 1) / max(ramp_months, 1.0), 0.0, 1.0)
    return u if curve == "linear" else u * u * (3 - 2 * u)


def ramp_of_record(units: Floats) -> Floats:
    """Share of the peak reached in each month (n,), from a product's first months on sale (n,) in units.

    The nearest curve that never falls (isotonic least squares), over its highest level: what goes up and down is
    averaged, so that neither a single month nor the season becomes the peak.

    >>> ramp_of_record(np.array([2.0, 1.0, 4.0, 8.0, 10.0, 6.0])).tolist()
    [0.1875, 0.1875, 0.5, 1.0, 1.0, 1.0]
    """
    from scipy.optimize import isotonic_regression

    level = isotonic_regression(np.maximum(units, 0.0)).x
    return level / level[-1] if level[-1] > 0 else level


def record_since_launch(inputs: Inputs, product: int) -> Floats:
    """Units ordered (n,) in the months since a product's first sale, at most LONGEST_RAMP; empty where unknown."""
    first = inputs.products.first_sale[product] if len(inputs.products.first_sale) else np.nan
    months = len(inputs.history.months)
    if not -months <= first < 0:
        return np.zeros(0)
    ordered = np.nan_to_num(inputs.history.ordered[product]).sum(axis=0)
    return ordered[months + int(first) :][:LONGEST_RAMP]
