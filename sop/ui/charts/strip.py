"""The strategy strip: launches and initiatives as planned, as done, and as they are now expected to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from sop.core.format import Effect
from sop.ui.charts import marks
from sop.ui.charts.base import Chart, chart_spec
from sop.ui.frame.tokens import Palette

ROW_HEIGHT = 32
_DATES = ("Agreed start", "Agreed end", "Start", "Done until", "Expected end", "Today")
_MOST_TICKS = 8


@dataclass(frozen=True)
class StripItem:
    """One launch or initiative: its agreed dates, where it really runs, and its slip and money in words."""

    name: str
    baseline_start: date
    baseline_end: date
    start: date
    forecast_end: date
    text: str
    effect: Effect = "neutral"


def chart_strip(items: Sequence[StripItem], *, today: date, alt: str) -> Chart:
    """One row per item: agreed span outlined, done until today solid, the rest hatched, a diamond at its end."""
    rows = [
        {
            "Name": item.name,
            "Agreed start": item.baseline_start.isoformat(),
            "Agreed end": item.baseline_end.isoformat(),
            "Start": item.start.isoformat(),
            "Done until": max(item.start, min(today, item.forecast_end)).isoformat(),
            "Expected end": item.forecast_end.isoformat(),
            "Slip and money": item.text,
            "Effect": marks.EFFECT_WORDS[item.effect],
            "Today": today.isoformat(),
        }
        for item in items
    ]
    dates = [date.fromisoformat(row[name]) for row in rows for name in _DATES]
    months = (max(dates) - min(dates)).days / 30 if dates else 1
    every = next((step for step in (1, 2, 3, 6) if months / step <= _MOST_TICKS), 12)
    return Chart(partial(_strip, rows=len(rows), every=every), pd.DataFrame(rows), alt)


@chart_spec
def _strip(colours: Palette, rows: int, every: int) -> alt.LayerChart:
    layers = [
        _span(
            marks.bare().mark_bar(fill=colours.bg, stroke=colours.mute, strokeWidth=0.9),
            "Agreed start",
            "Agreed end",
            colours,
        ).encode(x=_time("Agreed start", axis=_axis(every))),
        _span(marks.bare().mark_bar(fill=colours.ac, height={"band": 0.52}), "Start", "Done until", colours),
        _span(
            marks.bare().mark_bar(fill=colours.bg, stroke=colours.ac, strokeWidth=0.8, height={"band": 0.52}),
            "Done until",
            "Expected end",
            colours,
        ),
        _span(_stripes(colours), "Done until", "Expected end", colours),
        _today(colours),
        _diamonds(colours),
        _texts(colours),
    ]
    chart = alt.layer(*layers).transform_calculate(
        **{f"__{field}": f"toDate({marks.datum(field)})" for field in _DATES}
    )
    height = ROW_HEIGHT * rows + 26
    return chart.properties(height=height, padding={"left": 0, "right": 14, "top": 4, "bottom": 2})


def _time(field: str, **axis: Any) -> alt.X:
    """x as dates; the first layer brings the axis for all."""
    return alt.X(field=f"__{field}", type="temporal", scale=alt.Scale(type="utc"), **axis)


def _axis(every: int) -> alt.Axis:
    """A tick every so many months, so that none is named twice."""
    return alt.Axis(
        orient="top",
        grid=True,
        domain=False,
        format="%b %y",
        tickCount=alt.TimeIntervalStep(interval="month", step=every),
        labelOverlap="greedy",
        labelSeparation=8,
    )


def _rows(colours: Palette) -> alt.Y:
    axis = alt.Axis(labelColor=colours.ink, labelFontSize=11.5, labelLimit=200, labelPadding=10, grid=False)
    return alt.Y(
        field="Name", type="nominal", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.5, paddingOuter=0.25)
    )


def _span(layer: alt.Chart, start: str, end: str, colours: Palette) -> alt.Chart:
    return layer.encode(y=_rows(colours), x=_time(start), x2=alt.X2(field=f"__{end}"))


def _stripes(colours: Palette) -> alt.Chart:
    thick = alt.expr(f"max(1, 0.52 * {marks.BAND['y']} - 0.8)")
    return marks.bare().mark_rule(color=colours.ac, strokeDash=marks.HATCH, strokeWidth=thick)


def _today(colours: Palette) -> alt.Chart:
    rule = marks.bare().mark_rule(color=colours.acc, strokeWidth=1.5).encode(x=_time("Today"))
    return marks.last_row(rule)


def _diamonds(colours: Palette) -> alt.Chart:
    point = marks.bare().mark_point(shape="diamond", filled=True, size=70, opacity=1)
    colour = marks.effect_colour(colours, colours.mute)
    tooltip = [
        alt.Tooltip(field=field, type="nominal")
        for field in ("Name", "Agreed end", "Expected end", "Slip and money")
    ]
    return point.encode(y=_rows(colours), x=_time("Expected end"), color=colour, tooltip=tooltip)


def _texts(colours: Palette) -> alt.Chart:
    text = (
        marks.bare().mark_text(dx=9, fontWeight=600).encode(text=alt.Text(field="Slip and money", type="nominal"))
    )
    text = text.transform_calculate(__beyond="max(datum['__Agreed end'], datum['__Expected end'])")
    return text.encode(y=_rows(colours), x=_time("beyond"), color=marks.effect_colour(colours, colours.mute))
