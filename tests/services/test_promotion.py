"""A scenario becomes the working plan in one act, with the consent of every owner or the CEO's ruling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sop.agreement.promotion import Consent, Promotion
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.terms import Function
from sop.services.planning.room import PlanningRoom
from sop.services.process import steps
from sop.services.scenarios import drafts, promotion
from sop.services.scenarios.live_changes import changes_since, read_moment
from sop.views.process.promotion_words import declined_sentence, promotion_sentence
from tests.companies import FIRST_OPEN
from tests.services.planned_company import SHORT, make_room

SALES, SUPPLY, FINANCE, CEO, COORDINATOR = (
    "head_of_sales", "head_of_supply", "head_of_finance", "executive", "coordinator",
)  # fmt: skip
WANTED = {"demand_pct": 0.05, "supply_pct": 0.9, "dso_days": 40.0}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanningRoom]:
    room = make_room(tmp_path_factory.mktemp("promotion"), replace(SHORT, history=8))
    yield room
    room.store.close()


def saved(room: PlanningRoom, who: str = SALES) -> int:
    draft = drafts.own_draft(room.store, who).id
    for key, value in WANTED.items():
        drafts.change_assumption(room.store, who, draft, key, value)
    return drafts.save_as(room.store, who, draft, "Push", "Does it pay to push?").id


def standing(room: PlanningRoom, scenario: int) -> Promotion:
    found = promotion.read_promotion(room.store, CEO, scenario)
    assert isinstance(found, Promotion)
    return found


def working(room: PlanningRoom) -> dict[tuple[str, str], float]:
    return dict(room.assumptions())


def test_with_the_last_consent_all_of_it_is_the_working_plan_at_once(room: PlanningRoom) -> None:
    scenario, store = saved(room), room.store
    before, moment = working(room), read_moment(room.store, FIRST_OPEN)
    asked = promotion.ask_owners(store, SALES, scenario, "The tender")
    assert asked is not None and asked.open == (Function.SUPPLY, Function.FINANCE), (
        "who asks consents to their own"
    )
    ((waiting, _),) = promotion.list_promotions(store, CEO)
    assert waiting.id == scenario
    with pytest.raises(Conflict, match="asked about 'Push' already"):
        promotion.ask_owners(store, COORDINATOR, scenario)
    left = promotion.consent(store, SUPPLY, scenario)
    assert left is not None and left.open == (Function.FINANCE,)
    assert working(room) == before, "nothing is half promoted"
    assert promotion_sentence(left, {SALES: "Bram"}) == (
        "Bram asks to make this the working plan (“The tender”); consented: Sales, Supply; "
        "still to consent: Finance."
    )
    assert promotion.consent(store, FINANCE, scenario) is None
    assert working(room) == before | {(key, ""): value for key, value in WANTED.items()}
    assert promotion.read_promotion(store, CEO, scenario) is None and not promotion.list_promotions(store, CEO)
    with pytest.raises(Conflict, match="nobody asks any more"):
        promotion.consent(store, SUPPLY, scenario)
    told = " ".join(changes_since(store, CEO, moment.entry))
    assert "“Push” is the working plan now." in told


def test_a_draft_is_saved_under_a_name_as_it_is_asked_for(room: PlanningRoom) -> None:
    store, draft = room.store, drafts.own_draft(room.store, SALES).id
    with pytest.raises(BadInput, match="changes nothing"):
        promotion.ask_owners(store, SALES, draft, name="Push")
    for key, value in WANTED.items():
        drafts.change_assumption(store, SALES, draft, key, value)
    with pytest.raises(BadInput, match="needs a name"):
        promotion.ask_owners(store, SALES, draft, name=" ")
    with pytest.raises(NotAllowed, match="private draft"):
        promotion.ask_owners(store, FINANCE, draft, name="Push")
    assert not [each for each in drafts.list_scenarios(store, SALES) if each.kind == "saved"], (
        "nothing is half done"
    )
    asked = promotion.ask_owners(store, SALES, draft, "The tender", "Push")
    assert asked is not None and asked.open == (Function.SUPPLY, Function.FINANCE)
    ((waiting, _),) = promotion.list_promotions(store, CEO)
    assert (waiting.id, waiting.name) == (asked.scenario_id, "Push")


def test_who_owns_nothing_of_it_has_no_voice_and_a_refusal_ends_it(room: PlanningRoom) -> None:
    scenario, store = saved(room), room.store
    promotion.ask_owners(store, COORDINATOR, scenario)
    assert standing(room, scenario).open == (Function.SALES, Function.SUPPLY, Function.FINANCE)
    for who in ("head_of_operations", "viewer", COORDINATOR):
        with pytest.raises(NotAllowed):
            promotion.consent(store, who, scenario)
    with pytest.raises(BadInput, match="who declines says why"):
        promotion.decline(store, SUPPLY, scenario, " ")
    promotion.decline(store, SUPPLY, scenario, "No steel")
    found = promotion.read_promotion(store, CEO, scenario)
    assert isinstance(found, Consent)
    assert declined_sentence(found, {}).startswith("head_of_supply declined for Supply: “No steel”")
    with pytest.raises(Conflict):
        promotion.consent(store, FINANCE, scenario)
    assert isinstance(promotion.ask_owners(store, SALES, scenario), Promotion), "it may be asked for anew"


def test_the_ceo_decides_over_owners_who_are_open_with_a_reason(room: PlanningRoom) -> None:
    scenario, store = saved(room), room.store
    promotion.ask_owners(store, SALES, scenario)
    with pytest.raises(NotAllowed, match="only the CEO decides over an owner"):
        promotion.rule_over_owners(store, FINANCE, scenario, "I want it")
    with pytest.raises(BadInput, match="needs a reason"):
        promotion.rule_over_owners(store, CEO, scenario, "")
    promotion.rule_over_owners(store, CEO, scenario, "The board decided")
    assert working(room)["dso_days", ""] == 40.0


def test_a_consent_holds_for_what_was_seen_and_for_nothing_else(room: PlanningRoom) -> None:
    scenario, store = saved(room), room.store
    promotion.ask_owners(store, SALES, scenario)
    promotion.consent(store, SUPPLY, scenario)
    drafts.change_assumption(store, SALES, scenario, "supply_pct", 0.8)
    assert standing(room, scenario).open == (Function.SUPPLY, Function.FINANCE), "it is another value by now"
    plan = drafts.working_scenario(store, SALES).id
    drafts.change_assumption(store, SALES, plan, "price_pct", 0.02, reason="A list")
    assert Function.SALES in standing(room, scenario).open, "the working plan moved in what sales owns"
    assert promotion.consent(store, FINANCE, scenario) is not None and working(room).get(("dso_days", "")) is None


def test_what_is_private_empty_or_late_is_refused_in_a_sentence(room: PlanningRoom) -> None:
    store = room.store
    draft = drafts.own_draft(store, SALES).id
    with pytest.raises(BadInput, match="is not saved, because owners have to see"):
        promotion.ask_owners(store, SALES, draft)
    same = drafts.save_as(store, SALES, draft, "Nothing").id
    with pytest.raises(BadInput, match="changes nothing"):
        promotion.ask_owners(store, SALES, same)
    scenario = saved(room)
    promotion.ask_owners(store, COORDINATOR, scenario)
    steps.set_cycle_plan(store, COORDINATOR, {}, 1, 0)
    with pytest.raises(Conflict, match="edits of the working plan ended"):
        promotion.consent(store, SUPPLY, scenario)
    promotion.rule_over_owners(store, CEO, scenario, "It cannot wait")
    assert working(room)["supply_pct", ""] == 0.9
