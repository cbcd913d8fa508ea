"""Reading the supply plan out of the solved columns."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats
from sop.core.money import snap
from sop.supply.lp.columns import Columns
from sop.supply.lp.costing import price_flows
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.projection import project_flows
from sop.supply.lp.terms import PlanningTerms

_GRID = 1e-9
"""Two ways to one vertex differ by about 1e-11; on this grid they are the same number to the last bit."""


def read_plan(problem: SupplyProblem, terms: PlanningTerms, columns: Columns, values: Floats) -> SupplyPlan:
    """The plan that the solved column `values` describe.

    Only the decisions are read (what is made, bought and lost, and who is employed); all that follows from
    them is projected and priced by the same functions that cost a given plan.
    """
    sizes, at = problem.sizes, columns.at
    values = snap(np.maximum(values, 0.0), _GRID)
    production = np.zeros((sizes["F"], sizes["L"], sizes["T"]))
    production[columns.route_family, columns.route_line] = _with_more(values, columns, "make")
    subcontract = np.zeros((sizes["F"], sizes["T"]))
    subcontract[columns.bought] = _with_more(values, columns, "buy")
    lost = np.zeros((sizes["F"], sizes["T"]))
    lost[columns.losing] = values[at["lost"]]
    lost[columns.prompt] += values[at["unmet"]]
    bought, kept = np.zeros((2, sizes["M"], sizes["T"]))
    ahead = columns.limited_materials[columns.bought_ahead]
    bought[ahead], kept[ahead] = values[at["material_bought"]], values[at["material_stock"]]
    flows = project_flows(problem, terms, production, subcontract, lost, values[at["people"]], (bought, kept))
    return price_flows(problem, terms, flows)


def _with_more(values: Floats, columns: Columns, name: str) -> Floats:
    total = values[columns.at[name]]
    total[:, columns.slushy] += values[columns.at[f"{name}_more"]]
    return total
