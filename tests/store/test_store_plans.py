"""Plans, their states, signatures and waivers."""

import hashlib
from dataclasses import asdict, replace

import pytest

from sop.agreement.acts import SignatureGiven
from sop.agreement.records import PlanRecord, Signature
from sop.core.errors import NotFound, SopError
from sop.store import Store, plans
from sop.store.transaction import Transaction


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def given(plan_id: int, shown: str) -> SignatureGiven:
    return SignatureGiven(
        plan_id, "sales", "olga", "Olga Nová", "head_of_sales", "conditional", "if Brno hires two", "local", shown
    )


def add_revision(tx: Transaction, content: bytes) -> PlanRecord:
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


def test_a_plan_that_does_not_exist_is_named(company: Store, content: bytes) -> None:
    with company.write(by="olga") as tx:
        for read in (plans.read_plan, plans.read_plan_content):
            with pytest.raises(NotFound, match="no plan 7"):
                read(tx, 7)
        with pytest.raises(NotFound, match="no plan 7"):
            plans.add_signature(tx, given(7, digest_of(content)))


def test_a_signature_holds_who_signed_as_what_and_what_they_saw(company: Store, content: bytes) -> None:
    shown = digest_of(content)
    with company.write(by="olga") as tx:
        plans.add_signature(tx, given(1, shown))
        at = tx.at
    with company.read() as tx:
        assert plans.read_signatures(tx, 1) == (Signature(**asdict(given(1, shown)), id=1, at=at),)


def test_the_database_itself_refuses_a_second_signature_for_a_function(company: Store, content: bytes) -> None:
    with company.write(by="olga") as tx:
        plans.add_signature(tx, given(1, digest_of(content)))
    with pytest.raises(SopError, match="nothing was saved"), company.write(by="petr") as tx:
        plans.add_signature(tx, replace(given(1, digest_of(content)), person="petr", name="Petr Malý"))
    with company.read() as tx:
        assert [signature.person for signature in plans.read_signatures(tx, 1)] == ["olga"]


def test_a_waiver_is_kept_with_who_gave_it_why_and_until_when(company: Store) -> None:
    with company.write(by="olga") as tx:
        waiver = plans.add_waiver(tx, "2026-12", "stale_data", "stock count is on Friday", "2026-12-31", 1)
        assert plans.read_waivers(tx, "2026-12") == (waiver,)
    assert (waiver.by, waiver.plan_id, waiver.expiry) == ("olga", 1, "2026-12-31")
