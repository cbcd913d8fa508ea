"""Words that the glossary sets aside stand in no text that people read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
SET_ASIDE = ("slushy", "liquid", "backlog", "OTD", "headcount", "outsourcing", "value at risk", "mape")
"""Words of the glossary's last column that mean nothing else here."""
NEVER = ("OTIF", r"(?:hold|held) against", r"stands? beside", r"missing to")
"""What else nobody has to read: short forms, and turns that are not English."""
READ_BY_PROGRAMS = ("intake/field_headers.py", "core/sheet_rows.py", "finance/account_words.py")
"""Headers and accounts as other systems call them."""


def texts_of(source: str) -> Iterator[tuple[int, str]]:
    """Texts of a module but docstrings and names: line and text."""
    tree = ast.parse(source)
    plain = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in plain:
            continue
        if not re.fullmatch(r"[a-z0-9_.:-]+", node.value):
            yield node.lineno, node.value


@pytest.mark.parametrize("word", SET_ASIDE)
def test_the_glossary_sets_the_word_aside(word: str) -> None:
    last = [line.rstrip(" |").rpartition("|")[2] for line in GLOSSARY.splitlines() if line.startswith("| **")]
    assert any(re.search(rf"\b{word}\b", cell) for cell in last)


def test_no_text_uses_a_word_that_is_set_aside() -> None:
    wanted = re.compile("|".join((*(rf"\b{word}\b" for word in SET_ASIDE), *NEVER)), re.IGNORECASE)
    files = [*(ROOT / "sop").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "screens.py"]
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for file in sorted(files)
        if not file.as_posix().endswith(READ_BY_PROGRAMS)
        for line, text in texts_of(file.read_text("utf-8"))
        if wanted.search(text)
    ]
    assert found == []
