"""What `plan` tells of what may come: ranges, chances of targets, and what past claims were worth.

Money is in the company's currency, lead time in days, on time a fraction; None is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sop.analysis.ranges.claims import SAID
from sop.cli.terminal import print_rows
from sop.core.format import number, percent
from sop.core.money import MINOR
from sop.views.executive.claim_words import record_sentence

if TYPE_CHECKING:
    from sop.analysis.ranges.claims import ClaimRow
    from sop.analysis.ranges.projections import Projection, Target
    from sop.core.measures import Headline
    from sop.core.plan import Plan
    from sop.views.executive.outlook_page import OutlookPage

_QUANTILES = ("p2_5", "p10", "p50", "p90", "p97_5")


def range_fields(page: OutlookPage, plan: Plan) -> dict[str, Any]:
    """Ranges by measure and span, and the chance of each target and of all of a kind at once."""
    joint = [
        {"target": each.kind, "measure": None, "chance": each.chance, "standard_error": each.standard_error}
        for each in page.targets.joint
    ]
    return {
        "ranges": [_range(row, plan) for row in page.projections],
        "chances": [_chance(row) for row in page.targets.rows] + joint,
        "claims": [_claim(row) for row in page.record.rows],
    }


def _range(row: Projection, plan: Plan) -> dict[str, Any]:
    return {
        "measure": row.headline.key,
        "first": plan.months[row.horizon.first],
        "last": plan.months[row.horizon.last],
        "plan": _figure(row.headline, row.plan),
        **{name: _figure(row.headline, getattr(row, name)) for name in _QUANTILES},
        "shortfall": _figure(row.headline, row.shortfall),
        "draws": row.draws,
    }


def _chance(row: Target) -> dict[str, Any]:
    return {
        "target": row.kind,
        "measure": row.headline.key,
        "mark": _figure(row.headline, row.mark),
        "chance": row.chance,
        "standard_error": row.standard_error,
    }


def _claim(row: ClaimRow) -> dict[str, Any]:
    """`bias` as a share of what came: positive is planned too high."""
    return {
        "measure": row.headline.key,
        "horizon": row.horizon,
        "said": SAID,
        "came_true": row.share,
        "bias": round(row.bias, 4),
        "claims": row.claims,
    }


def _figure(entry: Headline, value: float) -> float:
    """A headline value in its unit: money in currency, anything else as it is."""
    return round(value / MINOR, 2) if entry.unit == "currency" else round(value, 4)


def print_ranges(page: OutlookPage, plan: Plan) -> None:
    """The ranges of the next twelve months and the chances for a reader."""
    near: Sequence[Projection] = [row for row in page.projections if row.horizon == page.spans[0]]
    if near:
        print(f"\nNext {plan.near_text}: between P10 and P90 in eight of ten cases ({near[0].draws} drawn)")
        print_rows(
            ("measure", "plan", "P10", "P50", "P90", "mean of the worst tenth"),
            [
                (row.headline.label, *(_text(row.headline, value) for value in
                 (row.plan, row.p10, row.p50, row.p90, row.shortfall)))
                for row in near
            ],
        )  # fmt: skip
    if page.targets.rows:
        print(f"\nChance of each target, next {plan.near_text}")
        rows = [(row.kind, row.headline.label, percent(row.chance)) for row in page.targets.rows]
        joint = [(each.kind, "all at once", percent(each.chance)) for each in page.targets.joint]
        print_rows(("target", "measure", "chance"), [*rows, *joint])
    sentence = record_sentence(page.record)
    if sentence:
        print(f"\n{sentence}")


def _text(entry: Headline, value: float) -> str:
    if entry.unit == "currency":
        return number(value / MINOR)
    return percent(value, 1) if entry.unit == "fraction" else number(value, 1)
