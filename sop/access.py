"""Who may do what: the one table of permissions, checked by every service and every page.

A hidden button is not a lock: services call `require` with the role read from the database at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass

from sop.core.errors import NotAllowed
from sop.core.register import assumption
from sop.core.terms import Role

HEADS = (
    Role.HEAD_OF_SALES,
    Role.HEAD_OF_OPERATIONS,
    Role.HEAD_OF_SUPPLY,
    Role.HEAD_OF_PRODUCT,
    Role.HEAD_OF_FINANCE,
)
_READERS = (Role.EXECUTIVE, *HEADS, Role.COORDINATOR, Role.VIEWER)
_PLANNERS = (Role.EXECUTIVE, *HEADS, Role.COORDINATOR)
_EVERYONE = tuple(Role)


@dataclass(frozen=True)
class Permission:
    """One act and the roles that may do it."""

    act: str
    meaning: str
    roles: tuple[Role, ...]


PERMISSIONS: tuple[Permission, ...] = (
    Permission("read_plans", "See plans, performance and sign-off", _READERS),
    Permission("run_scenario", "Make private scenarios with any assumption", _PLANNERS),
    Permission("change_working_plan", "Change assumptions of the working plan that the own function owns",
               (Role.EXECUTIVE, *HEADS)),
    Permission("import_data", "Import and undo data", (Role.COORDINATOR,)),
    Permission("run_cycle", "Open, step and close the cycle", (Role.COORDINATOR,)),
    Permission("propose_plan", "Freeze a plan for signature", (Role.COORDINATOR,)),
    Permission("return_plan", "Send a proposed plan back with a reason", _PLANNERS),
    Permission("sign_plan", "Sign for the own function", (Role.EXECUTIVE, *HEADS)),
    Permission("decide", "Accept, refuse or defer a decision; the CEO also over the owner, with a reason",
               (Role.EXECUTIVE, *HEADS)),
    Permission("submit_step", "Say that the own function is done with a step", HEADS),
    Permission("delegate", "Delegate families and regions of the own function", HEADS),
    Permission("contribute", "Enter overrides where a head delegated it, until submitted", _READERS),
    Permission("comment", "Comment, answer, and settle threads", _READERS),
    Permission("give_task", "Give tasks and change them", _PLANNERS),
    Permission("do_task", "Say what became of one's own task", _READERS),
    Permission("lead_meeting", "Lead the meeting and close its minutes", (Role.EXECUTIVE, Role.COORDINATOR)),
    Permission("waive_finding", "Waive a red finding of the gate with a reason", (Role.EXECUTIVE,)),
    Permission("export", "Download plans and snapshots", _READERS),
    Permission("read_open_data", "Read plans as data with a program", _READERS),
    Permission("set_ground_rules", "Set ground rules", (Role.EXECUTIVE,)),
    Permission("set_look", "Set how figures are written and how large", (Role.EXECUTIVE, Role.COORDINATOR)),
    Permission("manage_people", "Add people and set their roles", (Role.ADMINISTRATOR,)),
    Permission("read_audit", "See who did what", _EVERYONE),
)  # fmt: skip

_BY_ACT = {permission.act: permission for permission in PERMISSIONS}


def may(role: Role | str | None, act: str) -> bool:
    """Whether the role may do the act; nobody may when the role is not known."""
    return role is not None and Role(role) in _BY_ACT[act].roles


def require(role: Role | str | None, act: str) -> None:
    """Raises NotAllowed, naming who may, unless the role may do the act."""
    if may(role, act):
        return
    permission = _BY_ACT[act]
    who = Role(role).title if role else "Nobody who is not signed in"
    raise NotAllowed(
        f"{who} may not {permission.meaning[0].lower()}{permission.meaning[1:]}",
        remedy=f"Ask {', '.join(r.title for r in permission.roles)}",
    )


def owns(role: Role | str, key: str) -> bool:
    """Whether `require_owner` lets the role set the assumption."""
    try:
        require_owner(role, key)
    except NotAllowed:
        return False
    return True


def require_owner(role: Role | str, key: str) -> None:
    """Raises NotAllowed unless the role's function owns the assumption, or may set it beside the owner."""
    require(role, "change_working_plan")
    entry = assumption(key)
    if Role(role).function not in (entry.owner, *entry.also):
        raise NotAllowed(
            f"{entry.label} belongs to {entry.owner.title}",
            remedy=f"Change it in a private scenario, or ask {entry.owner.title}",
        )
