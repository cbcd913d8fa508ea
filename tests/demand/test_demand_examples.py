"""The worked examples in the docstrings are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["accuracy", "baseline", "consensus", "override_effect", "reconcile"])
def test_the_examples_in_the_docstrings_hold(module):
    result = doctest.testmod(importlib.import_module(f"sop.demand.{module}"))
    assert result.attempted > 0 and result.failed == 0
