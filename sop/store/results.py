"""Computed things kept by the digest of their inputs: forecasts for good, heavy results as long as wanted.

A forecast is part of a plan's record: a plan is computed again from the forecast that it was made with. A kept
result (an attribution, a large simulation) can always be computed again and may be dropped.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlmodel import col, select

from sop.core.findings import Finding
from sop.core.inputs import PriceProof
from sop.core.plan import DriverProof, HistoryCorrection, StoredForecast
from sop.store.faults import readable
from sop.store.schema import ForecastRow, KeptResultRow, KeptRow
from sop.store.transaction import Transaction, read_once

Arrays = Mapping[str, NDArray[Any]]

_FIGURES = ("mean", "lo80", "hi80", "lo95", "hi95", "product_mean")
"""The arrays of a forecast; the rest of it is kept as facts."""

_KEYS_AT_ONCE = 500
"""Keys asked for in one query; every database allows as many parameters."""


@dataclass(frozen=True)
class Kept:
    """What was kept under a key: plain facts (JSON), numpy arrays by name, and since when (UTC)."""

    key: str
    facts: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    created_at: str


def keep_forecast(tx: Transaction, key: str, forecast: StoredForecast) -> None:
    """Keep a forecast under the digest of its inputs; what is there already stays as it is."""
    facts: dict[str, Any] = {
        "first_open": forecast.first_open,
        "method": list(forecast.method),
        "why": list(forecast.why),
        "wape": list(forecast.wape),
        "corrections": [asdict(found) for found in forecast.corrections],
        "drivers": [asdict(found) for found in forecast.drivers],
        "findings": [found.fields() for found in forecast.findings],
        "prices": [asdict(found) for found in forecast.prices],
    }
    keep_result(tx, key, {name: getattr(forecast, name) for name in _FIGURES}, facts, ForecastRow)


def read_forecast(tx: Transaction, key: str) -> StoredForecast | None:
    """The forecast of these inputs, number for number; None where it was never made."""
    kept = read_result(tx, key, ForecastRow)
    if kept is None:
        return None
    return StoredForecast(
        first_open=kept.facts["first_open"],
        method=tuple(kept.facts["method"]),
        why=tuple(kept.facts["why"]),
        wape=tuple(kept.facts["wape"]),
        corrections=tuple(HistoryCorrection(**found) for found in kept.facts["corrections"]),
        drivers=tuple(DriverProof(**found) for found in kept.facts["drivers"]),
        findings=tuple(Finding(**found) for found in kept.facts["findings"]),
        prices=tuple(PriceProof(**found) for found in kept.facts["prices"]),
        **{name: kept.arrays[name] for name in _FIGURES},
    )


def keep_result(
    tx: Transaction, key: str, arrays: Arrays, facts: Mapping[str, Any], kind: type[KeptRow] = KeptResultRow
) -> Kept:
    """Keep a heavy result under the digest of its inputs; what is there already stays as it is."""
    row = tx.session.get(kind, key)
    if row is None:
        packed = io.BytesIO()
        np.savez_compressed(packed, allow_pickle=False, **dict(arrays))
        row = kind(key=key, facts=dict(facts), payload=packed.getvalue(), created_at=tx.at)
        tx.session.add(row)
        tx.session.flush()
    return _kept(row)


def read_result(tx: Transaction, key: str, kind: type[KeptRow] = KeptResultRow) -> Kept | None:
    """The kept result of these inputs; None where there is none."""
    row = tx.session.get(kind, key)
    return None if row is None else _kept(row)


@read_once
def kept_keys(tx: Transaction, keys: tuple[str, ...]) -> frozenset[str]:
    """Which of these keys something is kept under, without reading it."""
    found: set[str] = set()
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = col(KeptResultRow.key).in_(keys[start : start + _KEYS_AT_ONCE])
        found |= set(tx.session.scalars(select(KeptResultRow.key).where(some)))
    return frozenset(found)


def read_results(tx: Transaction, keys: Sequence[str]) -> dict[str, Kept]:
    """The kept results of many inputs by key, in few queries; inputs without one are left out."""
    found: dict[str, Kept] = {}
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = col(KeptResultRow.key).in_(keys[start : start + _KEYS_AT_ONCE])
        found |= {row.key: _kept(row) for row in tx.session.scalars(select(KeptResultRow).where(some))}
    return found


def _kept(row: KeptRow) -> Kept:
    with readable("a kept result"), np.load(io.BytesIO(row.payload), allow_pickle=False) as stored:
        return Kept(row.key, row.facts, {name: stored[name] for name in stored.files}, row.created_at)
