"""Reports that write a label once and leave it blank in the rows below: filled down, said and asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.core.tables import Table
from sop.intake.headers import plain_header
from sop.intake.subject import RawTable
from sop.intake.totals import is_called_total

_SHOWN = 4


def fill_labels(spec: Table, raw: RawTable, mapping: Mapping[str, str], answer: str | None) -> RawTable:
    """The file with each label in the rows below it that leave it blank; as it is where no column does so.

    `mapping`: header → column. A row without any other label, or of a total, is no row of the group above; a label
    further left begins its group anew. Until it is answered for, the filled rows are shown.
    """
    ours = {header: mapping.get(header, plain_header(header)) for header in raw.columns}
    needed = [h for h in raw.columns if ours[h] in spec.column_names and spec.column(ours[h]).kind != "number"]
    labels = [header for header in needed if spec.column(ours[header]).required]
    blank = [h for h in labels if (ours[h],) != spec.full_key and _is_written_once(list(raw.frame[h]))]
    if not blank or len(needed) < 2:
        return raw
    held: dict[str, str | None] = dict.fromkeys(labels)
    filled: dict[str, list[str | None]] = {header: [] for header in blank}
    seen: set[tuple[str | None, ...]] = set()
    told: list[str] = []
    count, first = 0, 0
    for i, cells in enumerate(raw.frame[needed].itertuples(index=False, name=None)):
        row = dict(zip(needed, cells, strict=True))
        texts = [text for text in cells if text is not None]
        whole = any(map(is_called_total, texts)) or not texts
        # Months alone, twice under one label, are those of a total below the groups.
        alone = [ours[header] for header, text in row.items() if text is not None] == ["month"]
        for at, header in enumerate(labels):
            if row[header] is not None and row[header] != held[header]:
                held |= {header: row[header]} | dict.fromkeys(labels[at + 1 :])
                seen = set() if header in blank else seen
        whole = whole or (alone and tuple(texts) in seen)
        seen |= {(row.get(header),) for header in needed if ours[header] == "month"}
        for header in blank:
            value = row[header]
            if value is None and not whole and held[header] is not None:
                value = held[header]
                first = first or raw.lines[i]
                told += [f"line {raw.lines[i]}: {value}"] if len(told) < _SHOWN else []
                count += 1
            filled[header].append(value)
    if not count:
        return raw
    names = " and ".join(header for header in blank if filled[header] != list(raw.frame[header]))
    frame = raw.frame.assign(**{header: pd.Series(cells, raw.frame.index) for header, cells in filled.items()})
    what = f"{names} is blank in {how_many(number(count), 'cells')} below a label, as in a report by groups"
    shown = "; ".join(told) + ("; …" if count > len(told) else "")
    if answer == "fill":
        note = Finding("note", "blank_labels", f"{what}, and read as the label above", "", spec.name, raw.name)
    else:
        ask = "Answer blank_labels=fill if the label above holds for them, else fill the cells"
        note = Finding("question", "blank_labels", what, ask, spec.name, raw.name)
    note = replace(note, line=first, column=names, value=shown, count=count)
    return replace(raw, frame=frame, findings=(*raw.findings, note))


def _is_written_once(cells: list[str | None]) -> bool:
    """Whether a column writes each label at the head of its rows alone: one repeated below itself is no group."""
    if not cells or cells[0] is None or all(cell is not None for cell in cells):
        return False
    return all(below is None or below != cell for cell, below in pairwise(cells))
