"""What stands in the workbook, on the slides and in the PDF is what the screens and the plan's lines say."""

from __future__ import annotations

import io
import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdfium2 import PdfDocument

from sop.core.calendar import period_short
from sop.core.paper import BoardPack
from sop.core.present import figure_text, plain, table_texts
from sop.core.spreadsheet import STATEMENT, family_sheet_names
from sop.core.terms import PlanName
from sop.files.pack_pdf import write_pdf
from sop.files.pack_pptx import write_pptx
from sop.services.data import board_pack
from sop.views.financial.statement import statement_table
from tests.files.test_board_pack import slide_texts
from tests.test_figures_agree import CEO, Company, company  # noqa: F401

OFFICE = shutil.which("soffice")
CLOSE = 0.005


def recalculated(data: bytes, folder: Path) -> Any:
    """The workbook with every formula worked out anew: saved without figures first, so that none is left."""
    openpyxl.load_workbook(io.BytesIO(data)).save(folder / "book.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "again")]
    subprocess.run([*command, str(folder / "book.xlsx")], check=True, capture_output=True, timeout=300)
    return openpyxl.load_workbook(folder / "again" / "book.xlsx", data_only=True)


def blocks(sheet: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Figures by block and row of a sheet that compares, each by its column's title."""
    rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    header, found, block = rows[2], {}, ""
    for row in rows[3:]:
        if row[0] is not None and row[1] is None:
            block = row[0]
        elif row[0] is not None:
            found[block, row[0]] = dict(zip(header[2:], row[2:], strict=True))
    return found


def same(one: float | None, other: float | None) -> bool:
    unknown = [value is None or math.isnan(value) for value in (one, other)]
    return all(unknown) if any(unknown) else abs((one or 0) - (other or 0)) < CLOSE


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_the_workbook_worked_out_anew_says_what_screens_and_lines_say(company: Company, tmp_path: Path) -> None:  # noqa: F811
    book = recalculated(board_pack.export_workbook(company.room, CEO, None), tmp_path)
    compared, apart = 0, []
    year = f"{period_short(company.year[0])} – {period_short(company.year[-1])}"
    if company.view.plan.has_revenue:
        told, table = blocks(book[STATEMENT]), statement_table(company.context)
        columns = {
            "Plan": "Actual, then plan",
            "Agreed": "Agreed plan",
            "Budget": "Budget",
            "Prior year": "Prior year",
        }
        for row in table.rows:
            name = str(plain(row[0])).removesuffix(", at the end")
            for column, block in columns.items():
                said = table.figure(str(plain(row[0])), column)
                figure = None if said is None or said != said else float(said) / 100
                compared += 1
                found = told.get((block, name), {}).get(year)
                apart += [] if same(figure, found) else [f"{block}, {name}: {figure}, in the workbook {found}"]
    families = company.inputs.inputs.families.names
    for family, sheet in zip(families, family_sheet_names(families)[2:], strict=True):
        row = blocks(book[sheet])["Sales", "Actual or consensus"]
        lines = company.lines
        own = lines[(lines["measure"] == "consensus_demand") & (lines["family"] == family)]
        by_month = own.groupby("month")["value"].sum()
        for month in company.view.plan.months:
            compared += 1
            said, found = float(by_month[month]), row[period_short(month)]
            apart += [] if same(said, found) else [f"{family}, {month}: {said}, in the workbook {found}"]
    assert not apart, "\n".join(apart)
    assert compared >= 12 * len(families)


def figures_of(pack: BoardPack) -> list[str]:
    """Texts that must stand on paper: every card, every figure of the statement, the digest."""
    statement = pack.slide(PlanName.FINANCIAL.value).tables
    cells = [cell.text for table in statement for row in table_texts(table, pack.money)[1] for cell in row]
    return [*(card.value for card in pack.slide("verdict").cards), *cells, pack.digest]


def bare(text: str) -> str:
    """Without the spaces that break and do not."""
    return "".join(text.split()).replace("\u200b", "")


def test_slides_and_pages_say_what_the_screens_say(company: Company) -> None:  # noqa: F811
    pack = board_pack.read_pack(company.room, CEO, None)
    table = statement_table(company.context)
    if company.view.plan.has_revenue:
        plan = [figure_text(plain(row[1]), table.columns[1], pack.money) for row in table.rows]
        assert set(plan) <= set(figures_of(pack))
    for card in pack.slide("verdict").cards:
        kpi = next(each for each in company.view.plan.headline_measures if each.label == card.label)
        assert company.view.plan.headline[kpi.key] is not None
    slides = bare(" ".join(slide_texts(write_pptx(pack))))
    missing = [text for text in figures_of(pack) if bare(text) not in slides]
    assert not missing
    with PdfDocument(write_pdf(pack)) as document:
        pages = bare(" ".join(page.get_textpage().get_text_bounded() for page in document))
    assert not [text for text in figures_of(pack) if bare(text) not in pages]
