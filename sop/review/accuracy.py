"""How good past forecasts were: WAPE, bias and value added by step and lag, and the vintages of one month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from sop.core.calendar import shift_month
from sop.core.inputs import Floats, Inputs
from sop.core.plan import Plan

NAIVE = "Seasonal naive"
STEPS = {"baseline_forecast": "Statistical forecast", "consensus_demand": "Consensus"}
STEP_NAMES = (NAIVE, *STEPS.values())
CONFIDENCE = 0.90


@dataclass(frozen=True)
class LagAccuracy:
    """Accuracy of one step's forecast at a lag.

    `wape`, `bias` (positive = over-forecast): fractions of actual demand over `months` months at family × region.
    `value_added`: WAPE of the step before minus this step's, with its 90% paired interval over months (`low`,
    `high`); None for the first step, and without interval below three months.
    """

    step: str
    lag: int
    wape: float
    bias: float
    months: int
    value_added: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def proven(self) -> bool | None:
        """Whether the interval keeps to one side of zero; None where there is none."""
        return None if self.low is None or self.high is None else self.low > 0 or self.high < 0


def accuracy_by_lag(
    inputs: Inputs, months: Sequence[str], plans: Mapping[str, Plan], most_lags: int = 6
) -> list[LagAccuracy]:
    """WAPE and bias by step and lag, at family × region, over the closed months that a plan of that lag covers.

    Lag k is the plan whose first open month is k − 1 months before the month forecast. The seasonal naive step
    is the same month a season earlier. All steps of a lag are measured on the same months.
    """
    rows: list[LagAccuracy] = []
    for lag in range(1, most_lags + 1):
        found = [trial for month in months if (trial := _trial(inputs, month, lag, plans)) is not None]
        if found:
            forecasts, actual = (np.stack(side) for side in zip(*found, strict=True))
            rows += _accuracy(lag, forecasts, actual)
    return rows


def _trial(inputs: Inputs, month: str, lag: int, plans: Mapping[str, Plan]) -> tuple[Floats, Floats] | None:
    """Forecasts of one month by step (S, F, R) and its actual (F, R); None unless every step has one."""
    plan = plans.get(shift_month(month, 1 - lag))
    at = {name: i for i, name in enumerate(inputs.history.months)}
    earlier = at.get(shift_month(month, -inputs.calendar.season_length))
    if plan is None or month not in plan.months or month not in at or earlier is None:
        return None
    actual = np.nan_to_num(inputs.by_family(inputs.history.ordered))
    said = [_on_families(plan, key, month, inputs) for key in STEPS]
    known = [values for values in said if values is not None]
    if len(known) < len(STEPS):
        return None
    return np.stack([actual[..., earlier], *known]), actual[..., at[month]]


def _on_families(plan: Plan, key: str, month: str, inputs: Inputs) -> Floats | None:
    """A plan's values on today's families and regions (F, R) in a month; None where they are not the same."""
    block = plan.blocks.get(key)
    if block is None or block.names != (inputs.families.names, inputs.regions):
        return None
    values: Floats = block.values[:, :, plan.months.index(month)].astype(float)
    return values


def _accuracy(lag: int, forecasts: Floats, actual: Floats) -> list[LagAccuracy]:
    """The rows of one lag from forecasts (H, S, F, R) and actuals (H, F, R)."""
    total = actual.sum()
    if total <= 0:
        return []
    missed = np.abs(forecasts - actual[:, None]).sum(axis=(2, 3))
    bias = (forecasts - actual[:, None]).sum(axis=(0, 2, 3)) / total
    wape = missed.sum(axis=0) / total
    rows = []
    for s, step in enumerate(STEP_NAMES):
        added, low, high = _value_added(missed, actual, s)
        rows.append(LagAccuracy(step, lag, float(wape[s]), float(bias[s]), len(actual), added, low, high))
    return rows


def _value_added(missed: Floats, actual: Floats, step: int) -> tuple[float | None, float | None, float | None]:
    """WAPE gained over the step before, with Student's paired interval over months."""
    if step == 0:
        return None, None, None
    mean_demand = actual.sum() / len(actual)
    gains = (missed[:, step - 1] - missed[:, step]) / mean_demand
    added = float(gains.mean())
    if len(gains) < 3:
        return added, None, None
    reach = float(student.ppf((1 + CONFIDENCE) / 2, len(gains) - 1) * gains.std(ddof=1) / np.sqrt(len(gains)))
    return added, added - reach, added + reach


def vintages(month: str, plans: Mapping[str, Plan], family: str | None = None) -> list[tuple[str, float]]:
    """How consensus demand for one month moved over the cycles: (cycle, units) for every plan that covers it.

    Of one family, or of all where none is named; a plan that does not know the family is left out.
    """
    found = []
    for cycle, plan in sorted(plans.items()):
        names = plan.names("consensus_demand")
        if month not in plan.months or (family is not None and family not in names):
            continue
        values = plan.by_family("consensus_demand")[:, plan.months.index(month)]
        found.append((cycle, float(values.sum() if family is None else values[names.index(family)])))
    return found
