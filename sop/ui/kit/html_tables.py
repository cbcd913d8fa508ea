"""Tables as semantic HTML for `st.html`: the short table, the family sheet, and the rows of decisions.

Everything a user typed is escaped and shown literally. Numbers and their headers stand right; units stand in the
headers; only hairlines part the rows. Long lists belong in `st.dataframe` instead.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from sop.ui.kit.cards import difference
from sop.ui.kit.format import Effect, Number, effect, number, signed


@dataclass(frozen=True)
class HtmlColumn:
    """One column: its header with the unit, whether it holds figures, and a fixed width such as '8rem' if any."""

    title: str
    numeric: bool = False
    width: str = ""


@dataclass(frozen=True)
class Cell:
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


Content = str | Cell | Bar


def html_table(
    columns: Sequence[HtmlColumn], rows: Sequence[Sequence[Content]], *, caption: str, selected: int | None = None
) -> str:
    """A short table; the first column heads its row, `caption` names the table for a screen reader.

    Raises ValueError where a row does not have one cell per column.
    """
    for row in rows:
        _require_length("row", row, len(columns))
    head = "".join(_header(column) for column in columns)
    body = "".join(_row(columns, row, place == selected) for place, row in enumerate(rows))
    return (
        f'<div class="sop-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="sop-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _require_length(what: str, values: Sequence[object], length: int) -> None:
    if len(values) != length:
        raise ValueError(f"{what} has {len(values)} values for {length} columns")


def _header(column: HtmlColumn) -> str:
    style = f' style="width:{escape(column.width)}"' if column.width else ""
    return f"<th scope=col{_numeric(column)}{style}>{escape(column.title)}</th>"


def _numeric(column: HtmlColumn) -> str:
    return " class=n" if column.numeric else ""


def _row(columns: Sequence[HtmlColumn], row: Sequence[Content], selected: bool) -> str:
    first, *rest = row
    cells = "".join(
        f"<td{_numeric(column)}>{content_html(content)}</td>"
        for column, content in zip(columns[1:], rest, strict=True)
    )
    mark = ' class="selected" aria-current="true"' if selected else ""
    return f"<tr{mark}><th scope=row{_numeric(columns[0])}>{content_html(first)}</th>{cells}</tr>"


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
    """One decision as text: money signed in M€ with 2 decimals, the month by which it must fall, and its odds."""

    number: int
    title: str
    recommendation: str
    ebit: str
    revenue: str
    waiting: str
    last_month: str
    pays_off: str
    owner: str


DECISION_COLUMNS = (
    "#",
    "Decision",
    "Recommendation",
    "EBIT",
    "Revenue",
    "Waiting a month",
    "Last responsible month",
    "Pays off",
    "Owner",
)


def decisions_head(money_unit: str) -> str:
    """The header over decision rows, `money_unit` such as 'M€'; put it into a column as wide as the rows'.

    Rows are meant for `st.columns([10, 1], vertical_alignment="center")` inside a container with gap="xsmall".
    """
    titles = [f"{title}, {money_unit}" if title in ("EBIT", "Revenue") else title for title in DECISION_COLUMNS]
    cells = "".join(f"<span{_decision_class(place)}>{escape(title)}</span>" for place, title in enumerate(titles))
    return f'<div class="sop-decision head" aria-hidden="true">{cells}</div>'


def decision_row(decision: DecisionRow) -> str:
    """One decision as a grid row that lines up with `decisions_head`; each cell carries its label for a reader."""
    contents = (
        str(decision.number),
        f"<b>{escape(decision.title)}</b>",
        escape(decision.recommendation),
        difference(decision.ebit, effect(decision.ebit, True)),
        escape(decision.revenue),
        difference(decision.waiting, effect(decision.waiting, True)),
        f"<b>{escape(decision.last_month)}</b>",
        escape(decision.pays_off),
        escape(decision.owner),
    )
    cells = "".join(
        f"<span{_decision_class(place)}><span class=sop-hidden>{title}: </span>{content}</span>"
        for place, (title, content) in enumerate(zip(DECISION_COLUMNS, contents, strict=True))
    )
    return f'<div class="sop-decision">{cells}</div>'


def _decision_class(place: int) -> str:
    return " class=n" if place in (3, 4, 5, 7) else ""


# -- the family sheet


@dataclass(frozen=True)
class SheetRow:
    """One row of a family sheet: a figure (or text) per month, quarter and total column, None where there is none.

    `form` writes a figure as text. A 'difference' row is signed and coloured by effect; a 'strong' row is the plan
    itself. `more_is_good` is False for inventory and lead time, None where neither direction is good.
    """

    name: str
    months: Sequence[Number | str]
    quarters: Sequence[Number | str] = ()
    totals: Sequence[Number | str] = ()
    style: Literal["plain", "strong", "difference"] = "plain"
    more_is_good: bool | None = True
    form: Callable[[Number], str] | None = None


@dataclass(frozen=True)
class SheetBlock:
    """Rows under one heading, such as Production."""

    title: str
    rows: Sequence[SheetRow]


@dataclass(frozen=True)
class SheetColumns:
    """The columns of a family sheet.

    `months` are labels such as 'Dec 26'; `first_open` is the place of the first month that is still planned;
    `quarters` follow the months; `totals` are (span, titles) groups such as
    ('Dec 26 – Nov 27', ['total', 'budget', 'diff.']), where a title that
    begins with 'diff' holds a signed difference.
    """

    months: Sequence[str]
    first_open: int
    quarters: Sequence[str] = ()
    totals: Sequence[tuple[str, Sequence[str]]] = ()

    def kinds(self) -> list[str]:
        """One CSS class list per column: past, now, quarter, group start, diff."""
        kinds = ["past"] * self.first_open + ["" for _ in self.months[self.first_open :]]
        if self.first_open < len(kinds):
            kinds[self.first_open] = "now"
        kinds += ["q"] * len(self.quarters)
        for _, titles in self.totals:
            kinds += [_total_kind(place, title) for place, title in enumerate(titles)]
        return kinds

    def titles(self) -> list[str]:
        """One header per column, the year only where it is new to the eye."""
        past, planned = self.months[: self.first_open], self.months[self.first_open :]
        titles = [*_short(past), *_short(planned), *self.quarters]
        return titles + [title for _, group in self.totals for title in group]

    def groups(self) -> list[tuple[str, int, str]]:
        """The upper header: (title, columns, CSS class)."""
        planned = len(self.months) - self.first_open
        groups = [("actual", self.first_open, "past"), ("plan, monthly", planned, "now")]
        groups.append(("plan, quarters", len(self.quarters), "q"))
        groups += [(span, len(titles), "q") for span, titles in self.totals]
        return [group for group in groups if group[1]]


def _total_kind(place: int, title: str) -> str:
    return ("q" if place == 0 else "") + (" diff" if title.startswith("diff") else "")


def _short(labels: Sequence[str]) -> list[str]:
    """'Dec 26', 'Jan 27', 'Feb 27' → 'Dec 26', 'Jan 27', 'Feb'."""
    years = [label.split(" ")[-1] for label in labels]
    return [
        label if place == 0 or years[place] != years[place - 1] else label.split(" ")[0]
        for place, label in enumerate(labels)
    ]


def family_sheet(columns: SheetColumns, blocks: Sequence[SheetBlock], *, unit: str, label: str) -> str:
    """The family sheet: past and planned months, quarters and totals, in blocks, scrolling in its own frame.

    `unit` heads the row names; `label` names the sheet for a screen reader. Raises ValueError where a row does not
    have one value per month, quarter and total column.
    """
    kinds = columns.kinds()
    upper = "".join(
        f'<th scope=colgroup colspan={count} class="{kind}">{escape(title)}</th>'
        for title, count, kind in columns.groups()
    )
    lower = "".join(
        f'<th scope=col class="n {kind}">{escape(title)}</th>'
        for title, kind in zip(columns.titles(), kinds, strict=True)
    )
    body = "".join(_block(block, kinds) for block in blocks)
    return (
        f'<div class="sop-scroll framed" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="sop-sheet"><thead><tr><td></td>{upper}</tr>'
        f"<tr><th scope=col>{escape(unit)}</th>{lower}</tr></thead>{body}</table></div>"
    )


def _block(block: SheetBlock, kinds: Sequence[str]) -> str:
    heading = f"<tr class=block><th scope=rowgroup>{escape(block.title)}</th><td colspan={len(kinds)}></td></tr>"
    return f"<tbody>{heading}{''.join(_sheet_row(row, kinds) for row in block.rows)}</tbody>"


def _sheet_row(row: SheetRow, kinds: Sequence[str]) -> str:
    values = [*row.months, *row.quarters, *row.totals]
    _require_length(f"sheet row '{row.name}'", values, len(kinds))
    cells = "".join(_sheet_cell(row, value, kind) for value, kind in zip(values, kinds, strict=True))
    strong = " class=strong" if row.style == "strong" else ""
    return f"<tr{strong}><th scope=row>{escape(row.name)}</th>{cells}</tr>"


def _sheet_cell(row: SheetRow, value: Number | str, kind: str) -> str:
    """One figure; missing cells stay blank, because a sheet full of dashes hides its numbers."""
    is_difference = row.style == "difference" or "diff" in kind
    form = row.form or (signed if is_difference else number)
    if value is None:
        text = ""
    else:
        text = value if isinstance(value, str) else form(value)
    colour = f" sop-{effect(text, row.more_is_good)}" if is_difference else ""
    return f'<td class="{kind}{colour}">{escape(text)}</td>'
