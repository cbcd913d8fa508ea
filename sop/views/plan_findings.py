"""What was odd in the data of a plan, and what the plan takes instead, as sentences on its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sop.core.findings import Finding
from sop.core.plan import Plan
from sop.core.words import in_words
from sop.supply import supply_of


def supply_findings(plan: Plan, names: Mapping[str, str]) -> tuple[str, ...]:
    """What was odd in the supply data and what the plan does about it.

    `names`: what resources are called on screen, by code.
    """
    supply = supply_of(plan)
    return tuple(in_words(sentence, names) for sentence in _told(supply.findings if supply is not None else ()))


def money_findings(plan: Plan) -> tuple[str, ...]:
    """What was odd in the ledger, or is not in it, and what the plan takes instead."""
    return _told(plan.detail.booked)


def _told(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Findings as sentences, warnings before notes, each once."""
    found = sorted(findings, key=lambda finding: finding.level != "warning")
    told = [str(replace(finding, table="")) for finding in found]
    return tuple(dict.fromkeys(sentence[0].upper() + sentence[1:] for sentence in told))
