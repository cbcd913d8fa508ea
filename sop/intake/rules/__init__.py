"""Every rule that a file is held to, in the order in which findings are listed.

A rule is a function from a `Subject` to findings; its docstring is its sentence in the documentation.
"""

from __future__ import annotations

from collections.abc import Callable

from sop.core.findings import Finding
from sop.intake.rules import cells, keys, links, looks, months, numbers, orders, sizes, stock
from sop.intake.subject import Subject

Rule = Callable[[Subject], list[Finding]]

RULES: tuple[Rule, ...] = (
    cells.check_rows,
    cells.check_sheet_errors,
    cells.check_total_rows,
    cells.check_filled,
    cells.check_control_characters,
    cells.check_choices,
    numbers.check_decimal_mark,
    numbers.check_numbers,
    numbers.check_not_a_number,
    numbers.check_currencies,
    numbers.check_limits,
    months.check_date_order,
    months.check_months,
    months.check_month_forms,
    months.check_open_months,
    months.check_missing_months,
    months.check_behind,
    months.check_lost_months,
    months.check_true_zeros,
    keys.check_duplicates,
    keys.check_conflicting_duplicates,
    looks.check_look_alikes,
    looks.check_mixed_scripts,
    looks.check_spellings,
    links.check_references,
    links.check_scope,
    links.check_predecessors,
    links.check_still_used,
    sizes.check_negative_sales,
    sizes.check_revenue_given,
    sizes.check_capacity_hours,
    sizes.check_working_days,
    sizes.check_jumps,
    sizes.check_restatements,
    sizes.check_price_below_cost,
    orders.check_past_due,
    orders.check_delivery_dates,
    stock.check_opening,
    stock.check_next_opening,
    stock.check_filled_openings,
    stock.check_movements,
    stock.check_negative_closing,
)
