"""Consensus demand as the sum of its terms: baseline forecast, overrides, launches, events."""

from collections.abc import Mapping, Sequence
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table, nice_domain, with_scale
from sop.ui.tokens import SHADES, Palette

HEIGHT = 230
TOTAL = "Consensus demand"


def chart_terms(
    months: Sequence[str], terms: Mapping[str, Series], total: Series, *, decimals: int = 0, alt: str
) -> Chart:
    """Stacked columns, one shade per term from the baseline up, and the consensus as a line over them.

    Terms below 0 hang under the axis. Up to five terms; `sop.ui.cards.terms_legend(names)` names their shades.
    """
    if len(terms) > len(SHADES):
        raise ValueError(f"a stack of {len(terms)} terms cannot be read; join them to {len(SHADES)} or fewer")
    table = monthly_table(months, {**terms, TOTAL: total})
    high = [sum(max(value or 0, 0) for value in values) for values in zip(*terms.values(), strict=True)]
    low = [sum(min(value or 0, 0) for value in values) for values in zip(*terms.values(), strict=True)]
    spec = partial(_terms, names=tuple(terms), decimals=decimals)
    return Chart(spec, with_scale(table, nice_domain(high, low, total)), alt)


def shades(colours: Palette, count: int) -> list[str]:
    """The colours of a stack, strong contrast between neighbours, none of them red or green."""
    return [getattr(colours, token) for token in SHADES[:count]]


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
        x=marks.month(),
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
