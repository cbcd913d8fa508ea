"""Cycles, scenarios and assumption values."""

import pytest

from sop.core.errors import BadInput, Conflict, NotFound
from sop.core.register import Entry
from sop.store import Store, cycles, scenarios, settings
from sop.store.audit import read_audit


def test_the_latest_cycle_that_is_not_closed_is_current(store: Store) -> None:
    with store.write() as tx:
        assert cycles.read_current_cycle(tx) is None
        cycles.add_cycle(tx, "2026-11", 24)
        cycles.add_cycle(tx, "2026-12", 24)
        cycles.close_cycle(tx, "2026-12")
        current = cycles.read_current_cycle(tx)
    assert current is not None
    assert current.first_open == "2026-11"


def test_a_cycle_is_opened_once_and_closed_once(store: Store) -> None:
    with store.write() as tx:
        cycles.add_cycle(tx, "2026-12", 24)
        with pytest.raises(Conflict, match="open already"):
            cycles.add_cycle(tx, "2026-12", 24)
        assert cycles.close_cycle(tx, "2026-12").closed_at == tx.at
        with pytest.raises(Conflict, match="is closed"):
            cycles.close_cycle(tx, "2026-12")


def test_an_unknown_cycle_is_named(store: Store) -> None:
    with store.write() as tx:
        with pytest.raises(NotFound, match="2027-01"):
            cycles.save_step(tx, "2027-01", "demand")
        with pytest.raises(NotFound, match="2027-01"):
            scenarios.add_scenario(tx, "2027-01", "Working plan", "working")
    with pytest.raises(NotFound, match="2027-01"):
        store.read_version("2027-01")


def test_every_shared_edit_moves_the_version_that_screens_poll(company: Store) -> None:
    seen = [company.read_version("2026-12")]
    with company.write() as tx:
        scenarios.save_assumption(tx, 1, "price_change", 0.02, expected_version=0)
    seen.append(company.read_version("2026-12"))
    with company.write() as tx:
        settings.save_setting(tx, "tolerance", 0.05)
    seen.append(company.read_version("2026-12"))
    with company.write() as tx:
        cycles.save_step(tx, "2026-12", "supply")
    seen.append(company.read_version("2026-12"))
    assert sorted(set(seen)) == seen


def test_a_private_draft_wakes_no_other_screen_and_leaves_no_audit_entry(company: Store) -> None:
    with company.write(by="olga") as tx:
        draft = scenarios.add_scenario(tx, "2026-12", "What if", "draft")
    before = company.read_version("2026-12")
    with company.write(by="olga") as tx:
        scenarios.save_assumption(tx, draft.id, "price_change", 0.02, expected_version=0)
    assert company.read_version("2026-12") == before
    with company.read() as tx:
        assert scenarios.read_scenario(tx, draft.id).version == draft.version + 1
        assert read_audit(tx, action="assumption_set") == ()


def test_a_value_comes_back_with_who_set_it_when_and_why(company: Store) -> None:
    with company.write(by="olga", role="head_of_sales") as tx:
        saved = scenarios.save_assumption(
            tx,
            1,
            "price_change",
            0.02,
            expected_version=0,
            scope="Front box",
            reason="list price from January",
            owner="sales",
            expiry="2027-06",
        )
        at = tx.at
    with company.read() as tx:
        assert scenarios.read_assumptions(tx, 1) == (saved,)
    assert saved == Entry(
        "price_change", "Front box", 0.02, "list price from January", "sales", "olga", at, "2027-06", 2
    )


def test_the_second_of_two_concurrent_edits_is_refused_and_names_the_first(company: Store) -> None:
    with company.write(by="olga") as tx:
        seen = scenarios.save_assumption(tx, 1, "price_change", 0.02, expected_version=0)
    with company.write(by="petr") as tx:
        scenarios.save_assumption(tx, 1, "price_change", 0.05, expected_version=seen.version)
    with company.write(by="olga") as tx, pytest.raises(Conflict, match=r"petr changed price_change .* to 0\.05"):
        scenarios.save_assumption(tx, 1, "price_change", 0.01, expected_version=seen.version)
    with company.read() as tx:
        assert scenarios.read_assumptions(tx, 1)[0].value == 0.05


def test_two_first_edits_of_one_value_do_not_overwrite_each_other(company: Store) -> None:
    with company.write(by="petr") as tx:
        scenarios.save_assumption(tx, 1, "overtime", 0.1, expected_version=0)
    with company.write(by="olga") as tx, pytest.raises(Conflict, match="petr"):
        scenarios.save_assumption(tx, 1, "overtime", 0.2, expected_version=0)


def test_a_value_removed_and_set_again_never_repeats_its_version(company: Store) -> None:
    with company.write(by="petr") as tx:
        first = scenarios.save_assumption(tx, 1, "overtime", 0.1, expected_version=0)
        scenarios.remove_assumption(tx, 1, "overtime", expected_version=first.version)
        again = scenarios.save_assumption(tx, 1, "overtime", 0.3, expected_version=0)
    assert again.version > first.version
    with company.write(by="olga") as tx, pytest.raises(Conflict, match="petr changed overtime"):
        scenarios.remove_assumption(tx, 1, "overtime", expected_version=first.version)


def test_an_edit_of_a_removed_value_names_who_edited_last(company: Store) -> None:
    with company.write(by="petr") as tx:
        first = scenarios.save_assumption(tx, 1, "overtime", 0.1, expected_version=0)
        scenarios.remove_assumption(tx, 1, "overtime", expected_version=first.version)
    with company.write(by="olga") as tx, pytest.raises(Conflict, match=r"removed meanwhile .*petr"):
        scenarios.save_assumption(tx, 1, "overtime", 0.2, expected_version=first.version)


def test_edits_of_different_values_do_not_conflict(company: Store) -> None:
    with company.write(by="olga") as tx:
        scenarios.save_assumption(tx, 1, "price_change", 0.02, expected_version=0, scope="Front box")
    with company.write(by="petr") as tx:
        scenarios.save_assumption(tx, 1, "price_change", 0.03, expected_version=0, scope="Rear box")
    with company.read() as tx:
        values = {value.scope: value.value for value in scenarios.read_assumptions(tx, 1)}
    assert values == {"Front box": 0.02, "Rear box": 0.03}


def test_the_audit_trail_says_what_a_value_was_and_is(company: Store) -> None:
    with company.write(by="olga") as tx:
        first = scenarios.save_assumption(tx, 1, "price_change", 0.02, expected_version=0, reason="list price")
        scenarios.save_assumption(tx, 1, "price_change", 0.03, expected_version=first.version)
    with company.read() as tx:
        newest = read_audit(tx, action="assumption_set")[0]
    assert (newest.detail["was"], newest.detail["now"]) == (0.02, 0.03)


def test_a_copy_starts_with_the_same_values_and_then_goes_its_own_way(company: Store) -> None:
    with company.write(by="olga") as tx:
        scenarios.save_assumption(tx, 1, "price_change", 0.02, expected_version=0, reason="list price")
        copy = scenarios.add_scenario(tx, "2026-12", "Higher price", "saved", copy_of=1)
        (value,) = scenarios.read_assumptions(tx, copy.id)
        scenarios.save_assumption(tx, copy.id, "price_change", 0.04, expected_version=value.version)
    with company.read() as tx:
        assert scenarios.read_assumptions(tx, 1)[0].value == 0.02
        assert scenarios.read_assumptions(tx, copy.id)[0].value == 0.04


def test_a_draft_that_is_saved_becomes_visible_under_its_name(company: Store) -> None:
    with company.write(by="olga") as tx:
        draft = scenarios.add_scenario(tx, "2026-12", "What if", "draft")
        scenarios.save_scenario(
            tx, draft.id, draft.version, name="Price up", description="2% in January", kind="saved"
        )
        with pytest.raises(Conflict, match="olga changed the scenario"):
            scenarios.save_scenario(tx, draft.id, draft.version, name="Other", description="", kind="saved")
    with company.read() as tx:
        saved = scenarios.read_scenario(tx, draft.id)
    assert (saved.name, saved.kind, saved.description) == ("Price up", "saved", "2% in January")


def test_a_cycle_has_one_working_scenario(company: Store) -> None:
    with company.write() as tx, pytest.raises(Conflict, match="working scenario already"):
        scenarios.add_scenario(tx, "2026-12", "Second", "working")
    with company.read() as tx:
        assert scenarios.read_working_scenario(tx, "2026-12").id == 1


def test_a_name_is_free_for_another_owner_but_not_for_the_same(company: Store) -> None:
    with company.write(by="olga") as tx:
        scenarios.add_scenario(tx, "2026-12", "What if", "draft")
        with pytest.raises(Conflict, match="Choose another name"):
            scenarios.add_scenario(tx, "2026-12", "What if", "saved")
    with company.write(by="petr") as tx:
        scenarios.add_scenario(tx, "2026-12", "What if", "draft")


def test_an_unknown_kind_and_an_unknown_scenario_are_refused(company: Store) -> None:
    with company.write() as tx:
        with pytest.raises(BadInput, match="'agreed' is not a kind"):
            scenarios.add_scenario(tx, "2026-12", "X", "agreed")
        with pytest.raises(NotFound, match="no scenario 99"):
            scenarios.save_assumption(tx, 99, "price_change", 1, expected_version=0)
