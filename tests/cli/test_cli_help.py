"""The help teaches, and every example in it and in the README is a command that exists."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.cli.main import build_parser
from sop.core.tables import TABLES

README = Path(__file__).parents[2] / "README.md"
_EXAMPLE = re.compile(r"python -m sop (?!COMMAND|--help)([^`#\n]+)")


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _parsers(child)


def _examples() -> list[str]:
    texts = [parser.epilog or "" for parser in _parsers(build_parser())] + [README.read_text()]
    # Two spaces or more part an example from what is said about it.
    return [re.split(r"\s{2,}", found)[0] for text in texts for found in _EXAMPLE.findall(text)]


def test_there_are_examples_for_most_commands() -> None:
    commands = {word for line in _examples() for word in line.split()}
    assert commands >= {"demo", "init", "template", "import", "plan", "export", "verify", "serve"}


@pytest.mark.parametrize("line", _examples())
def test_every_example_is_understood(line: str) -> None:
    assert callable(build_parser().parse_args(shlex.split(line)).run)


def test_the_commands_are_those_that_the_documents_promise() -> None:
    text = build_parser().format_help()
    for command in ["demo", "init", "cycle", "template", "import", "plan", "show", "export", "verify", "serve"]:
        assert re.search(rf"^    {command} ", text, re.MULTILINE), command


def test_help_for_templates_names_every_table() -> None:
    (parser,) = (p for p in _parsers(build_parser()) if p.prog.endswith(" template"))
    assert all(spec.name in (parser.epilog or "") for spec in TABLES)


def test_the_list_without_loading_is_the_list_of_what_is_loaded() -> None:
    assert build_parser([]).format_help() == build_parser().format_help()


@pytest.mark.parametrize("line", ["keys list", "--workspace keys plan", "--work=plan keys list", "plan --json"])
def test_only_the_command_that_is_given_is_loaded_wherever_it_stands(line: str) -> None:
    given = shlex.split(line)
    assert vars(build_parser(given).parse_args(given)) == vars(build_parser().parse_args(given))


def test_the_list_of_commands_loads_neither_database_nor_tables() -> None:
    code = (
        "import sys; from sop.cli.main import build_parser; build_parser(['--help']).format_help(); "
        "print(*{'pandas', 'sqlalchemy', 'scipy', 'sop.store'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=README.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
