"""Sliders made from the register of assumptions, one card per owning function; each release is written at once.

The database is the record: a slider shows what stands there, also after somebody else moved it, and a release
that crosses another person's edit is refused rather than overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from sop.analysis.decisions.levers import Lever, scope_choices
from sop.core.register import Assumption
from sop.core.terms import Function
from sop.services.scenarios.bench import Bench, why_locked
from sop.services.scenarios.drafts import change_assumption, entries, reset_assumption
from sop.services.scenarios.edits import WHOLE
from sop.ui.frame.page import Visit
from sop.ui.frame.state import attempt
from sop.ui.kit.format import number, signed

_NARROW_NAMES = {
    "capacity_pct": "{} hours",
    "launch_slip_months": "{} slips",
    "launch_volume_pct": "{} volume",
    "event_probability": "{}, chance",
    "initiative_confidence": "{}, benefit",
}
_HEADS = tuple(function for function in Function if function is not Function.CEO)
_OPENED = (Function.SALES, Function.OPERATIONS, Function.SUPPLY)
"""Cards that are open for whoever heads no function."""
_UNIT_WORDS = {"pct": "%", "share": "%", "ratio": "", "units": "units a month", "switch": "", "choice": ""}


def chosen_scopes() -> dict[Function, str]:
    """The family, plant, line or material that a function's card looks at; none where it is the whole company."""
    chosen = {owner: st.session_state.get(_scope_key(owner), "") for owner in Function}
    return {owner: scope for owner, scope in chosen.items() if scope}


def show_levers(visit: Visit, bench: Bench, levers: Mapping[Function, tuple[Lever, ...]]) -> None:
    """One card per function with its sliders and, where they can be narrowed, what they apply to."""
    opened = (visit.role.function,) if visit.role.function in _HEADS else _OPENED
    for owner, own in levers.items():
        changed = sum(bench.assumptions.get(lever.place) != bench.working.get(lever.place) for lever in own)
        title = f"**{owner.title}**" + (f" · {changed} changed" if changed and not bench.is_working else "")
        with st.expander(title, expanded=owner in opened, key=f"levers_{owner.value}"):
            _choose_scope(visit, owner)
            with st.container(gap=None):
                for lever in own:
                    _slider(visit, bench, lever)


def _choose_scope(visit: Visit, owner: Function) -> None:
    names = {"": WHOLE, **dict(scope_choices(visit.inputs.inputs, owner))}
    if len(names) > 1:
        st.selectbox(
            f"{owner.title} sliders apply to",
            list(names),
            format_func=lambda scope: names.get(scope, scope),
            key=_scope_key(owner),
            label_visibility="collapsed",
            persist_state="session",
        )


def _scope_key(owner: Function) -> str:
    return f"scope_{owner.value}"


def _slider(visit: Visit, bench: Bench, lever: Lever) -> None:
    """One slider at the value that is stored.

    The value is given at every draw: without it, a slider that left the screen and comes back would send its
    lowest value as if somebody had moved it there. Session state yields where somebody else moved the value.
    """
    entry, scale, names = lever.entry, shown_scale(lever.entry), choice_names(lever.entry)
    key = f"lever_{bench.scenario.id}_{entry.key}_{lever.scope}"
    shown = _shown(entry, lever.value)
    if st.session_state.get(key, shown) != shown:
        st.session_state[key] = shown
    locked = why_locked(visit.person, bench.scenario, entry.key)
    shared: dict[str, Any] = {
        "key": key,
        "help": locked or lever_help(lever, bench),
        "disabled": bool(locked),
        "on_change": _release,
        "args": (visit, bench, lever, key),
    }
    if names:
        st.selectbox(
            lever_label(lever),
            list(range(len(names))),
            index=round(shown),
            format_func=names.__getitem__,
            **shared,
        )
        return
    st.slider(
        lever_label(lever),
        min_value=float(entry.low * scale),
        max_value=float(entry.high * scale),
        value=shown,
        step=float(entry.step * scale),
        format=f"%.{_decimals(entry.step * scale)}f",
        **shared,
    )


def _shown(entry: Assumption, value: float) -> float:
    """A value as its slider holds it: in shown units, or the place of a choice."""
    return round(value) if choice_names(entry) else round(value * shown_scale(entry), 6)


def _release(visit: Visit, bench: Bench, lever: Lever, key: str) -> None:
    """Write one slider; back at its default the entry is taken out again. What is stored already is not written."""
    entry, store, person, scenario = lever.entry, visit.room.store, visit.person.id, bench.scenario.id
    stored = {(each.key, each.scope): each.value for each in entries(store, person, scenario)}
    if st.session_state[key] == _shown(entry, stored.get(lever.place, lever.default)):
        return
    value = round(st.session_state[key] / shown_scale(entry), 8)
    drawn = bench.entries.get(lever.place)
    place = (store, person, scenario, entry.key)
    version = drawn.version if drawn else 0
    if not lever.mixed and abs(value - lever.default) < 1e-9:
        attempt("", reset_assumption, *place, lever.scope, expected_version=version)
    else:
        attempt("", change_assumption, *place, value, scope=lever.scope, expected_version=version)


def lever_label(lever: Lever) -> str:
    """A slider's label with its unit: 'Net price, %', 'Compact Urban slips, months'."""
    return f"{_plain(lever_name(lever))}, {unit_word(lever.entry)}".rstrip(", ")


def lever_name(lever: Lever) -> str:
    """What a slider moves, without its unit: 'Net price', 'Compact Urban slips'."""
    narrow = _NARROW_NAMES.get(lever.entry.key)
    return narrow.format(lever.name) if lever.name and narrow else lever.entry.label


def lever_help(lever: Lever, bench: Bench) -> str:
    """What a slider means, where it stands without anybody's change, and who changed it why."""
    entry, stored = lever.entry, bench.entries.get(lever.place)
    spread = ", the mean of different values in the tables" if lever.mixed else ""
    parts = [
        f"{entry.meaning}.",
        f"Without an entry: {value_text(entry, lever.default)} ({entry.source}{spread}).",
    ]
    if lever.narrower:
        parts.append(f"{lever.narrower} narrower value{'s win' if lever.narrower > 1 else ' wins'} over this one.")
    if stored:
        parts.append(_plain(f"Set by {stored.by}{f': {stored.reason}' if stored.reason else ''}."))
    return " ".join(parts)


def value_text(entry: Assumption, value: float, currency: str = "") -> str:
    """An assumption's value with its unit: '+3%', '95%', '2 months', '25 EUR'."""
    shown = round(value * shown_scale(entry), 6)
    decimals = _decimals(shown)
    if entry.unit == "pct":
        return f"{signed(shown, decimals)}%"
    if entry.unit == "share":
        return f"{number(shown, decimals)}%"
    if entry.unit in ("switch", "choice"):
        return choice_names(entry)[round(value)]
    unit = {"ratio": "", "currency": currency}.get(entry.unit, entry.unit)
    return f"{number(shown, decimals)} {unit}".strip()


def choice_names(entry: Assumption) -> tuple[str, ...]:
    """What can be chosen, by value: 'No' and 'Yes' for a switch; nothing where a number is entered."""
    return ("No", "Yes") if entry.unit == "switch" else entry.choices


def _decimals(value: float) -> int:
    """Decimals that a figure needs, at most two."""
    return len(f"{value:.2f}".rstrip("0").partition(".")[2])


def unit_word(entry: Assumption) -> str:
    """The unit of a slider, as its label says it."""
    return _UNIT_WORDS.get(entry.unit, entry.unit)


def shown_scale(entry: Assumption) -> float:
    """Shown units in one inside unit: percent are fractions inside."""
    return 100.0 if entry.unit in ("pct", "share") else 1.0


def _plain(text: str) -> str:
    """Text that somebody typed, for a place where Streamlit would read Markdown."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!|<>~:$" else character for character in text)
