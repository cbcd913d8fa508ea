"""Settings, people, column mappings and kept results."""

from dataclasses import replace

import numpy as np
import pytest

from sop.core.errors import BadInput, Conflict, NotFound
from sop.core.plan import DriverProof, HistoryCorrection, StoredForecast
from sop.intake.incoming import RememberedMapping
from sop.store import Store, data, results, settings
from sop.store.audit import read_audit


def test_a_setting_keeps_any_json_value_and_counts_its_edits(store: Store) -> None:
    with store.write() as tx:
        settings.save_setting(tx, "ground_rules", {"mode": "coalition", "quorum": 4})
        saved = settings.save_setting(tx, "ground_rules", {"mode": "ceo"}, expected_version=1)
    with store.read() as tx:
        assert settings.read_settings(tx) == {"ground_rules": saved}
    assert (saved.value, saved.version) == ({"mode": "ceo"}, 2)


def test_a_setting_that_was_never_set_has_the_callers_default(store: Store) -> None:
    with store.read() as tx:
        assert settings.read_setting(tx, "horizon", 24) == 24


def test_a_setting_changed_in_between_is_not_overwritten(store: Store) -> None:
    with store.write() as tx:
        settings.save_setting(tx, "horizon", 24, expected_version=0)
    with store.write() as tx, pytest.raises(Conflict, match="horizon"):
        settings.save_setting(tx, "horizon", 36, expected_version=0)
    with store.read() as tx:
        assert settings.read_setting(tx, "horizon") == 24


def test_the_audit_trail_says_what_a_setting_was_and_is(store: Store) -> None:
    with store.write(by="eva", role="administrator") as tx:
        settings.save_setting(tx, "horizon", 24)
        settings.save_setting(tx, "horizon", 36)
    with store.read() as tx:
        newest, first = read_audit(tx, action="setting_changed")
    assert first.detail == {"key": "horizon", "now": 24}
    assert newest.detail == {"key": "horizon", "was": 24, "now": 36}
    assert (newest.who, newest.role) == ("eva", "administrator")


def test_a_setting_that_is_not_a_finite_number_is_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="finite"), store.write() as tx:
        settings.save_setting(tx, "tolerance", float("nan"))
    with store.read() as tx:
        assert settings.read_settings(tx) == {}


def test_a_saved_person_replaces_the_one_with_the_same_id(store: Store) -> None:
    with store.write() as tx:
        settings.save_person(tx, "olga", "Olga Nova\u0301", "viewer")
        settings.save_person(tx, "olga", "Olga Nova\u0301", "head_of_sales", active=False)
    with store.read() as tx:
        assert settings.read_people(tx) == (settings.Person("olga", "Olga Nov\u00e1", "head_of_sales", False),)


def test_an_unknown_person_and_an_unknown_role_are_refused(store: Store) -> None:
    with store.read() as tx, pytest.raises(NotFound, match="no person 'nobody'"):
        settings.read_person(tx, "nobody")
    with store.write() as tx, pytest.raises(BadInput, match="'king' is not a role"):
        settings.save_person(tx, "karel", "Karel", "king")


def test_a_mapping_is_remembered_by_source_and_the_tables_last_for_files_of_any_other(store: Store) -> None:
    erp = RememberedMapping("products", {"SKU": "product"}, {}, "erp", {"decimal": ","})
    list_ = RememberedMapping("products", {"Item": "product"}, {"family": "All"}, "list")
    with store.write() as tx:
        data.save_mapping(tx, erp)
        data.save_mapping(tx, list_)
    with store.read() as tx:
        assert data.read_mapping(tx, "products", "erp") == erp
        assert data.read_mapping(tx, "products", "other") == replace(list_, source="")
        assert data.read_mapping(tx, "budget", "erp") is None


def forecast_of(values: np.ndarray) -> StoredForecast:
    corrected = HistoryCorrection("Bikes", "North", "2026-03", 900.0, 100.0, "a single peak")
    proof = DriverProof("Weather", "Bikes", 2, 0.1, None, None, "too few months", proven=False, used=False)
    bands = (values, values, values, values, values, values)
    return StoredForecast("2026-12", *bands, ("theta",), ("long",), (corrected,), (0.2, None), (proof,))


def test_a_forecast_comes_back_bit_for_bit_and_is_never_replaced(store: Store) -> None:
    values = np.array([[0.1 + 0.2, 1e-300], [np.nan, -0.0]])
    made = forecast_of(values)
    with store.write() as tx:
        results.keep_forecast(tx, "digest", made)
        results.keep_forecast(tx, "digest", forecast_of(values * 2))
    with store.read() as tx:
        forecast = results.read_forecast(tx, "digest")
        assert results.read_forecast(tx, "another digest") is None
    assert forecast is not None
    assert all(getattr(forecast, band).tobytes() == values.tobytes() for band in ("mean", "lo80", "product_mean"))
    assert (forecast.method, forecast.why, forecast.wape) == (made.method, made.why, made.wape)
    assert (forecast.corrections, forecast.drivers) == (made.corrections, made.drivers)
