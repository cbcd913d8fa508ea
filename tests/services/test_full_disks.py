"""A disk that is full in the middle of each act and of each file: one sentence, nothing kept by half, and
it is done once there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from sop.agreement.records import PlanRecord
from sop.core.errors import SetupError, SopError
from sop.core.terms import Role
from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.services.agreement import plan_acts
from sop.services.company.backup import restore_backup, write_backup
from sop.services.data.board_pack import export_pdf, export_pptx, export_snapshot, export_workbook
from sop.services.data.exports import chosen_plan, export_inputs
from sop.services.data.open_data import export_parquet
from sop.services.demo.demo_workspace import build_demo_workspace
from sop.services.planning.room import PlanningRoom
from sop.store import Store, open_store
from sop.store.audit import chain_head, verify_chain
from sop.store.database import FILE_NAME
from sop.store.plans import read_signatures
from sop.store.settings import save_person
from tests.acts import ACTS, CONTENT, company_with_a_plan, crowd, keep_source, refusal_of
from tests.disks import database_on, fill, small_disk
from tests.services.planned_company import FUNCTIONS, make_room
from tests.sources.foreign import allow

FULL = "the disk of the database is full, nothing was saved"


@contextmanager
def no_room(store: Store) -> Iterator[None]:
    """An SQLite file that may not grow."""

    def cap(connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite raises it to the pages that there are

    def uncap(connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

    engine: Engine = store._write
    event.listen(engine, "begin", cap)
    yield
    event.remove(engine, "begin", cap)
    event.listen(engine, "begin", uncap)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def soon_full(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Store, Callable]]:
    """A company with a plan, and what takes all the room that its database has left, for a while."""
    exports = tmp_path / "exports"
    exports.mkdir()
    allow(tmp_path / "sources.toml", monkeypatch, {"exports": str(exports)})
    if request.param == "sqlite":
        store = company_with_a_plan(f"sqlite:///{tmp_path / FILE_NAME}")
        keep_source(store)
        yield store, lambda: no_room(store)
        store.close()
        return
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    with database_on(request.getfixturevalue("postgres_server"), "40m") as (url, place):
        store = company_with_a_plan(url)
        keep_source(store)

        @contextmanager
        def full() -> Iterator[None]:
            filler = fill(place)
            yield
            filler.unlink()

        yield store, full
        store.close()


@pytest.mark.parametrize("act", list(ACTS))
def test_an_act_that_meets_a_full_disk_is_not_kept_and_is_done_once_there_is_room(soon_full, act: str) -> None:
    store, full = soon_full
    with full():
        crowd(store)
        with store.read() as tx:
            head = chain_head(tx)
        refusal = refusal_of(ACTS[act], store)
        assert isinstance(refusal, SetupError)
        assert (refusal.what, "Free some space" in refusal.remedy) == (FULL, True)
        with store.read() as tx:
            assert chain_head(tx) == head
    assert refusal_of(ACTS[act], store) is None
    with store.read() as tx:
        assert verify_chain(tx).problems == ()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The same company in a file."""
    (tmp_path / "exports").mkdir()
    allow(tmp_path / "sources.toml", monkeypatch, {"exports": str(tmp_path / "exports")})
    opened = company_with_a_plan(f"sqlite:///{tmp_path / FILE_NAME}")
    keep_source(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("room", [0, 1, 3])
def test_a_disk_that_is_full_in_the_middle_of_an_act_keeps_none_of_it(store: Store, act: str, room: int) -> None:
    with store.read() as tx:
        head = chain_head(tx)

    def fill(connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + room}")

    # Pages that are free already would be written to before the disk is asked for more.
    event.listen(store._write, "begin", fill)
    outcome = ""
    for _ in range(40):
        try:
            ACTS[act](store)
        except SetupError as fault:
            outcome = fault.what
            break
        except SopError:
            break  # done before: doing it again is refused
        with store.read() as tx:
            head = chain_head(tx)
    if outcome:
        assert outcome == "the disk of the database is full, nothing was saved"
        with store.read() as tx:
            assert chain_head(tx) == head
    with store.read() as tx:
        assert verify_chain(tx).problems == ()
    path = store.file
    store.close()
    again = open_store(url=f"sqlite:///{path}")
    with again.write() as tx:
        save_person(tx, "late", "Late", Role.VIEWER)
    again.close()


@pytest.mark.parametrize("size", ["64k", "260k"])
def test_a_backup_for_which_there_is_no_room_leaves_nothing_and_says_so(
    store: Store, tmp_path: Path, size: str
) -> None:
    folder = store.file.parent
    with small_disk(tmp_path / "small", size) as place:
        (place / "other").write_bytes(b"x" * 20_000)
        with pytest.raises(SetupError, match="the disk is full") as refusal:
            write_backup(store, place / "accord.zip", folder)
        assert "Free some space" in refusal.value.remedy
        assert [path.name for path in place.iterdir()] == ["other"]
    write_backup(store, tmp_path / "accord.zip", folder)


@pytest.mark.parametrize("size", ["64k", "300k", "for the files alone"])
def test_a_restore_for_which_there_is_no_room_leaves_nothing_and_is_done_once_there_is(
    store: Store, tmp_path: Path, size: str
) -> None:
    write_backup(store, tmp_path / "accord.zip", store.file.parent)
    if size == "for the files alone":  # what proving needs is missing
        store.close()
        size = f"{sum(file.stat().st_size for file in store.file.parent.glob(FILE_NAME)) // 1024 + 16}k"
    with small_disk(tmp_path / "small", size) as place, (tmp_path / "accord.zip").open("rb") as backup:
        with pytest.raises(SetupError, match=r"nothing was restored, because the disk.* is full") as refusal:
            restore_backup(backup, place / "ours")
        assert "Free some space" in refusal.value.remedy
        assert list(place.rglob("*")) == []
    with (tmp_path / "accord.zip").open("rb") as backup:
        restore_backup(backup, tmp_path / "ours")
    again = open_store(tmp_path / "ours")
    with again.read() as tx:
        assert verify_chain(tx).problems == ()
    again.close()


def test_a_signature_for_whose_first_key_there_is_no_room_is_not_kept(store: Store, monkeypatch) -> None:
    folder = store.file.parent
    with small_disk(folder / "keys", "4k") as place:
        place.chmod(0o700)
        (place / "other").write_bytes(b"x" * 4096)
        with pytest.raises(SetupError, match="disk is full"):
            plan_acts.sign(store, "olga", 1, sha256_hex(canonical_bytes(CONTENT)))
        assert [path.name for path in place.iterdir()] == ["other"]
    with store.read() as tx:
        assert read_signatures(tx, 1) == ()
    plan_acts.sign(store, "olga", 1, sha256_hex(canonical_bytes(CONTENT)))


@pytest.mark.parametrize("size", ["40k", "600k", "1m"])
def test_a_demo_for_which_there_is_no_room_leaves_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    with small_disk(tmp_path / "small", size) as place:
        with pytest.raises(SetupError, match=r"no demo was built, because the disk.* is full") as refusal:
            build_demo_workspace(place / "ours", "2026-12", lambda share, what: None)
        assert refusal.value.where == str(place / "ours") and "Free some space" in refusal.value.remedy
        assert list(place.iterdir()) == []


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    """A company with a plan that all signed."""
    room = make_room(tmp_path_factory.mktemp("planned"))
    plan = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, plan.id, plan.digest)
    return room


EXPORTS: dict[str, Callable[[PlanningRoom, PlanRecord, Path], bytes]] = {
    "workbook": lambda room, plan, keys: export_workbook(room, "coordinator", plan),
    "pack as slides": lambda room, plan, keys: export_pptx(room, "coordinator", plan),
    "pack on paper": lambda room, plan, keys: export_pdf(room, "coordinator", plan),
    "snapshot": lambda room, plan, keys: export_snapshot(room, "coordinator", plan.id, keys),
    "open data": lambda room, plan, keys: export_parquet(room, "coordinator"),
    "inputs": lambda room, plan, keys: export_inputs(room.store, "coordinator"),
}


KEEPING = ("pack as slides", "pack on paper", "snapshot")
"""Those that keep draws of the plan, where none are kept yet."""


@pytest.mark.parametrize("export", list(EXPORTS))
def test_an_export_while_the_disk_of_the_database_is_full_is_whole_or_refused(
    planned: PlanningRoom, export: str
) -> None:
    store, refused = planned.store, False
    plan = chosen_plan(store, "coordinator", "agreed")
    assert plan is not None

    def make() -> int:
        return len(EXPORTS[export](PlanningRoom(store), plan, store.file.parent / "keys"))

    with no_room(store):
        crowd(store)
        with store.read() as tx:
            head = chain_head(tx)
        try:
            assert make() > 1_000
        except SetupError as refusal:
            refused = refusal.what == FULL and "Free some space" in refusal.remedy
            assert refused
        with store.read() as tx:
            assert chain_head(tx) == head
    assert export in KEEPING or not refused
    assert make() > 1_000
