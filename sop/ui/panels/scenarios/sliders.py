"""Sliders made from the register of assumptions, one card per owning function; each release is written at once.

The database is the record: a slider shows what stands there, also after somebody else moved it, and a release
that crosses another person's edit is refused rather than overwritten.
"""

from functools import partial
from typing import Any

import streamlit as st

from sop.analysis.decisions.levers import Lever, scope_choices, table_value
from sop.core.calendar import worded
from sop.core.errors import Conflict
from sop.core.terms import Function
from sop.services.company.settings import names_of
from sop.services.scenarios.bench import Bench, why_locked
from sop.services.scenarios.drafts import entries
from sop.services.scenarios.register import WHOLE, Edit
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, refusals
from sop.ui.frame.state import attempt
from sop.ui.frame.text import literal
from sop.ui.kit.cards import grey_line
from sop.ui.kit.edit_form import change_act, reset_act, theirs_sentence
from sop.ui.panels.scenarios.desk import SAID, TABLES, WORKBENCH, Place, SliderDesk, scope_key
from sop.views.assumption_words import (
    decimals_of,
    in_shown_units,
    lever_name,
    shown_scale,
    source_words,
    value_text,
    with_unit,
)
from sop.views.price_words import PRICE_KEYS, elasticity_words

_HEADS = tuple(function for function in Function if function is not Function.CEO)
_OPENED = (Function.SALES, Function.OPERATIONS, Function.SUPPLY)
"""Cards that are open for whoever heads no function."""
_NUMBERS = "lever_numbers"
_CHANGED = "levers_changed"
_MARK_WIDTH = 0.2
"""The part of a slider that the name of a mark takes."""


def show_levers(desk: SliderDesk) -> None:
    """One card per function with its sliders and, where they can be narrowed, what they apply to.

    A card that is closed has no sliders: they would be drawn for nobody.
    """
    visit = desk.visit
    opened = (visit.role.function,) if visit.role.function in _HEADS else _OPENED
    _say_changed(desk)
    for owner, own in desk.levers.items():
        # A title that changed with a slider would be another card, closed again.
        card = st.expander(
            f"**{owner.title}**", expanded=owner in opened, key=f"levers_{owner.value}", on_change="rerun"
        )
        if not card.open:
            continue
        with card:
            _choose_scope(visit, owner)
            with st.container(gap=None):
                for lever in own:
                    fragment(key=_part(lever.place))(_show_lever)(desk, lever.place)


def _part(place: Place) -> str:
    """The key of the part that shows a slider."""
    return f"lever_{place}"


def _show_lever(desk: SliderDesk, place: Place) -> None:
    """A slider, and under it what crossed; when it is moved it runs alone, after what shows the plan."""
    with refusals():
        bench, lever = desk.bench, desk.lever(place)
        desk.shown[place] = bench.entries.get(place)
        _slider(desk, bench, lever)
        _show_crossing(desk, bench, lever)


@fragment(key=_CHANGED)
def _say_changed(desk: SliderDesk) -> None:
    """How many sliders of each function stand elsewhere than in the working plan."""
    bench = desk.bench
    counts = {
        owner: sum(bench.assumptions.get(lever.place) != bench.working.get(lever.place) for lever in own)
        for owner, own in desk.levers.items()
    }
    told = ", ".join(f"{owner.title} {count}" for owner, count in counts.items() if count)
    if told and not bench.is_working:
        st.html(grey_line(f"Changed against the working plan: {told}"))


def _choose_scope(visit: Visit, owner: Function) -> None:
    names = {"": WHOLE, **dict(scope_choices(visit.inputs.inputs, owner))}
    if len(names) > 1:
        st.selectbox(
            f"{owner.title} sliders apply to",
            list(names),
            format_func=lambda scope: names.get(scope, scope),
            key=scope_key(owner),
            label_visibility="collapsed",
            persist_state="session",
        )


def _slider(desk: SliderDesk, bench: Bench, lever: Lever) -> None:
    """One slider at the value that is stored.

    The value is given at every draw: without it, a slider that left the screen and comes back would send its
    lowest value as if somebody had moved it there.
    """
    visit, entry = desk.visit, lever.entry
    scale, names = shown_scale(entry), entry.choice_names
    shown = in_shown_units(entry, lever.value)
    key = _key(f"lever_{bench.scenario.id}_{entry.key}_{lever.scope}", shown)
    locked = why_locked(visit.person, bench.scenario, entry.key)
    label = with_unit(literal(lever_name(lever)), entry, visit.money.currency)
    shared: dict[str, Any] = {
        "key": key,
        "help": literal(locked)
        or " ".join(filter(None, (lever_help(lever, bench), _price_note(visit, bench, lever)))),
        "disabled": bool(locked),
        "on_change": _release,
        "args": (desk, bench, lever, key),
    }
    if names:
        st.selectbox(
            label,
            list(range(len(names))),
            index=round(shown),
            format_func=names.__getitem__,
            **shared,
        )
        return
    low, high, step = (float(each * scale) for each in (entry.low, entry.high, entry.step))
    typed = _key(f"typed_{bench.scenario.id}_{entry.key}_{lever.scope}", shown)
    range_of: dict[str, Any] = {"min_value": low, "max_value": high, "value": shown, "step": step}
    form = f"%.{decimals_of(step)}f"
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        with st.container(gap=None):
            st.slider(label, format=form, **range_of, **shared)
            st.html(slider_marks(visit, bench, lever))
        st.number_input(
            f"{label}, typed",
            format=form,
            label_visibility="collapsed",
            width=74,
            **range_of,
            **shared | {"key": typed, "help": None, "args": (desk, bench, lever, typed)},
        )


def slider_marks(visit: Visit, bench: Bench, lever: Lever) -> str:
    """Where zero and the agreed plan lie on a slider, each in its place under the track."""
    entry, places = lever.entry, dict[str, float]()
    if entry.low < 0 < entry.high:
        places["0"] = 0.0
    if bench.agreed_name:
        told = table_value(visit.inputs.inputs, entry.key, lever.scope)
        agreed = bench.agreed_values.known(entry.key, lever.scope, lever.default if told is None else told)
        if agreed is not None:
            # Two marks that would lie on each other are one: that of the agreed plan.
            near = abs(agreed) < _MARK_WIDTH * (entry.high - entry.low)
            kept = {} if near else places
            places = {"0, agreed": 0.0} if agreed == 0 and places else kept | {"agreed": agreed}
    spots = [
        f'<i style="--at:{(value - entry.low) / (entry.high - entry.low):.2%}"></i>'
        f'<span style="--at:{(value - entry.low) / (entry.high - entry.low):.2%}">{name}</span>'
        for name, value in places.items()
    ]
    return f'<div class="sop-marks" aria-hidden="true">{"".join(spots)}</div>'


def _key(place: str, shown: float) -> str:
    """The session key of the slider at a place: another one once anything but that slider moved the value.

    With every act a browser sends all sliders as it last drew them. One that lags behind a reset or behind another
    slider sends the old value under the old key, where it counts for nothing.
    """
    numbers: dict[str, int] = st.session_state.setdefault(_NUMBERS, {})
    if st.session_state.get(f"{place}_{numbers.get(place, 0)}", shown) != shown:
        numbers[place] = numbers.get(place, 0) + 1
    return f"{place}_{numbers.get(place, 0)}"


def _is_drawn(key: str) -> bool:
    """Whether a key is that of the slider which stands at its place now."""
    place, _, number = key.rpartition("_")
    numbers: dict[str, int] = st.session_state.get(_NUMBERS, {})
    return numbers.get(place, 0) == int(number)


def lever_help(lever: Lever, bench: Bench) -> str:
    """What a slider means, where it stands without anybody's change, and who changed it why."""
    entry, stored = lever.entry, bench.entries.get(lever.place)
    spread = ", the mean of different values in the tables" if lever.mixed else ""
    parts = [
        f"{worded(entry.meaning)}.",
        f"Without an entry: {value_text(entry, lever.default)} ({source_words(entry)}{spread}).",
    ]
    if lever.narrower:
        parts.append(f"{lever.narrower} narrower value{'s win' if lever.narrower > 1 else ' wins'} over this one.")
    if stored:
        parts.append(literal(f"Set by {stored.by}{f': {stored.reason}' if stored.reason else ''}."))
    return " ".join(parts)


def _price_note(visit: Visit, bench: Bench, lever: Lever) -> str:
    """What a price does to demand in the plan, beside the sliders that move a price."""
    if lever.entry.key not in PRICE_KEYS:
        return ""
    family = lever.scope if lever.scope in visit.inputs.inputs.families.names else None
    return literal(elasticity_words(visit.inputs.inputs, bench.assumptions, family))


def _release(desk: SliderDesk, bench: Bench, lever: Lever, key: str) -> None:
    """Write one slider, unless that stands already; back at its default the entry is taken out again."""
    if not _is_drawn(key):
        return
    entry, shown = lever.entry, st.session_state.get(key)
    if shown is None:
        return
    stored = {(each.key, each.scope): each for each in desk.visit.call(entries, bench.scenario.id)()}
    stands = stored.get(lever.place)
    if shown == in_shown_units(entry, stands.value if stands else lever.default):
        return
    alone = _write(desk.visit, bench, lever, shown) and not bench.is_working and desk.shows(stored)
    alone = alone and desk.draw_ahead()
    st.rerun([SAID, TABLES, *_parts(desk, lever.place), _CHANGED] if alone else WORKBENCH)


def _parts(desk: SliderDesk, moved: Place) -> list[str]:
    """What shows the sliders that say something else once one is moved: itself, and what a price does."""
    also = PRICE_KEYS if moved[0] in PRICE_KEYS else ()
    return [_part(place) for place in desk.shown if place == moved or place[0] in also]


def _write(visit: Visit, bench: Bench, lever: Lever, shown: float) -> bool:
    """Write a value over what was drawn; where it crosses another's change, what was wanted is kept."""
    known = bench.entries.get(lever.place)
    edit = Edit(lever, bench.scenario.id, known.version if known else 0)
    is_default = not lever.mixed and abs(shown / shown_scale(lever.entry) - lever.default) < 1e-9
    act = reset_act(visit, edit, _KEPT) if is_default else partial(change_act(visit, edit, _KEPT), shown)

    def write_or_keep() -> None:
        try:
            act()
        except Conflict:
            _crossed()[_crossed_key(bench, lever)] = shown
            raise

    written = attempt(write_or_keep)
    if written:
        _crossed().pop(_crossed_key(bench, lever), None)
    return written


# -- a release that crossed another's change

_KEPT = "Yours stands next to the slider: put it in place of theirs, or leave theirs"


def _crossed() -> dict[str, float]:
    """What somebody wanted of sliders when another had moved them, in shown units."""
    found: dict[str, float] = st.session_state.setdefault("lever_crossed", {})
    return found


def _crossed_key(bench: Bench, lever: Lever) -> str:
    return f"{bench.scenario.id}|{lever.entry.key}|{lever.scope}"


def _show_crossing(desk: SliderDesk, bench: Bench, lever: Lever) -> None:
    """Under a slider: whose value stands there, what was wanted, and the two ways on."""
    key = _crossed_key(bench, lever)
    wanted = _crossed().get(key)
    if wanted is None:
        return
    visit, entry, stored = desk.visit, lever.entry, bench.entries.get(lever.place)
    names = names_of(visit.room.store)
    by = names.get(stored.by, stored.by) if stored else ""
    now = Edit(lever, bench.scenario.id, by=by, reason=stored.reason if stored else "")
    mine = value_text(entry, wanted / shown_scale(entry), visit.money.symbol)
    st.warning(
        literal(f"{theirs_sentence(now, visit.money.symbol)}; you want {mine}."), icon=":material/call_merge:"
    )
    with st.container(horizontal=True, gap="xsmall"):
        st.button(f"Put {literal(mine)}", key=f"mine_{key}", on_click=_put, args=(visit, bench, lever, wanted))
        st.button("Leave theirs", key=f"theirs_{key}", on_click=_leave, args=(key,), type="tertiary")


def _put(visit: Visit, bench: Bench, lever: Lever, wanted: float) -> None:
    """Put in place of theirs what was wanted."""
    _write(visit, bench, lever, wanted)
    st.rerun(WORKBENCH)


def _leave(key: str) -> None:
    _crossed().pop(key, None)
