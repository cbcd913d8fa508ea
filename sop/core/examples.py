"""An example of every table of the contract: one small company that fits together, as CSV, for people to copy.

The company makes tea and mugs; its first open month is `FIRST_OPEN`. Columns that a table can do without are left
out where an example gains nothing by them.
"""

from __future__ import annotations

from sop.core.calendar import shift_period

FIRST_OPEN = "2026-12"
_MONTHS = tuple(shift_period(FIRST_OPEN, -back) for back in range(24, 0, -1))
_AHEAD = tuple(shift_period(FIRST_OPEN, by) for by in range(3))


def _monthly(header: str, rows: dict[str, tuple[float, ...]], months: tuple[str, ...] = _MONTHS) -> str:
    """Rows for each month: the text after it, with its figures, which grow by a hundredth each month."""
    lines = [header]
    for at, month in enumerate(months):
        for names, figures in rows.items():
            grown = ",".join(f"{figure * (100 + at) / 100:.0f}" for figure in figures)
            lines.append(f"{month},{names},{grown}")
    return "\n".join(lines)


def _stock() -> str:
    """Stock that closes with what it opened with: as much is made as is sold."""
    lines = ["month,plant,product,production,shipments,closing"]
    for month in _MONTHS:
        lines += [f"{month},Main,00123,400,400,600", f"{month},Main,00200,150,150,200"]
    return "\n".join(lines)


EXAMPLES: dict[str, str] = {
    "products": """product,name,family,strategy,unit,price,unit_cost
00123,Green tea 100 g,Tea,MTS,each,6.50,2.10
00124,Black tea 100 g,Tea,MTS,each,5.90,1.95
00200,Mug,Mugs,MTO,each,12.00,5.40""",
    "sales_actuals": _monthly(
        "month,product,region,quantity,revenue",
        {
            "00123,North": (400, 2500),
            "00124,North": (300, 1700),
            "00200,North": (150, 1750),
            "00123,South": (200, 1240),
        },
    ),
    "regions": "region,name,currency\nNorth,North,\nSouth,South,",
    "holidays": "date,country,name\n2026-10-26,,National day\n2026-12-25,,Christmas",
    "inventory": _stock(),
    "order_book": _monthly(
        "month,product,region,quantity,past_due", {"00200,North": (40, 5), "00123,North": (20, 0)}, _MONTHS[-3:]
    ),
    "deliveries": """\
order_line,product,region,ordered,requested,promised,delivered,quantity_ordered,quantity_delivered
SO1001-1,00200,North,2026-10-02,2026-10-20,2026-10-22,2026-10-21,40,40
SO1002-1,00200,North,2026-10-28,2026-11-10,2026-11-12,2026-11-16,25,25
SO1003-1,00123,South,2026-11-20,2026-11-27,2026-11-27,,60,0""",
    "plants": "plant,name,labour_rate,overtime_rate,overtime_limit_pct\nMain,Main works,24,36,0.15",
    "resources": "resource,plant,kind,name\nPacking,Main,line,Packing line\nKiln,Main,line,Kiln",
    "capacity": _monthly(
        "month,resource,capacity_hours", {"Packing": (160,), "Kiln": (320,)}, (*_MONTHS[-3:], *_AHEAD)
    ),
    "workforce": "month,plant,people,hours_per_person\n"
    + "\n".join(f"{month},Main,4,150" for month in (_MONTHS[-1], *_AHEAD)),
    "routings": """family,product,resource,hours_per_unit,labour_hours_per_unit,variable_cost
Tea,,Packing,0.05,0.05,1.60
Mugs,,Kiln,0.40,0.50,4.20""",
    "materials": "material,price,lead_time_days,supplier\nTea leaves,9.00,45,Leaf Ltd\nClay,1.20,10,Clay Ltd",
    "material_usage": "material,family,product,quantity_per_unit\nTea leaves,Tea,,0.1\nClay,Mugs,,0.5",
    "material_supply": "month,material,quantity,spot_premium\n"
    + "\n".join(f"{month},Tea leaves,200,1.5" for month in _AHEAD),
    "subcontract": "family,limit_per_month,unit_cost,lead_time_months\nMugs,60,6.80,1",
    "calendar": "month,plant,working_days,shutdown_days,reason\n"
    + "\n".join(
        f"{month},Main,21,{3 * (month == FIRST_OPEN)},{'Christmas' * (month == FIRST_OPEN)}" for month in _AHEAD
    ),
    "budget": _monthly(
        "month,family,region,quantity,revenue",
        {"Tea,North": (750, 4500), "Tea,South": (220, 1350), "Mugs,North": (160, 1900)},
        _AHEAD,
    ),
    "financials": "month,scenario,account_type,account,amount\n"
    + "\n".join(
        f"{month},actual,{row}"
        for month in _MONTHS
        for row in (
            "Profit and loss,Salaries and rent,1400",
            "Balance,Bank,9000",
            "Balance,Trade debtors,7000",
            "Balance,Trade creditors,2500",
        )
    ),
    "account_map": """account_type,account,line
Profit and loss,Salaries and rent,operating_cost
Balance,Bank,cash
Balance,Trade debtors,receivables
Balance,Trade creditors,payables""",
    "fx_rates": "month,currency,rate\n" + "\n".join(f"{month},USD,0.93" for month in _MONTHS[-3:]),
    "launches": """launch,family,probability,peak_quantity,ramp_months,cost
White tea,Tea,0.8,120,6,3000""",
    "launch_gates": """launch,gate,baseline,forecast
White tea,Design frozen,2026-11,2026-12
White tea,Market launch,2027-03,2027-04""",
    "initiatives": """initiative,owner,goal,budget,spent,confidence
Second kiln,Head of operations,Grow in mugs,15000,4000,0.7""",
    "milestones": """initiative,milestone,baseline,forecast,after
Second kiln,Ordered,2026-12,2026-12,
Second kiln,In use,2027-05,2027-06,Ordered""",
    "benefits": """initiative,measure,scope,amount,unit,start_month,ramp_months
Second kiln,capacity_hours,Kiln,0.5,pct,2027-06,2""",
    "events": """event,title,source,use,probability,start_month,duration_months,measure,impact,scope,owner
E-1,A chain lists our teas,customer,range,0.4,2027-02,12,demand,0.10,Tea,Head of sales""",
    "indicators": _monthly("month,indicator,value", {"Consumer confidence": (98,)}, _MONTHS[-6:]),
    "plan_lines": "cycle,plan,month,family,measure,value\n"
    + "\n".join(
        f"2026-11,November plan,{month},{family},{row},{value}"
        for month in _AHEAD
        for family, row, value in (
            ("Tea", "Sales", 1010),
            ("Tea", "Production", 1010),
            ("Tea", "Inventory", 600),
            ("Mugs", "Sales", 165),
            ("Mugs", "Production", 165),
            ("Mugs", "Inventory", 90),
        )
    ),
}
"""Each table's example as CSV text, in the order of the contract."""
