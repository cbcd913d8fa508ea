"""A tiny company for the rules: three products, cycle 2026-04, and a function that checks a CSV text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

from sop.core.findings import Finding
from sop.core.tables import table
from sop.files.readers import read_file
from sop.intake.check import Checked, check_table

Check = Callable[..., Checked]

PRODUCTS = pd.DataFrame(
    {"product": ["00123", "1E5", "MAR-1"], "name": ["Box", "Bag", "Bell"], "family": ["Boxes", "Boxes", "Bells"]}
)


@pytest.fixture
def check() -> Check:
    """check(table, csv, **options of check_table); products are stored, the first open month is 2026-04."""

    def run(name: str, text: str, *, tables: Mapping[str, pd.DataFrame] | None = None, **options: Any) -> Checked:
        raw = read_file(text.encode(), f"{name}.csv")
        stored = {**({} if name == "products" else {"products": PRODUCTS}), **(tables or {})}
        return check_table(table(name), raw, tables=stored, **{"first_open": "2026-04", **options})

    return run


@pytest.fixture
def found() -> Callable[[Checked], list[tuple[str, str, int | None, str]]]:
    """Findings worse than a note, as (level, rule, line, column).

    Without `behind`: these short texts rarely reach the last closed month, which has a test of its own.
    """

    def listed(checked: Checked) -> list[tuple[str, str, int | None, str]]:
        worse: list[Finding] = [
            finding for finding in checked.all_findings if finding.level != "note" and finding.rule != "behind"
        ]
        return [(finding.level, finding.rule, finding.line, finding.column) for finding in worse]

    return listed
