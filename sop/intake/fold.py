"""Like findings folded into one that counts them and gives examples, so that a list stays readable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sop.core.findings import Finding

SHOWN = 10
"""Like findings that are still listed one by one."""
_EXAMPLES = 5
_ORDER = ("error", "question", "warning", "note")


def fold(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of the same level, rule and column as one when there are more than `SHOWN`, worst level first."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.level, finding.rule, finding.column), []).append(finding)
    folded: list[Finding] = []
    for group in sorted(groups.values(), key=lambda group: _ORDER.index(group[0].level)):
        folded += [_fold(group)] if len(group) > SHOWN else group
    return tuple(folded)


def _fold(group: list[Finding]) -> Finding:
    first = group[0]
    count = sum(finding.count for finding in group)
    examples = "; ".join(f"line {f.line}: {f.value}" if f.value else f"line {f.line}" for f in group[:_EXAMPLES])
    return replace(first, what=f"{first.what}; {count:,} rows in all", value=f"{examples}; …", count=count)
