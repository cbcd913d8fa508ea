"""The sign-off as a state machine: who may act when, what comes of it, and what no order of acts brings about."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.agreement.acts import (
    Act,
    Actor,
    Decide,
    Propose,
    Return,
    Sign,
    SignatureGiven,
    SignOffEvent,
    StateChanged,
    Withdraw,
    permission_for,
)
from sop.agreement.gate import GateLine
from sop.agreement.ground_rules import GroundRules, checked_rules
from sop.agreement.plan_states import SignOff, Standing, apply
from sop.agreement.records import PlanEvent, PlanRecord, Signature, Waiver, first_to_look_at, latest_proposal
from sop.core.errors import BadInput, Conflict, NotAllowed, SopError
from sop.core.terms import Function, Role

CYCLE, AT = "2026-12", "2026-12-01T09:30:00.000000Z"
RED = GateLine("red", "stock_identity", "inventory does not add up").fields()
RED_BEFORE = {"level": "error", "rule": "stock_identity", "text": "inventory does not add up.", "count": 1}
"""The same line as plans keep it that were signed before the gate had lines."""

PEOPLE = {role.value: Actor(role.value, role.title, role, "demo persona") for role in Role}
SALES, OPERATIONS, FINANCE, CEO, COORDINATOR, VIEWER = (
    PEOPLE[role.value]
    for role in (
        Role.HEAD_OF_SALES,
        Role.HEAD_OF_OPERATIONS,
        Role.HEAD_OF_FINANCE,
        Role.EXECUTIVE,
        Role.COORDINATOR,
        Role.VIEWER,
    )
)
SIGNERS = {role.function.value: PEOPLE[role.value] for role in Role if role.function}
THREE = GroundRules("ceo", ("sales", "operations"))
"""Sales and Operations are named, and the CEO chairs."""
TWO_OF_THREE = GroundRules("coalition", ("sales", "operations", "finance"), quorum=2)


@dataclass
class Desk:
    """What a store would hold: the plans of a cycle, what became of them, and who signed."""

    rules: GroundRules = THREE
    findings: list[dict] = field(default_factory=list)
    waivers: tuple[Waiver, ...] = ()
    today: str = "2026-12-01"
    open_cycle: str = CYCLE
    plans: list[PlanRecord] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    events: list[PlanEvent] = field(default_factory=list)
    contents: dict[int, bytes] = field(default_factory=dict)

    def standing(self, plan_id: int) -> Standing:
        agreed = [event.plan_id for event in self.events if event.state == "agreed"]
        return Standing(
            SignOff(
                self.plans[plan_id - 1],
                self.rules,
                tuple(s for s in self.signatures if s.plan_id == plan_id),
                tuple(event for event in self.events if event.plan_id == plan_id),
            ),
            self.contents[plan_id],
            tuple(self.plans),
            self.plans[agreed[-1] - 1] if agreed else None,
            self.open_cycle,
            self.waivers,
            self.today,
        )

    def act(self, plan_id: int, act: Act, by: Actor) -> tuple[SignOffEvent, ...]:
        found = apply(self.standing(plan_id), act, by)
        for event in found:
            self._keep(event, by)
        return found

    def _keep(self, event: SignOffEvent, by: Actor) -> None:
        if isinstance(event, SignatureGiven):
            self.signatures.append(Signature(**vars(event), id=len(self.signatures) + 1, at=AT))
            return
        place = event.plan_id - 1
        self.plans[place] = replace(self.plans[place], state=event.state)
        self.events.append(PlanEvent(len(self.events) + 1, event.plan_id, event.state, by.id, AT, event.reason))

    def draft(self, by: Actor = COORDINATOR) -> int:
        number = len(self.plans) + 1
        content = json.dumps({"revision": number, "gate": {"findings": self.findings}}).encode()
        digest = hashlib.sha256(content).hexdigest()
        self.plans.append(PlanRecord(number, CYCLE, number, "", digest, by.id, AT, None, None, "0", "draft"))
        self.contents[number] = content
        return number

    def propose(self) -> int:
        number = self.draft()
        self.act(number, Propose(number), COORDINATOR)
        return number

    def digest(self, plan_id: int) -> str:
        return self.plans[plan_id - 1].digest

    def sign(self, plan_id: int, by: Actor, meaning: str = "approve", comment: str = "why") -> tuple:
        return self.act(plan_id, Sign(self.digest(plan_id), meaning, comment), by)

    def decide(self, plan_id: int, by: Actor, reason: str = "we hire in May") -> tuple:
        return self.act(plan_id, Decide(self.digest(plan_id), reason), by)

    def state(self, plan_id: int) -> str:
        return self.plans[plan_id - 1].state


def proposed(**how) -> Desk:
    """A desk with revision 1 up for signing."""
    desk = Desk(**how)
    desk.propose()
    return desk


def waiver(expiry: str) -> Waiver:
    return Waiver(1, CYCLE, None, "stock_identity", CEO.id, "known", expiry, AT)


def test_a_signature_says_who_signed_as_what_with_which_words_and_what_they_were_shown() -> None:
    desk = proposed()
    shown = desk.digest(1)
    assert desk.sign(1, SALES, "conditional", "if Brno hires two") == (
        SignatureGiven(
            1,
            "sales",
            "head_of_sales",
            "Head of sales",
            "head_of_sales",
            "conditional",
            "if Brno hires two",
            "demo persona",
            shown,
        ),
    )


def test_the_last_signature_that_is_needed_makes_the_plan_agreed() -> None:
    desk = proposed()
    for person in (SALES, OPERATIONS):
        assert len(desk.sign(1, person)) == 1
    signature, agreed = desk.sign(1, CEO)
    assert isinstance(signature, SignatureGiven)
    assert agreed == StateChanged(1, "agreed", "3 of 3 signatures")


def test_a_signature_on_a_condition_counts_and_one_that_dissents_does_not() -> None:
    desk = proposed()
    desk.sign(1, SALES, "conditional")
    desk.sign(1, OPERATIONS, "dissent")
    assert desk.standing(1).sign_off.given == 1
    assert len(desk.sign(1, CEO)) == 1
    assert desk.state(1) == "proposed"


def test_an_agreed_plan_supersedes_the_one_in_force() -> None:
    desk = proposed()
    for plan_id in (1, 2):
        if plan_id == 2:
            assert desk.propose() == 2
        for person in (SALES, OPERATIONS, CEO):
            events = desk.sign(plan_id, person)
    assert events[1:] == (
        StateChanged(2, "agreed", "3 of 3 signatures"),
        StateChanged(1, "superseded", "Dec 2026 revision 2 was agreed"),
    )


def test_a_new_revision_supersedes_the_proposal_and_leaves_its_signatures() -> None:
    desk = proposed()
    desk.sign(1, SALES)
    number = desk.draft()
    assert desk.act(number, Propose(2), COORDINATOR) == (
        StateChanged(1, "superseded", "revision 2 was proposed"),
        StateChanged(2, "proposed"),
    )
    assert [signature.plan_id for signature in desk.signatures] == [1]
    with pytest.raises(Conflict, match=r"coordinator prepared revision 2 at .*, revision 1 cannot be signed"):
        desk.sign(1, OPERATIONS)


def test_a_content_that_was_frozen_as_another_revision_is_not_proposed() -> None:
    desk = proposed()
    with pytest.raises(Conflict, match="somebody proposed a plan meanwhile"):
        desk.act(desk.draft(), Propose(1), COORDINATOR)


@pytest.mark.parametrize("by", [person for person in PEOPLE.values() if person.role is not Role.COORDINATOR])
def test_only_the_coordinator_proposes(by: Actor) -> None:
    desk = Desk()
    with pytest.raises(NotAllowed, match="may not freeze a plan"):
        desk.act(desk.draft(), Propose(1), by)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VIEWER, Role.ADMINISTRATOR])
def test_who_heads_no_function_cannot_sign(role: Role) -> None:
    with pytest.raises(NotAllowed, match="may not sign for the own function"):
        proposed().sign(1, PEOPLE[role.value])


def test_a_function_that_the_rules_do_not_name_is_not_asked() -> None:
    with pytest.raises(NotAllowed, match="the ground rules do not ask Head of finance to sign"):
        proposed().sign(1, FINANCE)


def test_who_prepared_a_plan_cannot_sign_it_whatever_they_are_now() -> None:
    desk = proposed()
    with pytest.raises(NotAllowed, match="who prepared a plan cannot sign it"):
        desk.sign(1, replace(SALES, id=COORDINATOR.id))


def test_a_function_signs_once_also_when_somebody_else_heads_it_by_now() -> None:
    desk = proposed()
    desk.sign(1, SALES)
    for person in (SALES, replace(SALES, id="petr", name="Petr")):
        with pytest.raises(Conflict, match=f"Head of sales signed for sales at {AT}"):
            desk.sign(1, person)


@pytest.mark.parametrize("meaning", ["conditional", "dissent"])
def test_a_condition_or_a_dissent_needs_words(meaning: str) -> None:
    with pytest.raises(BadInput, match="needs its words"):
        proposed().sign(1, SALES, meaning, " ")


def test_a_position_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="'perhaps' is not a meaning of a signature"):
        proposed().sign(1, SALES, "perhaps")


def test_what_was_not_shown_is_not_signed() -> None:
    desk = proposed()
    with pytest.raises(Conflict, match=r"the plan is not the one that was shown.* and 000000000000… was shown"):
        desk.act(1, Sign("0" * 64), SALES)


def test_a_content_that_was_altered_in_the_database_is_not_signed() -> None:
    desk = proposed()
    desk.contents[1] = desk.contents[1].replace(b"revision", b"Revision")
    with pytest.raises(Conflict, match="stored content of revision 1 does not match its digest"):
        desk.sign(1, SALES)


@pytest.mark.parametrize(("act", "state"), [(Return("no"), "returned"), (Withdraw("no"), "withdrawn")])
def test_a_plan_that_went_back_is_neither_signed_nor_sent_back_again(act: Act, state: str) -> None:
    desk = proposed()
    assert desk.act(1, act, COORDINATOR) == (StateChanged(1, state, "no"),)
    with pytest.raises(Conflict, match=f"revision 1 is {state}, it is not up for signing"):
        desk.sign(1, SALES)
    with pytest.raises(Conflict, match=f"revision 1 of Dec 2026 is {state}, it cannot become returned"):
        desk.act(1, Return("again"), SALES)


@pytest.mark.parametrize("state", ["returned", "withdrawn", "superseded"])
def test_a_closed_plan_cannot_be_proposed_again(state: str) -> None:
    desk = proposed()
    desk.plans[0] = replace(desk.plans[0], state=state)
    with pytest.raises(Conflict, match=f"is {state}, it cannot become proposed"):
        desk.act(1, Propose(1), COORDINATOR)


def test_an_agreed_plan_is_not_sent_back() -> None:
    desk = proposed()
    for person in (SALES, OPERATIONS, CEO):
        desk.sign(1, person)
    for act in (Return("late"), Withdraw("late")):
        with pytest.raises(Conflict, match="is agreed, it cannot become"):
            desk.act(1, act, SALES)


def test_only_who_prepared_or_signed_a_plan_withdraws_it() -> None:
    desk = proposed()
    with pytest.raises(NotAllowed, match="only who prepared or signed a plan can withdraw it"):
        desk.act(1, Withdraw("second thoughts"), SALES)
    desk.sign(1, SALES)
    assert desk.act(1, Withdraw(" tender lost "), SALES) == (StateChanged(1, "withdrawn", "tender lost"),)


@pytest.mark.parametrize("act", [Return(" "), Withdraw(""), Decide("0" * 64, " ")], ids=["back", "away", "over"])
def test_who_sends_a_plan_back_or_decides_over_a_dissent_says_why(act: Act) -> None:
    with pytest.raises(Conflict, match="reason"):
        proposed().act(1, act, CEO)


def test_the_permission_follows_the_act_and_who_prepared_withdraws_as_such() -> None:
    shown = "0" * 64
    assert permission_for(Sign(shown), Role.HEAD_OF_SALES) == "sign_plan"
    assert permission_for(Decide(shown, "so"), Role.EXECUTIVE) == "sign_plan"
    assert permission_for(Return("no"), Role.COORDINATOR) == "return_plan"
    assert permission_for(Withdraw("no"), Role.COORDINATOR) == "propose_plan"
    assert permission_for(Withdraw("no"), Role.HEAD_OF_SALES) == "sign_plan"


@pytest.mark.parametrize("act", [Sign("0" * 64), Return("no"), Withdraw("no")])
def test_a_plan_of_a_closed_cycle_is_history(act: Act) -> None:
    desk = proposed(open_cycle="2027-01")
    with pytest.raises(Conflict, match="the cycle Dec 2026 is closed, because its plans are history"):
        desk.act(1, act, COORDINATOR if isinstance(act, Withdraw) else SALES)


def dissented() -> Desk:
    """All have signed, and Operations dissents."""
    desk = proposed()
    desk.sign(1, OPERATIONS, "dissent", "too thin")
    desk.sign(1, SALES)
    desk.sign(1, CEO)
    return desk


def test_over_a_dissent_the_chair_decides_and_the_reason_names_who_dissents() -> None:
    desk = dissented()
    assert desk.standing(1).sign_off.chair_decides
    assert desk.decide(1, CEO) == (
        StateChanged(1, "agreed", "decided by CEO over the dissent of Operations: we hire in May"),
    )


def test_nobody_but_the_ceo_decides_over_a_dissent() -> None:
    with pytest.raises(NotAllowed, match="only the CEO decides over a dissent"):
        dissented().decide(1, SALES)


def test_the_chair_decides_on_what_was_shown() -> None:
    with pytest.raises(Conflict, match="not the one that was shown"):
        dissented().act(1, Decide("0" * 64, "so"), CEO)


@pytest.mark.parametrize("missing", [OPERATIONS, SALES, CEO])
def test_the_chair_decides_last_after_all_have_signed(missing: Actor) -> None:
    desk = proposed()
    for person in (SALES, OPERATIONS, CEO):
        if person is not missing:
            desk.sign(1, person, "approve" if person is CEO else "dissent")
    with pytest.raises(Conflict, match="no dissent to decide over"):
        desk.decide(1, CEO)


def test_a_chair_who_dissents_does_not_decide() -> None:
    desk = proposed()
    desk.sign(1, CEO, "dissent")
    desk.sign(1, SALES)
    desk.sign(1, OPERATIONS)
    with pytest.raises(Conflict, match="no dissent to decide over"):
        desk.decide(1, CEO)


def test_in_a_coalition_the_quorum_decides_in_spite_of_a_dissent() -> None:
    desk = proposed(rules=TWO_OF_THREE)
    desk.sign(1, OPERATIONS, "dissent")
    desk.sign(1, SALES)
    assert desk.sign(1, FINANCE)[1:] == (StateChanged(1, "agreed", "2 of 3 signatures"),)


def test_in_a_coalition_the_ceo_is_not_asked_and_decides_over_nobody() -> None:
    desk = proposed(rules=TWO_OF_THREE)
    with pytest.raises(NotAllowed, match="the ground rules do not ask CEO to sign"):
        desk.sign(1, CEO)
    desk.sign(1, SALES, "dissent")
    desk.sign(1, OPERATIONS, "dissent")
    desk.sign(1, FINANCE)
    with pytest.raises(Conflict, match="no dissent to decide over"):
        desk.decide(1, CEO)


@pytest.mark.parametrize(
    ("rules", "required", "needed"),
    [
        (GroundRules(), tuple(function.value for function in Function), 6),
        (THREE, ("sales", "operations", "ceo"), 3),
        (GroundRules("ceo", ("sales", "ceo"), quorum=1), ("sales", "ceo"), 2),
        (TWO_OF_THREE, ("sales", "operations", "finance"), 2),
        (GroundRules("coalition", ("sales", "finance")), ("sales", "finance"), 2),
    ],
)
def test_ground_rules_say_who_must_sign_and_how_many_make_a_plan_agreed(
    rules: GroundRules, required: tuple[str, ...], needed: int
) -> None:
    assert (rules.required, rules.needed) == (required, needed)


def test_ground_rules_are_kept_in_order_and_a_quorum_is_the_coalitions_alone() -> None:
    assert checked_rules(GroundRules("ceo", ("finance", "sales"), 5)) == GroundRules("ceo", ("sales", "finance"))
    with pytest.raises(BadInput, match="a quorum of 3 among 2 functions"):
        checked_rules(GroundRules("coalition", ("sales", "finance"), 3))


@pytest.mark.parametrize("frozen", [RED, RED_BEFORE])
def test_a_red_line_that_is_waived_no_more_stops_the_next_signature(frozen: dict) -> None:
    desk = proposed(findings=[frozen], waivers=(waiver("2026-12"),))
    desk.sign(1, SALES)
    desk.today = "2027-01-01"
    with pytest.raises(Conflict, match="inventory does not add up, because its waiver has expired"):
        desk.sign(1, OPERATIONS)


def test_a_red_line_stops_a_signature_before_its_words_are_read() -> None:
    desk = proposed(findings=[RED], waivers=(waiver("2026-12"),))
    desk.waivers = ()
    with pytest.raises(Conflict, match=r"the gate is red: .*, because nobody has waived it"):
        desk.sign(1, SALES, "dissent", "")


RULES_OF_LINES = ("stock_identity", "minimum_cash", "limit_exceeded")


def waiver_for(rule: str) -> Waiver:
    return Waiver(9, CYCLE, None, rule, CEO.id, "known", "2099-12", AT)


LINES = st.lists(
    st.builds(
        GateLine,
        st.sampled_from(["red", "amber", "info"]),
        st.sampled_from(RULES_OF_LINES),
        st.just("what was found"),
    ),
    max_size=4,
)
DAYS = st.dates(date(2026, 11, 1), date(2027, 3, 1)).map(str)
ENDS = st.one_of(DAYS, DAYS.map(lambda day: day[:7]))
WAIVERS = st.lists(st.tuples(st.sampled_from(RULES_OF_LINES), ENDS), max_size=4)


def holds(lines: list[GateLine], waivers: list[tuple[str, str]], today: str) -> bool:
    """Whether every red line has a waiver that has not ended: a month ends with its last day."""
    alive = {rule for rule, end in waivers if today <= (end if len(end) == 10 else f"{end}-31")}
    return all(line.rule in alive for line in lines if line.level == "red")


@settings(deadline=None, max_examples=300)
@given(lines=LINES, given_=WAIVERS, today=DAYS, later=DAYS)
def test_red_lines_stop_each_act_until_they_are_waived_and_again_once_the_waiver_has_expired(
    lines: list[GateLine], given_: list[tuple[str, str]], today: str, later: str
) -> None:
    waivers = tuple(
        Waiver(number, CYCLE, None, rule, CEO.id, "known", end, AT)
        for number, (rule, end) in enumerate(given_, start=1)
    )
    desk = Desk(findings=[line.fields() for line in lines], waivers=waivers, today=today)
    draft = desk.draft()
    attempts = [(Propose(draft), COORDINATOR)]
    attempts += [
        (Sign(desk.digest(draft), m, "why"), by) for by, m in ((SALES, "approve"), (OPERATIONS, "dissent"))
    ]
    attempts += [(Sign(desk.digest(draft)), CEO), (Decide(desk.digest(draft), "we know"), CEO)]
    for act, by in attempts:
        if holds(lines, given_, desk.today):
            desk.act(draft, act, by)
        else:
            before = desk.state(draft), len(desk.signatures)
            with pytest.raises(Conflict, match="the gate is red"):
                desk.act(draft, act, by)
            assert (desk.state(draft), len(desk.signatures)) == before
            # Somebody waives it, so that the next act can be tried.
            desk.waivers, waived = tuple(waiver_for(rule) for rule in RULES_OF_LINES), desk.waivers
            desk.act(draft, act, by)
            desk.waivers = waived
        desk.today = max(desk.today, later)
    assert desk.state(draft) == "agreed"


def test_the_plan_to_look_at_first_is_the_cycles_proposal_else_the_one_in_force() -> None:
    def plan(number: int, state: str) -> PlanRecord:
        return PlanRecord(number, CYCLE, number, "", str(number), "coordinator", AT, None, None, "0", state)

    newest_first = (plan(3, "returned"), plan(2, "agreed"), plan(1, "superseded"))
    assert latest_proposal(newest_first[:1]) is None
    assert [p.id for p in first_to_look_at(newest_first, None)] == [2, 3, 1]
    assert latest_proposal((plan(1, "agreed"), plan(2, "proposed"))) == plan(2, "proposed")
    assert [p.id for p in first_to_look_at(newest_first, newest_first[2])] == [1, 3, 2]


RULES = st.one_of(
    st.builds(
        GroundRules, st.just("ceo"), st.lists(st.sampled_from(list(SIGNERS)), min_size=1, unique=True).map(tuple)
    ),
    st.lists(st.sampled_from(list(SIGNERS)), min_size=1, unique=True).flatmap(
        lambda who: st.builds(GroundRules, st.just("coalition"), st.just(tuple(who)), st.integers(1, len(who)))
    ),
)
ORDERS = list(permutations(SIGNERS.values()))
POSITIONS = [
    {first: "conditional", second: "dissent"} if second else {first: "dissent"}
    for first, second in product(SIGNERS, (None, *SIGNERS))
]
"""Who does not simply approve: one dissents, or one has a condition and another dissents."""
ANYTHING = [
    (what, by, meaning, back)
    for what in ("sign", "decide", "propose", "return", "withdraw", "sign another")
    for by in (*SIGNERS.values(), COORDINATOR, VIEWER)
    for meaning in ("approve", "conditional", "dissent")
    for back in range(3)
]
Step = tuple[str, Actor, str, int]
STRAY = st.lists(st.sampled_from(ANYTHING), max_size=3)


def round_of(
    before: list[Step], order: int, positions: dict[str, str], decides: bool, after: list[Step]
) -> list[Step]:
    """Everybody signs in some order, the chair may decide, and anything may come before and after."""
    signing = [("sign", by, positions.get(by.role.function, "approve"), 0) for by in ORDERS[order]]
    chair = [("decide", CEO, "", 0)] if decides else []
    return [*before, *signing, *chair, *after, ("propose", COORDINATOR, "", 0)]


ROUND = st.builds(
    round_of,
    STRAY,
    st.integers(0, len(ORDERS) - 1),
    st.sampled_from([{}, *POSITIONS]),
    st.booleans(),
    STRAY,
)
STEPS = st.lists(ROUND, max_size=3).map(lambda rounds: [step for steps in rounds for step in steps])


def play(rules: GroundRules, steps: list[Step]) -> Desk:
    """A desk after people tried all that, each on the newest plan or one before; refusals change nothing."""
    desk = proposed(rules=rules)
    for what, by, meaning, back in steps:
        plan_id = max(1, len(desk.plans) - back)
        before = (list(desk.plans), list(desk.signatures), list(desk.events))
        try:
            if what == "propose":
                desk.propose()
            elif what == "sign":
                desk.sign(plan_id, by, meaning)
            elif what == "sign another":
                desk.act(plan_id, Sign("0" * 64), by)
            elif what == "decide":
                desk.decide(plan_id, by)
            else:
                desk.act(plan_id, Return("no") if what == "return" else Withdraw("no"), by)
            assert what != "sign" or before[0][plan_id - 1].state == "proposed", "only a proposal is signed"
        except SopError:
            assert before == (desk.plans, desk.signatures, desk.events), "a refused act changes nothing"
    return desk


def agreements(desk: Desk) -> list[tuple[SignOff, PlanEvent]]:
    """Every plan that was ever agreed as it stands, and how it came to be agreed."""
    events = [event for event in desk.events if event.state == "agreed"]
    return [(desk.standing(event.plan_id).sign_off, event) for event in events]


@settings(max_examples=300, deadline=None)
@given(RULES, STEPS)
def test_no_acts_make_a_plan_agreed_without_the_approvals_that_the_rules_require(
    rules: GroundRules, steps: list
) -> None:
    for sign_off, event in agreements(play(rules, steps)):
        signed = {s.function: s.meaning for s in sign_off.signatures}
        approved = {function for function, meaning in signed.items() if meaning != "dissent"}
        assert set(signed) <= set(rules.required)
        if rules.mode == "coalition":
            assert len(approved) >= rules.quorum
        elif approved != set(rules.required):
            assert set(signed) == set(rules.required) and "ceo" in approved
            assert event.by == CEO.id and event.reason.startswith("decided by CEO over the dissent of ")


@settings(max_examples=100, deadline=None)
@given(RULES, STEPS)
def test_nobody_signs_twice_for_a_function_or_what_they_prepared_or_were_not_shown(
    rules: GroundRules, steps: list
) -> None:
    desk = play(rules, steps)
    given_for = [(signature.plan_id, signature.function) for signature in desk.signatures]
    assert len(given_for) == len(set(given_for))
    for signature in desk.signatures:
        plan = desk.plans[signature.plan_id - 1]
        assert signature.person != plan.prepared_by
        assert signature.digest_shown == plan.digest
        assert SIGNERS[signature.function].id == signature.person


@settings(max_examples=100, deadline=None)
@given(RULES, STEPS)
def test_one_plan_is_in_force_and_one_is_up_for_signing_at_most(rules: GroundRules, steps: list[Step]) -> None:
    states = [plan.state for plan in play(rules, steps).plans]
    assert states.count("agreed") <= 1 and states.count("proposed") <= 1 and states.count("draft") == 0


@settings(max_examples=100, deadline=None)
@given(RULES, STEPS)
def test_the_same_acts_in_the_same_order_bring_about_the_same(rules: GroundRules, steps: list[Step]) -> None:
    assert play(rules, steps) == play(rules, steps)
