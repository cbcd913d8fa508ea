"""The gate's lines that follow from what is known beside a plan: decisions, exceptions, how past claims came true,
the cycle, who can sign, and what was signed on a condition before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sop.agreement.gate import GateLine
from sop.agreement.records import PlanRecord, Signature
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.exceptions import ReviewException
from sop.analysis.ranges.claims import Bias
from sop.core.calendar import Calendar, period_name, worded
from sop.core.format import MINUS, how_many, percent
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.core.scores import ALL, CONSENSUS, StepAccuracy
from sop.core.terms import Function, Role
from sop.core.words import Words, all_of

EXCEPTION_LIMIT = "exception_limit"
OFF_ONE_WAY = 4.0
"""A tracking signal beyond this is off one way too long to be luck."""
_BIAS_MONTHS = 6
"""Closed months from which a bias counts as proven."""
_TOLD_AS_CASH = "cash"
"""The kind of exception that the line of minimum cash tells."""


@dataclass(frozen=True)
class ProvenBias:
    """A figure that signed plans got wrong one way.

    `share` of what came (positive: too high), planned `ahead` months before, `over` closed months or signed plans
    in words. Whatever
    scores claims of signed plans tells the gate of its biases in this form.
    """

    figure: str
    where: str
    share: float
    ahead: int
    over: str
    owner: str


@dataclass(frozen=True)
class Condition:
    """A signature that was given on a condition: under which plan, and the signature."""

    plan: PlanRecord
    signature: Signature


@dataclass(frozen=True)
class CycleState:
    """Where the open cycle stands: its `step` of `steps`, and whether this company moves its cycles by steps.

    `strict`: whether it switched them on, so that one left open stops the plan, and so does an exception that
    nobody answered. `answered`: names of exceptions with an outcome in the meeting or an open task.
    """

    step: str
    steps: tuple[str, ...]
    in_use: bool
    strict: bool = False
    answered: frozenset[str] = frozenset()


NO_STEPS = CycleState("data", ("data",), in_use=False)
"""A company that plans and signs in one step."""


@dataclass(frozen=True)
class GateFacts:
    """What is known beside a plan. `nobody_signs`: functions that must sign and have nobody active."""

    decisions: Sequence[Decision]
    exceptions: Sequence[ReviewException]
    biases: Sequence[ProvenBias]
    cycle: CycleState
    nobody_signs: Sequence[str]
    conditions: Sequence[Condition]


def review_gate(plan: Plan, assumptions: Assumptions, facts: GateFacts) -> tuple[GateLine, ...]:
    """What the gate finds beside a plan."""
    money = plan.money.exact
    return (
        *decision_lines(facts.decisions, plan.calendar, money),
        *exception_lines(facts.exceptions, exception_limit(plan, assumptions), money, facts.cycle),
        *bias_lines(facts.biases),
        *step_lines(facts.cycle),
        *signer_lines(facts.nobody_signs),
        *condition_lines(facts.conditions),
    )


def decision_lines(decisions: Iterable[Decision], calendar: Calendar, money: Words) -> Iterator[GateLine]:
    """Recommended decisions whose last responsible month has come: undecided, because the plan is without them."""
    for decision in decisions:
        if decision.recommended and decision.last_month <= calendar.first_open:
            move = decision.move
            yield GateLine(
                "amber",
                "decision_due",
                f"{move.title}: to be decided by {period_name(decision.last_month)} and not in the plan; "
                f"{_worth(decision, money)} in {calendar.near_text}",
                move.name,
                "Take it into the plan, or refuse it, before signing",
                move.owner,
            )


def _worth(decision: Decision, money: Words) -> str:
    """What a decision brings: to EBIT, else to stock."""
    ebit = decision.effect.ebit_12_months
    name, value = ("EBIT", ebit) if ebit else ("inventory", decision.inventory)
    return f"{name} {'+' if value > 0 else MINUS}{money(abs(value))}"


def exception_limit(plan: Plan, assumptions: Assumptions) -> int | None:
    """Money at stake above which an exception stands at the gate, minor units; None where revenue is not known."""
    revenue = plan.headline.get("revenue")
    return None if revenue is None else round(assumptions.value(EXCEPTION_LIMIT) * revenue)


def exception_lines(
    exceptions: Iterable[ReviewException], limit: int | None, money: Words, cycle: CycleState = NO_STEPS
) -> Iterator[GateLine]:
    """Exceptions with more at stake than the limit; low cash has a line of its own.

    One that the meeting or a task answers is told no more; where the company works by steps it stops the plan.
    """
    if limit is None:
        return
    for found in exceptions:
        if found.at_stake > limit and found.kind != _TOLD_AS_CASH and exception_ref(found) not in cycle.answered:
            yield GateLine(
                "red" if cycle.strict else "amber",
                "exception",
                f"{found.sentence}: {money(found.at_stake)} at stake, above the limit of {money(limit)}",
                found.name,
                "Decide about it in the Executive review",
                found.owner,
            )


def exception_ref(found: ReviewException) -> str:
    """By what an exception is known from one plan to the next."""
    return f"{found.kind}|{found.name}"


def proven_biases(rows: Iterable[StepAccuracy]) -> tuple[ProvenBias, ...]:
    """Families whose consensus in signed plans was off one way too long to be luck, the largest share first."""
    found = [
        ProvenBias(
            "consensus demand",
            row.family,
            row.bias.value,
            row.lag,
            worded(how_many(row.months, "closed months"), counted=True),
            Function.SALES.title,
        )
        for row in rows
        if row.step == CONSENSUS
        and row.region == ALL
        and row.family != ALL
        and row.months >= _BIAS_MONTHS
        and abs(row.tracking_signal.value) > OFF_ONE_WAY
    ]
    return tuple(sorted(found, key=lambda bias: (-abs(bias.share), bias.where)))


def claimed_biases(biases: Iterable[Bias], company: str) -> tuple[ProvenBias, ...]:
    """Headline measures of the company that signed plans claimed with a bias."""
    return tuple(
        ProvenBias(
            bias.headline.label,
            company,
            bias.share,
            bias.ahead,
            f"{bias.same} of {how_many(bias.cycles, 'signed plans')}",
            _OWNERS[bias.headline.key].title,
        )
        for bias in biases
    )


_OWNERS = {
    "revenue": Function.SALES,
    "gross_margin": Function.FINANCE,
    "ebit": Function.FINANCE,
    "cash": Function.FINANCE,
    "inventory": Function.SUPPLY,
    "lead_time": Function.OPERATIONS,
    "on_time": Function.OPERATIONS,
}
"""Who answers for a headline measure that was planned with a bias."""


def bias_lines(biases: Iterable[ProvenBias]) -> Iterator[GateLine]:
    """Figures of this plan that signed plans got wrong one way."""
    for bias in biases:
        way = "too high" if bias.share > 0 else "too low"
        yield GateLine(
            "amber",
            "biased_figure",
            worded(
                f"{bias.where}: the signed {_inside(bias.figure)} was {percent(abs(bias.share), 1)} {way} "
                f"{how_many(bias.ahead, 'months')} ahead, over {bias.over}",
                counted=True,
            ),
            bias.where,
            "Take it as a correction, or say why the plan holds this time",
            bias.owner,
        )


def _inside(label: str) -> str:
    """A measure's name inside a sentence: 'Inventory' → 'inventory', 'EBIT' as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def step_lines(cycle: CycleState) -> Iterator[GateLine]:
    """Steps that come after the one at which the cycle stands; none where the company does not use steps."""
    left = cycle.steps[cycle.steps.index(cycle.step) + 1 :]
    if cycle.in_use and left:
        yield GateLine(
            "red" if cycle.strict else "amber",
            "cycle_step",
            f"The cycle stands at the step {cycle.step}; {all_of(left)} {'is' if len(left) == 1 else 'are'} open",
            cycle.step,
            "Finish the steps and move the cycle on",
            Role.COORDINATOR.title,
        )


def signer_lines(functions: Iterable[str]) -> Iterator[GateLine]:
    """Functions that the ground rules ask to sign and for which nobody can."""
    for function in functions:
        title = Function(function).title
        yield GateLine(
            "amber",
            "nobody_signs",
            f"{title} must sign and has nobody who can, so the plan cannot become agreed",
            title,
            "Let an administrator add somebody, or the CEO change the ground rules",
            Role.ADMINISTRATOR.title,
        )


def condition_lines(conditions: Iterable[Condition]) -> Iterator[GateLine]:
    """Conditions on which earlier plans were signed."""
    for condition in conditions:
        plan, given = condition.plan, condition.signature
        title = Function(given.function).title
        yield GateLine(
            "amber",
            "condition",
            f"{given.name} signed {period_name(plan.cycle)}, revision {plan.revision} for {title} on the "
            f"condition “{given.comment.strip()}”",
            title,
            "Say whether it is met before signing again",
            title,
        )


def table_lines(tables: Sequence[str]) -> Iterator[GateLine]:
    """Tables that were loaded anew since a plan was frozen, which signers are told of before they sign."""
    if tables:
        yield GateLine(
            "amber",
            "loaded_since",
            f"{all_of(tables)} changed since this plan was made; what is signed rests on the earlier content",
            tables[0],
            "Propose a new revision where it matters",
            Role.COORDINATOR.title,
        )
