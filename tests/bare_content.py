"""The content of a plan that holds no more than proposing and signing look at."""

from __future__ import annotations

from typing import Any


def bare_content(cycle: str, revision: int = 1, **more: str) -> dict[str, Any]:
    """A content without a figure, for tests of what is done with plans and not of what they say."""
    return {
        "cycle": cycle,
        "revision": revision,
        "previous": None,
        "company": {"name": "Bare", "currency": "EUR"},
        "summary": "",
        "headline": [],
        "lines": [],
        "gate": {"findings": []},
        **more,
    }
