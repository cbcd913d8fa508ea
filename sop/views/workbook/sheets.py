"""All sheets that stand beside a plan's own in the workbook."""

from __future__ import annotations

from sop.core.calendar import period_name
from sop.core.spreadsheet import STATEMENT, Sheet, WorkbookRow, clean_text
from sop.views.timeline import PlanContext
from sop.views.workbook.family import family_sheets
from sop.views.workbook.statement import statement_sheet


def sheets_beside_plan(context: PlanContext, plan_name: str) -> tuple[Sheet, ...]:
    """Profit to cash, all families, and each family, with what the plan is compared with."""
    cycle = period_name(context.plan.calendar.first_open)
    heading = clean_text(f"{context.plan.company} — cycle {cycle} — {plan_name}")
    return _money(context, heading), *family_sheets(context, heading)


def _money(context: PlanContext, heading: str) -> Sheet:
    if context.plan.has_revenue:
        return statement_sheet(context, heading)
    why = f"Revenue is not known: {context.plan.why_unknown('revenue')}."
    return Sheet(STATEMENT, (WorkbookRow("title", (f"{STATEMENT} — {heading}",)), WorkbookRow("note", (why,))))
