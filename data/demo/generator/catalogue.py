"""What the demo company is made of: families, products, plants, lines, routings and materials.

Everything here is fixed by hand or drawn once with the seed; nothing depends on the month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.generator.timeline import FIRST, Timeline

REGIONS = ("Benelux", "DACH", "Nordics")
CHANNELS = ("Dealer", "Direct", "Fleet")

SEASONS = {
    "bikes": (0.66, 0.74, 1.04, 1.27, 1.36, 1.31, 1.14, 0.96, 1.01, 0.90, 0.76, 0.85),
    "parts": (0.85, 0.85, 0.98, 1.12, 1.15, 1.12, 1.05, 0.95, 0.98, 0.95, 0.98, 1.02),
    "projects": (1.00, 0.98, 1.08, 1.00, 1.02, 1.05, 1.02, 0.80, 1.08, 1.08, 1.05, 0.84),
}
"""Share of an average month, January to December."""


@dataclass(frozen=True)
class Family:
    """A family: volume in units a month, money per unit in EUR, growth a year, hours of labour per unit."""

    name: str
    code: str
    strategy: str
    products: int
    units_a_month: float
    list_price: float
    gross_margin: float
    season: str
    growth: float
    labour_hours: float
    cover_months: float
    region_share: tuple[float, float, float]
    channel_share: tuple[float, float, float]
    lead_time_days: int
    service_level: float
    volume: float
    priority: float = 1.0

    @property
    def lead_months(self) -> int:
        """Standard lead time in whole months; 0 when made to stock."""
        return round(self.lead_time_days / 30) if self.strategy == "MTO" else 0


_SHOP, _FLEET = (0.78, 0.22, 0.0), (0.0, 0.0, 1.0)

FAMILIES = (
    Family("Front box", "FB", "MTS", 18, 315, 4500, 0.335, "bikes", 0.03, 14, 1.0, (0.40, 0.38, 0.22),
           _SHOP, 7, 0.97, 1.6),
    Family("Longtail", "LT", "MTS", 16, 300, 3750, 0.32, "bikes", 0.03, 12, 1.0, (0.30, 0.45, 0.25),
           _SHOP, 7, 0.96, 1.3),
    Family("Trike", "TR", "MTS", 12, 122, 5200, 0.30, "bikes", 0.0, 16, 1.0, (0.25, 0.35, 0.40),
           _SHOP, 7, 0.95, 2.1),
    Family("Compact", "CO", "MTS", 14, 275, 3050, 0.31, "bikes", 0.04, 10, 1.0, (0.45, 0.33, 0.22),
           _SHOP, 7, 0.96, 1.0),
    Family("Fleet", "FL", "MTO", 10, 84, 6200, 0.32, "projects", 0.03, 20, 0, (0.42, 0.38, 0.20),
           _FLEET, 30, 0.95, 1.8, 1.2),
    Family("Heavy duty", "HD", "MTO", 8, 44, 9400, 0.37, "projects", 0.04, 32, 0, (0.35, 0.45, 0.20),
           _FLEET, 60, 0.95, 3.0, 1.2),
    Family("Accessories", "AC", "MTS", 24, 2750, 112, 0.45, "parts", 0.03, 0.4, 1.2, (0.38, 0.40, 0.22),
           (0.55, 0.45, 0.0), 5, 0.95, 0.04),
    Family("Spare parts", "SP", "MTS", 20, 1350, 290, 0.42, "parts", 0.03, 0.8, 1.5, (0.36, 0.40, 0.24),
           (0.70, 0.30, 0.0), 5, 0.95, 0.03),
)  # fmt: skip

PRICE_FACTOR = {"Dealer": 0.86, "Direct": 0.98, "Fleet": 0.90}
"""Net price as a share of list, by channel."""

LAUNCHED, LAUNCHED_AT = "FB-1217", -15
PHASED_OUT, PHASE_OUT_FROM, PHASE_OUT_TO = "LT-1215", -15, -5
RETIRED, RETIRED_AT = "CO-1213", -30
"""A launch, a phase-out and a retirement inside the history (positions in months)."""

_MODELS = ("City", "Family", "Sport", "Tour", "Cargo", "Eco")
_TRIMS = ("500", "750", "Belt")
_ACCESSORIES = (
    "Rain canopy", "Box liner", "Child bench", "Harness set", "Rear rack", "Side panniers", "Box lid",
    "Lock chain", "Frame lock", "Foot mat", "Seat cushion", "Cargo net", "Front basket", "Phone mount", "Mirror",
    "Wheel cover", "Parking stand", "Tow bar", "Reflective kit", "Winter gloves", "Rain cape",
    "Tool roll", "Box light", "Flag",
)  # fmt: skip
_SPARES = (
    "Battery 500", "Battery 750", "Charger", "Display", "Brake set", "Chain kit", "Belt kit", "Wheel front",
    "Wheel rear", "Tyre pair", "Fork", "Handlebar", "Saddle", "Light set", "Motor M-60", "Motor M-90",
    "Controller", "Cable tree", "Hub gear", "Crank set",
)  # fmt: skip
SPARSE = frozenset({"SP-1211", "SP-1215", "SP-1216", "SP-1217", "SP-1219", "HD-1207", "HD-1208", "AC-1218"})
"""Products with many months without demand."""


@dataclass(frozen=True)
class LineSpec:
    """A line or shared resource: hours a working day that it offers, and its demonstrated efficiency; the share of
    them that agencies offer beyond, and EUR for such an hour (not-a-number: nobody offers any)."""

    name: str
    plant: str
    hours_a_day: float
    efficiency: float
    shared: bool = False
    extra_share: float = float("nan")
    extra_price: float = float("nan")


TIGHT_LINE = "Gdansk welding"

LINES = (
    LineSpec("Brno welding", "Brno", 16.5, 0.95, extra_share=0.15, extra_price=44.0),
    LineSpec("Brno assembly", "Brno", 11.7, 0.95, extra_share=0.2, extra_price=36.0),
    LineSpec(TIGHT_LINE, "Gdansk", 14.5, 0.90, extra_share=0.15, extra_price=38.0),
    LineSpec("Gdansk assembly", "Gdansk", 12.0, 0.94, extra_share=0.2, extra_price=32.0),
    LineSpec("Venlo parts", "Venlo", 11.5, 0.96),
    LineSpec("Brno paint", "Brno", 20.0, 0.95, shared=True),
)


@dataclass(frozen=True)
class Plant:
    """A plant: wages in EUR an hour, public holidays by month, days shut in summer and winter."""

    name: str
    town: str
    labour_rate: float
    holidays: tuple[int, ...]
    summer_shutdown: int
    storage: float


PLANTS = (
    Plant("Brno", "Brno, frames and long bikes", 24.0, (1, 0, 0, 1, 2, 0, 1, 0, 1, 1, 1, 2), 5, 2200),
    Plant("Gdansk", "Gdańsk, heavy and fleet bikes", 22.0, (2, 0, 0, 1, 2, 0, 0, 1, 0, 0, 1, 2), 4, 1900),
    Plant("Venlo", "Venlo, parts and accessories", 34.0, (1, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 2), 3, 500),
)

ROUTINGS = {
    ("Front box", "Brno welding"): 0.5,
    ("Front box", "Gdansk assembly"): 0.75,
    ("Longtail", "Brno welding"): 0.425,
    ("Longtail", "Brno assembly"): 0.7,
    ("Compact", "Brno assembly"): 0.6,
    ("Trike", "Gdansk assembly"): 0.8,
    ("Fleet", TIGHT_LINE): 1.6,
    ("Heavy duty", TIGHT_LINE): 3.0,
    ("Accessories", "Venlo parts"): 0.03,
    ("Spare parts", "Venlo parts"): 0.06,
}
"""Machine hours per unit of a family on each line that can make it; the first line named is its home."""

PAINT_HOURS = {"Front box": 0.375, "Longtail": 0.3, "Compact": 0.275}
"""Hours per unit on the shared paint line."""

SECOND_HOME = {"Front box": ("Gdansk assembly", 13)}
"""The products of a family from this number on are made on its second line."""


@dataclass(frozen=True)
class Material:
    """A bought material: EUR a piece, lead time in days, and pieces per unit of each family."""

    name: str
    supplier: str
    price: float
    lead_time_days: int
    lead_time_sd_days: int
    usage: dict[str, float]
    headroom: float = 1.35


_LIGHT, _BOX, _BIKES = (
    ("Longtail", "Compact"),
    ("Front box", "Trike"),
    ("Front box", "Longtail", "Trike", "Compact"),
)

MATERIALS = (
    Material("Motor M-60", "Dynavolt", 290, 84, 14, dict.fromkeys(_LIGHT, 1.0)),
    Material("Motor M-90", "Kurbelwerk", 380, 98, 18, dict.fromkeys((*_BOX, "Fleet"), 1.0), 1.06),
    Material("Motor M-120", "Kurbelwerk", 640, 98, 18, {"Heavy duty": 1.0}),
    Material("Battery 500", "Cellstrom", 260, 70, 12, dict.fromkeys(_LIGHT, 1.0)),
    Material("Battery 750", "Cellstrom", 370, 70, 12, {**dict.fromkeys((*_BOX, "Fleet"), 1.0), "Heavy duty": 2.0}),
    Material("Tube set", "Moravia", 150, 42, 6, {**dict.fromkeys((*_BIKES, "Fleet"), 1.0), "Heavy duty": 2.0}),
    Material("Drivetrain kit", "Transa", 190, 63, 10, dict.fromkeys((*_BIKES, "Fleet", "Heavy duty"), 1.0)),
    Material("Wheel and brake set", "Rondo", 170, 35, 5,
             {**dict.fromkeys((*_BIKES, "Fleet"), 1.0), "Heavy duty": 1.5}),
    Material("Box shell", "Formplast", 140, 28, 4, dict.fromkeys(_BOX, 1.0)),
    Material("Technical fabric", "Textilia", 18, 28, 4, {"Accessories": 1.0}),
    Material("Component pack", "Transa", 62, 49, 8, {"Spare parts": 1.0}),
)  # fmt: skip

SUBCONTRACT = {"Fleet": (6.0, 1.10, 2), "Front box": (25.0, 1.14, 3)}
"""Outside supply: units a month, cost as a multiple of the standard cost, months of lead time."""

SPREAD = 0.16
"""How far list prices of a family's products lie around its own, as a fraction."""


@dataclass(frozen=True)
class Catalogue:
    """Products with their place in the company; arrays are by product.

    `family` and `line` are positions in FAMILIES and LINES; `weight` is the share of the family's demand;
    `lump` is the size of one order in units; `since` is the position from which on the product is known.
    """

    products: pd.DataFrame
    family: NDArray[np.intp]
    line: NDArray[np.intp]
    plant: NDArray[np.object_]
    weight: NDArray[np.float64]
    lump: NDArray[np.float64]
    since: NDArray[np.intp]

    @property
    def always(self) -> int:
        """How many products, the first ones, are known all the time."""
        return int((self.since == FIRST).sum())

    def known_at(self, vantage: int) -> pd.DataFrame:
        """The `products` table when position `vantage` is the first open month."""
        return self.products[self.since <= vantage].reset_index(drop=True)

    @property
    def numbers(self) -> list[str]:
        """Product numbers in order."""
        return list(self.products["product"])

    @property
    def unit_cost(self) -> NDArray[np.float64]:
        """Standard cost per unit in EUR."""
        return self.products["unit_cost"].to_numpy(float)


def build_catalogue(timeline: Timeline, seed: int) -> Catalogue:
    """All products, with prices and shares drawn with the seed."""
    rng = np.random.default_rng([seed, 1])
    rows, families, lines, weights = [], [], [], []
    for f, family in enumerate(FAMILIES):
        weight = np.sort(rng.uniform(0.35, 1.6, family.products))[::-1]
        numbers = [f"{family.code}-{1201 + i}" for i in range(family.products)]
        weight = np.where([n in SPARSE for n in numbers], 0.06, weight)
        weight = np.where([n in (LAUNCHED, PHASED_OUT, RETIRED) for n in numbers], 1.1, weight)
        spread = np.linspace(-SPREAD, SPREAD, family.products)[rng.permutation(family.products)]
        for i, number in enumerate(numbers):
            rows.append(_product(timeline, family, number, i, float(spread[i]), rng))
            families.append(f)
            lines.append(line_of(family.name, i))
        weights.extend(weight / weight.sum())
    line = np.array(lines)
    return Catalogue(
        products=pd.DataFrame(rows),
        family=np.array(families),
        line=line,
        plant=np.array([LINES[i].plant for i in line], dtype=object),
        weight=np.array(weights),
        lump=np.array(
            [4.0 if row["product"] in SPARSE and row["family"] == "Spare parts" else 1.0 for row in rows]
        ),
        since=np.full(len(rows), FIRST),
    )


def _product(
    timeline: Timeline, family: Family, number: str, i: int, spread: float, rng: np.random.Generator
) -> dict[str, object]:
    """One row of the `products` table."""
    price = round(family.list_price * (1 + spread), -1 if family.list_price > 1000 else 0)
    net = price * sum(s * PRICE_FACTOR[c] for s, c in zip(family.channel_share, CHANNELS, strict=True))
    launched = LAUNCHED_AT if number == LAUNCHED else -int(rng.integers(60, 130))
    return {
        "product": number,
        "name": _name(family, i),
        "family": family.name,
        "strategy": family.strategy,
        "unit": "each",
        "price": price,
        "unit_cost": round(net * (1 - family.gross_margin + float(rng.normal(0.0, 0.012))), 2),
        "status": {LAUNCHED: "launch", PHASED_OUT: "phase_out", RETIRED: "retired"}.get(number, "active"),
        "launch_date": timeline.month(launched),
        "standard_lead_time_days": float(family.lead_time_days),
        "target_lead_time_days": float(family.lead_time_days),
        "service_level": family.service_level,
        "volume_per_unit": family.volume,
        "priority": family.priority,
    }


def _name(family: Family, i: int) -> str:
    if family.code == "AC":
        return _ACCESSORIES[i]
    if family.code == "SP":
        return f"{_SPARES[i]} (spare)"
    return f"{family.name} {_MODELS[i // len(_TRIMS)]} {_TRIMS[i % len(_TRIMS)]}"


def line_of(family: str, i: int) -> int:
    """The line that makes a family's i-th product: its second home from a given number on, else its first."""
    second, start = SECOND_HOME.get(family, ("", 0))
    home = second if second and i + 1 >= start else home_line(family)
    return [line.name for line in LINES].index(home)


def home_line(family: str) -> str:
    """The first line named for a family."""
    return next(line for name, line in ROUTINGS if name == family)


def mean_unit_cost(catalogue: Catalogue) -> NDArray[np.float64]:
    """Standard cost per family unit in EUR, products weighted by their share of demand."""
    return np.bincount(catalogue.family, catalogue.weight * catalogue.unit_cost).astype(float)


def hours_per_unit(catalogue: Catalogue) -> NDArray[np.float64]:
    """Machine hours per unit of every product on the line that makes it."""
    return np.array(
        [
            ROUTINGS[FAMILIES[f].name, LINES[line].name]
            for f, line in zip(catalogue.family, catalogue.line, strict=True)
        ]
    )
