"""The gate on the Sign-off page: its lines with what may be done about each, and how the CEO waives a red one."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from sop.agreement.gate import GateLine, stopping
from sop.agreement.records import Waiver
from sop.core.format import number
from sop.services.agreement.frozen_plans import waive
from sop.services.agreement.gate_findings import working_gate
from sop.services.analysis.decisions import valuation_job
from sop.services.background import BackgroundJob
from sop.services.company.settings import list_people, who_may
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.jobs import follow_job
from sop.ui.kit.panel import panel, show_sentence
from sop.ui.kit.tables import show_table
from sop.views.executive.gate_words import gate_sentence, gate_table
from sop.views.executive.proposal import Proposal

_SHOWN = 14
"""Lines that stand on the page; the rest is counted, red ones are always among the first."""


def show_gate(proposal: Proposal) -> None:
    """The gate of a frozen plan: what it found, as it is signed, and who waived what until when."""
    note = "As it is signed with the plan; red lines stop every signature unless they are waived"
    with panel("The gate", note, "gate"):
        show_sentence(gate_sentence(proposal.gate, proposal.waivers))
        show_lines(proposal.gate, proposal.waivers, proposal.names, "Lines of the gate")


def show_working_gate(visit: Visit) -> None:
    """What the gate would say of the working plan now; the CEO can waive what is red."""
    note = "What the gate would say if it were proposed now"
    with panel("The working plan at the gate", note, "working_gate"):
        ask_for = partial(valuation_job, visit.room, visit.inputs, visit.room.assumptions())
        if isinstance(ask_for(), BackgroundJob):
            follow_job(ask_for, "Asking the gate; decisions are valued by planning again")
            return
        gate = working_gate(visit.room, visit.person.id, visit.inputs)
        names = {person.id: person.name for person in list_people(visit.room.store)}
        show_sentence(gate_sentence(gate.lines, gate.waivers))
        stops = {line.key: line.what for line in stopping(gate.lines, gate.waivers)}
        if stops and not visit.may("waive_finding"):
            st.caption(f"Red lines stop the proposal; {who_may('waive_finding')} may waive them here.")
        elif stops:
            with ask("waive", popover="Waive a red line", clear=True) as form:
                form.field(st.selectbox, "rule", "Red line", list(stops), format_func=lambda rule: stops[rule])
                form.field(
                    st.text_input, "reason", "Reason", placeholder="Why the plan may be signed all the same"
                )
                form.field(st.text_input, "expiry", "Until (YYYY-MM or YYYY-MM-DD)")
                waive_it = visit.call(waive, visit.inputs.cycle.first_open)
                form.button("Waive", waive_it, lambda waiver: f"{waiver.rule} is waived.")
        show_lines(gate.lines, gate.waivers, names, "Lines of the gate for the working plan")


def show_lines(lines: Sequence[GateLine], valid: Sequence[Waiver], names: Mapping[str, str], caption: str) -> None:
    """The gate's lines, the worst first."""
    if not lines:
        return
    show_table(gate_table(lines[:_SHOWN], valid, names, caption))
    if len(lines) > _SHOWN:
        st.html(grey_line(f"and {number(len(lines) - _SHOWN)} more; the snapshot lists them all"))
