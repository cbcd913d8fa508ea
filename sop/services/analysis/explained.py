"""A figure of a plan taken apart: loads the rows of the company's tables behind it, and who set what, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from sop.agreement.records import PlanRecord
from sop.analysis.explain.explain import (
    NO_ROWS,
    ExplainedFigure,
    explain_headline,
    explain_measure,
    explained_figure,
)
from sop.analysis.explain.parts import Place
from sop.analysis.explain.sources import name_rows, tables_behind
from sop.core.errors import NotFound
from sop.core.inputs import Inputs
from sop.core.measures import headline_measure
from sop.core.register import Note
from sop.intake.assemble import assemble
from sop.services.acting import reading
from sop.services.planning.choices import View, told_values
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store import Transaction
from sop.store.data import read_digests, read_heads, read_tables_by_sha256
from sop.store.frames import Frame


@dataclass(frozen=True)
class _Basis:
    """What the plan that is shown was made from, and the digests of its tables where it is frozen."""

    inputs: Inputs
    digests: Mapping[str, str]
    notes: tuple[str, ...] = ()


def explain_figure(
    room: PlanningRoom, person_id: str, inputs: InputSet, view: View, key: str, place: Place
) -> ExplainedFigure:
    """A measure of the plan that is shown, taken apart. Raises NotFound where it has none, and NotAllowed."""
    basis, tables = _behind(room, person_id, inputs, view, key)
    reasons, setters = _told(room, person_id, view)
    found = explain_measure(view.plan, basis.inputs, view.assumptions, key, place, tables, reasons)
    return explained_figure(found, setters, basis.notes, frozen=view.record is not None)


def explain_card(
    room: PlanningRoom, person_id: str, inputs: InputSet, view: View, headline: str
) -> ExplainedFigure:
    """A headline measure of the plan that is shown, taken apart. Raises NotFound and NotAllowed."""
    basis, tables = _behind(room, person_id, inputs, view, headline_measure(headline).line)
    reasons, setters = _told(room, person_id, view)
    found = explain_headline(view.plan, basis.inputs, view.assumptions, headline, tables, reasons)
    return explained_figure(found, setters, basis.notes, frozen=view.record is not None)


def _behind(
    room: PlanningRoom, person_id: str, inputs: InputSet, view: View, key: str
) -> tuple[_Basis, dict[str, Frame]]:
    """What a plan was made from, with the rows of the tables behind a measure."""
    with reading(room.store, person_id) as tx:
        if view.record is None:
            digests = read_digests(tx)
            basis = _Basis(inputs.inputs, digests)
        else:
            basis = _frozen_basis(room, tx, inputs, view.record)
        wanted = {name: basis.digests[name] for name in tables_behind(key) if name in basis.digests}
        return basis, _named_rows(tx, wanted)


def _frozen_basis(room: PlanningRoom, tx: Transaction, inputs: InputSet, record: PlanRecord) -> _Basis:
    """The inputs of a frozen plan, read by the digests that were signed; today's where a table is gone."""
    frozen = room.recast(tx, record)
    plan, digests = frozen.plan, frozen.sources

    def make() -> Inputs:
        tables = read_tables_by_sha256(tx, digests)
        return assemble(tables, plan.calendar, company=plan.company, currency=plan.currency)

    try:
        return _Basis(room.memo.get(("basis", record.digest), make), digests)
    except NotFound:
        return _Basis(inputs.inputs, {}, (NO_ROWS,))


def _named_rows(tx: Transaction, digests: Mapping[str, str]) -> dict[str, Frame]:
    """Tables by digest; rows that came without a file are named by what was stored, as if it were a file."""
    files = {name: head.file_name for name, head in read_heads(tx).items() if head.sha256 == digests.get(name)}
    tables = read_tables_by_sha256(tx, digests)
    return {name: name_rows(frame, files.get(name, name)) for name, frame in tables.items()}


def _told(
    room: PlanningRoom, person_id: str, view: View
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], Note]]:
    """The reason of every value set in what is shown, and who set it; a frozen plan keeps the reasons."""
    told = told_values(room, person_id, view)
    setters = {place: note for place, note in told.items() if note.at}
    return {place: note.reason for place, note in told.items()}, setters
