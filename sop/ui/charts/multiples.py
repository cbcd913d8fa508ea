"""Small multiples: one scenario against the agreed plan, many measures side by side.

Charts of one unit and row share a scale: pass the same `domain`, from `nice_domain(*all their series)`.
"""

from collections.abc import Sequence
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table, nice_domain, with_scale
from sop.ui.frame.tokens import Palette

HEIGHT = 116
PADDING = {"left": 0, "right": 2, "top": 7, "bottom": 0}
SCENARIO = "Scenario"
Domain = tuple[float, float]


def chart_small_columns(
    months: Sequence[str],
    scenario: Series,
    agreed: Series,
    *,
    domain: Domain | None = None,
    decimals: int = 1,
    alt: str,
) -> Chart:
    """Columns for a flow: the scenario hatched, the agreed plan as ticks, both last values at the right end."""
    table = monthly_table(months, {SCENARIO: scenario, "Agreed plan": agreed})
    table = with_scale(table, domain or nice_domain(scenario, agreed))
    return Chart(partial(_small, columns=True, decimals=decimals, name=SCENARIO), table, alt)


def chart_small_line(
    months: Sequence[str],
    scenario: Series,
    agreed: Series,
    *,
    domain: Domain | None = None,
    limit: float | None = None,
    decimals: int = 1,
    name: str = SCENARIO,
    alt: str,
) -> Chart:
    """Lines for a stock or a ratio: the scenario dashed, the agreed plan in the accent, `limit` dotted red.

    `name` is what the dashed line is called on hovering and in the chart's data.
    """
    limits = {} if limit is None else {"Limit": [limit] * len(months)}
    table = monthly_table(months, {name: scenario, "Agreed plan": agreed, **limits})
    table = with_scale(table, domain or nice_domain(scenario, agreed, [limit]))
    spec = partial(_small, columns=False, decimals=decimals, name=name, limited=limit is not None)
    return Chart(spec, table, alt)


@chart_spec
def _small(colours: Palette, columns: bool, decimals: int, name: str, limited: bool = False) -> alt.LayerChart:
    drawn = _columns(colours) if columns else _lines(colours, name, limited)
    shown = {name: decimals, "Agreed plan": decimals}
    layers = [
        marks.kept(marks.scale_span("year", line=not columns, ticks=3)),
        *drawn,
        _last_values(colours, decimals, name),
        marks.kept(marks.hover(shown)),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding=PADDING)


def _columns(colours: Palette) -> list[alt.Chart | alt.LayerChart]:
    return [
        marks.kept(marks.hatched(SCENARIO, colours)),
        marks.kept(marks.ticks("Agreed plan", colours.acc, 1.6)),
        marks.zero_line(colours.mute),
    ]


def _lines(colours: Palette, name: str, limited: bool) -> list[alt.Chart | alt.LayerChart]:
    lines = [
        marks.line("Agreed plan", colours.acc, marks.AGREED_WIDTH),
        marks.line(name, colours.ac, marks.PLAN_WIDTH, marks.DASHED),
    ]
    if not limited:
        return lines
    limit = marks.bare().mark_rule(color=colours.bad, strokeWidth=1.2, strokeDash=marks.DOTTED)
    limit = marks.last_row(limit).transform_filter(marks.valid("Limit"))
    return [limit.encode(y=alt.Y(**marks.quantity("Limit"))), *lines]


def _last_values(colours: Palette, decimals: int, name: str) -> alt.Chart:
    """Both last values beyond the right end, pushed apart by 12% of the scale."""
    names, tones = [name, "Agreed plan"], [colours.ink, colours.acc]
    scale = alt.Scale(domain=names, range=tones)
    text = marks.last_row(marks.bare()).transform_fold(names, as_=["__line", "__value"])
    text = marks.apart(text.transform_filter("isValid(datum.__value)"), 0.12)
    weight = alt.expr("datum.__line === 'Agreed plan' ? 400 : 600")
    text = text.mark_text(dx=6, fontWeight=weight, text=alt.expr(marks.number_text("__value", decimals)))
    place = {"x": marks.month(bandPosition=1), "y": alt.Y(**marks.quantity("__place"))}
    return text.encode(**place, color=alt.Color(field="__line", type="nominal", scale=scale, legend=None))
