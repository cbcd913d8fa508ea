"""What a name looks like, whatever characters it is made of."""

from __future__ import annotations

import re
import unicodedata

_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеіјорсухѕҮүΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναι‐‑‒–—−",
    "ABESIJKMHOPCTYXaeijopcyxsYyABEZHIKMNOPTYXovai------",
)
_SPACES = re.compile(r"\s+")


def skeleton(text: str) -> str:
    """What a text looks like: Cyrillic and Greek twins as Latin, compatibility forms and dashes unified."""
    plain = unicodedata.normalize("NFKC", text).translate(_TWINS)
    return _SPACES.sub(" ", re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", plain)).strip()
