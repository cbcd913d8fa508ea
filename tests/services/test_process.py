"""How a cycle is run: steps, submissions, delegations, tasks, comments, agenda, meeting, on both databases."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from sop.agreement.cycle_steps import STEPS, CyclePlan, checked_plan, working_day
from sop.core.errors import BadInput, Conflict, NotAllowed, SetupError
from sop.core.format import number
from sop.core.lengths import LENGTHS
from sop.core.terms import Role
from sop.files.calendar_file import calendar_file
from sop.services.access.people import add_person, change_person
from sop.services.company.cycle import CompanySettings, close_and_roll, initialise, move_to_step
from sop.services.process import agenda, comments, mail, meeting, steps, tasks
from sop.store import Store
from sop.store.audit import read_audit, verify_chain
from sop.store.cycles import read_cycle

FIRST_OPEN, COORDINATOR, SALES, CEO, VIEWER = "2026-12", "coordinator", "head_of_sales", "executive", "viewer"


@pytest.fixture
def company(store: Store) -> Store:
    """A workspace with its people and no tables."""
    initialise(store, FIRST_OPEN, CompanySettings(name="Ours", fictional=True))
    return store


def version(store: Store) -> int:
    with store.read() as tx:
        return read_cycle(tx, FIRST_OPEN).version


# -- steps


def test_a_company_without_steps_has_one_and_switches_them_on_as_it_grows(company: Store) -> None:
    assert steps.read_cycle_run(company, VIEWER).steps == ()
    plan = steps.set_cycle_plan(company, COORDINATOR, {"executive": 15, "demand": 5}, 10, 0)
    assert plan.steps == ("demand", "executive")
    run = steps.read_cycle_run(company, VIEWER)
    assert run.steps == ("demand", "executive") and run.plan.dates(FIRST_OPEN)["demand"] == "2026-12-07"
    with pytest.raises(BadInput, match="not a step that this company uses"):
        move_to_step(company, COORDINATOR, "supply")
    before = version(company)
    move_to_step(company, COORDINATOR, "demand")
    assert version(company) > before, "every open screen is told"
    with pytest.raises(Conflict, match="changed meanwhile"):
        steps.set_cycle_plan(company, COORDINATOR, {}, None, 0)


def test_a_company_that_worked_in_steps_switches_all_of_them_off_again(company: Store) -> None:
    move_to_step(company, COORDINATOR, "demand")
    assert steps.read_cycle_run(company, VIEWER).steps, "who moves a cycle on works in steps"
    steps.set_cycle_plan(company, COORDINATOR, {"demand": 5, "executive": 10}, None, 0)
    steps.set_cycle_plan(company, COORDINATOR, {}, None, steps.read_cycle_run(company, VIEWER).version)
    assert steps.read_cycle_run(company, VIEWER).steps == ()


@pytest.mark.parametrize(
    ("days", "cut_off", "why"),
    [
        ({"demand": 9, "supply": 5}, None, "order"),
        ({"demand": 25}, None, "day 25"),
        ({"party": 3}, None, "no step"),
        ({}, 0, "day 0"),
    ],
)
def test_days_that_are_none_are_refused(days: dict[str, int], cut_off: int | None, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        checked_plan(CyclePlan(days, cut_off))


@pytest.mark.parametrize("month", ["2026-02", "2026-05", "2026-12", "2028-02"])
def test_every_month_has_the_working_days_that_may_be_chosen(month: str) -> None:
    days = [working_day(month, number) for number in range(1, 21)]
    assert days == sorted(set(days)) and {day[:7] for day in days} == {month}


def test_heads_submit_for_their_function_and_nobody_else_does(company: Store) -> None:
    steps.submit(company, SALES, "demand", "Tenders are in")
    assert steps.read_cycle_run(company, CEO).submitted("demand", "sales")
    with pytest.raises(Conflict, match="submitted for Sales already"):
        steps.submit(company, SALES, "demand")
    for who, step in (("head_of_finance", "demand"), (VIEWER, "demand"), (COORDINATOR, "data")):
        with pytest.raises(NotAllowed, match="has no part in the step"):
            steps.submit(company, who, step)
    steps.take_back_submission(company, SALES, "demand")
    assert steps.read_cycle_run(company, CEO).submitted("demand", "sales") is None


def test_only_heads_with_overrides_delegate_and_only_places(company: Store) -> None:
    given = steps.delegate(company, SALES, VIEWER, "", "North")
    assert given.covers("Bikes", "North") and not given.covers("Bikes", "South")
    for who in ("head_of_finance", COORDINATOR, VIEWER):
        with pytest.raises(NotAllowed):
            steps.delegate(company, who, VIEWER, "Bikes")
    with pytest.raises(BadInput, match="names a family or a region"):
        steps.delegate(company, SALES, VIEWER)
    with pytest.raises(BadInput, match="cannot enter overrides"):
        steps.delegate(company, SALES, "administrator", "Bikes")
    with pytest.raises(Conflict, match="already"):
        steps.delegate(company, SALES, VIEWER, "", "North")
    assert steps.submit(company, VIEWER, "demand").whole is False
    with pytest.raises(NotAllowed, match="another function"):
        steps.undelegate(company, "head_of_product", given.id)
    steps.undelegate(company, SALES, given.id)
    assert steps.read_cycle_run(company, CEO).delegations == ()


# -- tasks


def test_a_task_goes_from_hand_to_hand_and_stays_over_the_cycles(company: Store) -> None:
    given = tasks.give_task(company, CEO, "Ask the bank", "head_of_finance", "2026-12", "By phone")
    with pytest.raises(NotAllowed):
        tasks.change_task(company, VIEWER, given.id, state="done", expected_version=given.version)
    moved = tasks.change_task(
        company, CEO, given.id, state="open", owner=VIEWER, due="2027-01-15", expected_version=given.version
    )
    with pytest.raises(Conflict, match="changed the task 'Ask the bank' meanwhile"):
        tasks.change_task(company, VIEWER, given.id, state="done", expected_version=given.version)
    done = tasks.change_task(company, VIEWER, given.id, state="done", expected_version=moved.version)
    assert (done.state, done.owner, done.changed_by) == ("done", VIEWER, VIEWER)
    assert moved.overdue("2027-01-16") and not moved.overdue("2027-01-15") and not done.overdue("2027-02-01")


def test_a_task_needs_words_somebody_who_is_here_and_a_month_that_is_open(company: Store) -> None:
    def give(title: str = "Hire", owner: str = SALES, due: str = "2027-01", note: str = "") -> None:
        tasks.give_task(company, CEO, title, owner, due, note)

    add_person(company, "administrator", "gone", "Gone Away", Role.VIEWER, active=False)
    for how, why in (
        ({"title": " "}, "needs its words"),
        ({"title": "x" * 121}, "characters"),
        ({"owner": "gone"}, "Gone Away cannot take a task, because they may no longer sign in"),
        ({"owner": "nobody"}, "nobody is known"),
        ({"due": "2026-11"}, "that month is closed"),
        ({"due": "2026-11-30"}, "that month is closed"),
        ({"due": "soon"}, "neither a month nor a day"),
        ({"due": "2027-02-30"}, "neither a month nor a day"),
        ({"note": "x" * 10_000}, "characters"),
    ):
        with pytest.raises(BadInput, match=why):
            give(**how)
    assert tasks.list_tasks(company, CEO) == ()


def test_the_task_of_an_owner_who_left_is_given_to_somebody_else(company: Store) -> None:
    given = tasks.give_task(company, CEO, "Call", VIEWER, "2027-01")
    change_person(company, "administrator", VIEWER, "Viewer", Role.VIEWER, active=False)
    with pytest.raises(BadInput, match="may no longer sign in"):
        tasks.change_task(company, CEO, given.id, state="open", owner=VIEWER, due="2027-02", expected_version=1)
    kept = tasks.change_task(company, CEO, given.id, state="open", owner=SALES, expected_version=1)
    assert kept.owner == SALES


# -- comments


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "**bold** [x](http://a.example) `code`", "\u202eמה זה עולה\u202c", "= 1+1"],
)
def test_a_comment_is_kept_as_it_was_typed(company: Store, text: str) -> None:
    said = comments.say(company, VIEWER, "family", "Bikes", text)
    assert said.comment == text and comments.list_comments(company, CEO) == (said,)


def test_a_comment_of_ten_thousand_characters_is_refused_and_nothing_is_kept(company: Store) -> None:
    with pytest.raises(
        BadInput, match=rf"a comment of 10\u202f000 characters. Write {number(LENGTHS['comment'])} at most"
    ):
        comments.say(company, CEO, "plan", "sales", "x" * 10_000)
    for text in ("", " \n"):
        with pytest.raises(BadInput, match="needs its words"):
            comments.say(company, CEO, "plan", "sales", text)
    with pytest.raises(BadInput, match="nothing to comment on"):
        comments.say(company, CEO, "weather", "rain", "wet")
    assert comments.list_comments(company, CEO) == ()


def test_threads_name_people_are_settled_and_open_again_with_an_answer(company: Store) -> None:
    first = comments.say(company, CEO, "month", "2027-02", "@coordinator and @head_of_sales: why so low?")
    assert set(first.mentions) == {COORDINATOR, SALES}
    answer = comments.answer(company, SALES, first.id, "The tender slipped")
    assert (answer.thread, answer.about) == (first.id, "month|2027-02")
    comments.settle(company, CEO, first.id)
    assert comments.list_comments(company, CEO)[0].resolved_by == CEO
    nested = comments.answer(company, SALES, answer.id, "It slipped again")
    assert nested.thread == first.id, "an answer to an answer is of its thread"
    assert comments.list_comments(company, CEO)[0].resolved_by is None, "which is open again"


# -- agenda and meeting


def test_the_agenda_is_edited_by_who_leads_and_nobody_overwrites_unseen(company: Store) -> None:
    one, two = (agenda.add_own_item(company, COORDINATOR, title) for title in ("First", "Second"))
    agenda.move_item(company, CEO, two.id, up=True)
    assert [item.title for item in agenda.list_agenda(company, VIEWER)] == ["Second", "First"]
    now = next(item for item in agenda.list_agenda(company, VIEWER) if item.id == one.id)
    agenda.record_outcome(company, SALES, one.id, "We buy the robot", now.version)
    with pytest.raises(Conflict, match=r"it says now: “We buy the robot”\. What you typed still stands"):
        agenda.record_outcome(company, CEO, one.id, "We do not", now.version)
    for who in (SALES, VIEWER):
        with pytest.raises(NotAllowed):
            agenda.add_own_item(company, who, "Mine")
    with pytest.raises(BadInput, match="between 1 and"):
        agenda.add_own_item(company, CEO, "Long", minutes=999)
    agenda.take_off(company, CEO, two.id)
    assert [item.title for item in agenda.list_agenda(company, VIEWER)] == ["First"]


def test_a_meeting_whose_leader_is_gone_goes_on_where_it_was(company: Store) -> None:
    with pytest.raises(Conflict, match="nothing on the agenda"):
        meeting.begin_meeting(company, COORDINATOR)
    items = [agenda.add_own_item(company, COORDINATOR, title) for title in ("One", "Two", "Three")]
    meeting.begin_meeting(company, COORDINATOR)
    meeting.go_to_item(company, COORDINATOR, items[1].id)
    meeting.attend(company, VIEWER)
    meeting.attend(company, VIEWER)
    # The leader's browser dies here: nothing of the meeting was in it.
    again = meeting.begin_meeting(company, CEO)
    assert again.item == items[1].id and again.present == (COORDINATOR, VIEWER)
    assert meeting.go_to_item(company, CEO, items[2].id, seen=items[1].id).led_by == CEO
    late = meeting.go_to_item(company, COORDINATOR, items[0].id, seen=items[1].id)
    assert late.item == items[2].id, "a press that crossed another's does not move twice"
    with pytest.raises(NotAllowed):
        meeting.go_to_item(company, SALES, items[0].id)


def test_the_minutes_hold_what_was_said_and_cannot_be_changed(company: Store) -> None:
    item = agenda.add_own_item(company, COORDINATOR, "Robot\nfake line", "Buy it?")
    meeting.begin_meeting(company, COORDINATOR)
    agenda.record_outcome(company, SALES, item.id, "Bought", item.version)
    tasks.give_task(company, CEO, "Order it", SALES, "2027-01")
    meeting.end_meeting(company, CEO)
    with pytest.raises(Conflict, match="no meeting is on"):
        meeting.end_meeting(company, CEO)
    text = meeting.export_minutes(company, VIEWER, FIRST_OPEN).decode()
    assert (
        "1. Robot fake line" in text
        and "outcome: Bought" in text
        and "Order it, Head of sales, due 2027-01" in text
    )
    with company.read() as tx:
        assert verify_chain(tx).is_intact
        assert {"minutes_kept", "meeting_began", "agenda_changed"} <= {entry.action for entry in read_audit(tx)}


def test_a_closed_cycle_leaves_open_tasks_and_begins_at_the_first_step_in_use(company: Store, monkeypatch) -> None:
    monkeypatch.setattr("sop.services.company.cycle.has_sales", lambda tx, month: True)
    steps.set_cycle_plan(company, COORDINATOR, {"demand": 5, "executive": 15}, None, 0)
    given = tasks.give_task(company, CEO, "Still to do", SALES, "2026-12")
    comments.say(company, CEO, "plan", "sales", "Of December")
    cycle = close_and_roll(company, COORDINATOR)
    assert cycle.step == "demand" and STEPS[0] == "data"
    assert [task.id for task in tasks.list_tasks(company, CEO) if task.is_open] == [given.id]
    assert comments.list_comments(company, CEO, "2026-12") and not comments.list_comments(company, CEO, "2027-01")


# -- the daily list


def test_the_daily_list_is_sent_only_where_mail_is_configured(monkeypatch) -> None:
    sent: list[EmailMessage] = []

    class Server:
        def __init__(self, host: str, port: int, timeout: float) -> None:
            assert (host, port) == ("mail.example", 25)

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *how: object) -> None:
            """Nothing to close."""

        def send_message(self, message: EmailMessage) -> None:
            sent.append(message)

    monkeypatch.setattr("smtplib.SMTP", Server)
    for name in (mail.SERVER, mail.SENDER, mail.RECEIVERS):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SetupError, match="no mail is configured, because SOP_SMTP, SOP_MAIL_FROM, SOP_MAIL_TO"):
        mail.send_mail("Today", "Nothing")
    for name, value in zip(
        (mail.SERVER, mail.SENDER, mail.RECEIVERS),
        ("smtp://mail.example:25", "a@b.example", "c@d.example"),
        strict=True,
    ):
        monkeypatch.setenv(name, value)
    assert mail.send_mail("Today\nBcc: x@y.example", "One task") == "c@d.example" and not sent[0]["Bcc"]
    assert sent[0].get_content().strip() == "One task"
    monkeypatch.setenv(mail.SERVER, "mail.example")
    with pytest.raises(SetupError, match="names no mail server"):
        mail.send_mail("Today", "One task")


def test_a_calendar_holds_steps_and_open_tasks_and_no_line_of_anybodys_own(company: Store) -> None:
    words = "Ask, them;\nEND:VCALENDAR " + "é" * 60
    given = tasks.give_task(company, CEO, words, SALES, "2027-02")
    text = calendar_file(FIRST_OPEN, {"Demand": "2026-12-07"}, [given], {SALES: "Bram"}).decode()
    lines = text.split("\r\n")
    assert lines.count("END:VCALENDAR") == 1 and text.count("BEGIN:VEVENT") == 2
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:Ask\\, them\\;\\nEND:VCALENDAR" in unfolded and "DTSTART;VALUE=DATE:20270228" in unfolded
