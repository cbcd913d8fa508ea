"""Write the reference pages of docs/ from the tables of truth in the code: `python scripts/write_docs.py [--check]`.

With --check nothing is written and the exit code says whether the pages are up to date.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sop.access import PERMISSIONS  # noqa: E402
from sop.core.lengths import CELL_NAME, CELL_TEXT  # noqa: E402
from sop.core.measures import HEADLINES, MEASURES, measure  # noqa: E402
from sop.core.open_data import OPEN_TABLES  # noqa: E402
from sop.core.register import REGISTER, Assumption  # noqa: E402
from sop.core.tables import FIRST_YEAR, TABLES, YEARS_AHEAD, Column, Table  # noqa: E402

NOTE = "<!-- Written by scripts/write_docs.py from the code; edit the code, not this page. -->\n"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def measures_page() -> str:
    """docs/measures.md."""
    parts = [
        NOTE,
        "# Measures\n",
        "One table in the code (`sop/core/measures.py`) defines every plan line. A flow adds over months, a stock "
        "takes the last month, a peak the highest; a ratio is recomputed from its parts at every level.\n",
        "## Headline measures\n",
        table(
            ("measure", "unit", "read as", "definition"),
            ((h.label, h.unit, h.read, h.definition) for h in HEADLINES),
        ),
    ]
    for plan in dict.fromkeys(m.plan for m in MEASURES):
        rows = [
            (f"`{m.key}`", m.label, m.unit, " × ".join(m.grain) or "company", m.kind, m.definition)
            for m in MEASURES
            if m.plan is plan
        ]
        parts += [f"## {plan.title}\n", table(("key", "measure", "unit", "grain", "kind", "definition"), rows)]
    return "\n".join(parts)


def contract_page() -> str:
    """docs/data-contract.md."""
    parts = [
        NOTE,
        "# Data contract\n",
        "The flat tables that a company brings as CSV, Excel or Parquet. `products` and `sales_actuals` are enough to "
        "start; every other table unlocks more. The same definition (`sop/core/tables.py`) drives templates, checks, "
        "the Data page and this page. `python -m sop template TABLE` writes an empty file with these columns.\n",
        "Months are `YYYY-MM`, dates `YYYY-MM-DD`. **Bold** columns must be there; *italic* ones are the key. Numbers stay "
        f"within the bounds that stand beside them, names within {CELL_NAME} characters, other texts within "
        f"{CELL_TEXT}, months between {FIRST_YEAR} and {YEARS_AHEAD} years after the first open one.\n",
        "A file replaces the months that it covers and nothing else (a table without months as a whole). Rows that share "
        "a key are added up on request; **+** marks the columns that are summed then.\n",
    ]
    for spec in TABLES:
        parts += [f"## {spec.name}\n", _about(spec), table(("column", "kind", "unit", "meaning"), _columns(spec))]
    return "\n".join(parts)


def _about(spec: Table) -> str:
    unlocks = spec.unlocks_text or ", ".join(plan.title for plan in spec.unlocks)
    return (
        f"{spec.meaning}. Key: {', '.join(spec.full_key)}." + (f" Unlocks: {unlocks}." if unlocks else "") + "\n"
    )


def _columns(spec: Table) -> Iterable[Sequence[object]]:
    for column in spec.columns:
        name = f"*{column.name}*" if column.name in spec.full_key else column.name
        yield (
            f"**{name}**" if column.required else name,
            " / ".join(column.choices) or column.kind,
            column.unit,
            f"{'**+** ' * (column.adds == 'sum')}{column.meaning}{_limits(column)}",
        )


def _limits(column: Column) -> str:
    found = [f"{column.low:g} to {column.high:g}"] if column.kind == "number" else []
    found += [f"default {column.default}"] if column.default is not None else []
    return f" ({', '.join(found)})" if found else ""


def assumptions_page() -> str:
    """docs/assumptions.md."""
    rows = [
        (
            f"`{a.key}`",
            a.label,
            a.owner.title,
            a.unit,
            a.scope,
            f"{a.low:g} … {a.high:g}",
            a.source,
            a.meaning,
            _plausible(a),
        )
        for a in REGISTER
    ]
    roles = [(p.meaning, ", ".join(role.title for role in p.roles)) for p in PERMISSIONS]
    return "\n".join(
        [
            NOTE,
            "# Assumptions and permissions\n",
            "The register (`sop/core/register.py`) generates sliders, validation and the permission check: in the working "
            "plan only the owner changes an assumption, in a private scenario anybody may. The value nearest to the scope "
            "wins: an entry for a family beats the company's, which beats the table's, which beats the default. Percents "
            "are fractions.\n",
            table(
                (
                    "key",
                    "assumption",
                    "owner",
                    "unit",
                    "scope",
                    "range",
                    "default and source",
                    "meaning",
                    "plausible otherwise by",
                ),
                rows,
            ),
            "## Who may do what\n",
            "From `sop/access.py`; services check it on every call with the role that the database holds at that moment.\n",
            table(("act", "roles"), roles),
        ]
    )


def _plausible(entry: Assumption) -> str:
    """By how much it may plausibly come out otherwise: a size, or the entry that says it."""
    if entry.key == "demand_pct":
        return "spread of a year's demand"
    if entry.plausible is None:
        return ""
    return f"`{entry.plausible}`" if isinstance(entry.plausible, str) else f"{entry.plausible:g}"


DOORS = {
    "Chance of reaching the budget": (
        "analysis.ranges.projections:value_targets",
        "executive.outlook_tables:targets_table",
    ),
    "Draws behind every chance and range": (
        "analysis.ranges.draws:replan_block",
        "executive.outlook_page:build_outlook_page",
    ),
    "Range around a figure": (
        "analysis.ranges.projections:project_headlines",
        "executive.outlook_page:build_outlook_page",
    ),
    "Why a family's lead time is what it is, and who makes it wait": (
        "standard engine:Planner.standard_lead_days + wait supply.after.lead_time:wait_curve because "
        "supply.what_if.trace:trace_unmet in words analysis.supply.waiting:late_because",
        "lead_time.waiting:made_to_order_table",
    ),
    "What the overtime slider moves": (
        "limit supply.lp.terms:overtime_limit kept by supply.lp.rows:limit_overtime → hours "
        "supply.lp.whole_people:round_people → cost supply.after.monthly_costs:monthly_costs",
        "production.production_plan:people_table",
    ),
    "What limits the plan, and what relief is worth": (
        "analysis.supply.limits:find_plan_limits and analysis.supply.limits:find_plan_relief",
        "production.limits:limits_table",
    ),
    "Why a plan differs from another": (
        "analysis.comparison.attribution:attribute",
        "executive.plan_changes:build_changes",
    ),
    "What a single change is worth, and whose it is": (
        "analysis.comparison.attribution:attribute_singles",
        "executive.change_tables:singles_table",
    ),
    "What a figure is made of": ("analysis.explain.parts:parts_of", "executive.explained_figure:parts_table"),
    "Accuracy by step of the forecast": (
        "analysis.performance.judged_steps:judge_steps",
        "sales.accuracy_words:accuracy_sentence",
    ),
    "Full-year landing and gap to the budget": ("finance.landing:full_year_landings", "financial.walks:landings"),
    "What proposing does": ("services.agreement.plan_acts:propose_plan", "executive.proposal:build_proposal"),
    "What signing does, from the button to what is kept": (
        "services.agreement.plan_acts:sign decided in agreement.plan_states:apply kept by store.plans:add_signature",
        "ui.panels.sign_off.sign_acts:show_sign_form",
    ),
    "When a signature counts and a plan is agreed": (
        "agreement.plan_states:apply",
        "executive.sign_off_tables:signatures_table",
    ),
    "Who may do what": ("access:require", "ui.panels.process.settings:_show_permissions"),
}
"""Questions that are no measure: the function that answers, and the one that shows it."""


def where_page() -> str:
    """docs/where.md."""
    parts = [
        NOTE,
        "# Where each figure is made and shown\n",
        "Each row names two functions, as file and function: the one that works the figure out, and the view that tells it "
        "on screen, in files and on the command line. A plan is built door by door in `sop/engine.py`.\n",
        "## Headlines\n",
        "All are read off the plan's lines by `sop/analysis/headline.py`, `read_headline`.\n",
        table(
            ("headline", "read off", "made in", "shown by"),
            (
                (h.label, f"`{h.line}`, {h.read}", *_doors(measure(h.line).made, measure(h.line).shown))
                for h in HEADLINES
            ),
        ),
        "## Questions\n",
        table(
            ("question", "answered in", "shown by"), ((asked, *_doors(*found)) for asked, found in DOORS.items())
        ),
    ]
    for plan in dict.fromkeys(m.plan for m in MEASURES):
        rows = [(m.label, *_doors(m.made, m.shown)) for m in MEASURES if m.plan is plan]
        parts += [f"## {plan.title}\n", table(("measure", "made in", "shown by"), rows)]
    read = ((a, "; ".join(_told_readers(readers_of(a.key)))) for a in REGISTER)
    parts += [
        "## What a slider or an assumption moves\n",
        "The functions that read it, of the planning itself where any does; what follows from those is in the tables above.\n",
        table(
            ("assumption", "owner", "key", "read in"),
            ((a.label, a.owner.title, f"`{a.key}`", files) for a, files in read),
        ),
    ]
    return "\n".join(parts)


def _doors(made: str, shown: str) -> tuple[str, str]:
    return " ".join(map(door_text, made.split(" "))), door_text(shown_door(shown)) if shown else ""


def shown_door(shown: str) -> str:
    """The whole name of what shows a figure: a view, or a panel where it says so."""
    return shown if shown.startswith("ui.") else f"views.{shown}"


def door_text(door: str) -> str:
    """A function as file and name: 'finance.pnl:build_revenue' → '`finance/pnl.py` `build_revenue`'; other words stay."""
    module, colon, name = door.partition(":")
    return f"`{module.replace('.', '/')}.py` `{name}`" if colon else door


def _told_readers(doors: Sequence[str]) -> list[str]:
    """Readers file by file: '`supply/lp/rows.py` `limit_overtime`, `bound_rows`'."""
    files: dict[str, list[str]] = {}
    for door in doors:
        file, _, name = door.partition(":")
        files.setdefault(file, []).append(f"`{name}`")
    return [f"`{file}` {', '.join(dict.fromkeys(names))}" for file, names in files.items()]


READS = (("engine.py", "demand", "portfolio", "supply", "finance", "facts"), ("core",), ("analysis",))
"""Where an assumption is read: by the planning itself, else by what its records share, else by what judges a plan."""
NAMED = ("core/register.py", "core/tables.py", "core/override_scopes.py", "analysis/explain")
"""Files that list assumptions or have a column of the same name, and read none."""


def readers_of(key: str) -> list[str]:
    """The functions below the services that read an assumption, as `file:function`."""
    for places in READS:
        roots = [ROOT / "sop" / place for place in places]
        files = [file for root in roots for file in ([root] if root.is_file() else sorted(root.rglob("*.py")))]
        found = [door for file in files for door in _readers_in(file.relative_to(ROOT).as_posix(), key)]
        if found:
            return found
    return []


@cache
def _tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text("utf-8"))


@cache
def _assigned(file: str) -> list[tuple[str, ast.expr]]:
    """The constants of a file with what they hold."""
    found: list[tuple[str, ast.expr]] = []
    for node in _tree(file).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            found += [
                (name.id, held)
                for name, held in zip(_leaves(target), _leaves(node.value, target), strict=True)
                if isinstance(name, ast.Name)
            ]
    return found


def _leaves(node: ast.expr, beside: ast.expr | None = None) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) and not isinstance(beside, ast.Name) else [node]


def _readers_in(file: str, key: str) -> list[str]:
    """The functions of a file that name an assumption, by its key or by a constant that stands for it."""
    if file.removeprefix("sop/").startswith(NAMED):
        return []
    tree, names = _tree(file), {key}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sop."):
            source = f"{(node.module or '').replace('.', '/')}.py"
            if (ROOT / source).exists():
                stands = {
                    name
                    for name, held in _assigned(source)
                    if isinstance(held, ast.Constant) and held.value == key
                }
                names |= {each.asname or each.name for each in node.names if each.name in stands}
    for name, held in _assigned(file):
        if not names.isdisjoint(_used(held)):
            names.add(name)
    return [f"{file.removeprefix('sop/')}:{name}" for name, used in _functions(file) if not names.isdisjoint(used)]


@cache
def _functions(file: str) -> list[tuple[str, frozenset[str]]]:
    """The functions of a file with the names and texts in each."""
    return [(node.name, _used(node)) for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef)]


@cache
def _used(node: ast.AST) -> frozenset[str]:
    """The names and texts in a part of a file."""
    each = list(ast.walk(node))
    texts = {found.value for found in each if isinstance(found, ast.Constant) and isinstance(found.value, str)}
    return frozenset(texts | {found.id for found in each if isinstance(found, ast.Name)})


OPEN_DATA = """\
# Open data

Whatever reads tables can read Accord's plans: the same tables, by the same names, as views of the database, as frames
in Python, as Parquet files and as JSON. A name and a column stay once they are here; more may come beside them. Nothing
can be written this way. Money is in whole currency to the cent; a figure that is not known has no row, or no value.
A plan's working state is in no database: it is planned when Python, JSON or Parquet asks for it, as `plan_id` 0.

## SQL

Each table is a view named `accord_` and its name, in SQLite (`accord.sqlite` in the workspace; open it read-only) and in
PostgreSQL. There, give a reader nothing but the views:

    CREATE ROLE reporting LOGIN PASSWORD '…';
    GRANT SELECT ON accord_plans, accord_plan_lines, accord_plan_headlines, accord_signatures, accord_scenarios,
      accord_assumptions, accord_cycles, accord_decisions TO reporting;

    SELECT month, sum(value) FROM accord_plan_lines JOIN accord_plans USING (plan_id)
    WHERE in_force = 1 AND measure = 'revenue' GROUP BY month ORDER BY month;

## Python

    from sop import open_workspace

    with open_workspace("data/workspaces/default") as company:
        company.plans()                                        # every plan ever proposed
        company.lines(of="working", measure="revenue")         # a plan by its number, "agreed", "working" or "all"
        company.scenarios(), company.assumptions()
        company.read("signatures", of=7)                       # any table below
        company.tables()["sales_actuals"]                      # what is loaded, as in the [data contract](data-contract.md)

Frames are pandas frames with the types below. [A notebook](open-data.ipynb) shows it on the demo company.

## Parquet

`python -m sop export parquet data.zip`: a file a table, and the loaded tables in `inputs/`.

## JSON

`GET /api/v1` names the tables and `GET /api/v1/plan_lines?of=agreed&measure=revenue` reads one, behind the same sign-in as
the screens: send the cookie of somebody who is signed in. Who may see plans may read them so; everybody else is refused with
401 (not signed in) or 403 (not by this role). `of` chooses the plan, every other name a column to narrow by.

## Tables
"""
KINDS = {
    "text": "text", "number": "number", "whole": "whole number", "month": "month, `YYYY-MM`",
    "time": "time, UTC text",
}  # fmt: skip


def open_data_page() -> str:
    """docs/open-data.md."""
    parts = [NOTE, OPEN_DATA]
    for each in OPEN_TABLES:
        rows = ((f"*{c.name}*" if c.name in each.key else c.name, KINDS[c.kind], c.meaning) for c in each.columns)
        parts += [f"### {each.name}\n", f"A row is {each.row}. View: `{each.view}`.\n"]
        parts.append(table(("column", "kind", "meaning"), rows))
    parts.append("The measures of `plan_lines` and what each is made of: [measures](measures.md).\n")
    return "\n".join(parts)


PAGES = {
    "open-data.md": open_data_page,
    "where.md": where_page,
    "measures.md": measures_page,
    "data-contract.md": contract_page,
    "assumptions.md": assumptions_page,
}


def stale_pages() -> list[str]:
    """Pages whose text is not what the code says."""
    docs = ROOT / "docs"
    return [n for n, page in PAGES.items() if not (docs / n).exists() or (docs / n).read_text("utf-8") != page()]


def main() -> int:
    """Write the stale pages, or with --check name them."""
    stale = stale_pages()
    if "--check" in sys.argv[1:]:
        print(f"stale: {', '.join(stale)}" if stale else "docs are up to date")
        return 1 if stale else 0
    for name in stale:
        (ROOT / "docs" / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
