"""Files that people take away: a table of a page, any frozen plan, or the working plan as it stands."""

from collections.abc import Sequence
from typing import Any

from sop.agreement.gate import gate_content
from sop.agreement.records import PlanRecord
from sop.core.errors import BadInput, NotFound
from sop.core.format import held_style
from sop.core.register import Entry, as_assumptions
from sop.files.export import csv_of, lines_csv
from sop.files.templates import inputs_xlsx
from sop.services.acting import reading
from sop.services.agreement.decision_acts import decisions_content
from sop.services.agreement.frozen_plans import latest_agreed, read_content
from sop.services.agreement.plan_acts import content_of
from sop.services.planning.choices import WORKING
from sop.services.planning.room import PlanningRoom, read_entries
from sop.store import Store
from sop.store.data import read_current_tables
from sop.store.frames import Frame
from sop.store.plans import read_plan

AGREED = "agreed"


def chosen_plan(store: Store, person_id: str, choice: str) -> PlanRecord | None:
    """The plan of a number, or the 'agreed' one in force; None for the 'working' plan.

    Raises BadInput for what is no choice and NotFound where there is no such plan.
    """
    if choice == WORKING:
        return None
    if choice == AGREED:
        return latest_agreed(store, person_id)
    if not choice.isdecimal():
        raise BadInput(f"'{choice}' names no plan", remedy="Give a plan's number, 'agreed' or 'working'")
    with reading(store, person_id) as tx:
        return read_plan(tx, int(choice))


def export_lines(store: Store, person_id: str, plan: PlanRecord | None) -> bytes:
    """The plan as CSV with one row for each plan line; None is the working plan. Raises NotAllowed."""
    if plan is None:
        return lines_csv(working_content(PlanningRoom(store), person_id))
    with reading(store, person_id, "export"):
        return lines_csv(read_content(store, person_id, plan.id))


def working_content(room: PlanningRoom, person_id: str) -> dict[str, Any]:
    """The working plan in the form of a plan that is proposed, with revision 0: it is not frozen."""
    with reading(room.store, person_id, "export") as tx:
        entries = read_entries(tx)
    return content_as_it_stands(room, entries)


@held_style()  # Its digest is that of what would be signed, whatever figures look like on screen.
def content_as_it_stands(room: PlanningRoom, entries: Sequence[Entry]) -> dict[str, Any]:
    """The content of a plan that nobody has proposed yet, planned with these assumptions."""
    assumptions = as_assumptions(entries)
    inputs = room.input_set(assumptions)
    plan = room.plan(assumptions, inputs)
    decided = decisions_content(room.store, inputs.cycle.first_open)
    return content_of(inputs, plan, entries, 0, gate_content((), ()), decided)


def export_inputs(store: Store, person_id: str) -> bytes:
    """The loaded tables as a workbook whose sheets come back through import. Raises NotAllowed, and NotFound where
    nothing is loaded."""
    with reading(store, person_id, "export") as tx:
        tables = read_current_tables(tx)
    if not tables:
        raise NotFound("no table is loaded", remedy="Import products and sales_actuals first")
    return inputs_xlsx(tables)


def table_csv(store: Store, person_id: str, frame: Frame) -> bytes:
    """A page's table as CSV. Raises NotAllowed for who may not export."""
    with reading(store, person_id, "export"):
        return csv_of(frame)
