"""Launches, initiatives, outside events and leading indicators of the demo company, as seen at a vantage month.

Baselines never move; forecasts do, by the history of forecasts of each gate: (from position, month expected).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.demo.generator.catalogue import TIGHT_LINE
from data.demo.generator.chance import Chance
from data.demo.generator.newcomers import product_of
from data.demo.generator.operations import ROBOT_FROM, ROBOT_HOURS, ROBOT_RAMP
from data.demo.generator.timeline import END, HISTORY, NOW, POSITIONS, STORY, Timeline

INDICATOR_LEAD = 3
"""Months by which registrations run ahead of demand."""


@dataclass(frozen=True)
class GateDates:
    """A gate or milestone: baseline position, and the forecasts made of it as (vantage from, position)."""

    name: str
    baseline: int
    forecasts: tuple[tuple[int, int], ...] = ()
    after: str | None = None

    def forecast(self, vantage: int) -> int:
        """The position expected at a vantage: its last forecast made by then, else the baseline."""
        made = [position for since, position in self.forecasts if since <= vantage]
        return made[-1] if made else self.baseline


LAUNCHES = {
    "Compact Urban": (
        GateDates("1 Concept", -14),
        GateDates("2 Prototype", -9, ((-9, -8),)),
        GateDates("3 Industrialised", -1, ((-6, 0), (-4, 1), (-1, 2), (2, 3))),
        GateDates("4 Market launch", 3, ((-6, 4), (-4, 5), (-1, 6), (2, 7))),
    ),
    "Delivery XL": (
        GateDates("1 Concept", -4),
        GateDates("2 Prototype", 2, ((1, 3),)),
        GateDates("3 Industrialised", 8, ((3, 9), (9, 10))),
        GateDates("4 Market launch", 12, ((3, 13), (9, 14))),
    ),
}

MILESTONES = {
    "Second welding robot": (
        GateDates("Order placed", -5, ((-5, -4),)),
        GateDates("Robot delivered", 5, ((-4, 6),), "Order placed"),
        GateDates("Cell accepted", 9, ((-4, 10),), "Robot delivered"),
    ),
    "Motor second source": (
        GateDates("Supplier chosen", -3),
        GateDates("Samples released", 3, ((-2, 4),), "Supplier chosen"),
        GateDates("First series", 6, ((-2, 7),), "Samples released"),
    ),
    "Dealer direct Benelux": (
        GateDates("Portal live", -2),
        GateDates("Half the dealers", 3, (), "Portal live"),
        GateDates("All dealers", 8, (), "Half the dealers"),
    ),
    "Front box design to cost": (
        GateDates("Concept frozen", -6, ((-6, -5),)),
        GateDates("Tools released", 2, ((-3, 3),), "Concept frozen"),
        GateDates("Running change", 5, ((-3, 6),), "Tools released"),
    ),
    "Stock turns 6 to 8": (
        GateDates("Policy agreed", -1),
        GateDates("Safety stocks reset", 2, (), "Policy agreed"),
        GateDates("Trike stock released", 6, ((-1, 8),), "Safety stocks reset"),
    ),
}

INITIATIVES = (
    ("Second welding robot", "Head of operations", "Keep delivery promises", 620_000, 0.80, -5, 10),
    ("Motor second source", "Head of supply", "Keep delivery promises", 180_000, 0.70, -4, 7),
    ("Dealer direct Benelux", "Head of sales", "Grow in Benelux", 240_000, 0.65, -8, 8),
    ("Front box design to cost", "Head of product", "Margin above 34%", 220_000, 0.75, -9, 6),
    ("Stock turns 6 to 8", "Head of finance", "Free working capital", 40_000, 0.60, -2, 8),
)
"""Name, owner, goal, budget, confidence, first and last position of spending."""

BENEFITS = (
    ("Second welding robot", "capacity_hours", TIGHT_LINE, ROBOT_HOURS, "pct", ROBOT_FROM, ROBOT_RAMP),
    ("Motor second source", "supply", "Motor M-90", 0.20, "pct", 7, 3),
    ("Dealer direct Benelux", "demand", "Benelux", 0.03, "pct", 3, 8),
    ("Front box design to cost", "unit_cost", "Front box", -0.03, "pct", 6, 3),
    ("Stock turns 6 to 8", "inventory_target", None, -0.12, "pct", 3, 6),
)
"""Initiative, measure, scope, amount, unit, start position, months to full effect."""

EVENTS = (
    ("Motor supply cut", "Kurbelwerk cuts its M-90 motors by a third after a fire", "partner", "plan", 0.80,
     2, 5, "supply", -0.35, "Motor M-90", "Head of supply", "Second source; spot purchases", 60_000, -2),
    ("Discounter enters Longtail", "A discounter brings a longtail at 2 500 € to DACH", "competitor", "plan", 0.50,
     3, 12, "demand", -0.06, "Longtail", "Head of sales", "Service bundle for dealers", 90_000, -5),
    ("Parcel tender Rotterdam", "A parcel carrier tenders 150 bikes", "customer", "range", 0.35,
     5, 6, "demand", 0.25, "Fleet", "Head of sales", "Offer shared battery service", 40_000, -3),
    ("City grants Benelux", "Cities extend the purchase grant", "market", "range", 0.40,
     6, 9, "demand", 0.06, "Benelux", "Head of sales", None, None, -1),
    ("Steel surcharge", "Mills announce a surcharge on tubes", "partner", "range", 0.50,
     4, 12, "unit_cost", 0.012, None, "Head of supply", "Fix prices for half a year", 25_000, -14),
    ("Dealer chain in trouble", "A Nordic chain pays late", "customer", "watch", 0.20,
     2, 12, "demand", -0.10, "Nordics", "Head of finance", "Credit limit and retention of title", 0, -13),
)  # fmt: skip
"""In contract order; positions for the start and for when it became known."""

_EVENT_COLUMNS = (
    "event", "title", "source", "use", "probability", "start_month", "duration_months", "measure", "impact",
    "scope", "owner", "mitigation", "mitigation_cost", "known_since",
)  # fmt: skip


def strategy_tables(timeline: Timeline, vantage: int) -> dict[str, pd.DataFrame]:
    """Launches, initiatives and events as known when position `vantage` is the first open month."""
    return {
        "launches": _launches(vantage),
        "launch_gates": _gates(timeline, LAUNCHES, "launch", "gate", vantage).drop(columns="after"),
        "initiatives": _initiatives(vantage),
        "milestones": _gates(timeline, MILESTONES, "initiative", "milestone", vantage),
        "benefits": _benefits(timeline),
        "events": _events(timeline, vantage),
    }


def _launches(vantage: int) -> pd.DataFrame:
    """What each launch promises: for its family, and once it is on sale for its product."""
    rows = [
        ("Compact Urban", "Compact", None, 0.85, 62.0, 7.0, "CO-1203", "Longtail", 0.20, 240_000.0),
        ("Delivery XL", "Heavy duty", None, 0.60, 6.0, 9.0, "HD-1202", "Fleet", 0.15, 180_000.0),
    ]
    columns = ["launch", "family", "product", "probability", "peak_quantity", "ramp_months", "like_product",
               "cannibalises", "cannibalisation_pct", "cost"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    table.insert(7, "curve", "s_curve")
    product = pd.Series([product_of(launch, vantage) for launch in table["launch"]], dtype=object)
    return table.assign(product=product, family=table["family"].where(product.isna(), None))


def _gates(
    timeline: Timeline, gates: Mapping[str, tuple[GateDates, ...]], parent: str, name: str, vantage: int
) -> pd.DataFrame:
    """Baselines, the forecasts of the vantage, and what has happened before it."""
    rows = []
    for owner, chain in gates.items():
        for gate in chain:
            expected = gate.forecast(vantage)
            actual = timeline.month(expected) if expected < vantage else None
            months = (timeline.month(gate.baseline), timeline.month(expected), actual)
            rows.append((owner, gate.name, *months, gate.after))
    return pd.DataFrame(rows, columns=[parent, name, "baseline", "forecast", "actual", "after"])


def _initiatives(vantage: int) -> pd.DataFrame:
    """Spending runs evenly from its first to its last month."""
    rows = []
    for name, owner, goal, budget, confidence, first, last in INITIATIVES:
        share = np.clip((vantage - first) / (last - first + 1), 0, 1)
        rows.append((name, owner, goal, float(budget), round(float(budget * share), -2), confidence))
    return pd.DataFrame(rows, columns=["initiative", "owner", "goal", "budget", "spent", "confidence"])


def initiative_spending(months: int) -> np.ndarray:
    """What all initiatives spend in each month of the time axis (months,), EUR: what the ledger books."""
    at = POSITIONS[:months]
    spent = np.zeros(months)
    for *_, budget, _, first, last in INITIATIVES:
        spent += np.where((at >= first) & (at <= last), budget / (last - first + 1), 0.0)
    return spent


def _benefits(timeline: Timeline) -> pd.DataFrame:
    rows = [(*row[:5], timeline.month(row[5]), float(row[6])) for row in BENEFITS]
    columns = ["initiative", "measure", "scope", "amount", "unit", "start_month", "ramp_months"]
    return pd.DataFrame(rows, columns=columns)


def _events(timeline: Timeline, vantage: int) -> pd.DataFrame:
    rows = [
        (*row[:5], timeline.month(row[5]), float(row[6]), *row[7:13], timeline.month(row[13]))
        for row in EVENTS
        if row[13] < vantage
    ]
    return pd.DataFrame(rows, columns=list(_EVENT_COLUMNS)).astype({"mitigation_cost": float})


THRESHOLDS = {
    "Bicycle registrations": (96.0, 105.8, "Head of sales"),
    "Parcel volume": (98.0, np.nan, "Head of sales"),
    "Consumer confidence": (94.0, 106.0, "Head of finance"),
}
"""Indicator, the values below and above which an item opens, and who answers for it."""


def build_indicators(timeline: Timeline, mood: np.ndarray, seed: int) -> pd.DataFrame:
    """Leading indicators by month; each is published a month later. `mood` (DRAWN,) is the market's."""
    chance = Chance(seed, 8)
    at = np.arange(NOW - HISTORY, END)
    walk = np.cumsum(chance.months(lambda rng, months: rng.normal(0.0, 0.8, (2, months))), axis=1)
    noise = np.concatenate([chance.told.normal(0, 0.008, HISTORY), chance.later.normal(0, 0.008, STORY)])
    values = {
        "Bicycle registrations": 100 * np.exp(2 * mood[at + INDICATOR_LEAD] + noise),
        "Parcel volume": 100 + 0.12 * at + walk[0, at],
        "Consumer confidence": 98 + walk[1, at],
    }
    return pd.concat(
        [_published(timeline, at, name, series) for name, series in values.items()], ignore_index=True
    )


def _published(timeline: Timeline, at: np.ndarray, name: str, series: np.ndarray) -> pd.DataFrame:
    below, above, owner = THRESHOLDS[name]
    return pd.DataFrame(
        {
            "month": timeline.months[at],
            "indicator": name,
            "value": np.round(series, 1),
            "published_month": timeline.months[at + 1],
            "alert_below": below,
            "alert_above": above,
            "owner": owner,
            "at": at,
        }
    )


def indicators_table(indicators: pd.DataFrame, vantage: int) -> pd.DataFrame:
    """The indicators published before position `vantage`."""
    known = indicators[indicators["at"] + 1 < vantage + NOW]
    return known.drop(columns="at").reset_index(drop=True)
