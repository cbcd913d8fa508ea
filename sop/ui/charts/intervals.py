"""Figures with their intervals over a line at zero: what is proven lies to one side of it."""

from collections.abc import Sequence
from functools import partial

import altair as alt
import pandas as pd

from sop.core.format import effect, signed
from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, floats
from sop.ui.frame.tokens import Palette

ROW_HEIGHT, FOOT = 38, 20


def chart_intervals(
    labels: Sequence[str],
    values: Series,
    low: Series,
    high: Series,
    *,
    measure: str,
    more_is_good: bool = True,
    decimals: int = 1,
    alt: str,
) -> Chart:
    """One row per label: the figure as a dot with its signed text, its interval as a bar.

    Coloured by effect only where the interval keeps to one side of zero; without an interval only the dot.
    """
    table = pd.DataFrame({"Step": list(labels), measure: floats(values), "From": floats(low), "To": floats(high)})
    table["Effect"] = [
        marks.EFFECT_WORDS[effect(signed(value, decimals), more_is_good) if _proven(lo, hi) else "neutral"]
        for value, lo, hi in zip(values, low, high, strict=True)
    ]
    return Chart(partial(_intervals, measure=measure, rows=len(labels), decimals=decimals), table, alt)


def _proven(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and (low > 0 or high < 0)


@chart_spec
def _intervals(colours: Palette, measure: str, rows: int, decimals: int) -> alt.LayerChart:
    names = alt.Axis(labelColor=colours.ink, labelFontSize=11.5, labelLimit=180, labelPadding=10, grid=False)
    row = alt.Y(field="Step", type="nominal", sort=None, axis=names, scale=alt.Scale(padding=0.3))
    axis = alt.Axis(labelExpr=marks.axis_text(), tickCount=5, gridColor=colours.line, domain=False)
    across = alt.X(**marks.quantity(measure), axis=axis, scale=alt.Scale(zero=True, nice=False, padding=14))
    colour = marks.effect_colour(colours, colours.mute)
    zero = marks.once(marks.bare().mark_rule(color=colours.ink, strokeWidth=1.2).encode(x=alt.XDatum(0)))
    reach = marks.bare().mark_rule(strokeWidth=7, opacity=0.28).encode(
        y=row, x=alt.X(**marks.quantity("From")), x2=alt.X2(field="To"), color=colour
    )  # fmt: skip
    dots = marks.bare().mark_point(size=62, filled=True, opacity=1).encode(y=row, x=across, color=colour)
    words = alt.expr(marks.signed_text(measure, decimals))
    halo = {"stroke": colours.bg, "strokeWidth": 4}
    texts = [marks.bare().mark_text(align="center", dy=-13, text=words, **extra) for extra in (halo, {})]
    layers = [dots, zero, reach.transform_filter(marks.valid("From", "To")), dots]
    layers += [text.encode(y=row, x=across).transform_filter(marks.valid(measure)) for text in texts]
    padding = {"left": 0, "right": 4, "top": 4, "bottom": 2}
    return alt.layer(*layers).properties(height=max(90, ROW_HEIGHT * rows + FOOT), padding=padding)
