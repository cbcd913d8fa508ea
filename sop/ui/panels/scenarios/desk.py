"""What stands on the workbench of the Scenarios page, and which parts of it are drawn again alone."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sop.analysis.decisions.levers import Lever
from sop.core.register import Entry
from sop.core.terms import Function
from sop.services.scenarios.bench import Bench, levers_of, read_bench
from sop.ui.charts import Chart
from sop.ui.frame.fragments import drawn_ahead, of_no_fragment
from sop.ui.frame.page import Visit
from sop.ui.panels.scenarios.scenario_bench import panel_charts, show_panel

WORKBENCH, SAID, TABLES = "workbench", "said", "tables"
"""The keys of the whole, and of what stands above and below the charts, each a part of its own."""
_TO_LEAVE = 0.01
"""Seconds: Streamlit sends what was drawn every 5 ms, and haltingly while the server computes on."""
Place = tuple[str, str]
"""Key and scope of a slider."""


class SliderDesk:
    """One scenario and its sliders, as last read.

    `shown`: the entry with which each slider was drawn; `charted`: what each panel's chart on screen assumes.
    """

    def __init__(self, visit: Visit, scenario_id: int) -> None:
        self.visit, self.scenario_id = visit, scenario_id
        self.shown: dict[Place, Entry | None] = {}
        self.charted: dict[str, tuple[str, ...]] = {}
        self._places: dict[str, DeltaGenerator] = {}
        self._read_in: object = None
        self._is_ahead = False

    def read(self) -> Bench:
        """The scenario as it stands in this run, of which all parts draw the same. Raises NotAllowed, NotFound."""
        run = get_script_run_ctx()
        # Of each run this is another list; the whole page has none.
        parts = run.fragment_ids_this_run if run else None
        if parts is not self._read_in:
            if not self._is_ahead:
                self._forget()
            self._read_in, self._is_ahead = parts, False
        return self.bench

    def _forget(self) -> None:
        for name in ("bench", "charts", "levers"):
            self.__dict__.pop(name, None)

    @cached_property
    def bench(self) -> Bench:
        """The scenario."""
        return read_bench(self.visit.room, self.visit.person.id, self.visit.inputs, self.scenario_id)

    @cached_property
    def charts(self) -> dict[str, Chart]:
        """Its small multiples by panel."""
        return panel_charts(self.bench, self.visit.money)

    @cached_property
    def levers(self) -> Mapping[Function, tuple[Lever, ...]]:
        """Its sliders by function."""
        return levers_of(self.visit.room, self.visit.inputs, self.bench, chosen_scopes())

    def place_chart(self, key: str) -> None:
        """The chart of a panel, in a place where another can take its own."""
        self._places[key] = st.empty()
        self._draw_chart(key)

    def _draw_chart(self, key: str) -> None:
        """A panel's chart as the scenario was last read; nothing where it has none any more."""
        self.charted[key] = self.bench.assumptions.texts
        if key in self.charts:
            with of_no_fragment(), self._places[key]:
                show_panel(self.charts[key], key)

    def _draw_charts(self) -> None:
        for key in self._places:
            self._draw_chart(key)

    def draw_ahead(self) -> bool:
        """Draw the charts out of the callback that moved a slider, and whether that was done.

        They are what is waited for: with the run that the callback asks for they would come a third later. That
        run draws the same reading.
        """
        self._forget()
        drawn = drawn_ahead(self._draw_charts)
        if drawn:
            self._is_ahead = True
            time.sleep(_TO_LEAVE)
        return drawn

    def is_charted(self) -> bool:
        """Whether the charts on screen are those of the scenario as last read."""
        return all(self.charted.get(panel.key) == self.bench.assumptions.texts for panel in self.bench.panels)

    def lever(self, place: Place) -> Lever:
        """The slider at a place that is drawn."""
        return next(lever for own in self.levers.values() for lever in own if lever.place == place)

    def shows(self, stored: Mapping[Place, Entry]) -> bool:
        """Whether the sliders on screen are what stands in the database, where `stored` was read."""
        return all(stored.get(place) == entry for place, entry in self.shown.items())


def chosen_scopes() -> dict[Function, str]:
    """The family, plant, line or material that a function's card looks at; none where it is the whole company."""
    chosen = {owner: st.session_state.get(scope_key(owner), "") for owner in Function}
    return {owner: scope for owner, scope in chosen.items() if scope}


def scope_key(owner: Function) -> str:
    """The session key of what a function's sliders apply to."""
    return f"scope_{owner.value}"
