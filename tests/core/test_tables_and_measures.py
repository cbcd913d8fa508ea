"""The data contract and the table of measures are complete and consistent."""

from __future__ import annotations

import pytest

from sop.core.errors import NotFound
from sop.core.measures import HEADLINES, MEASURES, measure
from sop.core.tables import TABLES, table
from sop.core.terms import PlanName
from sop.core.words import in_sentence


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_every_table_names_its_key_meaning_and_columns(spec) -> None:
    assert set(spec.full_key) <= set(spec.column_names)
    assert len(set(spec.column_names)) == len(spec.columns)
    assert spec.meaning and all(column.meaning for column in spec.columns)
    assert all(column.unit for column in spec.columns if column.kind == "number")
    assert all(column.choices for column in spec.columns if column.kind == "choice")


def test_an_unknown_table_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="sales_actuals"):
        table("sales")


def test_every_plan_has_measures_and_every_key_is_used_once() -> None:
    assert {entry.plan for entry in MEASURES} == set(PlanName)
    assert len({entry.key for entry in MEASURES}) == len(MEASURES)
    assert all(measure(entry.key).definition for entry in MEASURES)


def test_the_seven_headlines_stand_in_their_order() -> None:
    assert [entry.key for entry in HEADLINES] == [
        "revenue", "gross_margin", "ebit", "cash", "inventory", "lead_time", "on_time",
    ]  # fmt: skip


def test_a_measure_in_a_sentence_loses_its_capitals_and_an_abbreviation_keeps_them() -> None:
    assert in_sentence("Gross margin") == "gross margin"
    assert "EBIT" in {in_sentence(entry.label) for entry in HEADLINES}
