"""What the plan pages need from the workspace: the context of a plan, sales by channel, age of stock, vitality."""

from sop.analysis.jump import Jump, jumps_of
from sop.core.inputs import Inputs
from sop.facts.channels import ChannelSales, channel_rows, sales_by_channel
from sop.facts.closed import ClosedFacts, closed_facts
from sop.facts.stock_age import StockAges, age_stock
from sop.finance.cost_basis import books_that_count
from sop.intake.blocks.in_calendar import in_calendar
from sop.portfolio.new_products import actual_vitality, planned_vitality
from sop.services.acting import reading
from sop.services.agreement.frozen_plans import agreed_plans
from sop.services.company.cycle import CompanySettings, read_company
from sop.services.planning.choices import View, once_of
from sop.services.planning.elsewhere import plans_elsewhere, with_elsewhere
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store import Transaction
from sop.store.data import read_table
from sop.store.frames import Frame
from sop.views.inventory.cover import with_cover
from sop.views.timeline import PlanContext


def plan_context(room: PlanningRoom, person_id: str, view: View, base: View | None) -> PlanContext:
    """Everything that the plan pages show of a plan. Raises NotAllowed."""
    with reading(room.store, person_id) as tx:
        chosen, company = room.input_set(), read_company(tx)
        facts = read_facts(room, chosen)
    context = PlanContext(
        inputs=books_that_count(chosen.inputs, view.assumptions),
        plan=view.plan,
        base=None if base is None else base.plan,
        base_name="" if base is None else base.name,
        agreed=with_elsewhere(agreed_plans(room), plans_elsewhere(room)),
        facts=facts,
        single=single_periods(chosen.inputs, company),
    )
    return with_cover(context)


def single_periods(inputs: Inputs, company: CompanySettings) -> int:
    """How many planned periods sheets show one by one; 0 as the calendar has it."""
    return round(inputs.calendar.in_periods(company.single_months))


def read_facts(room: PlanningRoom, chosen: InputSet) -> ClosedFacts:
    """What delivery lines and stock movements tell of closed months."""

    def make() -> ClosedFacts:
        with room.store.read() as tx:
            return closed_facts(
                chosen.inputs, read_table(tx, "deliveries"), _in_periods(tx, chosen.inputs, "inventory")
            )

    return room.memo.get(("closed facts", chosen.data_key), make)


def channel_sales(room: PlanningRoom, person_id: str, family: str | None) -> tuple[ChannelSales, ...]:
    """Sales by channel, the largest first; none where the sales table brings no channel. Raises NotAllowed."""
    with reading(room.store, person_id) as tx:
        chosen = room.input_set()
        rows = room.memo.get(
            ("channels", chosen.key),
            lambda: channel_rows(chosen.inputs, _in_periods(tx, chosen.inputs, "sales_actuals")),
        )
    return sales_by_channel(chosen.inputs, rows, family)


def read_ages(room: PlanningRoom, person_id: str, view: View) -> StockAges | None:
    """Ages of the stock at the end of the last closed month, at the cost that counts in a view's plan.

    None where no stock is loaded. Raises NotAllowed.
    """
    with reading(room.store, person_id) as tx:
        chosen = room.input_set()
        books = books_that_count(chosen.inputs, view.assumptions)
        return room.memo.get(("stock ages", chosen.key, books.position.worth.tobytes()), lambda: _ages(tx, books))


def _in_periods(tx: Transaction, inputs: Inputs, name: str) -> Frame | None:
    """A table in the periods of the company's calendar."""
    frame = read_table(tx, name)
    return None if frame is None else in_calendar({name: frame}, inputs.calendar)[name]


def _ages(tx: Transaction, inputs: Inputs) -> StockAges | None:
    movements = _in_periods(tx, inputs, "inventory")
    if movements is None or inputs.stock is None or inputs.stock.derived:
        return None
    return age_stock(inputs, movements)


def young_revenue(room: PlanningRoom, view: View) -> tuple[float | None, float | None]:
    """Share of revenue from products launched in the last three years: last twelve months, next twelve."""
    chosen = room.input_set(view.assumptions)
    planned = planned_vitality(chosen.inputs, chosen.forecast, view.plan)
    return actual_vitality(chosen.inputs).share, planned.share


def against_last_year(room: PlanningRoom, person_id: str, view: View) -> tuple[Jump, ...]:
    """Twelve planned months against the last twelve, of the company and each family. Raises NotAllowed."""
    with reading(room.store, person_id):
        chosen = room.input_set(view.assumptions)
    return once_of(room, "jumps", chosen, (view,), lambda: jumps_of(chosen.inputs, view.plan, chosen.forecast))
