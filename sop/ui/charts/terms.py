"""Consensus demand as the sum of its terms: baseline forecast, overrides, launches, events."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from sop.core.calendar import worded
from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, floats, monthly_table, nice_domain, with_scale
from sop.ui.frame.tokens import SHADES, Palette

HEIGHT = 230
TOTAL = "Consensus demand"


def chart_terms(months: Sequence[str], terms: Mapping[str, Series], total: Series, *, alt: str) -> Chart:
    """Stacked columns, one shade per term from the baseline up, and the consensus as a line over them.

    Terms below 0 hang under the axis. Up to five terms; `terms_legend` of the kit names their shades. The
    table has one row per month and term, because names of terms are data and no part of the specification.
    """
    if len(terms) > len(SHADES):
        raise ValueError(f"a stack of {len(terms)} terms cannot be read; join them to {len(SHADES)} or fewer")
    named = [(place, name, values) for place, (name, values) in enumerate({**terms, TOTAL: total}.items())]
    tables = [
        monthly_table(months, {"Quantity": values}).assign(Term=name, Place=place) for place, name, values in named
    ]
    tables[-1]["Place"] = len(SHADES)
    table = pd.concat(tables, ignore_index=True)[["Month", "Term", "Place", "Quantity"]]
    by_month = pd.DataFrame({name: floats(values) for name, values in terms.items()})
    high, low = by_month.clip(lower=0).sum(axis=1), by_month.clip(upper=0).sum(axis=1)
    return Chart(_terms, with_scale(table, nice_domain(high.tolist(), low.tolist(), total)), alt)


@chart_spec
def _terms(colours: Palette) -> alt.LayerChart:
    places = list(range(len(SHADES)))
    scale = alt.Scale(domain=places, range=[getattr(colours, token) for token in SHADES])
    is_total = f"datum.Place === {len(SHADES)}"
    stack = marks.bare().mark_bar(stroke=colours.bg, strokeWidth=0.5).transform_filter(f"!({is_total})")
    stack = stack.encode(
        x=marks.month(),
        y=alt.Y(**marks.quantity("Quantity"), stack="zero"),
        color=alt.Color(field="Place", type="nominal", scale=scale, legend=None),
        order=alt.Order(field="Place", type="quantitative"),
        tooltip=_tooltip(),
    )
    stack = stack.transform_calculate(__text=marks.number_text("Quantity", 0))
    total = marks.line("Quantity", colours.ink, marks.PLAN_WIDTH, marks.DASHED).transform_filter(is_total)
    layers = [marks.scale_span("every"), stack, total, marks.zero_line(colours.mute)]
    return alt.layer(*layers).properties(height=HEIGHT, padding={"left": 0, "right": 4, "top": 8, "bottom": 2})


def _tooltip() -> list[alt.Tooltip]:
    titles = {"Month": worded("Month"), "Term": "Term", "__text": "Quantity"}
    return [alt.Tooltip(field=field, type="nominal", title=title) for field, title in titles.items()]
