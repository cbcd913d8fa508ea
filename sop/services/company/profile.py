"""The company's own settings: name, currency, calendar and ground rules."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from sop.agreement.ground_rules import GroundRules
from sop.core.calendar import Calendar
from sop.core.errors import BadInput, NotFound
from sop.store import Transaction
from sop.store.cycles import Cycle, read_current_cycle
from sop.store.settings import read_setting, save_setting


@dataclass(frozen=True)
class CompanySettings:
    """What holds for every cycle of a workspace.

    `access`: how people sign in; `demo` lets anybody on this machine choose a persona.
    """

    name: str = "Our company"
    currency: str = "EUR"
    fictional: bool = False
    horizon: int = 24
    frozen: int = 1
    slushy: int = 3
    fiscal_start: int = 1
    access: str = "demo"


def require_currency(code: str) -> None:
    """Raises BadInput where a currency is not written as its three capital letters."""
    if not re.fullmatch("[A-Z]{3}", code):
        raise BadInput(f"'{code}' is no currency", remedy="Give its three letters, such as EUR")


def read_company(tx: Transaction) -> CompanySettings:
    """The company's settings; defaults where nothing was set."""
    return CompanySettings(**read_setting(tx, "company", {}))


def save_company(tx: Transaction, company: CompanySettings) -> None:
    """Keep the company's settings."""
    save_setting(tx, "company", asdict(company))


def read_ground_rules(tx: Transaction) -> GroundRules:
    """The ground rules; CEO mode with every function where nothing was set."""
    found = read_setting(tx, "ground_rules", {})
    return GroundRules(**{**found, "functions": tuple(found["functions"])}) if found else GroundRules()


def calendar_of(company: CompanySettings, cycle: Cycle) -> Calendar:
    """The calendar of a cycle under the company's settings."""
    return Calendar(
        cycle.first_open,
        cycle.horizon,
        frozen=company.frozen,
        slushy=company.slushy,
        fiscal_start=company.fiscal_start,
    )


def require_cycle(tx: Transaction) -> Cycle:
    """The open cycle. Raises NotFound with the remedy where there is none."""
    cycle = read_current_cycle(tx)
    if cycle is None:
        raise NotFound("no cycle is open", remedy="Open one with `python -m sop init --cycle YYYY-MM`")
    return cycle
