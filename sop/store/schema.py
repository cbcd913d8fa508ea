"""Every table of the database. Tables in `APPEND_ONLY` refuse update, delete and replace by triggers.

Times are UTC text (`2026-12-01T09:30:00.000000Z`), all text is NFC, cycles are named by their first open month,
JSON is canonical text: the same value has the same bytes and the same hash on SQLite and PostgreSQL. The project
has its own registry, so that a hot reload of this module defines new tables and collides with no old ones.
"""

import json
import unicodedata
from typing import Any

from sqlalchemy import Index, LargeBinary, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from sop.core.errors import BadInput, SetupError

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def clean_text(text: str) -> str:
    """Text in NFC. Raises BadInput on what a database cannot keep: a NUL character or half a surrogate pair."""
    if text.isascii() and "\x00" not in text:
        return text
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadInput(
            f"{text[:40]!r} holds a character that is not text",
            remedy="Type the text again instead of pasting it",
        )
    return unicodedata.normalize("NFC", text)


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces and NFC text. Raises BadInput on NaN and infinity.

    >>> canonical_json({"b": 1.5, "a": None})
    '{"a":null,"b":1.5}'
    """
    try:
        return json.dumps(
            _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
    except ValueError as error:
        raise BadInput("a value that is not a finite number", remedy="Give a number or leave it out") from error


def _plain(value: Any) -> Any:
    """Containers, text and numbers as plain JSON types; numpy scalars become Python numbers."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


LENGTHS_OF = {("plan_events", "reason"): 2_500}
"""Columns whose texts are made of others: the decision over a dissent names who dissents."""


class CleanText(TypeDecorator[str]):
    """Text, normalised to NFC on the way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Normalise; refuse what is not text."""
        return None if value is None else clean_text(value)


class Json(TypeDecorator[Any]):
    """Any JSON value, kept as canonical text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """The value as canonical JSON text; None is JSON null."""
        return canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value back from its text. Raises SetupError where it is no JSON any more."""
        try:
            return None if value is None else json.loads(value)
        except ValueError as error:
            raise SetupError(
                "a row cannot be read back",
                where="database",
                why="it is damaged there",
                remedy="Stop the app, keep the file, and restore a backup into a new folder",
            ) from error


class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Base of every table row; rows never leave this package."""


def _text(**options: Any) -> Any:
    return Field(sa_type=CleanText, **options)


def _json(**options: Any) -> Any:
    return Field(sa_type=Json, nullable=False, **options)


class NumberedRow(Row):
    """Base of the rows that the database numbers."""

    id: int | None = Field(default=None, primary_key=True)


class SettingRow(Row, table=True):
    """A company setting; the version detects concurrent edits."""

    __tablename__ = "settings"
    key: str = _text(primary_key=True)
    value: Any = _json()
    version: int


class PersonRow(Row, table=True):
    """A person who may open the app, with the role that permissions follow."""

    __tablename__ = "people"
    id: str = _text(primary_key=True)
    name: str = _text()
    role: str = _text()
    active: bool


class PasswordRow(Row, table=True):
    """The argon2id hash of somebody's password; who has none cannot sign in by one."""

    __tablename__ = "passwords"
    person: str = _text(primary_key=True, foreign_key="people.id")
    hash: str = _text()
    set_at: str = _text()


class InvitationRow(Row, table=True):
    """A one-time link by which somebody sets a password; of its secret only the SHA-256 is kept."""

    __tablename__ = "invitations"
    key: str = _text(primary_key=True)
    person: str = _text(foreign_key="people.id")
    expires_at: str = _text()


class SessionRow(Row, table=True):
    """A browser that is signed in, in a demo perhaps as nobody yet; of its cookie only the SHA-256 is kept."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "person"),)
    key: str = _text(primary_key=True)
    person: str | None = _text(default=None, foreign_key="people.id")
    method: str = _text()
    started_at: str = _text()
    seen_at: str = _text()
    confirmed_at: str | None = _text(default=None)


class FailureRow(NumberedRow, table=True):
    """A wrong password of the last minutes: for whom, known or not, and from where."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "at"),)
    account: str = _text()
    address: str = _text()
    at: str = _text()


class MappingRow(Row, table=True):
    """How a source of a table was last read, where a source is known by its headers; "" is the last of any."""

    __tablename__ = "mappings"
    table_name: str = _text(primary_key=True)
    source: str = _text(primary_key=True)
    columns: Any = _json()
    set_values: Any = _json()
    answers: Any = _json()


class DataSourceRow(Row, table=True):
    """Where a table comes from each month, by the names of the operator's folders and connections."""

    __tablename__ = "sources"
    name: str = _text(primary_key=True)
    table_name: str = _text()
    kind: str = _text()
    place: str = _text()
    what: str = _text()
    owner: str = _text(foreign_key="people.id")
    mode: str = _text()
    columns: Any = _json()
    refreshed_at: str = _text(default="")
    refreshed_by: str = _text(default="")
    file: str = _text(default="")
    file_at: str = _text(default="")


class TableVersionRow(NumberedRow, table=True):
    """One imported content of a contract table, as Parquet, never changed after."""

    __tablename__ = "table_versions"
    __table_args__ = (Index(None, "table_name", "sha256"),)
    table_name: str = _text()
    sha256: str = _text()
    row_count: int
    payload: bytes = Field(sa_type=LargeBinary)
    file_name: str = _text()
    file_sha256: str = _text()
    mode: str = _text()
    imported_at: str = _text()
    by: str = _text()
    findings: Any = _json()
    cycle: str | None = _text(default=None)


class TableHeadRow(Row, table=True):
    """Which version of a table became current when: an import, or an undo that points back."""

    __tablename__ = "table_heads"
    __table_args__ = (Index(None, "table_name"),)
    seq: int | None = Field(default=None, primary_key=True)
    table_name: str = _text()
    version_id: int | None = Field(default=None, foreign_key="table_versions.id")
    kind: str = _text()
    at: str = _text()
    by: str = _text()


class CycleRow(Row, table=True):
    """One planning cycle; `version` moves at every edit in it, so that screens can poll it."""

    __tablename__ = "cycles"
    first_open: str = _text(primary_key=True)
    horizon: int
    step: str = _text()
    opened_at: str = _text()
    closed_at: str | None = _text(default=None)
    version: int = 1


class ScenarioRow(NumberedRow, table=True):
    """A named set of assumption values in a cycle: the working plan, a saved one, or a private draft."""

    __tablename__ = "scenarios"
    __table_args__ = (
        Index(
            "uq_scenarios_working",
            "cycle",
            unique=True,
            sqlite_where=text("kind = 'working'"),
            postgresql_where=text("kind = 'working'"),
        ),
        UniqueConstraint("cycle", "owner", "name"),
    )
    cycle: str = _text(foreign_key="cycles.first_open")
    name: str = _text()
    kind: str = _text()
    owner: str = _text()
    description: str = _text(default="")
    version: int = 1
    created_at: str = _text()
    updated_at: str = _text()
    updated_by: str = _text()
    expiry: str | None = _text(default=None)
    stands_on: str | None = _text(default=None)


class AssumptionRow(NumberedRow, table=True):
    """One value in the register of a scenario; `version` is the scenario's version at its last change."""

    __tablename__ = "assumption_values"
    __table_args__ = (UniqueConstraint("scenario_id", "key", "scope"),)
    scenario_id: int = Field(foreign_key="scenarios.id")
    key: str = _text()
    scope: str = _text(default="")
    value: Any = _json()
    reason: str = _text(default="")
    owner: str = _text(default="")
    by: str = _text()
    at: str = _text()
    expiry: str | None = _text(default=None)
    version: int
    start: str | None = _text(default=None)
    before: float | None = None


class KeptRow(Row):
    """The shape of a computed thing kept by the digest of its inputs."""

    key: str = _text(primary_key=True)
    facts: Any = _json()
    payload: bytes = Field(sa_type=LargeBinary)
    created_at: str = _text()


class ForecastRow(KeptRow, table=True):
    """A forecast, kept so that a plan can be computed again from it."""

    __tablename__ = "forecasts"


class KeptResultRow(KeptRow, table=True):
    """A heavy result that can be computed again, so it may be deleted."""

    __tablename__ = "kept_results"


class PlanRow(NumberedRow, table=True):
    """A plan that was proposed: its canonical content, compressed, and the digest that people sign."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("cycle", "revision"), Index(None, "digest"))
    cycle: str = _text(foreign_key="cycles.first_open")
    revision: int
    label: str = _text()
    digest: str = _text()
    content: bytes = Field(sa_type=LargeBinary)
    prepared_by: str = _text()
    created_at: str = _text()
    previous_digest: str | None = _text(default=None)
    scenario_id: int | None = Field(default=None, foreign_key="scenarios.id")
    software_version: str = _text()


class PlanFiguresRow(Row, table=True):
    """What is open of a plan's content, for the views that other programs read; the content says it compressed."""

    __tablename__ = "plan_figures"
    plan_id: int = Field(primary_key=True, foreign_key="plans.id", sa_column_kwargs={"autoincrement": False})
    figures: Any = _json()


class PlanEventRow(NumberedRow, table=True):
    """A change of a plan's state; the last one is its state."""

    __tablename__ = "plan_events"
    __table_args__ = (Index(None, "plan_id"),)
    plan_id: int = Field(foreign_key="plans.id")
    state: str = _text()
    by: str = _text()
    at: str = _text()
    reason: str = _text(default="")


class SignatureRow(NumberedRow, table=True):
    """One function's signature under a plan, with the digest that the signer was shown."""

    __tablename__ = "signatures"
    __table_args__ = (UniqueConstraint("plan_id", "function"),)
    plan_id: int = Field(foreign_key="plans.id")
    function: str = _text()
    person: str = _text()
    name: str = _text()
    role: str = _text()
    meaning: str = _text()
    comment: str = _text(default="")
    at: str = _text()
    auth_method: str = _text()
    digest_shown: str = _text()


class WaiverRow(NumberedRow, table=True):
    """A red finding that somebody accepted by name, with a reason and an end."""

    __tablename__ = "waivers"
    __table_args__ = (Index(None, "cycle"),)
    cycle: str = _text(foreign_key="cycles.first_open")
    plan_id: int | None = Field(default=None, foreign_key="plans.id")
    rule: str = _text()
    by: str = _text()
    reason: str = _text()
    expiry: str = _text()
    at: str = _text()


class DecidedRow(NumberedRow, table=True):
    """What somebody decided about a move: accepted, refused, deferred, taken back; the last one is its state."""

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "cycle"),)
    cycle: str = _text(foreign_key="cycles.first_open")
    move: str = _text()
    state: str = _text()
    by: str = _text()
    at: str = _text()
    note: str = _text(default="")
    until: str | None = _text(default=None)
    facts: Any = _json()


class ConsentRow(NumberedRow, table=True):
    """What somebody said about a scenario that is to become the working plan: asked, consents, declines, rules."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "cycle"),)
    scenario_id: int = Field(foreign_key="scenarios.id")
    cycle: str = _text(foreign_key="cycles.first_open")
    said: str = _text()
    function: str = _text(default="")
    basis: str = _text(default="")
    note: str = _text(default="")
    by: str = _text()
    at: str = _text()


class MinutesRow(NumberedRow, table=True):
    """The minutes of a meeting, as they were when it ended."""

    __tablename__ = "minutes"
    cycle: str = _text(foreign_key="cycles.first_open")
    by: str = _text()
    at: str = _text()
    facts: Any = _json()


class AuditRow(Row, table=True):
    """One entry of the audit chain; `hash` covers every other field and the hash before it."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("previous_hash"),)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: str = _text()
    who: str = _text()
    role: str = _text()
    action: str = _text()
    detail: Any = _json()
    previous_hash: str = _text()
    hash: str = _text()


def table_of(row: type[Row]) -> Table:
    """The database table of a row class."""
    return Row.metadata.tables[str(row.__tablename__)]


CHAINED: tuple[type[Row], ...] = (
    TableVersionRow,
    TableHeadRow,
    PlanRow,
    PlanEventRow,
    SignatureRow,
    WaiverRow,
    DecidedRow,
    ConsentRow,
    MinutesRow,
)
"""Tables whose every row has its digest in the audit chain."""

APPEND_ONLY: tuple[Table, ...] = (*map(table_of, CHAINED), table_of(PlanFiguresRow), table_of(AuditRow))
"""Tables that refuse update, delete and replace."""
