"""What to decide: moves with what they bring, the ones that do something, the most worth first.

A move is valued by planning again with it (`sop.analysis.decisions.valuation`): what is shown is what the
Scenarios page shows after the change, as if it were in force from the first open month.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sop.analysis.decisions.proposals import Move

MOST = 5
"""Decisions wanted at once; what is worth less waits."""
NOTICEABLE = 1e-4
"""What is worth less than this share of revenue is left out."""


@dataclass(frozen=True)
class Decision:
    """A move with what it brings over the next twelve months, against the plan without it.

    Money in minor units; `lead_time` in days. `worth` is EBIT, and for a move
    of stock the carrying cost saved with it. `waiting`: EBIT change when the move is in force a month later,
    None where that cannot be planned. `pays_off`: cases of low, planned and high demand in which it adds EBIT.
    """

    move: Move
    ebit: int
    revenue: int
    inventory: int
    cash: int
    lead_time: float
    worth: int
    last_month: str
    waiting: int | None = None
    pays_off: tuple[int, int] | None = None

    @property
    def recommended(self) -> bool:
        """Yes where it is worth something."""
        return self.worth > 0

    def facts(self) -> dict[str, Any]:
        """The decision as plain data, to be kept."""
        return asdict(self)


def decision_of_facts(facts: Mapping[str, Any]) -> Decision:
    """A decision read back from plain data."""
    pays = facts["pays_off"]
    return Decision(
        **{**facts, "move": Move(**facts["move"]), "pays_off": None if pays is None else (pays[0], pays[1])}
    )


Headline = Mapping[str, float | int | None]


def value_move(
    move: Move, without: Headline, with_it: Headline, carrying_rate: float, first_open: str
) -> Decision:
    """What a move brings, from the headlines of the plans without and with it."""

    def change(key: str) -> float:
        before, after = without.get(key), with_it.get(key)
        return 0.0 if before is None or after is None else after - before

    # A company without operating cost has no EBIT: its gross margin moves by the same amount.
    ebit = round(change("ebit" if without.get("ebit") is not None else "gross_margin")) - move.cost
    inventory = round(change("inventory"))
    return Decision(
        move=move,
        ebit=ebit,
        revenue=round(change("revenue")),
        inventory=inventory,
        cash=round(change("cash")),
        lead_time=round(change("lead_time"), 1),
        worth=round(ebit - carrying_rate * inventory) if move.kind == "stock" else ebit,
        last_month=move.last_month(first_open),
    )


def choose_decisions(decisions: Iterable[Decision], revenue: float, most: int = MOST) -> tuple[Decision, ...]:
    """The decisions that do something, the most worth first, those that are not recommended last."""
    limit = NOTICEABLE * abs(revenue)
    kept = [decision for decision in decisions if abs(decision.worth) >= limit]
    return tuple(sorted(kept, key=lambda d: (-d.worth, d.move.title))[:most])
