"""What to decide: moves with what they bring, net of what they cost, the most lasting first.

A move is valued by planning again with it from the month in which it can take effect (`valuation`). It is
recommended where its cost is known, profit is higher to the horizon, and cash keeps its minimum or, where it does
not anyway, loses less than is earned; what only brings profit forward is timing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sop.analysis.decisions.lever_terms import LeverTerms
from sop.analysis.decisions.proposals import Move
from sop.analysis.effects import PlanEffect

MOST = 5
"""Decisions wanted at once; what is worth less waits."""
NOTICEABLE = 1e-4
"""What moves profit and cash by less than this share of revenue is left out."""

COST_NOT_KNOWN = "cost not known"
NOT_KNOWN = "profit is not known"
TIMING = "timing: it brings profit forward and gains none"
NO_GAIN = "no lasting gain"
ADDS_NOTHING = "adds nothing beside the others"
BREAKS_CASH = "breaks the minimum of cash"
TAKES_CASH = "takes more cash than it earns"


@dataclass(frozen=True)
class Decision:
    """A move with what it brings against the plan without it, net; money in minor units, `lead_time` in days.

    `cost`: what the move itself costs over the horizon, None where that is not known. `waiting`: profit to the
    horizon lost when it is in force a month later, None where that cannot be planned. `pays_off`: cases of low,
    planned and high demand in which it gains to the horizon. `why_not`: why it is not recommended, in words.
    `headline`: the change of every headline measure, None where either plan has no figure.
    `cash_short`: how far below its minimum cash falls with it, where it takes cash lower; None where it does not.
    """

    move: Move
    effect: PlanEffect
    cost: int | None
    revenue: int
    inventory: int
    lead_time: float
    last_month: str
    why_not: str = ""
    waiting: int | None = None
    pays_off: tuple[int, int] | None = None
    headline: Mapping[str, float | int | None] = field(default_factory=dict)
    cash_short: int | None = None

    @property
    def recommended(self) -> bool:
        """Whether it is worth doing, as far as it is known."""
        return not self.why_not

    def facts(self) -> dict[str, Any]:
        """The decision as plain data, to be kept."""
        return asdict(self)


def decision_of_facts(facts: Mapping[str, Any]) -> Decision:
    """A decision read back from plain data."""
    pays = facts["pays_off"]
    return Decision(
        **{
            **facts,
            "move": move_of_facts(facts["move"]),
            "effect": PlanEffect(**facts["effect"]),
            "pays_off": None if pays is None else (pays[0], pays[1]),
        }
    )


def move_of_facts(facts: Mapping[str, Any]) -> Move:
    """A move read back from plain data."""
    terms = {**facts["terms"], "assumed": tuple(facts["terms"]["assumed"])}
    return Move(**{**facts, "terms": LeverTerms(**terms)})


def why_not(terms: LeverTerms, effect: PlanEffect, cash_short: int | None) -> str:
    """Why a move with these terms, this effect and so much cash missing is not recommended; empty where it is."""
    if not terms.known:
        return COST_NOT_KNOWN
    if effect.ebit_horizon is None:
        return NOT_KNOWN
    if effect.lasts:
        return _cash_objection(effect, cash_short)
    return TIMING if effect.is_timing else NO_GAIN


def _cash_objection(effect: PlanEffect, cash_short: int | None) -> str:
    if not cash_short or effect.cash_low is None or effect.ebit_horizon is None:
        return ""
    if cash_short + effect.cash_low <= 0:
        return BREAKS_CASH
    return TAKES_CASH if -effect.cash_low > effect.ebit_horizon else ""


def choose_decisions(decisions: Iterable[Decision], revenue: float, most: int = MOST) -> tuple[Decision, ...]:
    """The decisions that do something: those recommended first, then by lasting profit, the most first."""
    least = NOTICEABLE * abs(revenue)

    def moves_something(decision: Decision) -> bool:
        effect = decision.effect
        known = (effect.ebit_12_months, effect.ebit_horizon, effect.cash_low)
        return any(value is not None and value != 0 and abs(value) >= least for value in known)

    def place(decision: Decision) -> tuple[bool, int, str]:
        return not decision.recommended, -(decision.effect.ebit_horizon or 0), decision.move.title

    return tuple(sorted(filter(moves_something, decisions), key=place)[:most])
