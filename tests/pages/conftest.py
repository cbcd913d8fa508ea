"""A small demo workspace for the tests of pages, built once per session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from sop.services.analysis import jobs
from tests.demos import copy_of_demo
from tests.pages.screens import drawn_tables
from tests.pages.starter import make_starter
from tests.pages.workspaces import RICH, copy_of, make_workspace
from tests.personas import personas_in_session_state


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a demo workspace with two past cycles; SOP_WORKSPACE names it for the session."""
    folder = copy_of_demo(tmp_path_factory.mktemp("demo"), tmp_path_factory)
    before = os.environ.get("SOP_WORKSPACE")
    os.environ["SOP_WORKSPACE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["SOP_WORKSPACE"]
    else:
        os.environ["SOP_WORKSPACE"] = before


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated company with every table: Family A to stock, Family B to order. Copied, never changed."""
    return make_workspace(tmp_path_factory.mktemp("rich"), RICH)


@pytest.fixture
def workspace(rich: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that a test may change, and that the app opens."""
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    return copy_of(rich, tmp_path)


@pytest.fixture(scope="module")
def small(rich: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it for the tests of a module that only look."""
    return copy_of(rich, tmp_path_factory.mktemp("small"))


@pytest.fixture
def in_small(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That copy, which the app opens."""
    monkeypatch.setenv("SOP_WORKSPACE", str(small))
    return small


@pytest.fixture(scope="package", autouse=True)
def drawing() -> Iterator[None]:
    """Tables are kept as pages draw them, so that tests read them."""
    with drawn_tables():
        yield


@pytest.fixture(autouse=True)
def personas() -> Iterator[None]:
    """A test says in session state who looks."""
    with personas_in_session_state():
        yield


@pytest.fixture(autouse=True)
def fresh_rooms() -> Iterator[None]:
    """No planning room outlives its test."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def no_component_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    """At every run Streamlit looks through all installed packages for components: half a second, for none."""
    monkeypatch.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages wait for the valuation of decisions: nobody draws them again here once it is done."""
    monkeypatch.setattr(jobs, "PATIENCE_SECONDS", 120.0)


@pytest.fixture
def poor_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a workspace that has products, sales and stock only; SOP_WORKSPACE names it."""
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path)))
    return tmp_path
