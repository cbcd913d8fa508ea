"""Consensus demand as the sum of its terms: baseline forecast, overrides, launches, events."""

from collections.abc import Mapping, Sequence
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table, nice_domain, with_scale
from sop.ui.tokens import Palette

HEIGHT = 230
TOTAL = "Consensus demand"


def chart_terms(
    months: Sequence[str], terms: Mapping[str, Series], total: Series, *, decimals: int = 0, alt: str
) -> Chart:
    """Stacked columns, one shade per term from the baseline up, and the consensus as a line over them.

    Terms below 0 hang under the axis. Up to five terms, labelled at the right in their shade.
    """
    if len(terms) > 5:
        raise ValueError(f"a stack of {len(terms)} terms cannot be read; join them to five or fewer")
    table = monthly_table(months, {**terms, TOTAL: total})
    high = [sum(max(value or 0, 0) for value in values) for values in zip(*terms.values(), strict=True)]
    low = [sum(min(value or 0, 0) for value in values) for values in zip(*terms.values(), strict=True)]
    spec = partial(_terms, names=tuple(terms), decimals=decimals)
    return Chart(spec, with_scale(table, nice_domain(high, low, total)), alt)


def shades(colours: Palette, count: int) -> list[str]:
    """The shades of a stack, darkest contrast between neighbours, none of them red or green."""
    return [colours.py, colours.acc, colours.ac, colours.mute, colours.line][:count]


@chart_spec
def _terms(colours: Palette, names: tuple[str, ...], decimals: int) -> alt.LayerChart:
    scale = alt.Scale(domain=list(names), range=shades(colours, len(names)))
    colour = alt.Color(field="Term", type="nominal", scale=scale, legend=None)
    order = " : ".join(f"datum.Term === '{name}' ? {place}" for place, name in enumerate(names)) + " : 99"
    stack = (
        marks.bare()
        .mark_bar(stroke=colours.bg, strokeWidth=0.5)
        .transform_fold(list(names), as_=["Term", "Units"])
    )
    stack = stack.transform_calculate(__order=order)
    stack = stack.encode(
        x=alt.X(**marks.name("Month"), sort=None),
        y=alt.Y(**marks.quantity("Units"), stack="zero"),
        color=colour,
        order=alt.Order(field="__order", type="quantitative"),
    )
    layers = [
        marks.scale_span("every"),
        stack,
        marks.line(TOTAL, colours.ink, marks.PLAN_WIDTH, marks.DASHED),
        marks.zero_line(colours.mute),
        marks.hover(dict.fromkeys((*names, TOTAL), decimals)),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding={"left": 0, "right": 4, "top": 8, "bottom": 2})
