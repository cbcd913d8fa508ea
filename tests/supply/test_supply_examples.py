"""The worked examples in the docstrings run and print what they say."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["lp.problem", "before.safety_formulas", "before.demand", "after.inventory"])
def test_the_examples_in_the_docstrings_hold(module):
    results = doctest.testmod(importlib.import_module(f"sop.supply.{module}"))
    assert results.attempted > 0
    assert results.failed == 0
