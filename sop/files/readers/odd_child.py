"""Reads one .xls, .xlsb or .ods workbook from standard input and writes its cells as JSON: run by itself,
never imported.

The library that reads these files can be made to take all memory or to abort by a small file. Here that ends this
process alone, within its limits of memory and time.

    python -I odd_child.py SHEET TABLE MEMORY_BYTES SECONDS MOST_ROWS MOST_COLUMNS MOST_CELLS < book.xls
"""

import contextlib
import datetime
import io
import json
import sys
from typing import Any


def main(sheet: str, table: str, memory: str, seconds: str, rows: str, columns: str, cells: str) -> None:
    """Write {"sheets": [[title, visible, filled]], "title", "rows": [[line, texts, numeric]]}, or {"error"}."""
    _limit(int(memory), int(seconds))
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as book:
            print(json.dumps(_read(book, sheet, table, (int(rows), int(columns), int(cells)))))
    except calamine.PasswordError:
        print(json.dumps({"error": "password"}))
    except (calamine.CalamineError, OSError, ValueError, KeyError, IndexError, OverflowError) as error:
        print(json.dumps({"error": "damaged", "why": f"{type(error).__name__}: {error}"[:200]}))


def _limit(memory: int, seconds: int) -> None:
    """Memory and time of this process, where the system can hold them."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _read(book: Any, sheet: str, table: str, most: tuple[int, int, int]) -> dict[str, Any]:
    facts = []
    for meta in book.sheets_metadata:
        if str(meta.typ).endswith("WorkSheet"):
            found = book.get_sheet_by_name(meta.name)
            facts.append([meta.name, str(meta.visible).endswith(".Visible"), found.end is not None])
    visible = [title for title, shown, filled in facts if shown and filled]
    titles = [title for title, _, _ in facts]
    title = sheet if sheet in titles else table if table in visible else visible[0] if visible else ""
    result = {"sheets": facts, "title": title, "rows": []}
    if title:
        found = book.get_sheet_by_name(title)
        height, width = found.total_height, found.total_width
        if height > most[0] or width > most[1] or height * width > most[2]:
            return {"error": "size", "rows": height, "columns": width}
        body = enumerate(found.to_python(skip_empty_area=False), start=1)
        result["rows"] = [
            [line, [_text(cell) for cell in cells], [_is_number(cell) for cell in cells]] for line, cells in body
        ]
    return result


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    return str(value).strip() or None


if __name__ == "__main__":
    main(*sys.argv[1:])
