"""Other operating cost as the ledger lets it go on: a level, its drift and the share that moves with revenue.

The estimate is used only where it came clearly nearer than the trailing mean in years that it was not fitted on;
else the trailing mean goes on with an assumed inflation. What launches and initiatives spent is taken off before
either, where the ledger has it in operating cost, because the plan books their spend in lines of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sop.core.arrays import Labelled
from sop.core.calendar import worded
from sop.core.format import how_many, percent, percent_signed
from sop.core.inputs import Floats, Gate, Inputs, Ints
from sop.core.money import MINOR, to_minor
from sop.core.register import Assumptions
from sop.facts.actuals import sold_amounts

LEAST_GAIN = 0.1
"""Share of the trailing mean's error that an estimate must save: less is as likely luck."""

_TIE, _CLEAR = 1e-9, 4.0


@dataclass(frozen=True)
class Course:
    """Cost of a month: `level` + `drift` × months from the first open one + `share` × revenue, currency."""

    level: float
    drift: float = 0.0
    share: float = 0.0

    def over(self, at: Floats, revenue: Floats) -> Floats:
        """Cost of the months at positions `at` (n,) with `revenue` (n,), currency; never below nothing."""
        return np.maximum(self.level + self.drift * at + self.share * np.nan_to_num(revenue), 0.0)


@dataclass(frozen=True)
class CostProof:
    """How near the estimate and the trailing mean came to years ahead, each from the months before it alone.

    `years` tried, overlapping; `error` and `trailing_error` mean sizes of what a year's cost was missed by,
    `bias` and `trailing_bias` with their sign (negative: short), as fractions of the year's cost; `short` years in
    which the trailing mean was below what came.
    """

    years: int
    error: float
    bias: float
    trailing_error: float
    trailing_bias: float
    short: int

    @property
    def holds(self) -> bool:
        """Whether the estimate came clearly nearer."""
        return self.error < (1 - LEAST_GAIN) * self.trailing_error


@dataclass(frozen=True)
class OperatingCost:
    """How other operating cost goes on.

    `mean` of the last known year's months, currency a month, whose middle lies at `middle` (periods from the first
    open one); `course` where an estimate was proven; `proof` None where the ledger's `known` months are fewer than
    the `needed` ones; `year` periods in twelve months. `own_spend`: what launches and initiatives
    spent of a month in that year, taken off `mean`.
    """

    mean: float
    middle: float
    known: int
    needed: int
    year: int
    course: Course | None = None
    proof: CostProof | None = None
    own_spend: float = 0.0

    def over(self, revenue: Ints, assumptions: Assumptions) -> Ints:
        """Cost (T,) in minor units for planned revenue (T,) in minor units."""
        at = np.arange(len(revenue), dtype=float)
        if self.course is not None:
            cost = self.course.over(at, revenue / MINOR)
        else:
            cost = self.mean * (1 + assumptions.value("cost_inflation")) ** ((at - self.middle) / self.year)
        return to_minor(cost * (1 + assumptions.value("operating_cost_pct")))

    def later(self, periods: int) -> OperatingCost:
        """The same course, told from a first open month that lies `periods` later."""
        course = self.course and replace(self.course, level=self.course.level + self.course.drift * periods)
        return replace(self, middle=self.middle - periods, course=course)

    def is_assumed(self, assumptions: Assumptions) -> bool:
        """Whether it rests on an inflation that nobody has set."""
        return self.course is None and ("cost_inflation", "") not in assumptions

    def in_words(self, assumptions: Assumptions) -> str:
        """Which way was taken and why, in a sentence or two."""
        if self.course is not None and self.proof is not None:
            drift = self.course.drift * self.year / self.mean
            text = worded(
                f"Estimated on {how_many(self.known, 'months')} of the ledger: a level that drifts by "
                f"{percent_signed(drift, 1)} a year, and {percent(self.course.share, 1)} of revenue. "
                f"{_tried(self.proof)}",
                counted=True,
            )
        else:
            rate = assumptions.value("cost_inflation")
            assumed = "an assumed " if self.is_assumed(assumptions) else ""
            why = (
                worded(
                    f"an estimate needs {how_many(self.needed, 'months')} of the ledger to be proven, "
                    f"which has {self.known}.",
                    counted=True,
                )
                if self.proof is None
                else f"an estimate on the ledger came not clearly nearer. {_tried(self.proof)}"
            )
            text = f"The mean of the last year known, rising by {assumed}{percent(rate, 1)} a year: {why}"
        if self.own_spend:
            share = self.own_spend / (self.mean + self.own_spend)
            text += (
                f" {percent(share, 1)} is taken off: launches and initiatives spent it, and book their own spend."
            )
        return text


def _tried(proof: CostProof) -> str:
    """What the years tried say, in a sentence."""
    return worded(
        f"Tried from {how_many(proof.years, 'closed months')} on, each for the year after it, the "
        f"estimate missed its "
        f"cost by {percent(proof.error, 1)}, and the trailing mean, which was short in {proof.short} of them, by "
        f"{percent(proof.trailing_error, 1)}."
    )


def estimate_operating_cost(inputs: Inputs) -> OperatingCost | None:
    """The ledger's other operating cost and how it goes on; None where the ledger has none of closed months."""
    ledger, calendar, year = inputs.ledger, inputs.calendar, inputs.calendar.year
    if ledger is None or "operating_cost" not in ledger.actual:
        return None
    months = calendar.history(max(-calendar.position(ledger.months[0]), 0))
    cost = Labelled(ledger.actual["operating_cost"], month=ledger.months).on(month=months).values
    if not np.isfinite(cost).any():
        return None
    at = np.arange(-len(months), 0, dtype=float)
    sold = Labelled(sold_amounts(inputs, "revenue") / MINOR, month=inputs.history.months)
    revenue = sold.on(month=months).values
    spent = spent_before(inputs, len(months))
    if not _holds_spend(cost, at, revenue, spent):
        spent = np.zeros(len(months))
    last = np.flatnonzero(np.isfinite(cost))[-year:]
    proof = prove_course(cost - spent, at, revenue, year)
    return OperatingCost(
        mean=float((cost - spent)[last].mean()),
        middle=float(at[last].mean()),
        known=int(np.isfinite(cost).sum()),
        needed=_needed(year),
        year=year,
        course=fit_course(cost - spent, at, revenue, year) if proof is not None and proof.holds else None,
        proof=proof,
        own_spend=float(spent[last].mean()),
    )


def spent_before(inputs: Inputs, periods: int) -> Floats:
    """What launches and initiatives spent in the last closed `periods` (periods,), currency.

    The tables say how much of each until now, not when: it is spread evenly since its first gate or milestone,
    as what is left is planned evenly to the last; over the last year where none has passed. What has passed its
    last one spent nothing after it.
    """
    spent = np.zeros(periods)
    at = np.arange(-periods, 0)
    projects = [(launch.gates, launch.spent) for launch in inputs.launches or ()]
    projects += [(initiative.milestones, initiative.spent) for initiative in inputs.initiatives or ()]
    for gates, amount in projects:
        first, last = _spending_span(gates, inputs.calendar.year)
        spent[(at >= first) & (at <= last)] += amount / (last - first + 1)
    return spent


def _spending_span(gates: tuple[Gate, ...], year: int) -> tuple[int, int]:
    """First and last closed period in which a project spent what it has spent."""
    passed = [gate.forecast if gate.actual is None else gate.actual for gate in gates]
    first = min(passed, default=0)
    if first >= 0:
        return -year, -1
    ended = max(passed) if all(gate.actual is not None for gate in gates) else -1
    # A single milestone is an end or a beginning; it tells no span.
    return first, ended if first < ended < 0 else -1


def _holds_spend(cost: Floats, at: Floats, revenue: Floats, spent: Floats) -> bool:
    """Whether what launches and initiatives spent is within operating cost, unless its months clearly say no.

    They do where they are more even with it than without it, by more than chance: twice the logarithm of the
    likelihoods apart. In doubt it is taken off: it would be counted twice else.
    """
    if not spent.any():
        return False
    told = _tells(cost, revenue)
    rows = _rows(cost, revenue) if told else np.isfinite(cost)
    columns = _columns(at, revenue if told else None)[rows]
    with_it, without_it = (_unexplained(columns, values[rows]) for values in (cost, cost - spent))
    doubt = np.exp(_CLEAR / rows.sum())
    return bool(without_it <= doubt * with_it + _TIE * float(np.square(cost[rows]).sum()))


def _unexplained(columns: Floats, values: Floats) -> float:
    found = np.linalg.lstsq(columns, values, rcond=None)[0]
    return float(np.square(values - columns @ found).sum())


def _needed(year: int) -> int:
    """Months that a proof needs: a year and a half to fit on, a year ahead, and half a year of such years."""
    return 3 * year


def _columns(at: Floats, revenue: Floats | None) -> Floats:
    parts = [np.ones(len(at)), at, *([] if revenue is None else [revenue])]
    return np.column_stack(parts)


def _rows(cost: Floats, revenue: Floats) -> np.ndarray:
    return np.isfinite(cost) & np.isfinite(revenue)


def _tells(cost: Floats, revenue: Floats) -> bool:
    """Whether the revenue of most of the months with a cost is known."""
    return bool(2 * _rows(cost, revenue).sum() > np.isfinite(cost).sum())


def fit_course(cost: Floats, at: Floats, revenue: Floats, year: int) -> Course:
    """Drift and share by least squares over all known months, the level over the last year of them.

    All (H,); revenue has no share where it is not known, or where its share would not lie between 0 and 1.
    """
    if _tells(cost, revenue):
        rows = _rows(cost, revenue)
        _, drift, share = np.linalg.lstsq(_columns(at, revenue)[rows], cost[rows], rcond=None)[0].tolist()
        if 0.0 < share <= 1.0:
            last = np.flatnonzero(rows)[-year:]
            return Course(float((cost - drift * at - share * revenue)[last].mean()), drift, share)
    known = np.isfinite(cost)
    _, drift = np.linalg.lstsq(_columns(at, None)[known], cost[known], rcond=None)[0].tolist()
    last = np.flatnonzero(known)[-year:]
    return Course(float((cost - drift * at)[last].mean()), drift)


def prove_course(cost: Floats, at: Floats, revenue: Floats, year: int) -> CostProof | None:
    """The estimate against the trailing mean over every year ahead that is known, fitted on what came before.

    None where fewer than half a year's worth of such years can be tried. Revenue ahead is what came: the plan
    brings its own.
    """
    tried: list[tuple[float, float]] = []
    for origin in range(year + year // 2, len(cost) - year + 1):
        before, ahead = slice(origin), slice(origin, origin + year)
        known = cost[before][np.isfinite(cost[before])]
        came = float(cost[ahead].sum())
        if not np.isfinite(came) or came <= 0 or len(known) < year + year // 2:
            continue
        course = fit_course(cost[before], at[before], revenue[before], year)
        if course.share and not np.isfinite(revenue[ahead]).all():
            continue
        said = float(course.over(at[ahead], revenue[ahead]).sum())
        tried.append((said / came - 1, float(known[-year:].mean()) * year / came - 1))
    if len(tried) <= year // 2:
        return None
    own, trailing = np.array(tried).T
    return CostProof(
        len(tried),
        float(np.abs(own).mean()),
        float(own.mean()),
        float(np.abs(trailing).mean()),
        float(trailing.mean()),
        int((trailing < 0).sum()),
    )
