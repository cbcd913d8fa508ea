"""What is installed is what the readable lists ask for: the locks hold every pin of them, with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;#]+)", re.MULTILINE)
LOCKS = "requirements.lock", "requirements-test.lock"


def pins(text: str) -> dict[str, str]:
    """The pinned version of each package in a list or a lock, by the one form of its name."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PIN.findall(text)}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_locks_hold_every_version_that_the_lists_pin() -> None:
    built_with = tomllib.loads(read("pyproject.toml"))["dependency-groups"]["build"]
    lists = read("requirements.txt") + "\n".join(built_with), read("requirements-test.txt")
    other = [
        f"{name} is {version} in the list and {locked.get(name, 'missing')} in {lock}"
        for wanted, lock in zip(lists, LOCKS, strict=True)
        for locked in [pins(read(lock))]
        for name, version in pins(wanted).items()
        if locked.get(name) != version
    ]
    assert other == [], "run: make lock"


def test_everything_in_a_list_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        lines = [line for line in read(name).splitlines() if line and not line.startswith("#")]
        assert len(pins(read(name))) == len(lines), name


def test_both_locks_agree_on_what_they_share() -> None:
    run, test = (pins(read(lock)) for lock in LOCKS)
    assert {name: test[name] for name in run.keys() & test.keys() if run[name] != test[name]} == {}


def test_everything_locked_has_its_hashes_and_no_place_to_fetch_from() -> None:
    for lock in LOCKS:
        entries = re.split(r"\n(?=\S)", read(lock).partition("make lock\n")[2].rstrip())
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
        assert not re.search(r"https?:|file:|--index|--find-links", read(lock))
