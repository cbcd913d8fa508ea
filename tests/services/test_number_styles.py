"""Figures and days as a company writes them: one rule on every surface, and the same signed bytes under any."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from sop.cli.main import run_command
from sop.core import format as text
from sop.core.errors import BadInput, NotAllowed
from sop.files.snapshot import plan_digest
from sop.services.agreement import plan_acts
from sop.services.agreement.frozen_plans import read_content
from sop.services.company.settings import read_settings_page, set_look
from sop.services.data import board_pack
from sop.services.data.exports import working_content
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from sop.ui.charts.lines import chart_pair
from tests.files.test_board_pack import slide_texts
from tests.services.planned_company import make_room

ISO_FIGURE = re.compile(r"\d\u202f\d{3}(?!\d)|(?<![\d.v])\d+\.\d{1,2}(?!\.?\d)")
"""A figure as ISO writes it, which no German text has."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[PlanningRoom]:
    yield make_room(tmp_path)
    text.use_style("iso")


def look(room: PlanningRoom, style: str, who: str = "coordinator") -> None:
    version = read_settings_page(room.store, who).versions.get("company", 0)
    set_look(room.store, who, number_style=style, large_type=False, expected_version=version)


@pytest.mark.parametrize(
    ("style", "quantity", "money", "less", "share", "day"),
    [
        ("iso", "12\u202f345.6", "61.2 M€", "−1.4 M€", "62%", "2026-12-01"),
        ("german", "12.345,6", "61,2 M€", "−1,4 M€", "62\u202f%", "01.12.2026"),
        ("swiss", "12’345.6", "61.2 M€", "−1.4 M€", "62%", "01.12.2026"),
        ("us", "12,345.6", "€61.2M", "−€1.4M", "62%", "12/01/2026"),
        ("british", "12,345.6", "€61.2M", "−€1.4M", "62%", "01/12/2026"),
        ("of a later version", "12\u202f345.6", "61.2 M€", "−1.4 M€", "62%", "2026-12-01"),
    ],
)
def test_a_style_writes_every_kind_of_figure(
    style: str, quantity: str, money: str, less: str, share: str, day: str
) -> None:
    try:
        text.use_style(style)
        amount = text.MoneyFormat("EUR")
        assert text.number(12345.6, 1) == text.exact_number(12345.6) == quantity
        assert (amount.labelled(6_120_000_000), amount.labelled(-140_000_000)) == (money, less)
        assert text.percent(0.62) == share
        assert text.day_text("2026-12-01T09:30:00Z") == day
        # A currency without a sign is named after its figure everywhere.
        assert text.MoneyFormat("CHF", "k").labelled(81_200_000).endswith(" kCHF")
        for shown in (text.signed(-1.4, 1), text.signed(1234567.0), amount.signed(-140_000_000)):
            assert text.arrow(shown) in "▲▼"
    finally:
        text.use_style("iso")


def test_what_is_signed_has_the_same_bytes_under_any_style(room: PlanningRoom) -> None:
    before = plan_digest(working_content(room, "viewer"))
    text.use_style("german")
    again = PlanningRoom(room.store)
    assert plan_digest(working_content(again, "viewer")) == before
    assert board_pack.read_pack(again, "viewer", None).digest == before
    # The gate is signed too, and what it finds is made of sentences.
    record = plan_acts.propose_plan(again, "coordinator")
    signed = read_content(again.store, "viewer", record.id)
    sentences = json.dumps([signed["summary"], signed["gate"]], ensure_ascii=False)
    assert re.search(r"\d", sentences)
    assert not re.search(r"\d,\d|\d\.\d{3}\b|\d\u202f%", sentences)


def test_pack_and_pdf_follow_the_company(room: PlanningRoom) -> None:
    text.use_style("german")
    files = board_pack.make_files(room, "viewer", None)
    for told in (" ".join(slide_texts(files.pptx)), pdf_text(files.pdf)):
        assert re.search(r"\d,\d", told)
        assert not ISO_FIGURE.findall(re.sub(r"Accord \S+|[0-9a-f]{12,}", "", told))
    book = openpyxl.load_workbook(io.BytesIO(board_pack.export_workbook(room, "viewer", None)))
    # Numbers in a workbook are numbers, which the reader's program writes as the reader wants.
    cells = [cell for row in book["Summary"].iter_rows(values_only=True) for cell in row]
    assert any(isinstance(cell, int | float) for cell in cells)


def pdf_text(data: bytes) -> str:
    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def test_a_chart_has_the_signs_of_the_style() -> None:
    chart = chart_pair(["Nov 26", "Dec 26"], [1.0, 2.0], [1.0, 1.0], names=("Plan", "Agreed"), alt="Plan")
    iso = chart.spec("light")["config"]["locale"]["number"]
    try:
        text.use_style("german")
        german = chart.spec("light")["config"]["locale"]["number"]
    finally:
        text.use_style("iso")
    assert (iso["thousands"], iso["decimal"]) == ("\u202f", ".")
    assert (german["thousands"], german["decimal"]) == (".", ",")
    assert chart.spec("light")["config"]["locale"]["number"] == iso


def test_the_command_line_follows_the_company(room: PlanningRoom, tmp_path: Path, capsys) -> None:
    look(room, "german")
    assert run_command(["--workspace", str(tmp_path), "plan"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"\d,\d", told)
    assert not ISO_FIGURE.findall(told)


def test_a_style_is_set_by_who_may_and_only_one_that_there_is(room: PlanningRoom) -> None:
    with pytest.raises(BadInput, match="'klingon' is no way to write figures"):
        look(room, "klingon")
    with pytest.raises(NotAllowed):
        look(room, "german", "viewer")
    look(room, "swiss", "executive")
    assert read_settings_page(room.store, "viewer").company.number_style == "swiss"
    store = open_store(Path(room.store.location.removeprefix("sqlite:///")).parent)
    assert read_settings_page(store, "viewer").company.number_style == "swiss"
    store.close()
