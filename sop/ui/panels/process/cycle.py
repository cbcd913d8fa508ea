"""The Cycle page's steps: the table, moving on, submitting, delegating, the calendar, and closing the month."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sop.agreement.cycle_steps import CYCLE_STEPS, LAST_DAY, OVERRIDES_IN, step_of
from sop.core.calendar import period_name, worded
from sop.core.format import how_many
from sop.core.terms import Function, Role
from sop.files.calendar_file import calendar_file
from sop.services.company.cycle import close_and_roll, closing, following_cycle, move_to_step
from sop.services.company.settings import list_people
from sop.services.data.imports import lagging_tables
from sop.services.process.steps import (
    CONTRIBUTED,
    CycleRun,
    delegate,
    next_step,
    set_cycle_plan,
    submit,
    take_back_submission,
    undelegate,
)
from sop.services.process.tasks import list_tasks
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button, ask
from sop.ui.kit.downloads import download_button
from sop.ui.kit.panel import panel, show_sentence
from sop.ui.kit.tables import show_table
from sop.views.process.cycle_tables import StepFacts, contributors_table, steps_table

OFF, EVERY = 0, ""


def step_facts(visit: Visit, run: CycleRun) -> StepFacts:
    """What the tables of the page are made from."""
    return StepFacts(
        first_open=run.cycle.first_open,
        now=run.cycle.step,
        steps=run.steps,
        plan=run.plan,
        submissions=run.submissions,
        delegations=run.delegations,
        behind=lagging_tables(visit.room.store, visit.room.memo),
        plan_state=run.plan_state,
        signed=len(run.signed),
        names=run.names,
        today=run.today,
    )


def show_steps(visit: Visit, run: CycleRun, facts: StepFacts) -> None:
    """The steps with dates, who submitted and what blocks; the coordinator moves the cycle, heads submit."""
    one = len(closing(visit.company, run.cycle.first_open)) == 1
    days = worded("of the month in which the cycle runs") if one else "from the cycle's first on"
    note = f"Working days {days} · every screen follows a step"
    if not run.steps:
        note = "This company plans and signs in one step; the coordinator switches steps on as it grows into them"
    with panel("Steps", note, "steps"):
        show_table(steps_table(facts))
        if run.plan.cut_off is not None:
            day = run.plan.cut_off_day(run.cycle.first_open)
            over = "ended" if run.late else "end"
            show_sentence(f"Edits of the working plan {over} on {day}; after that, what the ground rules allow.")
        with st.container(horizontal=True):
            _moving(visit, run)
            _submitting(visit, run)
            _calendar_form(visit, run)
            _calendar_download(visit, run)


def _moving(visit: Visit, run: CycleRun) -> None:
    """The button to the next step, and a way to any other."""
    if not visit.may("run_cycle"):
        return
    move, following = visit.call(move_to_step), next_step(run)
    if following is not None and run.steps:
        title = step_of(following).title
        act_button(
            f"Move on to {title}", partial(move, following), f"The cycle stands at {title}.", type="primary"
        )
    others = [step for step in run.steps if step != run.cycle.step]
    if others:
        with ask("move_step", popover="Move to another step") as form:
            form.field(st.selectbox, "step", "Step", others, format_func=lambda key: step_of(key).title)
            form.button("Move", move, "The cycle was moved.")


def _submitting(visit: Visit, run: CycleRun) -> None:
    """A head's and a contributor's way to say that their part is done."""
    function = visit.role.function
    steps = [s.key for s in CYCLE_STEPS if function is not None and function in s.submits and s.key in run.steps]
    contributes = any(given.person == visit.person.id for given in run.delegations)
    if contributes and function not in step_of(OVERRIDES_IN).submits:
        steps.append(OVERRIDES_IN)
    for step in steps:
        title = step_of(step).title
        if any((s.step, s.person) == (step, visit.person.id) for s in run.submissions):
            act_button(
                f"Take {title.lower()} back",
                visit.call(take_back_submission, step),
                "Taken back.",
                key=f"unsubmit_{step}",
            )
            continue
        with ask(f"submit_{step}", popover=f"Submit {title.lower()}", type="primary") as form:
            form.field(st.text_input, "note", "What others should know", placeholder="Nothing, or a sentence")
            form.button("Submit", visit.call(submit, step), f"{title} is submitted.", type="primary")


def _calendar_form(visit: Visit, run: CycleRun) -> None:
    """Which steps the company uses, the working day by which each ends, and when edits end."""
    if not visit.may("run_cycle"):
        return
    days = run.plan.days
    with ask(f"cycle_plan_{run.version}", popover="Steps and calendar") as form:
        st.caption(worded("The working day of the month by which a step ends; 0 leaves the step out."))
        with st.grid(3, min_column_width=110):
            for step in CYCLE_STEPS:
                form.field(st.number_input, step.key, step.title, 0, LAST_DAY, days.get(step.key, OFF))
        form.field(st.number_input, "cut_off", "Edits end on (0: never)", 0, LAST_DAY, run.plan.cut_off or OFF)

        def keep(cut_off: int, **by_step: int) -> None:
            wanted = {step: int(day) for step, day in by_step.items() if day}
            set_cycle_plan(visit.room.store, visit.person.id, wanted, int(cut_off) or None, run.version)

        form.button("Set", keep, "The calendar of the cycle is set.", type="primary")


def _calendar_download(visit: Visit, run: CycleRun) -> None:
    dates = run.plan.dates(run.cycle.first_open)
    if visit.may("export"):
        download_button(
            "Calendar (ics)",
            lambda: calendar_file(
                run.cycle.first_open,
                {step_of(step).title: day for step, day in dates.items()},
                list_tasks(visit.room.store, visit.person.id),
                run.names,
            ),
            f"cycle-{run.cycle.first_open}.ics",
            "text/calendar",
            key="download_ics",
            icon=":material/calendar_month:",
        )


def show_contributors(visit: Visit, run: CycleRun, facts: StepFacts) -> None:
    """Who enters overrides for whom; a head delegates and takes back."""
    note = "They enter overrides on the Sales page until they submit; the head's figure is the last"
    with panel("Contributors", note, "contributors"):
        show_table(contributors_table(facts))
        if not visit.may("delegate") or visit.role.function not in CONTRIBUTED:
            return
        mine = [given for given in run.delegations if Function(given.function) is visit.role.function]
        with st.container(horizontal=True):
            _delegate_form(visit)
            if mine:
                names = {d.id: f"{run.names.get(d.person, d.person)}: {d.place}" for d in mine}
                with ask("undelegate", popover="End a delegation") as form:
                    form.field(
                        st.selectbox, "delegation_id", "Delegation", list(names), format_func=names.__getitem__
                    )
                    form.button(
                        "End it", visit.call(undelegate), "The delegation has ended; what was entered stays."
                    )


def _delegate_form(visit: Visit) -> None:
    inputs = visit.inputs.inputs
    people = {
        person.id: f"{person.name}, {Role(person.role).title}"
        for person in list_people(visit.room.store)
        if person.id != visit.person.id and person.role != Role.ADMINISTRATOR
    }
    with ask("delegate", popover="Delegate overrides") as form:
        form.field(st.selectbox, "person", "To", list(people), format_func=people.__getitem__)
        families, regions = ([EVERY, *names] for names in (inputs.families.names, inputs.regions))
        form.field(st.selectbox, "family", "Family", families, format_func=lambda name: name or "All families")
        form.field(st.selectbox, "region", "Region", regions, format_func=lambda name: name or "All regions")
        form.button("Delegate", visit.call(delegate), "Delegated.", type="primary")


def show_closing(visit: Visit, run: CycleRun) -> None:
    """What closing the month does, and the button of who runs the cycle; the demo closes its month on Data."""
    opens = following_cycle(visit.company, run.cycle.first_open)[1]
    closed = closing(visit.company, run.cycle.first_open)
    one, following = len(closed) == 1, period_name(opens)
    month = period_name(closed[0]) if one else f"{period_name(closed[0])} to {period_name(closed[-1])}"
    kept = "is archived with its plans" if one else "are archived with their plans"
    note = f"{month} {kept}, agenda and comments; {following} begins from the working plan"
    with panel(f"Close the {visit.word if one else 'cycle'}", note, "closing"):
        open_ = [task for task in list_tasks(visit.room.store, visit.person.id) if task.is_open]
        agreed = "Its plan is agreed" if run.plan_state == "agreed" else "Its plan is not agreed yet"
        show_sentence(f"{agreed}; {how_many(len(open_) or 'no', 'open tasks')} will be carried over.")
        if not visit.may("run_cycle"):
            return
        if visit.company.fictional:
            st.page_link(
                "pages/data.py",
                label=worded("Close the demo's month, with its actuals"),
                icon=":material/database:",
            )
            return
        with ask("close_cycle", popover=f"Close {month}") as form:
            st.caption(f"It cannot be opened again. Next, import what happened in {month}.")
            form.button(f"Close {month}", visit.call(close_and_roll), lambda cycle: f"{following} is open.")
