"""Service on the command line: on time in full of the past and the plan, and what is past due now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sop.core.calendar import period_name, worded
from sop.core.format import percent
from sop.core.words import literal, units_text

if TYPE_CHECKING:
    from sop.analysis.performance.service import Service
    from sop.core.plan import Worst


def service_fields(service: Service) -> dict[str, Any]:
    """Past and plan by one definition, as plain fields; None is not known."""
    return {
        "on_time": {
            "last_12_months": _rounded(service.last),
            "last_12_months_by_request": _rounded(service.by_request),
            "last_12_months_worst": _worst(service.worst),
            "next_12_months": service.next,
            "next_12_months_worst": _worst(service.next_worst),
            "counted_by": "value" if service.in_money else "units",
        },
        "past_due": {
            "units": None if service.inferred else service.past_due,
            "units_inferred": service.past_due if service.inferred else None,
            "month": service.month,
        },
    }


def print_service(service: Service, late: str) -> None:
    """The same for a reader, in two lines; a line of which nothing is known is left out. `late`: what is past due
    now, by family."""
    by = "value" if service.in_money else "units"
    print()
    if service.last is not None:
        print(literal(
            worded(f"On time in full, by {by}: {percent(service.last, 1)} in the last 12 months"
            f"{_named(service.worst)}, {percent(service.by_request, 1)} by request; "
            f"{percent(service.next, 1)} planned{_named(service.next_worst)}.")
        ))  # fmt: skip
    if late:
        print(literal(f"{late}."))
    elif service.past_due is not None:
        print(f"Past due at the end of {period_name(service.month)}: {units_text(service.past_due)}.")


def _named(worst: Worst | None) -> str:
    return "" if worst is None else f" ({worst.family} {percent(worst.value, 1)})"


def _worst(worst: Worst | None) -> dict[str, Any] | None:
    return None if worst is None else {"family": worst.family, "value": _rounded(worst.value)}


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
