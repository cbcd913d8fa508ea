"""Columns over categories that are no months: accuracy by lag, the forecast of one month by cycle, claims kept."""

from collections.abc import Sequence
from functools import partial

import altair as alt
import pandas as pd

from sop.ui.charts import marks
from sop.ui.charts.base import Chart, Series, chart_spec, floats
from sop.ui.frame.tokens import Palette

HEIGHT = 180
_MANY = 24
"""Columns from which on figures would stand over each other, and labels too: the weeks of a year."""


def chart_categories(
    labels: Sequence[str],
    values: Series,
    *,
    measure: str,
    reference: float | None = None,
    reference_name: str = "target",
    decimals: int = 0,
    alt: str,
) -> Chart:
    """One solid column per label with its figure on top; `reference` is a dotted line with its name and figure.

    `measure` names the figures with their unit in the table, such as 'WAPE, %'. Raises ValueError where there is
    not one figure per label.
    """
    if len(labels) != len(values):
        raise ValueError(f"{len(values)} figures for {len(labels)} labels")
    table = pd.DataFrame({"Category": list(labels), measure: floats(values)})
    if reference is not None:
        table = table.assign(Reference=float(reference), **{"Reference name": reference_name})
    spec = partial(
        _categories, measure=measure, reference=reference is not None, decimals=decimals, many=len(labels) > _MANY
    )
    return Chart(spec, table, alt)


@chart_spec
def _categories(
    colours: Palette, measure: str, reference: bool, decimals: int, many: bool = False
) -> alt.LayerChart:
    scale = alt.Scale(paddingInner=0.4, paddingOuter=0.2)
    axis = alt.Axis(labelAngle=0, labelLimit=110, domain=False, **({"labelOverlap": "parity"} if many else {}))
    x = alt.X(field="Category", type="ordinal", sort=None, axis=axis, scale=scale)
    y = alt.Y(**marks.quantity(measure), stack=None, axis=alt.Axis(labels=False, grid=False))
    words = alt.expr(marks.number_text(measure, decimals))
    every = marks.bare().mark_rule(opacity=0).encode(x=x)
    columns = marks.bare().mark_bar(fill=colours.ac, width={"band": 0.8}).encode(x=x, y=y)
    halo = {"stroke": colours.bg, "strokeWidth": 4}
    texts = [marks.bare().mark_text(align="center", dy=-8, text=words, **extra) for extra in (halo, {})]
    layers = [every, columns, marks.zero_line(colours.mute)]
    layers += _reference(colours, decimals) if reference else []
    layers += [text.transform_filter(marks.valid(measure)).encode(x=x, y=y) for text in texts if not many]
    return alt.layer(*layers).properties(height=HEIGHT, padding={"left": 0, "right": 4, "top": 6, "bottom": 2})


def _reference(colours: Palette, decimals: int) -> list[alt.Chart]:
    words = f"{marks.datum('Reference name')} + ' ' + {marks.number_text('Reference', decimals)}"
    rule = marks.bare().mark_rule(color=colours.mute, strokeWidth=1.3, strokeDash=marks.DOTTED)
    text = marks.bare().mark_text(color=colours.mute, dx=5, text=alt.expr(words)).encode(x=alt.value("width"))
    return [marks.last_row(layer).encode(y=alt.Y(**marks.quantity("Reference"))) for layer in (rule, text)]
