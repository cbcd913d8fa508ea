"""Signing keys: their file, their ids, rotation and revocation."""

from __future__ import annotations

import hashlib
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sop.core.errors import BadInput, NotFound, SetupError
from sop.files.keys import (
    KEY_FILE,
    create_key,
    is_endorsed,
    load_or_create_keys,
    parse_utc,
    public_pem,
    read_keys,
    read_public_key,
    renew_keys,
    revoke_key,
    rotate_key,
    trusted_key_ids,
    utc_text,
)

NOW = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)


def test_a_first_key_is_made_once_and_then_read(tmp_path: Path):
    first = load_or_create_keys(tmp_path / "workspace", NOW)
    again = load_or_create_keys(tmp_path / "workspace", NOW + timedelta(days=1))
    assert [key.key_id for key in again.keys] == [key.key_id for key in first.keys]
    assert again.keys[0].sign(b"x") == first.keys[0].sign(b"x")


def test_the_key_file_is_private_and_nothing_else_is_left(tmp_path: Path):
    load_or_create_keys(tmp_path, NOW)
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path):
    load_or_create_keys(tmp_path, NOW)
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(SetupError, match="chmod 600"):
        read_keys(tmp_path)


def test_many_starts_at_once_agree_on_one_key(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: load_or_create_keys(tmp_path, NOW), range(8)))
    assert len({ring.keys[0].key_id for ring in rings}) == 1


@pytest.mark.parametrize("text", ["", "{}", '{"keys":[{}]}', '{"keys":[{"private_pem":"x"}]}', "[1]"])
def test_a_damaged_key_file_is_refused_not_replaced(tmp_path: Path, text: str):
    path = tmp_path / KEY_FILE
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(SetupError, match="cannot be read"):
        load_or_create_keys(tmp_path, NOW)
    assert path.read_text() == text


def test_missing_keys_are_said_to_be_missing(tmp_path: Path):
    with pytest.raises(NotFound):
        read_keys(tmp_path)


def test_the_id_is_the_sha256_of_the_key_as_openssl_writes_it(tmp_path: Path):
    key = create_key(NOW)
    (tmp_path / "signer.pem").write_text(key.record.public_pem)
    command = ["openssl", "pkey", "-pubin", "-in", str(tmp_path / "signer.pem"), "-outform", "DER"]
    try:
        der = subprocess.run(command, capture_output=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    assert key.key_id == hashlib.sha256(der).hexdigest()


def test_a_new_key_is_endorsed_by_the_old_one_and_signs_from_now_on(tmp_path: Path):
    old = load_or_create_keys(tmp_path, NOW).keys[0]
    new = rotate_key(tmp_path, NOW + timedelta(days=100))
    ring = read_keys(tmp_path)
    assert is_endorsed(new.record, old.record)
    assert ring.current(NOW + timedelta(days=101)).key_id == new.key_id
    assert trusted_key_ids(ring.records, old.key_id) == {old.key_id, new.key_id}
    assert trusted_key_ids(ring.records, new.key_id) == {new.key_id}


def test_a_revoked_key_signs_nothing_and_endorses_nobody(tmp_path: Path):
    old = load_or_create_keys(tmp_path, NOW).keys[0]
    revoke_key(tmp_path, old.key_id, NOW + timedelta(days=5), "laptop stolen")
    with pytest.raises(SetupError, match="no signing key is valid"):
        read_keys(tmp_path).current(NOW + timedelta(days=6))
    new = rotate_key(tmp_path, NOW + timedelta(days=6))
    ring = read_keys(tmp_path)
    assert new.record.endorsed_by == new.key_id
    assert ring.records[0].revoked_reason == "laptop stolen"
    assert trusted_key_ids(ring.records, old.key_id) == {old.key_id}


def test_a_key_about_to_run_out_gets_an_endorsed_successor_once(tmp_path: Path):
    old = load_or_create_keys(tmp_path, NOW).keys[0]
    assert len(renew_keys(tmp_path, NOW + timedelta(days=600)).keys) == 1
    late = NOW + timedelta(days=700)
    assert [len(renew_keys(tmp_path, late).keys) for _ in range(2)] == [2, 2]
    assert is_endorsed(read_keys(tmp_path).keys[1].record, old.record)


def test_revoking_an_unknown_key_is_refused(tmp_path: Path):
    load_or_create_keys(tmp_path, NOW)
    with pytest.raises(NotFound):
        revoke_key(tmp_path, "feed", NOW, "typo")


def test_a_key_that_has_run_out_does_not_sign(tmp_path: Path):
    ring = load_or_create_keys(tmp_path, NOW)
    with pytest.raises(SetupError):
        ring.current(NOW + timedelta(days=731))


def test_a_prolonged_validity_breaks_the_endorsement():
    key = create_key(NOW)
    assert is_endorsed(key.record, key.record)
    assert not is_endorsed(replace(key.record, valid_until="2099-01-01T00:00:00Z"), key.record)


def test_only_an_ed25519_public_key_is_a_key():
    other = x25519.X25519PrivateKey.generate().public_key()
    for pem in (b"", b"hello", other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)):
        with pytest.raises(BadInput):
            read_public_key(pem)
    key = create_key(NOW)
    assert public_pem(read_public_key(key.record.public_pem.encode())) == key.record.public_pem.encode()


def test_moments_are_utc_and_need_a_zone():
    assert utc_text(datetime.fromisoformat("2025-03-01T10:30:00+01:00")) == "2025-03-01T09:30:00Z"
    assert parse_utc("2025-03-01T09:30:00Z") == NOW
    with pytest.raises(ValueError):
        utc_text(datetime(2025, 3, 1))
    with pytest.raises(ValueError):
        parse_utc("2025-03-01T09:30:00")
