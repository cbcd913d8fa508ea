"""The board pack of a plan: of the working plan as it stands, or of one that was frozen with what was signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sop.agreement.records import PlanRecord, signature_fields
from sop.analysis.commitments import build_commitments
from sop.analysis.decisions.exceptions import AtStake, find_exceptions
from sop.analysis.supply.waiting import late_because
from sop.core.paper import BoardPack
from sop.core.register import as_assumptions
from sop.core.spreadsheet import Sheet
from sop.core.words import sha256_hex
from sop.files.export import write_workbook
from sop.files.snapshot import canonical_bytes
from sop.services.acting import reading
from sop.services.agreement.decision_acts import list_decisions, still_to_decide
from sop.services.agreement.frozen_plans import build_signed_snapshot, read_content, read_proposal
from sop.services.agreement.gate_findings import gate_of_view
from sop.services.analysis.changes import read_bridge, read_kpis
from sop.services.analysis.claims import read_track_record
from sop.services.analysis.decisions import value_decisions
from sop.services.analysis.drawing import Ranges, kept_ranges
from sop.services.analysis.outlook import read_outlook, read_outside_in
from sop.services.data.exports import content_as_it_stands, working_content
from sop.services.planning.choices import WORKING_PLAN, View, frozen_choice, read_view
from sop.services.planning.plan_context import against_last_year, plan_context
from sop.services.planning.room import InputSet, PlanningRoom, read_entries
from sop.services.planning.supply_questions import plan_limits
from sop.store.plans import read_agreed_plan, read_plan, read_plan_by_digest, read_plan_events, read_signatures
from sop.store.settings import read_people
from sop.views.board_pack.pack import PackSources, build_pack
from sop.views.board_pack.plans import PlanWords
from sop.views.executive.outlook_page import OutsideIn, build_outlook_page
from sop.views.executive.range_words import range_caption
from sop.views.production.limits import bottleneck_of
from sop.views.workbook.sheets import sheets_beside_plan

Report = Callable[[float], None]
"""Told the share that is done, 0 to 1."""

# The libraries that make slides and pages are loaded where a pack is made: no page waits for them.


def _write_pptx(pack: BoardPack) -> bytes:
    from sop.files.pack_pptx import write_pptx

    return write_pptx(pack)


def _write_pdf(pack: BoardPack) -> bytes:
    from sop.files.pack_pdf import write_pdf

    return write_pdf(pack)


_CLOSED = "its cycle is closed"


@dataclass(frozen=True)
class PackFiles:
    """A board pack as files, with the digest of the plan that both show."""

    pack: BoardPack
    pptx: bytes
    pdf: bytes


def read_pack(
    room: PlanningRoom, person_id: str, record: PlanRecord | None, report: Report = lambda share: None
) -> BoardPack:
    """The board pack of a frozen plan, or of the working plan (None) as it stands now.

    It rests on the ranges that are kept and draws none. Raises NotAllowed for who may not export.
    """
    with reading(room.store, person_id, "export") as tx:
        names = {person.id: person.name for person in read_people(tx)}
    inputs, view, digest = _plan_shown(room, person_id, record)
    base = _compared(room, person_id, record)
    report(0.1)
    is_open = view.plan.calendar.first_open == inputs.cycle.first_open
    bridge = read_bridge(room, inputs, view, base, lambda share: report(0.1 + 0.3 * share))
    ranges = kept_ranges(room, inputs, view.assumptions) if is_open else Ranges(None, why=_CLOSED)
    kpis = read_kpis(room, inputs, view, base)
    report(0.4)
    outside = read_outside_in(room, inputs, view) if is_open else OutsideIn((), ())
    held = read_track_record(room, inputs)
    outlook = read_outlook(inputs, view, base, ranges)
    page = build_outlook_page(outlook, ranges.draws, view.plan, kpis, view.assumptions, outside, held)
    report(0.5)
    valuation, worth = None, AtStake()
    if record is None:
        valued = value_decisions(room, inputs, view.assumptions, lambda share: report(0.5 + 0.4 * share))
        valuation, worth = still_to_decide(room, valued, inputs.cycle.first_open), valued.worth
    proposal = None if record is None else read_proposal(room, person_id, record.id, inputs)
    gate = gate_of_view(room, person_id, inputs, view)
    report(0.95)
    decided = [
        each for each in list_decisions(room.store, person_id) if each.cycle == view.plan.calendar.first_open
    ]
    commitments = proposal.commitments if proposal else build_commitments(view.plan, inputs.inputs.position.people)
    sources = PackSources(
        context=plan_context(room, person_id, view, base),
        words=_plan_words(room, inputs, view),
        plan_name=view.name,
        digest=digest,
        fictional=inputs.company.fictional,
        open_cycle=inputs.cycle.first_open,
        kpis=kpis,
        bridge=bridge,
        outlook=page,
        caption=range_caption(ranges.draws, held.share_of("revenue"), why=ranges.why),
        jumps=against_last_year(room, person_id, view) if is_open else (),
        valuation=valuation,
        decided=decided,
        exceptions=find_exceptions(view.plan, inputs.inputs, view.assumptions, worth, view.plan.money.labelled),
        commitments=commitments,
        gate=gate.lines,
        waivers=gate.waivers,
        proposal=proposal,
        names=names,
    )
    return build_pack(sources)


def _plan_shown(room: PlanningRoom, person_id: str, record: PlanRecord | None) -> tuple[InputSet, View, str]:
    """The plan with the digest of its content; the working plan's values are read once, so that one is shown."""
    if record is not None:
        view = read_view(room, person_id, frozen_choice(record))
        return room.input_set(), view, record.digest
    with reading(room.store, person_id, "export") as tx:
        entries = read_entries(tx)
    assumptions = as_assumptions(entries)
    while True:
        inputs, content = room.input_set(assumptions), content_as_it_stands(room, entries)
        # Somebody may have imported in between: then both are taken again.
        if content["inputs"] == [dict(source) for source in inputs.sources]:
            break
    view = View(WORKING_PLAN, room.plan(assumptions, inputs), assumptions)
    return inputs, view, sha256_hex(canonical_bytes(content))


def _compared(room: PlanningRoom, person_id: str, record: PlanRecord | None) -> View | None:
    """The agreed plan that a plan follows: the one in force, or of a frozen plan the one before it."""
    with reading(room.store, person_id) as tx:
        before = read_agreed_plan(tx)
        if record is not None:
            digest = read_plan(tx, record.id).previous_digest
            before = read_plan_by_digest(tx, digest) if digest else None
    return None if before is None else read_view(room, person_id, frozen_choice(before))


def _plan_words(room: PlanningRoom, inputs: InputSet, view: View) -> PlanWords:
    """What is found by planning again, which a frozen plan is not."""
    if view.record is not None:
        return PlanWords(view.assumptions, {}, None)
    limits = plan_limits(room, inputs, view, None)
    causes = late_because(view.plan)
    return PlanWords(view.assumptions, causes, bottleneck_of(limits.limits) if limits else None)


def export_pptx(room: PlanningRoom, person_id: str, record: PlanRecord | None) -> bytes:
    """The board pack as PowerPoint. Raises NotAllowed."""
    return _write_pptx(read_pack(room, person_id, record))


def export_pdf(room: PlanningRoom, person_id: str, record: PlanRecord | None) -> bytes:
    """The board pack as PDF: two pages of summary, then the long form. Raises NotAllowed."""
    return _write_pdf(read_pack(room, person_id, record))


def make_files(
    room: PlanningRoom, person_id: str, record: PlanRecord | None, report: Report = lambda share: None
) -> PackFiles:
    """The board pack in both forms. Raises NotAllowed."""
    pack = read_pack(room, person_id, record, lambda share: report(0.8 * share))
    pptx = _write_pptx(pack)
    report(0.9)
    return PackFiles(pack, pptx, _write_pdf(pack))


def export_workbook(room: PlanningRoom, person_id: str, record: PlanRecord | None) -> bytes:
    """The plan as XLSX: what it comes to beside budget, agreed plan and prior year, its family sheets, every line.

    None is the working plan. Raises NotAllowed.
    """
    if record is None:
        content = working_content(room, person_id)
        digest, signatures, events = sha256_hex(canonical_bytes(content)), [], []
    else:
        content, digest = read_content(room.store, person_id, record.id), record.digest
        with reading(room.store, person_id, "export") as tx:
            signatures = [signature_fields(signature) for signature in read_signatures(tx, record.id)]
            events = [{"state": event.state, "reason": event.reason} for event in read_plan_events(tx, record.id)]
    sheets = read_sheets(room, person_id, record)
    return write_workbook(content, signatures, digest, beside=sheets, provenance={"events": events})


def read_sheets(room: PlanningRoom, person_id: str, record: PlanRecord | None) -> tuple[Sheet, ...]:
    """The sheets of the workbook that compare a plan with what it does not hold. Raises NotAllowed."""
    with reading(room.store, person_id, "export"):
        _, view, _ = _plan_shown(room, person_id, record)
    context = plan_context(room, person_id, view, _compared(room, person_id, record))
    return sheets_beside_plan(context, view.name)


def export_snapshot(room: PlanningRoom, person_id: str, plan_id: int, keys_folder: Path) -> bytes:
    """The snapshot of a plan as zip bytes, with its board pack and the signatures that it has now.

    Raises NotAllowed.
    """
    with reading(room.store, person_id, "export") as tx:
        record = read_plan(tx, plan_id)
    files = make_files(room, person_id, record)
    copies = {"board-pack.pdf": files.pdf, "board-pack.pptx": files.pptx}
    beside = read_sheets(room, person_id, record)
    return build_signed_snapshot(room.store, person_id, plan_id, keys_folder, copies, beside)
