"""Rules about names that look the same and are not: a Cyrillic А in a product number, a capital, a space."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sop.core.findings import Finding
from sop.core.tables import Column
from sop.intake.rules.links import known_names
from sop.intake.skeleton import skeleton
from sop.intake.subject import Subject


def _scripts(text: str) -> set[str]:
    return {
        unicodedata.name(letter, "").split(" ")[0]
        for letter in text
        if letter.isalpha() and unicodedata.name(letter, "").startswith(("LATIN", "CYRILLIC", "GREEK"))
    }


def _key_texts(subject: Subject) -> list[Column]:
    names = set(subject.spec.full_key) | {column.name for column in subject.spec.columns if column.refers_to}
    names |= {"family"} & set(subject.spec.column_names)
    return [column for column in subject.spec.columns if column.kind == "text" and column.name in names]


def _twins(texts: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Texts that look like a known one but are not it, with the one they look like."""
    by_look: dict[str, str] = {}
    for name in known:
        by_look.setdefault(skeleton(name), name)
    return {text: by_look[skeleton(text)] for text in texts if by_look.get(skeleton(text), text) != text}


def check_look_alikes(subject: Subject) -> list[Finding]:
    """A name that looks exactly like a known one but has other characters is an error."""
    findings = []
    for column in _key_texts(subject):
        texts = sorted(set(subject.frame[column.name].dropna()), key=lambda text: (len(_scripts(text)), text))
        known = known_names(subject, column.refers_to) if column.refers_to else None
        twins = _twins([text for text in texts if not known or text not in known], sorted(known or ()) or texts)
        for text, meant in twins.items():
            findings += subject.at(
                subject.frame[column.name].eq(text),
                "error",
                "look_alike",
                f"'{{value}}' looks like '{meant}' but is written with other characters ({_odd(text, meant)})",
                f"Type it again as {meant}",
                column.name,
            )
    return findings


def _odd(text: str, meant: str) -> str:
    for ours, theirs in zip(text, meant, strict=False):
        if ours != theirs:
            return unicodedata.name(ours, "an unnamed character").lower()
    return "of another length"


def check_mixed_scripts(subject: Subject) -> list[Finding]:
    """An identifier that mixes Latin with Cyrillic or Greek letters is an error, whatever is known."""
    findings = []
    for column in _key_texts(subject):
        texts = subject.frame[column.name].dropna().unique()
        mixed = {text for text in texts if not text.isascii() and len(_scripts(text)) > 1}
        findings += subject.at(
            subject.frame[column.name].isin(mixed),
            "error",
            "mixed_scripts",
            "'{value}' mixes letters of two alphabets",
            "Type it again in one alphabet",
            column.name,
        )
    return findings


def check_spellings(subject: Subject) -> list[Finding]:
    """Names that differ only in capitals or spaces are a warning: they count as two."""
    findings = []
    for column in _key_texts(subject):
        groups: dict[str, list[str]] = {}
        for text in sorted(subject.frame[column.name].dropna().unique()):
            groups.setdefault(skeleton(text).casefold().replace(" ", ""), []).append(text)
        for texts in groups.values():
            if len(texts) > 1 and len({skeleton(text) for text in texts}) > 1:
                names = " and ".join(f"'{text}'" for text in texts)
                findings += subject.at(
                    [subject.frame.index[subject.frame[column.name].eq(texts[-1])][0]],
                    "warning",
                    "spelling",
                    f"{names} differ only in capitals or spaces and count as different",
                    "Write the name in one way",
                    column.name,
                )
    return findings
