"""Which line of the financial plan an account may belong to: by its name in six languages, by its number in the
common charts (SKR03, SKR04, French PCG, usual American numbers). A proposal is shown and never taken by itself.

A number counts only where the names of other accounts prove which chart it is from, and says nothing where the
account's own name says something else. What fits no line for sure has none: a wrong proposal is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sop.finance.accounts import Account

_BALANCE = ("cash", "receivables", "payables", "inventory_value", "debt")
_RESULT = ("revenue", "cost_of_sales", "operating_cost", "depreciation", "interest", "tax")
_CREDIT = ("revenue", "payables", "debt")
"""Lines whose amounts have a minus in ledgers that tell debit and credit by sign."""

_NEVER = re.compile(
    r"intercompany|inter-company|konzern|verbunden|intragroupe|grupo empresas|allowance|accumulated|"
    r"kumuliert|deferred|"
    r"latent|prepaid|abgrenzung|vorauszahl|anzahlung|other receiv|sonstige forderung|ubrige forderung|"
    r"gain|loss on|"
    r"sale of asset|anlagenabgang|vat\b|vorsteuer|umsatzsteuer|\btva\b|\biva\b|\bbtw\b|sales tax|tax payable|"
    r"wertberichtigung|ruckstellung|provision for|provisions? pour|goodwill impair"
)
"""What such a name says is no line for sure."""

_NAMES: tuple[tuple[str, str, str], ...] = (
    ("statistical", "add", r"headcount|square f|mitarbeiterzahl|mitarbeiteranzahl|effectif|"
     r"plantilla media|\bfte\b"),
    ("dividend", "add", r"dividend|ausschuttung|dywidend"),
    ("revenue", "subtract",
     r"^(sales )?(returns|discounts)|returns (and|&)|sales (returns|discounts)|discounts? (given|allowed)|"
     r"erlosschmalerung|gewahrte (skonti|rabatte)|remises accordees|descuentos sobre ventas|"
     r"devoluciones de ventas|"
     r"verleende kortingen|udzielone rabaty"),
    ("cost_of_sales", "add",
     r"cost of (sales|goods|revenue)|\bcogs\b|wareneinsatz|materialaufwand|wareneingang|"
     r"herstellungskosten des umsatzes|"
     r"^achats|cout des ventes|coste? de (las )?ventas|^compras|kostprijs (van de )?(omzet|verkopen)|"
     r"inkoopwaarde|"
     r"koszt(y)? (wlasny )?sprzeda|zuzycie materialow|wartosc sprzedanych"),
    ("depreciation", "add",
     r"depreciation|amorti[sz]ation|abschreibung|dotations? aux amortissements|amortizacion|depreciacion|"
     r"afschrijving|"
     r"amortyzacja"),
    ("interest", "add",
     r"interest (expense|paid|cost)|zinsaufwand|zinsen und ahnliche aufwendungen|charges d.interet|"
     r"interets des emprunts|"
     r"gastos por intereses|intereses de deudas|rentelasten|odsetki od kredyt|koszty odsetek"),
    ("tax", "add",
     r"(income|corporat\w+) tax|korperschaftsteuer|gewerbesteuer|ertragsteuer|impots? sur les (benefices|"
     r"societes)|"
     r"impuesto sobre (sociedades|beneficios)|vennootschapsbelasting|podatek dochodowy"),
    ("debt", "add",
     r"^(bank |term |long[- ]term )*loans?\b|notes payable|long[- ]term (debt|obligations)|borrowings|darlehen|"
     r"gegenuber kreditinstituten|^emprunts?|prestamos|deudas con entidades de credito|leningen|"
     r"kredyty? bankow"),
    ("receivables", "add",
     r"(trade|accounts?) receivables?|trade debtors|forderungen aus|^forderungen|creances clients|"
     r"^clients\b|^clientes|"
     r"^debiteuren|handelsdebiteuren|naleznosci (od odbiorcow|z tytulu dostaw)"),
    ("payables", "add",
     r"(trade|accounts?) payables?|trade creditors|verbindlichkeiten aus (lieferung|ll)|^fournisseurs|"
     r"dettes fournisseurs|"
     r"^proveedores|^crediteuren|handelscrediteuren|zobowiazania (wobec dostawcow|z tytulu dostaw)"),
    ("inventory_value", "add",
     r"^inventor(y|ies)\b|finished goods|raw materials|work[- ]in[- ](process|progress)|^vorrate|"
     r"fertige erzeugnisse|"
     r"unfertige erzeugnisse|roh-?, hilfs|^rohstoffe|handelswaren|^stocks?\b|matieres premieres|produits finis|"
     r"^existencias|materias primas|productos terminados|^voorra(ad|den)|gereed product|grondstoffen|^zapasy|"
     r"wyroby gotowe|^materialy$"),
    ("cash", "add",
     r"^(petty )?cash\b(?! ?flow)|^bank\b(?! (loan|fee|charge))|^checking|^kasse\b|^bankguthaben|"
     r"^banques?\b|^caisse\b|"
     r"^bancos?\b|^caja\b|^kas\b|^kasa\b|rachunek bankowy|rachunki bankowe"),
    ("revenue", "add",
     r"^(trade |net |gross |product |domestic |export |foreign |online )*(sales|"
     r"revenues?)( revenues?)?( \d.*)?$|"
     r"^sales (of|-|–|domestic|export|goods|products)|^turnover|umsatzerlos|^erlose\b|^ventes\b|"
     r"chiffre d.affaires|"
     r"^ventas\b|^(netto )?omzet\b|^przychody (ze|netto ze) sprzedazy|^sprzedaz (towarow|produktow|uslug)"),
    ("capital_spending", "add",
     r"capital (expenditure|spending)|^capex|investitionen in sachanlagen|^investissements|investeringen in|"
     r"naklady inwestycyjne"),
    ("operating_cost", "add",
     r"salar|wages|lohne|gehalter|personal(kosten|aufwand)|salaires|sueldos|\blonen\b|personeelskosten|"
     r"wynagrodzeni|"
     r"employee benefits|payroll tax|soziale (abgaben|aufwendungen)|charges sociales|seguridad social|"
     r"sociale lasten|"
     r"\brent\b|leasehold|\bmieten?\b|\bloyers?\b|alquiler|\bhuur\b|czynsz|utilities|energiekosten|strom|"
     r"electricit|"
     r"energia|insurance|versicherung|assurance|\bseguros?\b|verzekering|ubezpieczen|travel|reisekosten|"
     r"deplacement|"
     r"viajes|reiskosten|podroze|marketing|advertis|werbe|publicit|publicidad|reclame|reklam|telephone|telefon|"
     r"office (supplies|expenses)|burobedarf|fournitures de bureau|material de oficina|kantoorkosten|"
     r"professional (services|fees)|legal|beratung|honorai?r|audit|commissions?|provisionen|maintenance|"
     r"repairs?\b|"
     r"instandhaltung|reparatur|entretien|mantenimiento|onderhoud|remont|vehicles|fuhrpark|\bkfz\b|meals|"
     r"entertainment|"
     r"conferences|training|software|postage|porto\b|other (operating )?expenses|"
     r"sonstige (betriebliche )?aufwendungen|"
     r"autres charges|otros gastos|overige kosten|pozostale koszty operacyjne"),
)  # fmt: skip
"""Line, effect, and what an account's plain name holds; the first that is found counts."""

_CHARTS: Mapping[str, tuple[tuple[int, int, str], ...]] = {
    "SKR03": (
        (630, 699, "debt"), (1000, 1299, "cash"), (1400, 1449, "receivables"), (1600, 1659, "payables"),
        (2100, 2149, "interest"), (2200, 2209, "tax"), (3000, 3799, "cost_of_sales"),
        (3970, 3989, "inventory_value"),
        (4100, 4199, "operating_cost"), (4200, 4809, "operating_cost"), (4820, 4869, "depreciation"),
        (4900, 4989, "operating_cost"), (7000, 7199, "inventory_value"), (8000, 8699, "revenue"),
    ),
    "SKR04": (
        (1000, 1179, "inventory_value"), (1200, 1249, "receivables"), (1600, 1899, "cash"), (3150, 3199, "debt"),
        (3300, 3349, "payables"), (4000, 4699, "revenue"), (5000, 5799, "cost_of_sales"),
        (6000, 6199, "operating_cost"), (6200, 6269, "depreciation"), (6300, 6899, "operating_cost"),
        (7300, 7349, "interest"), (7600, 7619, "tax"),
    ),
    "PCG": (
        (164, 164, "debt"), (310, 379, "inventory_value"), (401, 401, "payables"), (411, 411, "receivables"),
        (512, 512, "cash"), (530, 539, "cash"), (601, 602, "cost_of_sales"), (607, 607, "cost_of_sales"),
        (611, 648, "operating_cost"), (661, 661, "interest"), (681, 681, "depreciation"), (695, 695, "tax"),
        (701, 707, "revenue"),
    ),
    "US": (
        (1000, 1099, "cash"), (1100, 1199, "receivables"), (1200, 1299, "inventory_value"),
        (2000, 2099, "payables"),
        (4000, 4999, "revenue"), (5000, 5999, "cost_of_sales"), (6000, 6999, "operating_cost"),
    ),
}  # fmt: skip
"""Chart → from number, to number, line. Of numbers with more digits the first four count, in the PCG three."""

_LEAST = 3
"""Accounts whose names must agree with a chart's numbers before the numbers of others count."""

_KINDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("cash", "receivables", "inventory_value"), r"^assets?|aktiv|^actifs?|activo|^activa|aktywa"),
    (("payables", "debt"), r"liabilit|^equity|passiv|passifs?|pasivo|^passiva|pasywa|eigenkapital|capitaux"),
    (_BALANCE, r"balance|bilanz|bilan\b|^balans|bilans"),
    (("revenue",), r"revenue|income$|ertrag|^erlose|produits|ingresos|opbrengst|przychody"),
    ((*_RESULT[1:], "capital_spending"), r"expen|^costs?|aufwand|^kosten|charges|gastos|lasten|koszty"),
    ((*_RESULT, "capital_spending", "dividend"), r"profit|p&l|guv|resultat|resultado|resultaten|wynik"),
)
"""Lines that an account of a kind can belong to, by what the kind is called; other kinds leave it open."""


@dataclass(frozen=True)
class ProposedLine:
    """What an account may be: its line and effect, and what says so: 'its name', 'SKR04 number'."""

    line: str
    effect: str
    why: str


def propose_lines(accounts: Iterable[Account]) -> dict[tuple[str, str], ProposedLine]:
    """(kind, name) → what accounts without a line may be; nothing for those that nobody can tell.

    In a ledger whose revenue has a minus, what is earned and owed is taken off, so that it counts with a plus.
    """
    every = tuple(accounts)
    named = {account: found for account in every if (found := _by_name(account))}
    chart = _chart_of(every, named)
    proposed: dict[Account, ProposedLine] = {}
    for account in every:
        found = named.get(account)
        line = _by_number(account, chart)
        allowed = _allowed(account)
        if found is not None:
            proposed[account] = found
        elif line and not _NEVER.search(_plain(account.name)) and (allowed is None or line in allowed):
            proposed[account] = ProposedLine(line, "add", f"{chart} number")
    earned = [
        account.amount for account, each in proposed.items() if (each.line, each.effect) == ("revenue", "add")
    ]
    if sum(earned) < 0:
        turned = {"add": "subtract", "subtract": "add"}
        proposed = {
            account: replace(each, effect=turned[each.effect])
            if each.line in _CREDIT and account.amount < 0
            else each
            for account, each in proposed.items()
        }
    return {(account.kind, account.name): each for account, each in proposed.items() if not account.line}


def with_proposed(
    accounts: Iterable[Account], proposed: Mapping[tuple[str, str], ProposedLine]
) -> tuple[Account, ...]:
    """Accounts that have a line, and those with the line that is proposed for them."""
    found = (
        replace(account, line=each.line, effect=each.effect)
        if (each := proposed.get((account.kind, account.name)))
        else account
        for account in accounts
    )
    return tuple(account for account in found if account.line)


def _plain(text: str) -> str:
    """A text in lower case without accents."""
    letters = unicodedata.normalize("NFKD", text.strip().lower().replace("ł", "l").replace("ß", "ss"))
    return "".join(each for each in letters if not unicodedata.combining(each))


def _split(name: str) -> tuple[str, str]:
    """An account's number and the rest of its name, plain; either may be empty."""
    found = re.match(r"^(\d{3,8})\b[\s\-–:.]*(.*)$", _plain(name))
    return (found[1], found[2]) if found else ("", _plain(name))


def _allowed(account: Account) -> tuple[str, ...] | None:
    """The lines that an account of its kind can belong to; None where the kind leaves it open."""
    kind = _plain(account.kind)
    return next((lines for lines, says in _KINDS if re.search(says, kind)), None)


def _by_name(account: Account) -> ProposedLine | None:
    name, allowed = _split(account.name)[1], _allowed(account)
    if not name or _NEVER.search(name):
        return None
    for line, effect, says in _NAMES:
        if re.search(says, name):
            # What is taken off revenue often stands among the costs.
            off = effect == "subtract" and allowed not in (_BALANCE, *_SIDES)
            fits = allowed is None or line in allowed or off or line == "statistical"
            return ProposedLine(line, effect, "its name") if fits else None
    return None


_SIDES = (_KINDS[0][0], _KINDS[1][0])
"""What accounts of the two sides of the balance can be."""


def _chart_of(accounts: Iterable[Account], named: Mapping[Account, ProposedLine]) -> str:
    """The chart that the numbers are from, as the names prove; empty where they prove none, or more than one."""
    agree = dict.fromkeys(_CHARTS, 0)
    against = dict.fromkeys(_CHARTS, 0)
    for account in accounts:
        for chart in _CHARTS:
            line = _by_number(account, chart)
            if line and account in named:
                (agree if named[account].line == line else against)[chart] += 1
    proven = [chart for chart in _CHARTS if agree[chart] >= _LEAST and agree[chart] > 4 * against[chart]]
    best = max(proven, key=lambda chart: agree[chart], default="")
    return best if sum(agree[chart] == agree[best] for chart in proven) == 1 else ""


def _by_number(account: Account, chart: str) -> str:
    """The line that a chart gives an account's number; empty where it gives none."""
    number = _split(account.name)[0]
    digits = 3 if chart == "PCG" else 4
    if not chart or len(number) < digits:
        return ""
    value = int(number[:digits])
    return next((line for low, high, line in _CHARTS[chart] if low <= value <= high), "")
