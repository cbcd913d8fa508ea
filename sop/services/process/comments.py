"""Comments: what people say about a plan, family, month, decision, event or change, in threads."""

import re

from sop.agreement.process_records import Comment
from sop.core.errors import BadInput
from sop.core.lengths import require_length
from sop.services.acting import acting, reading
from sop.services.company.cycle import require_cycle
from sop.store import Store
from sop.store.process import add_comment, read_comment, read_comments, save_resolved
from sop.store.settings import Person, read_people

SUBJECTS = ("plan", "family", "month", "decision", "event", "change")
"""The kinds of things that are commented on."""


def about(kind: str, name: str) -> str:
    """By what a thing is known: its kind and its name. Raises BadInput for a kind that there is not."""
    if kind not in SUBJECTS:
        raise BadInput(f"'{kind}' is nothing to comment on", remedy=f"Choose one of {', '.join(SUBJECTS)}")
    return f"{kind}|{name}"


def list_comments(store: Store, person_id: str, cycle: str | None = None) -> tuple[Comment, ...]:
    """The comments of a cycle, of every one where none is named, oldest first. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        return read_comments(tx, cycle)


def say(store: Store, person_id: str, kind: str, name: str, comment: str) -> Comment:
    """Begin a thread about a thing. Raises NotAllowed, and BadInput without words or for more than fit."""
    with acting(store, person_id, "comment") as tx:
        words = _words(comment)
        mentions = mentioned(words, read_people(tx))
        return add_comment(tx, require_cycle(tx).first_open, about(kind, name), words, mentions)


def answer(store: Store, person_id: str, thread: int, comment: str) -> Comment:
    """Answer a thread, which is open again then. Raises as saying does, and NotFound."""
    with acting(store, person_id, "comment") as tx:
        words, found = _words(comment), read_comment(tx, thread)
        first = found if found.thread is None else read_comment(tx, found.thread)
        if first.resolved_by is not None:
            save_resolved(tx, first.id, False)
        mentions = mentioned(words, read_people(tx))
        return add_comment(tx, require_cycle(tx).first_open, first.about, words, mentions, first.id)


def settle(store: Store, person_id: str, thread: int, resolved: bool = True) -> Comment:
    """Settle a thread, or open it again. Raises NotAllowed and NotFound."""
    with acting(store, person_id, "comment") as tx:
        first = read_comment(tx, thread)
        return save_resolved(tx, first.thread or first.id, resolved)


def mentioned(text: str, people: tuple[Person, ...]) -> list[str]:
    """Ids of whom a text names with an @: by id, or by first or full name where that is one person's alone.

    >>> mentioned("@ingrid please", (Person("executive", "Ingrid Halvorsen", "executive", True),))
    ['executive']
    """
    active = [person for person in people if person.active]
    found = []
    for person in active:
        first = person.name.split()[0]
        alone = sum(other.name.split()[0] == first for other in active) == 1
        names = [person.id, person.name, *([first] if alone else [])]
        if any(re.search(rf"@{re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names):
            found.append(person.id)
    return found


def _words(comment: str) -> str:
    require_length(comment, "comment")
    if not comment.strip():
        raise BadInput("a comment needs its words", remedy="Write it, then send it")
    return comment.strip()
