"""The browser's end of following live: a component that listens, and runs the page again when something moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

KEY = "live"
_JS = """
// One socket for the whole page, whatever is drawn anew around it.
const fresh = {
  socket: null, wait: 500, heard: "", said: 0, tries: 0, seen: "", boot: "", theme: "", say: null, here: [],
  acted: 0, leaving: false, empty: 0,
};
const live = (window.__accordLive ??= fresh);

function heard(event) {
  const news = JSON.parse(event.data);
  if (news.here) { live.here = news.here; return present(); }
  if (news.ended || (live.boot && news.boot !== live.boot)) return location.reload();
  live.boot = news.boot;
  live.wait = 500;
  live.heard = news.version;
}

function idle() {
  // What is asked while a page is left runs on the page that was left, and leaves the new one empty.
  const app = document.querySelector("[data-testid=stApp]");
  const runs = app?.getAttribute("data-test-script-state") !== "notRunning";
  return !runs && Date.now() - live.acted > (live.leaving ? 4000 : 500);
}

function ask() {
  // A page that does not follow any more asks for nothing. What the server dropped, because the page had begun to
  // run meanwhile, is asked again until the page shows what was heard.
  const behind = live.place?.isConnected && live.heard && live.heard !== live.seen;
  const pause = live.tries ? 400 * 2 ** Math.min(live.tries, 6) : 0;
  if (!behind || !idle() || Date.now() - live.said < pause) return;
  live.said = Date.now();
  live.tries += 1;
  live.say("moved", `${live.heard} ${live.said}`);
}

function mend() {
  // A page that is still empty although nothing runs is loaded anew.
  const main = document.querySelector("[data-testid=stMainBlockContainer]");
  const empty = main && idle() && !main.querySelector("[data-testid=stElementContainer]");
  live.empty = empty ? live.empty + 1 : 0;
  if (live.empty > 3) location.reload();
}

function acts(event) {
  live.acted = Date.now();
  live.leaving = Boolean(event.target.closest?.("a[href]"));
}

function present() {
  const told = live.here.length > 1 ? "Here now: " + live.here.join(", ") : "";
  for (const place of document.querySelectorAll(".sop-here")) {
    if (place.textContent !== told) place.textContent = told;
  }
}

async function lost() {
  live.socket = null;
  live.heard = "";
  // Whoever is signed out is led away from a page; everybody else tries again, later each time.
  try {
    const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") return location.reload();
  } catch {}
  live.wait = Math.min(live.wait * 2, 10000);
  setTimeout(listen, live.wait * (0.5 + Math.random()));
}

function listen() {
  if (live.socket) return;
  live.socket = new WebSocket(new URL("/live", location.href.replace(/^http/, "ws")));
  live.socket.onmessage = heard;
  live.socket.onclose = lost;
}

function themed() {
  const app = document.querySelector(".stApp");
  const theme = app ? getComputedStyle(app).backgroundColor : "";
  if (live.theme && theme && theme !== live.theme) live.say?.("moved", "theme " + theme);
  live.theme = theme || live.theme;
}

function written(address) {
  const there = new URL(location.href);
  for (const name of ["view", "base", "family", "tab"]) {
    if (address[name]) there.searchParams.set(name, address[name]);
    else there.searchParams.delete(name);
  }
  if (there.href !== location.href) history.replaceState(history.state, "", there);
}

export default function (component) {
  live.say = component.setTriggerValue;
  live.place = component.parentElement;
  live.leaving = false;
  if (live.seen !== component.data.version) live.tries = 0;
  live.seen = component.data.version;
  written(component.data.address);
  if (!live.clock) {
    live.clock = setInterval(() => { themed(); present(); mend(); }, 1000);
    setInterval(ask, 100);
    document.addEventListener("click", acts, true);
  }
  listen();
  present();
}
"""


def follow_live(version: str, address: dict[str, str], again: Callable[[], None]) -> Any:
    """Listen on this page, and let its address say what is chosen on it.

    `version`: what the page shows. When another is told, `again` says what is drawn again.
    """
    component = st.components.v2.component("accord_live", js=_JS)
    return component(
        key=KEY, data={"version": version, "address": address}, on_moved_change=again, height="content"
    )
