"""One small chart of every kind, for the tests, and as a page to look at: `streamlit run tests/ui/gallery.py`."""

import math
from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from sop.ui.charts import (
    Bands,
    Chart,
    StripItem,
    TornadoBar,
    TradeOff,
    chart_bridge,
    chart_categories,
    chart_fan,
    chart_indicator,
    chart_intervals,
    chart_kpi_columns,
    chart_kpi_line,
    chart_load,
    chart_pair,
    chart_plan,
    chart_small_columns,
    chart_small_line,
    chart_stock,
    chart_streams,
    chart_strip,
    chart_terms,
    chart_tornado,
    chart_tradeoff,
    chart_variance,
    current_theme,
    show_chart,
)
from sop.ui.frame.style import show_style

MONTHS = ["Oct 26", "Nov 26", "Dec 26", "Jan 27"]

# Each draws the same chart with figures k times as large.
DRAWN: dict[str, Callable[[float], Chart]] = {
    "kpi columns": lambda k: chart_kpi_columns(MONTHS, past(k), next_(k), all_(k), alt="m"),
    "kpi line": lambda k: chart_kpi_line(MONTHS, past(k), next_(k), all_(k), alt="m"),
    "bridge": lambda k: chart_bridge(
        ("Agreed", 60 * k), [("Forecast", k), ("Load", -2 * k)], "New", budget=5, alt="m"
    ),
    "fan": lambda k: chart_fan(MONTHS, past(k), next_(k), all_(k), all_(k), bands(k), alt="m"),
    "outlook": lambda k: chart_fan(MONTHS, past(k), next_(k), all_(k), alt="m"),
    "load": lambda k: chart_load(MONTHS, past(k), next_(k), all_(k), all_(k), all_(k), alt="m"),
    "load under high capacity": lambda k: chart_load(MONTHS, past(k), next_(k), [4 * k] * 4, all_(k), alt="m"),
    "small columns": lambda k: chart_small_columns(MONTHS, next_(k), all_(k), alt="m"),
    "small line": lambda k: chart_small_line(MONTHS, next_(k), all_(k), limit=k, alt="m"),
    "strip": lambda k: chart_strip([item(int(k))], today=date(2026, 12, 1), alt="m"),
    "plan": lambda k: chart_plan(MONTHS, past(k), next_(k), all_(k), all_(k), all_(k), alt="m"),
    "variance": lambda k: chart_variance(MONTHS, past(k), alt="m"),
    "stock": lambda k: chart_stock(MONTHS, past(k), next_(k), all_(k), all_(k), all_(k), limit=k, alt="m"),
    "tornado": lambda k: chart_tornado([TornadoBar("Price", -k, k, "−1%", "+1%")], alt="m"),
    "terms": lambda k: chart_terms(MONTHS, {"Baseline": all_(k), "Events": past(k)}, all_(k), alt="m"),
    "categories": lambda k: chart_categories(
        ["lag 1", "lag 2"], [k, None], measure="WAPE, %", reference=k, alt="m"
    ),
    "pair": lambda k: chart_pair(MONTHS, past(k), all_(k), names=("Promised", "Asked"), alt="m"),
    "indicator": lambda k: chart_indicator(MONTHS, all_(k), below=k, alt="m"),
    "streams": lambda k: chart_streams(MONTHS, {"Statistical": all_(k), "Consensus": next_(k)}, alt="m"),
    "intervals": lambda k: chart_intervals(
        ["Sales", "Marketing"], [-k, k], [-2 * k, None], [-k / 2, None], measure="Points", alt="m"
    ),
    "tradeoff": lambda k: chart_tradeoff(
        [TradeOff(k, 96, "now"), TradeOff(k + 1, 97)], x_name="A", y_name="B", alt="m"
    ),
}


ALONE = ["Oct 26"]
"""A single month."""
SERIES = {name: draw for name, draw in DRAWN.items() if name not in ("strip", "tradeoff", "tornado", "intervals")}
"""Charts of figures along months or names, which need not be as one expects."""

# Figures that nobody draws on purpose.
ODD: dict[str, Callable[[], Chart]] = {
    **{f"{name}, all negative": partial(draw, -1.0) for name, draw in SERIES.items()},
    **{f"{name}, all missing": partial(draw, math.nan) for name, draw in SERIES.items()},
    "kpi columns, one point": lambda: chart_kpi_columns(ALONE, [1.0], [None], [None], alt="m"),
    "kpi line, one point": lambda: chart_kpi_line(ALONE, [1.0], [None], [None], alt="m"),
    "fan, one point": lambda: chart_fan(ALONE, [1.0], [None], [None], alt="m"),
    "load, one point": lambda: chart_load(ALONE, [1.0], [None], [2.0], [None], alt="m"),
    "small columns, one point": lambda: chart_small_columns(ALONE, [1.0], [None], alt="m"),
    "small line, one point": lambda: chart_small_line(ALONE, [1.0], [None], alt="m"),
    "plan, one point": lambda: chart_plan(ALONE, [1.0], [None], [None], alt="m"),
    "stock, one point": lambda: chart_stock(ALONE, [1.0], [None], [None], [None], [None], alt="m"),
    "indicator, one point": lambda: chart_indicator(ALONE, [1.0], alt="m"),
    "terms, one point": lambda: chart_terms(ALONE, {"Baseline": [1.0]}, [1.0], alt="m"),
}


def past(k: float) -> list[float | None]:
    return [1 * k, 2 * k, None, None]


def next_(k: float) -> list[float | None]:
    return [None, None, 3 * k, 4 * k]


def all_(k: float) -> list[float | None]:
    return [2 * k] * 4


def bands(k: float) -> Bands:
    return Bands(next_(k * 0.8), next_(k * 0.9), next_(k * 1.1), next_(k * 1.2), 0.24, 0.62)


def item(months_late: int) -> StripItem:
    due, expected = date(2027, 3, 1), date(2027, 3 + months_late, 1)
    return StripItem("Compact", date(2026, 8, 1), due, date(2026, 8, 1), expected, f"+{months_late} months", "bad")


def main() -> None:
    """Show every chart under its name."""
    st.set_page_config(page_title="Gallery", layout="wide")
    show_style(current_theme())
    st.title("Every chart")
    grid = st.grid(2, min_column_width=360)
    for place, (name, draw) in enumerate(DRAWN.items()):
        with grid, st.container(border=True, key=f"chart_{place}"):
            st.header(name)
            show_chart(draw(1), key=name)
    for place, (name, odd) in enumerate(ODD.items()):
        with grid, st.container(border=True, key=f"odd_{place}"):
            st.header(name)
            show_chart(odd(), key=name)


if __name__ == "__main__":
    main()
