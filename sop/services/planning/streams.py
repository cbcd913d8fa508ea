"""The streams of demand of the plan that is shown."""

from __future__ import annotations

from sop.demand.overrides import marketing_override
from sop.services.planning.choices import View
from sop.views.sales.streams import Streams, build_streams
from sop.views.timeline import PlanContext


def read_streams(context: PlanContext, view: View) -> Streams:
    """What each function expects in the plan shown; a frozen plan is read as it was signed."""
    plan = context.plan
    baseline = plan["baseline_forecast"].astype(float)
    names = plan.names("baseline_forecast"), plan.names("baseline_forecast", 1)
    return build_streams(context, marketing_override(baseline, names, plan.calendar, view.assumptions))
