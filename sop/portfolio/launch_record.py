"""Launches that have happened: were they on time, in volume and in cost?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Inputs, Launch
from sop.portfolio.launches import LaunchBasis, is_launched, launch_ramp


@dataclass(frozen=True)
class LaunchRecord:
    """A launch against what was planned for it.

    `slip_months` against the baseline; `units` sold since the launch and `planned_units` along its ramp over
    the same months, None where the product has no sales of its own; `spent` and `cost` currency. `why` says what
    is not known.
    """

    name: str
    slip_months: int
    units: float | None
    planned_units: float | None
    spent: float
    cost: float
    why: str = ""


def launch_records(inputs: Inputs, basis: LaunchBasis | None = None) -> tuple[LaunchRecord, ...]:
    """Every launch that has happened, in the order of the table."""
    return tuple(_records(inputs, basis or LaunchBasis()))


def _records(inputs: Inputs, basis: LaunchBasis) -> Iterator[LaunchRecord]:
    for launch in inputs.launches or ():
        gate = launch.market_gate
        if gate is None or not is_launched(launch):
            continue
        sold, planned, why = _volume(inputs, launch, basis)
        yield LaunchRecord(launch.name, gate.slip_months, sold, planned, launch.spent, launch.cost, why)


def _volume(inputs: Inputs, launch: Launch, basis: LaunchBasis) -> tuple[float | None, float | None, str]:
    """Units sold and planned since the launch; the plan is taken as if the launch was certain, for it came."""
    gate, months = launch.market_gate, len(inputs.history.months)
    since = -gate.actual if gate is not None and gate.actual is not None else 0
    if launch.product not in inputs.products.numbers:
        return None, None, "its product has no number in products, so its sales are not known"
    if not 0 < since <= months:
        return None, None, "no closed month since its launch"
    sold = np.nan_to_num(inputs.history.ordered[inputs.products.numbers.index(launch.product)])
    planned = launch.peak_units * launch_ramp(launch, basis, since)
    return float(sold[:, months - since :].sum()), float(planned.sum()), ""
