"""Two readings of one measure over the months, such as service by promise and by request, with their names."""

from collections.abc import Sequence
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table, nice_domain, with_scale
from sop.ui.charts.plan import HEIGHT
from sop.ui.frame.tokens import Palette

PADDING = {"left": 0, "right": 4, "top": 8, "bottom": 2}


def chart_pair(
    months: Sequence[str],
    first: Series,
    second: Series,
    *,
    names: tuple[str, str],
    zero: bool = True,
    decimals: int = 0,
    alt: str,
) -> Chart:
    """The first line strong and the second thin, each with its name and last figure at the right end."""
    table = monthly_table(months, {names[0]: first, names[1]: second})
    table = with_scale(table, nice_domain(first, second, zero=zero))
    return Chart(partial(_pair, names=names, decimals=decimals), table, alt)


@chart_spec
def _pair(colours: Palette, names: tuple[str, str], decimals: int) -> alt.LayerChart:
    layers = [
        marks.scale_span("year", line=True),
        marks.line(names[1], colours.mute, marks.AGREED_WIDTH),
        marks.line(names[0], colours.ac, marks.ACTUAL_WIDTH),
        _ends(colours, names, decimals),
        marks.hover(dict.fromkeys(names, decimals)),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding=PADDING)


def _ends(colours: Palette, names: tuple[str, str], decimals: int) -> alt.Chart:
    """Name and last figure of both lines beyond the right end, pushed apart by 8% of the scale."""
    scale = alt.Scale(domain=list(names), range=[colours.ink, colours.mute])
    text = marks.last_row(marks.bare()).transform_fold(list(names), as_=["__line", "__value"])
    text = marks.apart(text.transform_filter("isValid(datum.__value)"), 0.08)
    words = alt.expr(f"datum.__line + ' ' + {marks.number_text('__value', decimals)}")
    place = {"x": marks.month(bandPosition=1), "y": alt.Y(**marks.quantity("__place"))}
    colour = alt.Color(field="__line", type="nominal", scale=scale, legend=None)
    return text.mark_text(dx=6, text=words).encode(**place, color=colour)
