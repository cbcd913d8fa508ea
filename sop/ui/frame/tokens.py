"""The look's vocabulary: one table of colours, light and dark, and the type family.

Charts read it as concrete colours for one theme (`palette`); the page's CSS reads both columns at once.
Red and green stand only for a business effect; magnitudes are `ac`; the one accent is `acc`.
"""

from dataclasses import dataclass, fields
from typing import Literal

Theme = Literal["light", "dark"]
FONT = '"Source Sans", "Source Sans Pro", sans-serif'


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as #RRGGBB."""

    bg: str
    """Page, cards, chart ground."""
    soft: str
    """Inputs, past columns, block rows, selected row."""
    line: str
    """Hairlines and grid: decoration only."""
    ink: str
    """Text and values."""
    mute: str
    """Labels, units, axes, budget."""
    ac: str
    """Actual, and magnitudes without a business effect."""
    py: str
    """Previous year: always with a label or an outline in mute."""
    acc: str
    """The one accent: buttons, links, agreed plan, today, fan."""
    good: str
    """Favourable variance."""
    bad: str
    """Unfavourable variance, limits."""


LIGHT = Palette(
    bg="#FFFFFF",
    soft="#F4F6F8",
    line="#DCE1E7",
    ink="#1C2530",
    mute="#5A6672",
    ac="#35414E",
    py="#AEB8C3",
    acc="#1F5A96",
    good="#1B7A48",
    bad="#B3261E",
)
DARK = Palette(
    bg="#12171E",
    soft="#1B222B",
    line="#313B47",
    ink="#E4E9EF",
    mute="#9CA8B5",
    ac="#CBD3DC",
    py="#5F6C7A",
    acc="#8AB8EA",
    good="#62C793",
    bad="#FF8F85",
)
SHADES = ("py", "acc", "ac", "mute", "line")
"""The tokens of a stack of terms, from the bottom up: neighbours differ, none is red or green."""
TOKEN_NAMES = tuple(field.name for field in fields(Palette))


def palette(theme: Theme) -> Palette:
    """The colours of one theme."""
    return DARK if theme == "dark" else LIGHT
