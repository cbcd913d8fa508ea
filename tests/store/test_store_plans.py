"""Plans, their states, signatures and waivers."""

import hashlib
import threading

import pytest

from sop.core.errors import BadInput, Conflict, NotAllowed, NotFound, SopError
from sop.core.terms import Function
from sop.store import Store, people, plans, signatures
from sop.store.transaction import Transaction


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sign(tx: Transaction, plan_id: int, function: Function, shown: str, **options) -> signatures.Signature:
    options = {"meaning": "approve", "auth_method": "local", "digest_of": digest_of, **options}
    return signatures.sign_plan(tx, plan_id, function, digest_shown=shown, **options)


def add_revision(tx: Transaction, content: bytes) -> plans.Plan:
    plan = plans.add_plan(tx, "2026-12", content, digest_of(content), label="December", software_version="0.1.0")
    plans.add_plan_event(tx, plan.id, "proposed")
    return plan


def test_a_plan_keeps_its_content_byte_for_byte(company: Store, content: bytes) -> None:
    with company.read() as tx:
        assert plans.read_plan_content(tx, 1) == content
        plan = plans.read_plan_by_digest(tx, digest_of(content))
    assert plan is not None
    assert (plan.revision, plan.state, plan.prepared_by, plan.scenario_id) == (1, "proposed", "jana", 1)


def test_the_next_plan_of_a_cycle_is_the_next_revision(company: Store) -> None:
    with company.write() as tx:
        add_revision(tx, b"{}")
        assert [plan.revision for plan in plans.read_plans(tx, "2026-12")] == [1, 2]


def test_an_agreed_plan_is_in_force_until_the_next_one_supersedes_it(company: Store) -> None:
    with company.write(by="eva") as tx:
        assert plans.read_agreed_plan(tx) is None
        plans.add_plan_event(tx, 1, "agreed")
        second = add_revision(tx, b"{}")
        assert plans.read_agreed_plan(tx) == plans.read_plan(tx, 1)
        plans.add_plan_event(tx, 1, "superseded")
        plans.add_plan_event(tx, second.id, "agreed")
        assert plans.read_agreed_plan(tx) == plans.read_plan(tx, second.id)
        assert [(plan.id, plan.state) for plan in plans.read_agreed_plans(tx)] == [
            (1, "superseded"),
            (second.id, "agreed"),
        ]
        assert [plan.id for plan in plans.read_plans(tx, state="agreed")] == [second.id]


@pytest.mark.parametrize("state", ["returned", "withdrawn", "superseded"])
def test_a_closed_plan_cannot_be_opened_again(company: Store, state: str) -> None:
    with company.write() as tx:
        plans.add_plan_event(tx, 1, state, "for a reason")
        for after in ("proposed", "agreed"):
            with pytest.raises(Conflict, match=f"is {state}, it cannot become {after}"):
                plans.add_plan_event(tx, 1, after)
        assert [event.state for event in plans.read_plan_events(tx, 1)] == ["proposed", state]


def test_a_plan_that_does_not_exist_is_named(company: Store, content: bytes) -> None:
    with company.write(by="olga") as tx:
        for read in (plans.read_plan, plans.read_plan_content):
            with pytest.raises(NotFound, match="no plan 7"):
                read(tx, 7)
        with pytest.raises(NotFound, match="no plan 7"):
            sign(tx, 7, Function.SALES, digest_of(content))


def test_a_signature_holds_who_signed_as_what_and_what_they_saw(company: Store, content: bytes) -> None:
    shown = digest_of(content)
    with company.write(by="olga") as tx:
        sign(tx, 1, Function.SALES, shown, meaning="conditional", comment="if Brno hires two")
        at = tx.at
    with company.read() as tx:
        assert signatures.read_signatures(tx, 1) == (
            signatures.Signature(
                1,
                1,
                "sales",
                "olga",
                "Olga Nová",
                "head_of_sales",
                "conditional",
                "if Brno hires two",
                at,
                "local",
                shown,
            ),
        )


def test_the_role_on_a_signature_is_the_one_stored_at_that_moment(company: Store, content: bytes) -> None:
    with company.write(by="eva") as tx:
        people.save_person(tx, "olga", "Olga Nová", "executive")
    with company.write(by="olga", role="head_of_sales") as tx:
        assert sign(tx, 1, Function.CEO, digest_of(content)).role == "executive"


def test_a_function_signs_once(company: Store, content: bytes) -> None:
    with company.write(by="olga") as tx:
        sign(tx, 1, Function.SALES, digest_of(content))
    with company.write(by="petr") as tx, pytest.raises(Conflict, match="Olga Nová signed for sales"):
        sign(tx, 1, Function.SALES, digest_of(content))


def test_another_digest_than_the_plans_is_refused(company: Store) -> None:
    with company.write(by="olga") as tx, pytest.raises(Conflict, match="not the one that was shown"):
        sign(tx, 1, Function.SALES, digest_of(b"another plan"))


def test_a_newer_revision_refuses_the_signature_and_says_who_made_it(company: Store, content: bytes) -> None:
    with company.write(by="jana") as tx:
        add_revision(tx, b"{}")
    with company.write(by="olga") as tx, pytest.raises(Conflict, match="jana prepared revision 2"):
        sign(tx, 1, Function.SALES, digest_of(content))


def test_a_stored_content_that_no_longer_matches_its_digest_is_not_signed(company: Store, content: bytes) -> None:
    with company.write(by="olga") as tx, pytest.raises(Conflict, match="does not match its digest"):
        sign(tx, 1, Function.SALES, digest_of(content), digest_of=lambda _content: "another method")


@pytest.mark.parametrize("state", ["returned", "withdrawn", "agreed"])
def test_only_a_proposed_plan_is_signed(company: Store, content: bytes, state: str) -> None:
    with company.write() as tx:
        plans.add_plan_event(tx, 1, state)
    with company.write(by="olga") as tx, pytest.raises(Conflict, match=f"is {state}"):
        sign(tx, 1, Function.SALES, digest_of(content))


def test_who_may_no_longer_sign_in_cannot_sign(company: Store, content: bytes) -> None:
    with company.write(by="eva") as tx:
        people.save_person(tx, "olga", "Olga Nová", "head_of_sales", active=False)
    with company.write(by="olga") as tx, pytest.raises(NotAllowed, match="may no longer"):
        sign(tx, 1, Function.SALES, digest_of(content))


@pytest.mark.parametrize("meaning", ["conditional", "dissent"])
def test_a_condition_or_a_dissent_needs_words(company: Store, content: bytes, meaning: str) -> None:
    with company.write(by="olga") as tx, pytest.raises(BadInput, match="needs its words"):
        sign(tx, 1, Function.SALES, digest_of(content), meaning=meaning, comment=" ")


def test_of_two_signers_for_one_function_at_once_exactly_one_signs(company: Store, content: bytes) -> None:
    shown = digest_of(content)
    outcomes = together(
        company,
        ("olga", lambda tx: sign(tx, 1, Function.SALES, shown)),
        ("petr", lambda tx: sign(tx, 1, Function.SALES, shown)),
    )
    assert sorted(outcomes) == ["Conflict", "done"]
    with company.read() as tx:
        assert len(signatures.read_signatures(tx, 1)) == 1


def test_two_functions_signing_at_once_both_sign(company: Store, content: bytes) -> None:
    shown = digest_of(content)
    outcomes = together(
        company,
        ("olga", lambda tx: sign(tx, 1, Function.SALES, shown)),
        ("petr", lambda tx: sign(tx, 1, Function.OPERATIONS, shown)),
    )
    assert outcomes == ["done", "done"]


def test_a_signature_and_a_new_revision_at_once_never_leave_the_new_one_signed_unseen(
    company: Store, content: bytes
) -> None:
    outcomes = together(
        company,
        ("olga", lambda tx: sign(tx, 1, Function.SALES, digest_of(content))),
        ("jana", lambda tx: add_revision(tx, b"{}")),
    )
    with company.read() as tx:
        assert len(signatures.read_signatures(tx, 1)) == (outcomes[0] == "done")
        assert signatures.read_signatures(tx, 2) == ()
    assert outcomes[1] == "done"


def test_a_waiver_needs_a_reason_and_an_end(company: Store) -> None:
    with company.write(by="olga") as tx:
        with pytest.raises(BadInput, match="stale_data"):
            plans.add_waiver(tx, "2026-12", "stale_data", " ", "2026-12-31")
        with pytest.raises(BadInput, match="stale_data"):
            plans.add_waiver(tx, "2026-12", "stale_data", "stock count is on Friday", "")
        waiver = plans.add_waiver(tx, "2026-12", "stale_data", "stock count is on Friday", "2026-12-31", 1)
        assert plans.read_waivers(tx, "2026-12") == (waiver,)
    assert (waiver.by, waiver.plan_id, waiver.expiry) == ("olga", 1, "2026-12-31")


def together(store: Store, *acts) -> list[str]:
    """Run each act in its own thread and transaction at the same moment; what came of each."""
    start, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, by: str, act) -> None:
        start.wait(timeout=10)
        try:
            with store.write(by=by) as tx:
                act(tx)
            outcomes[place] = "done"
        except SopError as error:
            outcomes[place] = type(error).__name__

    threads = [threading.Thread(target=run, args=(place, *act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes
