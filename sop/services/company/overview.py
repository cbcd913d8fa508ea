"""The workspace at a glance: whose it is, which cycle is open, and every plan that was proposed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sop.agreement.records import PlanRecord
from sop.services.acting import reading
from sop.services.company.profile import CompanySettings, read_company, require_cycle
from sop.store import Store
from sop.store.cycles import Cycle
from sop.store.plans import read_plans


@dataclass(frozen=True)
class Overview:
    """Company, open cycle and plans, the newest plan first."""

    company: CompanySettings
    cycle: Cycle
    plans: tuple[PlanRecord, ...]

    def fields(self) -> dict[str, Any]:
        """The same as plain fields, for JSON."""
        return {
            "company": asdict(self.company),
            "cycle": asdict(self.cycle),
            "plans": [asdict(plan) for plan in self.plans],
        }


def read_overview(store: Store, person_id: str) -> Overview:
    """What the workspace holds. Raises NotFound before the first cycle and NotAllowed."""
    with reading(store, person_id) as tx:
        return Overview(read_company(tx), require_cycle(tx), tuple(reversed(read_plans(tx))))
