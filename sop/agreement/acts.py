"""What people do about a plan that is up for signing, whom their role permits it, and what comes of it."""

from dataclasses import dataclass

from sop.access import may, require
from sop.core.errors import Conflict, NotAllowed
from sop.core.terms import Role


@dataclass(frozen=True)
class Actor:
    """Who acts, as the database knows them at that moment; `auth_method`: how the session was authenticated."""

    id: str
    name: str
    role: Role
    auth_method: str = ""


@dataclass(frozen=True)
class Propose:
    """Put a draft up for signing that was frozen as a revision of its cycle."""

    revision: int


@dataclass(frozen=True)
class Sign:
    """Sign for one's own function what was shown; a condition and a dissent have words."""

    digest_shown: str
    meaning: str = "approve"
    comment: str = ""


@dataclass(frozen=True)
class Decide:
    """As chair, make a plan agreed that a function dissents from."""

    digest_shown: str
    reason: str


@dataclass(frozen=True)
class Return:
    """Send a proposal back."""

    reason: str


@dataclass(frozen=True)
class Withdraw:
    """Take back a proposal that one prepared or signed."""

    reason: str


Act = Propose | Sign | Decide | Return | Withdraw


@dataclass(frozen=True)
class SignatureGiven:
    """A function signed: who in which role, what it means, how they were authenticated, what they were shown."""

    plan_id: int
    function: str
    person: str
    name: str
    role: str
    meaning: str
    comment: str
    auth_method: str
    digest_shown: str


@dataclass(frozen=True)
class StateChanged:
    """A plan became proposed, agreed, superseded, returned or withdrawn, and why."""

    plan_id: int
    state: str
    reason: str = ""


SignOffEvent = SignatureGiven | StateChanged


def permission_for(act: Act, role: Role | str) -> str:
    """The permission that an act needs; who may propose withdraws as a proposer, everybody else as a signer."""
    match act:
        case Propose():
            return "propose_plan"
        case Return():
            return "return_plan"
        case Withdraw() if may(role, "propose_plan"):
            return "propose_plan"
        case _:
            return "sign_plan"


def require_may(act: Act, by: Actor) -> None:
    """Raises NotAllowed for whom the role alone, whatever the plan, does not permit the act."""
    require(by.role, permission_for(act, by.role))
    if isinstance(act, Decide) and by.role is not Role.EXECUTIVE:
        raise NotAllowed("only the CEO decides over a dissent", remedy="Ask the CEO, or return the plan")


_REASONS = {
    Decide: ("a decision over a dissent needs its reason", "Write why the plan holds"),
    Return: ("a plan is returned with a reason", "Write what must change"),
    Withdraw: ("a plan is withdrawn with a reason", "Write why"),
}


def require_reason(act: Act) -> None:
    """Raises Conflict for a decision, a return or a withdrawal without words."""
    if isinstance(act, Decide | Return | Withdraw) and not act.reason.strip():
        what, remedy = _REASONS[type(act)]
        raise Conflict(what, remedy=remedy)
