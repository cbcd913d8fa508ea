"""Levers in the amounts in which they come."""

from sop.supply import SupplyProblem, solve_supply, standard_levers


def shop(**changes) -> SupplyProblem:
    """70 due in January on a press that makes 50; 20 in February. A unit late costs 4 a month, a lost one 50."""
    fields = {
        "families": ("chairs",),
        "lines": ("press",),
        "periods": ("Jan", "Feb"),
        "due": [[70, 20]],
        "past_due_cost": 4,
        "lost_cost": 50,
        "revenue_per_unit": 50,
        "hours_per_unit": 2,
        "line_hours": 100,
        "variable_cost": 7,
        "holding_cost": 1,
    }
    return SupplyProblem(**{**fields, **changes})


def test_the_standard_levers_of_a_full_line_are_a_day_and_a_shift():
    levers = standard_levers(solve_supply(shop()), working_days=20)
    assert [(lever.name, lever.periods, lever.amount) for lever in levers] == [
        ("One more day of line press", (0,), 5.0),
        ("One more shift on line press", (0,), 160.0),
    ]


def test_a_lever_on_a_line_with_a_name_says_the_name():
    named = solve_supply(shop(called={"press": "Welding"}))
    assert [lever.name for lever in standard_levers(named)] == [
        "One more day of Welding",
        "One more shift on Welding",
    ]


def test_every_kind_of_limit_has_a_lever_in_its_own_amount():
    starved = shop(
        line_hours=1000,
        materials=("steel",),
        material_use=1,
        material_supply=[[40, 60]],
        subcontract_limit=5,
        subcontract_cost=8,
        plants=("north",),
        line_plant=0,
        labour_hours_per_unit=2,
        opening_people=0.8,
        people_max=0.8,
        hours_per_person=100,
    )
    levers = {lever.name: lever.amount for lever in standard_levers(solve_supply(starved))}
    assert levers == {
        "One more person at north": 1.0,
        "168 more overtime hours at north": 168.0,
        "One more lot of steel": 12.5,
        "One more month of subcontract for chairs": 5.0,
    }
