"""Values that hold only from a month on."""

from __future__ import annotations

import pytest

from sop.core.calendar import Calendar
from sop.core.errors import BadInput
from sop.core.register import Assumptions, Start

PEOPLE = "people_pct", "Works"


def test_a_value_may_start_in_a_month_where_the_register_allows_it() -> None:
    chosen = Assumptions({PEOPLE: 0.1, ("dso_days", ""): 50}, {PEOPLE: Start("2026-03", 0.02)})
    assert chosen.waiting(Calendar("2026-01", 6)) == {2: [PEOPLE]}
    assert chosen.waiting(Calendar("2026-03", 6)) == {}, "it holds in every planned month"
    before = chosen.before_starts()
    assert dict(before) == {PEOPLE: 0.02, ("dso_days", ""): 50} and not before.starts
    with pytest.raises(BadInput, match="Customers pay after holds for the whole horizon"):
        Assumptions({("dso_days", ""): 50}, {("dso_days", ""): Start("2026-03")})


def test_a_start_goes_with_its_value_and_with_nothing_else() -> None:
    chosen = Assumptions({PEOPLE: 0.1}, {PEOPLE: Start("2026-03")})
    assert not chosen.set(*PEOPLE, 0.2).starts, "a value set anew holds throughout"
    assert chosen.having({("dso_days", ""): 50}).starts == chosen.starts
    assert Assumptions().with_places_from(chosen, [PEOPLE]).starts == chosen.starts
    assert not chosen.with_places_from(Assumptions(), [PEOPLE]).starts
    assert chosen.before_starts() == Assumptions(), "what tables and register say held before"
    assert chosen.texts != Assumptions({PEOPLE: 0.1}).texts, "two plans, two places to keep them"
    assert Assumptions({PEOPLE: 0.1}).texts == ("people_pct|Works=0.1",)
