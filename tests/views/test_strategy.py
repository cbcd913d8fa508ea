"""Time lines of launches and initiatives."""

from __future__ import annotations

from sop.core.inputs import Gate, Initiative, Launch
from sop.core.register import Assumptions
from sop.views.portfolio.strip import build_strands
from tests.tiny import tiny_inputs


def robot(*milestones: Gate) -> Initiative:
    return Initiative("Robot", "Head of operations", "Output", 1.0, 0.0, 1.0, milestones, ())


def test_a_time_line_runs_from_its_first_milestone_to_its_last_as_now_expected() -> None:
    item = robot(Gate("Ordered", -3, -2, actual=-2), Gate("Accepted", 4, 6))
    (strand,) = build_strands(tiny_inputs(initiatives=(item,)), Assumptions(), {"Robot": 12_000})
    assert (strand.baseline_start, strand.baseline_end) == ("2026-10", "2027-05")
    assert (strand.start, strand.forecast_end) == ("2026-11", "2027-07")
    assert (strand.late, strand.slip_cost) == (2, 12_000)


def test_the_owners_own_slip_counts() -> None:
    slip = Assumptions({("initiative_slip_months", "Robot"): 3.0})
    (strand,) = build_strands(tiny_inputs(initiatives=(robot(Gate("Accepted", 4, 4)),)), slip, {})
    assert (strand.forecast_end, strand.late) == ("2027-08", 3)


def test_an_initiative_carries_the_health_of_its_rule() -> None:
    overdue = robot(Gate("Ordered", -1, -1), Gate("Accepted", 4, 4))
    (strand,) = build_strands(tiny_inputs(initiatives=(overdue,)), Assumptions(), {})
    assert (strand.late, strand.state) == (0, "late")
    stopped = Assumptions({("initiative_confidence", "Robot"): 0.0})
    assert build_strands(tiny_inputs(initiatives=(overdue,)), stopped, {})[0].state == "stopped"


def test_what_is_finished_or_has_no_dates_has_no_time_line() -> None:
    items = (robot(Gate("Accepted", -4, -4, actual=-3)), robot())
    assert build_strands(tiny_inputs(initiatives=items), Assumptions(), {}) == ()


def test_a_long_past_is_cut_where_the_drawing_begins_and_launches_come_first() -> None:
    launch = Launch("Trailer", 0, "", (0,), 1.0, 1.0, 1.0, "linear", None, 0.0, 0.0,
                    (Gate("Concept", -20, -20, actual=-20), Gate("Market", 5, 5)))  # fmt: skip
    inputs = tiny_inputs(launches=(launch,), initiatives=(robot(Gate("Accepted", 4, 4)),))
    first, _ = build_strands(inputs, Assumptions(), {})
    assert (first.name, first.baseline_start, first.late, first.slip_cost) == (
        "Trailer",
        "2026-07",
        0,
        None,
    )
