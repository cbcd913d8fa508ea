"""The sign-off of a plan as a pure state machine: `apply(state, act, by)` says what an act brings about.

draft → proposed → agreed → superseded; a proposal may also be returned, withdrawn or superseded. An act that the
rules refuse raises, in words, and brings about nothing; whoever calls saves the events, all or none.
"""

import json
from dataclasses import dataclass
from typing import get_args

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
    require_may,
    require_reason,
)
from sop.agreement.gate import frozen_lines, require_waived
from sop.agreement.ground_rules import GroundRules
from sop.agreement.records import DRAFT, Meaning, PlanEvent, PlanRecord, Signature, Waiver
from sop.core.calendar import period_name
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.format import how_many
from sop.core.terms import Function, Role
from sop.core.words import sha256_hex, short_digest

NEXT_STATES: dict[str, tuple[str, ...]] = {
    DRAFT: ("proposed",),
    "proposed": ("returned", "withdrawn", "agreed", "superseded"),
    "agreed": ("superseded",),
}
"""What may follow a state; a plan in any other state is closed."""


@dataclass(frozen=True)
class SignOff:
    """Where a plan stands: its record, who must sign, who has, and what became of it."""

    record: PlanRecord
    rules: GroundRules
    signatures: tuple[Signature, ...]
    events: tuple[PlanEvent, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Functions that the ground rules ask to sign."""
        return self.rules.required

    @property
    def needed(self) -> int:
        """Signatures without dissent that make the plan agreed."""
        return self.rules.needed

    @property
    def open_functions(self) -> tuple[str, ...]:
        """Functions that have not signed yet."""
        signed = {signature.function for signature in self.signatures}
        return tuple(function for function in self.required if function not in signed)

    @property
    def given(self) -> int:
        """Signatures that count: those that do not dissent."""
        return sum(signature.meaning != "dissent" for signature in self.signatures)

    @property
    def dissents(self) -> tuple[Signature, ...]:
        """Signatures that dissent."""
        return tuple(signature for signature in self.signatures if signature.meaning == "dissent")

    @property
    def chair_decides(self) -> bool:
        """Whether all have signed, some dissent, and the CEO, who does not, must decide whether the plan holds."""
        chair = [s for s in self.signatures if s.function == Function.CEO and s.meaning != "dissent"]
        waiting = self.record.state == "proposed" and not self.open_functions
        return self.rules.mode == "ceo" and waiting and bool(self.dissents) and bool(chair)

    @property
    def involved(self) -> tuple[str, ...]:
        """Ids of who prepared the plan and of who signed it."""
        return (self.record.prepared_by, *(signature.person for signature in self.signatures))

    def why_closed(self, role: Role) -> str:
        """Why a role cannot sign this plan now, in a sentence; empty where it can."""
        function = role.function
        if self.record.state != "proposed":
            return "This plan is not up for signing."
        if function is None:
            return f"{role.title} does not sign."
        if function.value not in self.required:
            return f"The ground rules do not ask {function.title} to sign."
        if function.value in self.open_functions:
            return ""
        return f"{function.title} has signed; a signature is never taken back, only recorded as withdrawn."


@dataclass(frozen=True)
class Standing:
    """The state that an act meets: where the plan stands, and all else that the rules ask about.

    `content`: the plan's canonical bytes as they are stored now. `plans`: those of the plan's cycle, in the order
    of their revisions. `in_force`: the plan agreed last. `open_cycle`: its first open month. `waivers`: the
    cycle's, expired ones included. `today`: ISO day.
    """

    sign_off: SignOff
    content: bytes
    plans: tuple[PlanRecord, ...]
    in_force: PlanRecord | None
    open_cycle: str
    waivers: tuple[Waiver, ...]
    today: str

    @property
    def record(self) -> PlanRecord:
        """The plan that is acted on."""
        return self.sign_off.record


def apply(state: Standing, act: Act, by: Actor) -> tuple[SignOffEvent, ...]:
    """What an act brings about, in the order in which it is to be saved.

    Raises NotAllowed for who may not, Conflict where the plan is not in the state for it, is not what was
    shown, the gate is red by now or a reason is missing, BadInput where a condition or a dissent has no words.
    """
    require_may(act, by)
    require_reason(act)
    if isinstance(act, Propose):
        return _propose(state, act)
    if state.record.cycle != state.open_cycle:
        raise Conflict(
            f"the cycle {period_name(state.record.cycle)} is closed",
            why="its plans are history",
            remedy=f"Act on a plan of {period_name(state.open_cycle)}",
        )
    match act:
        case Sign():
            return _sign(state, act, by)
        case Decide():
            return _decide(state, act, by)
        case Return():
            return (_changed(state.record, "returned", act.reason.strip()),)
        case Withdraw():
            if by.id not in state.sign_off.involved:
                raise NotAllowed("only who prepared or signed a plan can withdraw it", remedy="Return it instead")
            return (_changed(state.record, "withdrawn", act.reason.strip()),)


def _propose(state: Standing, act: Propose) -> tuple[SignOffEvent, ...]:
    """The draft becomes proposed; what was proposed before in its cycle is superseded."""
    record = state.record
    if record.revision != act.revision:
        raise Conflict("somebody proposed a plan meanwhile", remedy="Look at it, then propose again")
    _require_gate(state)
    why = f"revision {record.revision} was proposed"
    earlier = (plan for plan in state.plans if plan.state == "proposed")
    return (*(_changed(plan, "superseded", why) for plan in earlier), _changed(record, "proposed"))


def _sign(state: Standing, act: Sign, by: Actor) -> tuple[SignOffEvent, ...]:
    """A signature; the last one that is needed makes the plan agreed.

    In CEO mode one dissent leaves the plan in force until the chair decides; in a coalition the quorum decides,
    and the dissent is on record.
    """
    sign_off, function = state.sign_off, _signs_for(state.sign_off, by)
    _require_gate(state)
    _require_words(act)
    _require_signable(state, act.digest_shown)
    for given in sign_off.signatures:
        if given.function == function:
            raise Conflict(f"{given.name} signed for {function} at {given.at}")
        _require_one_function(given, function, by)
    signature = SignatureGiven(
        state.record.id,
        function,
        by.id,
        by.name,
        by.role.value,
        act.meaning,
        act.comment,
        by.auth_method,
        act.digest_shown,
    )
    count = sign_off.given + (act.meaning != "dissent")
    if count < sign_off.needed:
        return (signature,)
    return (signature, *_agreed(state, f"{count} of {how_many(len(sign_off.required), 'signatures')}"))


def _decide(state: Standing, act: Decide, by: Actor) -> tuple[SignOffEvent, ...]:
    """The plan is agreed over a dissent, in words that are kept with it; without them the last one stands."""
    if not state.sign_off.chair_decides:
        raise Conflict("there is no dissent to decide over", why="the CEO decides last, after all have signed")
    if state.record.prepared_by == by.id:
        raise NotAllowed("who prepared a plan cannot decide on it", remedy="Let another chair decide")
    for given in state.sign_off.signatures:
        _require_one_function(given, Function.CEO, by)
    if sha256_hex(state.content) != act.digest_shown:
        raise Conflict("the plan is not the one that was shown", remedy="Open the sign-off page again")
    _require_gate(state)
    who = ", ".join(Function(signature.function).title for signature in state.sign_off.dissents)
    return _agreed(state, f"decided by {by.name} over the dissent of {who}: {act.reason.strip()}")


def _require_one_function(given: Signature, function: str, by: Actor) -> None:
    """Raises NotAllowed for who signed for another function, whatever became of their role meanwhile."""
    if given.person == by.id and given.function != function:
        raise NotAllowed(
            f"{by.name} signed this plan for {Function(given.function).title}",
            why="one person signs for one function",
            remedy=f"Let another person sign for {Function(function).title}",
        )


def _agreed(state: Standing, how: str) -> tuple[SignOffEvent, ...]:
    """The plan is agreed; the one in force becomes superseded."""
    record, previous = state.record, state.in_force
    agreed = _changed(record, "agreed", how)
    if previous is None:
        return (agreed,)
    why = f"{period_name(record.cycle)} revision {record.revision} was agreed"
    return (agreed, _changed(previous, "superseded", why))


def _changed(plan: PlanRecord, state: str, reason: str = "") -> StateChanged:
    """A plan's next state. Raises Conflict where it cannot follow the present one."""
    if state not in NEXT_STATES.get(plan.state, ()):
        which = f"revision {plan.revision} of {period_name(plan.cycle)}"
        raise Conflict(f"{which} is {plan.state}, it cannot become {state}")
    return StateChanged(plan.id, state, reason)


def _signs_for(sign_off: SignOff, by: Actor) -> str:
    """The function that somebody signs a plan for. Raises NotAllowed."""
    if sign_off.record.prepared_by == by.id:
        raise NotAllowed("who prepared a plan cannot sign it", remedy="Let another person of the function sign")
    function = by.role.function
    if function is None or function.value not in sign_off.required:
        raise NotAllowed(f"the ground rules do not ask {by.role.title} to sign")
    return function.value


def _require_gate(state: Standing) -> None:
    """Raises Conflict where a red line that was frozen with the plan has no waiver that holds today."""
    require_waived(frozen_lines(json.loads(state.content)), state.waivers, state.today)


def _require_words(act: Sign) -> None:
    if act.meaning not in get_args(Meaning):
        raise BadInput(
            f"'{act.meaning}' is not a meaning of a signature", remedy="approve, conditional or dissent"
        )
    if act.meaning != "approve" and not act.comment.strip():
        raise BadInput("a condition or a dissent needs its words", remedy="Write them in the comment")


def _require_signable(state: Standing, digest_shown: str) -> None:
    """Raises Conflict for a plan that was altered or replaced, is not up for signing, or is not what was shown."""
    plan, newest = state.record, state.plans[-1]
    if sha256_hex(state.content) != plan.digest:
        raise Conflict(
            f"the stored content of revision {plan.revision} does not match its digest",
            why="the database was altered",
            remedy="Restore a backup and check the audit chain",
        )
    if newest.id != plan.id:
        raise Conflict(
            f"{newest.prepared_by} prepared revision {newest.revision} at {newest.created_at}, "
            f"revision {plan.revision} cannot be signed any more",
            remedy="Look at the new revision and sign that",
        )
    if plan.state != "proposed":
        raise Conflict(f"revision {plan.revision} is {plan.state}, it is not up for signing")
    if plan.digest != digest_shown:
        raise Conflict(
            "the plan is not the one that was shown",
            why=f"its digest is {short_digest(plan.digest)}… and {short_digest(digest_shown)}… was shown",
            remedy="Open the sign-off page again",
        )
