"""The outlook: a line to today, the plan after it, the bands of uncertainty around it, and named ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import altair as alt

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, monthly_table, nice_domain, with_scale
from sop.ui.frame.tokens import Palette

HEIGHT = 173
LABEL_GAP = 0.095
"""The share of the scale that one line of text needs at this height."""
BANDS = ("P10", "P25", "P75", "P90")
CHANCES = ("Chance of agreed plan", "Chance of budget")


@dataclass(frozen=True)
class Bands:
    """The quantiles around a plan, each as long as the months, and the chances to reach its marks as fractions."""

    p10: Series
    p25: Series
    p75: Series
    p90: Series
    chance_agreed: float | None = None
    chance_budget: float | None = None


def chart_fan(
    months: Sequence[str],
    actual: Series,
    plan: Series,
    agreed: Series,
    budget: Series | None = None,
    bands: Bands | None = None,
    *,
    plan_name: str = "plan",
    decimals: int = 1,
    zero: bool = False,
    muted: bool = False,
    alt: str,
) -> Chart:
    """Actual, plan, agreed plan and budget over the months, named at the end; with `bands`, P10–P90 and P25–P75.
    `muted` greys the bands, which are then another plan's.

    Meant for rolling 12-month sums, whose scale need not begin at 0. Figures in the shown unit.
    """
    lines = {"Actual": actual, "Plan": plan, "Agreed plan": agreed, "Budget": budget}
    quantiles = (
        {} if bands is None else dict(zip(BANDS, (bands.p10, bands.p25, bands.p75, bands.p90), strict=True))
    )
    chances = (None, None) if bands is None else (bands.chance_agreed, bands.chance_budget)
    columns = lines | quantiles
    columns |= {name: [chance] * len(months) for name, chance in zip(CHANCES, chances, strict=True)}
    table = monthly_table(months, columns).assign(**{"Plan name": plan_name})
    domain = nice_domain(*lines.values(), *quantiles.values(), zero=zero)
    draw = partial(_fan, banded=bands is not None, muted=muted, decimals=decimals)
    return Chart(draw, with_scale(table, domain), alt)


@chart_spec
def _fan(colours: Palette, banded: bool, muted: bool, decimals: int) -> alt.LayerChart:
    layers = [marks.scale_span("some", gap=0, line=True)]
    tone = colours.mute if muted else colours.acc
    layers += [_band(tone, "P10", "P90", 0.16), _band(tone, "P25", "P75", 0.20)] if banded else []
    layers += [
        _today(colours),
        marks.line("Budget", colours.mute, 1.3, marks.DOTTED),
        marks.line("Agreed plan", colours.acc, marks.AGREED_WIDTH),
        marks.line("Actual", colours.ac, marks.ACTUAL_WIDTH),
        marks.plan_line(colours),
        *_ends(colours, banded, decimals),
        marks.hover(
            dict.fromkeys(("Actual", "Plan", "Agreed plan", "Budget", *(BANDS if banded else ())), decimals)
        ),
    ]
    return alt.layer(*layers).properties(height=HEIGHT, padding={"left": 0, "right": 4, "top": 6, "bottom": 2})


def _band(tone: str, low: str, high: str, opacity: float) -> alt.Chart:
    area = marks.bare().mark_area(color=tone, opacity=opacity)
    area = marks.joined(area, {low: "__low", high: "__high"})
    span = {"x": marks.month(), "y": alt.Y(**marks.quantity("__low"))}
    return area.encode(**span, y2=alt.Y2(field="__high")).transform_filter(marks.valid("__low", "__high"))


def _today(colours: Palette) -> alt.LayerChart:
    """The rule at the last actual, where the known ends."""
    row = [alt.WindowFieldDef(op="row_number", **{"as": "__row"})]
    rule = marks.bare().mark_rule(color=colours.mute, strokeWidth=1)
    text = marks.bare().mark_text(text="today", color=colours.mute, dx=4).encode(y=alt.value(6))
    here = alt.layer(rule, text).encode(x=marks.month())
    here = here.transform_filter(marks.valid("Actual")).transform_window(row)
    return here.transform_joinaggregate(__rows="count()").transform_filter("datum.__row === datum.__rows")


def _ends(colours: Palette, banded: bool, decimals: int) -> list[alt.Chart]:
    """A dot and a label for each line that reaches the last month, labels pushed apart."""
    lines = ["Plan", "Agreed plan", "Budget", *(["P10", "P90"] if banded else [])]
    tones = {"Plan": colours.ink, "Agreed plan": colours.acc}
    scale = alt.Scale(domain=lines, range=[tones.get(line, colours.mute) for line in lines])
    colour = alt.Color(field="__line", type="nominal", scale=scale, legend=None)
    ends = marks.last_row(marks.bare()).transform_fold(lines, as_=["__line", "__value"])
    ends = ends.transform_filter("isValid(datum.__value)")
    dots = ends.mark_point(filled=True, size=26, opacity=1).encode(y=alt.Y(**marks.quantity("__value")))
    words = marks.apart(ends, LABEL_GAP).mark_text(dx=8, text=alt.expr(_end_words(decimals)))
    words = words.encode(y=alt.Y(**marks.quantity("__place")))
    return [layer.encode(x=marks.month(), color=colour) for layer in (dots, words)]


def _end_words(decimals: int) -> str:
    """The expression for an end label: 'budget 60.6 · 62%', 'proposed v3 61.2'."""
    before = {"Plan": marks.datum("Plan name"), "Agreed plan": "'agreed'", "Budget": "'budget'"}
    before |= {"P10": "'low'", "P90": "'high'"}
    after = dict(zip(("Agreed plan", "Budget"), map(_chance, CHANCES), strict=True))
    return f"{_by_line(before)} + ' ' + {marks.number_text('__value', decimals)} + {_by_line(after)}"


def _by_line(texts: dict[str, str]) -> str:
    cases = "".join(f"datum.__line === {marks.literal(line)} ? {text} : " for line, text in texts.items())
    return f"({cases}'')"


def _chance(column: str) -> str:
    return f"({marks.valid(column)} ? ' · ' + format({marks.datum(column)}, '.0%') : '')"
