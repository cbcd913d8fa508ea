"""Lines that names and numbers of accounts propose: in six languages and four charts, else none."""

from __future__ import annotations

import pytest

from sop.finance.account_words import propose_lines, with_proposed
from sop.finance.accounts import Account


def proposed(*names: str, kind: str = "Profit and loss", amount: float = 100.0) -> dict[str, tuple[str, str]]:
    """Name → line and effect that is proposed."""
    found = propose_lines(Account(kind, name, amount) for name in names)
    return {name: (each.line, each.effect) for (_, name), each in found.items()}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("revenue", "Trade Sales; Sales revenue; Umsatzerlöse Inland; Erlöse 19%; Ventes de produits;"
         "Ventas nacionales;"
         "Omzet binnenland; Przychody ze sprzedaży towarów"),
        ("cost_of_sales", "Standard Cost of Sales; COGS; Wareneinsatz; Materialaufwand;"
         "Achats de marchandises;"
         "Coste de las ventas; Kostprijs omzet; Koszt własny sprzedaży"),
        ("operating_cost", "Salaries; Löhne und Gehälter; Salaires; Sueldos y salarios; Lonen;"
         "Wynagrodzenia; Rent;"
         "Miete; Loyers; Alquileres; Huur; Czynsz; Versicherungen; Reisekosten; Honoraires"),
        ("depreciation", "Depreciation; Abschreibungen auf Sachanlagen; Dotations aux amortissements;"
         "Amortización;"
         "Afschrijvingen; Amortyzacja"),
        ("interest", "Interest expense; Zinsaufwand; Charges d'intérêts; Gastos por intereses; Rentelasten"),
        ("tax", "Income tax; Körperschaftsteuer; Impôt sur les bénéfices; Impuesto sobre sociedades;"
         "Vennootschapsbelasting; Podatek dochodowy"),
    ],
)  # fmt: skip
def test_names_of_six_languages_have_their_line_of_the_result(line: str, names: str) -> None:
    every = [name.strip() for name in names.split(";")]
    assert {name: found[0] for name, found in proposed(*every).items()} == dict.fromkeys(every, line)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("cash", "Cash; Bank; Kasse; Banques; Caisse; Bancos; Kas; Rachunek bankowy"),
        ("receivables", "Trade Receivables; Forderungen aus Lieferungen und Leistungen; Clients; Clientes;"
         "Debiteuren;"
         "Należności od odbiorców"),
        ("payables", "Accounts Payable; Verbindlichkeiten aus Lieferungen und Leistungen; Fournisseurs;"
         "Proveedores;"
         "Crediteuren; Zobowiązania wobec dostawców"),
        ("inventory_value", "Finished Goods; Raw Materials; Vorräte; Stocks; Existencias; Voorraad; Zapasy"),
        ("debt", "Notes Payable; Darlehen; Emprunts; Préstamos; Leningen"),
    ],
)  # fmt: skip
def test_names_of_six_languages_have_their_line_of_the_balance(line: str, names: str) -> None:
    every = [name.strip() for name in names.split(";")]
    assert {name: found[0] for name, found in proposed(*every, kind="Balance").items()} == dict.fromkeys(
        every, line
    )


def test_what_fits_no_line_for_sure_has_none() -> None:
    nothing = ("Allowance for Bad Debt", "Intercompany Receivables", "Other Assets", "Deferred Taxes", "Insurance",
               "Prepaid Expenses", "Current Retained Earnings", "Accumulated depreciation", "Warranties",
               "Konto 17")  # fmt: skip
    assert proposed(*nothing, kind="Balance") == {}
    assert proposed("Intercompany Sales", "Gain/Loss on Sales of Asset", "Interest Income", kind="Revenue") == {}
    assert proposed("Taxes", "Variances", "Umsatzsteuer", "Equipment", kind="Expenditures") == {}


def test_discounts_and_returns_are_taken_off_revenue() -> None:
    found = proposed("Discounts", "Returns and Adjustments", "Erlösschmälerungen", kind="Expenditures")
    assert set(found.values()) == {("revenue", "subtract")} and len(found) == 3


def test_numbers_count_once_names_prove_the_chart() -> None:
    skr04 = ("1200 Forderungen aus Lieferungen", "1800 Bank", "3300 Verbindlichkeiten aus Lieferungen",
             "4400 Erlöse",              "6020 Gehälter", "6815 Klammern und Hefter")  # fmt: skip
    assert proposed(*skr04, kind="")["6815 Klammern und Hefter"] == ("operating_cost", "add")
    skr03 = ("1400 Forderungen aus Lieferungen", "1200 Bank", "1600 Verbindlichkeiten aus Lieferungen",
             "8400 Erlöse", "4120 Gehälter", "4980 Klammern und Hefter",
             "1240 Zweites Institut")  # fmt: skip
    found = proposed(*skr03, kind="")
    assert found["4980 Klammern und Hefter"] == ("operating_cost", "add")
    assert found["1240 Zweites Institut"] == ("cash", "add")
    assert "6815 Klammern und Hefter" not in proposed("6815 Klammern und Hefter", "1800 Bank", kind="")
    pcg = ("411000 Clients", "401000 Fournisseurs", "512000 Banques", "701000 Ventes", "613500 Divers 1")
    assert proposed(*pcg, kind="")["613500 Divers 1"] == ("operating_cost", "add")


def test_a_ledger_that_tells_credit_by_a_minus_is_turned() -> None:
    accounts = (
        Account("GuV", "Umsatzerlöse", -900.0),
        Account("GuV", "Erlösschmälerungen", 50.0),
        Account("GuV", "Gehälter", 300.0),
        Account("Bilanz", "Verbindlichkeiten aus Lieferungen", -80.0),
    )
    found = {name: (each.line, each.effect) for (_, name), each in propose_lines(accounts).items()}
    assert found == {
        "Umsatzerlöse": ("revenue", "subtract"),
        "Erlösschmälerungen": ("revenue", "subtract"),
        "Gehälter": ("operating_cost", "add"),
        "Verbindlichkeiten aus Lieferungen": ("payables", "subtract"),
    }


def test_what_has_a_line_keeps_it() -> None:
    accounts = (Account("P&L", "Rent", 1.0, "other"), Account("P&L", "Salaries", 1.0), Account("P&L", "X", 1.0))
    found = propose_lines(accounts)
    assert list(found) == [("P&L", "Salaries")]
    assert [(each.name, each.line) for each in with_proposed(accounts, found)] == [
        ("Rent", "other"), ("Salaries", "operating_cost"),
    ]  # fmt: skip
