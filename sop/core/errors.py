"""What may go wrong, each cause with a message a planner can act on.

Every refusal says where, what, why and how to mend it. Screens and the command line print `str(error)`;
JSON output uses the four fields.
"""

from __future__ import annotations


class SopError(Exception):
    """A refusal in plain words: where it happened, what is wrong, why it matters, how to mend it."""

    def __init__(self, what: str, *, where: str = "", why: str = "", remedy: str = "") -> None:
        self.where, self.what, self.why, self.remedy = where, what, why, remedy
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """One plain sentence with every part that is known."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.why:
            text += f", because {self.why}"
        if self.remedy:
            text += f". {self.remedy}"
        return text.rstrip(".") + "."

    def fields(self) -> dict[str, str]:
        """The same as separate fields, for JSON."""
        return {"where": self.where, "what": self.what, "why": self.why, "remedy": self.remedy}


class NotAllowed(SopError):
    """The person's role does not permit the act."""


class NotFound(SopError):
    """A named thing (workspace, cycle, plan, scenario) does not exist."""


class Conflict(SopError):
    """Somebody changed the same thing in between; nothing was saved."""


class BadInput(SopError):
    """A value or file that cannot be used; nothing was stored."""


class CannotPlan(SopError):
    """The minimum input for any plan is missing; `tables`: those that would bring it."""

    def __init__(self, what: str, *, tables: tuple[str, ...] = (), why: str = "", remedy: str = "") -> None:
        self.tables = tables
        super().__init__(what, why=why, remedy=remedy)


class Unexpected(SopError):
    """A fault of Accord itself, which nobody foresaw; its traceback is in the log."""


class SetupError(SopError):
    """The installation, not the data, is at fault: library, folder, port or database."""
