"""The worked examples in the docstrings run and print what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["launch_volumes"])
def test_the_examples_in_the_docstrings_hold(module: str) -> None:
    results = doctest.testmod(importlib.import_module(f"sop.portfolio.{module}"))
    assert results.attempted > 0
    assert results.failed == 0
