"""The map of the company's accounts on the Data page: each account with its line, changed in place."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from sop.core.errors import BadInput
from sop.core.format import does, how_many
from sop.finance.account_words import ProposedLine, propose_lines
from sop.finance.accounts import Account, changed_accounts, line_choices
from sop.services.data.imports import read_accounts, save_accounts
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button
from sop.ui.kit.panel import panel, show_opened

COLUMNS = ["Kind", "Account", "Last 12 months", "Line", "Effect"]
PROPOSED = "Proposed by"


def show_accounts(visit: Visit) -> None:
    """The section with the map; nothing where no ledger is loaded."""
    accounts = visit.call(read_accounts)()
    if not accounts:
        return
    unmapped = sum(not account.line for account in accounts)
    note = (
        f"{unmapped} of {how_many(len(accounts), 'accounts')} {does(unmapped, 'have')} no line and "
        f"{does(unmapped, 'count')} nowhere; other leaves one out on purpose"
        if unmapped
        else f"Each of the {how_many(len(accounts), 'accounts')} of the ledger has its line of the financial plan"
    )
    with panel("Accounts", note, "accounts"):
        show_opened("The line of each account", "accounts", _editor, visit, accounts)


def _with(account: Account, proposed: ProposedLine | None) -> Account:
    """An account with the line that is proposed for it; as it is without."""
    return account if proposed is None else replace(account, line=proposed.line, effect=proposed.effect)


def _editor(visit: Visit, accounts: tuple[Account, ...]) -> None:
    """The accounts in a table; line and effect can be chosen by whoever may import."""
    may = visit.may("import_data")
    proposed = propose_lines(accounts) if may else {}
    if proposed:
        label = (
            f"Fill in the {how_many(len(proposed), 'lines')} that names and numbers propose: look at "
            f"each, then save"
        )
        proposed = proposed if st.checkbox(label, key="accounts_proposed") else {}
    shown = [_with(account, proposed.get((account.kind, account.name))) for account in accounts]
    frame = pd.DataFrame([(a.kind, a.name, a.amount, a.line or None, a.effect) for a in shown], columns=COLUMNS)
    if proposed:
        frame[PROPOSED] = [
            each.why if (each := proposed.get((account.kind, account.name))) else None for account in accounts
        ]
    edited = st.data_editor(
        frame,
        hide_index=True,
        height=420,
        disabled=[*COLUMNS[:3], PROPOSED] if may else COLUMNS,
        column_config={
            "Last 12 months": st.column_config.NumberColumn(format="localized"),
            "Line": st.column_config.SelectboxColumn(options=list(line_choices())),
            "Effect": st.column_config.SelectboxColumn(options=["add", "subtract"], required=True),
        },
        key=f"accounts_{hash(accounts)}_{len(proposed)}",
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
