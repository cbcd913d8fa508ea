"""Which names are ours: only whole ones count."""

from __future__ import annotations

import pytest

from sop.web.guard import cookie_name
from sop.web.hosts import is_own_host, is_own_origin, own_addresses
from sop.web.routes import own_path

OURS = own_addresses("https://accord.example.com, http://plan.local:8080/")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:8501", "[::1]", "accord.example.com", "plan.local"]
)
def test_names_of_ours(host: str) -> None:
    assert is_own_host(host, OURS)


@pytest.mark.parametrize(
    "host",
    ["", None, "evil.example", "accord.example.com.evil.example", "evil-accord.example.com", "localhost.evil",
     "localhost@evil.example", "evil.example#localhost", "localhost:80:80", "127.0.0.1.evil.example", "0.0.0.0",
     "localhost:999999", "localhost evil.example"],
)  # fmt: skip
def test_names_that_are_not_ours(host: str | None) -> None:
    assert not is_own_host(host, OURS)


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://localhost:8501", "localhost:8501", True),
        ("https://accord.example.com", "accord.example.com", True),
        ("https://accord.example.com", "10.0.0.7:8501", True),
        ("http://accord.example.com", "accord.example.com", False),
        ("http://localhost:3000", "localhost:8501", False),
        ("http://evil.example", "localhost:8501", False),
        ("http://evil.example", "evil.example", False),
        ("null", "localhost:8501", False),
        ("", "localhost:8501", False),
        (None, "localhost:8501", False),
        ("file://localhost:8501", "localhost:8501", False),
    ],
)
def test_pages_of_ours(origin: str | None, host: str, own: bool) -> None:
    assert is_own_origin(origin, host, OURS) is own


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "evil", "", "/\t/evil", "/\n/evil"],
)
def test_after_signing_in_nobody_is_sent_elsewhere(wanted: str) -> None:
    assert own_path(wanted) == "/"


def test_the_cookie_is_bound_to_its_port_and_to_tls() -> None:
    def scope(host: str, scheme: str) -> dict:
        return {"type": "http", "scheme": scheme, "headers": [(b"host", host.encode())]}

    assert cookie_name(scope("localhost:8501", "http")) == "accord_8501"
    assert cookie_name(scope("localhost:8502", "http")) == "accord_8502"
    assert cookie_name(scope("plan.example", "https")) == "__Host-accord"
