"""The Settings page's pieces: planning rules, ground rules, people and permissions, and the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from sop.access import PERMISSIONS
from sop.agreement.ground_rules import MODES, GroundRules
from sop.core.calendar import MONTH_NAMES, period_name
from sop.core.terms import Function, Role
from sop.services.company.settings import (
    LONGEST_HORIZON,
    TRAIL,
    Settings,
    TrailEntry,
    change_person,
    check_trail,
    read_trail,
    set_ground_rules,
    set_planning_rules,
    who_may,
)
from sop.ui.frame.page import Visit
from sop.ui.frame.state import attempt
from sop.ui.kit.cards import grey_line
from sop.ui.kit.format import number
from sop.ui.kit.html_tables import Cell, HtmlColumn, html_table
from sop.ui.panels.plans.layout import download, panel

EVERYBODY, NEW_PERSON = "Everybody", "Add a person"


def show_planning_rules(visit: Visit, found: Settings) -> None:
    """Calendar, horizon, fences, fiscal year and currency, with the form of whoever may set them."""
    company, cycle = found.company, found.cycle
    later = "" if company.horizon == cycle.horizon else f"; {company.horizon} from the next cycle on"
    rows = [
        ("Company", company.name),
        ("Currency", company.currency),
        ("First open month", period_name(cycle.first_open)),
        ("Horizon", f"{cycle.horizon} months{later}"),
        ("Frozen", f"to month {company.frozen}" if company.frozen else "nothing"),
        ("Slushy", f"to month {company.slushy}"),
        ("Fiscal year from", MONTH_NAMES[company.fiscal_start - 1]),
        ("Sign-in", "demo personas" if company.access == "demo" else company.access),
    ]
    with panel("Planning rules", "Fences and fiscal year hold at once, a horizon from the next cycle on", "rules"):
        st.html(html_table([HtmlColumn("Setting"), HtmlColumn("Now")], rows, caption="Planning rules"))
        if _closed(visit, "set_ground_rules"):
            return
        with st.form("planning_rules", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            version = found.versions.get("company", 0)
            for label, name, least, now in (
                ("Horizon, months", "set_horizon", 1, company.horizon),
                ("Frozen, months", "set_frozen", 0, company.frozen),
                ("Slushy to month", "set_slushy", 0, company.slushy),
            ):
                st.number_input(label, least, LONGEST_HORIZON, now, key=f"{name}_{version}", width=130)
            st.selectbox(
                "Fiscal year from",
                range(1, 13),
                company.fiscal_start - 1,
                format_func=lambda month: MONTH_NAMES[month - 1],
                key=f"set_fiscal_{version}",
                width=130,
            )
            st.form_submit_button("Set", type="primary", on_click=_set_planning, args=(visit, version))


def _set_planning(visit: Visit, version: int) -> None:
    given = st.session_state
    attempt(
        "Planning rules are set.",
        set_planning_rules,
        visit.room.store,
        visit.person.id,
        horizon=given[f"set_horizon_{version}"],
        frozen=given[f"set_frozen_{version}"],
        slushy=given[f"set_slushy_{version}"],
        fiscal_start=given[f"set_fiscal_{version}"],
        expected_version=version,
    )


def show_ground_rules(visit: Visit, found: Settings) -> None:
    """Who must sign a plan, with the form of whoever may set it."""
    rules = found.rules
    rows = [
        ("How the company decides", MODES[rules.mode]),
        ("Functions that sign", ", ".join(Function(name).title for name in rules.functions)),
        ("Signatures that make a plan agreed", number(rules.needed)),
    ]
    with panel("Ground rules", "Enforced at every sign-off; nobody signs for another", "ground"):
        st.html(html_table([HtmlColumn("Rule"), HtmlColumn("Now")], rows, caption="Ground rules"))
        if found.signing:
            st.html(grey_line("A plan is up for signature: the rules stand still until it is agreed or returned."))
        if _closed(visit, "set_ground_rules"):
            return
        version = found.versions.get("ground_rules", 0)
        with st.form("ground_rules", border=False):
            st.segmented_control(
                "How the company decides",
                list(MODES),
                format_func=MODES.__getitem__,
                default=rules.mode,
                required=True,
                key=f"set_mode_{version}",
            )
            st.pills(
                "Functions that sign",
                list(Function),
                format_func=lambda function: function.title,
                default=[Function(name) for name in rules.functions],
                selection_mode="multi",
                key=f"set_functions_{version}",
            )
            most = len(Function)
            quorum = rules.quorum or len(rules.functions)
            st.number_input("Quorum of a coalition", 1, most, quorum, key=f"set_quorum_{version}", width=170)
            st.form_submit_button(
                "Set", type="primary", disabled=found.signing, on_click=_set_ground, args=(visit, version)
            )


def _set_ground(visit: Visit, version: int) -> None:
    given = st.session_state
    functions = tuple(Function(name).value for name in given[f"set_functions_{version}"] or ())
    rules = GroundRules(given[f"set_mode_{version}"], functions, int(given[f"set_quorum_{version}"]))
    attempt("Ground rules are set.", set_ground_rules, visit.room.store, visit.person.id, rules, version)


def _closed(visit: Visit, act: str) -> bool:
    """Whether the person may not do an act; then who may is said."""
    if visit.may(act):
        return False
    st.html(grey_line(f"Set by: {who_may(act)}"))
    return True


# -- people


def show_people(visit: Visit, found: Settings) -> None:
    """Everybody with role and what they sign for, and the form of an administrator."""
    columns = [
        HtmlColumn("Name"),
        HtmlColumn("Id"),
        HtmlColumn("Role"),
        HtmlColumn("Signs for"),
        HtmlColumn("Access"),
    ]
    rows = [
        [
            Cell(person.name, strong=True),
            person.id,
            Role(person.role).title,
            _signs_for(Role(person.role)),
            "" if person.active else "may no longer sign in",
        ]
        for person in found.people
    ]
    with panel(
        "People and roles", "Permission follows the role that is stored at the moment of each act", "people"
    ):
        st.html(html_table(columns, rows, caption="People and roles"))
        if not _closed(visit, "manage_people"):
            _person_form(visit, found)
        _opened("Who may do what", "permissions", _show_permissions)


def _signs_for(role: Role) -> str:
    return role.function.title if role.function else ""


def _person_form(visit: Visit, found: Settings) -> None:
    people = {person.id: person for person in found.people}
    chosen = st.selectbox("Person", [NEW_PERSON, *people], key="person_id", width=240)
    person, roles = people.get(chosen or ""), list(Role)
    # Another person's change empties the form, so that nobody saves over it what they never saw.
    place = f"person_{chosen}_{hash(person)}"
    with st.form("person", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        if person is None:
            st.text_input("Id", key=f"{place}_id", width=150)
        st.text_input("Name", person.name if person else "", key=f"{place}_name", width=220)
        at = roles.index(Role(person.role)) if person else roles.index(Role.VIEWER)
        st.selectbox("Role", roles, at, format_func=lambda role: role.title, key=f"{place}_role", width=220)
        st.toggle("May sign in", person.active if person else True, key=f"{place}_active")
        st.form_submit_button("Save", type="primary", on_click=_save_person, args=(visit, chosen, place))


def _save_person(visit: Visit, chosen: str, place: str) -> None:
    given = st.session_state
    changed = given.get(f"{place}_id", "") if chosen == NEW_PERSON else chosen
    attempt(
        "Saved.",
        change_person,
        visit.room.store,
        visit.person.id,
        changed,
        given[f"{place}_name"],
        given[f"{place}_role"],
        given[f"{place}_active"],
    )


def _show_permissions() -> None:
    columns = [HtmlColumn("Act"), HtmlColumn("Who may")]
    rows = [[each.meaning, ", ".join(role.title for role in each.roles)] for each in PERMISSIONS]
    st.html(html_table(columns, rows, caption="Who may do what"))


def _opened(title: str, key: str, show: Callable[[], None]) -> None:
    """A part that is drawn only once it is opened."""
    with st.expander(title, key=f"settings_{key}", on_change="rerun") as box:
        if box.open:
            show()


# -- audit trail


def show_trail(visit: Visit) -> None:
    """Who did what, newest first, with the check that nothing was altered."""
    _opened("Audit trail: who did what", "trail", lambda: _show_trail(visit))


def _show_trail(visit: Visit) -> None:
    entries = read_trail(visit.room.store, visit.person.id)
    shown = _filtered(entries)
    st.html(grey_line(f"{len(shown)} of the newest {min(TRAIL, len(entries))} entries; times in UTC"))
    frame = pd.DataFrame(
        [(entry.at, entry.who, entry.role, entry.text) for entry in shown], columns=["at", "who", "role", "what"]
    )
    st.dataframe(frame, hide_index=True, height=420)
    with st.container(horizontal=True):
        download(visit, frame, "audit-trail", "Download")
        st.button("Check that nothing was altered", key="check_trail", on_click=_check, args=(visit,))
    if "trail_check" in st.session_state:
        st.html(grey_line(st.session_state.pop("trail_check")))


def _filtered(entries: Sequence[TrailEntry]) -> list[TrailEntry]:
    with st.container(horizontal=True):
        people = sorted({entry.who for entry in entries})
        who = st.selectbox("Who", [EVERYBODY, *people], key="trail_who", width=220)
        actions = sorted({entry.action for entry in entries})
        what = st.multiselect(
            "What", actions, format_func=lambda action: action.replace("_", " "), key="trail_what", width=420
        )
    return [entry for entry in entries if who in (EVERYBODY, entry.who) and (not what or entry.action in what)]


def _check(visit: Visit) -> None:
    found = check_trail(visit.room.store, visit.person.id)
    verdict = (
        f"{found.entries} entries and every sealed row are as they were written; the head is {found.head[:16]}…"
        if found.is_intact
        else f"Altered: {'; '.join(found.problems[:5])}"
    )
    st.session_state["trail_check"] = verdict
