"""Everything that people do, in any order, with restarts and restores between: a model says what must be there.

Hypothesis chooses the acts; `make soak` lets it choose for longer.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sop.agreement.ground_rules import GroundRules
from sop.core.errors import Conflict, NotFound, SopError
from sop.core.terms import Role
from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.intake.incoming import ImportRequest
from sop.services.acting import acting
from sop.services.agreement import plan_acts
from sop.services.company.backup import restore_backup, write_backup
from sop.services.company.cycle import close_and_roll, current_cycle
from sop.services.data.imports import import_table, undo_import
from sop.services.process.comments import list_comments, say
from sop.services.scenarios.drafts import change_assumption, entries, reset_assumption, working_scenario
from sop.store import Store, open_store
from sop.store.audit import verify_chain
from sop.store.data import read_table
from sop.store.database import FILE_NAME
from sop.store.decisions import add_decision, read_decisions
from sop.store.plans import read_plan_content, read_plans, read_signatures
from sop.store.settings import save_person, save_setting
from tests.bare_content import bare_content
from tests.conftest import new_database
from tests.soak.amount import amount
from tests.soak.victims import load_sales, prepare, products_csv

SIGNERS = {"olga": "sales", "karel": "operations"}
FINAL = ("returned", "withdrawn", "superseded")
Place = Callable[[], str]
"""Where the next run begins: the URL of an empty database."""


class Company(RuleBasedStateMachine):
    """The acts, and beside them what must be there."""

    place: Place
    can_restore = True

    @initialize()
    def begin(self) -> None:
        self.folders: list[Path] = []
        self.url = type(self).place()
        prepare(self.url)
        self.store: Store = open_store(url=self.url)
        with self.store.write(by="jana", role="coordinator") as tx:
            save_person(tx, "cyril", "Cyril", Role.EXECUTIVE)
            rules = GroundRules(mode="coalition", functions=("sales", "operations"), quorum=2)
            save_setting(tx, "ground_rules", asdict(rules) | {"functions": list(rules.functions)})
        self.product, self.count, self.value = "", 0, 0.0
        self.imports: list[str] = []
        self.has_sales = False
        self.said: list[str] = []
        self.decided: list[str] = []
        self.digests: dict[int, str] = {}
        self.signed: dict[int, set[str]] = {}
        self.ended: dict[int, str] = {}

    def proposed(self) -> int | None:
        month = current_cycle(self.store, "jana").first_open
        with self.store.read() as tx:
            return next((each.id for each in read_plans(tx, month, "proposed")), None)

    # -- acts

    @rule()
    def import_products(self) -> None:
        self.count += 1
        name = f"Box {self.count}"
        assert import_table(self.store, "jana", ImportRequest("products", products_csv(name), "p.csv")).imported
        self.imports.append(self.product)
        self.product = name

    @rule(steps=st.integers(-50, 50))
    def edit(self, steps: int) -> None:
        working = working_scenario(self.store, "olga")
        change_assumption(self.store, "olga", working.id, "demand_pct", steps / 100, reason="seen")
        self.value = steps / 100

    @rule(text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30))
    def comment(self, text: str) -> None:
        words = f"so {text} it is"
        self.said.append(say(self.store, "karel", "family", "Boxes", words).comment)

    @rule(state=st.sampled_from(["accepted", "refused", "deferred"]))
    def decide(self, state: str) -> None:
        month = current_cycle(self.store, "jana").first_open
        with acting(self.store, "cyril", "decide") as tx:
            add_decision(tx, month, f"move|{len(self.decided)}", state, {"title": "Hire"})
        self.decided.append(state)

    @rule()
    def propose(self) -> None:
        month = current_cycle(self.store, "jana").first_open
        with self.store.read() as tx:
            revision = len(read_plans(tx, month)) + 1
        earlier = self.proposed()
        content = bare_content(month, revision)
        record = plan_acts.store_proposal(self.store, "jana", content | {"value": str(self.value)})
        self.digests[record.id] = sha256_hex(canonical_bytes(content | {"value": str(self.value)}))
        self.signed[record.id] = set()
        if earlier is not None:
            self.ended[earlier] = "superseded"

    @rule(who=st.sampled_from(sorted(SIGNERS)))
    def sign(self, who: str) -> None:
        plan = self.proposed()
        if plan is None:
            return
        if who in self.signed[plan]:
            with pytest.raises(Conflict):
                plan_acts.sign(self.store, who, plan, self.digests[plan])
            return
        with pytest.raises(Conflict):
            plan_acts.sign(self.store, who, plan, "0" * 64)
        plan_acts.sign(self.store, who, plan, self.digests[plan])
        self.signed[plan].add(who)

    @rule()
    def withdraw(self) -> None:
        plan = self.proposed()
        if plan is not None:
            plan_acts.withdraw_plan(self.store, "jana", plan, "not yet")
            self.ended[plan] = "withdrawn"

    @rule()
    def hand_back(self) -> None:
        plan = self.proposed()
        if plan is not None:
            plan_acts.return_plan(self.store, "olga", plan, "too little for March")
            self.ended[plan] = "returned"

    @rule()
    def take_import_back(self) -> None:
        if not self.imports:
            with pytest.raises(NotFound):
                undo_import(self.store, "jana", "products")
            return
        if self.imports[-1] == "" and self.has_sales:
            with pytest.raises(Conflict):
                undo_import(self.store, "jana", "products")
            return
        undo_import(self.store, "jana", "products")
        self.product = self.imports.pop()

    @rule()
    def put_back(self) -> None:
        working = working_scenario(self.store, "olga")
        if "demand_pct" in {each.key for each in entries(self.store, "olga", working.id)}:
            reset_assumption(self.store, "olga", working.id, "demand_pct")
        self.value = 0.0

    @rule()
    def act_on_what_ended(self) -> None:
        for plan in [*self.ended][-1:]:
            with pytest.raises(SopError):
                plan_acts.sign(self.store, "olga", plan, self.digests[plan])
            with pytest.raises(SopError):
                plan_acts.withdraw_plan(self.store, "jana", plan, "again")

    @rule()
    def close(self) -> None:
        with acting(self.store, "jana", "import_data") as tx:
            load_sales(tx, current_cycle(self.store, "jana").first_open)
        self.has_sales = True
        close_and_roll(self.store, "jana")

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = open_store(url=self.url)

    @rule()
    def restore(self) -> None:
        if not type(self).can_restore:
            return
        folder = Path(tempfile.mkdtemp(prefix="accord-machine-"))
        self.folders.append(folder)
        write_backup(self.store, folder / "backup.zip", self.store.file.parent if self.store.file else None)
        with (folder / "backup.zip").open("rb") as source:
            place = restore_backup(source, folder / "again")
        self.store.close()
        self.url = f"sqlite:///{place / FILE_NAME}"
        self.store = open_store(url=self.url)

    # -- what must be there

    @invariant()
    def all_is_there(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.read() as tx:
            assert verify_chain(tx).problems == ()
            frame = read_table(tx, "products")
            assert ("" if frame is None else frame["name"].iloc[0]) == self.product
            assert [each.state for each in read_decisions(tx)] == self.decided
            records = read_plans(tx)
            assert {each.id: each.digest for each in records} == self.digests
            for record in records:
                assert sha256_hex(read_plan_content(tx, record.id)) == record.digest
                given = {each.person for each in read_signatures(tx, record.id)}
                assert given == self.signed[record.id]
                assert record.state != "agreed" or given == set(SIGNERS)
                if record.id in self.ended:
                    assert record.state == self.ended[record.id], "what ended stays ended"
                if record.state in FINAL:
                    self.ended[record.id] = record.state
            months = {record.cycle for record in records}
            assert all(sum(r.state == "proposed" for r in records if r.cycle == m) <= 1 for m in months)
            assert sum(record.state == "agreed" for record in records) <= 1
        assert sorted(each.comment for each in list_comments(self.store, "karel")) == sorted(self.said)
        values = {e.key: e.value for e in entries(self.store, "olga", working_scenario(self.store, "olga").id)}
        assert values.get("demand_pct", 0.0) == self.value

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            for folder in self.folders:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def places(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Makes an empty database for every run."""
    made = iter(range(10_000))
    if kind == "sqlite":

        def in_folder() -> str:
            folder = tmp_path / str(next(made))
            folder.mkdir()
            return f"sqlite:///{folder / FILE_NAME}"

        yield in_folder
        return
    opened: list = []
    server = request.getfixturevalue("postgres_server")

    def on_server() -> str:
        opened.append(new_database(server))
        return str(opened[-1].__enter__())

    yield on_server
    for each in opened:
        each.__exit__(None, None, None)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def test_whatever_people_do_in_any_order_is_there_and_nothing_else(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    with places(kind, request, tmp_path) as place:

        class Machine(Company):
            pass

        Machine.place = staticmethod(place)
        Machine.can_restore = kind == "sqlite"
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=amount(2, 60),
                stateful_step_count=amount(15, 50),
                deadline=None,
                database=None,
                derandomize=not amount(0, 1),
                suppress_health_check=list(HealthCheck),
            ),
        )
