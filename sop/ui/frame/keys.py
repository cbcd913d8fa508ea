"""The keyboard's way through the app: a skip link, `g` and a letter for a page, `?` for the list of letters.

A link of class `sop-go` inside a page goes the same way, so that it opens a page without loading the app anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import streamlit as st


class Way(TypedDict):
    """A page with the letter that opens it after `g`; `path` is its address, empty for the first page."""

    letter: str
    title: str
    path: str


_JS = """
const keys = (window.__accordKeys ??= { ways: [], after: false });

function open(path) {
  const link = [...document.querySelectorAll("header a, [data-testid=stTopNavDropdownLink]")]
    .find((a) => new URL(a.href).pathname === "/" + path);
  if (link) return link.click();
  const groups = [...document.querySelectorAll("[data-testid=stTopNavSection]")];
  const title = keys.ways.find((way) => way.path === path)?.title;
  const tried = () => {
    const item = [...document.querySelectorAll("[role=menuitem]")].find((m) => m.textContent.trim() === title);
    if (item) return (item.querySelector("a") ?? item).click();
    const group = groups.shift();
    if (!group) return location.assign("/" + path);
    group.click();
    setTimeout(tried, 120);
  };
  tried();
}

function list() {
  document.querySelector("dialog.sop-keys")?.remove();
  const dialog = document.createElement("dialog");
  dialog.className = "sop-keys";
  dialog.ariaLabel = "Keys";
  for (const way of keys.ways) {
    const line = document.createElement("p");
    const key = document.createElement("kbd");
    key.textContent = "g " + way.letter;
    line.append(key, way.title);
    dialog.append(line);
  }
  document.querySelector(".stApp").append(dialog);
  dialog.addEventListener("click", () => dialog.close());
  dialog.showModal();
}

function pressed(event) {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
  const way = keys.after && keys.ways.find((each) => each.letter === event.key);
  keys.after = event.key === "g" && !keys.after;
  if (way) {
    // Streamlit has meanings of its own for single letters.
    event.stopImmediatePropagation();
    open(way.path);
  } else if (event.key === "?") list();
}

function clicked(event) {
  const link = event.target.closest?.("a.sop-go");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(new URL(link.href).pathname.slice(1));
}

function skip(event) {
  event.preventDefault();
  const acts = "[data-testid=stPopover] button, .stButton button";
  const first = document.querySelector(".st-key-card_decisions")?.querySelector(acts) ??
    document.querySelector("[data-testid=stMainBlockContainer]")?.querySelector("a, button, input");
  first?.focus();
  first?.scrollIntoView({ block: "center" });
}

export default function (component) {
  keys.ways = component.data.ways;
  if (keys.on) return;
  keys.on = true;
  window.addEventListener("keydown", pressed, true);
  document.addEventListener("click", clicked, true);
  const link = document.createElement("a");
  link.href = "#stMain";
  link.className = "sop-skip";
  link.textContent = "Skip to the first decision or entry";
  link.addEventListener("click", skip);
  document.body.prepend(link);
}
"""


def follow_keys(ways: Sequence[Way]) -> None:
    """Let every page of `ways` be opened by its keys; put it beside the navigation, once a run."""
    component = st.components.v2.component("accord_keys", js=_JS)
    component(key="keys", data={"ways": list(ways)}, height="content")
