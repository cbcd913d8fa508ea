"""What a heading means is told where it stands, from the glossary and the measures."""

from __future__ import annotations

from sop.core.measures import HEADLINES, MEASURES
from sop.ui.kit.glossary import PAGE, explained, meanings
from sop.ui.kit.html_tables import HtmlColumn, html_table


def test_every_measure_and_every_word_of_the_glossary_is_explained() -> None:
    found = meanings()
    labels = [entry.label for entry in MEASURES] + [entry.label for entry in HEADLINES]
    assert [label for label in labels if label.lower() not in found] == []
    words = PAGE.read_text("utf-8").count("\n| **")
    assert words > 50 and len(found) >= words
    assert not any(mark in text for text in found.values() for mark in ("**", "](", "`"))


def test_a_word_is_explained_with_its_unit_and_nothing_else_is() -> None:
    assert explained("Past due, units").startswith('<abbr title="') and explained("Past due, units").endswith(
        ">Past due, units</abbr>"
    )
    assert explained("Velorum <b>") == "Velorum &lt;b&gt;"
    table = html_table([HtmlColumn("Family"), HtmlColumn("Safety stock", True)], [["Cargo", "1"]], caption="x")
    assert 'title="the level at which leadership plans' in table
    assert table.count("<abbr ") == len(("Family", "Safety stock"))
