"""What a plan agreed elsewhere may hold, and the words that planning sheets have for it.

Measures of service and of cash are left out: other companies' sheets count them otherwise, and nothing in a sheet
says how.
"""

from __future__ import annotations

from sop.core.measures import measure

SHEET_MEASURES = (
    "consensus_demand",
    "shipments",
    "revenue",
    "production",
    "subcontract",
    "inventory",
    "inventory_value",
    "past_due",
    "order_book",
    "total_revenue",
    "cost_of_sales",
    "gross_margin",
    "operating_cost",
    "ebit",
    "stock_value",
)
"""Measures of a plan agreed elsewhere, keys of the table of measures."""

_WORDS = {
    "consensus_demand": "sales; sales plan; sales forecast; demand; demand plan; forecast; absatz; absatzplan; "
    "bedarf; nachfrage; verkauf; ventes; plan de ventes; demande; previsions; prevision; ventas; "
    "plan de ventas; demanda; "
    "verkoop; verkoopplan; afzet; vraag; sprzedaz; plan sprzedazy; popyt; prognoza",
    "shipments": "deliveries; shipped; versand; lieferungen; auslieferungen; expeditions; livraisons; envios; "
    "entregas; leveringen; verzendingen; wysylki; dostawy",
    "revenue": "turnover; net sales; umsatz; chiffre d'affaires; ca; ingresos; facturacion; omzet; przychody; "
    "przychod",
    "production": "production plan; produktion; produktionsplan; fertigung; plan de production; produccion; "
    "plan de produccion; productie; productieplan; produkcja; plan produkcji",
    "subcontract": "outside supply; fremdfertigung; zukauf; sous-traitance; subcontratacion; uitbesteding; "
    "podwykonawstwo",
    "inventory": "stock; stocks; closing stock; ending inventory; inventory plan; bestand; lagerbestand; "
    "endbestand; stock final; existencias; inventario; voorraad; eindvoorraad; zapas; zapasy; stan koncowy",
    "past_due": "overdue; ruckstand; lieferruckstand; retard; atraso; achterstand; zaleglosci",
    "order_book": "backlog; order backlog; open orders; auftragsbestand; carnet de commandes; cartera de pedidos; "
    "orderportefeuille; portfel zamowien",
    "gross_margin": "gross profit; bruttomarge; rohertrag; marge brute; margen bruto; brutomarge; marza brutto",
    "ebit": "operating profit; operating income; betriebsergebnis; resultat d'exploitation; resultado operativo; "
    "bedrijfsresultaat; wynik operacyjny",
}


def _plain(word: str) -> str:
    return word.lower().replace(" ", "_").replace("-", "_")


SHEET_WORDS: tuple[tuple[str, str], ...] = tuple(
    dict(
        [(_plain(measure(key).label), key) for key in reversed(SHEET_MEASURES)]
        + [(_plain(word), key) for key, words in _WORDS.items() for word in words.split("; ")]
    ).items()
)
"""Word → measure: labels on screen, and what sheets write in English, German, French, Spanish, Dutch and Polish.

Written as `sop.intake.headers.plain_header` reads them: lower case, underscores, no accents.
"""


def per_family(key: str) -> bool:
    """Whether a measure is planned by family, not for the company as a whole."""
    return "family" in measure(key).grain
