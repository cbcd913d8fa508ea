"""Tables as semantic HTML for `st.html`: the short table and the rows of decisions.

Everything a user typed is escaped and shown literally. Numbers and their headers stand right; units stand in the
headers; only hairlines part the rows. Long lists belong in `st.dataframe` instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from sop.core.calendar import worded
from sop.core.format import Effect, effect
from sop.ui.kit.cards import difference
from sop.ui.kit.glossary import explained


@dataclass(frozen=True)
class HtmlColumn:
    """One column: its header with the unit, whether it holds figures, and a fixed width such as '8rem' if any."""

    title: str
    numeric: bool = False
    width: str = ""


@dataclass(frozen=True)
class HtmlCell:
    """Text, with a difference beside it, a grey note under it, or weight; `effect` colours difference or text."""

    text: str
    note: str = ""
    difference: str = ""
    effect: Effect = "neutral"
    strong: bool = False


@dataclass(frozen=True)
class Bar:
    """A magnitude inside a row: a bar as long as `value` is of `largest`, and its figure as text."""

    value: float
    largest: float
    text: str


Content = str | HtmlCell | Bar
_SHORT, _LONG = 16, 30
"""Characters up to which a column of text keeps its line, and from which it keeps a width to be read in."""
_MANY = 40
"""Rows beyond which a table scrolls in a frame of its own, under its header."""


def html_table(
    columns: Sequence[HtmlColumn], rows: Sequence[Sequence[Content]], *, caption: str, selected: int | None = None
) -> str:
    """A short table; the first column heads its row, `caption` names the table for a screen reader.

    Raises ValueError where a row does not have one cell per column.
    """
    for row in rows:
        _require_length("row", row, len(columns))
    looks = [_look(column, [row[at] for row in rows]) for at, column in enumerate(columns)]
    head = "".join(_header(column, look) for column, look in zip(columns, looks, strict=True))
    body = "".join(_row(looks, row, place == selected) for place, row in enumerate(rows))
    tall = " tall" if len(rows) > _MANY else ""
    return (
        f'<div class="sop-scroll{tall}" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="sop-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _require_length(what: str, values: Sequence[object], length: int) -> None:
    if len(values) != length:
        raise ValueError(f"{what} has {len(values)} values for {length} columns")


def _look(column: HtmlColumn, contents: Sequence[Content]) -> str:
    """The class of a column: figures, or text as its longest asks: a date keeps its line, a reason has room."""
    if column.numeric:
        return " class=n"
    longest = max((_length(content) for content in contents), default=0)
    return " class=short" if longest <= _SHORT else " class=long" if longest >= _LONG else ""


def _length(content: Content) -> int:
    if isinstance(content, str):
        return len(content)
    return 0 if isinstance(content, Bar) else max(len(content.text), len(content.note))


def _header(column: HtmlColumn, look: str) -> str:
    style = f' style="width:{escape(column.width)}"' if column.width else ""
    # A column without a title, such as that of a sign, has no header to be read aloud.
    cell, scope = ("th", " scope=col") if column.title else ("td", "")
    return f"<{cell}{scope}{look}{style}>{explained(worded(column.title))}</{cell}>"


def _row(looks: Sequence[str], row: Sequence[Content], selected: bool) -> str:
    first, *rest = row
    cells = "".join(
        f"<td{look}>{content_html(content)}</td>" for look, content in zip(looks[1:], rest, strict=True)
    )
    mark = ' class="selected" aria-current="true"' if selected else ""
    head = explained(first) if isinstance(first, str) else content_html(first)
    return f"<tr{mark}><th scope=row{looks[0]}>{head}</th>{cells}</tr>"


def content_html(content: Content) -> str:
    """One cell's content as HTML."""
    if isinstance(content, str):
        return escape(content)
    if isinstance(content, Bar):
        return _bar_html(content)
    text = escape(content.text)
    if content.strong:
        text = f"<b>{text}</b>"
    if content.difference:
        text += f' <span class="sop-{content.effect}">{escape(content.difference)}</span>'
    elif content.effect != "neutral":
        text = f'<span class="sop-{content.effect}">{text}</span>'
    return text + (f"<small>{escape(content.note)}</small>" if content.note else "")


def _bar_html(bar: Bar) -> str:
    share = max(0.0, min(1.0, bar.value / bar.largest)) if bar.largest > 0 else 0.0
    return f'<span class="sop-bar" style="--share:{share:.3f}"></span><b>{escape(bar.text)}</b>'


# -- decisions


@dataclass(frozen=True)
class DecisionRow:
    """One decision as text: money signed in the page's unit, the month by which it must fall, and its odds.

    `ebit` of twelve months, `lasting` to the horizon, `waiting` what of it a month's delay loses; `note`: terms.
    """

    number: int
    title: str
    recommendation: str
    ebit: str
    lasting: str
    cash_low: str
    waiting: str
    last_month: str
    pays_off: str
    owner: str
    note: str = ""


DECISION_COLUMNS = (
    "#",
    "Decision",
    "Recommendation",
    "EBIT, {near}",
    "EBIT, to the horizon",
    "Lowest cash",
    "A month later",
    "Decide by",
    "Pays off",
    "Owner",
)


_MONEY_CELLS = (3, 4, 5, 6)


def _titles(near: str) -> list[str]:
    return [worded(title).format(near=near) for title in DECISION_COLUMNS]


def decisions_head(money_unit: str, near: str) -> str:
    """The header over decision rows, `money_unit` such as 'M€'; put it into a column as wide as the rows'.

    `near`: the span of the headlines in words.

    Rows are meant for `st.columns([7, 1], vertical_alignment="center")` inside a container with gap="xsmall".
    """
    titles = [
        f"{title}, {money_unit}" if place in _MONEY_CELLS else title for place, title in enumerate(_titles(near))
    ]
    cells = "".join(f"<span{_decision_class(place)}>{escape(title)}</span>" for place, title in enumerate(titles))
    return f'<div class="sop-decision head" aria-hidden="true">{cells}</div>'


def decision_row(decision: DecisionRow, near: str) -> str:
    """One decision as a grid row that lines up with `decisions_head`; each cell carries its label for a reader."""
    contents = (
        str(decision.number),
        f"<b>{escape(decision.title)}</b>{_note(decision.note)}",
        escape(decision.recommendation),
        difference(decision.ebit, effect(decision.ebit, True)),
        difference(decision.lasting, effect(decision.lasting, True)),
        difference(decision.cash_low, effect(decision.cash_low, True)),
        difference(decision.waiting, effect(decision.waiting, True)),
        f"<b>{escape(decision.last_month)}</b>",
        escape(decision.pays_off),
        escape(decision.owner),
    )
    cells = "".join(
        f"<span{_decision_class(place)}><span class=sop-hidden>{title}: </span>{content}</span>"
        for place, (title, content) in enumerate(zip(_titles(near), contents, strict=True))
    )
    return f'<div class="sop-decision">{cells}</div>'


def _note(text: str) -> str:
    return f"<small>{escape(text)}</small>" if text else ""


def _decision_class(place: int) -> str:
    return " class=n" if place in (*_MONEY_CELLS, 8) else ""
