"""The small chart of a KPI card: the last months as they were and the next ones as planned, agreed beside them."""

from collections.abc import Sequence

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table
from sop.ui.frame.tokens import Palette

HEIGHT = 38
PADDING = {"left": 0, "right": 0, "top": 3, "bottom": 1}


def chart_kpi_columns(months: Sequence[str], actual: Series, plan: Series, agreed: Series, *, alt: str) -> Chart:
    """Columns for a flow (revenue, margin): actual solid, plan hatched, agreed plan as ticks."""
    table = monthly_table(months, {"Actual": actual, "Plan": plan, "Agreed plan": agreed})
    return Chart(_columns, table, alt)


def chart_kpi_line(months: Sequence[str], actual: Series, plan: Series, agreed: Series, *, alt: str) -> Chart:
    """A line for a stock or a ratio (cash, service) on its own scale: actual solid, plan dashed, agreed thin."""
    table = monthly_table(months, {"Actual": actual, "Plan": plan, "Agreed plan": agreed})
    return Chart(_line, table, alt)


@chart_spec
def _columns(colours: Palette) -> alt.LayerChart:
    layers = [
        marks.month_span("none", 0.2),
        marks.columns("Actual", colours.ac).encode(y=marks.figures("Actual", axis=False)),
        marks.hatched("Plan", colours),
        marks.ticks("Agreed plan", colours.acc),
        marks.hover({"Actual": 1, "Plan": 1, "Agreed plan": 1}),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding=PADDING)


@chart_spec
def _line(colours: Palette) -> alt.LayerChart:
    agreed = marks.line("Agreed plan", colours.acc, marks.AGREED_WIDTH)
    layers = [
        marks.month_span("none"),
        agreed.encode(y=marks.figures("Agreed plan", axis=False, zero=False)),
        marks.line("Actual", colours.ac, 1.7),
        marks.plan_line(colours),
        marks.hover({"Actual": 1, "Plan": 1, "Agreed plan": 1}),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding=PADDING)
