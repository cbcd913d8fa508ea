"""The worked examples in docstrings run and print what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WITH_EXAMPLES = tuple(
    ".".join(file.relative_to(ROOT).with_suffix("").parts)
    for file in sorted((ROOT / "sop").rglob("*.py"))
    if ">>> " in file.read_text("utf-8")
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_every_example_prints_what_it_says(module: str) -> None:
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted and not found.failed
