"""The byte form that people sign, and its digest."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.errors import BadInput
from sop.files.snapshot.canonical import canonical_bytes, canonical_plan, parse_json, plan_digest

SETTINGS = settings(deadline=None, max_examples=60)
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
WHOLE = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
TREES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc é", max_size=3), inner, max_size=4),
    max_leaves=12,
)


def a_plan(values: list[int]) -> dict[str, Any]:
    lines = [{"plan": "sales", "month": f"2025-{index:02d}", "value": value} for index, value in enumerate(values)]
    return {"cycle": "2025-03", "lines": lines}


def reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_keys(item) for key, item in reversed(value.items())}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def test_the_digest_is_the_sha256_of_sorted_json_without_spaces():
    text = '{"a":["é",null,true],"b":1}'
    assert plan_digest({"b": 1, "a": ["é", None, True]}) == hashlib.sha256(text.encode()).hexdigest()


def test_keys_are_sorted_as_rfc_8785_wants_by_utf_16_units():
    assert canonical_bytes({"\uff41": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\uff41":1}'.encode()


def test_two_spellings_of_the_same_letter_have_one_digest():
    assert plan_digest({"name": "Käse"}) == plan_digest({"name": "Ka\u0308se"})


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (1.5, "type float"),
        (float("nan"), "type float"),
        (2**53, "beyond 2\\^53"),
        (-(2**53), "beyond 2\\^53"),
        (Decimal("1.5"), "type Decimal"),
        ("\ud800", "surrogate"),
        ({1: "x"}, "not text"),
        ({"é": 1, "e\u0301": 2}, "stands twice"),
    ],
)
def test_what_has_no_exact_form_is_refused_with_its_place(value: Any, what: str):
    with pytest.raises(BadInput, match=rf"^lines\[0\]\.value: .*{what}"):
        canonical_bytes({"lines": [{"value": value}]})


def test_deep_nesting_is_refused():
    deep: Any = 1
    for _ in range(60):
        deep = [deep]
    with pytest.raises(BadInput, match="levels deep"):
        canonical_bytes(deep)


@pytest.mark.parametrize(
    "text", [b'{"a":1,"a":2}', b"[NaN]", b"[" * 100 + b"]" * 100, b"\xff", b"{", b"[" * 10**5]
)
def test_json_that_two_readers_could_read_differently_is_damaged(text: bytes):
    with pytest.raises(ValueError):
        parse_json(text)


@SETTINGS
@given(TREES)
def test_reading_back_and_writing_again_gives_the_same_bytes(tree: Any):
    data = canonical_bytes(tree)
    assert canonical_bytes(parse_json(data)) == data


@SETTINGS
@given(TREES, TREES, TREES)
def test_a_plan_has_the_bytes_of_the_whole_and_the_digest_of_its_content(content: Any, signatures: Any, made: Any):
    plan = {"signatures": signatures, "provenance": made, "content": content}
    assert canonical_plan(plan) == (canonical_bytes(plan), plan_digest(content))


@SETTINGS
@given(TREES)
def test_the_order_in_which_tables_were_filled_does_not_matter(tree: Any):
    assert canonical_bytes(reversed_keys(tree)) == canonical_bytes(tree)


@SETTINGS
@given(st.lists(WHOLE, min_size=1, max_size=8), st.data())
def test_a_change_of_any_line_value_changes_the_digest(values: list[int], data: st.DataObject):
    index = data.draw(st.integers(0, len(values) - 1))
    other = data.draw(WHOLE.filter(lambda value: value != values[index]))
    changed = [*values[:index], other, *values[index + 1 :]]
    assert plan_digest(a_plan(changed)) != plan_digest(a_plan(values))
