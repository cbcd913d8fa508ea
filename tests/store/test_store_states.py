"""What is read once of each state of the database, and never of another one."""

import shutil
from contextlib import closing
from pathlib import Path

from sop.store import Store, Transaction, cycles, open_store
from sop.store.transaction import read_once

asked: list[str] = []


@read_once
def _step(tx: Transaction, cycle: str) -> str:
    asked.append(cycle)
    return cycles.read_cycle(tx, cycle).step


def _read(store: Store) -> str:
    with store.read() as tx:
        return _step(tx, "2026-12")


def test_one_state_is_read_once_by_all_who_ask(company: Store) -> None:
    asked.clear()
    assert [_read(company) for _ in range(3)] == ["data"] * 3
    with company.read() as one, company.read() as other:
        assert _step(one, "2026-12") == _step(other, "2026-12") == "data"
    assert asked == ["2026-12"]


def test_what_anybody_changed_is_read_anew(company: Store, database_url: str) -> None:
    assert _read(company) == "data"
    with company.write() as tx:
        cycles.save_step(tx, "2026-12", "demand")
        # Whoever writes sees what they wrote, and shares it with nobody.
        assert _step(tx, "2026-12") == "demand"
        assert _read(company) == "data"
    assert _read(company) == "demand"
    with closing(open_store(url=database_url)) as another_program, another_program.write() as tx:
        cycles.save_step(tx, "2026-12", "supply")
    assert _read(company) == "supply"


def test_a_reader_keeps_to_the_state_in_which_it_began(company: Store) -> None:
    with company.read() as before:
        with company.write() as tx:
            cycles.save_step(tx, "2026-12", "demand")
        assert _read(company) == "demand"
        assert _step(before, "2026-12") == "data"
    assert _read(company) == "demand"


def test_of_a_file_that_was_put_in_its_place_nothing_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "Plan #1 50%?"
    folder.mkdir()
    with closing(open_store(folder)) as store:
        with store.write() as tx:
            cycles.add_cycle(tx, "2026-12", 24)
        with store.read() as tx:
            assert tx.known is not None
        shutil.copy(folder / "accord.sqlite", folder / "copy")
        (folder / "copy").replace(folder / "accord.sqlite")
        with store.read() as tx:
            assert tx.known is None


def test_a_closed_store_leaves_everything_in_its_one_file(tmp_path: Path) -> None:
    with closing(open_store(tmp_path)) as store:
        with store.write() as tx:
            cycles.add_cycle(tx, "2026-12", 24)
        with store.read() as tx:
            assert tx.known is not None, "the file is watched"
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(tmp_path / "accord.sqlite", tmp_path / "elsewhere")
    with closing(open_store(tmp_path / "elsewhere")) as copy, copy.read() as tx:
        assert cycles.read_cycle(tx, "2026-12").step == "data"
