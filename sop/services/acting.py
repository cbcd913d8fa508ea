"""Who acts: every write names the person, checks the permission with the role of now, and logs refusals."""

from collections.abc import Iterator
from contextlib import contextmanager

from sop.access import require
from sop.core.errors import NotAllowed
from sop.store import Store, Transaction
from sop.store.audit import audit
from sop.store.settings import Person, read_person


@contextmanager
def acting(store: Store, person_id: str, act: str) -> Iterator[Transaction]:
    """A write transaction for a permitted act. Raises NotAllowed, which is written to the audit trail."""
    person = read_actor(store, person_id)
    try:
        with store.write(by=person.id, role=person.role) as tx:
            require_now(tx, person_id, act)
            yield tx
    except NotAllowed as refusal:
        with store.write(by=person.id, role=person.role) as tx:
            audit(tx, "refused", {"act": act, "why": refusal.sentence})
        raise


@contextmanager
def reading(store: Store, person_id: str, act: str = "read_plans") -> Iterator[Transaction]:
    """A read transaction for a permitted act. Raises NotAllowed."""
    with store.read() as tx:
        require_now(tx, person_id, act)
        yield tx


def read_actor(store: Store, person_id: str) -> Person:
    """The person who acts, active or not. Raises NotFound."""
    with store.read() as tx:
        return read_person(tx, person_id)


def require_now(tx: Transaction, person_id: str, act: str) -> Person:
    """The person, permitted by the role that the database holds now. Raises NotAllowed."""
    person = read_person(tx, person_id)
    if not person.active:
        raise NotAllowed(f"{person.name} may no longer sign in", remedy="Ask an administrator")
    require(person.role, act)
    return person
