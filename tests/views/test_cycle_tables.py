"""The Cycle page's tables: what they say of steps that are over, on, and to come."""

from __future__ import annotations

from sop.agreement.cycle_steps import STEPS, CyclePlan
from sop.agreement.process_records import Submission
from sop.views.process.cycle_tables import StepFacts, steps_table


def submitted(now: str, *submissions: Submission) -> dict[str, object]:
    """What stands under *Submitted*, by step, while the cycle is at one."""
    names = {"olga": "Olga Brandt"}
    facts = StepFacts("2026-12", now, STEPS, CyclePlan(), submissions, (), (), "", 0, names, "2026-12-03")
    return {step: row[3] for step, row in zip(STEPS, steps_table(facts).rows, strict=True)}


def test_a_step_that_is_over_says_without_whom_and_only_others_have_open_marks() -> None:
    said = Submission(1, "2026-12", "supply", "operations", "olga", True, "", "2026-12-02T08:00:00Z", None)
    found = submitted("finance", said)
    assert found["demand"] == "moved on without Sales"
    assert found["supply"] == "✓ Operations (Olga Brandt, 2 Dec 2026) · moved on without Supply"
    assert (found["finance"], found["data"], found["executive"]) == ("○ Finance", "", "")
    assert submitted("data", said)["supply"] == "✓ Operations (Olga Brandt, 2 Dec 2026) · ○ Supply"
