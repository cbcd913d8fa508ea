"""What a column may be: by headers of the field and what its cells hold; a wrong proposal is worse than none."""

from __future__ import annotations

from typing import Any

import pytest

from sop.core.tables import TABLES, Table, table
from sop.files.readers import read_file
from sop.intake.field_headers import GENERAL, HEADERS
from sop.intake.headers import plain_header
from sop.intake.proposals import known_headers, propose_mapping
from tests.intake.conftest import PRODUCTS

SALES = table("sales_actuals")
ROWS = "2026-03,00123,North,5,50.5\n2026-03,1E5,South,7,70\n"


def _proposed(header: str, rows: str = ROWS, name: str = "sales_actuals") -> dict[str, str]:
    raw = read_file((header + "\n" + rows).encode(), "f.csv", wanted=known_headers(table(name)))
    return propose_mapping(table(name), raw, {}, {}, {"products": PRODUCTS})


@pytest.mark.parametrize(
    "header",
    [
        "Posting date,Material,Sales office,Billed quantity,Net value",  # SAP
        "FKDAT,MATNR,VKORG,FKIMG,NETWR",
        "Posting Date,Item No.,Territory,Invoiced Quantity,Sales Amount",  # Dynamics
        "Invoice Date,Product,Country,Qty Invoiced,Untaxed Total",  # Odoo
        "Posting Date,Item Code,Territory,Qty,Net Amount",  # ERPNext
        "Period,Item,Market,Quantity,Amount Excl. VAT",  # NetSuite
        "Created at,Lineitem sku,Shipping Country,Lineitem quantity,Net sales",  # Shopify
        "Buchungsdatum,Artikelnr.,Verkaufsgebiet,Menge (Stk),Umsatz [EUR]",
        "Date de facture,Référence,Pays,Quantité facturée,Montant HT",
        "Fecha factura,Código artículo,País,Cantidad,Importe neto",
        "Factuurdatum,Artikelcode,Regio,Aantal,Omzet",
        "Data faktury,Indeks towaru,Kraj,Ilość,Wartość netto",
        "Rechnungsdatum,Artikel-Nr.,Land,Menge,Betrag",
        "Auftragsdatum,Material-Nr.,Land,Verkaufsmenge,Nettobetrag",
        "Calendar day,Material Code,Country,Billing Quantity,Amount",
        "Date de commande,N° article,Pays,Quantités vendues,Montant hors taxes",
        "Date comptabilisation,Réf. article,Pays,Qté facturée,Montant",
        "Fecha registro,Nº artículo,País,Unidades vendidas,Importe sin IVA",
        "Besteldatum,Productnr.,Regio,Verkochte hoeveelheid,Bedrag",
        "Factuurmaand,Interne referentie,Regio,Geleverd aantal,Nettobedrag",
        "Data wystawienia faktury,Symbol towaru,Kraj,Sprzedana ilość,Kwota",
    ],
)
def test_headers_of_common_systems_and_languages_are_known(header: str) -> None:
    theirs = header.split(",")
    ours = ("month", "product", "region", "quantity", "revenue")
    wanted = {own: name for own, name in zip(theirs, ours, strict=True) if plain_header(own) != name}
    assert _proposed(header) == wanted


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("Betrag,Nettobetrag", "Nettobetrag"),
        ("Amount,Net Amount", "Net Amount"),  # ERPNext gives both
        ("Kwota,Wartość netto", "Wartość netto"),
        ("Betrag,Amount", None),  # two that say as little
    ],
)
def test_a_general_word_counts_only_where_no_header_says_more(header: str, taken: str | None) -> None:
    rows = "2026-03,00123,North,5,50.5,40\n2026-03,1E5,South,7,70,60\n"
    assert _proposed(f"month,product,region,quantity,{header}", rows) == ({taken: "revenue"} if taken else {})


def test_days_of_order_and_invoice_in_one_file_are_told_apart() -> None:
    rows = "2026-02-27,2026-03-02,00123,North,5\n2026-02-28,2026-03-03,1E5,South,7\n"
    assert _proposed("Bestelldatum,Rechnungsdatum,product,region,quantity", rows) == {"Rechnungsdatum": "month"}


@pytest.mark.parametrize("header", ["Betrag", "Kundennr.", "Verkaufsmenge", "Nettobetrag"])
def test_a_column_of_words_is_no_number(header: str) -> None:
    rows = "2026-03,00123,North,five\n2026-03,1E5,South,six\n"
    proposed = _proposed(f"month,product,region,{header}", rows)
    assert not {"quantity", "revenue", "ordered", "cost"} & set(proposed.values())


@pytest.mark.parametrize("header", ["Order ID", "Order no", "Ordered key", "Bestellnummer", "Auftragsnr"])
def test_numbers_of_documents_are_never_quantities(header: str) -> None:
    rows = "2026-03,00123,North,5,50,450001\n2026-03,1E5,South,7,70,450002\n2026-03,1E5,East,7,70,450003\n"
    assert _proposed(f"month,product,region,quantity,revenue,{header}", rows) == {}


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("month,product,region,Menge,revenue", "2026-03,00123,North,five,5\n2026-03,1E5,South,six,7\n"),
        ("month,product,region,Menge,revenue", "2026-03,00123,North,450001,5\n2026-03,1E5,South,450002,7\n"
         "2026-03,1E5,West,450003,7\n"),
        ("Datum,product,region,quantity,revenue", "first,00123,North,5,5\nsecond,1E5,South,6,7\n"),
        ("month,Artikel,region,quantity,revenue", "2026-03,Box with lid,North,5,5\n2026-03,Bag,South,6,7\n"),
        ("month,product,Land,quantity,revenue", "2026-03,00123,2026-03-01,5,5\n2026-03,1E5,2026-03-02,6,7\n"),
        ("month,product,region,Menge,Absatz", "2026-03,00123,North,5,5\n2026-03,1E5,South,6,7\n"),
    ],
)  # fmt: skip
def test_nothing_is_proposed_that_the_cells_speak_against_or_two_could_be(header: str, rows: str) -> None:
    assert _proposed(header, rows) == {}


def test_a_proposal_is_asked_and_taken_only_when_accepted(check: Any, found: Any) -> None:
    text = "Buchungsdatum,Artikelnr.,region,Menge,Umsatz\n" + ROWS
    asked = check("sales_actuals", text)
    assert found(asked) == [("question", "mapping", None, "")] and not asked.ok
    assert "'Menge' as quantity" in asked.findings[0].what and "--map" in asked.findings[0].remedy
    taken = check("sales_actuals", text, answers={"mapping": "accept"})
    assert (taken.ok, taken.frame["quantity"].tolist()) == (True, [5.0, 7.0])
    assert taken.mapping_used["Artikelnr."] == "product"
    own = check("sales_actuals", text, answers={"mapping": "accept"}, mapping={"Umsatz": "cost"})
    assert own.mapping_used["Umsatz"] == "cost"


def test_the_words_of_the_field_are_of_columns_that_there_are_and_of_one_each_in_a_table() -> None:
    names = {column.name for spec in TABLES for column in spec.columns}
    names |= {f"{spec.name}.{column.name}" for spec in TABLES for column in spec.columns}
    assert {*HEADERS, *GENERAL} <= names
    assert all(word for words in (*HEADERS.values(), *GENERAL.values()) for word in words.split("; "))

    def words(spec: Table, name: str) -> list[str]:
        own, general = f"{spec.name}.{name}", GENERAL.get(f"{spec.name}.{name}", "")
        return [*HEADERS.get(own, HEADERS.get(name, "")).split("; "), *general.split("; ")]

    twice = [
        (spec.name, word)
        for spec in TABLES
        for word in {word for name in spec.column_names for word in words(spec, name) if word}
        if sum(word in words(spec, name) for name in spec.column_names) > 1
    ]
    assert twice == []


@pytest.mark.parametrize(
    ("name", "header", "rows", "wanted"),
    [
        # SAP: order lines, stock of a period, items with prices for one
        ("deliveries",
         "Material;Verkaufsorganisation;Auftragsmenge;Liefermenge;Nettowert;Anlagedatum;Bestätigtes Lieferdatum",
         "00123;1000;5;5;50,00;02.01.2026;12.01.2026\n1E5;1000;5;4;50,00;03.01.2026;13.01.2026\n",
         "product region quantity_ordered quantity_delivered - ordered promised"),
        ("inventory", "Werk;Material;Monat;Anfangsbestand;Zugänge;Abgänge;Endbestand",
         "1000;00123;01.2026;10,0;5,0;3,0;12,0\n1000;1E5;01.2026;10,0;5,0;3,0;12,0\n",
         "plant product month opening production shipments closing"),
        ("products", "Material;Materialkurztext;Warengruppe;Standardpreis;Preiseinheit;Bruttogewicht",
         "00123;Box;A1;34,50;1;2,5\n1E5;Bag;A1;20,00;1;0,5\n", "product name family unit_cost - -"),
        # Odoo, ERPNext, NetSuite, Sage: items
        ("products", "Internal Reference;Product Category;Sales Price;Cost;Quantity On Hand",
         "F1;Desks;100;60;5\nF2;Lamps;20;9;7\n", "product family price unit_cost -"),
        ("products", "Item Code;Item Name;Item Group;Default Unit of Measure;Valuation Rate;Opening Stock",
         "A;Bike;Bikes;Nos;11;0\nB;Lamp;Lamps;Nos;5;0\n", "product name family unit unit_cost -"),
        ("products", "Item;Display Name;Class;Base Price;Average Cost", "A;Bike;X;20;11\nB;Lamp;X;9;5\n",
         "product name - price unit_cost"),
        ("products", "Stock Code;Description;Average Cost Price;Product Group", "A;Bike;11;X\nB;Lamp;5;X\n",
         "product name unit_cost family"),
        # what is open, planned and late
        ("order_book", "Monat;Material;Land;Offene Menge;Rückstand", "2026-03;00123;DE;5;1\n2026-03;1E5;FR;6;0\n",
         "month product region quantity past_due"),
        ("order_book", "Period;Item No.;Country;Outstanding Quantity;Outstanding Amount",
         "2026-03;00123;DE;5;50\n2026-03;1E5;FR;6;66\n", "month product region quantity -"),
        ("budget", "Monat;Warengruppe;Land;Planmenge;Planumsatz", "2026-03;Boxes;DE;5;50\n2026-03;Bells;FR;6;66\n",
         "month family region quantity revenue"),
        # sales of other words
        ("sales_actuals", "Date;Article;Pays;Qté livrée;CA HT;Prix unitaire",
         "31/03/2026;00123;FR;5;50;10\n30/03/2026;1E5;BE;6;66;11\n", "month product region quantity revenue -"),
        ("sales_actuals", "Data sprzedaży;Indeks;Województwo;Ilość;Wartość netto;Cena netto",
         "2026-03-31;00123;Maz;5;50;10\n2026-03-30;1E5;Sl;6;66;11\n", "month product region quantity revenue -"),
    ],
)  # fmt: skip
def test_exports_of_common_systems_are_read_whole(name: str, header: str, rows: str, wanted: str) -> None:
    theirs = header.split(";")
    pairs = dict(zip(theirs, wanted.split(" "), strict=True))
    assert _proposed(header, rows, name) == {own: ours for own, ours in pairs.items() if ours != "-"}


@pytest.mark.parametrize(
    ("name", "header", "rows", "never"),
    [
        # A price per 100 is none per unit.
        ("products", "Material;Standardpreis;Preiseinheit", "A;1234,5;100\nB;20,0;1\n", "unit_cost"),
        ("products", "Item;Unit Price;Price unit", "A;1234.5;1000\nB;20;1000\n", "price"),
        # What was billed is no open order, what is open or wanted was not sold, a budget is not revenue.
        ("order_book", "month;product;region;Billed quantity", "2026-03;00123;N;5\n2026-03;1E5;N;6\n", "quantity"),
        ("sales_actuals", "month;product;region;Open qty", "2026-03;00123;N;5\n2026-03;1E5;N;6\n", "quantity"),
        ("sales_actuals", "month;product;region;Target quantity;Budget amount",
         "2026-03;00123;N;5;50\n2026-03;1E5;N;6;66\n", "quantity"),
        ("sales_actuals", "month;product;region;Planumsatz", "2026-03;00123;N;5\n2026-03;1E5;N;6\n", "revenue"),
        ("budget", "month;family;Umsatz Vorjahr", "2026-03;Boxes;5\n2026-03;Bells;6\n", "revenue"),
        ("inventory", "month;product;Balance Value", "2026-03;00123;5\n2026-03;1E5;6\n", "closing"),
    ],
)  # fmt: skip
def test_what_means_something_else_in_this_table_is_not_proposed(
    name: str, header: str, rows: str, never: str
) -> None:
    assert never not in _proposed(header, rows, name).values()


@pytest.mark.parametrize(
    "header",
    [
        "Buchungsmonat,Artikel-Nr.,Land/Region,Verkaufsmenge,Betrag",
        "Kalendertag,Materialnr.,Vertriebsregion,Fakturierte Menge in VME,Nettofakturawert",
        "Accounting Date,Product Variant,Customer Country,Quantity Done,Untaxed Total",
        "Transaction month,Product variant SKU,Billing country,Net items sold,Net sales",
        "Date pièce,No article,Pays de livraison,Quantité expédiée,Montant net",
        "Fecha de documento,Cód. artículo,País de envío,Cantidad servida,Importe sin IVA",
        "Boekperiode,Productnr,Verkoopregio,Geleverd aantal,Nettobedrag",
        "Miesiąc sprzedaży,Kod artykułu,Kraj dostawy,Ilość wydana,Kwota netto",
    ],
)
def test_headers_of_exports_that_name_amounts_and_places_otherwise_are_known(header: str) -> None:
    theirs = header.split(",")
    assert _proposed(header) == dict(
        zip(theirs, ("month", "product", "region", "quantity", "revenue"), strict=True)
    )


def test_of_two_amounts_neither_is_proposed() -> None:
    rows = "2026-03,00123,North,5,50,60\n2026-03,1E5,South,7,70,84\n"
    assert _proposed("month,product,region,quantity,Betrag,Kwota", rows) == {}


@pytest.mark.parametrize("header", ["Bruttobetrag", "Montant TTC", "Importe con IVA", "Kwota brutto", "Total"])
def test_an_amount_with_tax_is_no_revenue(header: str) -> None:
    assert _proposed(f"month,product,region,quantity,{header}") == {}


@pytest.mark.parametrize("spec", TABLES, ids=lambda each: each.name)
def test_no_header_means_two_columns_of_one_table(spec: Table) -> None:
    texts = [HEADERS.get(f"{spec.name}.{each.name}", HEADERS.get(each.name, "")) for each in spec.columns]
    words = [word for text in texts for word in set(filter(None, text.split("; ")))]
    assert not {word for word in words if words.count(word) > 1}
