"""An order line that a file numbers in two columns, a document and an item of it, as one number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from sop.core.findings import Finding
from sop.core.tables import Table
from sop.intake.headers import plain_header
from sop.intake.subject import RawTable

LINE = "order_line"
_DOCUMENTS = (
    "document no; document number; sales document; sales order; sales order no; order no; order number; order "
    "reference; vbeln; verkaufsbeleg; beleg; belegnummer; auftrag; auftragsnummer; commande; numero de commande; "
    "pedido; numero de pedido; num pedido; ordernummer; verkooporder; zamowienie; numer zamowienia"
)
_ITEMS = (
    "item; line; line no; line number; line id; order line; sales document item; posnr; position; pos; "
    "auftragsposition; ligne; numero de ligne; poste; linea; num linea; posicion; regel; regelnummer; pozycja; lp"
)
_CALLED = tuple(frozenset(map(plain_header, words.split("; "))) for words in (_DOCUMENTS, _ITEMS))


def join_line_numbers(
    spec: Table, raw: RawTable, mapping: Mapping[str, str], set_values: Mapping[str, str]
) -> RawTable:
    """The file with one number of the order line in place of a document's and its item's; else as it is.

    Only where both are called so and items are numbers.
    """
    if LINE not in spec.column_names or LINE in set_values or LINE in mapping.values():
        return raw
    free = [header for header in raw.columns if header not in mapping]
    documents, items = ([header for header in free if plain_header(header) in called] for called in _CALLED)
    if len(documents) != 1 or len(items) != 1 or raw.frame.empty:
        return raw
    document, item = (raw.frame[header] for header in (documents[0], items[0]))
    numbers = item.dropna().unique()
    if not len(numbers) or not all(text.isascii() and text.isdigit() for text in numbers):
        return raw
    joined = pd.Series(
        [f"{a}-{b}" if a and b else None for a, b in zip(document, item, strict=True)],
        raw.frame.index,
        dtype=object,
    )
    rest = [header for header in raw.columns if header not in (documents[0], items[0])]
    marks = None if raw.typed is None else raw.typed[rest].assign(**{LINE: False})
    what = f"the columns '{documents[0]}' and '{items[0]}' are read as one number of the order line"
    note = Finding("note", "line_number", what, "", spec.name, raw.name, column=LINE)
    frame = pd.DataFrame(raw.frame[rest].assign(**{LINE: joined}), dtype=object)
    return replace(raw, frame=frame, typed=marks, findings=(*raw.findings, note))
