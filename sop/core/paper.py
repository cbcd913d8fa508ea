"""A board pack before it is a file: the slides as plain records, drawn alike as PowerPoint and as PDF.

Figures in charts are in the unit shown (M€, days, %), exactly as the screens draw them; tables are those of the
screens and become text by the same formatter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sop.core.format import Effect, MoneyFormat
from sop.core.present import PlanTable, texts
from sop.core.words import all_of

Role = Literal["actual", "plan", "agreed", "budget", "limit", "band"]
Series = tuple[float | None, ...]


@dataclass(frozen=True)
class PaperCard:
    """A headline measure: its figure, its unit, signed differences (text, against what, effect), and a note."""

    label: str
    value: str
    unit: str
    changes: tuple[tuple[str, str, Effect], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class PaperLine:
    """A row of figures along a chart's categories; None where a figure is not known."""

    name: str
    role: Role
    values: Series


@dataclass(frozen=True)
class PaperChart:
    """Figures over categories: columns of a flow, lines of a stock, or a fan of a range.

    `alt` says what it shows in words; `unit` is that of its figures and `decimals` how exactly they are told.
    """

    form: Literal["columns", "lines", "fan"]
    title: str
    unit: str
    categories: tuple[str, ...]
    lines: tuple[PaperLine, ...]
    decimals: int
    alt: str

    @property
    def known(self) -> bool:
        """Whether any figure of it is known."""
        return any(value is not None for line in self.lines for value in line.values)

    def drawn(self, line: PaperLine) -> Series:
        """A line's figures as they are drawn: among lines a plan goes on from the last actual."""
        if self.form != "lines" or line.role != "plan":
            return line.values
        actual = next((each.values for each in self.lines if each.role == "actual"), ())
        first = next((at for at, value in enumerate(line.values) if value is not None), 0)
        last = max((at for at, value in enumerate(actual) if value is not None), default=-1)
        if last < 0 or last != first - 1:
            return line.values
        return (*line.values[:last], actual[last], *line.values[first:])


@dataclass(frozen=True)
class PaperStep:
    """A bar of a bridge from one difference to another, named and labelled, with its effect on the business.

    `reference`: what the bridge is held against and does not lead to, such as the budget.
    """

    name: str
    low: float
    high: float
    text: str
    effect: Effect
    reference: bool = False


@dataclass(frozen=True)
class PaperBridge:
    """Differences to a start as floating bars on one true scale; `unit` is that of the figures."""

    title: str
    unit: str
    steps: tuple[PaperStep, ...]
    alt: str


@dataclass(frozen=True)
class Slide:
    """One slide: its `name` in the pack, the sentence that it makes, and what bears it out.

    `notes` are sentences under the figures, such as how to read them or what is not known.
    """

    key: str
    name: str
    message: str
    cards: tuple[PaperCard, ...] = ()
    chart: PaperChart | PaperBridge | None = None
    tables: tuple[PlanTable, ...] = ()
    notes: tuple[str, ...] = ()


def folded(slides: Sequence[Slide]) -> tuple[Slide, ...]:
    """The slides as they are drawn: those with a sentence and nothing else share one, where the first stood."""
    bare = [slide for slide in slides if not (slide.cards or slide.chart or slide.tables or slide.notes)]
    if len(bare) < 2:
        return tuple(slides)
    table = PlanTable("Why", texts("Plan", "What is missing"), tuple((each.name, each.message) for each in bare))
    message = f"Not available: {all_of([each.name.lower() for each in bare])}."
    one = Slide("not-available", "Not available", message, tables=(table,))
    return tuple(one if slide is bare[0] else slide for slide in slides if slide not in bare[1:])


@dataclass(frozen=True)
class BoardPack:
    """A plan for the board: whose it is, which plan with which digest, where it stands, and its slides in order.

    `digest`: SHA-256 of the content that is shown. `state`: 'in force: 6 of 6 signatures', 'working plan'.
    """

    company: str
    fictional: bool
    cycle: str
    plan: str
    state: str
    digest: str
    money: MoneyFormat
    slides: tuple[Slide, ...]

    def slide(self, key: str) -> Slide:
        """The slide of a key."""
        return next(slide for slide in self.slides if slide.key == key)
