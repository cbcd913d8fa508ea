"""Headers of SAP, Dynamics, Odoo, ERPNext, NetSuite, Sage and Shopify, and words of six languages, by column.

Written without accents, as `plain_header` reads them. 'table.column' stands in place of the column's own words
where those mean something else in that table: what was billed is no open order.
"""

HEADERS = {
    "month": (
        "period; posting period; fiscal period; posting date; invoice date; billing date; date; document "
        "date; ship date; shipping date; order date; created at; transaction date; day; monat; periode; "
        "buchungsdatum; buchungsperiode; fakturadatum; rechnungsdatum; belegdatum; datum; kalendermonat; "
        "kalenderjahr/monat; cal_ year / month; mois; periode comptable; date de facture; date facture; date "
        "comptable; mes; periodo; fecha; fecha factura; fecha de factura; fecha contable; maand; boekdatum; "
        "factuurdatum; boekingsdatum; miesiac; okres; data; data faktury; data ksiegowania; data wystawienia; "
        "budat; fkdat; spmon; stichtag; as of date; date d'arrete; peildatum; stan na dzien; verkaufsdatum; "
        "date de vente; fecha de venta; verkoopdatum; data sprzedazy; sales date; invoice/bill date; "
        "accounting date; effective date; actual goods movement date; buchungsmonat; kalendertag; "
        "verkaufsmonat; kalenderwoche; jahr/monat; annee/mois; ano/mes; ano-mes; mes de venta; periode de "
        "vente; maand/jaar; boekmaand; boekperiode; verkoopmaand; rok/miesiac; miesiac sprzedazy; data "
        "dokumentu; data transakcji; date de la piece; date piece; date document; fecha documento; fecha de "
        "documento; fecha de contabilizacion; documentdatum; transactiedatum; transaktionsdatum; week; "
        "semaine; semana; tydzien; kw; woche; year-month; year/month; month name; calendar month; fiscal "
        "year/period; transaction month; calendar day; calendar year/month; trandate; bill. date; "
        "kalenderjahr / monat; faktura-datum; datum der faktura; abrechnungsmonat; rechnungsmonat; date "
        "comptabilisation; date de comptabilisation; mois de vente; mois de facturation; date de facturation; "
        "fecha de facturacion; fecha registro; fecha de registro; factuurmaand; data fakturowania; data "
        "wystawienia faktury"
    ),
    "product": (
        "product number; product no; product code; product id; item; item no; item no.; item code; item "
        "number; item id; sku; lineitem sku; variant sku; material; material number; material no; matnr; "
        "article; article number; article no; part number; part no; stock code; product/internal reference; "
        "internal reference; default code; artikel; artikelnummer; artikel-nr; artikel nr; artikelnr; "
        "artikelnr.; materialnummer; produkt; produktnummer; code article; article code; reference; reference "
        "produit; ref article; reference article; item: name; code produit; produit; articulo; codigo; codigo "
        "articulo; codigo de articulo; codigo producto; producto; referencia; num articulo; artikelcode; "
        "productcode; productnummer; towar; kod towaru; indeks; symbol; kod produktu; indeks towaru; numer "
        "artykulu; product variant; product variant sku; product sku; item/sku; artikel nummer; art.-nr.; "
        "art.-nr; art.nr.; art. nr.; sachnummer; teilenummer; materialnr.; produktcode; produkt-nr.; codigo "
        "de producto; cod. articulo; cod articulo; numero de articulo; no de articulo; numero d'article; no "
        "article; n° article; ref. article; artikelnummer leverancier; artikel code; productnr; nr artykulu; "
        "nr towaru; kod artykulu; produkt kod; symbol towaru; item name/number; inventory item; stock item; "
        "product_id; product/sku; item sku; material code; item #; material-nr.; materialnr; material nr.; "
        "artnr; artnr.; artikel-nr.; artikel nr.; produktnr; produktnr.; interne referenz; produkt/interne "
        "referenz; numero article; ref. produit; reference interne; produit/reference interne; code produits; "
        "nº articulo; cod. producto; codigo del articulo; codigo del producto; referencia interna; "
        "producto/referencia interna; referencia de articulo; referencia articulo; numero de producto; "
        "artikelnummers; productnr.; interne referentie; product/interne referentie; nr zapasu; nr materialu; "
        "kod materialu"
    ),
    "name": (
        "description; item name; display name; product name; item description; material description; lineitem "
        "name; title; maktx; bezeichnung; artikelbezeichnung; materialkurztext; produktname; beschreibung; "
        "designation; libelle; nom du produit; descripcion; nombre; nombre del producto; omschrijving; "
        "artikelomschrijving; naam; nazwa; nazwa towaru; opis"
    ),
    "family": (
        "product family; item group; product group; material group; product category; item category; item "
        "category code; product group code; category; matkl; product type; warengruppe; produktgruppe; "
        "produktfamilie; artikelgruppe; familie; famille; famille produit; familia; grupo; grupo de "
        "articulos; categoria; productgroep; categorie; grupa; grupa towarowa; rodzina; kategoria"
    ),
    "region": (
        "sales region; country/region code; country/region; sales territory; territory; country; sales office; "
        "sales district; sales organization; sales org; market; shipping country; ship-to country; vkorg; "
        "bzirk; gebiet; verkaufsgebiet; vertriebsgebiet; land; verkaufsorganisation; verkaufsorg; "
        "verkaufsorg_; markt; region de vente; pays; secteur; territoire; marche; pais; zona; mercado; region "
        "de ventas; provincia; regio; verkoopgebied; provincie; rejon; kraj; rynek; obszar; wojewodztwo; "
        "land/region; lieferland; versandland; empfangsland; ship-to region; billing country; delivery "
        "country; sales area; ship to country; vertriebsregion; verkaufsregion; absatzgebiet; pays de "
        "livraison; pays livraison; territorio; pais de envio; pais de entrega; afleverland; verkoopregio; "
        "kraj dostawy; kraj wysylki; region sprzedazy; wojewodztwo dostawy; customer region; destination "
        "country; partner country; customer country"
    ),
    "channel": (
        "sales channel; distribution channel; vtweg; kanal; vertriebskanal; vertriebsweg; canal; canal de "
        "vente; canal de venta; verkoopkanaal; kanal sprzedazy"
    ),
    "customer": (
        "customer no; customer no.; customer number; customer name; customer code; sold-to party; sold to; "
        "sell-to customer no.; account name; kunnr; partner; kunde; kundennummer; kundenname; debitor; "
        "auftraggeber; client; code client; nom client; cliente; codigo cliente; klant; klantnummer; "
        "klantnaam; klient; kontrahent; odbiorca; "
        "customer account; customer id; bill-to customer no.; sell-to customer name; sold-to; sold-to pt; "
        "customer/name; kunden-nr.; kunden-nr; kundennr; kundennr.; kunden nr.; debitorennr.; "
        "debitorennummer; debitor nr.; kundenkonto; n° client; numero client; numero de client; "
        "nom du client; cod. cliente; codigo de cliente; nº cliente; numero de cliente; nombre cliente; "
        "nombre del cliente; klantnr; klantnr.; klantcode; debiteur; debiteurnr.; debiteurnummer; "
        "kod klienta; nr klienta; numer klienta; nazwa klienta; nazwa kontrahenta; nabywca"
    ),
    "quantity": (
        "qty; quantity shipped; shipped qty; shipped quantity; qty shipped; qty. shipped; invoiced quantity; "
        "billed quantity; quantity invoiced; qty invoiced; quantity sold; qty sold; units sold; units; "
        "lineitem quantity; net quantity; fkimg; menge; fakt. menge; fakturierte menge; absatzmenge; absatz; "
        "verkaufte menge; liefermenge; stuck; stueck; anzahl; quantite; qte; quantite facturee; quantite "
        "vendue; quantite livree; cantidad; cantidad facturada; cantidad vendida; unidades; aantal; "
        "hoeveelheid; gefactureerd aantal; verkocht aantal; ilosc; ilosc sprzedana; sztuki; qte livree; qte "
        "facturee; qte vendue; quantity done; qty done; quantity delivered; delivered quantity; net items "
        "sold; net quantity sold; items sold; sales quantity; fakturierte menge in vme; berechnete menge; "
        "verkaufsmenge; stk; quantites; quantite expediee; cantidad entregada; cdad.; cant.; cant; geleverde "
        "hoeveelheid; verkochte hoeveelheid; aantal stuks; stuks; ilosc dostarczona; ilosc zafakturowana; "
        "szt; szt.; liczba sztuk; invoiced qty; invoiced qty.; billed qty; billing quantity; billing qty; "
        "sales qty; sold quantity; sold qty; qty.; fakturamenge; rechnungsmenge; abgesetzte menge; stuckzahl; "
        "verkaufte stuck; quantites vendues; quantites facturees; qte. facturee; unites vendues; nombre "
        "d'unites; qtes; unidades vendidas; uds. vendidas; gefactureerde hoeveelheid; verkochte aantallen; "
        "verkochte stuks; ilosc zafakt.; sprzedana ilosc; sprzedane sztuki; qty delivered"
    ),
    "order_book.quantity": (
        "qty; open quantity; open qty; open orders; open order quantity; outstanding quantity; qty. "
        "outstanding; outstanding qty; backlog; menge; offene menge; offene auftragsmenge; auftragsbestand; "
        "reliquat; quantite restante; cantidad pendiente; openstaand aantal; openstaande hoeveelheid; ilosc "
        "otwarta; do realizacji"
    ),
    "past_due": (
        "overdue; overdue quantity; past due quantity; ruckstand; ruckstandig; uberfallig; en retard; "
        "atrasado; achterstallig; zaleglosci; przeterminowane"
    ),
    "budget.quantity": (
        "qty; budget quantity; budgeted quantity; plan quantity; planned quantity; menge; planmenge; "
        "budgetmenge; quantite budget; quantite budgetee; cantidad presupuestada; begroot aantal; ilosc "
        "planowana"
    ),
    "budget.revenue": (
        "sales; net sales; turnover; umsatz; nettoumsatz; chiffre d'affaires; ca; ventas; omzet; sprzedaz; "
        "przychod; obrot; budget; budget amount; "
        "budget revenue; budget sales; budgeted revenue; plan revenue; sales budget; planumsatz; "
        "budgetumsatz; ca budget; ca budgete; ventas presupuestadas; begrote omzet; sprzedaz planowana"
    ),
    "quantity_ordered": (
        "ordered quantity; order quantity; qty ordered; order qty; kwmeng; auftragsmenge; bestellmenge; "
        "bestellte menge; quantite commandee; qte commandee; cantidad pedida; besteld aantal; ilosc zamowiona"
    ),
    "quantity_delivered": (
        "delivered quantity; delivered qty; qty delivered; quantity shipped; qty shipped; qty. shipped; "
        "lfimg; liefermenge; gelieferte menge; quantite livree; qte livree; cantidad entregada; geleverd "
        "aantal; ilosc dostarczona"
    ),
    "deliveries.ordered": (
        "order date; ordered on; document date; anlagedatum; auftragsdatum; belegdatum; bestelldatum; erdat; "
        "audat; date de commande; fecha de pedido; fecha pedido; besteldatum; orderdatum; data zamowienia"
    ),
    "capacity_hours": (
        "capacity hours; available hours; hours available; kapazitat (std); kapazitat std; verfugbare "
        "stunden; heures disponibles; horas disponibles; beschikbare uren; dostepne godziny"
    ),
    "revenue": (
        "sales; net sales; net value; net amount; amount (net); base net amount; sales amount; sales amount "
        "(actual); net revenue; turnover; line amount; amount excl. vat; untaxed amount; untaxed total; "
        "netwr; umsatz; nettoumsatz; netto-umsatz; nettowert; erlos; erloes; umsatzerlose; umsatz netto; "
        "chiffre d'affaires; ca; ca ht; ca net; montant ht; total ht; ventas; ventas netas; importe; importe "
        "neto; base imponible; ingresos; omzet; netto omzet; netto bedrag; bedrag excl. btw; sprzedaz; "
        "wartosc netto; sprzedaz netto; przychod; obrot; nettobetrag; betrag netto; montant net; ca facture; "
        "importe sin iva; nettobedrag; omzet excl. btw; kwota netto; sales value; nettowert der position; "
        "nettofakturawert; invoiced amount; net invoiced; price subtotal; price_subtotal; subtotal excl. tax; "
        "positionsbetrag; zeilenbetrag; regelbedrag; montant de ligne; importe de linea; kwota wiersza; vente "
        "ht; ventes; ventes ht; ventes nettes; facturacion; facturatie; sales revenue; net sales value; net "
        "sales amount; net invoiced amount; net invoice value; extended price; line amount excl. vat; line "
        "net amount; amount excluding vat; revenue (net); netto betrag; netto-betrag; nettoerlos; "
        "nettoerlose; nettoumsatzerlose; zeilenbetrag ohne mwst.; betrag ohne mwst.; verkaufsbetrag; "
        "verkaufsbetrag (tatsachl.); umsatz (netto); chiffre d'affaires net; chiffre d'affaires ht; ca hors "
        "taxe; ca hors taxes; montant hors taxe; montant hors taxes; total hors taxes; montant net ht; "
        "montant ligne ht; montant ht net; montant vente (reel); total sin iva; importe linea; importe de "
        "venta; importe venta; importe ventas (real); facturacion neta; venta neta; ingresos netos; omzet ex "
        "btw; nettoomzet; netto-omzet; bedrag ex btw; bedrag exclusief btw; verkoopbedrag; wartosc sprzedazy "
        "netto; przychod netto; przychody; przychody netto; przychody ze sprzedazy; obrot netto; obroty; "
        "untaxed invoiced amount; untaxed amount invoiced"
    ),
    "ordered": (
        "ordered quantity; order quantity; qty ordered; quantity ordered; order qty; kwmeng; bestellmenge; "
        "auftragsmenge; bestellte menge; quantite commandee; cantidad pedida; besteld aantal; ilosc zamowiona; "
        "ordered qty; bestellte stuck; qte commandee; quantites commandees; cantidad solicitada; "
        "bestelde hoeveelheid; besteld; zamowiona ilosc; ilosc w zamowieniu"
    ),
    "cost": (
        "cost of sales; cogs; cost of goods sold; cost amount; cost amount (actual); wavwr; wareneinsatz; "
        "herstellkosten des "
        "umsatzes; cout des ventes; coste de ventas; kostprijs verkopen; koszt sprzedazy; koszt wlasny; "
        "cost of goods; total cost of sales; einstandsbetrag; einstandsbetrag (tatsachl.); "
        "kosten des umsatzes; cout des marchandises vendues; cout des produits vendus; "
        "coste de las ventas; coste de los bienes vendidos; costo de ventas; inkoopwaarde omzet; "
        "inkoopwaarde van de omzet; kostprijs van de omzet; kostprijs omzet; koszt wlasny sprzedazy; "
        "koszt sprzedanych towarow"
    ),
    "price": (
        "list price; sales price; base price; unit price; variant price; standard selling rate; lst_price; "
        "listenpreis; verkaufspreis; vk-preis; preis; prix; prix de vente; prix catalogue; precio; precio de "
        "venta; pvp; verkoopprijs; prijs; cena; cena sprzedazy; cena katalogowa"
    ),
    "unit_cost": (
        "standard cost; standard price; cost; average cost; average cost price; cost price; cost per item; "
        "valuation rate; stprs; herstellkosten; standardpreis; einstandspreis; ek-preis; selbstkosten; prix "
        "de revient; cout unitaire; cout standard; coste; coste unitario; coste estandar; kostprijs; koszt "
        "jednostkowy; cena zakupu"
    ),
    "unit": (
        "uom; unit of measure; default unit of measure; primary units type; base unit; base uom; base unit of "
        "measure; meins; einheit; mengeneinheit; basismengeneinheit; unite; unidad; unidad de medida; "
        "eenheid; jednostka; j.m.; jm"
    ),
    "plant": (
        "site; location; location code; warehouse; werks; werk; standort; lager; usine; site de production; "
        "depot; magasin; planta; centro; almacen; fabriek; magazijn; vestiging; zaklad; magazyn"
    ),
    "opening": (
        "opening stock; opening balance; opening qty; anfangsbestand; stock initial; stock inicial; "
        "existencias iniciales; beginvoorraad; stan poczatkowy"
    ),
    "closing": (
        "closing stock; ending stock; balance qty; stock on hand; on hand; quantity on hand; qty on hand; "
        "endbestand; bestand; lagerbestand; stock final; stock; existencias; existencias finales; "
        "eindvoorraad; voorraad; stan koncowy; stan magazynowy"
    ),
    "production": (
        "receipts; in qty; produced quantity; production quantity; goods receipt; output; output quantity; "
        "zugange; zugaenge; produktion; produzierte menge; production quantite; entrees; produccion; "
        "entradas; productie; ontvangsten; produkcja; przyjecia"
    ),
    "shipments": (
        "issues; out qty; shipped; goods issue; deliveries; abgange; abgaenge; versand; lieferungen; sorties; "
        "expeditions; salidas; envios; uitgiftes; verzendingen; wydania; wysylki"
    ),
    "order_line": (
        "order line no; order line number; sales order line; lieferposition; auftragsposition; ligne de "
        "commande; linea de pedido; orderregel; pozycja zamowienia"
    ),
    "requested": (
        "requested date; requested delivery date; requested ship date; vdatu; wunschlieferdatum; "
        "wunschtermin; date demandee; fecha solicitada; gewenste leverdatum; data zadana"
    ),
    "promised": (
        "promised date; promised delivery date; confirmed date; commitment date; bestatigter termin; "
        "zugesagter termin; bestatigtes lieferdatum; bestatigter liefertermin; confirmed delivery date; date "
        "promise; date confirmee; fecha prometida; toegezegde datum; data potwierdzona"
    ),
    "delivered": (
        "delivery date; actual delivery date; actual goods movement date; wadat_ist; warenausgangsdatum; "
        "lieferdatum; date de livraison; fecha de entrega; leverdatum; data dostawy"
    ),
    "resource": (
        "work center; workcenter; machine; line; arbpl; arbeitsplatz; maschine; linie; poste de charge; "
        "centro de trabajo; maquina; werkplek; lijn; gniazdo; maszyna"
    ),
    "amount": ("balance; value; betrag; saldo; montant; solde; bedrag; kwota; importe"),
    "account": (
        "account no; account no.; account number; gl account; g/l account; hkont; konto; kontonummer; "
        "sachkonto; compte; numero de compte; cuenta; rekening; grootboekrekening"
    ),
    "currency": ("currency code; waers; wahrung; waehrung; devise; moneda; divisa; valuta; waluta"),
    "measure": (
        "row; line item; key figure; kennzahl; zeile; grosse; position; indicateur; ligne; poste; indicador; "
        "concepto; fila; kengetal; regel; rij; wskaznik; wiersz"
    ),
    "people": (
        "headcount; employees; heads; fte; personen; mitarbeiter; kopfe; kopfzahl; effectif; effectifs; "
        "personnes; "
        "personas; empleados; plantilla; medewerkers; aantal medewerkers; osoby; pracownicy; zatrudnienie"
    ),
    "hours_per_person": (
        "hours per person; hours per head; hours per employee; stunden je person; stunden pro person; stunden "
        "je mitarbeiter; heures par personne; horas por persona; uren per persoon; godziny na osobe"
    ),
    "hours_per_unit": (
        "hours per unit; run time (h); machine time (h); stuckzeit (std); stuckzeit (h); stunden je stuck; "
        "stunden "
        "pro stuck; heures par unite; temps unitaire (h); horas por unidad; uren per stuk; godziny na sztuke"
    ),
    "date": ("day; holiday date; datum; tag; jour; dia; fecha; dag; data; dzien; date ferie; feiertagsdatum"),
    "holidays.country": "land; pays; pais; kraj; country code; landerkurzel",
    "holidays.name": (
        "holiday; holiday name; description; feiertag; bezeichnung; jour ferie; festivo; feestdag; swieto"
    ),
    "launch": (
        "project; launch project; npd project; projekt; einfuhrung; markteinfuhrung; projet; lancement; "
        "proyecto; lanzamiento; introductie; wdrozenie"
    ),
    "probability": (
        "chance; likelihood; probability (%); wahrscheinlichkeit; probabilite; probabilidad; kans; "
        "waarschijnlijkheid; prawdopodobienstwo"
    ),
    "peak_quantity": (
        "peak quantity; peak volume; peak units; spitzenmenge; menge im hochlauf; volume de pointe; cantidad "
        "maxima; piekvolume; wolumen szczytowy"
    ),
    "ramp_months": (
        "ramp-up months; ramp months; anlauf monate; anlaufmonate; hochlaufmonate; mois de montee en cadence; "
        "meses "
        "de arranque; aanloopmaanden; miesiace rozruchu"
    ),
    "supplier": ("vendor; vendor name; lieferant; fournisseur; proveedor; leverancier; dostawca"),
}

GENERAL = {
    "sales_actuals.revenue": "amount; betrag; montant; bedrag; kwota; wartosc; wartosc sprzedazy",
    "sales_actuals.quantity": "gelieferte menge; cantidad servida; geleverd aantal; ilosc wydana",
    "sales_actuals.month": (
        "auftragsdatum; bestelldatum; versanddatum; lieferdatum; date de commande; date de livraison; date "
        "d'expedition; fecha de pedido; fecha pedido; fecha de entrega; fecha de envio; besteldatum; orderdatum; "
        "leverdatum; verzenddatum; data zamowienia; data dostawy; data wysylki; shipment date; delivery date"
    ),
}
"""'table.column' → words that say less than those above, and count only where no header says more.

An amount is what was sold for where no net amount stands beside it, and an order's date the day of sale where the
file tells of no invoice.
"""
