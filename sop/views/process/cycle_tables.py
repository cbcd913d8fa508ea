"""The Cycle page's tables and sentences: the steps with what blocks each, contributors, tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sop.agreement.cycle_steps import OVERRIDES_IN, STEPS, CyclePlan, step_of
from sop.agreement.process_records import Comment, Delegation, Submission, Task
from sop.core.calendar import is_period, period_name, worded
from sop.core.format import how_many
from sop.core.present import Cell, Col, Declared, PlanTable, TableRow, Tone, texts
from sop.core.terms import Function

_STATES = {"open": "○ open", "done": "✓ done", "dropped": "dropped"}


@dataclass(frozen=True)
class StepFacts:
    """What is known of a cycle's steps. `behind`: tables without the closed month; `names` of people by id.

    `plan_state`: of the cycle's plan, empty before it is proposed; `signed`: how many signed it.
    """

    first_open: str
    now: str
    steps: tuple[str, ...]
    plan: CyclePlan
    submissions: Sequence[Submission]
    delegations: Sequence[Delegation]
    behind: Sequence[str]
    plan_state: str
    signed: int
    names: Mapping[str, str]
    today: str

    @property
    def shown(self) -> tuple[str, ...]:
        """The steps to show: those in use, else the one that a company without steps has."""
        return self.steps or STEPS[-1:]

    def submitted(self, step: str, function: str) -> Submission | None:
        """A head's submission."""
        return next((s for s in self.submissions if s.whole and (s.step, s.function) == (step, function)), None)

    def waits_for(self, step: str) -> list[str]:
        """What blocks a step, in words."""
        found = step_of(step)
        waiting = [f.title for f in found.submits if not self.submitted(step, f.value)]
        blocks = (
            [f"{' and '.join(waiting)} {'has' if len(waiting) == 1 else 'have'} not submitted"] if waiting else []
        )
        if step == OVERRIDES_IN:
            late = [self.names.get(d.person, d.person) for d in self.delegations if not self.contributed(d)]
            blocks += [f"contributors not done: {', '.join(dict.fromkeys(late))}"] if late else []
        if step == "data" and self.behind:
            blocks.append(worded(f"{', '.join(self.behind)} end before the month that was closed"))
        if step == "executive" and self.plan_state != "agreed":
            signed = f"{self.signed} signed" if self.plan_state else "not proposed"
            blocks.append(f"the plan is not agreed ({signed})")
        return blocks

    def contributed(self, delegation: Delegation) -> Submission | None:
        """A contributor's submission."""
        wanted = (OVERRIDES_IN, delegation.function, delegation.person)
        return next(
            (s for s in self.submissions if not s.whole and (s.step, s.function, s.person) == wanted), None
        )


def cycle_message(facts: StepFacts, tasks: Sequence[Task]) -> str:
    """Where the cycle stands, in one sentence."""
    open_ = [task for task in tasks if task.is_open]
    late = sum(task.overdue(facts.today) for task in open_)
    told = f"{how_many(len(open_) or 'no', 'tasks')} open" + (f", {late} overdue" if late else "")
    month = period_name(facts.first_open)
    if not facts.steps:
        return f"{month} is planned and signed in one step; {told}."
    blocks = facts.waits_for(facts.now) if facts.now in STEPS else []
    stands = f"; it waits: {'; '.join(blocks)}" if blocks else ", with nothing in its way"
    return f"{month} stands at {step_of(facts.now).title}{stands}; {told}."


def steps_table(facts: StepFacts) -> PlanTable:
    """The steps in the company's calendar: until when, what each needs, who submitted, what blocks."""
    dates, at = facts.plan.dates(facts.first_open), STEPS.index(facts.now)
    rows: list[TableRow] = []
    for key in facts.shown:
        step, place = step_of(key), STEPS.index(key)
        state = "now" if place == at else "done" if place < at and facts.steps else "to come"
        blocks = facts.waits_for(key)
        late = state == "now" and dates.get(key, "9999") < facts.today
        tone: Tone | None = "bad" if late else "good" if state == "done" else None
        mark = {"now": "▸ now", "done": "✓ done", "to come": "○ to come"}[state]
        rows.append(
            (
                Cell(step.title, note=worded(step.needs), strong=state == "now"),
                Cell(mark if facts.steps else "▸ now", tone=tone),
                Cell(_day(dates.get(key, "")) + (" · overdue" if late else ""), tone="bad" if late else None),
                _submitted(facts, key, is_over=state == "done"),
                "; ".join(blocks) if blocks and state != "done" else "",
            )
        )
    columns = texts("Step", "State", "Until", "Submitted", "What blocks it")
    return PlanTable("Steps of the cycle", columns, tuple(rows))


def _submitted(facts: StepFacts, step: str, *, is_over: bool) -> str:
    """The heads who submitted, with name and day, and who has not yet; of a step that is over, who never did."""
    found = {function: facts.submitted(step, function.value) for function in step_of(step).submits}
    told = [
        f"✓ {function.title} ({facts.names.get(said.person, said.person)}, {_day(said.at[:10])})"
        for function, said in found.items()
        if said
    ]
    missing = [function.title for function, said in found.items() if not said]
    if not is_over:
        return " · ".join([*told, *(f"○ {title}" for title in missing)])
    return " · ".join([*told, *([f"moved on without {' and '.join(missing)}"] if missing else [])])


def contributors_table(facts: StepFacts) -> PlanTable:
    """Who enters overrides for whom, and who is done."""
    rows = tuple(
        (
            facts.names.get(given.person, given.person),
            given.place[0].upper() + given.place[1:],
            Function(given.function).title,
            Cell("✓ submitted", note=_day(done.at[:10]), tone="good")
            if (done := facts.contributed(given))
            else "○ not yet",
        )
        for given in facts.delegations
    )
    empty = "Nobody else enters overrides; the heads of sales and of product can delegate families and regions."
    return PlanTable("Contributors", texts("Who", "Enters for", "Delegated by", "State"), rows, empty=empty)


def tasks_table(
    tasks: Sequence[Task], names: Mapping[str, str], active: Collection[str], today: str, cycle: str
) -> PlanTable:
    """Tasks, those open first; one whose owner left says so, one from an earlier cycle too."""
    ordered = sorted(tasks, key=lambda task: (not task.is_open, task.due, task.id))
    return Declared[Task](
        "Tasks",
        (
            Col("Task", "text", lambda task: Cell(task.title, note=_task_note(task, cycle), strong=task.is_open)),
            Col("Owner", "text", lambda task: _owner(task, names, active)),
            Col("Due", "text", lambda task: _due(task, today)),
            Col("State", "text", lambda task: Cell(_STATES[task.state], note=_changed(task, names))),
            Col("Given by", "text", lambda task: names.get(task.by, task.by)),
        ),
        "No task was given yet.",
    ).of(ordered)


def _task_note(task: Task, cycle: str) -> str:
    carried = f"carried from {period_name(task.cycle)}" if task.cycle < cycle and task.is_open else ""
    return " · ".join(part for part in (task.note, carried) if part)


def _owner(task: Task, names: Mapping[str, str], active: Collection[str]) -> Cell:
    name = names.get(task.owner, task.owner)
    gone = task.is_open and task.owner not in active
    return Cell(name, note="left: give it to somebody else" if gone else "", tone="bad" if gone else None)


def _due(task: Task, today: str) -> Cell:
    late = task.overdue(today)
    return Cell(_day(task.due), note="overdue" if late else "", tone="bad" if late else None)


def _changed(task: Task, names: Mapping[str, str]) -> str:
    if task.is_open and task.version == 1:
        return ""
    return f"{names.get(task.changed_by, task.changed_by)}, {_day(task.changed_at[:10])}"


def task_lines(tasks: Sequence[Task], names: Mapping[str, str], today: str) -> list[str]:
    """Tasks that are open, one a line, the overdue first: the daily list."""
    open_ = sorted((t for t in tasks if t.is_open), key=lambda task: (not task.overdue(today), task.due, task.id))
    return [
        f"{'OVERDUE ' if task.overdue(today) else ''}{task.due}  {names.get(task.owner, task.owner)}: {task.title}"
        + (f" ({task.note})" if task.note else "")
        for task in open_
    ]


def about_words(about: str, titles: Mapping[str, str]) -> str:
    """What a comment is about, in words. `titles`: of plans by name."""
    kind, _, name = about.partition("|")
    if kind == "month":
        return period_name(name)
    if kind == "plan":
        return f"{titles.get(name, name)} plan" if name in titles else name
    return f"{name} ({kind})" if kind != "family" else name


def comments_sentence(comments: Sequence[Comment]) -> str:
    """How many threads there are, and how many are open."""
    threads = [comment for comment in comments if comment.thread is None]
    open_ = sum(thread.resolved_by is None for thread in threads)
    if not threads:
        return "Nobody has commented in this cycle yet."
    return f"{how_many(len(threads), 'threads')}, {open_} open"


def _day(text: str) -> str:
    """A day or a month as people read it: '2026-12-07' → '7 Dec 2026'."""
    if is_period(text):
        return period_name(text)
    return f"{int(text[8:10])} {period_name(text[:7])}" if len(text) >= 10 else ""
