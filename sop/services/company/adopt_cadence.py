"""The cadence that is proposed for the company, and the CEO's yes to it: its calendar from the next cycle on."""

from sop.analysis.cadence import CompanyCadence, company_cadence, recent_revenue
from sop.core.calendar import LONGEST_HORIZON, SHORTEST_HORIZON
from sop.services.analysis.performance import read_cadences
from sop.services.company.cycle import CompanySettings, calendar_of, read_company, require_cycle
from sop.services.company.settings import set_planning_rules
from sop.services.planning.room import PlanningRoom


def read_company_cadence(room: PlanningRoom, person_id: str) -> CompanyCadence:
    """What is proposed for the whole company, from the cadences of its families. Raises NotAllowed."""
    return company_cadence(read_cadences(room, person_id), recent_revenue(room.input_set().inputs))


def adopt_cadence(room: PlanningRoom, person_id: str, expected_version: int) -> CompanySettings:
    """Make the proposed cadence the company's: calendar, horizon and frequency from the next cycle on, fences now.

    Families that need less are reviewed each quarter from now on, and those that need more are an exception
    between cycles once their orders leave their range. Raises NotAllowed, and Conflict while a plan is up for
    signature or where somebody changed the rules since `expected_version`.
    """
    wanted = read_company_cadence(room, person_id)
    with room.store.read() as tx:
        company, cycle = read_company(tx), require_cycle(tx)
    calendar = calendar_of(company, cycle)
    horizon = min(max(round(calendar.in_periods(wanted.horizon_months)), SHORTEST_HORIZON), LONGEST_HORIZON)
    slushy = min(max(round(calendar.in_periods(wanted.slushy_months)), 1), horizon, cycle.horizon)
    return set_planning_rules(
        room.store,
        person_id,
        horizon=horizon,
        frozen=min(max(round(calendar.in_periods(wanted.frozen_months)), 1), slushy),
        slushy=slushy,
        fiscal_start=f"W{company.fiscal_week}" if company.fiscal_week else company.fiscal_start,
        every=wanted.every,
        calendar=wanted.bucket,
        seldom=wanted.seldom,
        often=wanted.often,
        expected_version=expected_version,
    )
