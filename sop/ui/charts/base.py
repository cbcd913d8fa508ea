"""What every chart is made of: the Chart record, one cached specification per theme, and the way to the screen.

A specification is built once with Altair for a theme and a few fixed options, then kept as text; only data travel
afterwards, so a chart updates in place. Everything that depends on the figures (floating bars, label positions,
texts) is therefore computed by the specification from the data table, which carries business names only: it is
what 'Show data' shows.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, cast

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st
from altair.utils.schemapi import debug_mode

from sop.core.calendar import worded
from sop.core.format import MINUS, NumberStyle, current_style
from sop.ui.frame.tokens import FONT, Palette, Theme, palette

Series = Sequence[float | None]
"""One figure per bucket, in the unit shown on screen; None where there is none."""


@dataclass(frozen=True)
class Chart:
    """A chart ready to show: `spec_text(theme)` is its specification, `data` its table, `alt` its message."""

    spec_text: Callable[[Theme], str]
    data: pd.DataFrame
    alt: str

    def spec(self, theme: Theme) -> dict[str, Any]:
        """The Vega-Lite specification in the concrete colours of one theme, a fresh copy each time."""
        return json.loads(self.spec_text(theme))


def current_theme() -> Theme:
    """The theme of the browser that is looking, light where it is not known."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show_chart(chart: Chart, key: str) -> None:
    """Put a chart on the page, as wide as its container; `key` names it uniquely on the page.

    A browser changes the data where the chart stands; one with another `alt` it builds anew.
    """
    spec = chart.spec(current_theme())
    # Column by column: a fifth of what it costs to have the whole frame converted.
    columns = {str(name): pa.array(column.to_numpy(), from_pandas=True) for name, column in chart.data.items()}
    st.vega_lite_chart(pa.table(columns), spec, theme=None, width="stretch", key=key, alt=chart.alt)


def chart_spec(build: Callable[..., alt.LayerChart]) -> Callable[..., str]:
    """Turn `build(colours, **options)` into `(theme, **options) -> JSON text`, built once and kept.

    The layered chart that `build` returns brings its height and padding; the rest of the look is added here. The
    plot shrinks by itself to leave room for labels beyond its ends, so paddings stay small.
    """

    # Told apart by type: 0, 0.0 and False are equal, and each is written differently.
    @lru_cache(maxsize=128, typed=True)
    def kept(theme: Theme, style: NumberStyle, _period: str, **options: Any) -> str:
        colours = palette(theme)
        # Unchecked here for speed, neither part by part nor as a whole; the tests check every specification.
        with debug_mode(False):
            spec = _without_empty_data(build(colours, **options).to_dict(validate=False))
        spec |= {"width": "container", "autosize": {"type": "fit", "contains": "padding"}}
        return json.dumps(spec | {"config": _config(colours) | {"locale": _locale(style)}})

    @wraps(build)
    def spec_text(theme: Theme, **options: Any) -> str:
        # What the expressions write follows the style, and a tooltip the company's word for a period.
        return kept(theme, current_style(), worded("Month"), **options)

    return cast(Callable[..., str], spec_text)


def _without_empty_data(spec: dict[str, Any]) -> dict[str, Any]:
    """Drop the empty data that Altair puts into each layer, or nothing is drawn."""
    kept = {key: value for key, value in spec.items() if key not in ("data", "datasets")}
    if "layer" in kept:
        kept["layer"] = [_without_empty_data(layer) for layer in kept["layer"]]
    return kept


def _config(colours: Palette) -> dict[str, Any]:
    """The look shared by all charts: no legend, no frame, quiet axes, marks left out of the reading order."""
    quiet = {"title": None, "ticks": False, "labelColor": colours.mute, "labelFontSize": 11, "labelPadding": 5}
    return {
        "background": colours.bg,
        "font": FONT,
        "view": {"stroke": None},
        "mark": {"aria": False},
        "legend": {"disable": True},
        "axisX": quiet | {"grid": False, "domainColor": colours.mute},
        "axisY": quiet | {"gridColor": colours.line, "domain": False, "tickCount": 4},
        "text": {"fontSize": 11, "color": colours.ink, "baseline": "middle", "align": "left"},
    }


def _locale(style: NumberStyle) -> dict[str, Any]:
    """How the browser writes a chart's figures: as `sop.core.format` does."""
    signs = {"decimal": style.decimal, "thousands": style.thousands, "percent": style.percent, "minus": MINUS}
    return {"number": signs | {"grouping": [3], "currency": ["", ""]}}


def monthly_table(months: Sequence[str], series: Mapping[str, Series | None]) -> pd.DataFrame:
    """The data table of a chart: one row per month, one column per series; None gives a column without figures.

    Raises ValueError where a series is not as long as the months, because a shifted series is a wrong answer.
    """
    filled = {name: [None] * len(months) if values is None else values for name, values in series.items()}
    wrong = {name: len(values) for name, values in filled.items() if len(values) != len(months)}
    if wrong:
        raise ValueError(f"every series needs {len(months)} figures, one per month; given: {wrong}")
    return pd.DataFrame({"Month": list(months)} | {name: floats(values) for name, values in filled.items()})


def floats(values: Series) -> list[float]:
    """A series with NaN where a figure is missing, and without the noise of floats: a constant is a level line."""
    return [math.nan if value is None else round(float(value), 9) for value in values]


def nice_domain(*series: Series | None, zero: bool = True, steps: int = 4) -> tuple[float, float]:
    """A round scale that holds all figures of all series: share it between charts of one unit and row.

    Steps are 1, 2, 2.5 or 5 times a power of ten. A scale that dips below 0 is cut at a quarter of a step, so that
    one small loss does not cost a quarter of the chart. Without any figure the scale is 0 to 1.

    >>> nice_domain([0.3, 7.4], [5.0])
    (0.0, 8.0)
    >>> nice_domain([-0.1, 7.4])
    (-0.5, 8.0)
    """
    numbers = [value for values in series for value in floats(values or ()) if math.isfinite(value)]
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    step = _nice_step((high - low) / steps)
    below = step / 4 if low < 0 < high else step
    low, high = math.floor(low / below + 1e-9) * below, math.ceil(high / step - 1e-9) * step
    return (low, high) if high > low else (low, low + step)


def _nice_step(step: float) -> float:
    if step <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step * (1 - 1e-9))


def with_scale(table: pd.DataFrame, domain: tuple[float, float]) -> pd.DataFrame:
    """Add the ends of the vertical scale to a data table, so that the scale moves with the data, not the spec."""
    ends = {"Scale from": float(domain[0]), "Scale to": float(domain[1])}
    # Built anew: half of what it costs to add columns to a table.
    return pd.DataFrame({str(name): column.array for name, column in table.items()} | ends, index=table.index)
