"""A disk so small that it is soon full, and a database on one."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A folder on a disk of its own, such as of '2m'; the test is skipped for a user who may not mount one."""
    place.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no small disk: mounting needs rights that this user lacks")
    try:
        yield place
    finally:
        subprocess.run([str(shutil.which("umount")), "-l", str(place)], check=True)


@contextmanager
def database_on(server: URL, size: str) -> Iterator[tuple[str, Path]]:
    """The URL of an empty database of a PostgreSQL server on a small disk, and that disk; the log of the server is
    elsewhere and has room."""
    home = server.query.get("host")
    if not isinstance(home, str) or not Path(home).is_dir():
        pytest.skip("no small disk: the files of this PostgreSQL server are elsewhere")
    name = f"small_{uuid.uuid4().hex}"
    with small_disk(Path(home) / name, size) as place:
        owner = (Path(home) / "data").stat()
        os.chown(place, owner.st_uid, owner.st_gid)
        admin = create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE TABLESPACE {name} LOCATION '{place}'"))
            connection.execute(text(f"CREATE DATABASE {name} TABLESPACE {name}"))
        try:
            yield server.set(database=name).render_as_string(hide_password=False), place
        finally:
            with admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
                connection.execute(text(f"DROP TABLESPACE {name}"))
            admin.dispose()


def fill(place: Path) -> Path:
    """Take all the room of a disk; the file that takes it."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return filler
