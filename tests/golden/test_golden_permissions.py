"""Every use case is allowed, and refused in the same words, to the same people as it was recorded.

In `make test` one head of a function stands for all five; `make golden` asks everybody.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.golden.permissions import EVERYBODY, tried
from tests.golden.records import read_permissions

OTHER_HEADS = ("head_of_operations", "head_of_supply", "head_of_product", "head_of_finance")


def test_who_may_do_what_is_as_recorded(tmp_path: Path) -> None:
    everybody = [who for who in EVERYBODY if os.environ.get("GOLDEN") == "all" or who not in OTHER_HEADS]
    was, now = read_permissions(), tried(tmp_path, everybody)
    assert list(was) == list(now)
    told = [
        f"{case}, {who}:\n  was {was[case].get(who)}\n  is  {now[case][who]}"
        for case in now
        for who in everybody
        if was[case].get(who) != now[case][who]
    ]
    assert not told, "\n" + "\n".join(told[:40])
