"""The demo company once for all tests of this folder; nobody changes it."""

from __future__ import annotations

import pandas as pd
import pytest

from data.demo.generator.demo_company import DemoCompany, demo_company

FIRST_OPEN = "2026-11"


@pytest.fixture(scope="session")
def company() -> DemoCompany:
    """The demo company whose first open month is FIRST_OPEN."""
    return demo_company(FIRST_OPEN)


@pytest.fixture(scope="session")
def tables(company: DemoCompany) -> dict[str, pd.DataFrame]:
    """Its tables as known at FIRST_OPEN."""
    return company.tables_known_at(FIRST_OPEN)


@pytest.fixture(scope="session")
def earlier(company: DemoCompany) -> dict[str, pd.DataFrame]:
    """Its tables as known five months before."""
    return company.tables_known_at("2026-06")
