"""What the Sign-off page shows: one frozen plan with all that is signed with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sop.agreement.content import FrozenPlan
from sop.agreement.gate import GateLine, frozen_lines, worst_first
from sop.agreement.plan_states import SignOff
from sop.agreement.records import PlanRecord, Waiver
from sop.analysis.commitments import Commitment, build_commitments
from sop.analysis.comparison.compare import headline_of_base
from sop.analysis.gate.review_lines import table_lines
from sop.core.calendar import period_name
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.views.executive.plan_message import Headline


@dataclass(frozen=True)
class Proposal:
    """A frozen plan and where it stands. `previous`: what it is compared with, on this plan's months.

    `tables_since`: tables loaded anew since the plan was made; only told while it is up for signing. `waivers`: of
    its cycle, that hold today.
    """

    state: SignOff
    content: Mapping[str, Any]
    plan: Plan
    previous_name: str
    previous: Headline
    commitments: tuple[Commitment, ...]
    tables_since: tuple[str, ...]
    names: Mapping[str, str]
    waivers: tuple[Waiver, ...]

    @property
    def near_text(self) -> str:
        """How long the span of its headline figures and commitments is: '12 months'."""
        return self.plan.near_text

    @property
    def gate(self) -> tuple[GateLine, ...]:
        """What the gate found when the plan was frozen, and what is to be known since; the worst first."""
        return worst_first((*table_lines(self.tables_since), *frozen_lines(self.content)))

    @property
    def record(self) -> PlanRecord:
        """The plan's record."""
        return self.state.record

    @property
    def name(self) -> str:
        """The plan in words: 'Dec 2026, revision 1'."""
        return frozen_name(self.record)


def build_proposal(
    state: SignOff,
    frozen: FrozenPlan,
    inputs: Inputs,
    *,
    previous_name: str,
    previous: Plan | None,
    since: tuple[str, ...],
    names: Mapping[str, str],
    waivers: tuple[Waiver, ...],
) -> Proposal:
    """A frozen plan as the page shows it. `inputs`: of the open cycle; `names`: of people by id.

    `since`: tables loaded anew; while there are none, the people of today are those that the plan starts from.
    """
    is_open = state.record.cycle == inputs.calendar.first_open and not since
    return Proposal(
        state=state,
        content=frozen.content,
        plan=frozen.plan,
        previous_name=previous_name,
        previous=headline_of_base(frozen.plan, previous, inputs.families.made_to_order_names),
        commitments=build_commitments(frozen.plan, inputs.position.people if is_open else None),
        tables_since=since,
        names=names,
        waivers=waivers,
    )


def frozen_name(record: PlanRecord) -> str:
    """A frozen plan's cycle and revision in words."""
    return f"{period_name(record.cycle)}, revision {record.revision}"
