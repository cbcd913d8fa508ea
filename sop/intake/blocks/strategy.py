"""Launches, initiatives and outside events. Months become positions from the first open month."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sop.core.calendar import Calendar
from sop.core.inputs import Benefit, Event, Families, Gate, Initiative, Launch, Products
from sop.core.terms import EventUse

Frames = Mapping[str, pd.DataFrame]
Row = Mapping[str, object]


def _rows(frame: pd.DataFrame | None, key: str) -> list[Row]:
    """Rows as mappings in order of their key; empty cells are left out."""
    if frame is None:
        return []
    records = frame.sort_values(key, kind="stable").to_dict("records")
    return [{str(k): v for k, v in record.items() if v is not None and v == v} for record in records]


def _text(row: Row, name: str) -> str:
    return str(row.get(name, ""))


def _number(row: Row, name: str, default: float = 0.0) -> float:
    return float(row.get(name, default))  # type: ignore[arg-type]


def _gates(frame: pd.DataFrame | None, calendar: Calendar, parent: str, name: str) -> dict[str, list[Gate]]:
    """Gates or milestones by their parent, in order of the baseline."""
    gates: dict[str, list[Gate]] = {}
    for row in _rows(frame, name):
        baseline = _text(row, "baseline") or _text(row, "forecast")
        forecast = _text(row, "forecast") or baseline
        if not baseline:
            continue
        actual = _text(row, "actual")
        gates.setdefault(_text(row, parent), []).append(
            Gate(
                _text(row, name),
                calendar.position(baseline),
                calendar.position(forecast),
                calendar.position(actual) if actual else None,
                _text(row, "after"),
            )
        )
    return {key: sorted(found, key=lambda gate: (gate.baseline, gate.name)) for key, found in gates.items()}


def build_launches(
    frames: Frames, calendar: Calendar, families: Families, products: Products, regions: tuple[str, ...]
) -> tuple[Launch, ...] | None:
    """Launches whose family is known; None when the table is not loaded."""
    if "launches" not in frames:
        return None
    gates = _gates(frames.get("launch_gates"), calendar, "launch", "gate")
    launches = []
    for row in _rows(frames["launches"], "launch"):
        family = _launch_family(row, families, products)
        if family is None:
            continue
        region, victim = _text(row, "region"), families.index(_text(row, "cannibalises"))
        launches.append(
            Launch(
                name=_text(row, "launch"),
                family=family,
                product=_text(row, "product"),
                regions=(regions.index(region),) if region in regions else tuple(range(len(regions))),
                probability=_number(row, "probability"),
                peak_units=_number(row, "peak_quantity"),
                ramp_months=_number(row, "ramp_months", 1.0),
                curve=_text(row, "curve") or "s_curve",
                cannibalises=victim[0] if victim else None,
                cannibalisation_pct=_number(row, "cannibalisation_pct"),
                cost=_number(row, "cost"),
                gates=tuple(gates.get(_text(row, "launch"), ())),
            )
        )
    return tuple(launches)


def _launch_family(row: Row, families: Families, products: Products) -> int | None:
    """The launch's planning family: its own, else its product's, else its like product's."""
    named = families.index(_text(row, "family"))
    if named:
        return named[0]
    for column in ("product", "like_product"):
        if _text(row, column) in products.numbers:
            return int(products.family[products.numbers.index(_text(row, column))])
    return None


def build_initiatives(frames: Frames, calendar: Calendar) -> tuple[Initiative, ...] | None:
    """Initiatives with milestones and benefits; None when the table is not loaded."""
    if "initiatives" not in frames:
        return None
    milestones = _gates(frames.get("milestones"), calendar, "initiative", "milestone")
    benefits: dict[str, list[Benefit]] = {}
    for row in _rows(frames.get("benefits"), "initiative"):
        start = _text(row, "start_month")
        benefits.setdefault(_text(row, "initiative"), []).append(
            Benefit(
                _text(row, "measure"),
                _text(row, "scope"),
                _number(row, "amount"),
                _text(row, "unit") or "pct",
                calendar.position(start) if start else 0,
                _number(row, "ramp_months", 1.0),
            )
        )
    return tuple(
        Initiative(
            name=_text(row, "initiative"),
            owner=_text(row, "owner"),
            goal=_text(row, "goal"),
            budget=_number(row, "budget"),
            spent=_number(row, "spent"),
            confidence=_number(row, "confidence"),
            milestones=tuple(milestones.get(_text(row, "initiative"), ())),
            benefits=tuple(benefits.get(_text(row, "initiative"), ())),
        )
        for row in _rows(frames["initiatives"], "initiative")
    )


def build_events(frames: Frames, calendar: Calendar) -> tuple[Event, ...] | None:
    """Outside events known before the first open month; None when the table is not loaded."""
    if "events" not in frames:
        return None
    known = [
        row
        for row in _rows(frames["events"], "event")
        if not _text(row, "known_since") or calendar.position(_text(row, "known_since")) <= 0
    ]
    return tuple(
        Event(
            name=_text(row, "event"),
            title=_text(row, "title"),
            source=_text(row, "source"),
            use=EventUse(_text(row, "use") or "watch"),
            probability=_number(row, "probability"),
            start=calendar.position(_text(row, "start_month")) if row.get("start_month") else 0,
            duration=int(_number(row, "duration_months", 1.0)),
            measure=_text(row, "measure"),
            impact=_number(row, "impact"),
            scope=_text(row, "scope"),
            owner=_text(row, "owner"),
            mitigation=_text(row, "mitigation"),
            mitigation_cost=_number(row, "mitigation_cost"),
        )
        for row in known
    )
