"""The IBCS roles as marks, the axes, and the texts that charts compute from their data.

Actual is solid, plan outlined and hatched or dashed, agreed plan a tick or line in the accent, budget dotted;
good and bad are the only red and green. Hatching is two layers: an outlined bar and, over it, a dashed rule as
thick as the band. That gives even stripes at any size, in both themes, in print and in PNG.
"""

import json
from typing import Any, Literal, Self

import altair as alt

from sop.core.calendar import worded
from sop.core.format import NOISE, number
from sop.ui.frame.tokens import Palette

DASHED = [4, 2.5]
DOTTED = [1.5, 2.5]
HATCH = [1.1, 2.1]
HATCH_LIMIT = [1.8, 1.2]
MANY = "length(domain('x')) > 48"
"""The expression that columns are so many, as two years of weeks are, that outlines would run into each other."""
ACTUAL_WIDTH, PLAN_WIDTH, AGREED_WIDTH = 2.2, 1.8, 1.3
BAND = {"x": "bandwidth('x')", "y": "bandwidth('y')"}
EFFECT_WORDS = {"good": "favourable", "bad": "unfavourable", "neutral": "neutral"}

Axis = Literal["every", "some", "year", "none"]


class Layer(alt.Chart):
    """A layer that is shared where Altair would copy all of it each time that layers are put together.

    Nothing in a layer changes once it is set: what is added makes another one.
    """

    def __deepcopy__(self, _: object) -> Self:
        return self.copy(deep=False)


def bare() -> alt.Chart:
    """A layer without data of its own: all layers read the chart's one table."""
    return Layer()


def kept(layer: alt.Chart | alt.LayerChart) -> alt.Chart | alt.LayerChart:
    """A layer whose marks stay where figures change: a browser moves them instead of drawing each anew.

    For tables with one row per month.
    """
    return layer.encode(key=alt.Key(field="Month", type="nominal"))


def quantity(field: str) -> dict[str, str]:
    """Encoding arguments for a figure."""
    return {"field": path(field), "type": "quantitative"}


def path(field: str) -> str:
    """A column's name where Vega-Lite would read dots and brackets in it as a way into nested data."""
    return "".join(f"\\{character}" if character in ".[]\\" else character for character in field)


def datum(field: str) -> str:
    """The expression for a row's figure, whatever quotes the column's name holds."""
    return f"datum[{literal(field)}]"


def literal(text: str) -> str:
    """Text as a string inside an expression, so that a name somebody typed is never run."""
    return json.dumps(text)


def name(field: str) -> dict[str, str]:
    """Encoding arguments for a label, in the order of the table."""
    return {"field": field, "type": "ordinal"}


def valid(*fields: str) -> str:
    """The expression that a row has all these figures."""
    return " && ".join(f"isValid({datum(field)})" for field in fields)


def first_valid(*fields: str) -> str:
    """The expression for the first of these figures that a row has, else null."""
    return "".join(f"{valid(field)} ? {datum(field)} : " for field in fields) + "null"


# -- axes


def month_axis(labels: Axis = "every", line: bool = False) -> alt.Axis | None:
    """The axis of months.

    'every': each month, the year under the last of a year and the first, or as many weeks as fit evenly, the year
    under its first; 'some': as many full labels as fit evenly;
    'year': only the first month and the last of each year (or week 1); 'none': no axis. Columns stand on their
    own line at 0, so the axis draws its `line` only where asked.
    """
    if labels == "none":
        return None
    part, year = "split(datum.value, ' ')[0]", "split(datum.value, ' ')[1]"
    opens_year = f"(datum.index === 0 || indexof(['Dec', 'P12', 'Q4', 'W01'], {part}) >= 0)"
    if labels == "every":
        century = f"(+{year} < 70 ? '20' : '19')"
        week = f"({_WEEK_AT} % {_WEEKS_APART} ? '' : {_FIRST_OF_YEAR} ? [{part}, {century} + {year}] : {part})"
        text = f"{part}[0] === 'W' ? {week} : {opens_year} ? [{part}, {century} + {year}] : {part}"
        return alt.Axis(labelExpr=text, labelOverlap="parity", labelAngle=0, labelLineHeight=13, domain=line)
    if labels == "year":
        text = f"{opens_year} ? datum.value : ''"
        return alt.Axis(
            labelExpr=text, labelOverlap="greedy", labelAngle=0, labelAlign="left", labelOffset=-6, domain=line
        )
    return alt.Axis(labelOverlap="parity", labelSeparation=14, labelAngle=0, domain=line)


_WEEK_AT = "round(datum.index * (length(domain('x')) - 1))"
"""The expression for the place of an axis label among all."""
_WEEK_ROOM = 30
"""Pixels that the label of a week needs."""
_WEEKS_APART = f"ceil({_WEEK_ROOM} * (1 - 0.28) / {BAND['x']})"
"""The expression for weeks from one label to the next."""
_FIRST_OF_YEAR = (
    f"({_WEEK_AT} === 0 || split(domain('x')[{_WEEK_AT} - {_WEEKS_APART}], ' ')[1] !== split(datum.value, ' ')[1])"
)
"""The expression that a label is the first of its year."""


def months(labels: Axis = "every", gap: float = 0.28, line: bool = False) -> alt.X:
    """x as months from left to right in the order of the table; `gap` is the share of a band left free."""
    scale = alt.Scale(paddingInner=gap, paddingOuter=gap / 2)
    return alt.X(**name("Month"), sort=None, axis=month_axis(labels, line), scale=scale)


def figures(field: str, axis: bool = True, zero: bool = True, width: int = 30) -> alt.Y:
    """y as figures; the axis keeps a fixed width so that charts above each other align."""
    scale = alt.Scale(zero=zero, nice=axis)
    shown = alt.Axis(minExtent=width, maxExtent=width, labelExpr=axis_text()) if axis else None
    return alt.Y(**quantity(field), axis=shown, scale=scale)


def scaled(field: str, width: int = 24, ticks: int = 4) -> alt.Y:
    """y as figures on the scale that the table's own columns 'Scale from' and 'Scale to' span."""
    axis = alt.Axis(minExtent=width, maxExtent=width, labelExpr=axis_text(), tickCount=ticks)
    return alt.Y(**quantity(field), axis=axis, scale=alt.Scale(zero=False, nice=False))


def scale_span(labels: Axis, gap: float = 0.28, line: bool = False, ticks: int = 4) -> alt.LayerChart:
    """Two invisible layers that set the order of the months and stretch y over the table's own scale."""
    ends = [bare().mark_point(opacity=0).encode(y=scaled(end, ticks=ticks)) for end in ("Scale from", "Scale to")]
    return alt.layer(*ends).encode(x=months(labels, gap, line))


def month(**place: Any) -> alt.X:
    """x as the months of a layer above the first, which decides about axis and scale."""
    return alt.X(**name("Month"), sort=None, **place)


def month_span(labels: Axis = "every", gap: float = 0.28, line: bool = False) -> alt.Chart:
    """An invisible first layer that fixes the order of the months, whatever series begin later."""
    return bare().mark_rule(opacity=0).encode(x=months(labels, gap, line))


# -- columns


def columns(field: str, fill: str, **mark: Any) -> alt.Chart:
    """Solid columns from 0."""
    return bare().mark_bar(fill=fill, **mark).encode(x=month(), y=alt.Y(**quantity(field), stack=None))


def hatched(
    field: str, colours: Palette, colour: str = "", since: str = "", dash: list[float] = HATCH
) -> alt.LayerChart:
    """Outlined and hatched columns from 0, or from the figure in `since`; where they are many, with few stripes
    and no outlines."""
    stroke = colour or colours.ac
    start = alt.Y2(field=since) if since else alt.Y2Datum(0)
    encoding = {"x": month(), "y": alt.Y(**quantity(field)), "y2": start}
    box = bare().mark_bar(fill=colours.bg, stroke=stroke, strokeWidth=alt.expr(f"{MANY} ? 0 : 0.8"))
    stripes = bare().mark_rule(
        color=stroke,
        strokeDash=alt.expr(f"{MANY} ? {[dash[0], dash[1] + 1]} : {dash}"),
        strokeWidth=alt.expr(f"{MANY} ? {BAND['x']} : max(1, {BAND['x']} - 0.8)"),
    )
    return alt.layer(box.encode(**encoding), stripes.encode(**encoding)).transform_filter(valid(field))


def ticks(field: str, colour: str, width: float = 2) -> alt.Chart:
    """The top edge of an unfilled column: the agreed plan where columns are narrow."""
    mark = bare().mark_rule(color=colour, strokeWidth=width)
    ends = {"x": month(bandPosition=0), "x2": alt.X2(field="Month", bandPosition=1)}
    return mark.encode(y=alt.Y(**quantity(field)), **ends).transform_filter(valid(field))


def zero_line(colour: str) -> alt.Chart:
    """The line at 0 that columns stand on or hang from, drawn once."""
    return once(bare().mark_rule(color=colour, strokeWidth=0.9).encode(y=alt.YDatum(0)))


def once(layer: alt.Chart) -> alt.Chart:
    """Draw a rule at a fixed place once, not once per row, which would thicken it."""
    return layer.transform_aggregate(__rows="count()")


# -- lines


def line(field: str, colour: str, width: float, dash: list[float] | None = None, **mark: Any) -> alt.Chart:
    """A line that breaks where a figure is missing."""
    drawn = {"strokeDash": dash} if dash else {}
    encoding = {"x": month(), "y": alt.Y(**quantity(field))}
    return bare().mark_line(color=colour, strokeWidth=width, clip=False, **drawn, **mark).encode(**encoding)


def joined(layer: alt.Chart, fields: dict[str, str], start: str = "Actual") -> alt.Chart:
    """Let each plan line begin at the last actual: `fields` maps the column to the name of the joined figure."""
    for field, as_name in fields.items():
        follows = f"__next {field}"
        layer = layer.transform_window([alt.WindowFieldDef(op="lead", field=field, **{"as": follows})])
        text = f"{valid(field)} ? {datum(field)} : ({valid(follows, start)} ? {datum(start)} : null)"
        layer = layer.transform_calculate(**{as_name: text})
    return layer


def plan_line(colours: Palette, field: str = "Plan", start: str = "Actual") -> alt.Chart:
    """The dashed line of a plan, forecast or scenario, joined to the last actual."""
    return joined(line("__plan", colours.ac, PLAN_WIDTH, DASHED), {field: "__plan"}, start)


# -- colours and texts


def effect_colour(colours: Palette, neutral: str) -> alt.Color:
    """Colour by the table's column 'Effect': favourable, unfavourable, neutral."""
    scale = alt.Scale(domain=list(EFFECT_WORDS.values()), range=[colours.good, colours.bad, neutral])
    return alt.Color(field="Effect", type="nominal", scale=scale, legend=None)


def axis_text() -> str:
    """The expression for axis labels, in the signs of the chart's locale."""
    return "format(datum.value, ',~f')"


def number_text(field: str, decimals: int) -> str:
    """The expression for a figure as sop.core.format.number writes it; an en dash where it is missing."""
    return f"({valid(field)} ? {_rounded(field, decimals, '')} : '–')"


def signed_text(field: str, decimals: int) -> str:
    """The expression for a difference as sop.core.format.signed writes it."""
    plain = _rounded(field, decimals, "+")
    size, least = f"abs({datum(field)})", 10**-decimals
    nothing = f"({size} > {NOISE} ? 'under {number(least, decimals)}' : '±{number(0, decimals)}')"
    return f"({valid(field)} ? ({size} < {0.5 * least} ? {nothing} : {plain}) : '–')"


def _rounded(field: str, decimals: int, sign: str) -> str:
    return f"format({datum(field)}, '{sign},.{decimals}f')"


_MOST_APART = 6
"""The most columns on either side that a label's room may reach over."""


def over_columns(layer: alt.Chart, text: str, size: str = "", font: float = 11, band: float = 0.72) -> alt.Chart:
    """Texts over columns, left out where they would touch each other; hovering tells those too.

    `size` is an expression for how much a text matters: of those that crowd each other the largest stays. Without
    it every second, third, … is left out, as the labels of the axis are. `font` is their size in pixels, `band`
    the share of its room that a column fills.
    """
    weight = f"(({size}) + 1e-9 * datum.__row)" if size else "0"
    layer = layer.transform_window([alt.WindowFieldDef(op="row_number", **{"as": "__row"})])
    layer = layer.transform_calculate(__text=text)
    layer = layer.transform_calculate(__length="length(datum.__text)", __weight=weight)
    layer = layer.transform_joinaggregate(__longest="max(__length)")
    apart = f"ceil((datum.__longest * {0.5 * font} + 4) * {band} / {BAND['x']})"
    if not size:
        return layer.encode(text=alt.Text(value=alt.expr(f"(datum.__row - 1) % {apart} ? '' : datum.__text")))
    for reach in range(1, _MOST_APART + 1):
        most = [alt.WindowFieldDef(op="max", field="__weight", **{"as": f"__most{reach}"})]
        layer = layer.transform_window(most, frame=[-reach, reach])
    stays = f"datum.__weight >= datum['__most' + min({apart} - 1, {_MOST_APART})]"
    shown = f"{apart} <= 1 || {stays} ? datum.__text : ''"
    return layer.encode(text=alt.Text(value=alt.expr(shown)))


def hover(fields: dict[str, int], labels: Axis = "none") -> alt.Chart:
    """An invisible last layer that reads a month's figures on pointing: column name to decimals."""
    texts = {f"__text {field}": number_text(field, decimals) for field, decimals in fields.items()}
    shown = [alt.Tooltip(field="Month", type="nominal", title=worded("Month"))]
    shown += [alt.Tooltip(field=f"__text {field}", type="nominal", title=field) for field in fields]
    layer = bare().mark_rule(opacity=0, strokeWidth=alt.expr(BAND["x"]))
    return layer.encode(x=month(), tooltip=shown).transform_calculate(**texts)


def last_row(layer: alt.Chart) -> alt.Chart:
    """Keep only the last row of the table."""
    layer = layer.transform_window([alt.WindowFieldDef(op="row_number", **{"as": "__row"})])
    layer = layer.transform_joinaggregate(__rows="count()")
    return layer.transform_filter("datum.__row === datum.__rows")


def apart(layer: alt.Chart, share: float) -> alt.Chart:
    """Push labels apart: `__place` is where each `__value` may write, at least `share` of the scale from the next.

    Pushing all up from the lowest and all down from the highest both keep the distance, and so does their mean,
    which leaves each group of labels centred on its figures.
    """
    by_value = [alt.SortField("__value", "ascending")]
    layer = layer.transform_window([alt.WindowFieldDef(op="row_number", **{"as": "__rank"})], sort=by_value)
    layer = layer.transform_calculate(__gap=f"{share} * (datum['Scale to'] - datum['Scale from'])")
    layer = layer.transform_calculate(__free="datum.__value - datum.__rank * datum.__gap")
    up = [alt.WindowFieldDef(op="max", field="__free", **{"as": "__up"})]
    down = [alt.WindowFieldDef(op="min", field="__free", **{"as": "__down"})]
    layer = layer.transform_window(up, frame=[None, 0], sort=by_value)
    layer = layer.transform_window(down, frame=[0, None], sort=by_value)
    return layer.transform_calculate(__place="datum.__rank * datum.__gap + (datum.__up + datum.__down) / 2")
