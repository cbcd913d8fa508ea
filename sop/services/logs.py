"""What the installation writes down about itself: one line of JSON an event, without secrets.

    {"time": "2026-12-01T09:30:00.123Z", "level": "error", "logger": "accord", "message": "unexpected fault", ...}

A server writes to standard error, a command to a file of its user; SOP_LOG names another file for both.
"""

from __future__ import annotations

import getpass
import json
import logging
import os
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

LOG_FILE = "SOP_LOG"
_SECRETS = (
    (re.compile(r"(://[^\s:/@]*:)[^\s@]*(?=@)"), r"\1…"),
    (re.compile(r"(?i)\b((?:link|key|code|token|secret|password|passwd|state|next)=)[^&\s\"']+"), r"\1…"),
    (re.compile(r"(?i)(\b(?:__Host-)?accord(?:_\d+|_asked)?=)[^;\s\"']+"), r"\1…"),
    (re.compile(r"(?i)(authorization: ?\w+ )\S+"), r"\1…"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.S), "…"),
    (re.compile(r"\$argon2\w+\$\S+"), "…"),
)
"""What is blotted out: passwords in URLs, one-time links and keys, cookies, private keys, hashes of passwords."""


def blotted(text: str) -> str:
    """A text without what nobody may read in a log.

    >>> blotted("postgresql://jana:geheim@db/x GET /invitation?link=abc")
    'postgresql://jana:…@db/x GET /invitation?link=…'
    """
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """A record as one line of JSON; a traceback is a field of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": blotted(record.getMessage()),
            "process": record.process,
        }
        if reference := getattr(record, "reference", ""):
            fields["reference"] = reference
        if record.exc_info:
            fields["traceback"] = blotted(self.formatException(record.exc_info))
        return json.dumps(fields, ensure_ascii=False)


def log_to_standard_error() -> None:
    """Have this process, a server, write its log to standard error, or to the file that SOP_LOG names."""
    path = os.environ.get(LOG_FILE)
    _write_to(logging.FileHandler(path, encoding="utf-8") if path else logging.StreamHandler(sys.stderr))


def log_to_file() -> None:
    """Have this process, a command, write its log to a file: what is on the terminal is for people."""
    _write_to(logging.FileHandler(log_file(), encoding="utf-8", delay=True))


def log_file() -> Path:
    """Where commands write their log."""
    named = os.environ.get(LOG_FILE)
    return Path(named) if named else Path(tempfile.gettempdir()) / f"accord-{getpass.getuser()}.log"


def _write_to(handler: logging.Handler) -> None:
    handler.setFormatter(JsonLines())
    log = logging.getLogger("accord")
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)
