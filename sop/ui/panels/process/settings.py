"""The Settings page's pieces: planning rules, ground rules, people and permissions, and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import streamlit as st

from sop.access import PERMISSIONS
from sop.agreement.ground_rules import LATE_EDITS, MODES, GroundRules
from sop.core.calendar import (
    FREQUENCIES,
    LONGEST_HORIZON,
    MONTH_NAMES,
    SHORTEST_HORIZON,
    WEEK,
    is_frequency,
    period_name,
)
from sop.core.format import ISO, STYLES, how_many, number, sample_text
from sop.core.names import LONGEST_ID, LONGEST_NAME
from sop.core.present import Cell, Col, Declared, PlanTable, texts
from sop.core.terms import Function, Role
from sop.services.access.mode import Access, access_of, public_address
from sop.services.access.people import add_person, change_person, invite
from sop.services.company.cycle import SINGLE_MONTHS
from sop.services.company.settings import (
    Settings,
    check_trail,
    read_trail,
    set_ground_rules,
    set_look,
    set_planning_rules,
    who_may,
)
from sop.services.company.start import CALENDARS
from sop.store.settings import Person
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button, ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import download, panel, show_opened
from sop.ui.kit.tables import show_table

EVERYBODY, NEW_PERSON = "Everybody", "Add a person"
_LINK = "invitation_link"
_SINGLE = {0: "as the calendar has it", 1: "1 month"} | {
    months: how_many(months, "months") for months in SINGLE_MONTHS[2:]
}
"""Of how many months a sheet shows each period, in words."""


def show_planning_rules(visit: Visit, found: Settings) -> None:
    """Calendar, horizon, fences, fiscal year and currency, with the form of whoever may set them."""
    company, cycle = found.company, found.cycle
    later = "" if company.horizon == cycle.horizon else f"; {company.horizon} from the next cycle on"
    calendar = found.calendar
    word, names, bucket = calendar.word, calendar.bucket.plural, calendar.bucket
    following = CALENDARS.get(company.next_calendar, "")
    year = f"week {company.fiscal_week}" if company.fiscal_week else MONTH_NAMES[company.fiscal_start - 1]
    rows = (
        ("Company", company.name),
        ("Currency", company.currency),
        (f"First open {word}", period_name(cycle.first_open)),
        ("Plans in", CALENDARS[bucket.key] + (f"; {following} from the next cycle on" if following else "")),
        ("A cycle closes", FREQUENCIES[company.every]),
        ("Horizon", f"{calendar.count(cycle.horizon)}{later}"),
        ("Frozen", f"to {word} {company.frozen}" if company.frozen else "nothing"),
        ("Changes need approval", f"to {word} {company.slushy}"),
        ("Fiscal year from", year),
        ("Sign-in", access_of(company).title),
    )
    note = "Fences and fiscal year hold at once, calendar and horizon from the next cycle on"
    with panel("Planning rules", note, "rules"):
        show_table(PlanTable("Planning rules", texts("Setting", "Now"), rows))
        if _closed(visit, "set_ground_rules"):
            return
        version = found.versions.get("company", 0)
        with ask(f"rules_{version}", row=True) as form:
            for argument, label, least, now in (
                ("horizon", f"Horizon, {names}", SHORTEST_HORIZON, company.horizon),
                ("frozen", f"Frozen, {names}", 0, company.frozen),
                ("slushy", f"Approval to {word}", 0, company.slushy),
            ):
                form.field(st.number_input, argument, label, least, LONGEST_HORIZON, now, width=130)
            starts = [*range(1, len(MONTH_NAMES) + 1)]
            weeks = [f"W{number}" for number in range(1, WEEK.a_year + 1)] if bucket is WEEK else []
            begins: list[int | str] = [*starts, *weeks]
            form.field(
                st.selectbox,
                "fiscal_start",
                "Fiscal year from",
                begins,
                begins.index(f"W{company.fiscal_week}" if company.fiscal_week else company.fiscal_start),
                format_func=lambda start: MONTH_NAMES[start - 1] if isinstance(start, int) else start,
                width=130,
            )
            often = [every for every in FREQUENCIES if is_frequency(every, bucket)]
            form.field(
                st.selectbox, "every", "A cycle closes", often, often.index(company.every),
                format_func=FREQUENCIES.__getitem__, width=150,
            )  # fmt: skip
            form.field(
                st.selectbox, "calendar", "From the next cycle in", list(CALENDARS),
                list(CALENDARS).index(company.next_calendar or bucket.key),
                format_func=CALENDARS.__getitem__, width=170,
            )  # fmt: skip
            act = visit.call(set_planning_rules, expected_version=version)
            form.button("Set", act, "Planning rules are set.", type="primary", disabled=found.signing)


def show_look(visit: Visit, found: Settings) -> None:
    """How figures and days are written everywhere, with the form of whoever may set it."""
    company, styles = found.company, list(STYLES)
    style = STYLES.get(company.number_style, ISO)
    rows = (
        ("Figures and days", style.title),
        ("Looks like", sample_text(company.currency)),
        ("Type on screens of 1800 pixels and more", "larger" if company.large_type else "as everywhere"),
        ("Sheets show one by one", _SINGLE[company.single_months]),
    )
    note = "On every screen and chart, on paper and on the command line; what is signed stays as it was signed"
    with panel("How figures look", note, "look"):
        show_table(PlanTable("How figures look", texts("Setting", "Now"), rows))
        if _closed(visit, "set_look"):
            return
        version = found.versions.get("company", 0)
        with ask(f"look_{version}", row=True) as form:
            form.field(
                st.selectbox,
                "number_style",
                "Figures and days",
                styles,
                styles.index(style.key),
                format_func=lambda key: STYLES[key].title,
                width=220,
            )
            form.field(
                st.selectbox, "single_months", "Sheets show one by one", SINGLE_MONTHS,
                SINGLE_MONTHS.index(company.single_months), format_func=_SINGLE.__getitem__, width=220,
            )  # fmt: skip
            form.field(st.toggle, "large_type", "Larger type in the meeting room", company.large_type)
            act = visit.call(set_look, expected_version=version)
            form.button("Set the look", act, "Figures look so from now on.", type="primary")


def show_ground_rules(visit: Visit, found: Settings) -> None:
    """Who must sign a plan, with the form of whoever may set it."""
    rules = found.rules
    rows = (
        ("How the company decides", MODES[rules.mode]),
        ("Functions that sign", ", ".join(Function(name).title for name in rules.required)),
        ("Signatures that make a plan agreed", number(rules.needed)),
        ("After the cycle's cut-off", LATE_EDITS[rules.late_edits]),
    )
    with panel("Ground rules", "Enforced at every sign-off; nobody signs for another", "ground"):
        show_table(PlanTable("Ground rules", texts("Rule", "Now"), rows))
        if found.signing:
            st.html(grey_line("A plan is up for signature: the rules stand still until it is agreed or returned."))
        if _closed(visit, "set_ground_rules"):
            return
        version = found.versions.get("ground_rules", 0)

        def set_rules(mode: str, functions: Sequence[Function], quorum: int, late_edits: str) -> None:
            signing = tuple(Function(name).value for name in functions or ())
            wanted = GroundRules(mode, signing, int(quorum), late_edits)
            set_ground_rules(visit.room.store, visit.person.id, wanted, version)

        with ask(f"ground_{version}") as form:
            form.field(
                st.segmented_control,
                "mode",
                "How the company decides",
                list(MODES),
                format_func=MODES.__getitem__,
                default=rules.mode,
                required=True,
            )
            form.field(
                st.pills,
                "functions",
                "Functions that sign",
                list(Function),
                format_func=lambda function: function.title,
                default=[Function(name) for name in rules.functions],
                selection_mode="multi",
            )
            form.field(
                st.radio,
                "late_edits",
                "After the cycle's cut-off",
                list(LATE_EDITS),
                list(LATE_EDITS).index(rules.late_edits),
                format_func=LATE_EDITS.__getitem__,
            )
            quorum = rules.quorum or len(rules.functions)
            form.field(st.number_input, "quorum", "Quorum of a coalition", 1, len(Function), quorum, width=170)
            form.button("Set", set_rules, "Ground rules are set.", type="primary", disabled=found.signing)


def _closed(visit: Visit, act: str) -> bool:
    """Whether the person may not do an act; then who may is said."""
    if visit.may(act):
        return False
    st.html(grey_line(f"Set by: {who_may(act)}"))
    return True


# -- people


PEOPLE = Declared[Person](
    "People and roles",
    (
        Col("Name", "text", lambda person: Cell(person.name, strong=True)),
        Col("Id", "text", lambda person: person.id),
        Col("Role", "text", lambda person: Role(person.role).title),
        Col("Signs for", "text", lambda person: signs.title if (signs := Role(person.role).function) else ""),
        Col("Access", "text", lambda person: "" if person.active else "may no longer sign in"),
    ),
)
"""Everybody with role and what they sign for."""


def show_people(visit: Visit, found: Settings) -> None:
    """Everybody with role and what they sign for, and the form of an administrator."""
    with panel(
        "People and roles", "Permission follows the role that is stored at the moment of each act", "people"
    ):
        show_table(PEOPLE.of(found.people))
        if not _closed(visit, "manage_people"):
            _person_form(visit, found)
        show_opened("Who may do what", "settings_permissions", _show_permissions)


def _person_form(visit: Visit, found: Settings) -> None:
    people = {person.id: person for person in found.people}
    chosen = st.selectbox("Person", [NEW_PERSON, *people], key="person_id", width=240)
    person, roles = people.get(chosen or ""), list(Role)
    if st.session_state.get(_LINK, ("", ""))[0] != chosen:
        # Shown while this form stands, and never again: who comes back makes a new one.
        st.session_state.pop(_LINK, None)
    # Another person's change empties the form, so that nobody saves over it what they never saw.
    with ask(f"person_{chosen}_{hash(person)}", row=True) as form:
        if person is None:
            form.field(st.text_input, "added", "Id", max_chars=LONGEST_ID, width=150)
        called = person.name if person else ""
        form.field(st.text_input, "name", "Name", called, max_chars=LONGEST_NAME, width=220)
        at = roles.index(Role(person.role)) if person else roles.index(Role.VIEWER)
        form.field(st.selectbox, "role", "Role", roles, at, format_func=lambda role: role.title, width=220)
        form.field(st.toggle, "active", "May sign in", person.active if person else True)
        act = visit.call(add_person) if person is None else visit.call(change_person, changed=person.id)
        form.button("Save", act, "Saved.", type="primary")
    if person is not None and person.active and access_of(found.company) is Access.LOCAL:
        _show_invitation(visit, person)


def _show_invitation(visit: Visit, person: Person) -> None:
    """The one-time link by which somebody sets a password, shown once to who made it and kept nowhere."""

    def make() -> None:
        st.session_state[_LINK] = (person.id, visit.call(invite, person.id)())

    act_button("New sign-in link", make)
    whose, path = st.session_state.get(_LINK, ("", ""))
    if whose == person.id:
        address = public_address() or f"http://{st.context.headers.get('Host') or '127.0.0.1'}"
        st.html(
            grey_line("Works once, within 7 days, and signs this person out elsewhere. Give it to nobody else.")
        )
        st.code(address + path, language=None)


def _show_permissions() -> None:
    rows = tuple((each.meaning, ", ".join(role.title for role in each.roles)) for each in PERMISSIONS)
    show_table(PlanTable("Who may do what", texts("Act", "Who may"), rows))


# -- audit trail


def show_trail(visit: Visit) -> None:
    """Who did what, newest first, with the check that nothing was altered."""
    show_opened("Audit trail: who did what", "settings_trail", _show_trail, visit)


def _zone() -> ZoneInfo:
    """The time zone of the browser; UTC where it says none that is known here."""
    with suppress(ZoneInfoNotFoundError, ValueError, TypeError):
        return ZoneInfo(st.context.timezone or "UTC")
    return ZoneInfo("UTC")


def local_time(at: str, zone: ZoneInfo) -> str:
    """An instant of the database as date and time of day in a zone.

    >>> local_time("2026-12-01T23:30:00.000000Z", ZoneInfo("Europe/Prague"))
    '2026-12-02 00:30:00'
    """
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _show_trail(visit: Visit) -> None:
    entries = visit.call(read_trail)()
    with st.container(horizontal=True):
        people = sorted({entry.who for entry in entries})
        who = st.selectbox("Who", [EVERYBODY, *people], key="trail_who", width=220)
        actions = sorted({entry.action for entry in entries})
        what = st.multiselect(
            "What", actions, format_func=lambda action: action.replace("_", " "), key="trail_what", width=420
        )
    shown = [each for each in entries if who in (EVERYBODY, each.who) and (not what or each.action in what)]
    zone = _zone()
    st.html(grey_line(f"{len(shown)} of the newest {len(entries)} acts; times of {zone.key}"))
    rows = [(local_time(entry.at, zone), entry.who, entry.role, entry.text) for entry in shown]
    frame = pd.DataFrame(rows, columns=["at", "who", "role", "what"])
    st.dataframe(frame, hide_index=True, height=420)
    with st.container(horizontal=True):
        download(visit, lambda: frame, "audit-trail", "Download")
        checked = st.button("Check that nothing was altered", key="check_trail")
    if checked:
        found = visit.call(check_trail)()
        told = " ".join(f"{warning}." for warning in found.warnings[:5])
        st.html(
            grey_line(
                f"{found.entries} entries, every sealed row, people, settings, cycles and scenarios are as "
                f"they were written; the head is {found.head[:16]}…. {told}"
                if found.is_intact
                else f"Altered: {'; '.join(found.problems[:5])}"
            )
        )
