"""What `make check` loads (`-p tests.quick`): few generated cases; `make test` has as many as it takes."""

from __future__ import annotations

import pytest
from hypothesis import settings

EXAMPLES = 5


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let no test generate more than `EXAMPLES` cases; Hypothesis keeps a test's own settings on its function."""
    for item in items:
        function = getattr(item, "obj", None)
        own = getattr(function, "_hypothesis_internal_use_settings", None)
        if own is not None and own.max_examples > EXAMPLES:
            function._hypothesis_internal_use_settings = settings(own, max_examples=EXAMPLES)
