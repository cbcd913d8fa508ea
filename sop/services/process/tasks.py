"""Tasks: who is to do what until when, given by planners, carried until they are done."""

from sop.agreement.process_records import Task, TaskState
from sop.core.calendar import is_day_or_period, is_open, is_period, period_name, worded, written
from sop.core.errors import BadInput, NotAllowed
from sop.services.acting import acting, reading, require_now
from sop.services.company.cycle import require_cycle
from sop.store import Store, Transaction
from sop.store.process import add_task, read_task, read_tasks, save_task
from sop.store.settings import find_person

STATES: tuple[TaskState, ...] = ("open", "done", "dropped")


def list_tasks(store: Store, person_id: str) -> tuple[Task, ...]:
    """Every task, the first due first. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        return read_tasks(tx)


def give_task(
    store: Store, person_id: str, title: str, owner: str, due: str, note: str = "", about: str = ""
) -> Task:
    """Give somebody a task until a month or a day. Raises NotAllowed, and BadInput without words, for an owner who
    may not sign in, or for a date that is none or lies in a closed month."""
    with acting(store, person_id, "give_task") as tx:
        return new_task(tx, title, owner, due, note=note, about=about)


def new_task(
    tx: Transaction, title: str, owner: str, due: str, *, kind: str = "task", note: str = "", about: str = ""
) -> Task:
    """`give_task` within a transaction of who may."""
    cycle = require_cycle(tx).first_open
    if not title.strip():
        raise BadInput("a task needs its words", remedy="Write what is to be done, in a sentence")
    _require_owner(tx, owner)
    require_due(due, cycle)
    return add_task(tx, cycle, title.strip(), owner, due.strip(), kind=kind, about=about, note=note.strip())


def change_task(
    store: Store,
    person_id: str,
    task_id: int,
    *,
    state: TaskState,
    owner: str | None = None,
    due: str | None = None,
    note: str = "",
    expected_version: int,
) -> Task:
    """Say what became of a task, or give it to somebody else or until another date.

    Its owner says what became of it; planners change all of it, those of a condition only who signed on it and its
    owner. Raises NotAllowed, BadInput as giving one does, Conflict where somebody changed it meanwhile.
    """
    with acting(store, person_id, "do_task") as tx:
        task, person = read_task(tx, task_id), require_now(tx, person_id, "do_task")
        if state not in STATES:
            raise BadInput(f"'{state}' is no state of a task", remedy=f"Choose {', '.join(STATES)}")
        is_own = person.id == task.owner
        moved = (owner or task.owner, (due or task.due).strip()) != (task.owner, task.due)
        if not is_own or moved:
            require_now(tx, person_id, "give_task")
        if task.kind == "condition" and state != "open" and person.id not in (task.owner, task.by):
            raise NotAllowed(
                "a condition is met when its owner or who signed on it says so",
                remedy=f"Ask {task.by} or {task.owner}",
            )
        changes: dict[str, str] = {"state": state}
        if moved:
            changes |= {"owner": owner or task.owner, "due": (due or task.due).strip()}
            _require_owner(tx, changes["owner"])
            require_due(changes["due"], require_cycle(tx).first_open)
        return save_task(tx, task_id, expected_version, changes | ({"note": note.strip()} if note.strip() else {}))


def _require_owner(tx: Transaction, owner: str) -> None:
    found = find_person(tx, owner)
    if found is None or not found.active:
        name = found.name if found else f"'{owner[:80]}'"
        raise BadInput(
            f"{name} cannot take a task",
            why="they may no longer sign in" if found else "nobody is known by that name",
            remedy="Choose somebody who works here now",
        )


def require_due(due: str, first_open: str) -> None:
    """Raises BadInput for what is neither a month nor a day, or lies in a closed month."""
    text = due.strip()
    if not is_day_or_period(text):
        raise BadInput(
            worded(f"'{text[:40]}' is neither a month nor a day"), remedy=f"Write {written()} or YYYY-MM-DD"
        )
    if not is_open(text, first_open):
        raise BadInput(
            f"a task cannot be due {'in ' + period_name(text) if is_period(text) else 'on ' + text}",
            why=worded("that month is closed"),
            remedy=f"Choose {period_name(first_open)} or later",
        )
