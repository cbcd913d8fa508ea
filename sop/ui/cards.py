"""The text of a KPI card: title, value with its small unit, and the differences that matter, each with its sign.

A card is `st.container(border=True, key="kpi_…")` holding `st.html(kpi_card(…))` and a chart from
`chart_kpi_columns` or `chart_kpi_line`; the key's prefix gives it the tight padding of sop.ui.style.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from sop.ui.format import Effect, arrow


@dataclass(frozen=True)
class Change:
    """One difference of a card: its signed text, what it is measured against, and its business effect."""

    text: str
    against: str
    effect: Effect = "neutral"


def kpi_card(title: str, value: str, unit: str, changes: Sequence[Change] = ()) -> str:
    """The HTML of one KPI card, such as Revenue, '61.2', 'M€', changes against the agreed plan and the budget."""
    rows = "".join(_change(change) for change in changes)
    return (
        f'<div class="sop-kpi"><h2>{escape(title)}</h2>'
        f"<p class=value>{escape(value)} <small>{escape(unit)}</small></p>{rows}</div>"
    )


def difference(text: str, effect: Effect) -> str:
    """A signed difference with its arrow, coloured by its business effect."""
    return f'<span class="sop-{effect}"><i aria-hidden=true>{arrow(text)}</i> {escape(text)}</span>'


def _change(change: Change) -> str:
    return f"<p class=change>{difference(change.text, change.effect)} <span>{escape(change.against)}</span></p>"
