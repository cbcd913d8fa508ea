"""The field's words as enumerations: functions, roles, the seven plans, strategies, steps of the cycle."""

from __future__ import annotations

from enum import StrEnum


class PlanName(StrEnum):
    """The seven plans that an updated forecast leads to, in the order in which they are computed."""

    SALES = "sales"
    PRODUCTION = "production"
    INVENTORY = "inventory"
    CUSTOMER_LEAD_TIME = "customer_lead_time"
    NEW_PRODUCTS = "new_products"
    STRATEGIC_INITIATIVES = "strategic_initiatives"
    FINANCIAL = "financial"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name on screens."""
        return PLAN_TITLES[self]


PLAN_TITLES = {
    PlanName.SALES: "Sales",
    PlanName.PRODUCTION: "Production",
    PlanName.INVENTORY: "Inventory",
    PlanName.CUSTOMER_LEAD_TIME: "Customer lead time",
    PlanName.NEW_PRODUCTS: "New products",
    PlanName.STRATEGIC_INITIATIVES: "Strategic initiatives",
    PlanName.FINANCIAL: "Financial",
}


class Function(StrEnum):
    """A function of the company that owns assumptions and signs."""

    SALES = "sales"
    OPERATIONS = "operations"
    SUPPLY = "supply"
    PRODUCT = "product"
    FINANCE = "finance"
    CEO = "ceo"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name on screens."""
        return "CEO" if self is Function.CEO else self.value.capitalize()


class Role(StrEnum):
    """What a person is in the process; the permissions of each stand in `sop.access`."""

    EXECUTIVE = "executive"
    HEAD_OF_SALES = "head_of_sales"
    HEAD_OF_OPERATIONS = "head_of_operations"
    HEAD_OF_SUPPLY = "head_of_supply"
    HEAD_OF_PRODUCT = "head_of_product"
    HEAD_OF_FINANCE = "head_of_finance"
    COORDINATOR = "coordinator"
    VIEWER = "viewer"
    ADMINISTRATOR = "administrator"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name on screens."""
        return "CEO" if self is Role.EXECUTIVE else self.value.replace("_", " ").capitalize()

    @property
    def function(self) -> Function | None:
        """The function that the role signs for; None where it cannot sign."""
        if self is Role.EXECUTIVE:
            return Function.CEO
        return Function(self.value.removeprefix("head_of_")) if self.value.startswith("head_of_") else None


def owner_title(owner: str) -> str:
    """An owner as screens write it: tables may name the head, or the function in any spelling.

    >>> owner_title("Head of supply"), owner_title("supply")
    ('Supply', 'Supply')
    >>> owner_title("Bram Verhoeven")
    'Bram Verhoeven'
    """
    titles = {function.title.lower(): function.title for function in Function}
    titles |= {role.title.lower(): role.function.title for role in Role if role.function is not None}
    return titles.get(owner.strip().lower(), owner)


class Strategy(StrEnum):
    """How a family serves demand: from stock or to order."""

    MTS = "MTS"
    MTO = "MTO"


class EventUse(StrEnum):
    """Where an outside event counts: in the plan, only in the range around it, or nowhere yet."""

    PLAN = "plan"
    RANGE = "range"
    WATCH = "watch"
