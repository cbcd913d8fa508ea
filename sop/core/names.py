"""What people are called: one form of an id and of a name before anything is compared or kept."""

from __future__ import annotations

import re
import unicodedata

from sop.core.errors import BadInput
from sop.core.lengths import longest

LONGEST_ID, LONGEST_NAME = longest("id"), longest("name")
_ID = re.compile(r"\w[\w.@+'-]*")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode categories of what nobody sees: controls, direction marks, joiners, unassigned."""


def normal_id(text: str) -> str:
    """The one form of an id: NFKC, without blanks around it, in lower case; what is no id stays none.

    >>> normal_id("  Mira.Sol@Example.COM ")
    'mira.sol@example.com'
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).strip().casefold())


def normal_name(text: str) -> str:
    """The one form of a name: NFC, single blanks, none around it.

    >>> normal_name("  Mira   Sol ")
    'Mira Sol'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def same_name(first: str, second: str) -> bool:
    """Whether two names read alike: NFKC and case do not count."""
    return normal_id(normal_name(first)) == normal_id(normal_name(second))


def checked_id(text: str) -> str:
    """The id in its one form. Raises BadInput where it is empty, too long, or has other signs than an id may."""
    found = normal_id(text)
    if not found or len(found) > LONGEST_ID or not _ID.fullmatch(found):
        raise BadInput(
            f"{found[:LONGEST_ID]!r} is no id of a person",
            remedy=f"Write letters, digits and . @ + ' - without blanks, {LONGEST_ID} at most",
        )
    return found


def checked_name(text: str) -> str:
    """The name in its one form. Raises BadInput where it is empty, too long, or holds signs that nobody sees."""
    found = normal_name(text)
    if not found or len(found) > LONGEST_NAME:
        raise BadInput("a person needs a name", remedy=f"Write 1 to {LONGEST_NAME} characters")
    if any(unicodedata.category(character) in _UNSEEN for character in found):
        raise BadInput("the name holds signs that nobody sees", remedy="Type it instead of pasting it")
    return found
