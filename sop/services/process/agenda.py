"""The agenda: made from outside events, exceptions, decisions and conditions, edited by who leads."""

from sop.agreement.process_records import AgendaItem
from sop.analysis.agenda import MINUTES, draft_agenda
from sop.analysis.decisions.exceptions import find_exceptions
from sop.analysis.decisions.valuation import Valuation
from sop.core.errors import BadInput, NotFound
from sop.core.format import how_many
from sop.services.acting import acting, reading
from sop.services.agreement.decision_acts import still_to_decide
from sop.services.analysis.between_cycles import read_left_range
from sop.services.analysis.decisions import value_decisions
from sop.services.company.cycle import not_up, require_cycle
from sop.services.company.settings import names_of
from sop.services.planning.room import PlanningRoom
from sop.store import Store, Transaction
from sop.store.process import add_item, read_items, read_tasks, remove_item, save_item

LONGEST_ITEM = 180
"""Minutes that one item may be given."""


def list_agenda(store: Store, person_id: str) -> tuple[AgendaItem, ...]:
    """The open cycle's agenda in its order. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        return read_items(tx, require_cycle(tx).first_open)


def read_resting(store: Store, person_id: str) -> tuple[str, ...]:
    """The families that are not up this cycle. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        return not_up(tx)


def make_agenda(room: PlanningRoom, person_id: str, valuation: Valuation | None = None) -> tuple[AgendaItem, ...]:
    """Put on the agenda what the working plan asks about and is not there yet, the outside first.

    What somebody edited or wrote stays. `valuation`: of the working plan, made where it is not known. Raises
    NotAllowed.
    """
    with reading(room.store, person_id, "lead_meeting") as tx:
        conditions = [task for task in read_tasks(tx) if task.is_open and task.kind == "condition"]
        resting = not_up(tx)
    inputs, assumptions = room.input_set(), room.assumptions()
    plan = room.plan(assumptions, inputs)
    valued = valuation or value_decisions(room, inputs, assumptions)
    exceptions = (
        *find_exceptions(plan, inputs.inputs, assumptions, valued.worth, plan.money.exact),
        *read_left_range(room, person_id),
    )
    decisions = still_to_decide(room, valued, inputs.cycle.first_open).decisions
    drafts = draft_agenda(exceptions, decisions, conditions, names_of(room.store), plan.money.exact, resting)
    with acting(room.store, person_id, "lead_meeting") as tx:
        cycle = require_cycle(tx).first_open
        there = read_items(tx, cycle)
        known = {item.ref for item in there}
        for draft in drafts:
            if draft.ref not in known:
                place = 10 * (len(read_items(tx, cycle)) + 1)
                add_item(
                    tx, cycle, place, draft.kind, draft.title, draft.minutes, ref=draft.ref,
                    message=draft.message[:1_000], owner=draft.owner,
                )  # fmt: skip
        _outside_first(tx, cycle)
        return read_items(tx, cycle)


def add_own_item(
    store: Store, person_id: str, title: str, message: str = "", minutes: int = MINUTES["own"]
) -> AgendaItem:
    """Put something of one's own at the end of the agenda. Raises NotAllowed and BadInput."""
    with acting(store, person_id, "lead_meeting") as tx:
        cycle = require_cycle(tx).first_open
        last = max((item.position for item in read_items(tx, cycle)), default=0)
        return add_item(tx, cycle, last + 10, "own", _title(title), _minutes(minutes), message=message.strip())


def change_item(
    store: Store, person_id: str, item_id: int, title: str, message: str, minutes: int, expected_version: int
) -> AgendaItem:
    """Change an item's words and time. Raises NotAllowed, BadInput, NotFound, Conflict with what stands there."""
    with acting(store, person_id, "lead_meeting") as tx:
        _item(tx, item_id)
        changes = {"title": _title(title), "message": message.strip(), "minutes": _minutes(minutes)}
        return save_item(tx, item_id, changes, expected_version)


def record_outcome(store: Store, person_id: str, item_id: int, outcome: str, expected_version: int) -> AgendaItem:
    """Keep what was said and agreed on an item. Raises as changing it does; any planner may, in the meeting."""
    with acting(store, person_id, "give_task") as tx:
        _item(tx, item_id)
        return save_item(tx, item_id, {"outcome": outcome.strip()}, expected_version)


def move_item(store: Store, person_id: str, item_id: int, up: bool) -> None:
    """Change places with the item before or after it. Raises NotAllowed and NotFound."""
    with acting(store, person_id, "lead_meeting") as tx:
        items = list(read_items(tx, _item(tx, item_id).cycle))
        at = next(place for place, item in enumerate(items) if item.id == item_id)
        to = at - 1 if up else at + 1
        if 0 <= to < len(items):
            items[at], items[to] = items[to], items[at]
        _number(tx, items)


def take_off(store: Store, person_id: str, item_id: int) -> None:
    """Take an item off the agenda; the audit trail keeps it. Raises NotAllowed and NotFound."""
    with acting(store, person_id, "lead_meeting") as tx:
        _item(tx, item_id)
        remove_item(tx, item_id)


def _outside_first(tx: Transaction, cycle: str) -> None:
    items = read_items(tx, cycle)
    _number(tx, [*(i for i in items if i.kind == "outside"), *(i for i in items if i.kind != "outside")])


def _number(tx: Transaction, items: list[AgendaItem]) -> None:
    for place, item in enumerate(items, start=1):
        if item.position != 10 * place:
            save_item(tx, item.id, {"position": 10 * place})


def _item(tx: Transaction, item_id: int) -> AgendaItem:
    cycle = require_cycle(tx).first_open
    found = next((item for item in read_items(tx, cycle) if item.id == item_id), None)
    if found is None:
        raise NotFound("this item is not on the agenda any more", remedy="Look at the agenda again")
    return found


def _title(title: str) -> str:
    if not title.strip():
        raise BadInput("an item needs its title", remedy="Write what it is about")
    return title.strip()


def _minutes(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST_ITEM:
        raise BadInput(
            f"an item of {how_many(minutes, 'minutes')}", remedy=f"Give it between 1 and {LONGEST_ITEM}"
        )
    return int(minutes)
