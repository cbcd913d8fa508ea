"""The map of the company's accounts on the Data page: each account with its line, changed in place."""

import pandas as pd
import streamlit as st

from sop.core.errors import BadInput
from sop.finance.accounts import Account, changed_accounts, line_choices
from sop.services.data.imports import read_accounts, save_accounts
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button
from sop.ui.kit.panel import panel, show_opened

COLUMNS = ["Kind", "Account", "Last 12 months", "Line", "Effect"]


def show_accounts(visit: Visit) -> None:
    """The section with the map; nothing where no ledger is loaded."""
    accounts = visit.call(read_accounts)()
    if not accounts:
        return
    unmapped = sum(not account.line for account in accounts)
    note = (
        f"{unmapped} of {len(accounts)} accounts have no line and count nowhere; other leaves one out on purpose"
        if unmapped
        else f"Each of the {len(accounts)} accounts of the ledger has its line of the financial plan"
    )
    with panel("Accounts", note, "accounts"):
        show_opened("The line of each account", "accounts", _editor, visit, accounts)


def _editor(visit: Visit, accounts: tuple[Account, ...]) -> None:
    """The accounts in a table; line and effect can be chosen by whoever may import."""
    may = visit.may("import_data")
    frame = pd.DataFrame([(a.kind, a.name, a.amount, a.line or None, a.effect) for a in accounts], columns=COLUMNS)
    edited = st.data_editor(
        frame,
        hide_index=True,
        height=420,
        disabled=COLUMNS[:3] if may else COLUMNS,
        column_config={
            "Last 12 months": st.column_config.NumberColumn(format="localized"),
            "Line": st.column_config.SelectboxColumn(options=list(line_choices())),
            "Effect": st.column_config.SelectboxColumn(options=["add", "subtract"], required=True),
        },
        key=f"accounts_{hash(accounts)}",
    )
    now = [Account(row[0], row[1], row[2], row[3] or "", row[4]) for row in edited.itertuples(index=False)]
    changed = changed_accounts(accounts, now)

    def save() -> None:
        report = save_accounts(visit.room.store, visit.person.id, changed)
        if not report.accepted:
            raise BadInput(report.message, why=str(report.findings[0]))

    if may:
        label = f"Save {len(changed)} {'account' if len(changed) == 1 else 'accounts'}"
        act_button(label, save, "The accounts have their lines.", disabled=not changed)
