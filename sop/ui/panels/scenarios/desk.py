"""What stands on the workbench of the Scenarios page, and which parts of it are drawn again alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import streamlit as st

from sop.analysis.decisions.levers import Lever
from sop.core.register import Entry
from sop.core.terms import Function
from sop.services.scenarios.bench import Bench, levers_of, read_bench
from sop.ui.frame.page import Visit

WORKBENCH, RESULTS = "workbench", "results"
"""The keys of the whole, and of the side that shows the plan."""
Place = tuple[str, str]
"""Key and scope of a slider."""


class SliderDesk:
    """One scenario and its sliders, as last read. `shown`: the entry with which each slider was drawn."""

    def __init__(self, visit: Visit, scenario_id: int) -> None:
        self.visit, self.scenario_id = visit, scenario_id
        self.shown: dict[Place, Entry | None] = {}

    def read(self) -> Bench:
        """The scenario as it stands now; from then on all is drawn from that. Raises NotAllowed, NotFound."""
        for name in ("bench", "levers"):
            self.__dict__.pop(name, None)
        return self.bench

    @cached_property
    def bench(self) -> Bench:
        """The scenario."""
        return read_bench(self.visit.room, self.visit.person.id, self.visit.inputs, self.scenario_id)

    @cached_property
    def levers(self) -> Mapping[Function, tuple[Lever, ...]]:
        """Its sliders by function."""
        return levers_of(self.visit.room, self.visit.inputs, self.bench, chosen_scopes())

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
