"""Which pages are recorded, as whom, and with what opened or chosen; the one place that names keys and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from sop.core.terms import Function, PlanName
from tests.golden.page_text import page_lines
from tests.personas import personas_in_session_state

APP = Path(__file__).parents[2] / "screens.py"
PAGES = {
    "Executive review": "executive_review",
    "Performance": "performance",
    "Plan changes": "plan_changes",
    "Decisions": "decisions",
    "Outlook": "outlook",
    "Sign-off": "sign_off",
    "Sales": "sales",
    "Production": "production",
    "Inventory": "inventory",
    "Customer lead time": "customer_lead_time",
    "New products": "new_products",
    "Strategic initiatives": "strategic_initiatives",
    "Financial": "financial",
    "Data": "data",
    "Assumptions": "assumptions",
    "Settings": "settings",
    "Scenarios": "scenarios",
}
"""Title → script. Scenarios come last: who opens them is given a draft, which other pages list from then on."""

HEADS = ("head_of_sales", "head_of_operations", "head_of_supply", "head_of_product", "head_of_finance")
SIGNED_OUT = "signed out"
EVERYBODY = ("executive", *HEADS, "coordinator", "viewer", "administrator", SIGNED_OUT)

TABS = {
    "Sales": "sales_view",
    "Production": "production_depth",
    "Inventory": "stock_depth",
    "Customer lead time": "waiting_depth",
    "New products": "launch_depth",
    "Strategic initiatives": "initiative_depth",
    "Financial": "money_depth",
}
"""Page → the key of its tabs, of which only the open one is worked out."""
FOLDED = {
    "Sales": {"lines-sales": True},
    "Production": {"lines-production": True},
    "Inventory": {"lines-inventory": True},
    "Customer lead time": {"lines-customer_lead_time": True},
    "New products": {"lines-new_products": True},
    "Strategic initiatives": {"lines-strategic_initiatives": True},
    "Financial": {"lines-financial": True, "financial_months": True},
    "Sign-off": {"every_line": True},
    "Data": {"accounts": True},
    "Settings": {"settings_permissions": True, "settings_trail": True, "settings_cadence": True},
    "Scenarios": {"worth": True, **{f"levers_{owner.value}": True for owner in Function}},
}
"""Page → the parts of it that are worked out only once they are unfolded."""
UNFOLD = "unfold"

SEVEN = tuple(TABS)
_HISTORY = {"history_methods_False": True, "history_drivers_False": True}


@dataclass(frozen=True)
class Visit:
    """A page as somebody sees it after steps: 'tab History', 'unfold', 'choose Family: Trike', 'press Quote'."""

    page: str
    role: str
    steps: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Page, role and steps in one line."""
        return " / ".join((self.page, self.role, *self.steps))


# At every run Streamlit's tests look through all installed packages for components: half a second, for none.
# Nobody draws a page again here once its decisions are valued, so it waits for them.
@patch("sop.services.analysis.jobs.PATIENCE_SECONDS", 300.0)
@patch("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)
@personas_in_session_state()
def text_of(visit: Visit) -> list[str]:
    """What stands on the page then. The workspace is the one that SOP_WORKSPACE names."""
    app = AppTest.from_file(str(APP), default_timeout=300)
    if visit.role != SIGNED_OUT:
        app.session_state["person"] = visit.role
    acts = [step for step in visit.steps if not _set_before(app, visit.page, step)]
    app.switch_page(f"pages/{PAGES[visit.page]}.py").run()
    for act in acts:
        _do(app, act)
    return page_lines(app)


def _set_before(app: AppTest, page: str, step: str) -> bool:
    """Open a tab or unfold a part, before the page is drawn; whether it was such a step."""
    word, _, rest = step.partition(" ")
    state: dict[str, Any] = {}
    if word == "tab":
        state = {TABS[page]: rest} | (_HISTORY if rest == "History" else {})
    elif word == UNFOLD:
        state = FOLDED[page]
    for key, value in state.items():
        app.session_state[key] = value
    return bool(state)


def _do(app: AppTest, act: str) -> None:
    """Press a button, choose an option, or enter a number."""
    word, _, rest = act.partition(" ")
    label, _, value = rest.partition(": ")
    if word == "press":
        next(button for button in app.button if button.label == rest).click()
    elif word == "enter":
        next(field for field in app.number_input if field.label == label).set_value(float(value))
        return
    else:
        fields = [*app.get("button_group"), *app.selectbox]
        # A group of buttons has a label only in its message.
        next(field for field in fields if field.proto.label == label).set_value(_option(value))
    app.run()


def _option(value: str) -> Any:
    """An option as the page holds it: a number, a plan, or what it says."""
    if value.isdecimal():
        return int(value)
    return PlanName(value) if value in list(PlanName) else value


def visits_of(company: str) -> list[Visit]:
    """What is recorded of a company: every page as everybody, and more of it for the executive."""
    roles = ("executive", "coordinator") if company == "starter" else EVERYBODY
    found = [Visit(page, role) for role in roles for page in PAGES]
    found += [Visit(page, "executive", (UNFOLD,)) for page in FOLDED]
    if company in ("demo", "adventureworks"):
        found += _chosen(company)
    return in_order(found)


def in_order(visits: list[Visit]) -> list[Visit]:
    """The order in which visits are made: those to Scenarios last."""
    return sorted(visits, key=lambda visit: visit.page == "Scenarios")


def tabs_of(visit: Visit, lines: list[str]) -> Iterator[Visit]:
    """Visits that open each tab of a page but the first, as the executive; none for anybody else."""
    if visit.role == "executive" and not visit.steps and visit.page in TABS:
        names = [line.removeprefix("tab: ") for line in lines if line.startswith("tab: ")]
        yield from (Visit(visit.page, "executive", (f"tab {name}",)) for name in names[1:])


def _chosen(company: str) -> list[Visit]:
    """Filters, other comparisons and figures explained."""
    family, unit = ("Trike", "M€") if company == "demo" else ("Road Bikes", "M$")
    planned = SEVEN if company == "demo" else ("Sales", "Production", "Inventory", "Financial")
    filtered = ("Sales", "Production", "Inventory")
    found = [Visit(page, "executive", (f"choose Family: {family}",)) for page in filtered]
    found += [Visit(page, "executive", (f"choose Unit: {unit}",)) for page in filtered]
    found += [
        Visit(page, "executive", (*((UNFOLD,) if page == "Financial" else ()), "press Explain a figure"))
        for page in planned
    ]
    found.append(Visit("Production", "executive", ("tab Requirements", UNFOLD)))
    if company == "demo":
        found += [Visit(page, "executive", steps) for page, steps in _MORE]
    return found


_BEFORE = "choose Compared with: agreed Oct 2026, rev 1"
_CASH = "Operating cash"
"""What the frozen demo's ledger leaves of cash: its taxes are mapped to no line."""
_MORE = (
    *((page, (_BEFORE,)) for page in ("Executive review", "Plan changes", "Sales", "Financial")),
    *(("Executive review", (f"press Explain {name}",)) for name in ("Revenue", "EBIT", _CASH, "Inventory")),
    ("Plan changes", ("choose Measure: ebit",)),
    ("Plan changes", ("choose Plan: production",)),
    ("Performance", ("choose Family: Trike",)),
    ("Outlook", ("choose Measure: ebit",)),
    ("Sign-off", ("choose Plan: 1",)),
    ("Sales", ("tab Overrides", "choose Family: Trike")),
    ("Sales", ("tab Streams", "choose Family: Trike")),
    ("Sales", ("tab History", "choose Family: Trike")),
    ("Sales", ("tab Accuracy", "choose Family: Trike")),
    ("Production", ("tab Relief", "choose Family: Trike")),
    ("Customer lead time", ("choose Family: Trike",)),
    ("Customer lead time", ("tab Close the gap", "choose Family: Trike")),
    ("Customer lead time", ("enter Units: 40", "press Quote")),
)
