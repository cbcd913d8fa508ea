"""How a company begins: one workspace with its cycle, the two people it starts with, and how each signs in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sop.core.calendar import (
    BUCKETS,
    LONGEST_HORIZON,
    WEEK,
    Calendar,
    RetailBucket,
    bucket_named,
    bucket_of,
    first_day,
    fiscal_start_of,
    is_period,
    not_a_period,
    period_of,
    require_frequency,
    require_period,
    worded,
)
from sop.core.errors import BadInput, Conflict
from sop.core.lengths import require_length
from sop.core.names import checked_name, same_name
from sop.core.terms import Role
from sop.services.access.mode import Access
from sop.services.access.passwords import require_strong, set_password
from sop.services.access.people import invite_from_here
from sop.services.access.sessions import key_of
from sop.services.company.cycle import OWNER, CompanySettings, initialise, require_currency
from sop.services.company.workspace import has_database, open_workspace
from sop.store import Store
from sop.store.cycles import read_cycles
from sop.store.settings import read_people

CALENDARS = {
    bucket.key: f"{bucket.key} periods" if isinstance(bucket, RetailBucket) else bucket.plural
    for bucket in BUCKETS
}
"""The periods in which a company can plan, with their name in the plural."""

_LONGER = 1.5
"""More periods a month than this: fences of one and three would be days."""

YEARS = 2
"""Years that a company plans ahead where it says nothing else."""


@dataclass(frozen=True)
class NewCompany:
    """What is asked of a company that begins.

    `month`: the first open month or period; `calendar`: a key of `CALENDARS`; `every`: how often a cycle closes;
    `coordinator`: who loads data and runs the cycle, by name. The administrator, who adds everybody else, is
    somebody else or has a second password.
    """

    name: str
    currency: str
    month: str
    calendar: str = "month"
    fiscal_start: int | str = 1
    every: str = ""
    coordinator: str = Role.COORDINATOR.title
    password: str = ""
    administrator_password: str = ""


def is_new(store: Store) -> bool:
    """Whether nothing is in a database yet: no cycle and nobody."""
    with store.read() as tx:
        return not read_cycles(tx) and not read_people(tx)


def is_nothing_there(folder: Path | str | None = None) -> bool:
    """Whether there is no workspace yet, or an empty database. Raises SetupError where it cannot be opened."""
    if not has_database(folder):
        return True
    store = open_workspace(folder)
    try:
        return is_new(store)
    finally:
        store.close()


def first_period(text: str, calendar: str = "", fiscal_from: int | str = "1") -> str:
    """The first open period that a period means in a calendar: '2026-11' in quarters is 2026-Q4.

    Without a calendar the text says which. 4-4-5 periods are of the year that begins in the fiscal year's month,
    and a month means the week or 4-4-5 period that holds its first day. Raises BadInput for what is no period, and
    for one that is longer than those of the calendar.
    """
    if not calendar:
        return require_period(text)
    start, week = fiscal_start_of(fiscal_from)
    wanted = bucket_named(calendar, start)
    if week and isinstance(wanted, RetailBucket):
        what = f"a year of {wanted.key} periods that begins with week {week}"
        raise BadInput(what, remedy=worded("Name the month it begins near"))
    if meant := wanted.meant(text):
        return meant
    if not is_period(text):
        raise not_a_period(text, wanted)
    own = bucket_of(text)
    if own.mean_days > max(wanted.mean_days, BUCKETS[0].mean_days):
        raise BadInput(
            f"'{text}' is no {wanted.word}", remedy=f"Write the first open {wanted.word} as {wanted.example}"
        )
    return period_of(first_day(text), wanted)


def company_of(
    name: str,
    currency: str,
    first_open: str,
    fiscal_from: int | str = "1",
    horizon: int | None = None,
    every: str = "",
) -> CompanySettings:
    """The settings of a company in which people sign in by password. Raises BadInput for what cannot be one."""
    title, code = " ".join(name.split()), currency.strip().upper()
    if not title:
        raise BadInput("a company needs a name", remedy="Write what its people call it")
    require_length(title, "name")
    require_currency(code)
    start, week = fiscal_start_of(fiscal_from)
    bucket = bucket_of(first_open)
    if week and bucket is not WEEK:
        raise BadInput(
            f"a fiscal year from week {week} in a calendar of {bucket.plural}",
            remedy=worded("Name its first month"),
        )
    periods = min(bucket.a_year * YEARS, LONGEST_HORIZON) if horizon is None else horizon
    calendar = Calendar(first_open, periods, fiscal_start=start, fiscal_week=week)
    company = CompanySettings(
        name=title,
        currency=code,
        horizon=periods,
        fiscal_start=calendar.fiscal_start,
        fiscal_week=week,
        every=require_frequency(every, bucket),
        access=Access.LOCAL.value,
    )
    if bucket.a_month <= _LONGER:
        return company
    # A month is frozen and a quarter slushy, whatever they are called.
    return replace(company, frozen=min(round(bucket.a_month), periods), slushy=min(calendar.quarter, periods))


def start_company(new: NewCompany, folder: Path | None = None) -> Store:
    """Make the workspace of a company in whose browser nothing was yet; its coordinator and administrator have
    passwords.

    Everything is checked before anything is made. Raises BadInput, Conflict where there is a company already, and
    SetupError where no workspace can be made.
    """
    first_open = first_period(new.month.strip(), new.calendar, new.fiscal_start)
    company = company_of(new.name, new.currency, first_open, new.fiscal_start, every=new.every)
    called = checked_name(new.coordinator)
    if same_name(called, Role.ADMINISTRATOR.title):
        raise BadInput("the coordinator cannot be called Administrator", remedy="Write the person's own name")
    passwords = {OWNER: new.password, Role.ADMINISTRATOR.value: new.administrator_password}
    for person, password in passwords.items():
        require_strong(password, (person, called if person == OWNER else ""))
    if new.password == new.administrator_password:
        raise BadInput("both passwords are the same", remedy="Give the administrator another one")
    if not is_nothing_there(folder):
        raise Conflict("there is a company here already", remedy="Sign in")
    store = open_workspace(folder, create=True)
    try:
        initialise(store, first_open, company, {Role.COORDINATOR: called})
        for person, password in passwords.items():
            set_password(store, key_of(invite_from_here(store, person).rpartition("=")[2]), password)
    except BaseException:
        store.close()
        raise
    return store
