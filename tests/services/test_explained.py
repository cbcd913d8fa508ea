"""Every figure of a plan can be taken apart: equal to the page's, rows by file and line, who set what and why."""

from __future__ import annotations

import pytest

from sop.analysis.explain.explain import NO_OPENING, ExplainedFigure, explainable
from sop.analysis.explain.parts import Place, value_at
from sop.core.errors import NotFound
from sop.core.measures import HEADLINES, MEASURES
from sop.core.terms import PlanName
from sop.services.agreement.plan_acts import propose_plan
from sop.services.analysis.explained import explain_card, explain_figure
from sop.services.planning.choices import View, list_views, read_view
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import change_assumption, working_scenario
from tests.companies import Shape
from tests.services.planned_company import make_room

CEO = "executive"
RICH = Shape(history=5, horizon=12, products=3, families=2)
YEAR = Place(first=0, last=11)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    """A company with every table, in whose working plan sales raised demand, and a proposal of it."""
    made = make_room(tmp_path_factory.mktemp("explained"), RICH)
    store = made.store
    working = working_scenario(store, "head_of_sales")
    change_assumption(store, "head_of_sales", working.id, "demand_pct", 0.05, reason="Campaign")
    propose_plan(made, "coordinator")
    return made


def view_of(room: PlanningRoom, place: int = 0) -> View:
    return read_view(room, CEO, list_views(room, CEO)[place])


def explain(room: PlanningRoom, key: str, where: Place = YEAR, view: View | None = None) -> ExplainedFigure:
    return explain_figure(room, CEO, room.input_set(), view or view_of(room), key, where)


def test_every_measure_of_the_plan_is_explained_by_a_formula_and_something_behind_it(room: PlanningRoom) -> None:
    plan = view_of(room).plan
    known = explainable(plan)
    assert len(known) > 45 and {entry.key for entry in known} <= {entry.key for entry in MEASURES}
    for entry in known:
        found = explain(room, entry.key).explanation
        assert found.value == value_at(plan, entry.key, YEAR), entry.key
        assert found.formula and (found.parts or found.leads_to or found.sources or found.assumptions), entry.key


def test_every_card_shows_its_own_figure_and_money_adds_up(room: PlanningRoom) -> None:
    view = view_of(room)
    for entry in HEADLINES:
        found = explain_card(room, CEO, room.input_set(), view, entry.key).explanation
        assert found.value == view.plan.headline[entry.key]
        assert found.exact or entry.key in ("lead_time", "on_time"), entry.key


def test_measures_of_the_page_come_first(room: PlanningRoom) -> None:
    assert explainable(view_of(room).plan, PlanName.INVENTORY)[0].plan is PlanName.INVENTORY


def test_a_figure_can_be_followed_to_one_family_region_and_month(room: PlanningRoom) -> None:
    plan = view_of(room).plan
    whole = explain(room, "revenue").explanation
    assert [part.label for part in whole.parts] == list(plan.names("revenue")) and whole.exact
    family, region = plan.names("revenue")[0], plan.names("revenue", 1)[0]
    year = explain(room, "revenue", Place(family, region, first=0, last=11)).explanation
    assert len(year.parts) == 12 and year.exact
    units, price = explain(room, "revenue", Place(family, region)).explanation.parts
    assert (units.key, price.sign) == ("shipments", "×")


def test_the_variances_behind_the_margin_add_up_to_the_cent(room: PlanningRoom) -> None:
    found = explain(room, "period_variance").explanation
    assert found.exact and "Labour" in [part.label for part in found.parts]


def test_rows_are_named_by_their_file_and_line(room: PlanningRoom) -> None:
    (sales,) = explain(room, "baseline_forecast").explanation.sources
    assert (sales.table, sales.rows[0].file) == ("sales_actuals", "sales_actuals.csv")
    frame_line = sales.rows[0].line
    assert frame_line is not None and frame_line >= 2, "the first line of a file is its header"


def test_an_assumption_names_its_owner_reason_and_who_set_it(room: PlanningRoom) -> None:
    found = explain(room, "consensus_demand")
    (used,) = (each for each in found.explanation.assumptions if each.entry.key == "demand_pct")
    assert (used.value, used.reason, used.entry.owner.title) == (0.05, "Campaign", "Sales")
    assert found.setters["demand_pct", ""].by == "Head of sales"


def test_a_frozen_plan_keeps_reasons_and_rows_and_says_what_it_does_not_keep(room: PlanningRoom) -> None:
    frozen = view_of(room, 1)
    assert frozen.record is not None
    found = explain(room, "consensus_demand", view=frozen)
    (used,) = (each for each in found.explanation.assumptions if each.entry.key == "demand_pct")
    assert used.reason == "Campaign" and found.setters == {} and found.not_kept == ()
    cash = explain(room, "cash", view=frozen)
    assert cash.not_kept == (NO_OPENING,) and not cash.explanation.exact
    assert cash.explanation.sources[0].table == "financials"


def test_what_the_plan_has_not_is_refused(room: PlanningRoom) -> None:
    with pytest.raises(NotFound, match="no family 'Nowhere'"):
        explain(room, "inventory", Place("Nowhere"))
