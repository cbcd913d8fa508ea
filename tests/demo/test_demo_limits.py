"""The demo in whole units keeps the hours of every line, the paint shop's and the suppliers' quantities."""

import numpy as np

from data.demo.generator.demo_company import demo_company
from sop.core.calendar import Calendar
from sop.core.register import Assumptions
from sop.demand.forecast import forecast_company
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.supply import supply_of

FIRST_OPEN = "2026-12"


def test_no_line_month_of_the_demo_is_planned_above_its_hours():
    """12 were, by up to 2.3 hours, because a plan in parts of a unit fills the line and units are whole."""
    tables = demo_company(FIRST_OPEN).tables_known_at(FIRST_OPEN)
    inputs = assemble(tables, Calendar(FIRST_OPEN), company="demo")
    planner = Planner(inputs, forecast_company(inputs, by_product=False))
    for change in ({}, {("demand_pct", ""): 0.1}, {("capacity_pct", ""): -0.1}):
        plan = planner.build(Assumptions(change))
        supply = supply_of(plan)
        assert supply is not None
        above = plan["load_hours"] - plan["capacity_hours"] - plan["relief_hours"]
        assert above.max() <= 0.01  # hours are told to a hundredth
        assert supply.whole.excess == ()
        need = plan["material_need"] - np.floor(supply.problem.material_supply + supply.relief["material"] + 1)
        assert need.max() <= 0
