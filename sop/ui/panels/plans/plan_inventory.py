"""What the inventory page shows beside the sheet: stock in its band, cover, service against cash, and tabs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from sop.analysis.supply.service_curve import ALL_FAMILIES, ServiceChoice, safety_facts, service_choices
from sop.core.calendar import period_short
from sop.core.format import percent
from sop.core.inputs import Floats
from sop.services.planning.plan_context import read_ages
from sop.services.planning.supply_questions import read_basis
from sop.supply.before.safety import SafetyBasis
from sop.ui.charts import Chart, TradeOff, chart_pair, chart_tradeoff, show_chart
from sop.ui.charts.heard import course_text
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_sentence, show_tabs
from sop.ui.panels.plans.layout import Chosen, heard, show_stock, show_table_panel, told_in
from sop.ui.panels.plans.plan_stock import month_line
from sop.views.inventory.ageing import ageing_sentence, ageing_table
from sop.views.inventory.cover import cover_days, cover_is_beyond
from sop.views.inventory.excess import beyond_band, excess_table
from sop.views.inventory.service import safety_table, service_sentence, service_table
from sop.views.inventory.stock_plan import stock_table
from sop.views.series import PlanSeries, display
from sop.views.timeline import PlanContext

FROZEN = "A frozen plan keeps its safety stock, not how it came about: choose the working plan."
NO_SAFETY = "No family keeps safety stock: it takes a family made to stock, and the inventory table."
NO_COST = "What safety stock ties up is not known: no cost of its units counts."
FORMULA = (
    "σ over both = √((lead time + review) × σ² + demand² × σ of the lead time²); "
    "safety stock = z × σ, z from the level wanted: its normal quantile, or for a fill rate from the loss function"
)


def show_stock_panels(
    visit: Visit,
    context: PlanContext,
    chosen: Chosen,
    stock: PlanSeries,
    band: tuple[Floats, Floats],
    message: str,
) -> None:
    """Stock in its target band, the days of demand it covers, and what more or less service would tie up."""
    days = np.where(cover_is_beyond(context, chosen.family), np.nan, cover_days(context, chosen.family))
    cover = month_line("Days of supply", "days", context, days)
    with st.grid(3, min_column_width=300):
        with panel(f"Stock: {chosen.name}", f"{chosen.unit} at {context.word} end", "inventory-stock"):
            show_stock(stock, context, visit.money, "stock", message, band=band)
        with panel(
            f"Days of supply: {chosen.name}", "Days of future demand that closing stock covers", "inventory-cover"
        ):
            show_stock(
                cover,
                context,
                visit.money,
                "cover",
                heard(cover, context, visit.money),
            )
        _show_service(visit, context, chosen)


# -- service against cash


def read_choices(visit: Visit, context: PlanContext) -> tuple[ServiceChoice, ...]:
    """What service costs each family and all together; nothing for a frozen plan."""
    basis = _basis(visit)
    if basis is None:
        return ()
    rate = visit.view.assumptions.value("carrying_rate")
    return service_choices(context.inputs.families.names, basis, context.cost_today, rate)


def _basis(visit: Visit) -> SafetyBasis | None:
    return read_basis(visit.room, visit.person.id, visit.view)


def _show_service(visit: Visit, context: PlanContext, chosen: Chosen) -> None:
    """The curve of the family looked at, or of all moved together, with the point where it stands."""
    note = f"Cash in safety stock at each level of service, next {context.near_text}"
    with panel(f"Service against cash: {chosen.name}", note, "inventory-service"):
        choices = {choice.family: choice for choice in read_choices(visit, context)}
        choice = choices.get(chosen.family or ALL_FAMILIES) or (
            next(iter(choices.values())) if len(choices) == 1 and chosen.family is None else None
        )
        if choice is None:
            made = "is made to order and keeps no safety stock." if chosen.family in context.made_to_order else ""
            show_sentence(f"{chosen.name} {made}" if made else _no_service(visit, context))
            return
        sentence = service_sentence(choice, visit.money.full)
        show_chart(_service_chart(choice, visit, sentence), key="chart-service")
        st.html(grey_line(sentence))


def _service_chart(choice: ServiceChoice, visit: Visit, alt: str) -> Chart:
    together = choice.family == ALL_FAMILIES
    now = 0.0 if together else choice.level
    name = "Service level, points against now" if together else "Service level, %"
    points = [
        TradeOff(
            point.service * 100,
            point.cash / visit.money.minor_per_scale,
            "now" if abs(point.service - now) < 1e-9 else "",
        )
        for point in choice.curve
    ]
    if not any(point.label for point in points):
        points.append(TradeOff(now * 100, choice.cash / visit.money.minor_per_scale, "now"))
    return chart_tradeoff(
        points,
        x_name=name,
        y_name=f"Cash, {visit.money.unit}",
        y_decimals=visit.money.places(2),
        alt=alt,
    )


# -- tabs


def show_inventory_depth(visit: Visit, context: PlanContext, chosen: Chosen) -> None:
    """Families, service, safety stock, excess and age; each worked out only when it is opened."""
    shown: dict[str, Callable[[], None]] = {
        "Stock by family": lambda: _families(visit, context),
        "Service against cash": lambda: _service(visit, context),
        "Safety stock": lambda: _safety(visit, context),
        "Excess and shortage": lambda: _excess(visit, context, chosen),
        "Age of stock": lambda: _ages(visit, chosen),
    }
    show_tabs("stock_depth", shown)


def _no_service(visit: Visit, context: PlanContext) -> str:
    """Why there is no curve: the plan is frozen, nothing is kept for safety, or what is kept has no known cost."""
    if visit.view.choice.frozen:
        return FROZEN
    return NO_COST if "safety_stock" in context.plan and context.plan["safety_stock"].any() else NO_SAFETY


def _families(visit: Visit, context: PlanContext) -> None:
    end = f"worst {context.word} ends, at standard cost"
    note = f"Units; days of supply look forward from the end of the {context.near_text}; {end}"
    show_table_panel(visit, stock_table(context), note, "inventory-families")


def _service(visit: Visit, context: PlanContext) -> None:
    choices = read_choices(visit, context)
    if not choices:
        show_sentence(_no_service(visit, context))
        return
    note = f"Safety stock at standard cost, mean of the next {context.near_text}; a point is 1% of service"
    show_table_panel(visit, service_table(choices), note, "inventory-service-families")


def _safety(visit: Visit, context: PlanContext) -> None:
    basis = _basis(visit)
    if basis is None:
        show_sentence(_no_service(visit, context))
        return
    facts = safety_facts(context.inputs.families.names, basis, context.plan.calendar.mean_days)
    show_table_panel(
        visit, safety_table(facts), f"Means of the next {context.near_text}. {FORMULA}", "inventory-safety"
    )


def _excess(visit: Visit, context: PlanContext, chosen: Chosen) -> None:
    above, below = (beyond_band(context, chosen.family, key) for key in ("excess_units", "shortage_units"))
    narrow, wide = st.columns([2, 3])
    with (
        narrow,
        panel(
            f"Beyond the band: {chosen.name}", f"{visit.money.unit} at {context.word} end, standard cost", "band"
        ),
    ):
        names = ("Above cover limit", "Below safety stock")
        drawn = [display(values, "currency", visit.money) for values in (above, below)]
        months = [period_short(month) for month in context.plan.months]
        unit, decimals = told_in("currency", visit.money)
        alt = " ".join(
            course_text(name, months, values, unit, decimals) for name, values in zip(names, drawn, strict=True)
        )
        show_chart(chart_pair(months, *drawn, names=names, decimals=decimals, alt=alt), key="chart-band")
    with wide:
        rate = visit.view.assumptions.value("carrying_rate")
        note = f"Next {context.near_text} at standard cost; carried at {percent(rate)} a year"
        show_table_panel(visit, excess_table(context, rate), note, "inventory-excess")


def _ages(visit: Visit, chosen: Chosen) -> None:
    ages = read_ages(visit.room, visit.person.id, visit.view)
    if ages is None:
        show_sentence("How old stock is is not known. The table inventory unlocks this.")
        return
    show_sentence(ageing_sentence(ages, visit.money.full))
    note = (
        f"{chosen.unit} at the end of {period_short(ages.month)}, first in first out by product, from receipts of "
        f"{ages.months} closed {visit.word}s"
    )
    show_table_panel(visit, ageing_table(ages, chosen.in_money), note, "inventory-ages")
