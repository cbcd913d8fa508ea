"""The gate before proposing and before each signature: its lines, and what is red stops both unless somebody
waives it by name, with reason, until an end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sop.agreement.records import Waiver
from sop.core.calendar import end_of, is_day_or_period, worded, written
from sop.core.errors import BadInput, Conflict
from sop.core.findings import Finding
from sop.core.format import how_many
from sop.core.terms import Role
from sop.core.words import months_in_words

GateLevel = Literal["red", "amber", "info"]
LEVELS: tuple[GateLevel, ...] = ("red", "amber", "info")
"""The worst first: stops the plan, is to be known before it is signed, is for information."""

_LEVEL_OF: dict[str, GateLevel] = {"error": "red", "warning": "amber", "question": "amber", "note": "info"}
"""The level of a finding at the gate; plans that were signed before 0.3 keep their gate in these words."""


@dataclass(frozen=True)
class GateLine:
    """One line of the gate.

    `rule`: which check speaks. `what`: the line in words, with its place; `where`: the
    family, line, plant, table or person alone; `remedy`: what may be done; `owner`: who, by title.
    """

    level: GateLevel
    rule: str
    what: str
    where: str = ""
    remedy: str = ""
    owner: str = ""

    @property
    def key(self) -> str:
        """What a waiver of this line names: its rule, and where it speaks of one place that place."""
        return f"{self.rule}: {self.where}" if self.where else self.rule

    def __str__(self) -> str:
        return f"{self.what}. {self.remedy}".rstrip(". ") + "."

    def fields(self) -> dict[str, str]:
        """The line as plain fields: for JSON, and as it is frozen with a plan."""
        return asdict(self)


def line_of(row: Mapping[str, Any]) -> GateLine:
    """A line read back from what was frozen with a plan; one of an earlier version holds a finding instead."""
    if row["level"] in _LEVEL_OF:
        return GateLine(_LEVEL_OF[row["level"]], row["rule"], str(row["text"]).removesuffix("."))
    return GateLine(**row)


def frozen_lines(content: Mapping[str, Any]) -> tuple[GateLine, ...]:
    """The lines that were frozen with a plan's content, as they stand there."""
    return tuple(line_of(row) for row in content["gate"]["findings"])


def line_of_finding(finding: Finding) -> GateLine:
    """What a check of the data or of the supply problem found, as a line."""
    return GateLine(
        _LEVEL_OF[finding.level],
        finding.rule,
        months_in_words(finding.said),
        finding.where,
        finding.remedy,
        Role.COORDINATOR.title,
    )


def worst_first(lines: Iterable[GateLine]) -> tuple[GateLine, ...]:
    """The lines by level, each level in the order given."""
    return tuple(sorted(lines, key=lambda line: LEVELS.index(line.level)))


def red(lines: Iterable[GateLine]) -> tuple[GateLine, ...]:
    """Lines that stop the gate."""
    return tuple(line for line in lines if line.level == "red")


def waiver_of(line: GateLine, valid: Iterable[Waiver]) -> Waiver | None:
    """The last of these waivers that names a red line, or its rule wherever it speaks; None without any."""
    named = [waiver for waiver in valid if line.level == "red" and waiver.rule in (line.key, line.rule)]
    return named[-1] if named else None


def stopping(lines: Iterable[GateLine], valid: Sequence[Waiver]) -> tuple[GateLine, ...]:
    """Red lines that none of these waivers names."""
    return tuple(line for line in red(lines) if waiver_of(line, valid) is None)


@dataclass(frozen=True)
class Waive:
    """A line of the gate, named by its key or its rule, that is to be waived until a month or a day."""

    rule: str
    reason: str
    expiry: str

    def require_complete(self) -> None:
        """Raises BadInput without a reason or an end, or where the end is neither a month nor a day."""
        if self.expiry and not is_day_or_period(self.expiry):
            raise BadInput(
                worded(f"'{self.expiry}' is neither a month nor a day"), remedy=f"Write {written()} or YYYY-MM-DD"
            )
        if not self.reason.strip() or not self.expiry:
            raise BadInput(f"the waiver of {self.rule} lacks its reason or its expiry", remedy="Give both")


def valid_on(day: str, waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Waivers that have not expired on an ISO day; one until a month holds to the month's end."""
    return tuple(waiver for waiver in waivers if end_of(waiver.expiry) >= day)


def require_waived(lines: Iterable[GateLine], waivers: Sequence[Waiver], day: str) -> None:
    """Raises Conflict where a red line has no waiver that holds on an ISO day.

    `waivers`: all of the cycle, expired ones included.
    """
    left = stopping(lines, valid_on(day, waivers))
    if not left:
        return
    expired = waiver_of(left[0], waivers) is not None
    more = f", and {how_many(len(left) - 1, 'more lines', 'are')} red" if len(left) > 1 else ""
    raise Conflict(
        f"the gate is red: {left[0].what}",
        why=("its waiver has expired" if expired else "nobody has waived it") + more,
        remedy="Mend it and propose again, or have the CEO waive it on the Sign-off page with reason and expiry",
    )


def gate_content(lines: Iterable[GateLine], valid: Iterable[Waiver]) -> dict[str, list[dict[str, Any]]]:
    """What the gate says and what was waived, as it is frozen with a plan."""
    return {
        "findings": [line.fields() for line in lines],
        "waivers": [{"rule": w.rule, "by": w.by, "reason": w.reason, "expiry": w.expiry} for w in valid],
    }
