"""Launches, initiatives, outside events and indicators. Months become positions from the first open month."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar
from sop.core.inputs import (
    Benefit,
    Event,
    Families,
    Floats,
    Gate,
    History,
    Initiative,
    Launch,
    LeadingIndicator,
    Products,
)
from sop.core.terms import EventUse
from sop.intake.blocks.frames import Frames, Row, read_rows, row_number, row_text, text_rows

Part = TypeVar("Part")


def _parts(
    frame: pd.DataFrame | None, parent: str, name: str, read: Callable[[Row], Part]
) -> dict[str, tuple[Part, ...]]:
    """What belongs to each parent, in order of `name`."""
    rows = sorted(read_rows(frame, name), key=lambda row: row_text(row, parent))
    return {key: tuple(map(read, own)) for key, own in groupby(rows, key=lambda row: row_text(row, parent))}


def _gates(frame: pd.DataFrame | None, calendar: Calendar, parent: str, name: str) -> dict[str, tuple[Gate, ...]]:
    """Gates or milestones by their parent, in order of the baseline; those without any month are left out."""

    def gate(row: Row) -> Gate | None:
        baseline, forecast, actual = (row_text(row, column) for column in ("baseline", "forecast", "actual"))
        if not baseline and not forecast:
            return None
        return Gate(
            row_text(row, name),
            calendar.position(baseline or forecast),
            calendar.position(forecast or baseline),
            calendar.position(actual) if actual else None,
            row_text(row, "after"),
        )

    return {
        key: tuple(sorted(filter(None, found), key=lambda gate: (gate.baseline, gate.name)))
        for key, found in _parts(frame, parent, name, gate).items()
    }


def first_sales(frame: pd.DataFrame, products: Products, history: History, calendar: Calendar) -> Floats:
    """First month on sale (N,) in months from the first open one: as stated, else the first with an order.

    Not-a-number for a product that sold already in the history's first month, or never.
    """
    stated: dict[str, str] = dict(text_rows(frame, "product", "launch_date"))
    sold = np.nan_to_num(history.ordered).sum(axis=1) > 0
    first = np.where(sold.any(axis=1), sold.argmax(axis=1), -1)
    found = np.where(first > 0, first - len(history.months), np.nan).astype(float)
    for i, number in enumerate(products.numbers):
        if stated.get(number):
            found[i] = calendar.position(stated[number])
    return found


def build_launches(
    frames: Frames, calendar: Calendar, families: Families, products: Products, regions: tuple[str, ...]
) -> tuple[Launch, ...] | None:
    """Launches whose family is known; None when the table is not loaded."""
    if "launches" not in frames:
        return None
    gates = _gates(frames.get("launch_gates"), calendar, "launch", "gate")
    launches = []
    for row in read_rows(frames["launches"], "launch"):
        family = _launch_family(row, families, products)
        if family is None:
            continue
        region, victim = row_text(row, "region"), families.index(row_text(row, "cannibalises"))
        launches.append(
            Launch(
                name=row_text(row, "launch"),
                family=family,
                product=row_text(row, "product"),
                regions=(regions.index(region),) if region in regions else tuple(range(len(regions))),
                probability=row_number(row, "probability"),
                peak_units=calendar.per_period(row_number(row, "peak_quantity")),
                ramp_months=calendar.in_periods(row_number(row, "ramp_months", 1.0)),
                curve=row_text(row, "curve") or "s_curve",
                cannibalises=victim[0] if victim else None,
                cannibalisation_pct=row_number(row, "cannibalisation_pct"),
                cost=row_number(row, "cost"),
                gates=gates.get(row_text(row, "launch"), ()),
                like=_position(row, "like_product", products),
                replaces=_position(row, "replaces", products),
                phase_out_months=calendar.in_periods(row_number(row, "phase_out_months", 3.0)),
                spent=row_number(row, "spent"),
                a_month=calendar.in_periods(1),
            )
        )
    return tuple(launches)


def _position(row: Row, column: str, products: Products) -> int | None:
    """Position of the product that a cell names."""
    name = row_text(row, column)
    return products.numbers.index(name) if name in products.numbers else None


def _launch_family(row: Row, families: Families, products: Products) -> int | None:
    """The launch's planning family: its own, else its product's, else its like product's."""
    own = [_position(row, column, products) for column in ("product", "like_product")]
    of_products = (int(products.family[place]) for place in own if place is not None)
    return next(iter((*families.index(row_text(row, "family")), *of_products)), None)


def build_initiatives(frames: Frames, calendar: Calendar) -> tuple[Initiative, ...] | None:
    """Initiatives with milestones and benefits; None when the table is not loaded."""
    if "initiatives" not in frames:
        return None
    milestones = _gates(frames.get("milestones"), calendar, "initiative", "milestone")
    benefits = _parts(
        frames.get("benefits"),
        "initiative",
        "initiative",
        lambda row: Benefit(
            row_text(row, "measure"),
            row_text(row, "scope"),
            _amount(row, calendar),
            row_text(row, "unit") or "pct",
            calendar.position(row_text(row, "start_month")) if row.get("start_month") else 0,
            calendar.in_periods(row_number(row, "ramp_months", 1.0)),
        ),
    )
    return tuple(
        Initiative(
            name=row_text(row, "initiative"),
            owner=row_text(row, "owner"),
            goal=row_text(row, "goal"),
            budget=row_number(row, "budget"),
            spent=row_number(row, "spent"),
            confidence=row_number(row, "confidence"),
            milestones=milestones.get(row_text(row, "initiative"), ()),
            benefits=benefits.get(row_text(row, "initiative"), ()),
            a_month=calendar.in_periods(1),
        )
        for row in read_rows(frames["initiatives"], "initiative")
    )


def _amount(row: Row, calendar: Calendar) -> float:
    """What a benefit changes: a share, or units or hours a period."""
    amount = row_number(row, "amount")
    return calendar.per_period(amount) if row_text(row, "unit") == "abs" else amount


def build_events(frames: Frames, calendar: Calendar) -> tuple[Event, ...] | None:
    """Outside events known before the first open month; None when the table is not loaded."""
    if "events" not in frames:
        return None
    return tuple(
        Event(
            name=row_text(row, "event"),
            title=row_text(row, "title"),
            source=row_text(row, "source"),
            use=EventUse(row_text(row, "use") or "watch"),
            probability=row_number(row, "probability"),
            start=calendar.position(row_text(row, "start_month")) if row.get("start_month") else 0,
            duration=max(int(calendar.in_periods(row_number(row, "duration_months", 1.0))), 0),
            measure=row_text(row, "measure"),
            impact=row_number(row, "impact"),
            scope=row_text(row, "scope"),
            owner=row_text(row, "owner"),
            mitigation=row_text(row, "mitigation"),
            mitigation_cost=row_number(row, "mitigation_cost", float("nan")),
        )
        for row in read_rows(frames["events"], "event")
        if not row.get("known_since") or calendar.position(row_text(row, "known_since")) <= 0
    )


def build_indicators(frames: Frames, calendar: Calendar) -> tuple[LeadingIndicator, ...] | None:
    """Leading indicators as published by the first open month; None when the table is not loaded."""
    if "indicators" not in frames:
        return None

    def known(row: Row) -> bool:
        return calendar.position(row_text(row, "published_month") or row_text(row, "month")) <= 0

    by_name = _parts(frames["indicators"], "indicator", "month", lambda row: row)
    published = {name: list(filter(known, rows)) for name, rows in by_name.items()}
    return tuple(
        LeadingIndicator(
            name=name,
            months=tuple(row_text(row, "month") for row in rows),
            values=np.array([row_number(row, "value", np.nan) for row in rows]),
            alert_below=float(_last(rows, "alert_below", np.nan)),
            alert_above=float(_last(rows, "alert_above", np.nan)),
            owner=_last(rows, "owner", ""),
            event=_last(rows, "event", ""),
        )
        for name, rows in published.items()
        if rows
    )


def _last(rows: list[Row], column: str, missing: Any) -> Any:
    """The last figure or text that a column holds."""
    return next((row[column] for row in reversed(rows) if column in row), missing)
