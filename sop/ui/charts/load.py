"""Load against demonstrated capacity: what is made, what lies above capacity, what cannot be made at all."""

from collections.abc import Sequence
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table
from sop.ui.frame.tokens import Palette

HEIGHT = 230
ROW_OF_UTILISATION, ROW_OF_CAPACITY = -26, -10
"""Where that row and the name of the step line stand, in pixels from the top of the plot: over no column ever."""


def chart_load(
    months: Sequence[str],
    actual: Series,
    planned: Series,
    capacity: Series,
    utilisation: Series,
    not_made: Series | None = None,
    *,
    capacity_label: str = "demonstrated capacity",
    alt: str,
) -> Chart:
    """Columns of load in hours or units: actual solid, planned hatched, the part above capacity red.

    `not_made` is the load that finds no capacity, a dotted box on top; `utilisation` is a fraction per month and
    stands as a row of percentages above the columns, red where it is over 1.
    """
    percentages = [None if value is None else value * 100 for value in utilisation]
    columns = {"Actual": actual, "Planned": planned, "Not made": not_made, "Capacity": capacity}
    table = monthly_table(months, columns | {"Utilisation, %": percentages})
    return Chart(partial(_load, capacity_label=capacity_label), table, alt)


@chart_spec
def _load(colours: Palette, capacity_label: str) -> alt.LayerChart:
    layers = [
        marks.month_span(),
        *_columns(colours),
        _not_made(colours),
        _capacity(colours),
        marks.zero_line(colours.mute),
        _capacity_label(colours, capacity_label),
        _utilisation(colours),
        marks.hover({"Actual": 0, "Planned": 0, "Not made": 0, "Capacity": 0, "Utilisation, %": 0}),
    ]
    chart = alt.layer(*layers).transform_calculate(
        __load=marks.first_valid("Actual", "Planned"),
    )
    chart = chart.transform_calculate(
        __within=f"{marks.valid('Capacity')} ? min(datum.__load, datum.Capacity) : datum.__load",
        __top="datum.__load + (datum['Not made'] || 0)",
    )
    return chart.properties(height=HEIGHT, padding={"left": 0, "right": 4, "top": 6, "bottom": 2})


def _columns(colours: Palette) -> list[alt.Chart | alt.LayerChart]:
    """Solid or hatched up to capacity, the rest in the colour of a limit."""
    made, planned, above = marks.valid("Actual"), marks.valid("Planned"), "datum.__load > datum.__within"
    return [
        marks.columns("__within", colours.ac).encode(y=marks.figures("__within")).transform_filter(made),
        _over(marks.bare().mark_bar(fill=colours.bad)).transform_filter(f"{made} && {above}"),
        marks.hatched("__within", colours).transform_filter(f"!({made}) && {planned}"),
        marks.hatched("__load", colours, colours.bad, "__within", marks.HATCH_LIMIT).transform_filter(
            f"!({made}) && {planned} && {above}"
        ),
    ]


def _over(layer: alt.Chart) -> alt.Chart:
    return layer.encode(
        x=marks.month(), y=alt.Y(**marks.quantity("__within"), stack=None), y2=alt.Y2(field="__load")
    )


def _not_made(colours: Palette) -> alt.Chart:
    box = marks.bare().mark_bar(fill=colours.bg, stroke=colours.bad, strokeWidth=0.9, strokeDash=[1.5, 1.5])
    box = box.encode(x=marks.month(), y=alt.Y(**marks.quantity("__load"), stack=None), y2=alt.Y2(field="__top"))
    return box.transform_filter("datum.__top > datum.__load")


def _capacity(colours: Palette) -> alt.Chart:
    """Capacity as a step line across the bands."""
    return marks.line("Capacity", colours.acc, 2, interpolate="step")


def _capacity_label(colours: Palette, label: str) -> alt.Chart:
    """The name of the step line, once, in its colour, over the first month that has one."""
    row = alt.WindowFieldDef(op="row_number", **{"as": "__row"})
    text = marks.bare().mark_text(text=f"▬ {label}", align="left", dx=-8, fontWeight=600, color=colours.acc)
    text = text.transform_filter(marks.valid("Capacity")).transform_window([row])
    return text.transform_filter("datum.__row === 1").encode(x=marks.month(), y=alt.value(ROW_OF_CAPACITY))


def _utilisation(colours: Palette) -> alt.Chart:
    text = marks.over_columns(
        marks.bare().mark_text(align="center", fontSize=11), marks.number_text("Utilisation, %", 0)
    )
    over = alt.condition("datum['Utilisation, %'] >= 100.5", alt.value(colours.bad), alt.value(colours.mute))
    text = text.encode(x=marks.month(), y=alt.value(ROW_OF_UTILISATION), color=over)
    return text.transform_filter(marks.valid("Utilisation, %"))
