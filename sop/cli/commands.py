"""Every command in the order of the list: the module that has it, and its line there.

What the modules need takes a second to load, so only the module of the command that is given is loaded.
"""

COMMANDS = {
    "demo": ("demo", "build the fictional demo company"),
    "init": ("cycle", "make a workspace and open its first cycle"),
    "cycle": ("cycle", "close the open cycle and open the next"),
    "tasks": ("tasks", "list the tasks that are open"),
    "invite": ("people", "print a one-time link to set a password"),
    "access": ("people", "choose how people sign in"),
    "template": ("data", "write the header of a table to fill in"),
    "import": ("data", "check a file and load it"),
    "undo": ("data", "take back a table's last import"),
    "accounts": ("data", "list the ledger's accounts and propose their lines"),
    "sources": ("sources", "list, add and remove sources of tables"),
    "refresh": ("sources", "bring all sources up to date"),
    "plan": ("plan", "build the working plan and show what it says"),
    "show": ("plan", "show the cycle, the data and the plans of the workspace"),
    "export": ("export", "write a plan as snapshot, pack, workbook or CSV, or all data as Parquet"),
    "verify": ("export", "check a snapshot offline"),
    "backup": ("backup", "write the workspace into one file"),
    "restore": ("backup", "make a workspace of a backup"),
    "keys": ("keys", "list, rotate, revoke or export the signing keys"),
    "audit": ("keys", "check the audit chain"),
    "serve": ("serve", "open the app in a browser"),
}
"""Name → module of `sop.cli`, and what the command does in a line."""
