"""Several resources per family, limits on sales, stock limits and a closing stock: Williams' factory plan.

H. P. Williams, Model Building in Mathematical Programming, "Factory planning": profit 93,715 in six months.
"""

import numpy as np
import pytest

from sop.supply import SupplyProblem, solve_supply

MACHINES = ("grinding", "vertical drilling", "horizontal drilling", "boring", "planing")
HOURS = [
    [0.5, 0.1, 0.2, 0.05, 0.0],
    [0.7, 0.2, 0.0, 0.03, 0.0],
    [0.0, 0.0, 0.8, 0.0, 0.01],
    [0.0, 0.3, 0.0, 0.07, 0.0],
    [0.3, 0.0, 0.0, 0.1, 0.05],
    [0.2, 0.6, 0.0, 0.0, 0.0],
    [0.5, 0.0, 0.6, 0.08, 0.05],
]
MOST_SALES = np.array(
    [
        [500, 1000, 300, 300, 800, 200, 100],
        [600, 500, 200, 0, 400, 300, 150],
        [300, 600, 0, 0, 500, 400, 100],
        [200, 300, 400, 500, 200, 0, 100],
        [0, 100, 500, 100, 1000, 300, 0],
        [500, 500, 100, 300, 1100, 500, 60],
    ]
).T
IN_USE = np.array(
    [[3, 2, 3, 1, 1], [4, 2, 1, 1, 1], [4, 2, 3, 0, 1], [4, 1, 3, 1, 1], [3, 1, 3, 1, 1], [4, 2, 2, 1, 0]]
)
PROFIT = [10, 6, 8, 4, 11, 9, 3]


def test_the_factory_plan_earns_93_715():
    problem = SupplyProblem(
        families=tuple(f"product {i}" for i in range(1, 8)),
        periods=("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
        due=MOST_SALES,
        backlog_allowed=False,
        past_due_cost=0,
        lost_cost=PROFIT,
        revenue_per_unit=PROFIT,
        shared=MACHINES,
        shared_hours_per_unit=HOURS,
        shared_hours=(384 * IN_USE).T,
        holding_cost=0.5,
        max_inventory=100,
        closing_stock_target=50,
        closing_stock_price=np.inf,
    )
    plan = solve_supply(problem)
    assert plan.revenue - plan.total_cost == pytest.approx(93_715.18, abs=0.01)
    assert plan.inventory[:, -1].tolist() == pytest.approx([50] * 7)
    assert (plan.shipments <= MOST_SALES + 1e-6).all()
