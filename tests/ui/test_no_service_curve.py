"""Why there is no curve of service against cash: what is said fits the plan that is shown."""

from types import SimpleNamespace
from typing import Any

import pytest

from sop.ui.panels.plans.plan_inventory import FROZEN, NO_COST, NO_SAFETY, _no_service
from tests.tiny import tiny_plan


@pytest.mark.parametrize(
    ("frozen", "safety", "said"), [(True, 5, FROZEN), (False, 5, NO_COST), (False, 0, NO_SAFETY)]
)
def test_only_a_frozen_plan_sends_to_the_working_plan(frozen: bool, safety: int, said: str) -> None:
    visit: Any = SimpleNamespace(view=SimpleNamespace(choice=SimpleNamespace(frozen=frozen)))
    context: Any = SimpleNamespace(plan=tiny_plan(2, safety_stock=[[safety, safety], [0, 0]]))
    assert _no_service(visit, context) == said
