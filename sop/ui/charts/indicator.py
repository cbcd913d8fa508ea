"""A leading indicator: its published values as a line, and the thresholds beyond which it opens an item."""

from collections.abc import Sequence
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table, nice_domain, with_scale
from sop.ui.charts.multiples import HEIGHT, PADDING
from sop.ui.frame.tokens import Palette

THRESHOLDS = ("Alert below", "Alert above")


def chart_indicator(
    months: Sequence[str],
    values: Series,
    *,
    below: float | None = None,
    above: float | None = None,
    decimals: int = 1,
    alt: str,
) -> Chart:
    """The values solid with the last one written at the right end; thresholds dotted red, on their own scale."""
    columns = {"Value": values, "Alert below": [below] * len(months), "Alert above": [above] * len(months)}
    table = with_scale(monthly_table(months, columns), nice_domain(values, [below, above], zero=False))
    return Chart(partial(_indicator, decimals=decimals), table, alt)


@chart_spec
def _indicator(colours: Palette, decimals: int) -> alt.LayerChart:
    words = alt.expr(marks.number_text("Value", decimals))
    text = marks.bare().mark_text(dx=6, fontWeight=600, color=colours.ink, text=words)
    layers = [
        marks.scale_span("year", line=True, ticks=3),
        *(_threshold(field, colours) for field in THRESHOLDS),
        marks.line("Value", colours.ac, marks.ACTUAL_WIDTH),
        marks.last_row(text).encode(x=marks.month(bandPosition=1), y=alt.Y(**marks.quantity("Value"))),
        marks.hover(dict.fromkeys(("Value", *THRESHOLDS), decimals)),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding=PADDING)


def _threshold(field: str, colours: Palette) -> alt.Chart:
    rule = marks.bare().mark_rule(color=colours.bad, strokeWidth=1.2, strokeDash=marks.DOTTED)
    rule = marks.last_row(rule).transform_filter(marks.valid(field))
    return rule.encode(y=alt.Y(**marks.quantity(field)))
