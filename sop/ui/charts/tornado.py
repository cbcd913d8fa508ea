"""The tornado: what each assumption is worth, from its low to its high setting, the largest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import altair as alt
import pandas as pd

from sop.core.format import effect, signed
from sop.ui.charts import marks
from sop.ui.charts.base import Chart, chart_spec
from sop.ui.frame.tokens import Palette

ROW_HEIGHT = 24
TEXT_ROOM = 84
"""Pixels left of the longest bar for its label, which would otherwise run into the names."""


@dataclass(frozen=True)
class TornadoBar:
    """One assumption: the difference its low and its high setting make, and those settings in words."""

    name: str
    at_low: float
    at_high: float
    low_text: str
    high_text: str


def chart_tornado(
    levers: Sequence[TornadoBar], *, more_is_good: bool = True, decimals: int = 1, alt: str
) -> Chart:
    """Two bars from 0 per assumption, each labelled with its setting and its signed difference."""
    ranked = sorted(levers, key=lambda lever: -max(abs(lever.at_low), abs(lever.at_high)))
    ends = [(lever, value, text) for lever in ranked for value, text in _settings(lever)]
    table = pd.DataFrame(
        {
            "Assumption": [lever.name for lever, _, _ in ends],
            "Setting": [text for _, _, text in ends],
            "Difference": [float(value) for _, value, _ in ends],
            "Effect": [marks.EFFECT_WORDS[effect(signed(value, decimals), more_is_good)] for _, value, _ in ends],
        }
    )
    return Chart(partial(_tornado, rows=len(ranked), decimals=decimals), table, alt)


def _settings(lever: TornadoBar) -> tuple[tuple[float, str], tuple[float, str]]:
    return (lever.at_low, lever.low_text), (lever.at_high, lever.high_text)


@chart_spec
def _tornado(colours: Palette, rows: int, decimals: int) -> alt.LayerChart:
    axis = alt.Axis(labelColor=colours.ink, labelFontSize=11.5, labelLimit=230, labelPadding=10, grid=False)
    row = alt.Y(field="Assumption", type="nominal", sort=None, axis=axis, scale=alt.Scale(padding=0.3))
    across = alt.X(
        **marks.quantity("Difference"), stack=None, axis=None, scale=alt.Scale(nice=False, padding=TEXT_ROOM)
    )
    colour = marks.effect_colour(colours, colours.mute)
    bars = marks.bare().mark_bar().encode(y=row, x=across, color=colour)
    words = f"{marks.signed_text('Difference', decimals)} + ' · ' + datum.Setting"
    texts = [_texts(words, sign, row, across) for sign in (-1, 1)]
    zero = marks.once(marks.bare().mark_rule(color=colours.ink, strokeWidth=1.2).encode(x=alt.XDatum(0)))
    height = max(80, ROW_HEIGHT * rows + 10)
    padding = {"left": 0, "right": 4, "top": 4, "bottom": 4}
    return alt.layer(bars, zero, *texts).properties(height=height, padding=padding)


def _texts(words: str, sign: int, row: alt.Y, across: alt.X) -> alt.Chart:
    """Labels beyond the ends of the bars on one side; a setting that changes nothing is not labelled."""
    align = "left" if sign > 0 else "right"
    text = marks.bare().mark_text(dx=5 * sign, align=align, text=alt.expr(words))
    return text.encode(y=row, x=across).transform_filter(
        f"{sign} * datum.Difference > 0 && datum.Effect !== 'neutral'"
    )
