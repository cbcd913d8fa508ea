"""Zips from strangers are refused by their directory, before anything is unpacked."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile

import pytest

from sop.core.errors import BadInput
from sop.files.archive import ArchiveLimits, read_archive, write_archive
from sop.files.snapshot import verify_snapshot

SMALL = ArchiveLimits(archive_bytes=10_000, entries=3, entry_bytes=500, total_bytes=800)


def zipped(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def test_what_was_written_is_read():
    files = {"b.txt": b"two", "a.txt": b""}
    assert read_archive(write_archive(files)) == files


def test_the_same_files_give_the_same_zip():
    assert write_archive({"a.txt": b"one"}) == write_archive({"a.txt": b"one"})


@pytest.mark.parametrize(
    "name", ["../a.txt", "/a.txt", "a/b.txt", "a\\b.txt", "C:a.txt", ".hidden", "a\nb", "ä.txt"]
)
def test_a_name_with_a_path_or_tricks_is_refused(name: str):
    with pytest.raises(BadInput, match="is not allowed"):
        read_archive(zipped((name, b"x")))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (zipped(("a", b"x" * 501)), "would unpack to 501 bytes"),
        (zipped(("a", b"x" * 450), ("b", b"x" * 450)), "would unpack to 900 bytes"),
        (zipped(("a", b""), ("b", b""), ("c", b""), ("d", b"")), "lists too many files"),
        (zipped(("a", b"1"), ("a", b"2")), "stands twice"),
        (b"x" * 10_001, "the file has 10 001 bytes"),
        (b"no zip at all", "not a zip file"),
        (zipped(("a", b"x"))[:-30] + b"\x00" * 8, "not a zip file"),
    ],
    ids=[
        "a large file",
        "large files together",
        "many files",
        "one name twice",
        "a large zip",
        "text",
        "cut short",
    ],
)
def test_a_zip_beyond_a_limit_is_refused(data: bytes, what: str):
    with pytest.raises(BadInput, match=what):
        read_archive(data, SMALL)


def test_a_bomb_is_refused_by_its_ratio():
    with pytest.raises(BadInput, match="zip bomb"):
        read_archive(zipped(("plan.json", b"0" * 50_000_000)))


def test_a_bomb_given_as_snapshot_is_an_answer():
    report = verify_snapshot(zipped(("plan.json", b"0" * 50_000_000)))
    assert "Nothing was unpacked" in str(report.findings[0])


def test_an_entry_that_lies_about_its_size_is_damaged():
    data = bytearray(zipped(("a", b"x" * 100)))
    directory = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, directory + 24, 50)
    with pytest.raises(BadInput, match="damaged"):
        read_archive(bytes(data), SMALL)


def test_a_64_bit_directory_is_refused():
    data = zipped(("a", b"x"))
    end = data.rfind(b"PK\x05\x06")
    locator = b"PK\x06\x07" + b"\x00" * 16
    with pytest.raises(BadInput, match="too many files"):
        read_archive(data[:end] + locator + data[end:])


def test_an_encrypted_entry_is_refused():
    data = bytearray(zipped(("a", b"x")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rfind(mark) + offset] |= 1
    with pytest.raises(BadInput, match="is encrypted"):
        read_archive(bytes(data))
