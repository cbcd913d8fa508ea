"""The bridge: what changed between two plans, cause by cause, drawn as differences so that no bar is cut off."""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate

import altair as alt
import pandas as pd

from sop.core.format import effect, signed
from sop.ui.charts import marks
from sop.ui.charts.base import Chart, chart_spec
from sop.ui.frame.tokens import Palette

ROW_HEIGHT = 26


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

    The end figure is the start plus all changes, so the bridge always adds up. x is the difference to the start,
    labelled there with its figure; the dotted rule is the budget, at the edge with an arrow where it is so far
    away that the bars would shrink to nothing. Figures in the shown unit.
    """
    differences = list(accumulate((change for _, change in changes), initial=0.0))
    total = differences[-1]
    rows = [{"Step": start[0], "Change": 0.0, "Difference": 0.0, "Level": start[1], "Effect": "neutral"}]
    for (cause, change), difference in zip(changes, differences[1:], strict=True):
        kind = marks.EFFECT_WORDS[effect(signed(change, decimals), more_is_good)]
        rows.append({"Step": cause, "Change": change, "Difference": difference, "Level": None, "Effect": kind})
    rows.append(
        {"Step": end, "Change": total, "Difference": total, "Level": start[1] + total, "Effect": "neutral"}
    )
    table = pd.DataFrame(rows).astype({"Level": "float64"})
    table["Budget"] = budget
    table["Budget drawn at"] = None if budget is None else _within_reach(budget - start[1], differences)
    table = table.astype({"Budget": "float64", "Budget drawn at": "float64"})
    return Chart(partial(_bridge, rows=len(rows), decimals=decimals), table, alt)


def _within_reach(budget: float, differences: Sequence[float]) -> float:
    """Where the budget's rule is drawn: at its place, or a little beyond the bars when it is far away."""
    reach = 1.3 * (max(abs(difference) for difference in differences) or abs(budget))
    return max(-reach, min(budget, reach))


@chart_spec
def _bridge(colours: Palette, rows: int, decimals: int) -> alt.LayerChart:
    scale = alt.Scale(paddingInner=0.44, paddingOuter=0.22)
    axis = alt.Axis(labelColor=colours.ink, labelFontSize=11.5, labelLimit=230, labelPadding=10, grid=False)
    step = alt.Y(field="Step", type="nominal", sort=None, scale=scale, axis=axis)
    layers = [_bars(colours, step), _connectors(colours), _zero(colours), *_budget(colours, decimals)]
    layers += [_change_texts(colours, decimals), _level_texts(colours, decimals)]
    height = max(200, ROW_HEIGHT * rows + 10)
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
    rules = rules.transform_window([following]).transform_filter("isValid(datum.__next)")
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
    first = "isValid(datum.Budget) && isValid(datum.Level) && datum.Difference === 0 && datum.__row === 1"
    row = [alt.WindowFieldDef(op="row_number", **{"as": "__row"})]
    rule = marks.bare().mark_rule(color=colours.mute, strokeWidth=1.2, strokeDash=marks.DOTTED)
    drawn = "datum['Budget drawn at']"
    arrow = f"(abs({drawn} - (datum.Budget - datum.Level)) > 1e-9 ? ({drawn} < 0 ? ' ◂' : ' ▸') : '')"
    words = f"'budget ' + {marks.number_text('Budget', decimals)} + {arrow}"
    text = marks.bare().mark_text(color=colours.mute, dx=5, text=alt.expr(words))
    text = text.encode(y=alt.Y(field="Step", type="nominal", sort=None))
    found = [layer.transform_window(row).transform_filter(first) for layer in (rule, text)]
    return [layer.transform_calculate(__budget=drawn).encode(x=_at("__budget")) for layer in found]


def _change_texts(colours: Palette, decimals: int) -> alt.Chart:
    text = marks.bare().mark_text(dx=5, fontWeight=600, text=alt.expr(marks.signed_text("Change", decimals)))
    text = text.transform_filter("!isValid(datum.Level)")
    return _right_of_bar(text).encode(color=marks.effect_colour(colours, colours.ac))


def _level_texts(colours: Palette, decimals: int) -> alt.Chart:
    level, change = marks.number_text("Level", decimals), marks.signed_text("Change", decimals)
    words = f"datum.__row === 1 ? {level} : {level} + ' (' + {change} + ')'"
    text = marks.bare().mark_text(dx=5, fontWeight=600, color=colours.ink, text=alt.expr(words))
    text = text.transform_window([alt.WindowFieldDef(op="row_number", **{"as": "__row"})])
    return _right_of_bar(text.transform_filter("isValid(datum.Level)"))


def _right_of_bar(text: alt.Chart) -> alt.Chart:
    right = text.transform_calculate(__right="max(datum.Difference, datum.Difference - datum.Change)")
    return right.encode(x=_at("__right"), y=alt.Y(field="Step", type="nominal", sort=None))
