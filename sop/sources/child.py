"""Asks one database, or fetches one file from an object store: run by itself, never imported.

A query can hang and a library can take all memory; here that ends this process alone, and its parent kills it when
its time is over. It reads one job as JSON from standard input (credentials come that way, so that no list of
processes shows them) and writes a line of JSON, then the bytes of a file: Parquet for a query.

    python -I child.py < job.json
"""

import contextlib
import datetime
import io
import json
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

_BATCH = 20_000
_MEMORY = 3_000_000_000
_BEFORE = {
    "mysql": ("SET SESSION max_execution_time = {ms}", "SET SESSION TRANSACTION READ ONLY"),
    "mariadb": ("SET SESSION max_statement_time = {s}", "SET SESSION TRANSACTION READ ONLY"),
    "mssql": ("SET LOCK_TIMEOUT {ms}",),
}
"""What is said before the query, by database; PostgreSQL takes the same as options of the connection."""


class Refused(Exception):
    """Why nothing is handed over: what, and what helps."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def main() -> None:
    """Do the job that standard input describes."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    job = json.load(sys.stdin)
    try:
        answer, content = (ask if job["kind"] == "query" else fetch)(job)
    except Refused as refused:
        answer, content = {"error": refused.what, "remedy": refused.remedy}, b""
    except ModuleNotFoundError as error:
        name = (error.name or "").split(".")[0]
        what, remedy = f"the library {name} that reads it is not installed", f"Install it with: pip install {name}"
        answer, content = {"error": what, "remedy": remedy}, b""
    except ImportError as error:
        what, remedy = f"its driver cannot be loaded ({error})", "Ask the operator of the server to install it"
        answer, content = {"error": what, "remedy": remedy}, b""
    except MemoryError:
        answer, content = {"error": "it takes too much memory", "remedy": "Ask for fewer rows"}, b""
    except Exception as error:  # noqa: BLE001 - whatever a driver raises is one sentence to the parent
        answer, content = {"error": f"it cannot be read ({_first_line(error)})", "remedy": ""}, b""
    text = json.dumps(answer)
    if job.get("password"):
        text = text.replace(json.dumps(job["password"])[1:-1], "…")
    sys.stdout.buffer.write(text.encode() + b"\n" + content)


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0][:200]}" if text else type(error).__name__


# -- queries


def ask(job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The rows of one query as Parquet."""
    from sqlalchemy.engine import make_url

    url = make_url(job["url"])
    url = url.set(username=job["user"] or url.username, password=job["password"] or None)
    columns: list[list[Any]] = []
    names: list[str] = []
    count = 0
    for names, rows in _sqlite(url, job) if url.get_backend_name() == "sqlite" else _server(url, job):
        count += len(rows)
        if not names:
            raise Refused("the query returns no columns", "Name those of the table")
        if count > job["rows"]:
            raise Refused(f"the query returns more than {job['rows']:,} rows", "Ask for fewer months or columns")
        columns = columns or [[] for _ in names]
        for chunks, values in zip(columns, zip(*rows, strict=True), strict=False):
            chunks.append(_array(values))
    if not count:
        raise Refused("the query returns no rows", "Look at its conditions")
    return {"rows": count}, _parquet(names, columns)


Batch = tuple[list[str], list[tuple[Any, ...]]]


def _sqlite(url: Any, job: dict[str, Any]) -> Iterator[Batch]:
    """A file that is opened to be read alone; nothing else can be attached to it."""
    import sqlite3
    from urllib.parse import quote

    path = pathlib.Path(url.database or "/")
    if not path.is_file():
        raise Refused("the database is not there", "Ask the operator of the server")
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)
    reads = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
    connection.set_authorizer(lambda act, *_: sqlite3.SQLITE_OK if act in reads else sqlite3.SQLITE_DENY)
    cursor = connection.execute(job["query"])
    yield from _batches(cursor, [column[0] for column in cursor.description])


def _server(url: Any, job: dict[str, Any]) -> Iterator[Batch]:
    """A server, in a transaction that only reads where it knows one, and that is never kept."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import NoSuchModuleError

    backend, ms = url.get_backend_name(), int(job["seconds"] * 1000)
    options: dict[str, Any] = {"stream_results": True, "no_parameters": True}
    arguments: dict[str, Any] = {}
    if backend in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
        limits = f"-c default_transaction_read_only=on -c statement_timeout={ms} -c lock_timeout={ms}"
        arguments = {"connect_timeout": max(2, int(job["seconds"]) - 2), "options": limits}
        options["postgresql_readonly"] = True
    elif backend == "mysql":
        url = url if "+" in url.drivername else url.set(drivername="mysql+pymysql")
    try:
        engine = create_engine(url, connect_args=arguments)
    except NoSuchModuleError as error:
        raise Refused(f"no driver for {url.drivername} is installed", "Ask the operator of the server") from error
    with engine.connect().execution_options(**options) as connection:
        for statement in _BEFORE.get(backend, ()):
            connection.exec_driver_sql(statement.format(ms=ms, s=ms // 1000))
        result = connection.exec_driver_sql(job["query"])
        yield from _batches(result, list(result.keys()))
        connection.rollback()


def _batches(rows: Any, names: list[str]) -> Iterator[Batch]:
    while batch := rows.fetchmany(_BATCH):
        yield names, batch


def _array(values: Any) -> Any:
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.array([None if value is None else str(value) for value in values], pa.string())


def _parquet(names: list[str], columns: list[list[Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_arrays([_joined(chunks) for chunks in columns], names=names)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _joined(chunks: list[Any]) -> Any:
    """One column of chunks that may have been taken for different types."""
    import pyarrow as pa

    tables = [pa.table({"column": chunk}) for chunk in chunks]
    try:
        return pa.concat_tables(tables, promote_options="permissive").column(0)
    except pa.ArrowException:
        return pa.chunked_array(
            [
                pa.array([None if value is None else str(value) for value in chunk.to_pylist()], pa.string())
                for chunk in chunks
            ]
        )


# -- files


def fetch(job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The one file of a folder of an object store that a pattern names."""
    import fsspec

    files, root = fsspec.core.url_to_fs(job["address"])
    path = "/".join(filter(None, (root.rstrip("/"), job["pattern"])))
    found = sorted(str(each) for each in files.glob(path)) if "*" in path or "?" in path else [path]
    if len(found) > 1:
        names = [each.rsplit("/", 1)[-1] for each in found]
        raise Refused(f"the pattern names {len(found)} files: {', '.join(names[:3])}", "Narrow the pattern")
    if not found or not files.exists(found[0]):
        raise Refused("no file has that name", "Look whether it was exported")
    info = files.info(found[0])
    if info.get("type") == "directory":
        raise Refused("this is a folder", "Name the file in it")
    size = info.get("size")
    if size and size > job["bytes"]:
        raise Refused(f"the file has {size / 1e6:,.0f} MB; at most {job['bytes'] / 1e6:,.0f} MB are read")
    with files.open(found[0], "rb") as file:
        content: bytes = file.read(job["bytes"] + 1)
    if len(content) > job["bytes"]:
        raise Refused(f"the file has more than {job['bytes'] / 1e6:,.0f} MB", "Split it")
    if size is not None and len(content) != size:
        raise Refused("the file changed while it was read", "Wait until it is written")
    at = next((info[key] for key in ("LastModified", "last_modified", "mtime", "created") if info.get(key)), "")
    return {"name": found[0].rsplit("/", 1)[-1], "at": _time(at)}, content


def _time(at: Any) -> str:
    if isinstance(at, int | float):
        at = datetime.datetime.fromtimestamp(at, datetime.UTC)
    return at.isoformat() if isinstance(at, datetime.datetime) else ""


if __name__ == "__main__":
    main()
