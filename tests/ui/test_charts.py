"""Charts: valid specifications that stay the same while the figures change, over tables in business words."""

import json
import re
import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any

import altair as alt
import pytest

from sop.core.calendar import MONTH, WEEK, period_short, speak_in
from sop.ui.charts import (
    StripItem,
    TornadoBar,
    TradeOff,
    chart_bridge,
    chart_categories,
    chart_fan,
    chart_kpi_columns,
    chart_load,
    chart_plan,
    chart_small_columns,
    chart_small_line,
    chart_strip,
    chart_terms,
    chart_tornado,
    chart_tradeoff,
    marks,
    nice_domain,
)
from sop.ui.charts.base import chart_spec
from sop.ui.frame.tokens import DARK, LIGHT, Palette, Theme
from tests.ui.gallery import DRAWN, MONTHS, all_, bands, next_, past

THEMES: list[Theme] = ["light", "dark"]


def parts(spec: Any) -> Iterator[dict[str, Any]]:
    """Every object anywhere inside a specification."""
    if isinstance(spec, dict):
        yield spec
    for inner in spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ():
        yield from parts(inner)


every_chart = pytest.mark.parametrize("name", DRAWN)


@every_chart
@pytest.mark.parametrize("theme", THEMES)
def test_a_specification_is_valid_vega_lite(name: str, theme: Theme) -> None:
    alt.LayerChart.from_dict(DRAWN[name](1).spec(theme), validate=True)


def test_options_that_are_equal_but_written_differently_have_their_own_specification() -> None:
    @chart_spec
    def drawn(colours: Palette, size: float) -> alt.LayerChart:
        return alt.layer(marks.zero_line(colours.mute)).properties(description=str(size))

    assert [json.loads(drawn("light", size=size))["description"] for size in (0, 0.0, False)] == [
        "0",
        "0.0",
        "False",
    ]


@every_chart
def test_a_specification_stays_while_the_figures_change(name: str) -> None:
    once, again = DRAWN[name](1), DRAWN[name](7)
    assert once.spec_text("light") == again.spec_text("light")
    assert not once.data.equals(again.data)


@every_chart
def test_a_specification_says_periods_as_the_company_that_looks_does(name: str) -> None:
    speak_in(WEEK)
    in_weeks = DRAWN[name](1).spec_text("light")
    speak_in(MONTH)
    in_months = DRAWN[name](1).spec_text("light")
    assert '"title": "Month"' not in in_weeks
    assert '"title": "Week"' not in in_months


@every_chart
def test_a_specification_carries_no_data_of_its_own(name: str) -> None:
    assert not any({"data", "datasets"} & part.keys() for part in parts(DRAWN[name](1).spec("light")))


@every_chart
def test_a_changed_copy_of_a_specification_does_not_change_the_next(name: str) -> None:
    chart = DRAWN[name](1)
    chart.spec("light").clear()
    assert chart.spec("light")["layer"]


@every_chart
def test_each_theme_has_its_own_concrete_colours(name: str) -> None:
    light, dark = (DRAWN[name](1).spec_text(theme) for theme in THEMES)
    assert json.loads(light)["config"]["background"] == LIGHT.bg
    assert json.loads(dark)["config"]["background"] == DARK.bg
    assert not {getattr(LIGHT, token) for token in ("bg", "ink", "ac", "acc", "good", "bad")} & set(
        dark.split('"')
    )
    assert "light-dark" not in light and "var(" not in light


@every_chart
def test_marks_stay_out_of_the_reading_order_and_the_message_is_the_alternative_text(name: str) -> None:
    chart = DRAWN[name](1)
    assert chart.spec("light")["config"]["mark"]["aria"] is False
    assert chart.alt == "m"


@every_chart
def test_every_column_of_the_data_has_a_business_name(name: str) -> None:
    for column in DRAWN[name](1).data.columns:
        assert column[0].isupper() and "_" not in column


@every_chart
def test_every_field_of_a_specification_is_a_column_or_computed_by_it(name: str) -> None:
    chart = DRAWN[name](1)
    spec = list(parts(chart.spec("light")))
    made = {
        name for part in spec for name in ([part["as"]] if isinstance(part.get("as"), str) else part.get("as", []))
    }
    used = {part["field"] for part in spec if "field" in part}
    assert used <= made | set(chart.data.columns)


def test_a_bridge_adds_up_and_tells_good_from_bad() -> None:
    changes = [("Forecast", 0.6), ("Paint line", -0.9), ("Price", 0.02), ("Rounding", -0.01)]
    table = chart_bridge(("Agreed", 62.6), changes, "Proposed", budget=60.6, alt="m").data
    assert table["Step"].tolist() == ["Agreed", "Forecast", "Paint line", "Smaller causes together", "Proposed"]
    assert table["Difference"].round(9).tolist() == [0, 0.6, -0.3, -0.29, -0.29]
    assert table["Level"].iloc[[0, -1]].round(9).tolist() == [62.6, 62.31]
    assert table["Effect"].tolist() == ["neutral", "favourable", "unfavourable", "neutral", "neutral"]


def test_a_long_cause_is_told_in_two_lines_and_none_is_cut() -> None:
    short, long = "Sales: volume and price", "Operations: overtime limit and Second welding robot"
    heights = []
    for name in (short, long):
        steps = [(name, 1.0), *((f"Cause {n}", 1.0) for n in range(6))]
        spec = chart_bridge(("Agreed", 62.0), steps, "Proposed", alt="m").spec("light")
        heights.append(spec["height"])
        (axis,) = [part["axis"] for part in parts(spec) if "labelExpr" in (part.get("axis") or {})]
        assert "lastindexof" in axis["labelExpr"] and max(map(len, textwrap.wrap(name, 34))) <= 34
    assert heights[0] == 9 * 22 + 10 and heights[1] == 9 * 30 + 10


def test_the_name_of_the_capacity_stands_over_the_columns() -> None:
    spec = chart_load(MONTHS, past(1), next_(1), all_(1), all_(0.001), alt="m").spec("light")
    (name,) = [part for part in parts(spec) if str((part.get("mark") or {}).get("text", "")).startswith("▬")]
    assert name["encoding"]["y"]["value"] < 0


@pytest.mark.parametrize(("budget", "steps"), [(60.0, 3), (90.0, 4)])
def test_a_budget_out_of_sight_of_the_bars_is_a_row_and_never_a_rule_at_a_wrong_place(
    budget: float, steps: int
) -> None:
    table = chart_bridge(("Agreed", 62.0), [("Forecast", 1.0)], "Proposed", budget=budget, alt="m").data
    assert len(table) == steps
    if steps == 3:
        assert table["Budget"].tolist() == [budget] * steps
    else:
        assert table["Budget"].isna().all()
        assert table.iloc[-1][["Step", "Level", "Gap"]].tolist() == ["Budget", 90.0, -27.0]


def test_changes_too_small_to_be_told_share_a_row_so_that_bars_join() -> None:
    changes = [("Tiny", -0.03), ("Forecast", 1.0), ("None", 0.0), ("Small", -0.01)]
    table = chart_bridge(("Agreed", 60.0), changes, "Proposed", alt="m").data
    assert list(table["Step"]) == ["Agreed", "Forecast", "Smaller causes together", "Proposed"]
    assert list(table["Difference"].round(6)) == [0.0, 1.0, 0.96, 0.96]
    starts, ends = (table["Difference"] - table["Change"]).round(6), table["Difference"].round(6)
    assert list(starts[1:3]) == list(ends[:2]), "each bar begins where the one before ends"
    alone = chart_bridge(("Agreed", 60.0), [("Tiny", 0.03), ("Forecast", 1.0)], "Proposed", alt="m").data
    assert list(alone["Step"]) == ["Agreed", "Forecast", "Tiny", "Proposed"], "one has its own name"
    none = chart_bridge(("Agreed", 60.0), [("Tiny", 0.03), ("Small", -0.03)], "Proposed", alt="m").data
    assert list(none["Step"]) == ["Agreed", "Proposed"]


def test_in_a_bridge_of_cost_a_rise_is_unfavourable() -> None:
    table = chart_bridge(("Agreed", 5.0), [("Overtime", 1.0)], "Proposed", more_is_good=False, alt="m").data
    assert table["Effect"].tolist() == ["neutral", "unfavourable", "neutral"]


def test_a_series_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match=r"4 figures, one per month; given: .*Plan.* 2"):
        chart_kpi_columns(MONTHS, past(1), [1, 2], all_(1), alt="m")


def test_a_missing_figure_stays_missing() -> None:
    table = chart_plan(MONTHS, past(1), next_(1), all_(1), alt="m").data
    assert table["Actual"].isna().tolist() == [False, False, True, True]
    assert table["Budget"].isna().all()


def test_the_largest_lever_comes_first_in_a_tornado() -> None:
    levers = [TornadoBar("Price", -0.1, 0.1, "−1%", "+1%"), TornadoBar("Demand", -2, 1, "−10%", "+10%")]
    table = chart_tornado(levers, alt="m").data
    assert table["Assumption"].tolist() == ["Demand", "Demand", "Price", "Price"]
    assert table["Effect"].tolist() == ["unfavourable", "favourable", "unfavourable", "favourable"]


def test_work_is_done_until_today_but_not_before_its_start_or_after_its_end() -> None:
    starts = [date(2026, 9, 1), date(2027, 1, 1), date(2026, 1, 1)]
    ends = [date(2027, 6, 1), date(2027, 6, 1), date(2026, 6, 1)]
    items = [
        StripItem(str(start), start, end, start, end, "on date") for start, end in zip(starts, ends, strict=True)
    ]
    table = chart_strip(items, today=date(2026, 12, 1), alt="m").data
    assert table["Done until"].tolist() == ["2026-12-01", "2027-01-01", "2026-06-01"]


def test_utilisation_is_a_fraction_inside_and_a_percentage_in_the_table() -> None:
    table = chart_load(MONTHS, past(1), next_(1), all_(1), [0.5, 1, 1.07, None], alt="m").data
    assert table["Utilisation, %"].round(9).tolist()[:3] == [50, 100, 107]
    assert table["Utilisation, %"].isna().tolist() == [False, False, False, True]


def test_more_terms_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="6 terms"):
        chart_terms(MONTHS, {f"Term {n}": all_(1) for n in range(6)}, all_(6), alt="m")


@pytest.mark.parametrize(
    ("figures", "zero", "scale"),
    [
        ([0.3, 7.4, None], True, (0, 8)),
        ([55, 63.2], False, (55, 65)),
        ([-0.1, 7.4], True, (-0.5, 8)),
        ([-7.4, -1], True, (-8, 0)),
        ([0, 0], True, (0, 1)),
        ([None], True, (0, 1)),
    ],
)
def test_a_scale_is_round_and_holds_every_figure(
    figures: list[float | None], zero: bool, scale: tuple[float, float]
) -> None:
    assert nice_domain(figures, zero=zero) == pytest.approx(scale)


def test_small_multiples_share_the_scale_they_are_given() -> None:
    small, large = [1.0] * 4, [70.0] * 4
    shared = nice_domain(small, large)
    tables = [
        chart_small_columns(MONTHS, values, values, domain=shared, alt="m").data for values in (small, large)
    ]
    assert {(table["Scale from"][0], table["Scale to"][0]) for table in tables} == {(0.0, 80.0)}


def test_names_that_users_type_are_data_and_never_part_of_a_specification() -> None:
    day = date(2026, 8, 1)
    name = 'Anna\'s "v2.0" [draft]'
    charts = [
        chart_bridge((name, 60), [(name, 1)], name, alt="m"),
        chart_fan(MONTHS, past(1), next_(1), all_(1), bands=bands(1), plan_name=name, alt="m"),
        chart_strip([StripItem(name, day, day, day, day, name)], today=date(2026, 12, 1), alt="m"),
        chart_tornado([TornadoBar(name, -1, 1, name, name)], alt="m"),
        chart_terms(MONTHS, {name: all_(1)}, all_(1), alt="m"),
        chart_categories([name], [1], measure="WAPE, %", reference=1, reference_name=name, alt="m"),
        chart_tradeoff([TradeOff(1, 2, name)], x_name="A", y_name="B", alt="m"),
    ]
    for chart in charts:
        assert name in chart.data.to_numpy()
        assert "draft" not in chart.spec_text("light")


def test_a_stack_holds_its_terms_from_the_baseline_up_and_its_scale_both_sides_of_zero() -> None:
    table = chart_terms(MONTHS, {"Baseline": [4.0] * 4, "Overrides": [-1.0] * 4}, [3.0] * 4, alt="m").data
    assert table.groupby("Term", sort=False)["Place"].first().to_dict() == {
        "Baseline": 0,
        "Overrides": 1,
        "Consensus demand": 5,
    }
    assert (table["Scale from"][0], table["Scale to"][0]) == (-1.0, 4.0)


@pytest.mark.parametrize(("month", "year"), [("1997-06", "1997"), ("2026-12", "2026"), ("2069-01", "2069")])
def test_the_year_under_a_month_is_its_own_and_not_a_hundred_years_off(month: str, year: str) -> None:
    """Two digits of a label become four by the rule that the axis carries: 97 is 1997, not 2097."""
    axis = marks.month_axis()
    assert axis is not None
    (turn, before, after) = re.findall(r"< (\d+) \? '(\d+)' : '(\d+)'", axis.to_dict()["labelExpr"])[0]
    digits = period_short(month).rsplit(" ", 1)[1]
    assert (before if int(digits) < int(turn) else after) + digits == year


def units(spec: dict[str, Any], shared: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The channels of each layer that draws, with those that layers share."""
    channels = (shared or {}) | spec.get("encoding", {})
    return [unit for layer in spec["layer"] for unit in units(layer, channels)] if "layer" in spec else [channels]


def test_marks_of_small_multiples_stay_where_figures_change() -> None:
    """A mark by month is known by its month; lines and texts are few."""
    for chart in (
        chart_small_columns(MONTHS, all_(1), all_(1), alt="m"),
        chart_small_line(MONTHS, all_(1), all_(1), alt="m"),
    ):
        kept = [unit.get("key", {}).get("field") for unit in units(chart.spec("light"))]
        assert kept.count("Month") >= 3
        assert not chart.data["Month"].duplicated().any(), "two rows of a key would be one mark"


def test_a_small_line_without_a_limit_has_no_layer_for_one() -> None:
    without, with_one = (chart_small_line(MONTHS, all_(1), all_(1), limit=limit, alt="m") for limit in (None, 1.0))
    assert "Limit" not in without.spec_text("light") and "Limit" not in without.data
    assert "Limit" in with_one.spec_text("light") and set(with_one.data["Limit"]) == {1.0}


@pytest.mark.parametrize("period", ["2026-12", "2026-P12", "2026-Q4", "2026-W01"])
@pytest.mark.parametrize("labels", ["every", "year"])
def test_each_year_is_named_in_every_calendar(period: str, labels: marks.Axis) -> None:
    axis = marks.month_axis(labels)
    assert axis is not None
    named = re.findall(r"indexof\(\[(.*?)\], ", axis.to_dict()["labelExpr"])[0]
    assert f"'{period_short(period).split()[0]}'" in named
