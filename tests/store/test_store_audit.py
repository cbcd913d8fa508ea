"""The audit chain and what it finds."""

import hashlib

import pandas as pd
import pytest
from sqlalchemy import text

from sop.store import Store, data
from sop.store.audit import GENESIS, audit, chain_head, read_audit, verify_chain
from sop.store.transaction import Transaction


def problems_after(store: Store, table: str, statement: str) -> tuple[str, ...]:
    """What the check says after somebody took the triggers off and changed a row."""
    with store.write() as tx:
        take_triggers_off(tx, table)
        tx.session.execute(text(statement))
    with store.read() as tx:
        return verify_chain(tx).problems


def take_triggers_off(tx: Transaction, table: str) -> None:
    if tx.session.get_bind().dialect.name == "postgresql":
        tx.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    for verb in ("update", "delete", "replace"):
        tx.session.execute(text(f"DROP TRIGGER {table}_refuse_{verb}"))


def test_an_empty_chain_is_intact_and_its_head_is_zeros(store: Store) -> None:
    with store.read() as tx:
        check = verify_chain(tx)
        assert (check.entries, check.head, check.is_intact) == (0, GENESIS, True)
        assert chain_head(tx) == GENESIS


def test_each_entry_carries_the_hash_of_the_one_before(store: Store) -> None:
    with store.write(by="eva", role="administrator") as tx:
        audit(tx, "signed_in", {"method": "local"})
        audit(tx, "signed_out")
    with store.read() as tx:
        second, first = read_audit(tx)
        assert (first.seq, first.previous_hash) == (1, GENESIS)
        assert (second.seq, second.previous_hash) == (2, first.hash)
        assert chain_head(tx) == verify_chain(tx).head == second.hash
    assert (first.who, first.role, first.action, first.detail) == (
        "eva",
        "administrator",
        "signed_in",
        {"method": "local"},
    )


def test_the_hash_of_an_entry_can_be_computed_by_anyone(store: Store) -> None:
    with store.write(by="eva", role="administrator") as tx:
        entry = audit(tx, "signed_in", {"method": "local"})
    payload = (
        f'{{"action":"signed_in","at":"{entry.at}","detail":{{"method":"local"}},'
        f'"previous_hash":"{GENESIS}","role":"administrator","seq":1,"who":"eva"}}'
    )
    assert entry.hash == hashlib.sha256(payload.encode()).hexdigest()


def test_a_company_that_worked_normally_has_an_intact_chain(company: Store) -> None:
    with company.read() as tx:
        assert verify_chain(tx).is_intact


def test_the_newest_entries_come_first_and_can_be_limited(store: Store) -> None:
    with store.write() as tx:
        for place in range(5):
            audit(tx, "counted", {"place": place})
    with store.read() as tx:
        assert [entry.detail["place"] for entry in read_audit(tx, limit=2)] == [4, 3]


def test_an_entry_of_an_aborted_transaction_leaves_no_gap(store: Store) -> None:
    with pytest.raises(KeyError), store.write() as tx:
        audit(tx, "never happened")
        raise KeyError
    with store.write() as tx:
        audit(tx, "happened")
    with store.read() as tx:
        assert [entry.action for entry in read_audit(tx)] == ["happened"]
        assert verify_chain(tx).is_intact


def test_an_altered_entry_is_found(company: Store) -> None:
    problems = problems_after(company, "audit", "UPDATE audit SET who = 'petr' WHERE seq = 2")
    assert problems == ("audit entry 2 was altered",)


def test_a_removed_entry_is_found(company: Store) -> None:
    problems = problems_after(company, "audit", "DELETE FROM audit WHERE seq = 2")
    assert "audit entry 3 does not follow the one before it" in problems


def test_a_rewritten_chain_has_another_head(company: Store) -> None:
    with company.read() as tx:
        printed_on_the_snapshot = chain_head(tx)
        last = len(read_audit(tx))
    problems_after(company, "audit", f"DELETE FROM audit WHERE seq = {last}")
    with company.read() as tx:
        assert verify_chain(tx).head != printed_on_the_snapshot


@pytest.mark.parametrize(
    ("table", "statement", "problem"),
    [
        ("plans", "UPDATE plans SET digest = 'x'", "plans 1 was altered"),
        ("plans", "UPDATE plans SET content = substr(content, 2)", "plans 1 was altered"),
        ("plan_events", "UPDATE plan_events SET state = 'agreed'", "plan_events 1 was altered"),
        ("plan_events", "DELETE FROM plan_events", "plan_events 1 was removed"),
        (
            "plan_events",
            "INSERT INTO plan_events (id, plan_id, state, by_, at, reason) VALUES (9, 1, 'agreed', 'x', 'x', '')",
            "plan_events 9 was added without an audit entry",
        ),
        (
            "audit",
            "UPDATE audit SET detail = 'not JSON' WHERE seq = 2",
            "audit holds an entry that cannot be read",
        ),
    ],
)
def test_a_row_changed_behind_the_programs_back_is_found(
    company: Store, table: str, statement: str, problem: str
) -> None:
    assert problems_after(company, table, statement.replace("by_", '"by"')) == (problem,)


def test_a_stored_table_with_broken_findings_is_found(store: Store) -> None:
    with store.write() as tx:
        plants = pd.DataFrame({"plant": ["Brno"]})
        data.add_table(tx, "plants", plants, file_name="plants.csv", file_sha256="p")
    problems = problems_after(store, "table_versions", "UPDATE table_versions SET findings = '['")
    assert problems == ("table_versions holds a row that cannot be read",)
