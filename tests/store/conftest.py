"""A small company for the store's tests: one cycle, its working scenario, one proposed plan, two people."""

from __future__ import annotations

import hashlib

import pytest

from sop.store import Store, cycles, plans, scenarios, settings

CONTENT = b'{"lines":[["sales","Front box","2026-12",120]]}'


@pytest.fixture
def content() -> bytes:
    """The canonical content of the proposed plan."""
    return CONTENT


@pytest.fixture
def company(store: Store) -> Store:
    """The store with cycle 2026-12, working scenario 1, plan 1 (revision 1, proposed), Olga and Petr."""
    with store.write(by="jana", role="coordinator") as tx:
        settings.save_person(tx, "olga", "Olga Nová", "head_of_sales")
        settings.save_person(tx, "petr", "Petr Malý", "head_of_operations")
        cycles.add_cycle(tx, "2026-12", 24)
        scenario = scenarios.add_scenario(tx, "2026-12", "Working plan", "working")
        plan = plans.add_plan(
            tx,
            "2026-12",
            CONTENT,
            hashlib.sha256(CONTENT).hexdigest(),
            label="December",
            software_version="0.1.0",
            scenario_id=scenario.id,
        )
        plans.add_plan_event(tx, plan.id, "proposed")
    return store
