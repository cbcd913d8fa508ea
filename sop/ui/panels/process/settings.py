"""The Settings page's pieces: planning rules, ground rules, people and permissions, and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from sop.access import PERMISSIONS
from sop.agreement.ground_rules import LATE_EDITS, MODES, GroundRules
from sop.core.calendar import MONTH_NAMES, period_name
from sop.core.format import ISO, STYLES, number, sample_text
from sop.core.names import LONGEST_ID, LONGEST_NAME
from sop.core.present import Cell, Col, Declared, PlanTable, texts
from sop.core.terms import Function, Role
from sop.services.access.mode import Access, access_of, public_address
from sop.services.access.people import add_person, change_person, invite
from sop.services.company.settings import (
    LONGEST_HORIZON,
    TRAIL,
    Settings,
    check_trail,
    read_trail,
    set_ground_rules,
    set_look,
    set_planning_rules,
    who_may,
)
from sop.store.settings import Person
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button, ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import download, panel, show_opened
from sop.ui.kit.tables import show_table

EVERYBODY, NEW_PERSON = "Everybody", "Add a person"
_LINK = "invitation_link"


def show_planning_rules(visit: Visit, found: Settings) -> None:
    """Calendar, horizon, fences, fiscal year and currency, with the form of whoever may set them."""
    company, cycle = found.company, found.cycle
    later = "" if company.horizon == cycle.horizon else f"; {company.horizon} from the next cycle on"
    rows = (
        ("Company", company.name),
        ("Currency", company.currency),
        ("First open month", period_name(cycle.first_open)),
        ("Horizon", f"{cycle.horizon} months{later}"),
        ("Frozen", f"to month {company.frozen}" if company.frozen else "nothing"),
        ("Slushy", f"to month {company.slushy}"),
        ("Fiscal year from", MONTH_NAMES[company.fiscal_start - 1]),
        ("Sign-in", access_of(company).title),
    )
    with panel("Planning rules", "Fences and fiscal year hold at once, a horizon from the next cycle on", "rules"):
        show_table(PlanTable("Planning rules", texts("Setting", "Now"), rows))
        if _closed(visit, "set_ground_rules"):
            return
        version = found.versions.get("company", 0)
        with ask(f"rules_{version}", row=True) as form:
            for argument, label, least, now in (
                ("horizon", "Horizon, months", 1, company.horizon),
                ("frozen", "Frozen, months", 0, company.frozen),
                ("slushy", "Slushy to month", 0, company.slushy),
            ):
                form.field(st.number_input, argument, label, least, LONGEST_HORIZON, now, width=130)
            form.field(
                st.selectbox,
                "fiscal_start",
                "Fiscal year from",
                range(1, 13),
                company.fiscal_start - 1,
                format_func=lambda month: MONTH_NAMES[month - 1],
                width=130,
            )
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
    st.html(grey_line(f"{len(shown)} of the newest {min(TRAIL, len(entries))} entries; times in UTC"))
    frame = pd.DataFrame(
        [(entry.at, entry.who, entry.role, entry.text) for entry in shown], columns=["at", "who", "role", "what"]
    )
    st.dataframe(frame, hide_index=True, height=420)
    with st.container(horizontal=True):
        download(visit, lambda: frame, "audit-trail", "Download")
        checked = st.button("Check that nothing was altered", key="check_trail")
    if checked:
        found = visit.call(check_trail)()
        st.html(
            grey_line(
                f"{found.entries} entries and every sealed row are as they were written; the head is "
                f"{found.head[:16]}…"
                if found.is_intact
                else f"Altered: {'; '.join(found.problems[:5])}"
            )
        )
