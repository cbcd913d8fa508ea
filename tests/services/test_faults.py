"""Whatever was raised is one sentence at the last boundary, and a lost worker is one before it gets there."""

from __future__ import annotations

import errno
import json
import logging
import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from sop.core.errors import BadInput, NotFound, SetupError, SopError, Unexpected
from sop.core.faults import explain_os_error
from sop.services.faults import LOG, explain
from sop.services.logs import LOG_FILE, JsonLines, log_to_file
from sop.services.planning.forecasting import fresh_processes, map_in_chunks


@pytest.mark.parametrize(
    ("code", "kind", "remedy"),
    [
        (errno.ENOSPC, SetupError, "Free some space"),
        (errno.EROFS, SetupError, "may write to"),
        (errno.ENAMETOOLONG, BadInput, "shorter name"),
        (errno.ENOENT, SetupError, "spelling"),
        (errno.EIO, SetupError, "Look at the disk"),
    ],
)
def test_the_remedy_is_that_of_the_reason(code: int, kind: type[SopError], remedy: str) -> None:
    fault = explain_os_error(OSError(code, os.strerror(code)), "the file cannot be written", "x" * 300)
    assert type(fault) is kind
    assert remedy in fault.remedy
    assert len(fault.where) <= 120


def test_what_nobody_foresaw_is_in_the_log_under_the_number_that_is_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv(LOG_FILE, str(tmp_path / "log"))
    log_to_file()
    try:
        raise KeyError("postgresql://jana:geheim@db/x")
    except KeyError as error:
        fault = explain(error, "signing")
    assert isinstance(fault, Unexpected)
    assert "Accord itself failed at signing" in fault.sentence
    assert "Traceback" not in fault.sentence
    (line,) = (tmp_path / "log").read_text().splitlines()
    found = json.loads(line)
    assert found["reference"] in fault.remedy
    assert "KeyError" in found["traceback"]
    assert "geheim" not in line
    LOG.handlers.clear()


def test_a_refusal_stays_what_it_is() -> None:
    refusal = NotFound("there is no plan 7")
    assert explain(refusal) is refusal


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("GET /invitation?link=AbC123", "AbC123"),
        ("GET /start?key=AbC123&x=1", "AbC123"),
        ("cookie: accord_8501=AbC123; theme=dark", "AbC123"),
        ("cookie: __Host-accord=AbC123", "AbC123"),
        ("Authorization: Bearer AbC123", "AbC123"),
        ("-----BEGIN PRIVATE KEY-----\nAbC123\n-----END PRIVATE KEY-----", "AbC123"),
        ("$argon2id$v=19$m=19456,t=2,p=1$AbC123$x", "AbC123"),
    ],
)
def test_no_secret_is_in_a_line_of_the_log(said: str, secret: str) -> None:
    line = JsonLines().format(logging.LogRecord("accord", logging.INFO, "", 0, said, None, None))
    assert secret not in line
    assert "\n" not in line


def test_a_worker_that_dies_is_a_sentence_that_says_what_is_kept() -> None:
    with fresh_processes(1) as pool, pytest.raises(SetupError, match="what is done is kept") as fault:
        list(map_in_chunks(os._exit, [9, 9], pool, 1))
    assert "killed or ran out of memory" in fault.value.why
    assert "Start it again" in fault.value.remedy


def test_a_dask_worker_that_dies_is_the_same_sentence() -> None:
    from distributed.scheduler import KilledWorker

    class Lost:
        @staticmethod
        def submit(*_: object) -> object:
            raise KilledWorker("task", "worker", 3)

    with pytest.raises(SetupError, match="what is done is kept"):
        list(map_in_chunks(abs, [1], Lost(), 1))


def test_a_draw_job_whose_worker_dies_ends_with_a_sentence_and_leaves_no_traceback(monkeypatch, capfd) -> None:
    from sop.services.analysis import drawing

    @contextmanager
    def dying(*_: object, **__: object):
        with fresh_processes(1) as pool:
            yield pool

    def die(*_: object, **__: object) -> None:
        with dying() as pool:
            list(map_in_chunks(os._exit, [9], pool, 1))

    monkeypatch.setattr(drawing, "draw_now", die)
    job = drawing.DrawJob(None, None, 50, 0)
    assert job.wait(60)
    assert "ended before its work was done" in str(job.error)
    assert "Traceback" not in capfd.readouterr().err
