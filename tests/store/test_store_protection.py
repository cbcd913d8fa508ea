"""Triggers are looked at when a database is opened; what may change is held against the audit chain."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import create_engine, text

from sop.store import Store, cycles, open_store, scenarios, settings
from sop.store.audit import PROTECTION_RESTORED, read_audit, verify_chain
from sop.store.migrate import unprotected_tables


def outside(url: str, *statements: str) -> None:
    """What somebody does with another program."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


ATTACKS = {
    "sqlite": {
        "dropped": ("DROP TRIGGER audit_refuse_delete",),
        "emptied": (
            "DROP TRIGGER audit_refuse_update",
            "CREATE TRIGGER audit_refuse_update BEFORE UPDATE ON audit BEGIN SELECT 1; END",
        ),
    },
    "postgresql": {
        "dropped": ("DROP TRIGGER audit_refuse_change ON audit",),
        "disabled": ("ALTER TABLE audit DISABLE TRIGGER audit_refuse_change",),
        "emptied": (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NULL; END $$",
        ),
    },
}


@pytest.mark.parametrize("how", ["dropped", "disabled", "emptied"])
def test_missing_triggers_are_restored_at_opening_with_an_entry(
    company: Store, database_url: str, how: str
) -> None:
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    if how not in ATTACKS[kind]:
        pytest.skip("SQLite has no switch for a trigger")
    company.close()
    outside(database_url, *ATTACKS[kind][how])
    opened = open_store(url=database_url)
    with opened.read() as tx:
        (entry, *_) = read_audit(tx)
        assert entry.action == PROTECTION_RESTORED and "audit" in entry.detail["tables"]
        assert unprotected_tables(tx.session.connection()) == ()
        found = verify_chain(tx)
    assert found.is_intact
    assert any("was missing and was restored" in each for each in found.warnings)
    opened.close()
    opened = open_store(url=database_url)
    with opened.read() as tx:
        assert len(read_audit(tx, 100, PROTECTION_RESTORED)) == 1
    with suppress(Exception):
        outside(database_url, "DELETE FROM audit")
    with opened.read() as tx:
        assert verify_chain(tx).entries == found.entries
    opened.close()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE people SET role = 'executive' WHERE id = 'olga'", "person olga was altered"),
        (
            "INSERT INTO people (id, name, role, active) VALUES ('eva', 'Eva', 'executive', true)",
            "person eva was added",
        ),
        ("DELETE FROM people WHERE id = 'petr'", "person petr was removed"),
        ("UPDATE settings SET value = '36' WHERE key = 'horizon'", "setting horizon was altered"),
        ("UPDATE cycles SET closed_at = 'x' WHERE first_open = '2026-12'", "cycle 2026-12 was altered"),
        ("UPDATE cycles SET horizon = 3", "cycle 2026-12 was altered"),
        ("UPDATE scenarios SET name = 'Other'", "scenario 1 was altered"),
        ("UPDATE assumption_values SET value = '0.9'", "assumption demand_pct Brno of scenario 1 is not what"),
        ("DELETE FROM assumption_values", "assumption demand_pct Brno of scenario 1 is not what"),
    ],
)
def test_what_changes_is_held_against_the_last_entry_about_it(company, database_url, statement, problem) -> None:
    with company.write(by="olga", role="head_of_sales") as tx:
        settings.save_setting(tx, "horizon", 24)
        scenarios.save_assumption(tx, 1, "demand_pct", 0.1, scope="Brno", expected_version=0)
    with company.read() as tx:
        assert verify_chain(tx).is_intact
    outside(database_url, statement)
    with company.read() as tx:
        assert any(each.startswith(problem) for each in verify_chain(tx).problems)


def test_what_is_copied_closed_and_carried_on_agrees_with_the_chain(company: Store) -> None:
    with company.write(by="olga", role="head_of_sales") as tx:
        scenarios.save_assumption(tx, 1, "demand_pct", 0.1, expected_version=0, expiry="2026-12")
        scenarios.save_assumption(tx, 1, "price_pct", 0.2, expected_version=0)
        kept = scenarios.add_scenario(tx, "2026-12", "Boom", "saved", copy_of=1, expiry="2027-06")
        draft = scenarios.add_scenario(tx, "2026-12", "Mine", "draft", copy_of=kept.id)
        entry = scenarios.save_assumption(tx, draft.id, "price_pct", 0.3, expected_version=1)
        assert entry.value == 0.3
        scenarios.save_scenario(tx, draft.id, 2, name="Ours", description="", kind="saved")
        cycles.close_cycle(tx, "2026-12")
        cycles.add_cycle(tx, "2027-01", 24)
        scenarios.carry_scenarios(tx, "2026-12", "2027-01")
    with company.read() as tx:
        assert verify_chain(tx).problems == ()
