"""What a signed plan keeps of launches and initiatives: everything that their part of the plan rests on."""

from __future__ import annotations

import json
from dataclasses import replace

from sop.agreement.content import strategy_content
from sop.core.inputs import Benefit, Gate, Initiative, Launch
from tests.integrated import company

LAUNCH = Launch("Sport", 0, "", (0, 1), 0.5, 10.0, 2.0, "like_product", 0, 0.25, 40_000.0, (Gate("Market", 2, 3),),
                like=0, replaces=0, phase_out_months=4.0, spent=10_000.0)  # fmt: skip
LEAN = Initiative(
    "Lean", "Operations", "Margin", 900.0, 300.0, 0.5, (), (Benefit("price", "", 0.1, "pct", 3, 2.0),)
)


def test_a_launch_is_kept_with_its_ramp_what_it_takes_and_its_money() -> None:
    found = strategy_content(replace(company(), launches=(LAUNCH,), initiatives=(LEAN,)))
    launch = found["launches"][0]
    assert (launch["curve"], launch["like_product"], launch["replaces"]) == ("like_product", "C-1", "C-1")
    assert (launch["cannibalises"], launch["cannibalisation_pct"]) == ("Cargo", "0.25")
    assert (launch["cost"], launch["spent"], launch["phase_out_months"]) == (40000, 10000, 4)
    assert json.loads(json.dumps(found)) == found, "plain data"


def test_an_initiative_is_kept_with_what_it_promised() -> None:
    (item,) = strategy_content(replace(company(), launches=(), initiatives=(LEAN,)))["initiatives"]
    assert item["benefits"] == [
        {
            "measure": "price",
            "scope": "",
            "amount": "0.1",
            "unit": "pct",
            "start_month": "2026-04",
            "ramp_months": 2,
        }
    ]


def test_nothing_chosen_is_kept_as_nothing() -> None:
    plain = replace(LAUNCH, curve="s_curve", like=None, replaces=None, cannibalises=None)
    (launch,) = strategy_content(replace(company(), launches=(plain,)))["launches"]
    assert (launch["like_product"], launch["replaces"], launch["cannibalises"]) == (None, None, None)
