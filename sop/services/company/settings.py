"""The company's settings: what holds in every cycle, who may change it, people, and the audit trail.

Ground rules and planning rules are one setting each, changed as a whole with its version, so that a change made
meanwhile by somebody else is never lost. Every change is in the audit trail with what it was and is now.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import groupby

from sop.access import PERMISSIONS
from sop.agreement.ground_rules import GroundRules, checked_rules
from sop.core.calendar import (
    LONGEST_HORIZON,
    MONTH_NAMES,
    SHORTEST_HORIZON,
    WEEK,
    Calendar,
    RetailBucket,
    bucket_named,
    bucket_of,
    fiscal_start_of,
    require_frequency,
    worded,
)
from sop.core.errors import BadInput, Conflict
from sop.core.format import STYLES, how_many
from sop.core.terms import Role
from sop.services.acting import acting, reading
from sop.services.company.cycle import (
    SINGLE_MONTHS,
    CompanySettings,
    calendar_of,
    read_company,
    read_ground_rules,
    require_cycle,
)
from sop.services.company.start import CALENDARS
from sop.services.company.trail_words import act_words
from sop.store import Store, Transaction
from sop.store.audit import ChainCheck, read_audit, verify_chain
from sop.store.cycles import Cycle
from sop.store.plans import read_plans
from sop.store.settings import Person, read_people, read_settings, save_setting

TRAIL = 500
"""Entries of the audit trail that are read at once."""


@dataclass(frozen=True)
class Settings:
    """Everything that holds in every cycle; `versions` by setting are what a change is checked against."""

    company: CompanySettings
    rules: GroundRules
    cycle: Cycle
    people: tuple[Person, ...]
    versions: Mapping[str, int]
    signing: bool

    @property
    def calendar(self) -> Calendar:
        """The calendar of the open cycle."""
        return calendar_of(self.company, self.cycle)

    @property
    def message(self) -> str:
        """How the company plans and decides, in one sentence."""
        count = len(self.rules.required)
        how = (
            f"all {count} functions sign, and the CEO chairs"
            if self.rules.mode == "ceo"
            else f"{self.rules.needed} of {count} functions sign"
        )
        return (
            f"{self.company.name} plans {self.calendar.count(self.cycle.horizon)}, {self.company.frozen} frozen "
            f"and approval of changes to {self.calendar.word} {self.company.slushy}{self._next}; {how}."
        )

    @property
    def _next(self) -> str:
        """What calendar comes with the next cycle, where it is another: in the open one none changes."""
        key = self.company.next_calendar
        return f", from the next cycle on in {CALENDARS[key]}" if key else ""


@dataclass(frozen=True)
class TrailEntry:
    """One act in the audit trail, in words; `action`: of its first entry, `at`: UTC text."""

    at: str
    who: str
    role: str
    action: str
    text: str


def read_settings_page(store: Store, person_id: str) -> Settings:
    """All settings. Raises NotAllowed, and NotFound without a cycle."""
    with reading(store, person_id, "read_audit") as tx:
        cycle = require_cycle(tx)
        return Settings(
            read_company(tx),
            read_ground_rules(tx),
            cycle,
            read_people(tx),
            {key: setting.version for key, setting in read_settings(tx).items()},
            _is_signing(tx, cycle),
        )


def set_ground_rules(store: Store, person_id: str, rules: GroundRules, expected_version: int) -> GroundRules:
    """Set who must sign. Raises NotAllowed, BadInput for rules that nobody can meet, and Conflict while a plan is
    up for signature or where somebody changed them since `expected_version`."""
    with acting(store, person_id, "set_ground_rules") as tx:
        checked = checked_rules(rules)
        if _is_signing(tx, require_cycle(tx)):
            raise Conflict(
                "ground rules stand still while a plan is up for signature",
                remedy="Return or agree the plan, then change who must sign",
            )
        value = asdict(checked) | {"functions": list(checked.functions)}
        save_setting(tx, "ground_rules", value, expected_version)
    return checked


def set_planning_rules(
    store: Store,
    person_id: str,
    *,
    horizon: int,
    frozen: int,
    slushy: int,
    fiscal_start: int | str,
    every: str | None = None,
    calendar: str = "",
    seldom: tuple[str, ...] | None = None,
    often: tuple[str, ...] | None = None,
    expected_version: int,
) -> CompanySettings:
    """Set horizon, calendar and how often a cycle closes from the next cycle on, fences and fiscal year at once.

    `fiscal_start`: a month, or of weeks one such as W27; `every`: of `FREQUENCIES`, None as it is; `calendar`: the
    key of the bucket that the next cycle plans in, empty for the present one. The horizon is in present periods.
    `seldom`: families reviewed each quarter only, `often`: between cycles too; None as they are.
    Raises NotAllowed, BadInput for fences beyond the horizon or out of order, and Conflict as above.
    """
    with acting(store, person_id, "set_ground_rules") as tx:
        cycle = require_cycle(tx)
        bucket = bucket_of(cycle.first_open)
        names = bucket.plural
        if not SHORTEST_HORIZON <= horizon <= LONGEST_HORIZON:
            raise BadInput(
                f"a horizon of {horizon} {names}",
                remedy=f"Choose between {SHORTEST_HORIZON} and {LONGEST_HORIZON} {names}",
            )
        if not 0 <= frozen <= slushy <= horizon:
            raise BadInput(
                f"fences of {frozen} and {slushy} {names} do not fit a horizon of {horizon}",
                remedy="Freeze no more than needs approval, and no more than is planned",
            )
        start, week = fiscal_start_of(fiscal_start)
        present = read_company(tx)
        if isinstance(bucket, RetailBucket) and (start, week) != (present.fiscal_start, 0):
            month = MONTH_NAMES[bucket.start - 1]
            raise BadInput(
                f"the periods of the open cycle are those of a {bucket.key} year from {month}",
                remedy=worded("Leave its month as it is, or begin a company with another one"),
            )
        if week and bucket is not WEEK:
            what = f"a fiscal year from week {week} in a calendar of {names}"
            raise BadInput(what, remedy=worded("Name its first month"))
        following = bucket_named(calendar or bucket.key, start)
        company = replace(
            present,
            horizon=horizon,
            frozen=frozen,
            slushy=slushy,
            fiscal_start=start,
            fiscal_week=week,
            every=require_frequency(present.every if every is None else every, following),
            seldom=present.seldom if seldom is None else seldom,
            often=present.often if often is None else often,
            next_calendar="" if calendar in ("", bucket.key) else calendar,
        )
        if slushy > cycle.horizon:
            raise BadInput(
                f"approval to {bucket.word} {slushy} is beyond the open cycle's {cycle.horizon} {names}",
                remedy="Shorten the fence, or wait for the next cycle",
            )
        if _is_signing(tx, require_cycle(tx)):
            raise Conflict(
                "planning rules stand still while a plan is up for signature",
                remedy="Return or agree the plan, then change them",
            )
        save_setting(tx, "company", asdict(company), expected_version)
    return company


def set_look(
    store: Store,
    person_id: str,
    *,
    number_style: str,
    large_type: bool,
    single_months: int | None = None,
    expected_version: int,
) -> CompanySettings:
    """Set how figures and days are written on every surface, the size of type on wide screens, and of how many
    months sheets show each period: one of `SINGLE_MONTHS`, None as it is.

    Raises NotAllowed, BadInput for what there is not, and Conflict where somebody changed it meanwhile.
    """
    with acting(store, person_id, "set_look") as tx:
        if number_style not in STYLES:
            raise BadInput(
                f"'{number_style}' is no way to write figures", remedy=f"Choose one of: {', '.join(STYLES)}"
            )
        if single_months not in (None, *SINGLE_MONTHS):
            spans = ", ".join(map(str, SINGLE_MONTHS))
            raise BadInput(
                f"{how_many(single_months, 'months')} in single columns", remedy=f"Choose one of: {spans}"
            )
        present = read_company(tx)
        single = present.single_months if single_months is None else single_months
        company = replace(present, number_style=number_style, large_type=large_type, single_months=single)
        save_setting(tx, "company", asdict(company), expected_version)
    return company


def who_may(act: str) -> str:
    """The roles that may do an act, in words."""
    permission = next(each for each in PERMISSIONS if each.act == act)
    return ", ".join(role.title for role in permission.roles)


def read_trail(store: Store, person_id: str) -> tuple[TrailEntry, ...]:
    """Who did what, newest first. Raises NotAllowed."""
    with reading(store, person_id, "read_audit") as tx:
        found, people = read_audit(tx, TRAIL), read_people(tx)
    names = {person.id: person.name for person in people}
    # All that is done in one transaction has one instant and one person: it is one act.
    acts = [tuple(act)[::-1] for _, act in groupby(found, key=lambda entry: (entry.at, entry.who))]
    return tuple(
        TrailEntry(
            act[0].at,
            names.get(act[0].who, act[0].who),
            Role(act[0].role).title if act[0].role in list(Role) else act[0].role,
            act[0].action,
            act_words(act, names),
        )
        for act in acts
    )


def check_trail(store: Store, person_id: str) -> ChainCheck:
    """Whether the audit trail and every sealed row are as they were written. Raises NotAllowed."""
    with reading(store, person_id, "read_audit") as tx:
        return verify_chain(tx)


def _is_signing(tx: Transaction, cycle: Cycle) -> bool:
    return any(plan.state == "proposed" for plan in read_plans(tx, cycle.first_open))


def list_people(store: Store) -> tuple[Person, ...]:
    """Everybody who may sign in, in the order of roles."""
    with store.read() as tx:
        people = [person for person in read_people(tx) if person.active]
    order = list(Role)
    return tuple(sorted(people, key=lambda person: (order.index(Role(person.role)), person.name)))


def names_of(store: Store) -> dict[str, str]:
    """The name on screen of everybody who may sign in, by id."""
    return {person.id: person.name for person in list_people(store)}
