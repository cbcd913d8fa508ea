"""The register of assumptions: ranges, the nearest scope, owners."""

from __future__ import annotations

import pytest

from sop.core.errors import BadInput, NotFound
from sop.core.register import REGISTER, Assumptions, assumption


def test_the_value_nearest_to_the_scope_wins() -> None:
    values = Assumptions({("demand_pct", ""): 0.02, ("demand_pct", "Front box"): 0.05})
    assert values.value("demand_pct", "Front box") == 0.05
    assert values.value("demand_pct", "Trike") == 0.02
    assert Assumptions().value("demand_pct", "Trike") == 0.0


def test_the_companys_table_comes_before_the_default_and_after_people() -> None:
    assert Assumptions().value("service_level", "Trike", 0.9) == 0.9
    assert Assumptions().value("service_level", "Trike", float("nan")) == 0.95
    assert Assumptions({("service_level", ""): 0.99}).value("service_level", "Trike", 0.9) == 0.99


def test_a_value_outside_its_range_is_refused_with_the_range() -> None:
    with pytest.raises(BadInput, match=r"−0\.5 to 0\.5"):
        Assumptions({("demand_pct", ""): 0.7})
    with pytest.raises(NotFound, match="no assumption 'weather'"):
        Assumptions({("weather", ""): 1.0})


def test_an_assumption_without_default_and_table_says_what_to_load() -> None:
    with pytest.raises(BadInput, match=r"load launches\.probability"):
        Assumptions().value("launch_probability", "Compact")


def test_single_values_can_be_taken_from_another_set_and_taken_back() -> None:
    signed = Assumptions({("demand_pct", ""): 0.1, ("dso_days", ""): 50.0, ("price_pct", ""): 0.01})
    now = Assumptions({("demand_pct", ""): 0.2, ("price_pct", ""): 0.02, ("capacity_pct", "L1"): 0.1})
    mixed = signed.with_places_from(now, [("demand_pct", ""), ("dso_days", ""), ("capacity_pct", "L1")])
    assert dict(mixed) == {("demand_pct", ""): 0.2, ("price_pct", ""): 0.01, ("capacity_pct", "L1"): 0.1}


@pytest.mark.parametrize("entry", REGISTER, ids=lambda entry: entry.key)
def test_every_entry_can_stand_on_its_slider(entry) -> None:
    assert entry.low < entry.high and 0 < entry.step <= entry.high - entry.low
    assert entry.default is None or entry.low <= entry.default <= entry.high
    assert entry.meaning and entry.source and assumption(entry.key) is entry


def test_a_choice_is_one_of_its_places() -> None:
    assert assumption("supply_strategy").choices[1] == "Level"
    with pytest.raises(BadInput, match="between two choices"):
        Assumptions({("supply_strategy", ""): 0.5})
