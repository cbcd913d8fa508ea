"""What the demo's department heads decided in past cycles: overrides and targets with their reasons.

Some helped and some did not, so that forecast value added and plan changes have something to tell. A value
stays in the working plan until it is changed or, with None, taken back.
"""

from __future__ import annotations

from dataclasses import dataclass

from sop.core.terms import Role
from sop.demo.supply_history import SUBCONTRACTED_FAMILY


@dataclass(frozen=True)
class PastChoice:
    """A change made `back` months before the open cycle; a value of None takes it back."""

    back: int
    role: Role
    key: str
    scope: str
    value: float | None
    reason: str


@dataclass(frozen=True)
class PastDecision:
    """What was decided `back` months before the open cycle: the value of an assumption from its lead time on.

    `kind` and `name` say of which limit it is more, as levers do. The demo's history has in it what it brought.
    """

    back: int
    role: Role
    kind: str
    name: str
    key: str
    before: float
    value: float
    title: str
    note: str


PAST_DECISIONS: tuple[PastDecision, ...] = (
    PastDecision(
        8,
        Role.HEAD_OF_SUPPLY,
        "subcontract",
        SUBCONTRACTED_FAMILY,
        "subcontract_pct",
        0.0,
        1.0,
        f"Let the partner build {SUBCONTRACTED_FAMILY}: all that its contract allows",
        "The first series passed; it frees the welding line for Heavy duty",
    ),
)

PAST_CHOICES: tuple[PastChoice, ...] = (
    PastChoice(
        8, Role.HEAD_OF_SUPPLY, "replenishment_days", "", 75.0, "Frames and motors take eleven weeks by sea"
    ),
    PastChoice(
        8,
        Role.HEAD_OF_SUPPLY,
        "stock_above_safety",
        "",
        0.2,
        "Dealers want a month of bikes, as we always held",
    ),
    PastChoice(
        8,
        Role.HEAD_OF_SUPPLY,
        "stock_above_safety",
        "Accessories",
        2.5,
        "Bought by the container, as we always held",
    ),
    PastChoice(
        8,
        Role.HEAD_OF_SUPPLY,
        "stock_above_safety",
        "Spare parts",
        2.7,
        "Promised for ten years, as we always held",
    ),
    PastChoice(
        8,
        Role.HEAD_OF_SUPPLY,
        "stock_above_safety",
        "Trike",
        3.9,
        "Five months of Trikes stay in stock for the city tender",
    ),
    PastChoice(
        8,
        Role.HEAD_OF_SUPPLY,
        "subcontract_pct",
        SUBCONTRACTED_FAMILY,
        0.0,
        "The partner's first series is being tested",
    ),
    PastChoice(8, Role.HEAD_OF_SALES, "demand_pct", "Longtail", 0.05, "Family magazine test won"),
    PastChoice(7, Role.HEAD_OF_SALES, "demand_pct", "Fleet", 0.08, "Two city tenders expected"),
    PastChoice(6, Role.HEAD_OF_SALES, "demand_pct", "Longtail", None, "The test effect is over"),
    PastChoice(5, Role.HEAD_OF_OPERATIONS, "overtime_share", "", 0.15, "Works council agreed to 15% until spring"),
    PastChoice(4, Role.HEAD_OF_SALES, "demand_pct", "Trike", -0.06, "Dealers report full stores"),
    PastChoice(3, Role.HEAD_OF_FINANCE, "dso_days", "", 42.0, "Direct debit for half of the dealers"),
    PastChoice(2, Role.HEAD_OF_SALES, "demand_pct", "Fleet", 0.03, "One tender went to a competitor"),
    PastChoice(1, Role.HEAD_OF_SALES, "demand_pct", "Front box", 0.02, "Autumn campaign with the largest dealer"),
    PastChoice(0, Role.HEAD_OF_SALES, "demand_pct", "Fleet", -0.04, "The second tender is postponed by a year"),
    PastChoice(
        0, Role.HEAD_OF_OPERATIONS, "overtime_share", "", 0.10, "The works council limits overtime from now on"
    ),
    PastChoice(
        0, Role.HEAD_OF_FINANCE, "dso_days", "", None, "Direct debit does not show in what dealers owe us yet"
    ),
    PastChoice(
        0, Role.HEAD_OF_FINANCE, "minimum_cash", "", 4_000_000.0, "The house bank's new loan has a covenant"
    ),
    PastChoice(0, Role.HEAD_OF_SUPPLY, "stock_above_safety", "Trike", None, "The city tender is off"),
    PastChoice(0, Role.HEAD_OF_SALES, "price_pct", "", 0.005, "List price rises by half a percent"),
)
