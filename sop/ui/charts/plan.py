"""The charts of a plan page: a plan by month with its references, and the difference to the agreed plan below it.

`chart_plan` and `chart_variance` keep their axes equally wide, so one above the other shares its months.
"""

from collections.abc import Sequence
from functools import partial

import altair as alt

from sop.core.format import effect, signed
from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table
from sop.ui.frame.tokens import Palette

HEIGHT, VARIANCE_HEIGHT = 230, 96
AXIS_WIDTH = 38
SIZE = "abs(datum.Difference || 0)"
PADDING = {"left": 0, "right": 4, "top": 8, "bottom": 2}


def chart_plan(
    months: Sequence[str],
    actual: Series,
    plan: Series,
    agreed: Series,
    prior_year: Series | None = None,
    budget: Series | None = None,
    *,
    height: int = HEIGHT,
    decimals: int = 0,
    alt: str,
) -> Chart:
    """Columns of one plan by month: actual solid, plan hatched, agreed plan as ticks.

    The prior year stands behind and to the left in light grey; the budget is a dotted line.
    """
    columns = {"Actual": actual, "Plan": plan, "Agreed plan": agreed, "Prior year": prior_year, "Budget": budget}
    spec = partial(
        _plan, prior_year=prior_year is not None, budget=budget is not None, height=height, decimals=decimals
    )
    return Chart(spec, monthly_table(months, columns), alt)


def chart_variance(
    months: Sequence[str], difference: Series, *, more_is_good: bool | None = True, decimals: int = 0, alt: str
) -> Chart:
    """Columns of the difference to the agreed plan, green or red by its business effect, each with its figure."""
    table = monthly_table(months, {"Difference": difference})
    table["Effect"] = [marks.EFFECT_WORDS[effect(signed(value, decimals), more_is_good)] for value in difference]
    return Chart(partial(_variance, decimals=decimals), table, alt)


@chart_spec
def _plan(colours: Palette, prior_year: bool, budget: bool, height: int, decimals: int) -> alt.LayerChart:
    shown = ["Actual", "Plan", "Agreed plan"] + ["Prior year"] * prior_year + ["Budget"] * budget
    layers = [marks.month_span(), *([_prior_year(colours)] if prior_year else [])]
    layers += [
        marks.columns("Actual", colours.ac).encode(y=marks.figures("Actual", width=AXIS_WIDTH)),
        marks.hatched("Plan", colours),
        marks.ticks("Agreed plan", colours.acc),
        marks.zero_line(colours.mute),
    ]
    layers += [marks.line("Budget", colours.mute, 1.4, marks.DOTTED)] if budget else []
    layers.append(marks.hover(dict.fromkeys(shown, decimals)))
    return alt.layer(*layers).properties(height=height, padding=PADDING)


def _prior_year(colours: Palette) -> alt.Chart:
    left = alt.expr(f"-0.16 * {marks.BAND['x']}")
    return marks.columns("Prior year", colours.py, xOffset=left, stroke=colours.mute, strokeWidth=0.4)


@chart_spec
def _variance(colours: Palette, decimals: int) -> alt.LayerChart:
    colour = marks.effect_colour(colours, colours.mute)
    place = {"x": marks.month(), "y": _difference(), "color": colour}
    bars = marks.bare().mark_bar(width={"band": 0.62}).encode(**place)
    dy = alt.expr("datum.Difference < 0 ? 8 : -8")
    text = marks.bare().mark_text(align="center", fontSize=10, dy=dy).encode(**place)
    words = marks.signed_text("Difference", decimals)
    text = marks.over_columns(text, f"{marks.valid('Difference')} ? {words} : ''", SIZE, font=10)
    text = text.transform_filter(marks.valid("Difference"))
    layers = [marks.month_span(), bars, marks.zero_line(colours.ink), text, marks.hover({"Difference": decimals})]
    return alt.layer(*layers).properties(height=VARIANCE_HEIGHT, padding=PADDING)


def _difference() -> alt.Y:
    """y without ticks, as each column carries its figure, but as wide as the axis of the plan above."""
    axis = alt.Axis(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH, labels=False, grid=False)
    return alt.Y(**marks.quantity("Difference"), axis=axis, scale=alt.Scale(zero=True, nice=False, padding=15))
