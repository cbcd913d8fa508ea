"""How every bench reports: lines of `name value unit`, and with `--json FILE` the same as an object."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

Figures = dict[str, tuple[float, str]]


def main(measure: Callable[[argparse.Namespace], Figures], description: str, *flags: tuple[str, dict]) -> None:
    """Run a bench from the command line: print its figures and, when asked, write them as JSON."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    for name, options in flags:
        parser.add_argument(name, **options)
    options = parser.parse_args()
    figures = measure(options)
    for name, (value, unit) in figures.items():
        print(f"{name} {value:.4g} {unit}")
    if options.json:
        found = {name: {"value": value, "unit": unit} for name, (value, unit) in figures.items()}
        options.json.write_text(json.dumps(found, indent=1) + "\n")
