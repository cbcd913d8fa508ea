"""What stands in every cell of the exported workbook: one list of sheets, made from a plan's content alone.

The writer puts these sheets into XLSX, and the verifier compares a received workbook with them cell by cell;
both read this one definition.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sop.core.calendar import bucket_of, worded
from sop.core.measures import HEADLINES, MEASURES
from sop.core.money import exact
from sop.core.present import Figure, PlanTable, plain, texts
from sop.core.register import REGISTER
from sop.core.spreadsheet import (
    Formula,
    Sheet,
    SheetCell,
    WorkbookRow,
    clean_text,
    family_sheet_names,
    place,
    sheet_name,
)
from sop.core.terms import PLAN_TITLES

LAYOUT = "accord-workbook/5"
"""Version of this layout; a workbook of another version is not compared cell by cell."""

LINE_COLUMNS = ("measure", "family", "region", "resource")
NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d+)?")

NUMBER_FORMATS = {
    "share": "0.0%", "whole": "#,##0", "exact": "#,##0.0###", "record": "General", "money": "#,##0.00",
    "days": "0.0",
    "days change": "+0.0;-0.0;0.0", "whole change": "+#,##0;-#,##0;0", "exact change": "+#,##0.0##;-#,##0.0##;0",
    "money change": "+#,##0.00;-#,##0.00;0.00", "share change": "+0.0%;-0.0%;0.0%",
}  # fmt: skip
"""How figures look, without a colour: less is good of a stock and of a cost, and a sign does not know that."""
WORDS = {entry.key: entry.label for entry in MEASURES} | {entry.key: entry.label for entry in HEADLINES}
"""What a measure is called, by its key; a headline has the name that its card has."""
_KINDS = {entry.key: entry.kind for entry in MEASURES}
YEAR = "Next 12 months"
GATE = "Gate"
WORKING = "working plan"
PERCENT = "%"
NONE = "None in this plan."
GATE_OF_WORKING = "Kept when the plan is proposed; until then the Sign-off page shows what the gate would say."
CELLS_OF_SHEET = 5_000
"""Cells that the sheet of a family, or of the statement, has at most."""

REGISTERS = {
    "assumptions": "Assumptions",
    "launches": "Launches",
    "initiatives": "Initiatives",
    "events": "Events",
    "decisions": "Decisions",
    "inputs": "Inputs",
}

FIRST_COLUMNS = (
    "assumption", "for", "plan", "table", "key", "function", "name", "title", "measure", "role", "meaning",
    "scope", "value", "unit", "rows", "state", "why", "owner", "reason",
)  # fmt: skip
"""Columns of a register that stand first, in this order; the others follow by name."""
LAST_COLUMNS = ("register key", "definition")
"""Sentences, which run over what stands to their right."""

HOW_TO_READ = (
    "A blank cell means not known or not planned; it never means zero.",
    "Flows add up over months, stocks take the last month, ratios are never averaged.",
    "Excel keeps 15 digits; lines.csv and plan.json hold every figure exactly.",
    "This workbook is a copy for reading. What was signed is plan.json; README.txt says how to check both.",
)


def build_sheets(
    content: Mapping[str, Any],
    signatures: Sequence[Mapping[str, Any]] = (),
    digest: str = "",
    provenance: Mapping[str, Any] | None = None,
) -> tuple[Sheet, ...]:
    """The whole workbook: Summary, the seven plans, the registers, the gate and the inputs.

    `content` is a plan's content (schema accord-plan/1), `signatures` the records beside it and `digest` the
    plan digest, `provenance` what became of the plan: the chair's ruling stands under its signatures.
    Lines of a plan name that is not one of the seven get a sheet of their own.
    """
    heading = _heading(content)
    registers = [
        Sheet(
            title,
            (WorkbookRow("title", (f"{title} — {heading}",)), *sheet_rows(_table(title, _records(content, key)))),
            fixed_columns=1,
            filters=True,
        )
        for key, title in REGISTERS.items()
    ]
    return (
        _summary(content, signatures, digest, rulings(provenance or {})),
        *_plan_sheets(content, heading),
        *registers,
        _gate(content, heading),
    )


def _records(content: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    """A register of the content; assumptions as people read them, in words with their units."""
    records: Sequence[Mapping[str, Any]] = content.get(key) or ()
    if key != "assumptions":
        return records
    currency = str((content.get("company") or {}).get("currency") or "")
    return [_assumption_in_words(record, currency) for record in records]


def _assumption_in_words(record: Mapping[str, Any], currency: str) -> Mapping[str, Any]:
    """An assumption with its label first, its value and unit as on screen ('-4' '%', '75' 'days'), its key last;
    as it is where the register of today has no such key."""
    entry = next((each for each in REGISTER if each.key == record.get("key")), None)
    if entry is None:
        return record

    def shown(value: Any) -> Any:
        # A whole number stands as one in the content, any other as text.
        if isinstance(value, bool) or not NUMBER.fullmatch(str(value)):
            return value
        number = float(value)
        if entry.choice_names:
            return entry.choice_names[round(number)] if 0 <= number < len(entry.choice_names) else value
        return exact(round(number * 100, 6)) if entry.unit in ("pct", "share") else value

    words = {"pct": "%", "share": "%", "ratio": "", "currency": currency, "switch": "", "choice": ""}
    told = {name: shown(value) if name in ("value", "before") else value for name, value in record.items()}
    label = {"assumption": record.get("label", entry.label), "for": record.get("scope", "")}
    rest = {name: value for name, value in told.items() if name not in ("key", "label", "scope")}
    return label | rest | {"unit": words.get(entry.unit, entry.unit), "register key": record.get("key")}


def sheets_beside(content: Mapping[str, Any]) -> tuple[tuple[str, ...], int]:
    """The names of the sheets that compare a plan with what it does not hold (budget, agreed plan, prior year),
    and the most cells that they have."""
    families = (content.get("forecast") or {}).get("families") or ()
    return family_sheet_names(families), CELLS_OF_SHEET * (len(families) + 2)


def _heading(content: Mapping[str, Any]) -> str:
    company = content.get("company") or {}
    fictional = " (fictional company)" if company.get("fictional") else ""
    stated = WORKING if is_working(content) else f"revision {content.get('revision', '')}"
    return clean_text(f"{company.get('name', '')}{fictional} — cycle {content.get('cycle', '')}, {stated}")


def is_working(content: Mapping[str, Any]) -> bool:
    """Whether the content is of a working plan: a plan has a revision once it is proposed."""
    return content.get("revision") == 0


def rulings(provenance: Mapping[str, Any]) -> tuple[str, ...]:
    """The words in which the chair decided over a dissent, as they are kept with the plan."""
    return tuple(
        event["reason"]
        for event in provenance.get("events") or ()
        if event.get("state") == "agreed" and str(event.get("reason", "")).startswith("decided by ")
    )


def _summary(
    content: Mapping[str, Any], signatures: Sequence[Mapping[str, Any]], digest: str, ruled: Sequence[str]
) -> Sheet:
    horizon = content.get("horizon") or ["", ""]
    facts = {
        "Currency": (content.get("company") or {}).get("currency"),
        "Horizon": f"{horizon[0]} to {horizon[-1]}",
        "Plan digest (SHA-256)": digest or None,
        "Previous agreed plan": content.get("previous") or "none",
    }
    rows = [WorkbookRow("title", (f"Executive S&OP review — {_heading(content)}",))]
    rows += [WorkbookRow("body", (name, cell_of(value))) for name, value in facts.items()]
    rows += _section("Summary", [WorkbookRow("body", (cell_of(content.get("summary")),))])
    rows += _section("Headline", sheet_rows(_table("Headline", _headline(content)), _headline_format))
    rows += _section("Plans", sheet_rows(_table("Plans", _availability(content))))
    rows += _section("Signatures", sheet_rows(_table("Signatures", signatures, "Nobody has signed.")))
    rows += [WorkbookRow("body", ("Decided", cell_of(reason))) for reason in ruled]
    rows += _section("How to read", [WorkbookRow("note", (line,)) for line in HOW_TO_READ])
    return Sheet("Summary", tuple(rows))


def _section(title: str, rows: Iterable[WorkbookRow]) -> list[WorkbookRow]:
    return [WorkbookRow("body", ()), WorkbookRow("title", (title,)), *rows]


def _headline(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Headline measures by their names, which their labels repeat; a value that is not known says so."""
    return [
        {
            key: "not known" if key == "value" and value is None else PERCENT if value == "fraction" else value
            for key, value in row.items()
            if key != "label"
        }
        for row in content.get("headline") or ()
    ]


def _headline_format(row: Sequence[SheetCell]) -> str:
    """How a headline measure is shown, which its unit says: a share, days, or money of a currency."""
    if PERCENT in row:
        return "share"
    return "days" if "days" in row else "money"


def _availability(content: Mapping[str, Any]) -> list[dict[str, str]]:
    stated = content.get("plans") or {}
    counts = {line["plan"] for line in content.get("lines") or ()}
    return [
        {
            "plan": title,
            "state": "planned" if plan in counts else "not available",
            "why": str((stated.get(plan) or {}).get("why") or "")
            if plan in counts
            else _why_empty(stated.get(plan)),
        }
        for plan, title in PLAN_TITLES.items()
    ]


def _why_empty(stated: Mapping[str, Any] | None) -> str:
    return str((stated or {}).get("why") or "The plan has no lines; no reason was recorded.")


def _plan_sheets(content: Mapping[str, Any], heading: str) -> list[Sheet]:
    lines_of: dict[str, list[Mapping[str, Any]]] = {str(plan): [] for plan in PLAN_TITLES}
    for line in content.get("lines") or ():
        lines_of.setdefault(str(line["plan"]), []).append(line)
    titles = {str(plan): title for plan, title in PLAN_TITLES.items()}
    sheets: list[Sheet] = []
    for plan, lines in lines_of.items():
        title = titles.get(plan) or sheet_name(plan, [*titles.values(), *(sheet.name for sheet in sheets)])
        top = (WorkbookRow("title", (f"{title} plan — {heading}",)), WorkbookRow("note", (HOW_TO_READ[0],)))
        why = "Not available: " + clean_text(_why_empty((content.get("plans") or {}).get(plan)))
        months = content.get("horizon") or ()
        body = sheet_rows(_pivot(title, lines, months, why), _number_format)
        kinds = [_KINDS.get(measure) for measure, *_ in _by_place(lines)]
        body = _with_year(body, kinds, len(top), months)
        sheets.append(Sheet(title, (*top, *body), fixed_columns=len(LINE_COLUMNS) + 1, filters=True))
    return sheets


def _with_year(
    rows: Sequence[WorkbookRow], kinds: Sequence[str | None], above: int, months: Sequence[str]
) -> list[WorkbookRow]:
    """The rows of a plan's sheet with what each comes to in twelve months, live: a flow adds up, a stock ends."""
    if rows[0].kind != "header" or not months:
        return list(rows)
    first = len(LINE_COLUMNS) + 1 + rows[0].cells[len(LINE_COLUMNS) + 1 :].index(months[0])
    last = first + min(bucket_of(months[0]).a_year, len(months)) - 1
    found = [WorkbookRow("header", (*rows[0].cells, YEAR))]
    for at, (row, kind) in enumerate(zip(rows[1:], kinds, strict=True), start=above + 1):
        cells = row.cells[first : last + 1]
        figures = [cell for cell in cells if isinstance(cell, int | float)]
        year: SheetCell = None
        if len(figures) == len(cells) and kind == "flow":
            year = Formula(f"=SUM({place(at, first)}:{place(at, last)})", round(math.fsum(figures), 6))
        elif len(figures) == len(cells) and kind == "stock":
            year = Formula(f"={place(at, last)}", figures[-1])
        found.append(WorkbookRow(row.kind, (*row.cells, year), row.number_format))
    return found


def sheet_rows(
    table: PlanTable, number_format: Callable[[Sequence[SheetCell]], str] = lambda row: "record"
) -> list[WorkbookRow]:
    """A declared table drawn on a sheet: its header and a row each, or why it is empty."""
    if not table.rows:
        return [WorkbookRow("note", (worded(table.empty),))]
    header = WorkbookRow("header", tuple(worded(column.title) for column in table.columns))
    rows = [tuple(map(plain, row)) for row in table.rows]
    return [header, *(WorkbookRow("body", row, number_format(row)) for row in rows)]


def _pivot(title: str, lines: Sequence[Mapping[str, Any]], horizon: Iterable[str], empty: str) -> PlanTable:
    """Lines as a planner's table: a row per measure, family, region and resource, a column per month.

    Rows keep the order of the lines. Two lines of the same place and month get a row each: none is lost.
    """
    months = sorted({*horizon, *(line["month"] for line in lines)})
    cells = (
        (
            in_words(measure),
            *map(cell_of, scope),
            unit,
            *(number_of(values.get(month)) for month in months),
        )
        for (measure, *scope, unit, _), values in _by_place(lines).items()
    )
    return PlanTable(title, texts(*(c.capitalize() for c in LINE_COLUMNS), "Unit", *months), tuple(cells), empty)


def _by_place(lines: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The value of every month by what a row of a plan's sheet is about."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in lines:
        about = (*(line.get(column) for column in LINE_COLUMNS), _unit(line))
        turn = 0
        while line["month"] in rows.setdefault((*about, turn), {}):
            turn += 1
        rows[(*about, turn)][line["month"]] = line.get("value")
    return rows


def in_words(key: Any) -> str:
    """What a key is called: a measure by its name, anything else without its underscores."""
    return WORDS.get(str(key)) or clean_text(str(key).replace("_", " "))


def _unit(line: Mapping[str, Any]) -> str:
    unit, currency = str(line.get("unit") or ""), str(line.get("currency") or "")
    return clean_text(" ".join(dict.fromkeys(part for part in (currency, unit) if part and part != "money")))


def _number_format(row: Sequence[SheetCell]) -> str:
    """How the figures of a row of plan lines are shown, which its unit says."""
    unit, numbers = str(row[len(LINE_COLUMNS)]).lower(), row[len(LINE_COLUMNS) + 1 :]
    if "pct" in unit or unit in ("share", "fraction"):
        return "share"
    return "whole" if all(isinstance(number, int | None) for number in numbers) else "exact"


def _gate(content: Mapping[str, Any], heading: str) -> Sheet:
    gate = content.get("gate") or {}
    rows = [WorkbookRow("title", (f"Gate — {heading}",))]
    empty = GATE_OF_WORKING if is_working(content) else NONE
    rows += _section("Findings", sheet_rows(_table("Findings", gate.get("findings") or (), empty)))
    rows += _section("Waivers", sheet_rows(_table("Waivers", gate.get("waivers") or (), empty)))
    return Sheet(GATE, tuple(rows))


def _table(name: str, records: Iterable[Mapping[str, Any]], empty: str = NONE) -> PlanTable:
    """Records as a table with a row each; a column for every key that any record has."""
    records = list(records)
    keys = {key for record in records for key in record}
    columns = [*(key for key in FIRST_COLUMNS if key in keys), *sorted(keys - {*FIRST_COLUMNS, *LAST_COLUMNS})]
    columns += [key for key in LAST_COLUMNS if key in keys]
    titles = texts(*(clean_text(column.replace("_", " ").capitalize()) for column in columns))
    cells: dict[str, Callable[[Any], Figure]] = dict.fromkeys(columns, cell_of)
    cells |= {"value": number_of, "measure": in_words}
    rows = tuple(tuple(cells[column](record.get(column)) for column in columns) for record in records)
    return PlanTable(name, titles, rows, empty)


def cell_of(value: Any) -> Figure:
    """A value as a cell: numbers stay numbers, text stays text, tables and lists become text.

    >>> cell_of({"family": "Bikes", "region": "North"})
    'family = Bikes; region = North'
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return clean_text("; ".join(f"{key} = {cell_of(item)}" for key, item in sorted(value.items()))) or None
    if isinstance(value, list | tuple):
        return clean_text(", ".join(str(cell_of(item)) for item in value)) or None
    return clean_text(str(value))


def number_of(value: Any) -> Figure:
    """A quantity as a cell: a decimal text becomes the number that Excel keeps (16 digits), else as text.

    >>> number_of("12.50"), number_of("00123"), number_of(">12")
    (12.5, '00123', '>12')
    """
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        return cell_of(value)
    number = float(f"{float(value):.16G}")
    return int(number) if "." not in value and abs(number) < 2**53 else number
