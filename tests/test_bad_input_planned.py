"""Figures at the bounds of the contract: of what a check accepts a plan is made, with figures that are finite."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from sop.core.errors import SopError
from sop.core.tables import TABLES, Column, Table
from sop.files.readers import read_file
from sop.intake.check import check_table
from tests import integrated

COMPANY = integrated.tables()


def _columns() -> list:
    return [
        pytest.param(spec, column, id=f"{spec.name}.{column.name}")
        for spec in TABLES
        if spec.name in COMPANY
        for column in spec.columns
        if column.kind == "number"
    ]


@pytest.mark.parametrize(("spec", "column"), _columns())
def test_a_plan_is_made_of_the_least_and_the_most_that_a_column_may_hold(spec: Table, column: Column) -> None:
    for figure in (column.low, column.high):
        odd = COMPANY[spec.name].assign(**{column.name: figure})
        text = odd[[name for name in spec.column_names if name in odd]].to_csv(index=False)
        others = {name: frame for name, frame in COMPANY.items() if name != spec.name}
        answers = {"negative_sales": "returns"}
        raw = read_file(text.encode(), "odd.csv")
        checked = check_table(spec, raw, first_open=integrated.FIRST_OPEN, tables=others, answers=answers)
        if not checked.ok:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            try:
                plan = integrated.plan_of(integrated.company(**{spec.name: checked.frame}))
            except SopError as refused:
                assert refused.what and refused.remedy
                continue
        assert all(value is None or np.isfinite(value) for value in plan.headline.values())
