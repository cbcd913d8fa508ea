"""Text as the database keeps it: NFC, one canonical JSON.

Both databases hold JSON as this text, so the same value has the same bytes and the same hash on either.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from sop.core.errors import BadInput


def clean_text(text: str) -> str:
    """Text in NFC. Raises BadInput on what a database cannot keep: a NUL character or half a surrogate pair."""
    if text.isascii() and "\x00" not in text:
        return text
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadInput(
            f"{text[:40]!r} holds a character that is not text",
            remedy="Type the text again instead of pasting it",
        )
    return unicodedata.normalize("NFC", text)


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces and NFC text. Raises BadInput on NaN and infinity.

    >>> canonical_json({"b": 1.5, "a": None})
    '{"a":null,"b":1.5}'
    """
    try:
        return json.dumps(
            _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
    except ValueError as error:
        raise BadInput("a value that is not a finite number", remedy="Give a number or leave it out") from error


def _plain(value: Any) -> Any:
    """Containers, text and numbers as plain JSON types; numpy scalars become Python numbers."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value
