"""Commands of whoever runs the installation: how people sign in, and a link for somebody who cannot get in."""

from __future__ import annotations

import argparse

from sop.cli.terminal import add_command, opened
from sop.services.access.mode import Access, public_address, set_access
from sop.services.access.people import invite_from_here

_INVITE = """\
Print a one-time link by which somebody sets a new password: for the first administrator, or where nobody gets in.
It works once, within seven days, and ends the person's sessions. Everybody else gets theirs from an administrator
on the Settings page. Whoever may run this holds the database anyway."""

_ACCESS = """\
Choose how people sign in. `local`: by passwords, of which a hash is kept. `oidc`: at the company's own provider.
`proxy`: at a server in front of this one, which says in a header who they are. Sessions that began in another way
end; docs/access.md names the settings that the last two need."""

_LOCAL_ADDRESS = "http://127.0.0.1:8501"


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `invite` and `access`."""
    person = add_command(commands, "invite", run_invite, "print a one-time link to set a password", _INVITE)
    person.add_argument("person", help="the id to sign in with")
    access = add_command(commands, "access", run_access, "choose how people sign in", _ACCESS)
    access.add_argument("mode", choices=[mode.value for mode in Access if mode is not Access.DEMO])


def run_invite(args: argparse.Namespace) -> int:
    """Print a link."""
    with opened(args) as store:
        print(link_address(invite_from_here(store, args.person)))
    return 0


def run_access(args: argparse.Namespace) -> int:
    """Keep the choice."""
    with opened(args) as store:
        print(f"People sign in by {set_access(store, args.mode).title}.")
    return 0


def link_address(path: str) -> str:
    """The whole address of a link: that of SOP_URL, else where `serve` answers."""
    return (public_address() or _LOCAL_ADDRESS) + path
