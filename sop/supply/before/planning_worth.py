"""What a unit is worth to the plan: its price and cost, or, where the tables are silent, the company's usual ones.

A price of nothing would make the plan serve nobody and say nothing. So a family whose price or cost is not known
is planned at the company's median margin, with a finding; its revenue and cost in the financial plan stay unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.findings import Finding
from sop.core.format import SYMBOLS, number
from sop.core.inputs import Bools, Floats

USUAL_COST_SHARE = 0.6
"""Cost as a share of price where the company has no family with both."""

LEAST_MARKUP = 1.25
"""A unit is never worth less than this times its cost: a sale below cost is leadership's to stop."""


@dataclass(frozen=True, eq=False)
class PlanningWorth:
    """Price and cost of one unit [F] that the plan is steered by, always above 0, and what had to be assumed."""

    price: Floats
    cost: Floats
    findings: tuple[Finding, ...]


UNKNOWN_MARKUP = 2.0
"""What is sold at a price that nobody knows is worth this times what serving it can cost: it is always served."""


def planning_worth(
    names: tuple[str, ...], price: Floats, cost: Floats, serving: Floats | float = 0.0, currency: str = ""
) -> PlanningWorth:
    """Price and cost [F] for planning from known ones; not-a-number or nothing counts as not known.

    `serving` [F]: what making or buying a unit costs at most, by the tables; `currency`: of what findings tell.
    Two chairs known at 100 and 60 and a table at 200 without a cost: the table is planned at a cost of 120.
    """
    has_price, has_cost = price > 0, cost > 0  # false for not-a-number
    both = has_price & has_cost
    share = float(np.median(cost[both] / price[both])) if both.any() else USUAL_COST_SHARE
    usual = float(np.median(price[has_price])) if has_price.any() else 1.0
    planned_price = np.where(has_price, price, np.where(has_cost, np.nan_to_num(cost) / share, usual))
    planned_price = np.where(has_price, planned_price, np.maximum(planned_price, UNKNOWN_MARKUP * serving))
    planned_cost = np.where(has_cost, cost, planned_price * share)
    return PlanningWorth(
        price=np.maximum(planned_price, LEAST_MARKUP * planned_cost),
        cost=planned_cost,
        findings=(
            *_assumed(names, "price", has_price, planned_price, bool(has_price.any()), currency),
            *_assumed(names, "cost", has_cost, planned_cost, bool(has_price.any()), currency),
            *_below_cost(names, both & (price < cost), price, cost, currency),
        ),
    )


def _below_cost(names: tuple[str, ...], found: Bools, price: Floats, cost: Floats, currency: str) -> list[Finding]:
    return [
        Finding(
            "note",
            "sold_below_cost",
            f"family {names[family]} sells at {_a_unit(price[family], currency)} and costs "
            f"{_a_unit(cost[family], currency)}; "
            "the plan serves it all the same",
            "Review its price, its cost, or whether to go on selling it",
            table="products",
        )
        for family in np.flatnonzero(found)
    ]


def _assumed(
    names: tuple[str, ...], what: str, known: Bools, planned: Floats, any_price: bool, currency: str
) -> list[Finding]:
    if not any_price:
        said = f"no {what} is known, so supply is planned as if every unit were worth serving"
        return [Finding("note", f"{what}_unknown", said, f"Load {what}s in products", table="products")]
    return [
        Finding(
            "warning",
            f"{what}_unknown",
            f"the {what} of family {names[family]} is not known; supply is planned as if it were "
            f"{_a_unit(planned[family], currency)}, at the company's usual margin",
            f"Load its {what} in products or sales_actuals",
            table="products",
        )
        for family in np.flatnonzero(~known)
    ]


def _a_unit(worth: float, currency: str) -> str:
    return f"{number(worth, 2)} {SYMBOLS.get(currency, currency)} a unit".replace("  ", " ")
