"""The meeting's timer: how long the item has been on, against the time that it has; it runs in the browser."""

from __future__ import annotations

import streamlit as st

_JS = """
export default function (component) {
  const { since, minutes } = component.data;
  const place = component.parentElement.querySelector("span");
  const tell = () => {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    place.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)} of ${minutes} min`;
    place.style.color = seconds > minutes * 60 ? "var(--bad)" : "var(--ink)";
  };
  // It is called again for every item, and what it returns only once the clock leaves the page.
  clearInterval(place.clock);
  tell();
  place.clock = setInterval(tell, 1000);
  return () => clearInterval(place.clock);
}
"""
_HTML = '<span role="timer" style="font-size:22px;font-variant-numeric:tabular-nums"></span>'


def show_timer(since: str, minutes: int) -> None:
    """A running clock. `since`: UTC text; `minutes`: after which it turns red."""
    component = st.components.v2.component("accord_timer", html=_HTML, js=_JS, isolate_styles=False)
    component(key="timer", data={"since": since, "minutes": minutes}, width="content", height="content")
