"""The notes of a plan page: assumptions that somebody has set behind the plan, with value, reason and who."""

from __future__ import annotations

from collections.abc import Sequence

from sop.analysis.decisions.levers import scope_title
from sop.core.present import PlanTable, texts
from sop.core.register import assumption
from sop.core.terms import PlanName
from sop.services.company.settings import names_of
from sop.services.scenarios.drafts import entries
from sop.services.scenarios.register import WHOLE
from sop.ui.frame.page import Visit
from sop.ui.panels.plans.layout import show_table_panel
from sop.views.assumption_notes import assumptions_behind
from sop.views.assumption_words import (
    value_text,
)


def show_assumptions(visit: Visit, plan: PlanName, family: str | None = None, besides: Sequence[str] = ()) -> None:
    """What people have set behind the plan that is shown; a frozen plan keeps who and why in its snapshot.

    `besides`: keys that the page shows elsewhere.
    """
    note = f"Set in {visit.view.name}; everything else stands at what the tables or the register say"
    show_table_panel(visit, _table(visit, plan, family, besides), note, f"assumptions-{plan}")


def _table(visit: Visit, plan: PlanName, family: str | None, besides: Sequence[str]) -> PlanTable:
    told = _told(visit)
    rows = []
    for key, scope in assumptions_behind(visit.view.assumptions, plan, family):
        if key in besides:
            continue
        entry = assumption(key)
        reason, by = told.get((key, scope), (None, None))
        value = value_text(entry, visit.view.assumptions[key, scope], visit.money.symbol)
        name = scope_title(visit.inputs.inputs, entry, scope) or WHOLE
        rows.append((entry.label, name, value, entry.owner.title, reason or None, by))
    titles = ("Assumption", "For", "Value", "Owner", "Reason", "By")
    return PlanTable("Assumptions behind this plan", texts(*titles), tuple(rows), "Nobody has set one of them.")


def _told(visit: Visit) -> dict[tuple[str, str], tuple[str, str]]:
    """Reason and person of every value set in the scenario that is shown."""
    if visit.view.scenario is None:
        return {}
    names = names_of(visit.room.store)
    found = entries(visit.room.store, visit.person.id, visit.view.scenario.id)
    return {(entry.key, entry.scope): (entry.reason, names.get(entry.by, entry.by)) for entry in found}
