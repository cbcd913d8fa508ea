"""Comments: a popover on every page that is talked about, and the list of all threads on the Cycle page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from html import escape
from typing import Any

import streamlit as st

from sop.agreement.process_records import Comment
from sop.core.calendar import period_name, worded
from sop.core.terms import PLAN_TITLES
from sop.services.company.settings import names_of
from sop.services.process.comments import about, answer, list_comments, say, settle
from sop.services.scenarios.live_changes import COMMENTS
from sop.ui.frame.following import part
from sop.ui.frame.page import Visit
from sop.ui.frame.state import tell_on_page
from sop.ui.frame.text import literal
from sop.ui.kit.acts import act_button, ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel
from sop.views.executive.sign_off_tables import when
from sop.views.process.cycle_tables import about_words, comments_sentence

TITLES = {plan.value: title for plan, title in PLAN_TITLES.items()}
_KINDS = {"plan": "This page", "family": "A family", "month": "A month", "event": "An outside event"}
Things = Mapping[str, Sequence[str]]
"""What may be commented on here besides the page: kind → names."""


def show_comments(
    visit: Visit, page: str, things: Things | None = None, key: str = "comments", *, here: bool = False
) -> None:
    """A popover with this page's threads and a form for a new one, in the row above the page's message.

    `page`: a plan's key or a page's name; `here`: where it is called instead.
    """
    with nullcontext() if here else visit.corner:
        _popover(visit, page, things, key)


@part(COMMENTS)
def _popover(visit: Visit, page: str, things: Things | None, key: str) -> None:
    tell_on_page()
    found = list_comments(visit.room.store, visit.person.id, visit.cycle.first_open)
    offered: dict[str, Sequence[str]] = {"plan": [page], **(things or {})}
    talked = {about(kind, name) for kind, names in offered.items() for name in names}
    threads = [comment for comment in found if comment.thread is None and comment.about in talked]
    open_ = sum(thread.resolved_by is None for thread in threads)
    label = f"Comments ({open_})" if open_ else "Comments"
    look: dict[str, Any] = {"icon": ":material/chat:", "type": "tertiary", "width": "content"}
    with st.popover(label, key=key, on_change="rerun", **look) as box:
        if box.open:
            if visit.may("comment"):
                _new(visit, offered, key)
            _threads(visit, threads, found, key)


def usual_things(visit: Visit) -> dict[str, Sequence[str]]:
    """Families, months and outside events of the plan that is shown."""
    inputs = visit.inputs.inputs
    events = [event.name for event in inputs.events or ()]
    return {
        "family": inputs.families.names,
        "month": visit.view.plan.months,
        **({"event": events} if events else {}),
    }


def _new(visit: Visit, offered: Things, key: str) -> None:
    kinds = list(offered)
    kind, words = kinds[0], {each: worded(_KINDS.get(each, f"A {each}")) for each in kinds}
    if len(kinds) > 1:
        kind = st.segmented_control(
            "About", kinds, format_func=words.__getitem__, default=kind, required=True, key=f"{key}_kind"
        )
    with ask(f"{key}_new_{kind}", clear=True) as form:
        names = list(offered[kind])
        if kind != "plan":
            shown = period_name if kind == "month" else str
            form.field(st.selectbox, "name", "Which", names, format_func=shown)
        form.field(st.text_area, "comment", "Comment", height=80, placeholder="@name tells somebody")
        act = visit.call(say, kind) if kind != "plan" else visit.call(say, kind, names[0])
        form.button("Comment", act, "Said.", type="primary")


def _threads(visit: Visit, threads: Sequence[Comment], found: Sequence[Comment], key: str) -> None:
    """Threads, the newest first, those that are open before the settled ones."""
    names = names_of(visit.room.store)
    for thread in sorted(threads, key=lambda each: (each.resolved_by is not None, -each.id)):
        answers = [comment for comment in found if comment.thread == thread.id]
        with st.container(border=True, key=f"{key}_thread_{thread.id}"):
            st.html(thread_html(thread, answers, names))
            if visit.may("comment"):
                with st.container(horizontal=True, vertical_alignment="center"):
                    with ask(f"{key}_answer_{thread.id}", popover="Answer", clear=True) as form:
                        form.field(st.text_area, "comment", "Answer", height=80)
                        form.button("Answer", visit.call(answer, thread.id), "Answered.")
                    done = thread.resolved_by is not None
                    label, act = ("Open again", False) if done else ("Settle", True)
                    settling = visit.call(settle, thread.id, act)
                    act_button(label, settling, key=f"{key}_settle_{thread.id}", type="tertiary")


def thread_html(thread: Comment, answers: Sequence[Comment], names: Mapping[str, str]) -> str:
    """A thread with its answers; every text escaped, each in its own direction."""
    settled = ""
    if thread.resolved_by is not None:
        settled = grey_line(f"settled by {names.get(thread.resolved_by, thread.resolved_by)}")
    head = f"<p class=sop-grey>{escape(about_words(thread.about, TITLES))}</p>"
    return head + "".join(_said(comment, names) for comment in (thread, *answers)) + settled


def _said(comment: Comment, names: Mapping[str, str]) -> str:
    called = [names.get(each, each) for each in comment.mentions]
    to = f" → {', '.join(called)}" if called else ""
    head = grey_line(f"{names.get(comment.by, comment.by)}, {when(comment.at)}{to}")
    text = escape(comment.comment).replace("\n", "<br>")
    return f'{head}<p dir="auto" style="overflow-wrap:anywhere"><bdi>{text}</bdi></p>'


@part(COMMENTS)
def show_comment_list(visit: Visit) -> None:
    """Every thread of the cycle, and those that name oneself."""
    tell_on_page()
    found = list_comments(visit.room.store, visit.person.id, visit.cycle.first_open)
    threads = [comment for comment in found if comment.thread is None]
    with panel("Comments", comments_sentence(found), "comments"):
        if not threads:
            return
        open_only = st.toggle("Open only", True, key="comments_open")
        mine = st.toggle(literal(f"To {visit.person.name}"), False, key="comments_mine")
        named = {c.thread or c.id for c in found if visit.person.id in c.mentions}
        shown = [
            thread
            for thread in threads
            if (not open_only or thread.resolved_by is None) and (not mine or thread.id in named)
        ]
        if not shown:
            st.html(grey_line("None of them; change what is shown."))
        _threads(visit, shown, found, "list")
