"""The streams of demand as lines: close together where functions agree."""

from collections.abc import Mapping, Sequence
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table, nice_domain, with_scale
from sop.ui.frame.tokens import Palette

HEIGHT = 262
LINES = {
    "Statistical": ("mute", 1.4, None),
    "Sales": ("ac", 1.6, None),
    "Marketing": ("py", 2.2, None),
    "Finance": ("mute", 1.4, marks.DOTTED),
    "Agreed plan": ("acc", marks.AGREED_WIDTH, None),
    "Consensus": ("ink", marks.PLAN_WIDTH, marks.DASHED),
}
"""How each stream is drawn: token, width, dash."""


def chart_streams(buckets: Sequence[str], streams: Mapping[str, Series], *, decimals: int = 0, alt: str) -> Chart:
    """One line for each stream by month or quarter, as its difference to the first of them; `decimals` of figures.

    Raises ValueError for a stream that is not one of `LINES`.
    """
    unknown = [name for name in streams if name not in LINES]
    if unknown:
        raise ValueError(f"no line is known for {unknown}")
    table = monthly_table(buckets, streams)
    domain = nice_domain(*streams.values(), zero=True)
    return Chart(partial(_streams, names=tuple(streams), decimals=decimals), with_scale(table, domain), alt)


@chart_spec
def _streams(colours: Palette, names: tuple[str, ...], decimals: int) -> alt.LayerChart:
    lines = [
        marks.line(name, getattr(colours, token), width, dash)
        for name, (token, width, dash) in LINES.items()
        if name in names
    ]
    layers = [
        marks.scale_span("some"),
        marks.zero_line(colours.mute),
        *lines,
        marks.hover(dict.fromkeys(names, decimals)),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding={"left": 0, "right": 4, "top": 8, "bottom": 2})
