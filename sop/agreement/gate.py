"""The gate before signature: what is red stops it unless somebody waives it by name, with reason, until an end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sop.agreement.records import Waiver
from sop.core.calendar import is_period
from sop.core.errors import BadInput, Conflict
from sop.core.findings import Finding
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.terms import PlanName


def check_gate(plan: Plan, inputs: Inputs, imported: Sequence[Finding]) -> tuple[Finding, ...]:
    """Everything the gate finds: broken identities (red), stale or doubtful data, plans that are missing.

    `imported`: warnings under which the tables were imported that the plan rests on.
    """
    position = inputs.position
    return (
        *check_stock_identity(plan, position.inventory),
        *check_past_due_identity(plan, position.past_due.sum(axis=1)),
        *check_consensus_identity(plan),
        *check_profit_identity(plan),
        *inputs.findings,
        *imported,
        *missing_plans(plan),
    )


def import_warnings(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The warnings among the stored findings of an import, each without the folder in which its file lay.

    What is signed names no machine's folders.
    """
    return [
        Finding(**{**row, "file": str(row.get("file", "")).replace("\\", "/").rpartition("/")[2]})
        for row in rows
        if row.get("level") == "warning"
    ]


def red(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that stop the gate."""
    return tuple(finding for finding in findings if finding.level == "error")


def check_stock_identity(plan: Plan, opening: np.ndarray | None) -> tuple[Finding, ...]:
    """inventory[t] = inventory[t−1] + production + subcontract + adjustments − shipments, to the unit."""
    if opening is None or "inventory" not in plan:
        return ()
    inventory = plan["inventory"]
    before = np.concatenate([np.rint(opening).astype(np.int64)[:, None], inventory[:, :-1]], axis=1)
    flows = plan.by_family("production") + plan["subcontract"] + plan["adjustments"] - plan.by_family("shipments")
    return _broken(
        plan, "stock_identity", "inventory does not follow from its movements", before + flows - inventory
    )


def check_past_due_identity(plan: Plan, opening: np.ndarray | None) -> tuple[Finding, ...]:
    """past_due[t] = past_due[t−1] + due − shipments − lost, to the unit."""
    if opening is None or "past_due" not in plan:
        return ()
    late = plan["past_due"]
    before = np.concatenate([np.rint(opening).astype(np.int64)[:, None], late[:, :-1]], axis=1)
    flows = plan.by_family("due") - plan.by_family("shipments") - plan.by_family("lost_sales")
    return _broken(plan, "past_due_identity", "past due does not follow from its movements", before + flows - late)


def check_consensus_identity(plan: Plan) -> tuple[Finding, ...]:
    """Consensus demand is the sum of its terms, to the unit."""
    terms = (
        "baseline_forecast",
        "overrides",
        "launches",
        "cannibalisation",
        "events",
        "initiatives",
        "price_effect",
    )
    gap = sum(plan.by_family(term) for term in (*terms, "floor")) - plan.by_family("consensus_demand")
    return _broken(plan, "consensus_identity", "consensus demand is not the sum of its terms", gap)


def check_profit_identity(plan: Plan) -> tuple[Finding, ...]:
    """Revenue by family and region adds to the financial plan, and gross margin to its lines, to the cent."""
    if not plan.has_revenue:
        return ()
    gap = plan.total("revenue") - plan["total_revenue"]
    if "gross_margin" in plan:
        parts = plan["total_revenue"] - plan["cost_of_sales"] - plan["period_variance"]
        gap = np.abs(gap) + np.abs(parts - plan["gross_margin"])
    return _broken(plan, "profit_identity", "the financial plan does not add up", gap[None, :], ("company",))


def missing_plans(plan: Plan) -> tuple[Finding, ...]:
    """A note for every plan that is not available or only up to a line."""
    return tuple(
        Finding(
            "note",
            "plan_limited",
            f"{PlanName(name).title}: {found.why}",
            f"Import {', '.join(found.unlock)}" if found.unlock else "",
        )
        for name, found in plan.availability.items()
        if found.why
    )


def _broken(
    plan: Plan, rule: str, what: str, gap: Any, names: tuple[str, ...] | None = None
) -> tuple[Finding, ...]:
    names = names or plan.names("consensus_demand")
    return tuple(
        Finding(
            "error",
            rule,
            f"{what} in {plan.months[t]} by {int(gap[f, t])}",
            "Report this; do not sign",
            value=names[f],
        )
        for f, t in np.argwhere(gap)[:20]
    )


@dataclass(frozen=True)
class Waive:
    """A rule of the gate that is to be waived until a month or a day."""

    rule: str
    reason: str
    expiry: str

    def require_complete(self) -> None:
        """Raises BadInput without a reason or an end, or where the end is neither a month nor a day."""
        if (self.expiry and not is_period(self.expiry[:7])) or len(self.expiry) not in (0, 7, 10):
            raise BadInput(f"'{self.expiry}' is neither a month nor a day", remedy="Write YYYY-MM or YYYY-MM-DD")
        if not self.reason.strip() or not self.expiry:
            raise BadInput(f"the waiver of {self.rule} lacks its reason or its expiry", remedy="Give both")


def valid_on(day: str, waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Waivers that have not expired on an ISO day; one until a month holds to the month's end."""
    return tuple(waiver for waiver in waivers if waiver.expiry >= day[: len(waiver.expiry)])


def require_gate(findings: Iterable[Finding], valid: Iterable[Waiver]) -> None:
    """Raises Conflict where a red finding is not waived."""
    stopping = _not_waived(((finding.rule, str(finding)) for finding in red(findings)), valid)
    if stopping:
        raise Conflict(
            f"the gate is red: {stopping[0]}",
            why=f"{len(stopping)} finding(s) stop it",
            remedy="Mend them, or have the CEO waive them with reason and expiry",
        )


def require_still_waived(frozen: Iterable[Mapping[str, Any]], valid: Iterable[Waiver]) -> None:
    """Raises Conflict where a red finding that was frozen with a plan has no waiver that still holds."""
    stopping = _not_waived(((each["rule"], each["text"]) for each in frozen if each["level"] == "error"), valid)
    if stopping:
        raise Conflict(
            f"the gate is red: {stopping[0]}",
            why="its waiver has expired",
            remedy="Have the CEO waive it again, or propose a new revision",
        )


def _not_waived(red_findings: Iterable[tuple[str, str]], valid: Iterable[Waiver]) -> list[str]:
    """The words of red findings (rule, words) whose rule nobody waived."""
    waived = {waiver.rule for waiver in valid}
    return [words for rule, words in red_findings if rule not in waived]


def gate_content(findings: Iterable[Finding], valid: Iterable[Waiver]) -> dict[str, list[dict[str, Any]]]:
    """What the gate found and what was waived, as it is frozen with a plan."""
    return {
        "findings": plain_findings(findings),
        "waivers": [{"rule": w.rule, "by": w.by, "reason": w.reason, "expiry": w.expiry} for w in valid],
    }


def plain_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """What the gate found, as it is frozen with a plan."""
    return [{"level": f.level, "rule": f.rule, "text": str(f), "count": f.count} for f in findings]
