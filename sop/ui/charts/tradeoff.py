"""A choice between two measures, such as service against cash in stock: what can be had, and where we are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import altair as alt
import pandas as pd

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, chart_spec
from sop.ui.frame.tokens import Palette

HEIGHT = 230


@dataclass(frozen=True)
class TradeOff:
    """One point of the curve; a `label` such as 'agreed' or 'proposed v3' marks and names it."""

    x: float
    y: float
    label: str = ""


def chart_tradeoff(
    choices: Sequence[TradeOff], *, x_name: str, y_name: str, y_decimals: int = 1, alt: str
) -> Chart:
    """A line through all choices in order of x, dots on those with a label.

    The names say measure and unit, such as 'Inventory, M€', and stand at the axes; neither axis begins at 0. A
    label tells the figure on the y-axis, whose place is harder to read.
    """
    rows = sorted(choices, key=lambda choice: choice.x)
    figures = {x_name: [float(row.x) for row in rows], y_name: [float(row.y) for row in rows]}
    spec = partial(_tradeoff, x_name=x_name, y_name=y_name, y_decimals=y_decimals)
    return Chart(spec, pd.DataFrame({"Choice": [row.label for row in rows]} | figures), alt)


@chart_spec
def _tradeoff(colours: Palette, x_name: str, y_name: str, y_decimals: int) -> alt.LayerChart:
    title = {"titleColor": colours.mute, "titleFontSize": 11, "titleFontWeight": 400}
    free = alt.Scale(zero=False, padding=12)
    across = alt.Axis(title=x_name, tickCount=5, labelExpr=marks.axis_text(), **title)
    up = alt.Axis(title=y_name, titleAngle=0, titleAlign="left", titleAnchor="end", titleX=0, titleY=-12, **title)
    place = {
        "x": alt.X(**marks.quantity(x_name), axis=across, scale=free),
        "y": alt.Y(**marks.quantity(y_name), axis=up, scale=free),
    }
    named = "datum.Choice !== ''"
    told = f"datum.Choice + ' ' + {marks.number_text(y_name, y_decimals)}"
    line = marks.bare().mark_line(color=colours.mute, strokeWidth=1.3).encode(**place)
    dots = marks.bare().mark_point(filled=True, size=60, opacity=1, color=colours.acc).transform_filter(named)
    text = marks.bare().mark_text(dx=9, dy=9, fontWeight=600, text=alt.expr(told)).transform_filter(named)
    layers = [line, dots.encode(**place), text.encode(**place)]
    return alt.layer(*layers).properties(height=HEIGHT, padding={"left": 0, "right": 14, "top": 6, "bottom": 2})
