"""The audit trail in words: a sentence for each entry of what people did, none for what follows from another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sop.access import PERMISSIONS
from sop.agreement.cycle_steps import step_title
from sop.core.calendar import period_name
from sop.core.terms import Role
from sop.core.words import short_digest
from sop.services.scenarios.live_changes import change_sentence
from sop.store.audit import AuditEntry

_FOLLOWS = ("table_import", "plan_draft")
"""Entries that say again what another of the same act says."""
_SENTENCES = {
    "signed_in": "{who} signed in ({method}).",
    "signed_out": "{who} signed out.",
    "password_set": "{who} set a password.",
    "invited": "{who} made a sign-in link for {person}.",
    "refused": "{who} was refused: {why}",
    "person_saved": "{who} saved {name} as {role}{active}.",
    "setting_changed": "{who} changed the {setting}{changes}.",
    "cycle_opened": "{who} opened the cycle {cycle} with {horizon} periods.",
    "cycle_closed": "{who} closed the cycle {cycle}.",
    "scenario_added": "{who} added the {kind} plan '{name}'.",
    "scenario_changed": "{who} changed the {kind} plan '{name}'.",
    "plan_prepared": "{who} prepared a plan of {cycle} (digest {digest}).",
    "plan_superseded": "Revision {revision} of {cycle} is superseded.",
    "plan_withdrawn": "{who} took revision {revision} of {cycle} back: {reason}",
    "waiver_given": "{who} accepted the red finding '{rule}' of {cycle}.",
    "table_undo": "{who} took back the last import of {table}.",
    "refresh_refused": "{who} asked the sources to be brought up to date, which was refused.",
    "minutes_kept": "The minutes of the meeting on {cycle} were kept.",
    "agenda_added": "{who} put '{title}' on the agenda.",
    "agenda_changed": "{who} changed '{title}' on the agenda.",
    "agenda_removed": "{who} took '{title}' off the agenda.",
    "delegation_ended": "{who} ended a delegation to {person}.",
    "key_known": "The signing key {key} signs from now on.",
    "key_lost": "The missing signing keys were declared lost: {reason}",
    "key_revoked": "The signing key {key} was revoked: {reason}",
    "protection_restored": "The protection of {tables} was missing and was restored.",
}
_SETTINGS = {"company": "planning rules", "ground_rules": "ground rules"}


def act_words(entries: Iterable[AuditEntry], names: Mapping[str, str]) -> str:
    """One act, all of whose entries are given oldest first, as its sentences; each is said once."""
    told = dict.fromkeys(sentence for entry in entries if (sentence := entry_words(entry, names)))
    return " ".join(told)


def entry_words(entry: AuditEntry, names: Mapping[str, str]) -> str:
    """One entry as a sentence; empty where another entry of the same act says it."""
    if entry.action in _FOLLOWS:
        return ""
    if entry.action not in _SENTENCES:
        return change_sentence(entry, dict(names)) or _plain(entry)
    return _SENTENCES[entry.action].format_map(_Words(_values(entry, names)))


class _Words(dict[str, str]):
    """Values by name; what an old entry lacks is left empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _values(entry: AuditEntry, names: Mapping[str, str]) -> dict[str, str]:
    detail = entry.detail
    values = {key: str(value) for key, value in detail.items() if not isinstance(value, dict | list)}
    person = str(detail.get("person") or detail.get("id") or "")
    values |= {"who": names.get(entry.who, entry.who), "person": names.get(person, person)}
    if "role" in detail:
        values["role"] = Role(detail["role"]).title if detail["role"] in list(Role) else str(detail["role"])
        values["active"] = "" if detail.get("active", True) else ", who may no longer sign in"
    if "cycle" in detail:
        values["cycle"] = period_name(str(detail["cycle"]))
    if "table" in detail:
        values["table"] = str(detail["table"]).replace("_", " ")
    for key in ("digest", "key"):
        if entry.action != "setting_changed" and key in detail:
            values[key] = f"{short_digest(str(detail[key]))}…"
    if "tables" in detail:
        values["tables"] = ", ".join(map(str, detail["tables"]))
    if "act" in detail:
        values["act"] = next(
            (each.meaning for each in PERMISSIONS if each.act == detail["act"]), str(detail["act"])
        )
    if entry.action == "setting_changed":
        values |= {
            "setting": _SETTINGS.get(detail["key"], f"setting '{detail['key']}'"),
            "changes": _changes(detail),
        }
    return values


def _changes(detail: Mapping[str, Any]) -> str:
    """What of a setting is another now: 'horizon 24 → 18'."""
    was, now = detail.get("was"), detail.get("now")
    if not isinstance(was, dict) or not isinstance(now, dict):
        return "" if isinstance(now, dict | list) else f" to {now}"
    moved = [
        f"{key.replace('_', ' ')} {_short(was.get(key))} → {_short(now.get(key))}"
        for key in now
        if was.get(key) != now.get(key)
    ]
    return f": {', '.join(moved)}" if moved else ""


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_short, value)) or "none"
    return step_title(value) if value in ("data", "executive") else str(value)


def _plain(entry: AuditEntry) -> str:
    """An entry for which there is no sentence: its act with its plain details."""
    plain = {k: v for k, v in entry.detail.items() if k != "row" and not isinstance(v, dict | list)}
    details = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in plain.items())
    return f"{entry.action.replace('_', ' ').capitalize()}: {details}".removesuffix(": ") + "."
