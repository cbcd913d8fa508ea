"""The gate's lines: each kind found and not found, on plans that are computed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.agreement.gate import GateLine, frozen_lines, gate_content, stopping, waiver_of, worst_first
from sop.agreement.identities import check_identities
from sop.agreement.records import PlanRecord, Signature, Waiver
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.exceptions import ReviewException
from sop.analysis.decisions.lever_terms import LeverTerms
from sop.analysis.decisions.proposals import Move
from sop.analysis.effects import PlanEffect
from sop.analysis.gate.plan_lines import (
    BEYOND_REPAIR,
    commitment_lines,
    limit_lines,
    limited_plans,
    low_cash_lines,
    people_lines,
    plan_gate,
    waiting_lines,
)
from sop.analysis.gate.review_lines import (
    Condition,
    CycleState,
    GateFacts,
    bias_lines,
    condition_lines,
    decision_lines,
    exception_limit,
    exception_lines,
    exception_ref,
    proven_biases,
    review_gate,
    signer_lines,
    step_lines,
    table_lines,
)
from sop.core.calendar import Calendar
from sop.core.findings import Finding
from sop.core.format import MoneyFormat
from sop.core.plan import Availability, Block, Plan, PlanDetail, StoredForecast
from sop.core.register import Assumptions
from sop.core.scores import ALL, CONSENSUS, NAIVE, Score, StepAccuracy
from sop.core.terms import PlanName
from sop.engine import build_plan
from sop.intake.assemble import assemble
from sop.supply import SupplyProblem, solve_supply
from sop.views.executive.gate_words import gate_sentence, told_lines
from tests.test_golden_company import tables as golden_tables
from tests.test_people import plan_with
from tests.tiny import tiny_inputs, tiny_plan

EUR = MoneyFormat("EUR", "k").exact
STEPS = ("data", "product", "demand", "supply", "finance", "executive")


def of_cash(cash: list[int], minimum: float = 0.0, months: int = 12, whole: bool = True) -> list[GateLine]:
    """Lines of a plan with that cash in currency at the end of each month, then always the last."""
    path = [100 * cash[min(t, len(cash) - 1)] for t in range(months)]
    paid = {"tax": 0} if whole else {}
    plan = tiny_plan(months, cash=np.array(path), **paid)
    assumptions = Assumptions({("minimum_cash", ""): minimum} if minimum else {})
    return list(low_cash_lines(plan, assumptions, EUR))


# -- cash


def test_cash_below_its_minimum_is_red_and_says_when_by_how_much_and_how_often() -> None:
    (line,) = of_cash([5_000, 3_000, 3_900, 6_000], minimum=4_000.0)
    assert (line.level, line.rule, line.owner) == ("red", "minimum_cash", "Finance")
    assert line.what == (
        "Cash falls to 3.00 k€ in Feb 2027, 1.00 k€ below the minimum of 4.00 k€ (2 of 12 months)"
    )
    assert line.remedy


@pytest.mark.parametrize("cash", [[4_000], [9_000, 4_000]])
def test_cash_at_its_minimum_is_no_line(cash: list[int]) -> None:
    assert of_cash(cash, minimum=4_000.0) == []


def test_without_a_minimum_cash_may_not_fall_below_nothing() -> None:
    assert of_cash([0]) == []
    (line,) = of_cash([1, -2])
    assert line.level == "red" and line.what.startswith("Cash falls to −2 € in Feb 2027, 2 € below")


def test_cash_below_its_minimum_after_twelve_months_is_amber() -> None:
    (line,) = of_cash([5_000] * 14 + [3_999], minimum=4_000.0, months=24)
    assert (line.level, line.rule) == ("amber", "minimum_cash")
    assert "in Mar 2028" in line.what and "1 € below the minimum" in line.what and "10 of 12 months" in line.what


def test_operating_cash_makes_no_claim_and_says_so() -> None:
    (told,) = of_cash([1, -2], whole=False)
    assert (told.level, told.rule) == ("info", "operating_cash")
    (asked,) = of_cash([1, -2], minimum=4_000.0, whole=False)
    assert asked.level == "amber" and "whether the minimum of 4.00 k€ is kept is not known" in asked.what
    assert list(low_cash_lines(tiny_plan(), Assumptions(), EUR)) == [], "nor does a plan without cash"


# -- limits


def loaded(hours: list[float], limit: float = 100.0) -> list[GateLine]:
    """Lines of a plan that was read back, with these hours on its one line."""
    plan = tiny_plan(load_hours=np.array([hours + [0.0] * (12 - len(hours))]), capacity_hours=limit)
    return list(limit_lines(plan, tiny_inputs()))


def test_a_plan_above_the_hours_of_a_line_says_where_and_how_far() -> None:
    (line,) = loaded([100.0, 100.6, 102.0, 99.0])
    assert (line.level, line.rule, line.owner) == ("amber", "limit_exceeded", "Operations")
    assert line.what == f"{line.where} is planned above its hours in 2 of 12 months, most in Mar 2027: " + (
        "2.0 h above 100 (2.0%)"
    )


def test_a_week_beyond_its_limit_is_judged_over_a_month_of_weeks() -> None:
    def of_weeks(hours: list[float]) -> GateLine:
        plan = tiny_plan(8, load_hours=np.array([hours]), capacity_hours=10.0, first="2027-W01")
        (line,) = limit_lines(plan, tiny_inputs())
        return line

    paid_back = of_weeks([10.0, 12.0, 8.0, 10.0, 10.0, 10.0, 10.0, 10.0])
    assert paid_back.level == "amber", "a unit begun in one week and finished in the next"
    assert paid_back.what.endswith("2.0 h above 10 (20.0%), 0.0% over 4 weeks")
    assert of_weeks([10.0, 12.0, 12.0, 12.0, 10.0, 10.0, 10.0, 10.0]).level == "red"


def test_hours_within_the_line_and_what_whole_units_add_are_no_line() -> None:
    assert loaded([100.0, 100.5, 3.0]) == []
    plan = tiny_plan(load_hours=50.0, capacity_hours=np.nan)
    assert list(limit_lines(plan, tiny_inputs())) == [], "a line without stated hours has no limit"


def test_hours_far_above_a_line_that_nobody_sells_are_red() -> None:
    at_most = 100 * (1 + BEYOND_REPAIR)
    assert [line.level for line in loaded([at_most])] == ["amber"]
    assert [line.level for line in loaded([at_most + 0.1])] == ["red"]
    (closed,) = loaded([8.0], limit=0.0)
    assert closed.level == "red" and "8.0 h above 0" in closed.what and "%" not in closed.what


def by_hand() -> Plan:
    """The company that is computed by hand."""
    inputs = assemble(golden_tables(), Calendar("2026-01", horizon=3), company="By hand")
    level = np.full((1, 1, 3), 10.0)
    forecast = StoredForecast("2026-01", level, level, level, level, level, level, ("by hand",))
    return build_plan(inputs, Assumptions(), forecast)


def test_the_company_by_hand_keeps_its_line_and_its_other_limits() -> None:
    assert list(limit_lines(by_hand(), tiny_inputs())) == []


def supplied(**problem: object) -> list[GateLine]:
    """Lines of a plan whose first month was agreed at ten bikes, by what its supply problem allows."""
    solved = solve_supply(
        SupplyProblem(
            families=("Bikes",), periods=("2027-01", "2027-02"), due=[[10, 10]], past_due_cost=5, lost_cost=100,
            holding_cost=1, lines=("press",), hours_per_unit=[[1.0]], agreed_production=[[[10, 10]]],
            frozen_periods=1, **problem,
        )
    )  # fmt: skip
    return list(limit_lines(replace(tiny_plan(2), detail=PlanDetail(supply=solved)), tiny_inputs()))


MOTORS = {"materials": ("Motor",), "material_use": [[1.0]]}
OVEN = {"shared": ("Oven",), "shared_hours_per_unit": [[1.0]]}


@pytest.mark.parametrize(
    ("problem", "words", "level"),
    [
        ({**MOTORS, "material_supply": [[8, 20]]}, "More Motor is used than its suppliers deliver", "red"),
        ({**MOTORS, "material_supply": [[8, 20]], "spot_premium": 3.0}, "2 units above 8 (25.0%)", "amber"),
        ({**OVEN, "shared_hours": [[9.0, 20]]}, "Oven is planned above its hours in 1 of 2 months", "red"),
    ],
)
def test_a_frozen_plan_above_another_limit_says_so(problem: dict, words: str, level: str) -> None:
    (line,) = supplied(**problem)
    assert words in line.what and line.level == level
    assert ("bought outside" in line.remedy) is ("spot_premium" in problem)


def test_a_frozen_plan_within_its_limits_has_no_line() -> None:
    assert supplied(**MOTORS, material_supply=[[10, 20]]) == []
    assert supplied(**OVEN, shared_hours=[[10, 20]], subcontract_limit=5.0, subcontract_cost=50.0) == []


# -- customers


def waiting(days: list[list[float]], target: tuple[float, float] = (0.0, 30.0)) -> list[GateLine]:
    fill = [[*row, *[row[-1]] * (12 - len(row))] for row in days]
    target_days = np.repeat([target], 12, axis=0).T
    plan = tiny_plan(customer_lead_time=np.array(fill), lead_time_target=target_days, due=[[[10]], [[2]]])
    return list(waiting_lines(plan))


def test_customers_who_wait_over_target_are_told_by_family_the_worst_first() -> None:
    bikes, cargo = waiting([[0.0, 4.0, 0.0], [30.0, 31.5, 33.0, 30.0]])
    assert bikes.what == (
        "Bikes: customers wait up to 4 days in Feb 2027, it is to be served from stock (over it in 1 of 12 months)"
    )
    assert cargo.what == (
        "Cargo: customers wait up to 33 days in Mar 2027, the target is 30 (over it in 2 of 12 months)"
    )
    assert [(line.level, line.where) for line in (bikes, cargo)] == [("amber", "Bikes"), ("amber", "Cargo")]


def test_a_wait_that_is_told_as_the_target_is_not_over_it_as_on_the_page_of_lead_times() -> None:
    assert not waiting([[0.0, 0.4, 0.0], [30.0, 30.5, 30.2]])
    (cargo,) = waiting([[0.0], [30.0, 30.4, 33.0, 30.0]])
    assert cargo.what.endswith("(over it in 1 of 12 months)")


def test_customers_at_target_and_plans_without_an_order_book_have_no_line() -> None:
    assert waiting([[0.0], [30.0]]) == []
    assert list(waiting_lines(tiny_plan())) == []


# -- people and what is bought


def test_who_would_go_is_told_by_plant_and_hires_are_information() -> None:
    _, plan = plan_with(4, 4, releases_allowed=2, notice_months=2, release_cost=100)
    (line,) = people_lines(plan)
    assert (line.level, line.rule, line.where) == ("amber", "releases", "Works")
    assert line.what == "Works: 3 people would go, the first in Mar 2026"
    _, plan = plan_with(0, 4, hire_lead_months=1)
    (line,) = people_lines(plan)
    assert (line.level, line.rule) == ("info", "hires") and "would be hired, the first in Feb 2026" in line.what


def test_a_plan_that_keeps_its_people_and_one_without_people_have_no_line() -> None:
    _, plan = plan_with(4, 4)
    assert list(people_lines(plan)) == [] == list(people_lines(tiny_plan()))


def test_people_of_a_first_month_that_is_not_known_are_said_not_to_be_known() -> None:
    before = tiny_plan(people=[[3.0] * 6 + [2.0] * 6])
    assert [(line.level, line.what) for line in people_lines(before)] == [
        ("amber", "Plant 1: how many people would go is not known".replace("Plant 1", before.names("people")[0])),
        (
            "amber",
            "Plant 1: how many people would be hired is not known".replace("Plant 1", before.names("people")[0]),
        ),
    ]


def test_what_signing_commits_to_buy_stands_in_one_line() -> None:
    plan = tiny_plan(purchases=1_000_00, capital_spending=np.array([5_000_000] + [0] * 11), overtime_hours=2.5)
    (line,) = commitment_lines(plan, EUR)
    assert line.level == "info"
    assert line.what == (
        "Signing commits the next 12 months to 30 hours of overtime, 12.0 k€ of purchases, "
        "50.0 k€ of capital spending"
    )
    assert list(commitment_lines(tiny_plan(), EUR)) == []


# -- identities, findings, what is missing


def test_a_plan_of_this_program_keeps_every_identity_and_a_changed_unit_breaks_one() -> None:
    plan, inputs = by_hand(), assemble(golden_tables(), Calendar("2026-01", horizon=3), company="By hand")
    assert check_identities(plan, inputs) == ()
    shipped = plan.blocks["shipments"]
    values = shipped.values.copy()
    values[0, 0, 1] += 1
    broken = replace(plan, blocks={**plan.blocks, "shipments": Block(values, shipped.names)})
    lines = check_identities(broken, inputs)
    assert {line.rule for line in lines} == {"stock_identity", "past_due_identity"}
    assert {line.level for line in lines} == {"red"} and {line.where for line in lines} == {"Cargo"}
    assert lines[0].what == "Cargo: inventory does not follow from its movements in Feb 2026 by -1"
    assert plan_gate(broken, inputs, Assumptions(), ())[0].level == "red"


def test_findings_of_data_and_of_the_plan_are_lines_once() -> None:
    late = Finding("warning", "stale", "the stock is a month old", "Load it anew", table="inventory", line=7)
    odd = Finding("note", "assumed", "two months are assumed", table="plants")
    inputs = assemble(golden_tables(), Calendar("2026-01", horizon=3), company="By hand")
    plan = replace(by_hand(), findings=(late, odd))
    lines = [line for line in plan_gate(plan, inputs, Assumptions(), (late,)) if line.rule in ("stale", "assumed")]
    assert [(line.level, line.rule, line.what, line.where, line.remedy) for line in lines] == [
        ("amber", "stale", "inventory line 7: the stock is a month old", "inventory line 7", "Load it anew"),
        ("info", "assumed", "plants: two months are assumed", "plants", ""),
    ]


def test_plans_that_are_missing_or_limited_are_information() -> None:
    states = {
        PlanName.SALES: Availability(True),
        PlanName.PRODUCTION: Availability(True, "unconstrained: no capacity loaded", ("capacity", "routings")),
    }
    (line,) = limited_plans(replace(tiny_plan(), availability=states))
    assert (line.level, line.where) == ("info", "Production")
    assert (line.what, line.remedy) == (
        "Production: unconstrained: no capacity loaded",
        "Import capacity, routings",
    )


# -- what is known beside the plan


def decision(ebit: int, last_month: str) -> Decision:
    terms = LeverTerms(lead_months=2)
    move = Move(
        "line", "Press 2", "capacity_pct", "Press 2", 0.0, 0.1, "More hours", "2027-03", terms, "Operations"
    )
    why_not = "" if ebit > 0 else "it costs more than it brings"
    return Decision(move, PlanEffect(ebit, ebit, None), 0, 0, 0, 0.0, last_month, why_not)


def test_recommended_decisions_whose_month_has_come_are_due() -> None:
    found = [decision(4_200_000, "2027-01"), decision(9_000, "2027-02"), decision(-9_000, "2027-01")]
    (line,) = decision_lines(found, Calendar("2027-01"), EUR)
    assert (line.level, line.rule, line.where, line.owner) == ("amber", "decision_due", "Press 2", "Operations")
    assert line.what == "More hours: to be decided by Jan 2027 and not in the plan; EBIT +42.0 k€ in 12 months"


def test_a_decision_that_moves_stock_alone_says_by_how_much() -> None:
    (line,) = decision_lines(
        [replace(decision(0, "2027-01"), inventory=-500_000, why_not="")], Calendar("2027-01"), EUR
    )
    assert line.what.endswith("; inventory −5.00 k€ in 12 months")


def exception(at_stake: int, kind: str = "late") -> ReviewException:
    return ReviewException(
        kind,
        "Cargo",
        "Cargo: up to 7 units past due (Apr 2027)",
        "",
        "Operations",
        PlanEffect(at_stake, None, None),
    )


def test_exceptions_above_the_limit_stand_at_the_gate_and_low_cash_only_once() -> None:
    plan = tiny_plan()
    limit = exception_limit(plan, Assumptions())
    assert limit == round(0.01 * 12 * 300_000), "one percent of the revenue of twelve months"
    assert exception_limit(plan, Assumptions({("exception_limit", ""): 0.5})) == 12 * 150_000
    found = (exception(limit), exception(limit + 1), exception(10 * limit, "cash"))
    (line,) = exception_lines(found, limit, EUR)
    assert line.what.startswith("Cargo: up to 7 units past due (Apr 2027): 0.36 k€ at stake, above the limit of")
    assert (line.level, line.owner) == ("amber", "Operations")


def test_where_revenue_is_not_known_there_is_no_limit_to_be_above() -> None:
    plan = replace(tiny_plan(), headline={"revenue": None})
    assert exception_limit(plan, Assumptions()) is None
    assert list(exception_lines([exception(5)], None, EUR)) == []


def judged(share: float, signal: float, months: int = 6, **other: str) -> StepAccuracy:
    said = {"step": CONSENSUS, "family": "Cargo", "region": ALL, **other}
    bias, off = Score(share, months), Score(signal, months)
    return StepAccuracy(
        **said, lag=3, months=months, wape=bias, bias=bias, tracking_signal=off, mase=off, added=None
    )


def test_where_steps_are_switched_on_an_exception_that_nobody_answered_stops_the_plan() -> None:
    found = [exception(500)]
    (line,) = exception_lines(found, 100, EUR, CycleState("executive", STEPS, in_use=True, strict=True))
    assert line.level == "red"
    said = frozenset({exception_ref(found[0])})
    answered = CycleState("executive", STEPS, in_use=True, strict=True, answered=said)
    assert list(exception_lines(found, 100, EUR, answered)) == []
    (left,) = step_lines(CycleState("demand", ("demand", "executive"), in_use=True, strict=True))
    assert left.level == "red" and "executive is open" in left.what


def test_figures_that_signed_plans_got_wrong_one_way_are_told_the_most_wrong_first() -> None:
    rows = [
        judged(0.05, 5.0),
        judged(-0.08, -6.0, family="Bikes"),
        judged(0.2, 4.0, family="Luck"),
        judged(0.2, 5.0, months=5, family="Too few"),
        judged(0.2, 6.0, step=NAIVE),
        judged(0.2, 6.0, region="North"),
        judged(0.2, 6.0, family=ALL),
    ]
    found = proven_biases(rows)
    assert [(bias.where, bias.share) for bias in found] == [("Bikes", -0.08), ("Cargo", 0.05)]
    first, second = bias_lines(found)
    assert first.what == "Bikes: the signed consensus demand was 8.0% too low 3 months ahead, over 6 closed months"
    assert "5.0% too high" in second.what
    assert {line.level for line in (first, second)} == {"amber"}


def test_steps_that_are_open_are_told_where_a_company_uses_them() -> None:
    (line,) = step_lines(CycleState("supply", STEPS, in_use=True))
    assert line.what == "The cycle stands at the step supply; finance and executive are open"
    assert list(step_lines(CycleState("executive", STEPS, in_use=True))) == []
    assert list(step_lines(CycleState("data", STEPS, in_use=False))) == []


def test_a_function_for_which_nobody_can_sign_is_told() -> None:
    (line,) = signer_lines(["finance"])
    assert line.what == "Finance must sign and has nobody who can, so the plan cannot become agreed"
    assert list(signer_lines([])) == []


def test_conditions_of_earlier_signatures_are_told_in_their_words() -> None:
    plan = PlanRecord(1, "2026-12", 2, "", "", "coordinator", "", None, None, "0", "agreed")
    given = Signature(
        1, "operations", "b", "Bo", "head_of_operations", "conditional", " if two start ", "", "", 1, ""
    )
    (line,) = condition_lines([Condition(plan, given)])
    assert line.what == "Bo signed Dec 2026, revision 2 for Operations on the condition “if two start”"
    assert (line.level, line.rule, line.owner) == ("amber", "condition", "Operations")


def test_tables_loaded_since_a_plan_was_made_are_told_before_it_is_signed() -> None:
    (line,) = table_lines(("orders", "products"))
    assert line.level == "amber" and line.what.startswith("orders and products changed since this plan was made")
    assert list(table_lines(())) == []


def test_everything_known_beside_a_plan_comes_together() -> None:
    facts = GateFacts(
        decisions=[decision(4_200_000, "2027-01")],
        exceptions=[exception(9_000_000)],
        biases=proven_biases([judged(0.05, 5.0)]),
        cycle=CycleState("supply", STEPS, in_use=True),
        nobody_signs=["finance"],
        conditions=[],
    )
    rules = [line.rule for line in review_gate(tiny_plan(), Assumptions(), facts)]
    assert rules == ["decision_due", "exception", "biased_figure", "cycle_step", "nobody_signs"]


# -- lines, waivers and words


LINES = (
    GateLine("info", "commitments", "signing commits to much"),
    GateLine("red", "limit_exceeded", "Press 2 is above its hours", "Press 2", "Plan less", "Operations"),
    GateLine("amber", "releases", "three would go", "Works"),
    GateLine("red", "limit_exceeded", "Press 3 is above its hours", "Press 3"),
)


def waiver(rule: str, expiry: str = "2027-03") -> Waiver:
    return Waiver(1, "2027-01", None, rule, "executive", "a shift on Saturday", expiry, "")


def test_a_waiver_names_one_line_or_a_rule_wherever_it_speaks() -> None:
    lines = worst_first(LINES)
    assert [line.level for line in lines] == ["red", "red", "amber", "info"]
    one, every = waiver("limit_exceeded: Press 2"), waiver("limit_exceeded")
    assert [line.where for line in stopping(lines, [one])] == ["Press 3"]
    assert stopping(lines, [every]) == ()
    assert waiver_of(lines[2], [waiver("releases")]) is None, "only what is red is waived"


def test_the_gate_in_words_says_whether_it_is_open_and_who_waived_what() -> None:
    lines = worst_first(LINES)
    assert gate_sentence(lines, ()) == "The gate is closed: 2 red, 1 amber, 1 for information."
    one = [waiver("limit_exceeded: Press 2")]
    assert gate_sentence(lines, one) == (
        "The gate is closed: 2 red (1 of them waived), 1 amber, 1 for information."
    )
    assert gate_sentence(lines, [waiver("limit_exceeded")]) == (
        "The gate is open: 2 red (waived), 1 amber, 1 for information."
    )
    assert gate_sentence((), ()) == "The gate is open: nothing red, 0 amber, 0 for information."
    told = told_lines(lines, one, {"executive": "Ingrid"})
    assert (told[0].state, told[0].note) == ("red, waived", "Waived by Ingrid until Mar 2027: a shift on Saturday")
    assert (told[1].state, told[2].what) == ("red", "Three would go")


def test_lines_come_back_from_what_is_frozen_also_from_plans_that_kept_findings() -> None:
    assert frozen_lines({"gate": gate_content(LINES, [])}) == LINES
    before = {"level": "warning", "rule": "stale", "text": "the stock is a month old. Load it.", "count": 2}
    assert frozen_lines({"gate": {"findings": [before]}}) == (
        GateLine("amber", "stale", "the stock is a month old. Load it"),
    )
