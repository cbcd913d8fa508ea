"""Text and JSON as the database keeps them."""

import numpy as np
import pytest

from sop.core.errors import BadInput
from sop.core.words import sha256_hex
from sop.store.schema import canonical_json, clean_text


def test_two_spellings_of_one_letter_become_the_same_text() -> None:
    assert clean_text("Nova\u0301") == "Nov\u00e1"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_what_is_not_text_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not text"):
        clean_text(text)


def test_canonical_json_sorts_keys_and_normalises_inside_lists() -> None:
    assert canonical_json({"b": ["a\u0301"], "a": (1, None)}) == '{"a":[1,null],"b":["\u00e1"]}'


def test_numpy_numbers_become_plain_json_numbers() -> None:
    assert canonical_json([np.int64(3), np.float64(0.5), np.bool_(True)]) == "[3,0.5,true]"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"x": [float("-inf")]}])
def test_json_without_a_finite_number_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="finite"):
        canonical_json(value)


def test_the_digest_of_text_is_the_digest_of_its_utf8_bytes() -> None:
    assert sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256_hex("é") == sha256_hex(b"\xc3\xa9")
