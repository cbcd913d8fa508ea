"""A frozen plan that newer data have left behind says which data, and who loaded them when."""

from __future__ import annotations

from sop.core.register import Note
from sop.views.executive.plan_changes import loaded_since

AT = "2026-12-01T08:30:00Z"


def test_tables_are_named_with_who_loaded_them_and_when() -> None:
    told = loaded_since({"order_book": Note("Ann", AT), "inventory": Note("Ann", AT), "plants": Note("Bo", AT)})
    assert told == (
        "Data were loaded after this plan was frozen: order book and inventory by Ann on 2026-12-01 and plants "
        "by Bo on 2026-12-01. It rests on the data before, so what each moves is told of the working plan only; "
        "these are differences by family."
    )


def test_where_nobody_is_known_the_sentence_stays_true() -> None:
    assert loaded_since({}).startswith("Data were loaded after this plan was frozen. It rests on")
