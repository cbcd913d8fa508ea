"""Zip files in and out: written with the same bytes for the same content, read only within limits.

A snapshot or a workbook comes from a stranger. Its size, number of entries, names, unpacked size and ratio are
checked in the zip's directory before anything is unpacked, so a zip bomb costs nothing.
"""

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sop.core.errors import BadInput
from sop.core.format import how_many, number

MEGABYTE = 2**20
CHUNK = 2**18
WHERE, REMEDY = "zip file", "Nothing was unpacked; ask for the original file"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
FLAT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
END_RECORD = struct.Struct("<4s4H2LH")
"""End of central directory: signature, disks, entries here, entries, directory size, offset, comment size."""


@dataclass(frozen=True)
class ArchiveLimits:
    """What a zip may be, in bytes and counts; a ratio counts only for entries above `ratio_from_bytes`."""

    archive_bytes: int = 128 * MEGABYTE
    entries: int = 64
    entry_bytes: int = 192 * MEGABYTE
    total_bytes: int = 512 * MEGABYTE
    ratio: float = 400
    ratio_from_bytes: int = MEGABYTE


SNAPSHOT_LIMITS = ArchiveLimits()


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files` in the given order, without clock or machine in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data, compresslevel=6)
    return buffer.getvalue()


def read_archive(data: bytes, limits: ArchiveLimits = SNAPSHOT_LIMITS) -> dict[str, bytes]:
    """Unpack a flat zip into memory: name → bytes.

    Raises `BadInput` before unpacking where a limit is passed, a name carries a path or stands twice, an
    entry is encrypted or packed in an unusual way; and where the zip is damaged.
    """
    require_limits(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if not FLAT_NAME.fullmatch(entry.filename):
                    what = f"the file name {entry.filename!r} is not allowed"
                    raise _refusal(what, "a snapshot has plain names without folders")
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise _refusal("the zip is damaged", str(error)) from error


def require_limits(data: bytes, limits: ArchiveLimits) -> None:
    """Refuse a zip by its directory alone: sizes, counts, ratios, doubled names, encryption, methods."""
    if len(data) > limits.archive_bytes:
        raise _refusal(f"the file has {number(len(data))} bytes", f"{number(limits.archive_bytes)} are allowed")
    _require_small_directory(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise _refusal("this is not a readable zip", str(error)) from error
    require_modest(entries, limits)


def _require_small_directory(data: bytes, limits: ArchiveLimits) -> None:
    """Read the end record as zipfile will, so that a huge directory is refused before it is parsed."""
    position = len(data) - END_RECORD.size
    if data[position : position + 4] != b"PK\x05\x06":
        position = data.rfind(b"PK\x05\x06", max(0, len(data) - 2**16 - END_RECORD.size))
    if position < 0 or position + END_RECORD.size > len(data):
        raise _refusal("this is not a zip file", "it has no zip directory at its end")
    _, _, _, _, entries, directory_bytes, _, _ = END_RECORD.unpack_from(data, position)
    has_zip64 = data[max(0, position - 20) : position].startswith(b"PK\x06\x07")
    if has_zip64 or entries > limits.entries or directory_bytes > limits.entries * 1024:
        raise _refusal("the zip lists too many files", f"{limits.entries} are allowed")


def require_modest(
    entries: Sequence[zipfile.ZipInfo],
    limits: ArchiveLimits,
    where: str = WHERE,
    remedy: str = REMEDY,
) -> None:
    """Refuse the entries of a zip that are too many, too large, doubled, hidden or packed beyond reason."""
    for what, why in _faults(entries, limits):
        raise BadInput(what, where=where, why=why, remedy=remedy)


def _faults(entries: Sequence[zipfile.ZipInfo], limits: ArchiveLimits) -> Iterator[tuple[str, str]]:
    """What is wrong with the entries of a zip, and why it matters."""
    if len(entries) > limits.entries:
        yield f"the zip holds {how_many(number(len(entries)), 'files')}", f"{number(limits.entries)} are allowed"
    for name, count in Counter(entry.filename for entry in entries).items():
        if count > 1:
            yield f"the file name {name!r} stands twice", "two readers could open different ones"
    for entry in entries:
        size, times = entry.file_size, entry.file_size / max(entry.compress_size, 1)
        if size > limits.entry_bytes:
            yield (
                f"{entry.filename!r} would unpack to {number(size)} bytes",
                f"{number(limits.entry_bytes)} are allowed",
            )
        if size > limits.ratio_from_bytes and times > limits.ratio:
            yield f"{entry.filename!r} unpacks to {number(times)} times its size", "that is a zip bomb"
        if entry.flag_bits & 0x1:
            yield f"{entry.filename!r} is encrypted", "nothing in it may be hidden"
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield f"{entry.filename!r} is packed in an unusual way", "only plain zip packing is read"
    total = sum(entry.file_size for entry in entries)
    if total > limits.total_bytes:
        yield f"it would unpack to {number(total)} bytes", f"{number(limits.total_bytes)} are allowed"


def chunks_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """An entry unpacked bit by bit, so that nothing large is ever held in memory."""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            yield chunk


def _refusal(what: str, why: str) -> BadInput:
    return BadInput(what, where=WHERE, why=why, remedy=REMEDY)
