"""Rows that add up others: left out where their figures prove it, refused where they do not."""

from __future__ import annotations

from typing import Any

import pytest

SALES = "month,product,region,quantity,revenue\n"
ROWS = "2026-03,00123,North,5,50\n2026-03,1E5,North,7,70\n2026-03,00123,South,8,80\n"


@pytest.mark.parametrize(
    "total",
    [",Total,,20,200\n", "Total,,,20,200\n", ",Summe,,20,\n", ",Gesamtergebnis,,20,200\n", ",Razem,,20,200\n"],
)
def test_a_total_that_adds_up_is_left_out_and_named(check: Any, found: Any, total: str) -> None:
    checked = check("sales_actuals", SALES + ROWS + total)
    assert found(checked) == [("warning", "total_left_out", 5, "")]
    assert (len(checked.frame), checked.frame["quantity"].sum(), checked.totals[0].file) == (3, 20.0, 20.0)


def test_subtotals_of_a_block_and_of_a_name_are_left_out(check: Any, found: Any) -> None:
    text = SALES + ROWS[: ROWS.index("2026-03,00123,South")] + ",,North total,12,120\n"
    text += "2026-03,00123,South,8,80\n2026-03,1E5,South,1,10\n,,Subtotal,9,90\n,,Grand total,21,210\n"
    checked = check("sales_actuals", text)
    assert (found(checked), len(checked.frame)) == ([("warning", "total_left_out", 4, "")], 4)
    assert checked.findings[0].count == 3


@pytest.mark.parametrize("total", [",Total,,21,200\n", ",Total,,20,199\n"])
def test_a_total_that_does_not_add_up_refuses_the_file(check: Any, found: Any, total: str) -> None:
    assert ("error", "total_row", 5, "product") in found(check("sales_actuals", SALES + ROWS + total))


def test_a_product_may_be_called_total_something(check: Any, found: Any) -> None:
    assert found(check("products", "product,name,family\nT-1,Total care,Care\nT-2,Sum up,Care\n")) == []


@pytest.mark.parametrize(
    ("header", "part", "whole"),
    [
        ("Maand;Artikelcode;Regio;Aantal;Omzet", "Subtotaal {}", "Eindtotaal"),
        ("Maand;Artikelcode;Regio;Aantal;Omzet", "Totaal {}", "Totaal generaal"),
        ("Monat;Artikel;Land;Menge;Umsatz", "{} Ergebnis", "Gesamtergebnis"),
        ("Monat;Artikel;Land;Menge;Umsatz", "Zwischensumme", "Gesamtsumme"),
        ("Miesiąc;Kod towaru;Rejon;Ilość;Sprzedaż", "Razem {}", "Suma końcowa"),
        ("Miesiąc;Kod towaru;Rejon;Ilość;Sprzedaż", "Suma częściowa", "Ogółem"),
        ("Mois;Référence;Pays;Quantité vendue;CA HT", "Sous-total {}", "Total général"),
        ("Mes;Artículo;Zona;Cantidad;Importe neto", "Subtotal {}", "Total general"),
    ],
)
def test_reports_with_subtotals_in_six_languages_are_proposed_and_read(
    check: Any, header: str, part: str, whole: str
) -> None:
    """The label stands in the first column, which is the month's: the totals do not hide what the column is."""
    rows = [header.replace(";", ",")]
    for region, units in (("Nord", 5), ("Sud", 7)):
        rows += [f"2026-02,00123,{region},{units},50", f"2026-03,1E5,{region},{units},70"]
        rows.append(f"{part.format(region)},,,{2 * units},120")
    checked = check("sales_actuals", "\n".join([*rows, f"{whole},,,24,240", ""]), answers={"mapping": "accept"})
    assert checked.ok, checked.findings
    assert (len(checked.frame), checked.frame["quantity"].sum()) == (4, 24.0)
    assert [f.count for f in checked.findings if f.rule == "total_left_out"] == [3]


def test_figures_without_any_name_that_add_up_all_others_are_a_total(check: Any, found: Any) -> None:
    assert found(check("sales_actuals", SALES + ROWS + ",,,20,200\n")) == [("warning", "total_left_out", 5, "")]
    assert found(check("sales_actuals", SALES + ROWS + "2026-03,,,20,200\n"))[0][1] == "total_left_out"
    assert {rule for _, rule, *_ in found(check("sales_actuals", SALES + ROWS + ",,,20,201\n"))} == {"empty_cell"}


def test_a_budget_of_the_whole_company_is_no_total_of_its_rows(check: Any) -> None:
    text = "month,family,region,quantity,revenue\n2026-05,,,5,50\n2026-06,,,7,70\n2026-07,,,12,120\n"
    assert len(check("budget", text).frame) == 3


@pytest.mark.parametrize(
    ("text", "rows", "left_out"),
    [
        ("plant,product,2026-01,2026-02\nP,00123,1,2\nP,1E5,4,5\nTotal,,5,7\n", 4, 2),
        ("month,plant,product,closing\n2026-02,P,00123,6\n2026-03,P,00123,7\nTotal,,,13\n", 2, 1),
        ("month,plant,product,closing\n2026-03,P,00123,5\n2026-03,P,1E5,6\nTotal,,,11\n", 2, 1),
    ],
)
def test_a_total_of_closings_is_set_aside(check: Any, text: str, rows: int, left_out: int) -> None:
    checked = check("inventory", text, answers={"month_values": "closing"})
    (told,) = [each for each in checked.findings if each.rule == "total_left_out"]
    assert (checked.ok, len(checked.frame), told.count) == (True, rows, left_out)


def test_a_total_of_closings_that_is_none_is_refused(check: Any) -> None:
    text = "plant,product,2026-01,2026-02\nP,00123,1,2\nP,1E5,4,5\nTotal,,5,8\n"
    checked = check("inventory", text, answers={"month_values": "closing"})
    assert not checked.ok and "total_row" in {each.rule for each in checked.findings}
