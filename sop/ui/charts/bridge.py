"""The bridge: what changed between two plans, cause by cause, drawn as differences so that no bar is cut off."""

import math
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from typing import Any

import altair as alt
import pandas as pd

from sop.analysis.comparison.bridge import SMALLER
from sop.core.format import NOISE, effect, signed
from sop.ui.charts import marks
from sop.ui.charts.base import Chart, chart_spec
from sop.ui.frame.tokens import Palette

ROW_HEIGHT, TWO_LINES = 22, 30
"""The height of a row, and of one in a bridge with a name that is told in two lines."""
LINE = 34
"""How many letters of a name stand in one line."""
FAR = 6.0
"""A budget further away than so many of the largest difference would shrink the bars to nothing."""


def chart_bridge(
    start: tuple[str, float],
    changes: Sequence[tuple[str, float]],
    end: str,
    *,
    budget: float | None = None,
    more_is_good: bool = True,
    decimals: int = 1,
    alt: str,
) -> Chart:
    """Horizontal bars from the plan `start` (name, figure) over each change (cause, figure) to the plan `end`.

    The end figure is the start plus all changes, so the bridge always adds up; changes that round to nothing share
    one last row, or none where together they are nothing.

    x is the difference to the start, labelled there with its figure, on one true scale: the dotted rule is
    the budget, or the last row where it is too far away for the bars to be seen. Figures in the shown unit.
    """
    told = [(cause, change) for cause, change in changes if round(change, decimals)]
    small = [(cause, change) for cause, change in changes if not round(change, decimals)]
    rest = math.fsum(change for _, change in small)
    if abs(rest) > NOISE:
        told.append((small[0][0] if len(small) == 1 else SMALLER, rest))
    differences = list(accumulate((change for _, change in told), initial=0.0))
    total, level = differences[-1], start[1] + differences[-1]
    rows = [_row(start[0], level=start[1])]
    for (cause, change), difference in zip(told, differences[1:], strict=True):
        kind = marks.EFFECT_WORDS[effect(signed(change, decimals), more_is_good)]
        rows.append(_row(cause, change, difference) | {"Effect": kind})
    rows.append(_row(end, total, total, level, total))
    far = budget is not None and abs(budget - start[1]) > FAR * max(map(abs, differences))
    if budget is not None and far:
        rows.append(_row("Budget", 0.0, 0.0, budget, level - budget))
    table = pd.DataFrame(rows).astype({"Level": "float64", "Gap": "float64"})
    table["Budget"] = math.nan if budget is None or far else budget
    height = TWO_LINES if any(len(row["Step"]) > LINE for row in rows) else ROW_HEIGHT
    return Chart(partial(_bridge, height=max(160, height * len(rows) + 10), decimals=decimals), table, alt)


def _row(
    step: str, change: float = 0.0, difference: float = 0.0, level: float | None = None, gap: float | None = None
) -> dict[str, Any]:
    """A row of the bridge; only start, end and budget have a `level`, and the last two what they are apart by."""
    return {
        "Step": step, "Change": change, "Difference": difference, "Level": level, "Gap": gap, "Effect": "neutral"
    }  # fmt: skip


@chart_spec
def _bridge(colours: Palette, height: int, decimals: int) -> alt.LayerChart:
    scale = alt.Scale(paddingInner=0.44, paddingOuter=0.22)
    end = f"lastindexof(slice(datum.label, 0, {LINE + 1}), ' ')"
    lines = f"[slice(datum.label, 0, {end}), slice(datum.label, {end} + 1)]"
    axis = alt.Axis(
        labelColor=colours.ink,
        labelFontSize=11.5,
        labelLineHeight=13,
        labelLimit=230,
        labelPadding=10,
        grid=False,
        labelExpr=f"length(datum.label) > {LINE} && {end} > 0 ? {lines} : datum.label",
    )
    step = alt.Y(field="Step", type="nominal", sort=None, scale=scale, axis=axis)
    layers = [_bars(colours, step), _connectors(colours), _zero(colours), *_budget(colours, decimals)]
    layers += [_change_texts(colours, decimals), _level_texts(colours, decimals)]
    return alt.layer(*layers).properties(height=height, padding={"left": 0, "right": 4, "top": 4, "bottom": 4})


def _at(field: str) -> alt.X:
    return alt.X(**marks.quantity(field), axis=None, scale=alt.Scale(zero=True, nice=False))


def _bars(colours: Palette, step: alt.Y) -> alt.Chart:
    tooltip = [
        alt.Tooltip(field="Step", type="nominal"),
        alt.Tooltip(**marks.quantity("Change"), format="+,.2f"),
        alt.Tooltip(**marks.quantity("Difference"), format="+,.2f", title="Difference so far"),
    ]
    bars = marks.bare().mark_bar().transform_calculate(__from="datum.Difference - datum.Change")
    colour = marks.effect_colour(colours, colours.ac)
    return bars.encode(y=step, x=_at("__from"), x2=alt.X2(field="Difference"), color=colour, tooltip=tooltip)


def _connectors(colours: Palette) -> alt.Chart:
    following = alt.WindowFieldDef(op="lead", field="Step", **{"as": "__next"})
    rules = marks.bare().mark_rule(color=colours.mute, strokeWidth=0.8)
    rules = rules.transform_window([following])
    rules = rules.transform_filter("isValid(datum.__next) && !isValid(datum.Gap)")
    ends = {
        "y": alt.Y(field="Step", type="nominal", sort=None, bandPosition=1),
        "y2": alt.Y2(field="__next", bandPosition=0),
    }
    return rules.encode(x=_at("Difference"), **ends)


def _zero(colours: Palette) -> alt.Chart:
    rule = marks.bare().mark_rule(color=colours.ink, strokeWidth=1.2).encode(x=alt.XDatum(0))
    return marks.once(rule)


def _budget(colours: Palette, decimals: int) -> list[alt.Chart]:
    """The dotted rule at the budget and its label, from the first row, where the level is the start's."""
    first = "isValid(datum.Budget) && isValid(datum.Level) && !isValid(datum.Gap)"
    rule = marks.bare().mark_rule(color=colours.mute, strokeWidth=1.2, strokeDash=marks.DOTTED)
    words = f"'budget ' + {marks.number_text('Budget', decimals)}"
    text = marks.bare().mark_text(color=colours.mute, dx=5, text=alt.expr(words))
    text = text.encode(y=alt.Y(field="Step", type="nominal", sort=None))
    found = [layer.transform_filter(first) for layer in (rule, text)]
    place = "datum.Budget - datum.Level"
    return [layer.transform_calculate(__budget=place).encode(x=_at("__budget")) for layer in found]


def _change_texts(colours: Palette, decimals: int) -> alt.Chart:
    text = marks.bare().mark_text(dx=5, fontWeight=600, text=alt.expr(marks.signed_text("Change", decimals)))
    text = text.transform_filter("!isValid(datum.Level)")
    return _right_of_bar(text).encode(color=marks.effect_colour(colours, colours.ac))


def _level_texts(colours: Palette, decimals: int) -> alt.Chart:
    level, gap = marks.number_text("Level", decimals), marks.signed_text("Gap", decimals)
    words = f"isValid(datum.Gap) ? {level} + ' (' + {gap} + ')' : {level}"
    text = marks.bare().mark_text(dx=5, fontWeight=600, color=colours.ink, text=alt.expr(words))
    return _right_of_bar(text.transform_filter("isValid(datum.Level)"))


def _right_of_bar(text: alt.Chart) -> alt.Chart:
    right = text.transform_calculate(__right="max(datum.Difference, datum.Difference - datum.Change)")
    return right.encode(x=_at("__right"), y=alt.Y(field="Step", type="nominal", sort=None))
