"""Figures with a unit behind them, and dashes where there is none: left out, told, asked where it is open."""

from __future__ import annotations

from typing import Any

import pytest

SALES = "month,product,region,quantity\n2026-01,00123,North,{}\n2026-02,00123,North,{}\n2026-03,00123,North,{}\n"
SHEET = "product,region,2026-01,2026-02,2026-03\n00123,North,{},{},{}\n"


@pytest.mark.parametrize("text", [SALES, SHEET])
@pytest.mark.parametrize(
    "unit", [" pcs", "pcs", " pcs.", " Stk.", " EA", " szt.", "\u00a0Stück"], ids=lambda unit: unit.strip()
)
def test_the_one_unit_of_all_figures_is_left_out_and_said(check: Any, found: Any, text: str, unit: str) -> None:
    checked = check("sales_actuals", text.format(*(f"{figure}{unit}" for figure in ("5", "12", "1200"))))
    assert checked.frame["quantity"].tolist() == [5.0, 12.0, 1200.0]
    assert not [f for f in found(checked) if f[0] in ("error", "question")]
    (note,) = [f for f in checked.findings if f.rule == "units"]
    assert (note.level, note.count) == ("note", 3) and unit.strip().rstrip(".") in note.what
    (total,) = checked.totals
    assert (total.file, total.result) == (1217.0, 1217.0)


def test_the_decimal_mark_of_figures_with_a_unit_is_settled_as_of_any(check: Any, found: Any) -> None:
    assert check("sales_actuals", SALES.format('"1,5 kg"', '"2,25 kg"', "3 kg")).frame["quantity"].tolist() == [
        1.5,
        2.25,
        3.0,
    ]
    assert ("question", "decimal") in [
        f[:2] for f in found(check("sales_actuals", SALES.format("1.234 kg", "2 kg", "3 kg").replace(",", ";")))
    ]


@pytest.mark.parametrize(
    "figures",
    [("5 pcs", "3 boxes", "2 pcs"), ("5 pcs", "3", "2 pcs"), ("5 k", "3 k", "2 k"), ("5 t", "3 t", "2 t")],
)
def test_units_that_may_not_count_the_same_are_asked_about(
    check: Any, found: Any, figures: tuple[str, ...]
) -> None:
    text = SALES.format(*figures)
    asked = check("sales_actuals", text)
    assert found(asked) == [("question", "units", 2, "quantity")] and not asked.ok
    answered = check("sales_actuals", text, answers={"units": "same"})
    assert answered.ok and answered.frame["quantity"].tolist() == [5.0, 3.0, 2.0]


def test_words_that_are_no_unit_and_the_currency_of_money_stay_as_they_were(check: Any, found: Any) -> None:
    assert ("error", "bad_number", 3, "quantity") in found(check("sales_actuals", SALES.format("5", "five", "6")))
    money = "month,product,region,quantity,revenue\n2026-01,00123,North,5,50 EUR\n2026-02,00123,North,5,60 EUR\n"
    checked = check("sales_actuals", money)
    assert checked.frame["revenue"].tolist() == [50.0, 60.0]
    assert ("error", "bad_number", 2, "revenue") in found(
        check("sales_actuals", money.replace("50 EUR", "50 pcs"))
    )


@pytest.mark.parametrize("dash", ["-", "–", "—", "--"])
def test_what_a_dash_stands_for_is_asked(check: Any, found: Any, dash: str) -> None:
    text = SALES.format("5", dash, "7")
    asked = check("sales_actuals", text)
    assert found(asked) == [("question", "dashes", 3, "quantity")]
    assert check("sales_actuals", text, answers={"dashes": "zero"}).frame["quantity"].tolist() == [5.0, 0.0, 7.0]
    unknown = check("sales_actuals", text, answers={"dashes": "missing"})
    assert ("error", "empty_cell", 3, "quantity") in found(unknown)


def test_of_months_side_by_side_a_dash_that_is_not_known_is_no_row(check: Any) -> None:
    text = SHEET.format("5", "-", "7") + "1E5,North,1,1,1\n"
    assert check("sales_actuals", text, answers={"dashes": "zero"}).frame["quantity"].tolist()[:3] == [
        5.0,
        0.0,
        7.0,
    ]
    unknown = check("sales_actuals", text, answers={"dashes": "missing"})
    assert unknown.ok and unknown.frame["month"].tolist()[:2] == ["2026-01", "2026-03"]


def test_names_that_end_in_letters_or_are_a_dash_are_no_figures(check: Any) -> None:
    products = "product,name,family\n12 EA,Box,-\n7 pcs,Bag,-\n"
    checked = check("products", products)
    assert checked.frame["product"].tolist() == ["12 EA", "7 pcs"] and checked.frame["family"].tolist() == [
        "-",
        "-",
    ]
