"""How people sign in to a workspace, and which address the installation has."""

from __future__ import annotations

import os
from dataclasses import replace
from enum import StrEnum

from sop.core.errors import BadInput
from sop.services.company.cycle import CompanySettings, read_company, save_company
from sop.store import Store


class Access(StrEnum):
    """How people sign in; the value is what the company's settings hold."""

    DEMO = "demo"
    LOCAL = "local"
    OIDC = "oidc"
    PROXY = "proxy"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name on screens."""
        return _TITLES[self]


_TITLES = {
    Access.DEMO: "demo personas",
    Access.LOCAL: "passwords",
    Access.OIDC: "the company's own sign-in (OpenID Connect)",
    Access.PROXY: "a proxy in front of this installation",
}
DEMO_PERSONA = "demo persona"
METHODS = {
    Access.DEMO: DEMO_PERSONA,
    Access.LOCAL: "password",
    Access.OIDC: "OpenID Connect",
    Access.PROXY: "reverse proxy",
}
"""How a session of each kind knows its person, as signatures say it."""


def access_of(company: CompanySettings) -> Access:
    """How people sign in: personas for a fictional company alone, whatever its settings say; else passwords."""
    wanted = Access(company.access) if company.access in list(Access) else Access.LOCAL
    return Access.LOCAL if wanted is Access.DEMO and not company.fictional else wanted


def read_access(store: Store) -> Access:
    """How people sign in to this workspace at this moment."""
    with store.read() as tx:
        return access_of(read_company(tx))


def set_access(store: Store, access: str) -> Access:
    """Choose how people sign in, on the command line of the installation. Raises BadInput."""
    if access not in list(Access):
        raise BadInput(f"'{access}' is no way to sign in", remedy=f"Choose one of {', '.join(Access)}")
    with store.write() as tx:
        company = read_company(tx)
        if access == Access.DEMO and not company.fictional:
            raise BadInput(
                "personas are for the demo company alone",
                why="this workspace holds a company's own data",
                remedy="Choose local, oidc or proxy",
            )
        save_company(tx, replace(company, access=access))
    return Access(access)


def public_address() -> str:
    """The address of this installation that people type, without a slash at its end; empty where none is set."""
    return os.environ.get("SOP_URL", "").split(",")[0].strip().rstrip("/")
