"""The files to deploy by agree with each other and with what the app reads; no engine to start them is needed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")


def test_services_depend_on_services_and_volumes_that_there_are() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"proxy", "accord", "database"}
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (DEPLOY / source).exists()
    assert (DEPLOY / services["accord"]["build"]["context"]).resolve() == ROOT
    assert (ROOT / services["accord"]["build"]["dockerfile"]).is_file()


def test_variables_are_those_that_the_app_reads_and_the_page_explains() -> None:
    read = "".join(path.read_text("utf-8") for path in (ROOT / "sop").rglob("*.py"))
    told = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    for name in (*COMPOSE["services"]["accord"]["environment"], *re.findall(r"\bSOP_\w+", CONTAINER)):
        assert f'"{name}"' in read, name
        assert f"`{name}`" in told, name
    assert set(re.findall(r"`(SOP_\w+)`", told)) <= set(re.findall(r'"(SOP_\w+)"', read))


def test_what_is_copied_is_there_and_the_port_is_one() -> None:
    for line in CONTAINER.splitlines():
        if line.startswith("COPY"):
            *sources, _ = [part for part in line.split()[1:] if not part.startswith("--")]
            assert all((ROOT / source).exists() for source in sources), line
    ports = set(re.findall(r"(?:port=|EXPOSE |127\.0\.0\.1:)(\d{4})", CONTAINER))
    assert ports == {"8501"}
    assert "accord:8501" in (DEPLOY / "Caddyfile").read_text("utf-8")
    assert COMPOSE["services"]["accord"]["volumes"] == ["keys:/workspace"]


def test_the_proxy_asks_for_health_by_a_name_that_the_app_answers_to() -> None:
    from sop.web.hosts import is_own_host, own_addresses

    rules = (DEPLOY / "Caddyfile").read_text("utf-8")
    asked = re.search(r"health_headers \{\s*Host (\S+)", rules)
    name = COMPOSE["services"]["accord"]["environment"]["SOP_URL"].removeprefix("https://")
    assert "health_uri /healthz" in rules and asked and asked[1] == name.replace("${", "{$")
    ours = own_addresses("https://plan.example.com")
    assert is_own_host("plan.example.com", ours) and not is_own_host("accord:8501", ours)


def test_the_longest_wait_is_the_documented_one() -> None:
    from sop.store.database import _CONNECT_SECONDS, BUSY_MS
    from sop.web.guard import _GRACE_SECONDS

    told = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    assert f"**{BUSY_MS // 1000} seconds at most**" in told
    assert f"given up after {_CONNECT_SECONDS} seconds" in told
    assert f"ends within {_GRACE_SECONDS} seconds" in told


def test_what_is_copied_is_enough_to_begin_a_company_and_load_the_app(tmp_path: Path) -> None:
    for line in CONTAINER.splitlines():
        if line.startswith("COPY"):
            *sources, target = [part for part in line.split()[1:] if not part.startswith("--")]
            for source in sources:
                place = tmp_path / "app" / target / ("" if (ROOT / source).is_dir() else source)
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(ROOT / source, place)
    surroundings = {
        name: value for name, value in os.environ.items() if not name.startswith(("SOP_", "PYTHONPATH"))
    }
    surroundings |= {"SOP_WORKSPACE": str(tmp_path / "workspace"), "PYTHONDONTWRITEBYTECODE": "1"}
    for command in (
        ["-m", "sop", "init", "--cycle", "2026-12", "--name", "Our company"],
        ["-c", "import runpy; runpy.run_path('app.py')"],
    ):
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path / "app", env=surroundings, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        if command[1] == "sop":
            assert "/invitation?link=" in done.stdout + done.stderr
    assert (tmp_path / "workspace" / "accord.sqlite").exists()
