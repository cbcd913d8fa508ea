"""Tasks on the Cycle page: the list, giving one, and saying what became of it."""

from __future__ import annotations

import streamlit as st

from sop.access import may
from sop.agreement.process_records import Task
from sop.core.terms import Role
from sop.services.company.settings import list_people
from sop.services.process.steps import CycleRun
from sop.services.process.tasks import STATES, change_task, give_task, list_tasks
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import ask
from sop.ui.kit.panel import download, panel
from sop.ui.kit.tables import show_table
from sop.views.process.cycle_tables import tasks_table


def show_tasks(visit: Visit, run: CycleRun) -> None:
    """Every task with its owner and date; open ones stay over the cycles until they are done."""
    tasks = list_tasks(visit.room.store, visit.person.id)
    note = "Open ones first · conditions of signatures among them"
    with panel("Tasks", note, "tasks"):
        table = tasks_table(tasks, run.names, run.active, run.today, run.cycle.first_open)
        show_table(table)
        with st.container(horizontal=True):
            if visit.may("give_task"):
                task_form(visit, "give_task")
            mine = [t for t in tasks if t.is_open and (visit.may("give_task") or t.owner == visit.person.id)]
            if mine:
                _change_form(visit, {task.id: task for task in mine})
            if tasks:
                download(visit, table, f"tasks-{run.cycle.first_open}")


def task_form(visit: Visit, key: str, about: str = "") -> None:
    """Give somebody a task until a month or a day."""
    people = _people(visit)
    with ask(key, popover="Give a task", clear=True) as form:
        form.field(st.text_input, "title", "What is to be done")
        form.field(st.selectbox, "owner", "By whom", list(people), format_func=people.__getitem__)
        form.field(st.text_input, "due", "Until (YYYY-MM or YYYY-MM-DD)", visit.cycle.first_open)
        form.field(st.text_input, "note", "Note")
        form.button("Give it", visit.call(give_task, about=about), "The task is given.", type="primary")


def _change_form(visit: Visit, found: dict[int, Task]) -> None:
    people = _people(visit)
    versions = "-".join(str(task.version) for task in found.values())
    with st.popover("Change a task"):
        chosen = st.selectbox("Task", list(found), format_func=lambda key: found[key].title, key="task_to_change")
        task = found[chosen]
        owners = list(dict.fromkeys([*([task.owner] if task.owner in people else []), *people]))
        with ask(f"task_{task.id}_{versions}") as form:
            form.field(st.segmented_control, "state", "State", STATES, default=task.state, required=True)
            if visit.may("give_task"):
                form.field(st.selectbox, "owner", "Owner", owners, format_func=lambda key: people.get(key, key))
                form.field(st.text_input, "due", "Until", task.due)
            form.field(st.text_input, "note", "Note", task.note)
            act = visit.call(change_task, task.id, expected_version=task.version)
            form.button("Save", act, "The task is changed.", type="primary")


def _people(visit: Visit) -> dict[str, str]:
    """Who can take a task, oneself first."""
    found = [person for person in list_people(visit.room.store) if may(person.role, "do_task")]
    ordered = sorted(found, key=lambda person: person.id != visit.person.id)
    return {person.id: f"{person.name}, {Role(person.role).title}" for person in ordered}
