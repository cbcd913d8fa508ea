"""Everything that a person sees on a page, as plain lines in order: what golden records of pages hold.

A line names the kind of an element and its text. Left out is what nobody reads: ids, keys, styles, layout. Masked
is what the clock writes: a date with a time of day is `<time>`, the day on which a workspace was made `<day>`, and
the folder of a workspace `<folder>`. Figures in charts and tables have ten digits, more than any screen shows.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pandas as pd
from google.protobuf.json_format import MessageToDict
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, ElementTree

FROZEN_ON = "2026-11-28"
"""The day on which the frozen workspaces were made."""
CHART_POINT = "chart row: "
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|\+00:00| UTC)?")
_UNSEEN = {"id", "form_id", "element_id", "url_path_hash", "page_script_hash", "stack_trace"}
_SILENT = {"space", "empty", "bidi_component"}
_WIDGET_FIELDS = ("step", "help", "placeholder", "disabled", "icon", "max_chars")


def page_lines(app: AppTest) -> list[str]:
    """What stands on a page after its last run: the page itself, then dialogs, toasts and the like."""
    # AppTest offers no walk over the tree with its blocks but this.
    return [masked(line) for line in _block_lines(app._tree)]


def masked(text: str) -> str:
    """Text without what the clock and the place of the workspace wrote."""
    folder = os.environ.get("SOP_WORKSPACE")
    text = _TIME.sub("<time>", text.replace(folder, "<folder>") if folder else text)
    if text.startswith(CHART_POINT):  # Charts hold periods, and on the first of a month one of them is today.
        return text
    return text.replace(FROZEN_ON, "<day>").replace(datetime.now(UTC).date().isoformat(), "<day>")


def _block_lines(block: Block) -> Iterator[str]:
    if not isinstance(block, ElementTree):
        yield from _heading_of(block)
    for _, node in sorted(block.children.items()):
        yield from _block_lines(node) if isinstance(node, Block) else _element_lines(node)


def _heading_of(block: Block) -> Iterator[str]:
    """The label of a tab, an expander, a popover or a dialog; nothing for what only lays out."""
    if block.type in ("tab", "expander", "expandable", "status"):
        yield f"{block.type}: {block.proto.label}"
    elif block.type == "popover":
        yield f"popover: {block.proto.popover.label}" + (" (disabled)" if block.proto.popover.disabled else "")
    elif block.type == "dialog":
        yield f"dialog: {block.proto.dialog.title}"


def _element_lines(node: Any) -> Iterator[str]:
    kind, proto = node.type, node.proto
    if kind in _SILENT:
        return
    if kind == "exception":
        yield "exception: the page breaks here"
    elif kind == "html":
        yield from html_lines(proto.body)
    elif kind in ("dataframe", "table"):
        yield from _frame_lines("editor" if getattr(proto, "editing_mode", 0) else kind, node.value)
    elif "vega_lite_chart" in kind:
        yield from _chart_lines(_inner(proto))
    elif kind in ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "success"):
        yield f"{kind}: {proto.body}"
    elif hasattr(node, "set_value"):
        yield _widget_line(node)
    else:
        yield _fields_line(kind, MessageToDict(_inner(proto), preserving_proto_field_name=True))


def _inner(proto: Any) -> Any:
    """The message of an element that Streamlit's tests do not know by name."""
    kind = proto.WhichOneof("type") if "type" in proto.DESCRIPTOR.oneofs_by_name else None
    return getattr(proto, kind) if kind else proto


# -- widgets


def _widget_line(node: Any) -> str:
    fields = MessageToDict(node.proto, preserving_proto_field_name=True)
    seen: dict[str, Any] = {"label": fields.pop("label", "")}
    if node.type not in ("button", "download_button", "file_uploader"):
        seen["value"] = _value_of(node)
    options = fields.pop("options", None)
    if options:
        seen["options"] = [option if isinstance(option, str) else option.get("content") for option in options]
    if node.type in ("slider", "number_input"):
        seen |= {name: fields.get(name, 0.0) for name in ("min", "max") if node.type == "slider" or name in fields}
    seen |= {name: fields[name] for name in _WIDGET_FIELDS if name in fields}
    return _fields_line(node.type, seen)


def _value_of(node: Any) -> Any:
    """The value as it reads on screen: the text of the option chosen, never the key behind it."""
    if hasattr(node, "index"):
        return None if node.index is None or not node.options else node.options[node.index]
    if hasattr(node, "indices"):
        return [node.options[place] for place in node.indices]
    if node.type == "select_slider":
        chosen = node.value if isinstance(node.value, (list, tuple)) else [node.value]
        return [node.format_func(value) for value in chosen]
    return node.value


def _fields_line(kind: str, fields: Mapping[str, Any]) -> str:
    shown = {
        name: _figure(value) for name, value in fields.items() if name not in _UNSEEN and value not in ("", [])
    }
    label = shown.pop("label", "")
    rest = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str) if shown else ""
    return f"{kind}: {label} {rest}".rstrip()


# -- tables, charts, HTML


def _frame_lines(kind: str, frame: pd.DataFrame) -> Iterator[str]:
    yield f"{kind}: {_cells(frame.columns)}"
    for row in frame.astype(object).itertuples(index=False, name=None):
        yield f"{kind} row: {_cells(row)}"


def _chart_lines(proto: Any) -> Iterator[str]:
    """The message and the figures of a chart, and a digest of how it is drawn."""
    spec = json.dumps(json.loads(proto.spec), sort_keys=True)
    drawn = hashlib.sha256(spec.encode()).hexdigest()[:12]
    yield f"chart: {getattr(proto, 'alt', '') or '(no text)'} [drawn as {drawn}]"
    tables = [proto.data.data] if proto.HasField("data") else []
    tables += [named.data.data for named in proto.datasets]
    for table in tables:
        yield from _frame_lines("chart", convert_arrow_bytes_to_pandas_df(table))


def _cells(values: Iterable[Any]) -> str:
    return " | ".join("" if _is_missing(value) else str(_figure(value)) for value in values)


def _figure(value: Any) -> Any:
    """A fraction with ten digits, and zero without a sign; everything else as it is."""
    return f"{value + 0.0:.10g}" if isinstance(value, float) else value


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value) or value is pd.NaT or value is pd.NA


def html_lines(body: str) -> list[str]:
    """HTML as lines of text: a row of a table is one line with its cells apart, other blocks a line each."""
    reader = _HtmlText()
    reader.feed(body)
    reader.close()
    reader.end_line()
    return [f"html: {line}" for line in reader.lines]


class _HtmlText(HTMLParser):
    """Reads text, the cells of tables apart; names for screen readers and tooltips count as text."""

    _BLOCKS = frozenset(("p", "div", "h1", "h2", "h3", "h4", "li", "tr", "table", "section", "thead", "tbody"))

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._text: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a cell, or what is not read."""
        if tag in ("style", "script"):
            self._hidden += 1
        if tag in self._BLOCKS:
            self.end_line()
        if tag in ("td", "th"):
            self._text.append("|")
        self._text += [f"[{value}]" for name, value in attrs if name in ("aria-label", "title", "alt") and value]

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag in ("style", "script"):
            self._hidden -= 1
        if tag in self._BLOCKS:
            self.end_line()

    def handle_data(self, data: str) -> None:
        """Text, unless it is a style."""
        if not self._hidden:
            self._text.append(data)

    def end_line(self) -> None:
        """Close the line that is being read; an empty one is none."""
        line = re.sub(r"\s+", " ", " ".join(self._text)).strip()
        if line:
            self.lines.append(line)
        self._text = []
