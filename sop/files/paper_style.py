"""How the board pack looks on paper: its colours, its lines, and texts that must fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from sop.core.format import Effect
from sop.core.paper import BoardPack, Role
from sop.core.present import CellText
from sop.core.spreadsheet import UNPRINTABLE
from sop.core.words import short_digest

COLOURS: Mapping[str, str] = {
    "bg": "#FFFFFF", "soft": "#F4F6F8", "line": "#DCE1E7", "ink": "#1C2530", "mute": "#5A6672", "ac": "#35414E",
    "plan": "#A5ADB6", "acc": "#1F5A96", "good": "#1B7A48", "bad": "#B3261E",
}  # fmt: skip
"""The light tokens of the screens; paper is always light. `plan` is actual at 45%: a plan is never louder."""
EFFECTS: Mapping[Effect, str] = {"good": "good", "bad": "bad", "neutral": "ac"}
LINE_LOOK: Mapping[Role, tuple[str, float, str]] = {
    "actual": ("ac", 2.25, ""),
    "plan": ("ac", 2.0, "dashed"),
    "agreed": ("acc", 1.25, ""),
    "budget": ("mute", 1.25, "dotted"),
    "limit": ("bad", 1.25, "dotted"),
    "band": ("acc", 0.75, ""),
}
"""Colour, points and dash of a line by its role."""
_FEWEST, _MOST = 5, 34


def shortened(text: str, most: int) -> str:
    """A text of people on one line of at most so many characters, without what no page can show.

    >>> shortened("a long name", 7)
    'a long…'
    """
    plain = UNPRINTABLE.sub("\ufffd", " ".join(text.split()))
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def footer_text(pack: BoardPack) -> str:
    """Whose plan it is, of which cycle, and where it stands."""
    fictional = " (fictional company)" if pack.fictional else ""
    return shortened(
        f"{shortened(pack.company, 60)}{fictional} · cycle {pack.cycle} · {pack.plan} · {pack.state}", 150
    )


def digest_text(pack: BoardPack) -> str:
    """The beginning of the digest that the page shows; the sign-off has it in full."""
    return f"digest {short_digest(pack.digest)}…"


def column_shares(headers: Sequence[str], rows: Sequence[Sequence[CellText]]) -> list[float]:
    """The share of a table's width that each column takes, by what its cells hold."""

    def need(at: int) -> float:
        words = max((len(word) for word in headers[at].split()), default=0)
        cells = [len(row[at].text) + len(row[at].beside) + 0.75 * len(row[at].note) for row in rows]
        typical = sorted(cells)[ceil(0.9 * (len(cells) - 1))] if cells else 0
        return max(1.25 * words + 1, min(typical + 1, _MOST), _FEWEST)

    needs = [need(at) for at in range(len(headers))]
    return [each / sum(needs) for each in needs]
