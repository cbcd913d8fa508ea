"""One small chart of every kind, for the tests, and as a page to look at: `streamlit run tests/ui/gallery.py`."""

from collections.abc import Callable
from datetime import date

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


if __name__ == "__main__":
    main()
