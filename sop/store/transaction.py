"""One transaction: the session, the one instant it happens at, and who acts in it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import select
from sqlmodel import Session

from sop.core.errors import NotFound
from sop.store.schema import Row

Record = TypeVar("Record")
Found = TypeVar("Found", bound=Row)
Asked = ParamSpec("Asked")
Told = TypeVar("Told")
Clock = Callable[[], datetime]
Known = dict[Hashable, Any]
"""What was read of one state of the database, by what read it and what was asked."""
_NOTHING = object()


def utc_now() -> datetime:
    """The present instant in UTC: the only clock of the database floor."""
    return datetime.now(UTC)


def time_text(instant: datetime) -> str:
    """An instant as UTC text that sorts in time order.

    >>> time_text(datetime(2026, 12, 1, 9, 30, tzinfo=UTC))
    '2026-12-01T09:30:00.000000Z'
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_after(at: str, later: timedelta) -> str:
    """The time text so much later; earlier where the difference is negative.

    >>> time_after("2026-12-01T09:30:00.000000Z", timedelta(minutes=-30))
    '2026-12-01T09:00:00.000000Z'
    """
    return time_text(datetime.fromisoformat(at) + later)


@dataclass(frozen=True)
class Transaction:
    """What the subject modules work with. `at`: UTC text, the same for every row written in the transaction.

    `by` is the id of the acting person and `role` their role; a read transaction has neither. `known`: what has
    been read before of the state that a reader sees; None where it writes, or that state has no name.
    """

    session: Session
    at: str
    by: str = ""
    role: str = ""
    known: Known | None = field(default=None, repr=False, compare=False)


def read_once(
    read: Callable[Concatenate[Transaction, Asked], Told],
) -> Callable[Concatenate[Transaction, Asked], Told]:
    """Something that is read once of each state of the database, by whoever asks first in this process.

    It may rest on nothing but the database and what is asked: on no clock and no style of figures. What it tells
    is shared, so nobody may change it: records, tuples and texts. What it raises is not kept.
    """

    @wraps(read)
    def told(tx: Transaction, /, *asked: Asked.args, **named: Asked.kwargs) -> Told:
        if tx.known is None:
            return read(tx, *asked, **named)
        key = (read, asked, *sorted(named.items()))
        found = tx.known.get(key, _NOTHING)
        if found is _NOTHING:
            found = tx.known[key] = read(tx, *asked, **named)
        return cast(Told, found)

    return told


def as_record(kind: type[Record], row: Row, **more: Any) -> Record:
    """A database row as a frozen record with the same field names; `more` gives fields that the row lacks."""
    names = [field.name for field in fields(kind) if field.name not in more]  # type: ignore[arg-type]
    return kind(**{name: getattr(row, name) for name in names}, **more)


def read_records(
    tx: Transaction,
    kind: type[Record],
    of: type[Row],
    *conditions: Any,
    order_by: tuple[Any, ...],
    **more: Callable[[Any], Any],
) -> tuple[Record, ...]:
    """Rows as frozen records, only the columns that these hold: a third of what whole rows cost.

    `more`: fields that the row lacks, each worked out from the row's columns.
    """
    names = [field.name for field in fields(kind) if field.name not in more]  # type: ignore[arg-type]
    found = tx.session.execute(
        select(*(getattr(of, name) for name in names)).where(*conditions).order_by(*order_by)
    )
    return tuple(
        kind(**dict(zip(names, row, strict=True)), **{name: make(row) for name, make in more.items()})
        for row in found
    )


def require_row(tx: Transaction, kind: type[Found], key: Any, what: str, remedy: str = "") -> Found:
    """The row of a key. Raises NotFound, naming what there is none of."""
    row = tx.session.get(kind, key)
    if row is None:
        raise NotFound(f"there is no {what}", remedy=remedy)
    return row
