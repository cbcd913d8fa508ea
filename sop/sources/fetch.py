"""One source's content now: the bytes of a file, or a query's rows as Parquet. Every refusal names the source."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sop.core.aside import command_aside
from sop.core.errors import BadInput, SopError
from sop.core.format import how_many
from sop.intake.sources import DataSource, pattern_for, require_source
from sop.sources.places import SECONDS, Connection, Places, credential

FILE_BYTES = 200_000_000
_CHILD = Path(__file__).with_name("child.py")
_AT_ONCE = 4


@dataclass(frozen=True)
class Fetched:
    """What a source holds now: `content` is bytes, or the path of a file in one of the operator's folders.

    `name`: what findings call it. `at`: when the file was written, in UTC; empty where nothing tells.
    """

    content: bytes | Path
    name: str
    at: str = ""


def fetch_all(sources: Sequence[DataSource], places: Places, last_closed: str) -> list[Fetched | SopError]:
    """Each source's content, or why there is none, in their order; some are asked at once."""

    def one(source: DataSource) -> Fetched | SopError:
        try:
            return fetch_source(source, places, last_closed)
        except SopError as refusal:
            return refusal

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(one, sources))


def fetch_source(source: DataSource, places: Places, last_closed: str) -> Fetched:
    """What a source holds now. `last_closed`: the month that {month} in its pattern stands for.

    Raises BadInput where its place is not allowed, nothing or too much is there, or it takes too long.
    """
    require_source(source)
    place = places.require(source.kind, source.place)
    if isinstance(place, Connection):
        return _ask(source, place)
    pattern = pattern_for(source, last_closed)
    if "://" in place or "::" in place:
        return _fetch_remote(source, place, pattern)
    path = find_file(Path(place), pattern, source.name)
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return Fetched(path, path.name, written)


def find_file(folder: Path, pattern: str, where: str) -> Path:
    """The one file of a folder that a pattern names, which is in that folder indeed. Raises BadInput."""
    try:
        root = folder.resolve(strict=True)
        found = sorted(path for path in root.glob(pattern) if not path.name.startswith((".", "~$")))
        if len(found) == 1 and found[0].exists() and not found[0].resolve().is_relative_to(root):
            raise BadInput(
                f"{found[0].name} is a link out of its folder", where=where, remedy="Put the file itself there"
            )
    except (OSError, ValueError, RuntimeError) as error:
        why = (getattr(error, "strerror", "") or str(error)).lower()
        remedy = "Ask the operator of the server"
        raise BadInput("its folder cannot be read", where=where, why=why, remedy=remedy) from error
    if len(found) > 1:
        names = ", ".join(path.name for path in found[:3])
        what = f"the pattern {pattern} names {how_many(len(found), 'files')}, such as {names}"
        raise BadInput(what, where=where, remedy="Narrow the pattern, or move old files away")
    if not found or not found[0].exists():
        raise BadInput(f"no file is named {pattern}", where=where, remedy="Look whether it was exported")
    return found[0].resolve()


def _ask(source: DataSource, connection: Connection) -> Fetched:
    job = {
        "kind": "query",
        "url": connection.url,
        "user": credential(connection, connection.user_from),
        "password": credential(connection, connection.password_from),
        "query": source.what.strip().rstrip(";"),
        "seconds": connection.seconds,
        "rows": connection.rows,
    }
    _, content = _run(source, job, connection.seconds)
    return Fetched(content, f"{source.name} (query)")


def _fetch_remote(source: DataSource, address: str, pattern: str) -> Fetched:
    job = {"kind": "file", "address": address, "pattern": pattern, "bytes": FILE_BYTES}
    answer, content = _run(source, job, SECONDS)
    return Fetched(content, answer["name"], answer["at"])


def _run(source: DataSource, job: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
    """The child's answer and the bytes after it. Raises BadInput where it refused, failed or was stopped."""
    try:
        done = subprocess.run(
            command_aside(_CHILD),
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        what = f"it did not answer within {seconds:g} seconds"
        remedy = "Ask for less, or have the operator of the server allow more seconds"
        raise BadInput(what, where=source.name, remedy=remedy) from error
    head, _, content = done.stdout.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(head)
    except ValueError as error:
        remedy = "Ask for fewer rows or columns"
        raise BadInput("reading it was stopped", where=source.name, remedy=remedy) from error
    if "error" in answer:
        raise BadInput(answer["error"], where=source.name, remedy=answer["remedy"])
    return answer, content
