"""Importing on the Data page: choose table and file, say what names do not tell, see what would change, import."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from sop.core.calendar import bucket_of, period_short, shift_period, worded
from sop.core.findings import Finding
from sop.core.format import day_text, how_many, number
from sop.core.present import Col, PlanTable
from sop.core.tables import CLOSED_ONLY, Table, table
from sop.files.templates import example_csv, template_csv, template_xlsx
from sop.intake.check import offered_answers
from sop.intake.incoming import ImportReport, ImportRequest
from sop.intake.subject import Mode
from sop.services.data.imports import import_table, preview_import, undo_import
from sop.ui.frame.fill import table_asked_for
from sop.ui.frame.page import Visit
from sop.ui.frame.state import tell
from sop.ui.frame.text import literal
from sop.ui.kit.acts import act_button
from sop.ui.kit.cards import grey_line
from sop.ui.kit.downloads import download_button
from sop.ui.kit.jobs import await_job, is_running
from sop.ui.kit.tables import show_table
from sop.ui.panels.process.first_plan import next_needed
from sop.views.loaded_tables import TOTALS, DataState, findings_table, remedy_on_screen

TYPES = ["csv", "txt", "tsv", "xlsx", "xls", "xlsb", "ods", "parquet"]
MODES: dict[Mode, str] = {
    "periods": "replaces the periods it covers",
    "add": "adds to the table",
    "replace": "replaces the whole table",
}
PREVIEWS, UPLOADS = "data_previews", "data_uploads"
FETCHED = "data_fetched"
"""The session's import of a source that is looked at by itself."""
KEPT_PREVIEWS = 6
WANTED = "data_import_wanted"
"""The session's import of a long file that was asked for."""
LONG_BYTES = 10_000_000
"""From this size on a file is read in the background."""


def show_import(visit: Visit, state: DataState) -> None:
    """The whole import, from the choice of the table to the button that stores it."""
    request = ask_fetched() or ask_request(state)
    if request is None:
        return
    request = ask_proposal(visit, request)
    request = ask_columns(request, preview(visit, request))
    request, report = ask_questions(visit, request)
    show_report(report)

    def make_room() -> None:
        st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1
        st.session_state.pop(PREVIEWS, None)
        coming = next_needed(state, but=request.table)
        if coming is not None:
            st.session_state["data_table"] = coming
        st.session_state.pop(FETCHED, None)

    show_import_button(visit, report, request, make_room)


def ask_fetched() -> ImportRequest | None:
    """What was fetched of a source, to be looked at by itself; None where nothing was."""
    request: ImportRequest | None = st.session_state.get(FETCHED)
    if request is None:
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        what = f"The source {request.origin}, for {request.table}: {request.name}"
        st.html(grey_line(what), width="stretch")
        act_button("Put it away", lambda: st.session_state.pop(FETCHED), type="tertiary")
    return request


def ask_request(state: DataState) -> ImportRequest | None:
    """Which table, which file, how; None without a file."""
    names = [entry.state.table for entry in state.tables]
    if asked := table_asked_for(names):
        st.session_state["data_table"] = asked
    elif (needed := next_needed(state)) and "data_table" not in st.session_state:
        st.session_state["data_table"] = needed
    with st.grid(3, min_column_width=180):
        name = st.selectbox("Table", names, key="data_table", persist_state="session")
        mode = st.selectbox(
            "The file", list(MODES), format_func=MODES.__getitem__, key=f"data_mode_{name}",
            help=worded("Months that the file does not cover stay as they are, unless it replaces the "
                "whole table. "
            "Adding puts rows over stored ones with the same key. A table without months is replaced as a whole."),
        )  # fmt: skip
        until = _ask_until(table(name), state.last_closed)
    _show_templates(table(name))
    file = st.file_uploader(
        "CSV, Excel, OpenDocument or Parquet, at most 100 MB",
        type=TYPES,
        key=f"data_file_{name}_{st.session_state.get(UPLOADS, 0)}",
    )
    if file is None:
        return None
    return ImportRequest(name, file.getvalue(), file.name, until=until, mode=mode or "periods")


def _ask_until(spec: Table, last_closed: str) -> str | None:
    """The last month to import, for tables whose later rows can be set aside."""
    if not spec.has_months and spec.name != "deliveries":
        return None
    months = ["", *(shift_period(last_closed, -back) for back in range(bucket_of(last_closed).a_year))]
    chosen = st.selectbox(
        "Set rows aside after", months, index=1 if spec.name in CLOSED_ONLY else 0, key=f"data_until_{spec.name}",
        format_func=lambda month: period_short(month) if month else worded("no month: import all"),
    )  # fmt: skip
    return chosen or None


def _show_templates(spec: Table) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(grey_line(f"{worded(spec.meaning)} · needs {', '.join(spec.required_names)}"), width="stretch")
        _template_button(spec, "csv", template_csv)
        _template_button(spec, "xlsx", template_xlsx)
        download_button(
            "Example",
            partial(example_csv, spec),
            f"{spec.name}-example.csv",
            "text/csv",
            key="data_example",
            type="tertiary",
        )


def _template_button(spec: Table, kind: str, make: Callable[[Table], bytes]) -> None:
    download_button(
        f"Template {kind.upper()}",
        partial(make, spec),
        f"{spec.name}.{kind}",
        "text/csv" if kind == "csv" else "application/octet-stream",
        key=f"data_template_{kind}",
        type="tertiary",
    )


def preview(visit: Visit, request: ImportRequest) -> ImportReport:
    """What the import would do; kept in the session while the request and what is stored stay the same.

    A long file is read in the background: meanwhile the page says how far it is and offers to stop it.
    """
    kept: OrderedDict[str, ImportReport] = st.session_state.setdefault(PREVIEWS, OrderedDict())
    key = _digest(visit, request)
    if key not in kept:
        work = visit.call(preview_import, request)
        if is_long(request):
            kept[key] = await_job(key, lambda progress: work(progress=progress), "Reading and checking the file")
        else:
            with st.spinner("Reading and checking the file"):
                kept[key] = work()
        while len(kept) > KEPT_PREVIEWS:
            kept.popitem(last=False)
    return kept[key]


def is_long(request: ImportRequest) -> bool:
    """Whether a file is so long that reading it is told and can be stopped."""
    return isinstance(request.source, bytes) and len(request.source) > LONG_BYTES


def show_import_button(
    visit: Visit, report: ImportReport, request: ImportRequest, then: Callable[[], None]
) -> None:
    """The button that imports, at once; of a long file in the background, told and stopped as its reading is."""
    done = f"{request.table} is imported from {request.name}."
    look: dict[str, Any] = {
        "type": "primary",
        "disabled": not report.changed,
        "help": None if report.changed else "There is nothing to import: see the sentence above.",
    }
    label = f"Import {request.table}"
    if not is_long(request):
        act_button(label, visit.call(import_table, request), done, then=then, **look)
        return
    key = f"store {_digest(visit, request)}"
    if key in st.session_state.get(WANTED, ()):
        work = visit.call(import_table, request)
        try:
            await_job(key, lambda progress: work(progress=progress), f"Importing {request.table}")
        finally:
            if not is_running(key):
                st.session_state.pop(WANTED, None)
        tell(done)
        then()
        st.rerun()
    st.button(label, on_click=lambda: st.session_state.update({WANTED: (key,)}), **look)


def _digest(visit: Visit, request: ImportRequest) -> str:
    source = request.source if isinstance(request.source, bytes) else str(request.source).encode()
    parts = (replace(request, source=""), visit.room.store.read_version(visit.cycle.first_open))
    return hashlib.sha256(repr(parts).encode() + source).hexdigest()


def ask_proposal(visit: Visit, request: ImportRequest) -> ImportRequest:
    """The request with what the headers propose, where somebody says yes to all of it."""
    proposed = next((f for f in preview(visit, request).findings if f.rule == "mapping"), None)
    if proposed is None or not (answer := _ask(request.table, proposed)):
        return request
    return replace(request, answers={**request.answers, proposed.rule: answer})


def ask_columns(request: ImportRequest, found: ImportReport) -> ImportRequest:
    """The request with what names do not tell: which header is which column, or one value for every row."""
    spec = table(request.table)
    used = {ours: theirs for theirs, ours in found.checked.mapping_used.items()} | dict(found.set_values)
    open_columns = [column for column in spec.columns if column.name not in used]
    missing = sum(column.required for column in open_columns)
    title = f"Columns: {len(used)} of {len(spec.columns)} found" + (f", {missing} missing" if missing else "")
    mapping, set_values = {}, {}
    stamp = hashlib.sha256(repr(found.checked.unknown_columns).encode()).hexdigest()[:8]
    with st.expander(title, expanded=missing > 0), st.form(f"data_columns_{spec.name}", border=False):
        st.html(grey_line("Headers that carry the contract's name are found; * must be filled; – stays empty."))
        with st.grid(4, min_column_width=180):
            for column in spec.columns:
                own = used.get(column.name, "")
                header = st.selectbox(
                    column.name + " *" * column.required,
                    [own, *found.checked.unknown_columns],
                    format_func=lambda name: name or "–",
                    key=f"data_map_{spec.name}_{column.name}_{stamp}",
                    help=worded(column.meaning),
                )
                if header and header != own:
                    mapping[header] = column.name
            for column in (column for column in open_columns if column.required):
                value = st.text_input(
                    f"{column.name} for every row",
                    key=f"data_set_{spec.name}_{column.name}",
                    help=worded(column.meaning),
                )
                if value.strip() and column.name not in mapping.values():
                    set_values[column.name] = value.strip()
        st.form_submit_button("Check with these columns")
    return replace(request, mapping=mapping, set_values=set_values)


def ask_questions(visit: Visit, request: ImportRequest) -> tuple[ImportRequest, ImportReport]:
    """The request with the answers to what the file leaves open, asked until nothing is; and its preview."""
    report = preview(visit, request)
    asked = {"mapping"}
    while True:
        opened = {f.rule: f for f in reversed(report.findings) if f.level == "question"}
        new = [finding for rule, finding in opened.items() if rule not in asked]
        asked |= set(opened)
        answers = {finding.rule: answer for finding in new if (answer := _ask(request.table, finding))}
        if not answers:
            return request, report
        request = replace(request, answers={**request.answers, **answers})
        report = preview(visit, request)


def _ask(table_name: str, question: Finding) -> str:
    """One question; empty while it is not answered."""
    key = f"data_answer_{table_name}_{question.rule}"
    examples = f" ({question.value})" if question.value and question.value not in question.what else ""
    what = f"{question.what[0].upper()}{question.what[1:]}{examples}"
    text = literal(f"{what}. {remedy_on_screen(question)}.".replace("..", "."))
    meanings: Mapping[str, str] = offered_answers(question) or _names_to_choose(table_name, question)
    if not meanings:
        return st.text_input(text, key=key).strip()
    return st.selectbox(
        text, ["", *meanings], format_func=lambda answer: meanings.get(answer, "please choose"), key=key
    )  # fmt: skip


def _names_to_choose(table_name: str, question: Finding) -> dict[str, str]:
    """What a question offers whose answers are names; nothing where only a person knows them."""
    if question.rule == "month_values":
        return {c.name: f"{c.name}: {worded(c.meaning)}" for c in table(table_name).columns if c.kind == "number"}
    if question.rule == "time_zone":
        return {name: name for name in sorted(available_timezones())}
    if question.rule == "sheet":
        return {name: name for name in question.what.partition(": ")[2].split(", ") if name}
    return {}


def show_report(report: ImportReport) -> None:
    """What would change, in one sentence, counts, the first rows that differ, and every finding."""
    (st.info if report.accepted else st.error)(literal(report.message))
    checked = report.checked
    facts = {
        "Rows read": checked.rows_read,
        "Rows after the import": report.rows_after,
        "Added": report.difference.added,
        "Changed": report.difference.changed,
        "Unchanged": report.difference.unchanged,
        "Removed": report.difference.removed,
        "Set aside": checked.set_aside,
        "True zeros": checked.true_zeros,
    }
    show_table(PlanTable("What the import would do", tuple(map(Col, facts)), (tuple(facts.values()),)))
    if report.total_lines:
        show_table(TOTALS.of(checked.totals))
    if checked.missing_months:
        st.caption(worded(f"Months without any row: {', '.join(map(period_short, checked.missing_months))}."))
    if report.findings:
        show_table(findings_table(report.findings))
    if len(report.difference.sample):
        with st.expander("The first rows that differ"):
            st.dataframe(report.difference.sample, hide_index=True)


def show_undo(visit: Visit, state: DataState) -> None:
    """Bring back what a table was before its last import."""
    names = [entry.state.table for entry in state.tables if entry.version is not None]
    if not names:
        return
    with st.popover("Undo an import"):
        name = st.selectbox("Table", names, key="data_undo")
        entry = next(entry for entry in state.tables if entry.state.table == name)
        assert entry.version is not None
        last = (
            f"The last import of {name} is {entry.version.file_name}, "
            f"{how_many(number(entry.version.row_count), 'rows')}, "
            f"by {entry.imported_by} on {day_text(entry.version.imported_at)}. What was there before comes back."
        )
        st.caption(literal(last))
        done = f"The last import of {name} is undone."
        act_button(f"Undo the last import of {name}", visit.call(undo_import, name), done)
