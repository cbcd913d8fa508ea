"""Overrides on the Sales page: the form at any level with what it would do, and those in force to take back."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from sop.core.calendar import Calendar, period_name, period_short, worded
from sop.core.errors import BadInput
from sop.core.format import day_text, how_many, number, percent, signed
from sop.core.lengths import longest
from sop.core.override_scopes import How
from sop.demand.override_effect import WantedOverride, preview_override
from sop.services.company.settings import names_of
from sop.services.planning.overrides import enter_override, overrides_frozen, overrides_in_force, take_back
from sop.services.process.contributing import delegated_words, override_key, why_no_override
from sop.store.scenarios import Scenario
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, refusals
from sop.ui.frame.state import tell_on_page
from sop.ui.frame.text import literal
from sop.ui.kit.acts import act_button
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_sentence
from sop.views.sales.overrides import Override, effect_sentence
from sop.views.sales.streams import buckets, grains
from sop.views.telescope import span_name
from sop.views.timeline import PlanContext

HOWS: dict[How, str] = {"units": "Change by units", "percent": "Change by percent", "target": "Set demand to"}
NUMBERS: dict[How, str] = {
    "units": "Units, with sign",
    "percent": "Percent, with sign",
    "target": "Demand to reach, units",
}
EVERYWHERE = {"family": "All families", "region": "All regions"}
RANGE, NO_END = "From and to", "no end"


def show_overrides(visit: Visit, context: PlanContext, family: str | None) -> None:
    """The form and the list; in a frozen plan the list alone."""
    scenario = visit.view.scenario
    if scenario is None:
        note = f"{visit.view.name} is frozen. Choose the working plan above to enter overrides."
        with panel("Overrides in force", note, "overrides"):
            _frozen_list(visit, family)
        return
    with st.grid(2, min_column_width=400):
        note = "At any level; shared by the baseline forecast to the unit; every open screen follows"
        with panel("Enter an override", note, "override-form"):
            _form(visit, context, family, scenario)
        note = f"In {visit.view.name}; newest first; units of the {context.word}s still open"
        with panel("Overrides in force", note, "overrides"):
            _list(visit, family, scenario)


# -- the form


@fragment()
def _form(visit: Visit, context: PlanContext, family: str | None, scenario: Scenario) -> None:
    """What is wanted, what it would do, and the button; closed with the reason for whoever may not."""
    with refusals():
        tell_on_page()
        store, person = visit.room.store, visit.person
        locked = why_no_override(store, person, scenario, override_key(store, person))
        if told := delegated_words(store, person):
            show_sentence(told)
        if locked:
            show_sentence(f"{locked.rstrip('.')}.")
        wanted = _wanted(context, family, bool(locked))
        left, right = st.columns([3, 1])
        with left:
            st.text_input(
                "Reason",
                max_chars=longest("reason"),
                key="override_reason",
                disabled=bool(locked),
                placeholder="What does the forecast not know?",
            )
        with right:
            months = context.plan.months
            st.selectbox(
                "Counts until", [None, *months], key="override_until", disabled=bool(locked),
                format_func=lambda month: period_name(month) if month else NO_END,
                help="The last cycle in which it counts; it leaves the plan when a later cycle opens.",
            )  # fmt: skip
        does_something = not locked and _preview(visit, wanted)
        where = "the working plan" if scenario.kind == "working" else visit.view.name
        empty = {"override_reason": "", f"override_number_{wanted.how}": 0.0}
        act_button(
            "Enter override",
            partial(enter_override, visit.room, visit.person, scenario.id, wanted),
            f"The override is in {where}",
            {"reason": "override_reason", "expiry": "override_until"},
            then=partial(st.session_state.update, empty),
            key="override_enter",
            type="primary",
            disabled=not does_something,
        )


def _wanted(context: PlanContext, family: str | None, closed: bool) -> WantedOverride:
    """Where, when and how much, as the form says it."""
    families, regions = ["", *context.inputs.families.names], ["", *context.inputs.regions]
    with st.grid(2, min_column_width=150, gap="small"):
        chosen = st.selectbox(
            "For family", families, families.index(family or ""), key=f"override_family_{family}", disabled=closed,
            format_func=lambda name: name or EVERYWHERE["family"],
        )  # fmt: skip
        region = st.selectbox(
            "In region", regions, key="override_region", disabled=closed,
            format_func=lambda name: name or EVERYWHERE["region"],
        )  # fmt: skip
        grain = st.selectbox(
            "Over", [*grains(context.plan.calendar), RANGE], 1, key="override_grain", disabled=closed
        )
        months = _months(context.plan.calendar, grain, closed)
        how = st.selectbox("How", list(HOWS), format_func=HOWS.__getitem__, key="override_how", disabled=closed)
        figure = st.number_input(
            NUMBERS[how],
            key=f"override_number_{how}", step=1.0, format="%g", disabled=closed,
        )  # fmt: skip
    return WantedOverride(chosen or "", region or "", months, how, figure / 100 if how == "percent" else figure)


def _months(calendar: Calendar, grain: str, closed: bool) -> tuple[str, ...]:
    """The months chosen: one bucket, or from one month to another."""
    if grain != RANGE:
        groups = buckets(calendar, grain)
        whole = next((at for at, group in enumerate(groups) if len(group) == grains(calendar)[grain]), 0)
        return st.selectbox(
            grain, groups, index=whole, format_func=span_name, key=f"override_{grain}", disabled=closed
        )
    first, last = st.select_slider(
        "From and to", calendar.months, value=calendar.months[:2], format_func=period_short, key="override_range",
        disabled=closed,
    )  # fmt: skip
    return tuple(month for month in calendar.months if first <= month <= last)


def _preview(visit: Visit, wanted: WantedOverride) -> bool:
    """What the override would do, before it is entered; whether it can be entered and changes anything."""
    chosen = visit.room.input_set(visit.view.assumptions)
    try:
        effect = preview_override(
            chosen.planner, visit.view.assumptions, override_key(visit.room.store, visit.person), wanted
        )
    except BadInput as refused:
        st.html(grey_line(refused.sentence))
        return False
    base = f"Baseline forecast {how_many(number(effect.baseline), 'units')} in {span_name(wanted.months)}"
    st.html(f"<p>{escape(effect_sentence(effect, visit.money.words))}</p>{grey_line(base)}")
    return bool(effect.entries)


# -- the list


def _list(visit: Visit, family: str | None, scenario: Scenario) -> None:
    """One row for each override that touches the family; its owner can take it back."""
    names = names_of(visit.room.store)
    found = _touching(family, overrides_in_force(visit.room, visit.person.id, scenario.id))
    for place, override in enumerate(found):
        text, button = st.columns([6, 1], vertical_alignment="center")
        text.html(override_html(override, names))
        locked = why_no_override(visit.room.store, visit.person, scenario, override.key)
        act_button(
            "Take back",
            visit.call(take_back, scenario.id, override),
            "The override is taken back",
            draw=button.button,
            key=f"take_back_{place}_{override.places[0]}",
            type="tertiary",
            disabled=bool(locked),
            help=literal(locked) if locked else None,
        )


def _frozen_list(visit: Visit, family: str | None) -> None:
    """The overrides that a frozen plan was made with."""
    for override in _touching(family, overrides_frozen(visit.room, visit.person.id, visit.view)):
        st.html(override_html(override, {}))


def _touching(family: str | None, overrides: Sequence[Override]) -> list[Override]:
    """Those of a family (None: all); where there is none, that is said."""
    found = [override for override in overrides if family is None or override.family in ("", family)]
    if not found:
        st.html(
            grey_line(
                worded("Nobody has entered one; overrides of a percent for all months are among the assumptions.")
            )
        )
    return found


def override_html(override: Override, names: dict[str, str]) -> str:
    """One override: where and how much, then reason, who, since and until when; a moved baseline is flagged.

    A frozen plan keeps the function, not the person and the day.
    """
    wish = override.wish.replace("-", "−")
    units = how_many(signed(override.units), "units") if wish != signed(override.units) else "units"
    place = f"{override.place[0].upper()}{override.place[1:]}"
    head = f"<b>{escape(place)}</b>, {escape(span_name(override.months))}: {escape(wish)} {escape(units)}"
    until = f", until {period_name(override.expiry)}" if override.expiry else ""
    who = (
        f"{names.get(override.by, override.by)} for {override.owner.title}, {day_text(override.at)}{until}"
        if override.by
        else override.owner.title
    )
    return f"<p>{head}</p>{grey_line(f'{override.reason} · {who}')}{_flag(override)}"


def _flag(override: Override) -> str:
    moved = override.baseline_moved
    if moved is None:
        return ""
    text = (
        f"The baseline has moved by {percent(abs(moved))} {'up' if moved > 0 else 'down'} since: look at it again"
    )
    return f'<p class="sop-grey"><span class="sop-bad">▲</span> {escape(text)}</p>'
