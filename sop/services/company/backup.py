"""A workspace as one file, and back: its database as of one moment, its signing keys, and the digest of both.

A backup holds the hashes of passwords and the private signing keys: whoever has it can be this installation.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sop.core.errors import BadInput, Conflict, SetupError
from sop.core.faults import explain_os_error
from sop.files.archive import FIXED_TIME, ArchiveLimits, chunks_of, require_modest
from sop.files.keys import KEY_FILE
from sop.services.company.start import is_new, is_nothing_there
from sop.services.company.workspace import keys_folder, making, move_workspace, workspace_folder
from sop.services.lifeline import claim, clear_leftovers, release
from sop.store import Store, open_store
from sop.store.audit import verify_chain
from sop.store.database import FILE_NAME
from sop.store.sign_in import end_all_sessions

ABOUT = "backup.json"
"""The entry that says what the file is, with the SHA-256 of every other entry."""
_FORMAT = "accord-backup/1"
_GIGABYTE = 2**30
LIMITS = ArchiveLimits(
    archive_bytes=4 * _GIGABYTE, entries=3, entry_bytes=8 * _GIGABYTE, total_bytes=8 * _GIGABYTE
)
_UNFINISHED = "unfinished-restore"
_WHERE, _REMEDY = "backup", "Nothing was restored; take another backup"


def write_backup(store: Store, to: Path, folder: Path | None = None) -> None:
    """Write the workspace into a file that only its owner reads.

    Raises Conflict where the file is there already, and SetupError where it cannot be written or the database is
    no file.
    """
    draft = to.with_name(f"{to.name}.new-{os.getpid()}")
    copy = to.with_name(f"{to.name}.database-{os.getpid()}")
    if to.exists():
        raise Conflict("the file is there already", where=str(to), remedy="Name a new file")
    keys = keys_folder(folder) / KEY_FILE
    try:
        store.copy_to(copy)
        sources = {FILE_NAME: copy} | ({KEY_FILE: keys} if keys.is_file() else {})
        digests = {name: _digest(path) for name, path in sources.items()}
        about = {"format": _FORMAT, "made_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "sha256": digests}
        draft.touch(mode=0o600)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr(zipfile.ZipInfo(ABOUT, FIXED_TIME), json.dumps(about, indent=1))
            for name, path in sources.items():
                archive.write(path, name)
        draft.replace(to)
    except OSError as error:
        raise explain_os_error(error, "the backup cannot be written", str(to)) from error
    finally:
        copy.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)


def restore_backup(source: BinaryIO, folder: Path | None = None) -> Path:
    """Make a workspace of a backup where none is; where it is now. Whoever was signed in signs in again.

    It is unpacked beside its place and moved there when all of it is proven: digests, the database's own check,
    and the audit chain. Raises BadInput for what is no backup or was altered, Conflict where there is a workspace,
    and SetupError where none can be made.
    """
    place = workspace_folder(folder)
    if os.environ.get("SOP_DATABASE_URL"):
        raise SetupError(
            "a database of SOP_DATABASE_URL is not restored here", remedy="Restore it with PostgreSQL's own tools"
        )
    if not is_nothing_there(place):
        raise Conflict(f"there is a workspace in {place}", remedy="Restore into a new folder")
    clear_leftovers(place, (_UNFINISHED,))
    unfinished = place.with_name(f"{place.name}.{_UNFINISHED}-{os.getpid()}")
    with making(unfinished, place, "nothing was restored"):
        claim(unfinished)
        _unpack(source, unfinished)
        _prove(unfinished)
        place.mkdir(parents=True, exist_ok=True)
        for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):  # at most an empty one, nobody's
            (place / name).unlink(missing_ok=True)
        if (unfinished / KEY_FILE).is_file():
            keys_folder(unfinished).mkdir(mode=0o700, exist_ok=True)
            (unfinished / KEY_FILE).replace(keys_folder(unfinished) / KEY_FILE)
        release(unfinished)
        move_workspace(unfinished, place)
    return place


def _digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpack(source: BinaryIO, to: Path) -> None:
    """The entries of a backup as files, each with the digest that the backup says. Raises BadInput."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            require_modest(archive.infolist(), LIMITS, _WHERE, _REMEDY)
            if ABOUT not in entries or FILE_NAME not in entries or entries.keys() - {ABOUT, FILE_NAME, KEY_FILE}:
                raise _refusal("this zip is no backup of Accord")
            if entries[ABOUT].file_size > 100_000:
                raise _refusal("this zip is no backup of Accord")
            about = json.loads(archive.read(ABOUT))
            if not isinstance(about, dict) or about.get("format") != _FORMAT:
                raise _refusal("this backup is of another version")
            for name in entries.keys() - {ABOUT}:
                target = to / name
                target.touch(mode=0o600)
                with target.open("wb") as stream:
                    for chunk in chunks_of(archive, entries[name]):
                        stream.write(chunk)
                if _digest(target) != dict(about.get("sha256") or {}).get(name):
                    raise _refusal(f"{name} is not as it was written")
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _refusal("the file cannot be read as a backup") from error


def _prove(folder: Path) -> None:
    """Hold an unpacked database to its own check and to its audit chain; bring it to this version's tables."""
    try:
        with closing(sqlite3.connect(folder / FILE_NAME)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            sound = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise _refusal("the database in it is damaged")
    store = open_store(folder)
    try:
        with store.read() as tx:
            chain = verify_chain(tx)
        if is_new(store) or not chain.is_intact:
            raise _refusal("its audit chain is broken" if chain.problems else "there is no company in it")
        with store.write() as tx:
            end_all_sessions(tx)
    finally:
        store.close()


def _refusal(what: str) -> BadInput:
    return BadInput(what, where=_WHERE, remedy=_REMEDY)
