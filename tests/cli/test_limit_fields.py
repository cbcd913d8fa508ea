"""A limit whose worth is not known says why in the command line's JSON, and never 0."""

from __future__ import annotations

from sop.analysis.effects import UNKNOWN
from sop.analysis.supply.limits import LimitWorth
from sop.cli.plan_money import limit_fields


def test_a_limit_whose_worth_is_not_known_says_why() -> None:
    fields = limit_fields(LimitWorth("Press", "line", "hour", 3, effect=UNKNOWN), "no price is known")
    assert (fields["ebit_12_months"], fields["ebit_horizon"], fields["cash_low"]) == (None, None, None)
    assert fields["why"] == "no price is known"
    assert limit_fields(LimitWorth("Press", "line", "hour", 3))["why"], "never silent"
