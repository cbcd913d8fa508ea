"""Where a scenario stands that is asked to become the working plan, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sop.agreement.promotion import Consent, Promotion
from sop.core.terms import Function


def promotion_sentence(promotion: Promotion, names: Mapping[str, str]) -> str:
    """Who asks, who has consented, for whom the CEO has ruled, and who is still open."""
    asked = promotion.asked
    note = f" (“{asked.note}”)" if asked.note else ""
    parts = [f"{names.get(asked.by, asked.by)} asks to make this the working plan{note}"]
    for said, word in (("consents", "consented"), ("rules", "decided over by the CEO")):
        mine = [function for function, record in promotion.given.items() if record.said == said]
        if mine:
            parts.append(f"{word}: {_titles(mine)}")
    parts.append(f"still to consent: {_titles(promotion.open)}" if promotion.open else "nobody is open")
    return f"{'; '.join(parts)}."


def declined_sentence(record: Consent, names: Mapping[str, str]) -> str:
    """Who declined, for which function, and why."""
    function = Function(record.function).title
    return f"{names.get(record.by, record.by)} declined for {function}: “{record.note}”. It may be asked for anew."


def _titles(functions: Iterable[Function]) -> str:
    return ", ".join(function.title for function in functions)
