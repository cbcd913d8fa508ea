"""Two people who sign in with a password and sign a company's plans: sales, and the CEO who chairs."""

from __future__ import annotations

from sop.agreement.ground_rules import GroundRules
from sop.agreement.records import PlanRecord
from sop.core.terms import Role
from sop.services.access.passwords import set_password, sign_in
from sop.services.access.people import add_person, invite
from sop.services.access.sessions import key_of
from sop.services.agreement.plan_acts import sign
from sop.services.company.settings import set_ground_rules
from sop.store import Store

PASSWORD = "correct horse battery staple"
SIGNERS = {"head_of_sales": "Sam Seller", "executive": "Ada Chief"}


def add_signers(store: Store) -> None:
    """Have the administrator add them, and the CEO ask for no other signature."""
    for person, name in SIGNERS.items():
        add_person(store, "administrator", person, name, Role(person))
        set_password(store, key_of(invite(store, "administrator", person).rpartition("=")[2]), PASSWORD)
    set_ground_rules(store, "executive", GroundRules("ceo", ("sales", "ceo")), 0)


def sign_all(store: Store, plan: PlanRecord) -> None:
    """Have both sign in and sign a proposed plan, which is agreed then."""
    for person in SIGNERS:
        session = key_of(sign_in(store, person, PASSWORD, ""))
        state = sign(store, person, plan.id, plan.digest, session=session)
    assert state.record.state == "agreed"
