"""Two people act on a plan at the same moment, on either database: what is valid is kept, none of it by half."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from sop.agreement.records import PlanRecord
from sop.core.errors import SopError
from sop.core.terms import Role
from sop.services.agreement import plan_acts
from sop.services.company.cycle import CompanySettings, save_company
from sop.store import Store
from sop.store.cycles import add_cycle
from sop.store.plans import read_signatures
from sop.store.settings import save_person
from tests.bare_content import bare_content
from tests.soak.amount import amount

CYCLE = "2026-12"
PEOPLE = {
    "jana": Role.COORDINATOR,
    "olga": Role.HEAD_OF_SALES,
    "petr": Role.HEAD_OF_SALES,
    "karel": Role.HEAD_OF_OPERATIONS,
}


def freeze(store: Store, revision: int) -> PlanRecord:
    """Propose a content that holds no more than signing looks at."""
    content = bare_content(CYCLE, revision)
    return plan_acts.store_proposal(store, "jana", content)


@pytest.fixture
def plan(store: Store) -> PlanRecord:
    """Revision 1, up for signing; two people head sales."""
    with store.write() as tx:
        save_company(tx, CompanySettings(fictional=True))
        for person, role in PEOPLE.items():
            save_person(tx, person, person.capitalize(), role)
        add_cycle(tx, CYCLE, 24)
    return freeze(store, 1)


def signers(store: Store, plan_id: int) -> list[str]:
    with store.read() as tx:
        return [signature.person for signature in read_signatures(tx, plan_id)]


def together(*acts: Callable[[], object]) -> list[str]:
    """Run each act in its own thread at the same moment; what came of each."""
    start, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait(timeout=10)
        try:
            act()
            outcomes[place] = "done"
        except SopError as error:
            outcomes[place] = type(error).__name__

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


ROUNDS = range(amount(1, 167))
"""Three races, so that each database sees 500 in `make soak`."""


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_two_signers_for_one_function_at_once_exactly_one_signs(
    store: Store, plan: PlanRecord, _round: int
) -> None:
    outcomes = together(
        lambda: plan_acts.sign(store, "olga", plan.id, plan.digest),
        lambda: plan_acts.sign(store, "petr", plan.id, plan.digest),
    )
    assert sorted(outcomes) == ["Conflict", "done"]
    assert signers(store, plan.id) == [("olga", "petr")[outcomes.index("done")]]


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_functions_signing_at_once_both_sign(store: Store, plan: PlanRecord, _round: int) -> None:
    outcomes = together(
        lambda: plan_acts.sign(store, "olga", plan.id, plan.digest),
        lambda: plan_acts.sign(store, "karel", plan.id, plan.digest),
    )
    assert outcomes == ["done", "done"]
    assert sorted(signers(store, plan.id)) == ["karel", "olga"]


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_signature_and_a_new_revision_at_once_never_leave_the_new_one_signed_unseen(
    store: Store, plan: PlanRecord, _round: int
) -> None:
    outcomes = together(lambda: plan_acts.sign(store, "olga", plan.id, plan.digest), lambda: freeze(store, 2))
    assert outcomes[1] == "done"
    assert len(signers(store, plan.id)) == (outcomes[0] == "done")
    assert signers(store, plan.id + 1) == []


def test_the_role_on_a_signature_is_the_one_stored_at_that_moment(store: Store, plan: PlanRecord) -> None:
    with store.write() as tx:
        save_person(tx, "olga", "Olga Nová", Role.EXECUTIVE)
    (signature,) = plan_acts.sign(store, "olga", plan.id, plan.digest).signatures
    assert (signature.name, signature.role, signature.function) == ("Olga Nová", "executive", "ceo")
