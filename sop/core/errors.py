"""What may go wrong, each cause with a message a planner can act on.

Every refusal says where, what, why and how to mend it. Screens show its `sentence`; the command line prints
`str(error)` after "refused: "; JSON output uses the sentence and the four fields.
"""

from __future__ import annotations

import re

_BEGINS_IN_WORDS = re.compile(r"[a-z]+(?=[ ,])")
"""The first word is one, not the name of a table, a file or an account (`plan_lines`, `budget.csv`)."""


class SopError(Exception):
    """A refusal in plain words: where it happened, what is wrong, why it matters, how to mend it."""

    def __init__(self, what: str, *, where: str = "", why: str = "", remedy: str = "") -> None:
        self.where, self.what, self.why, self.remedy = where, what, why, remedy
        text = f"{where}: {what}" if where else what
        if why:
            text += f", because {why}"
        if remedy:
            text += f". {remedy}"
        super().__init__(text.rstrip(".") + ".")

    @property
    def sentence(self) -> str:
        """Every part that is known as a sentence that stands by itself: a capital first, unless it is a name's."""
        text = str(self)
        return text if self.where or not _BEGINS_IN_WORDS.match(text) else text[0].upper() + text[1:]

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
