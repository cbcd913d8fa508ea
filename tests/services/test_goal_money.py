"""What a signed plan promised of a goal in money is that plan, planned again as it was signed, less it without."""

from __future__ import annotations

from pathlib import Path

from sop.core.register import Assumptions
from sop.services.agreement import plan_acts
from sop.services.analysis.goals import goals_job, promised_money
from sop.services.background import BackgroundJob
from sop.services.company.cycle import roll_forward
from sop.services.demo.personas import sign_by_all, waive_red
from sop.services.scenarios.drafts import change_assumption, working_scenario
from tests.companies import FIRST_OPEN
from tests.services.planned_company import make_room


def test_a_signed_plans_promise_is_what_it_was_when_the_initiative_is_stopped_since(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    inputs = room.input_set()
    (name, goal) = next((item.name, item.goal) for item in inputs.inputs.initiatives or ())
    stop = ("initiative_confidence", name)
    now, without = room.plan(Assumptions()), room.plan(Assumptions({stop: 0.0}))
    profit = now["ebit"] - without["ebit"] + now["initiative_cost"] - without["initiative_cost"]
    assert profit.any()
    waive_red(room, FIRST_OPEN)
    sign_by_all(room.store, plan_acts.propose_plan(room, "coordinator").id)
    with room.store.write(by="coordinator", role="coordinator") as tx:
        roll_forward(tx)
    working = working_scenario(room.store, "executive").id
    change_assumption(room.store, "executive", working, stop[0], 0.0, scope=name, reason="It is stopped")
    following = room.input_set()
    found = promised_money(room, following, room.assumptions())
    signed = found[FIRST_OPEN][goal]
    assert list(signed.profit) == list(now.months) and list(signed.profit.values()) == profit.astype(int).tolist()
    assert list(signed.cash.values()) == (now["cash"] - without["cash"]).astype(int).tolist()
    assert not any(found[following.cycle.first_open][goal].profit.values()), "it promises nothing any more"
    kept = goals_job(room, following, room.assumptions())
    assert not isinstance(kept, BackgroundJob) and kept == found, "read back as it was kept"
