"""Small pieces of HTML: the text of a KPI card, a signed difference, the line under a heading, a legend.

A card is `st.container(border=True, key="kpi_…")` holding `st.html(kpi_card(…))` and a chart from
`chart_kpi_columns` or `chart_kpi_line`; the key's prefix gives it the tight padding of sop.ui.frame.style.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from sop.core.format import Effect, MoneyFormat, Number, arrow, effect
from sop.core.measures import Headline
from sop.ui.frame.tokens import SHADES
from sop.ui.kit.glossary import explained
from sop.views.measure_columns import headline_difference


@dataclass(frozen=True)
class Change:
    """One difference of a card: its signed text, what it is measured against, and its business effect."""

    text: str
    against: str
    effect: Effect = "neutral"


def kpi_card(
    title: str, value: str, unit: str, changes: Sequence[Change] = (), note: str = "", page: str = ""
) -> str:
    """The HTML of one KPI card, such as Revenue, '61.2', 'M€', changes against the agreed plan and the budget.

    `note` stands under the value: who is behind it worst. `page`: the page that its title leads to.
    """
    rows = f"<p class=change>{escape(note)}</p>" if note else ""
    rows += "".join(_change(change) for change in changes)
    name = explained(title)
    if page:
        name = f'<a href="/{escape(page)}" target="_self" class="sop-go">{name}</a>'
    return (
        f'<div class="sop-kpi"><h2>{name}</h2>'
        f"<p class=value>{escape(value)} <small>{escape(unit)}</small></p>{rows}</div>"
    )


def kpi_row(cards: Mapping[str, str]) -> str:
    """KPI cards without charts side by side, by the key of their measure: one element, however many they are."""
    each = "".join(f'<div data-measure="{escape(key)}">{card}</div>' for key, card in cards.items())
    return f'<div class="sop-cards" style="--cards:{len(cards)}">{each}</div>'


def difference(text: str, effect: Effect) -> str:
    """A signed difference with its arrow, coloured by its business effect."""
    return f'<span class="sop-{effect}"><i aria-hidden=true>{arrow(text)}</i> {escape(text)}</span>'


def small_heading(text: str) -> str:
    """The heading of a small card, in the size of body text: 'Revenue, M€'."""
    return f'<h2 class="sop-small">{explained(text)}</h2>'


def heard(text: str) -> str:
    """Text for whoever hears the page, seen by nobody."""
    return f"<p class=sop-hidden>{escape(text)}</p>"


def grey_line(text: str) -> str:
    """The one grey line under a heading: measure, unit, period, how to read."""
    return f"<p class=sop-grey>{escape(text)}</p>"


ROLES = {
    "actual": ("solid", "ac"),
    "plan": ("hatched", "ac"),
    "plan line": ("line dashed", "ac"),
    "agreed": ("line", "acc"),
    "prior year": ("solid", "py"),
    "budget": ("line dotted", "mute"),
    "limit": ("line dotted", "bad"),
}


def legend(entries: Sequence[tuple[str, str]], note: str = "") -> str:
    """Marks with their names, for charts that share one key: entries are (role, name), roles those of ROLES."""
    keys = "".join(_key(*ROLES[role], name) for role, name in entries)
    return f"<p class=sop-legend>{keys}<span>{escape(note)}</span></p>"


def terms_legend(names: Sequence[str]) -> str:
    """The key to `chart_terms`: its terms from the bottom up, then the consensus line."""
    keys = "".join(_key("solid", token, name) for token, name in zip(SHADES, names, strict=False))
    return f"<p class=sop-legend>{keys}{_key('line dashed', 'ink', 'Consensus demand')}</p>"


STREAMS = {
    "Statistical": ("line", "mute"),
    "Sales": ("line", "ac"),
    "Marketing": ("line", "py"),
    "Finance": ("line dotted", "mute"),
    "Agreed plan": ("line", "acc"),
    "Consensus": ("line dashed", "ink"),
}


def streams_legend(names: Sequence[str]) -> str:
    """The key to `chart_streams`."""
    return f"<p class=sop-legend>{''.join(_key(*STREAMS[name], name) for name in names)}</p>"


def _key(shape: str, token: str, name: str) -> str:
    return f'<span><i class="{shape}" style="color:var(--{token})"></i>{escape(name)}</span>'


def _change(change: Change) -> str:
    return f"<p class=change>{difference(change.text, change.effect)} <span>{escape(change.against)}</span></p>"


def headline_change(entry: Headline, value: Number, against: str, money: MoneyFormat) -> Change:
    """A difference for a card, coloured by its business effect."""
    text = headline_difference(entry, value, money)
    return Change(text, against, effect(text, entry.better > 0 if entry.better else None))
