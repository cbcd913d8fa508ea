"""Whatever a stranger puts into a snapshot, even well signed, the check answers instead of failing."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.files.archive import write_archive
from sop.files.keys import create_key, public_pem
from sop.files.snapshot import build_snapshot, canonical_bytes, verify_snapshot
from sop.files.snapshot.envelope import MANIFEST_TYPE, PLAN_TYPE, build_envelope, encode_for_signing
from tests.soak.amount import amount

KEY = create_key(datetime(2025, 1, 1, tzinfo=UTC))
PEM = public_pem(KEY.private_key.public_key())
SIGNATURE_FIELDS = ("function", "name", "role", "meaning", "signed_at", "authentication", "digest_shown")
CONTENT: dict[str, Any] = {
    "schema": "accord-plan/1",
    "company": {"name": "Acme", "currency": "EUR"},
    "cycle": "2025-03",
    "revision": 1,
    "horizon": ["2025-03"],
    "lines": [{"plan": "sales", "measure": "consensus_demand", "family": "Bikes", "month": "2025-03", "value": 5}],
    "assumptions": [{"key": "growth_pct", "value": "0.1", "scope": {"family": "Bikes"}}],
    "plans": {"inventory": {"available": False, "why": "none loaded"}},
    "gate": {"findings": [{"rule": "x"}], "waivers": []},
    "headline": [{"measure": "revenue", "value": "1.5", "unit": "EUR"}],
}
PLAN = {
    "content": CONTENT,
    "signatures": [dict.fromkeys(SIGNATURE_FIELDS, "x")],
    "provenance": {"created_at": "2025-03-20T14:00:00Z", "app_version": "1"},
}
GOOD = build_snapshot(CONTENT, [], PLAN["provenance"], KEY)
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
)


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a tree."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in items for place in places(item, (*path, key)))]


def with_value(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of a tree with one value put in another's place."""
    if not path:
        return value
    twin = json.loads(json.dumps(tree))
    node = twin
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return twin


def forged(plan: bytes, manifest: bytes) -> bytes:
    """Any two payloads, signed as they should be, beside a workbook that is no workbook."""
    encoded, listed = encode_for_signing(PLAN_TYPE, plan), encode_for_signing(MANIFEST_TYPE, manifest)
    return write_archive(
        {
            "plan.json": plan, "plan.dsse.json": build_envelope(PLAN_TYPE, plan, KEY),
            "plan.pae": encoded, "plan.sig": KEY.sign(encoded),
            "manifest.json": manifest, "manifest.pae": listed, "manifest.sig": KEY.sign(listed),
            "signer.pem": PEM, "plan.xlsx": b"PK", "lines.csv": b"\xff",
        }
    )  # fmt: skip


@settings(deadline=None, max_examples=amount(150, 1500))
@given(st.sampled_from(places(PLAN)), TREES)
def test_a_signed_plan_with_anything_anywhere_is_answered(place: tuple[Any, ...], value: Any):
    plan = canonical_bytes(with_value(PLAN, place, value))
    manifest = canonical_bytes({"files": {"plan.xlsx": {"sha256": "0"}}})
    report = verify_snapshot(forged(plan, manifest), PEM)
    assert not report.valid
    assert report.text().startswith("NOT VALID")


@settings(deadline=None, max_examples=amount(60, 600))
@given(TREES)
def test_a_signed_manifest_that_is_anything_is_answered(value: Any):
    plan = canonical_bytes({**PLAN, "signatures": []})
    assert not verify_snapshot(forged(plan, canonical_bytes(value)), PEM).valid


@pytest.mark.parametrize("payload", [b"", b"{", b"[" * 10**5, b"\xff", b'{"files":{}}', b"NaN"])
def test_signed_bytes_that_are_no_plan_and_no_manifest_are_answered(payload: bytes):
    assert not verify_snapshot(forged(payload, payload), PEM).valid


@settings(deadline=None, max_examples=amount(100, 800))
@given(TREES)
def test_key_records_that_are_anything_are_answered(value: Any):
    report = verify_snapshot(write_archive({**unpack(GOOD), "keys.json": canonical_bytes(value)}), PEM)
    assert {finding.file for finding in report.findings} == {"keys.json"}


@settings(deadline=None, max_examples=amount(200, 2200))
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_byte_anywhere_in_the_zip_is_found_or_changes_no_file(position: int, change: int):
    data = bytearray(GOOD)
    data[position] ^= change
    assert not verify_snapshot(bytes(data), PEM).valid or unpack(bytes(data)) == unpack(GOOD)


@settings(deadline=None, max_examples=amount(60, 600))
@given(st.integers(0, len(GOOD) - 1))
def test_a_snapshot_that_was_cut_short_is_not_valid(length: int):
    assert not verify_snapshot(GOOD[:length], PEM).valid
