"""The charts of a plan page: a plan by month with its references, the difference below it, a stock in its band.

`chart_plan` and `chart_variance` keep their axes equally wide, so one above the other shares its months.
"""

from collections.abc import Sequence
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table
from sop.ui.format import effect, signed
from sop.ui.tokens import Palette

HEIGHT, VARIANCE_HEIGHT = 230, 96
AXIS_WIDTH = 38


def chart_plan(
    months: Sequence[str],
    actual: Series,
    plan: Series,
    agreed: Series,
    prior_year: Series | None = None,
    budget: Series | None = None,
    *,
    decimals: int = 0,
    alt: str,
) -> Chart:
    """Columns of one plan by month: actual solid, plan hatched, agreed plan as ticks.

    The prior year stands behind and to the left in light grey; the budget is a dotted line.
    """
    columns = {"Actual": actual, "Plan": plan, "Agreed plan": agreed, "Prior year": prior_year, "Budget": budget}
    spec = partial(_plan, prior_year=prior_year is not None, budget=budget is not None, decimals=decimals)
    return Chart(spec, monthly_table(months, columns), alt)


def chart_variance(
    months: Sequence[str], difference: Series, *, more_is_good: bool | None = True, decimals: int = 0, alt: str
) -> Chart:
    """Columns of the difference to the agreed plan, green or red by its business effect, each with its figure."""
    table = monthly_table(months, {"Difference": difference})
    table["Effect"] = [marks.EFFECT_WORDS[effect(signed(value, decimals), more_is_good)] for value in difference]
    return Chart(partial(_variance, decimals=decimals), table, alt)


def chart_stock(
    months: Sequence[str],
    actual: Series,
    plan: Series,
    agreed: Series,
    target_low: Series,
    target_high: Series,
    *,
    decimals: int = 0,
    alt: str,
) -> Chart:
    """A stock over the months as a line in its target band: actual solid, plan dashed, agreed plan thin."""
    lines = {"Actual": actual, "Plan": plan, "Agreed plan": agreed}
    table = monthly_table(months, lines | {"Target, low": target_low, "Target, high": target_high})
    return Chart(partial(_stock, decimals=decimals), table, alt)


@chart_spec
def _plan(colours: Palette, prior_year: bool, budget: bool, decimals: int) -> alt.LayerChart:
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
    return alt.layer(*layers).properties(height=HEIGHT, padding={"left": 0, "right": 4, "top": 8, "bottom": 2})


def _prior_year(colours: Palette) -> alt.Chart:
    left = alt.expr(f"-0.16 * {marks.BAND['x']}")
    return marks.columns("Prior year", colours.py, xOffset=left, stroke=colours.mute, strokeWidth=0.4)


@chart_spec
def _variance(colours: Palette, decimals: int) -> alt.LayerChart:
    bars = (
        marks.bare()
        .mark_bar(width={"band": 0.62})
        .encode(y=marks.figures("Difference", width=AXIS_WIDTH), color=marks.effect_colour(colours, colours.mute))
    )
    text = marks.bare().mark_text(
        align="center",
        fontSize=10,
        dy=alt.expr("datum.Difference < 0 ? 8 : -8"),
        text=alt.expr(marks.signed_text("Difference", decimals)),
    )
    text = text.encode(
        x=alt.X(**marks.name("Month"), sort=None),
        y=alt.Y(**marks.quantity("Difference")),
        color=marks.effect_colour(colours, colours.mute),
    )
    text = text.transform_filter(marks.valid("Difference"))
    layers = [marks.month_span(), bars, marks.zero_line(colours.ink), text, marks.hover({"Difference": decimals})]
    return alt.layer(*layers).properties(
        height=VARIANCE_HEIGHT, padding={"left": 0, "right": 4, "top": 12, "bottom": 2}
    )


@chart_spec
def _stock(colours: Palette, decimals: int) -> alt.LayerChart:
    band = (
        marks.bare()
        .mark_area(color=colours.acc, opacity=0.12, interpolate="step")
        .encode(
            x=alt.X(**marks.name("Month"), sort=None),
            y=marks.figures("Target, low", width=AXIS_WIDTH),
            y2=alt.Y2(field="Target, high"),
        )
    )
    layers = [
        marks.month_span(),
        band,
        marks.line("Agreed plan", colours.acc, marks.AGREED_WIDTH),
        marks.line("Actual", colours.ac, marks.ACTUAL_WIDTH),
        marks.plan_line(colours),
        marks.hover(
            {
                "Actual": decimals,
                "Plan": decimals,
                "Agreed plan": decimals,
                "Target, low": decimals,
                "Target, high": decimals,
            }
        ),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding={"left": 0, "right": 4, "top": 8, "bottom": 2})
