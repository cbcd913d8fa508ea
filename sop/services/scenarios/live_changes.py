"""Following a shared plan live: a version that is cheap to read, and who changed what in words."""

from dataclasses import dataclass
from typing import Any

from sop.agreement.cycle_steps import step_title
from sop.core.calendar import period_name
from sop.core.format import how_many
from sop.core.override_scopes import UNIT_OVERRIDES, OverrideScope, read_entered, read_override_scope
from sop.core.register import assumption
from sop.core.terms import Function
from sop.services.acting import reading
from sop.store import Store, Transaction
from sop.store.audit import AuditEntry, read_audit
from sop.store.cycles import read_current_cycle, read_cycle
from sop.store.settings import read_people

_TOLD = 4
"""Changes told at once; more would bury the page."""
_LOOKED_AT = 50
_EDITS = ("assumption_set", "assumption_removed")


def read_version(store: Store, cycle: str) -> int:
    """A number that moves with every shared change of the cycle; cheap enough to ask at every event."""
    return store.read_version(cycle)


def read_pulse(store: Store) -> str:
    """What moves with every shared change of any open cycle, and when one opens or closes; as `pulse_of` it."""
    with store.read() as tx:
        cycle = read_current_cycle(tx)
    return pulse_of(cycle.first_open, cycle.version) if cycle else ""


def pulse_of(cycle: str, version: int) -> str:
    """The text that a browser compares: cycle and version."""
    return f"{cycle} {version}"


@dataclass(frozen=True)
class Moment:
    """What a screen has seen: the cycle's version and the newest entry of the audit trail, read together."""

    version: int
    entry: int


def read_moment(store: Store, cycle: str) -> Moment:
    """Now. Raises NotFound."""
    with store.read() as tx:
        return moment_of(tx, cycle)


def moment_of(tx: Transaction, cycle: str) -> Moment:
    """Now, read with or before what is shown: whatever changes from then on is noticed. Raises NotFound."""
    found = read_audit(tx, limit=1)
    return Moment(read_cycle(tx, cycle).version, found[0].seq if found else 0)


COMMENTS, TASKS, STEP, DECISIONS, MEETING = "comments", "tasks", "step", "decisions", "meeting"
KINDS = {
    "comment_added": COMMENTS,
    "comment_resolved": COMMENTS,
    "comment_reopened": COMMENTS,
    "task_given": TASKS,
    "task_changed": TASKS,
    "step_changed": STEP,
    "decision_refused": DECISIONS,
    "decision_deferred": DECISIONS,
    "decision_closed": DECISIONS,
    "agenda_added": MEETING,
    "agenda_changed": MEETING,
    "agenda_removed": MEETING,
    "meeting_began": MEETING,
    "meeting_joined": MEETING,
    "meeting_moved": MEETING,
    "meeting_ended": MEETING,
    "minutes_kept": MEETING,
}
"""What an act moves and nothing else, by the audit trail's word for the act. Whatever is not here may move all."""


def kinds_moved(store: Store, seen: Moment, now: Moment) -> frozenset[str] | None:
    """The kinds of things that moved between two moments; None where it may be anything."""
    with store.read() as tx:
        found = _entries_between(tx, seen, now)
    kinds = {KINDS.get(entry.action) for entry in found}
    return None if None in kinds or not found else frozenset(kind for kind in kinds if kind is not None)


def only_edited(store: Store, person_id: str, seen: Moment, now: Moment) -> bool:
    """Whether nothing happened between two moments but edits of assumptions by this person. Raises NotAllowed."""
    with reading(store, person_id, "read_audit") as tx:
        found = _entries_between(tx, seen, now)
    return bool(found) and all(e.who == person_id and e.action in _EDITS for e in found)


def _entries_between(tx: Transaction, seen: Moment, now: Moment) -> tuple[AuditEntry, ...]:
    """All that happened between two moments; nothing where it is more than is looked at."""
    found = tuple(e for e in read_audit(tx, limit=_LOOKED_AT) if seen.entry < e.seq <= now.entry)
    return found if len(found) == now.entry - seen.entry else ()


def changes_since(store: Store, person_id: str, entry: int) -> tuple[str, ...]:
    """What others changed after an entry of the audit trail, newest last, as sentences. Raises NotAllowed."""
    with reading(store, person_id, "read_audit") as tx:
        found = [e for e in read_audit(tx, limit=_LOOKED_AT) if e.seq > entry and e.who != person_id]
        names = {person.id: person.name for person in read_people(tx)}
    told = dict.fromkeys(sentence for e in reversed(found) if (sentence := change_sentence(e, names)))
    return tuple(told)[-_TOLD:]


def change_sentence(entry: AuditEntry, names: dict[str, str]) -> str:
    """One audit entry in words for other people's screens; empty where it is not theirs to know."""
    who, detail = names.get(entry.who, entry.who), entry.detail
    if entry.action in ("assumption_set", "assumption_removed"):
        scope = read_override_scope(str(detail.get("scope") or ""))
        if scope is not None and detail["key"] in UNIT_OVERRIDES:
            return _override_sentence(who, entry.action == "assumption_set", scope)
        change = "" if entry.action == "assumption_set" else " back"
        return f"{who} set {_about(detail)}{change} to {_value(detail)}."
    if entry.action in PROCESS:
        return _process_sentence(who, entry, names)
    signs_for = Function(detail["function"]).title if detail.get("function") else "a function"
    sentences = {
        "plan_proposed": f"{who} proposed revision {detail.get('revision')} for signature.",
        "plan_signed": f"{who} signed for {signs_for}.",
        "plan_agreed": f"The plan of {detail.get('cycle')} is agreed.",
        "plan_returned": f"{who} returned the plan: {detail.get('reason')}",
        "step_changed": f"{who} moved the cycle to {step_title(str(detail.get('now'))).lower()}.",
        "assumption_expired": _expired(detail),
        "scenario_added": f"{who} saved the scenario '{detail.get('name')}'.",
        "table_stored": f"{who} imported {detail.get('table')}.",
        "source_added": f"{who} added the source {detail.get('source')}.",
        "source_removed": f"{who} removed the source {detail.get('source')}.",
        "sources_refreshed": f"{who} brought {how_many(len(detail.get('sources', ())), 'sources')} up to date.",
        "import_undone": f"{who} took back the last import of {detail.get('table')}.",
    }
    return sentences.get(entry.action, "")


PROCESS = {
    "comment_added": "{who} commented on {about}: “{comment}”",
    "task_given": "{who} gave {owner} a task: {title}.",
    "task_changed": "{who} changed the task “{title}”.",
    "decision_accepted": "{who} accepted: {title}.",
    "decision_refused": "{who} refused: {title}.",
    "decision_deferred": "{who} deferred: {title}.",
    "decision_taken_back": "{who} took the decision back: {title}.",
    "promotion_asked": "{who} asks the owners to make the scenario “{title}” the working plan.",
    "promotion_consents": "{who} consents for {function} that “{title}” becomes the working plan.",
    "promotion_rules": "{who} rules for {function} that “{title}” becomes the working plan.",
    "promotion_declines": "{who} declines for {function}: “{title}” does not become the working plan.",
    "promotion_done": "“{title}” is the working plan now.",
    "submitted": "{who} submitted {step} for {function}.",
    "submission_withdrawn": "{who} took {step} for {function} back.",
    "delegated": "{who} delegated overrides for {place} to {person}.",
    "meeting_began": "{who} began the meeting.",
    "meeting_ended": "{who} ended the meeting.",
}
"""What is told of how the cycle is run, by the audit trail's word for it."""


def _process_sentence(who: str, entry: AuditEntry, names: dict[str, str]) -> str:
    detail = entry.detail
    place = ", ".join(filter(None, (str(detail.get("family") or ""), str(detail.get("region") or ""))))
    function = str(detail.get("function") or "")
    values = {
        "who": who,
        "title": detail.get("title", ""),
        "about": str(detail.get("about", "")).partition("|")[2],
        "comment": str(detail.get("comment", ""))[:80],
        "owner": names.get(str(detail.get("owner")), detail.get("owner")),
        "person": names.get(str(detail.get("person")), detail.get("person")),
        "step": step_title(str(detail.get("step", ""))).lower(),
        "function": Function(function).title if function in list(Function) else function,
        "place": place,
    }
    return PROCESS[entry.action].format_map(values)


def _expired(detail: dict[str, Any]) -> str:
    """The same for every month of an override, so that it is told once."""
    if "expiry" not in detail:
        return ""
    scope = read_override_scope(str(detail.get("scope") or ""))
    what = _about(detail) if scope is None else f"The override for {scope.place}"
    return f"{what} has expired with {period_name(str(detail['expiry']))}."


def _override_sentence(who: str, is_set: bool, scope: OverrideScope) -> str:
    """The same for every month of an override, so that it is told once."""
    entered = read_entered(scope.entered)
    wish = f" ({entered.wish.replace('-', '−')})" if entered else ""
    return f"{who} {'entered' if is_set else 'took back'} an override for {scope.place}{wish}."


def _about(detail: dict[str, Any]) -> str:
    entry, scope = assumption(str(detail["key"])), str(detail.get("scope") or "")
    return f"{entry.label} ({scope.replace('|', ', ')})" if scope else entry.label


def _value(detail: dict[str, Any]) -> str:
    entry = assumption(str(detail["key"]))
    if "now" not in detail:
        return "its default"
    value, unit = float(detail["now"]), entry.unit
    if entry.choice_names:
        return f"“{entry.choice_names[round(value)]}”"
    if unit == "pct":
        return f"{value * 100:+g}%".replace("-", "−")
    return f"{value * 100:g}%" if unit == "share" else f"{value:g} {'' if unit == 'ratio' else unit}".strip()
