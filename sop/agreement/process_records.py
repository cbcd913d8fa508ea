"""What is kept of how a cycle is run: tasks, comments, the agenda, who enters for whom, and the meeting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

TaskState = Literal["open", "done", "dropped"]
TaskKind = Literal["task", "condition"]


@dataclass(frozen=True)
class Task:
    """What somebody is to do. `due`: a month or a day. `about`: what it came from, such as a signature.

    `cycle`: in which it was given; it stays open over later ones until it is done or dropped.
    """

    id: int
    cycle: str
    title: str
    owner: str
    due: str
    state: TaskState
    kind: TaskKind
    about: str
    note: str
    by: str
    at: str
    changed_by: str
    changed_at: str
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it is still to do."""
        return self.state == "open"

    def overdue(self, day: str) -> bool:
        """Whether it should have been done before an ISO day; one due in a month is so until the month's end."""
        return self.is_open and self.due < day[: len(self.due)]


@dataclass(frozen=True)
class Comment:
    """What somebody said about a thing; an answer names the comment that began the thread.

    `about`: kind and name of the thing, `family|Bikes`. `mentions`: ids of people. `resolved_by`: of a thread.
    """

    id: int
    cycle: str
    about: str
    thread: int | None
    comment: str
    mentions: tuple[str, ...]
    by: str
    at: str
    resolved_by: str | None
    resolved_at: str | None


ItemKind = Literal["outside", "exception", "decision", "condition", "own"]


@dataclass(frozen=True)
class AgendaItem:
    """One item of a cycle's meeting. `ref`: what it is about, empty where somebody wrote it.

    `minutes`: the time that it has. `outcome`: what was said and agreed, as the minutes tell it.
    """

    id: int
    cycle: str
    position: int
    kind: ItemKind
    ref: str
    title: str
    message: str
    owner: str
    minutes: int
    outcome: str
    version: int


@dataclass(frozen=True)
class Delegation:
    """A head lets somebody enter overrides for a family, a region or both; an empty name is all of them."""

    id: int
    person: str
    function: str
    family: str
    region: str
    by: str
    at: str
    ended_at: str | None

    @property
    def place(self) -> str:
        """What was delegated, in words."""
        return ", ".join(part for part in (self.family, self.region) if part) or "all families"

    def covers(self, family: str, region: str) -> bool:
        """Whether a family and region lie within it."""
        return all(mine in ("", asked) for mine, asked in ((self.family, family), (self.region, region)))


@dataclass(frozen=True)
class Submission:
    """Somebody said for a function that their part of a step is done; a contributor's names no function's end.

    `whole`: whether the head said it, whose word is the last.
    """

    id: int
    cycle: str
    step: str
    function: str
    person: str
    whole: bool
    note: str
    at: str
    withdrawn_at: str | None


@dataclass(frozen=True)
class Meeting:
    """A cycle's meeting: the item that every screen shows, since when, and who has been there."""

    id: int
    cycle: str
    item: int | None
    item_since: str
    led_by: str
    started_at: str
    ended_at: str | None
    present: tuple[str, ...]
    version: int

    @property
    def is_on(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None


@dataclass(frozen=True)
class MinutesRecord:
    """The minutes of a meeting as they were when it ended: plain facts, never changed after."""

    id: int
    cycle: str
    by: str
    at: str
    facts: Mapping[str, Any]
