"""The docs say what the code says, and stand alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_reference_pages_are_what_the_code_says() -> None:
    found = subprocess.run(
        [sys.executable, "scripts/write_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + "run: python scripts/write_docs.py"


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_direct_dependency_is_explained() -> None:
    names = [
        re.split(r"[=<>\[]", line)[0].lower()
        for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    explained = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    assert [name for name in names if f"**{name}**" not in explained] == []
