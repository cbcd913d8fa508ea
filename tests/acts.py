"""A small company with a proposed plan, and every act that people do in it, to be disturbed in the middle."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from sop.core.errors import SopError
from sop.core.terms import Role
from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.intake.incoming import ImportRequest
from sop.intake.sources import DataSource
from sop.services.access.people import add_person
from sop.services.acting import acting
from sop.services.agreement import plan_acts
from sop.services.company.cycle import close_and_roll
from sop.services.data.imports import import_table, undo_import
from sop.services.data.sources import add_source, refresh_sources
from sop.services.process.comments import say
from sop.services.scenarios.drafts import change_assumption, working_scenario
from sop.sources.places import read_places
from sop.store import Store, open_store
from sop.store.audit import audit
from sop.store.decisions import add_decision, read_decisions
from sop.store.plans import read_plans
from sop.store.settings import save_person
from tests.bare_content import bare_content
from tests.soak.victims import load_sales, prepare, products_csv

CONTENT = bare_content("2026-12")
LONG = secrets.token_hex(900)
"""A text that no database packs smaller."""


def company_with_a_plan(url: str) -> Store:
    """A company with a plan up for signing, two imports of products, and everything ready to close the month."""
    prepare(url)
    store = open_store(url=url)
    with store.write() as tx:
        save_person(tx, "eva", "Eva", Role.ADMINISTRATOR)
        save_person(tx, "cyril", "Cyril", Role.EXECUTIVE)
    for name in ("First", "Second"):
        import_products(store, name)
    with acting(store, "jana", "import_data") as tx:
        load_sales(tx, "2026-12")
    plan_acts.store_proposal(store, "jana", CONTENT)
    return store


def keep_source(store: Store) -> None:
    """A source of products in the folder that the operator lets be read as 'exports'."""
    write_source("Fresh")
    add_source(store, "jana", DataSource("Products", "products", "file", "exports", "products.csv", ""))


def write_source(name: str) -> None:
    """What that source holds: other products than before."""
    (Path(read_places().folders["exports"]) / "products.csv").write_bytes(products_csv(name))


def import_products(store: Store, name: str) -> None:
    assert import_table(store, "jana", ImportRequest("products", products_csv(name), "p.csv")).imported


def supersede(store: Store) -> None:
    """Propose the next revision, which supersedes the one that is up for signing."""
    with store.read() as tx:
        revision = len(read_plans(tx, "2026-12")) + 1
    plan_acts.store_proposal(store, "jana", CONTENT | {"revision": revision, "more": LONG})
    with store.read() as tx:
        assert [plan.revision for plan in read_plans(tx, "2026-12", "proposed")] == [revision]


def refresh(store: Store) -> None:
    write_source(secrets.token_hex(50))
    assert refresh_sources(store, "jana").stored


def decide(store: Store) -> None:
    with acting(store, "cyril", "decide") as tx:
        add_decision(tx, "2026-12", f"move|{len(read_decisions(tx))}", "accepted", {"title": LONG})


def add_somebody(store: Store) -> None:
    name = secrets.token_hex(50)
    add_person(store, "eva", f"{name[:20]}@example.com", name, Role.VIEWER)


ACTS: dict[str, Callable[[Store], object]] = {
    "import": lambda store: import_products(store, secrets.token_hex(50)),
    "refresh": refresh,
    "undo": lambda store: undo_import(store, "jana", "products"),
    "edit": lambda store: change_assumption(
        store, "olga", working_scenario(store, "olga").id, "demand_pct", 0.1, reason=LONG
    ),
    "comment": lambda store: say(store, "karel", "family", "Boxes", LONG),
    "supersede": supersede,
    "sign": lambda store: plan_acts.sign(
        store, "olga", 1, sha256_hex(canonical_bytes(CONTENT)), meaning="dissent", comment=LONG
    ),
    "withdraw": lambda store: plan_acts.withdraw_plan(store, "jana", 1, LONG),
    "return": lambda store: plan_acts.return_plan(store, "olga", 1, LONG),
    "decide": decide,
    "close": lambda store: close_and_roll(store, "jana"),
    "person": add_somebody,
}
"""Each is one transaction."""


def crowd(store: Store) -> None:
    """Where the disk has no room, take what is left in the pages of the audit trail, in which every act writes."""

    def note(pen: Store, words: str) -> None:
        with pen.write() as tx:
            audit(tx, "crowded", {"words": words} if words else {})

    for words in (LONG, ""):
        while refusal_of(lambda pen, words=words: note(pen, words), store) is None:
            pass


def refusal_of(act: Callable[[Store], object], store: Store) -> SopError | None:
    """Why an act is refused; None where it is done."""
    try:
        act(store)
    except SopError as refusal:
        return refusal
    return None
