"""A stock over time (inventory, backlog, cash): as it was, planned and agreed, in its band or over a limit."""

from collections.abc import Sequence
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table
from sop.ui.charts.plan import AXIS_WIDTH, HEIGHT, PADDING
from sop.ui.frame.tokens import Palette


def chart_stock(
    months: Sequence[str],
    actual: Series,
    plan: Series,
    agreed: Series,
    target_low: Series | None = None,
    target_high: Series | None = None,
    *,
    limit: float | None = None,
    decimals: int = 0,
    alt: str,
) -> Chart:
    """Lines over the months: actual solid, plan dashed, agreed plan thin; target band tinted, limit dotted."""
    series: dict[str, Series | None] = {"Actual": actual, "Plan": plan, "Agreed plan": agreed}
    banded = target_low is not None and target_high is not None
    if banded:
        series |= {"Target, low": target_low, "Target, high": target_high}
    if limit is not None:
        series["Limit"] = [limit] * len(months)
    names = tuple(series)
    spec = partial(_stock, names=names, banded=banded, limited=limit is not None, decimals=decimals)
    return Chart(spec, monthly_table(months, series), alt)


@chart_spec
def _stock(colours: Palette, names: tuple[str, ...], banded: bool, limited: bool, decimals: int) -> alt.LayerChart:
    agreed = marks.line("Agreed plan", colours.acc, marks.AGREED_WIDTH)
    layers = [marks.month_span(line=True)]
    layers += [_band(colours)] if banded else []
    layers += [_limit(colours)] if limited else []
    layers += [
        agreed.encode(y=marks.figures("Agreed plan", width=AXIS_WIDTH)),
        marks.line("Actual", colours.ac, marks.ACTUAL_WIDTH),
        marks.plan_line(colours),
        marks.hover(dict.fromkeys(names, decimals)),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding=PADDING)


def _band(colours: Palette) -> alt.Chart:
    area = marks.bare().mark_area(color=colours.acc, opacity=0.12, interpolate="step")
    high = alt.Y2(field="Target, high")
    return area.encode(x=marks.month(), y=alt.Y(**marks.quantity("Target, low")), y2=high)


def _limit(colours: Palette) -> alt.Chart:
    rule = marks.bare().mark_rule(color=colours.bad, strokeWidth=1.2, strokeDash=marks.DOTTED)
    return marks.last_row(rule.encode(y=alt.Y(**marks.quantity("Limit"))))
