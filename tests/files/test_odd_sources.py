"""Sources that are no plain file, or change while they are read: one sentence, at once."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from sop.core.errors import BadInput
from sop.files.readers import Limits, read_file

CSV = b"product,name\nA,Box\n"


def test_a_folder_is_called_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="this is a folder"):
        read_file(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(BadInput, match="a pipe or a device"):
        read_file(tmp_path / "pipe.csv")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused(path: str) -> None:
    with pytest.raises(BadInput, match="a pipe or a device"):
        read_file(Path(path))


def test_a_link_is_read_as_its_file_and_one_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_bytes(CSV)
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    (tmp_path / "dead.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "ring.csv").symlink_to(tmp_path / "ring.csv")
    assert read_file(tmp_path / "link.csv").columns == ("product", "name")
    for name in ("dead.csv", "ring.csv", "a\x00b.csv"):
        with pytest.raises(BadInput, match=r"no such file|cannot be read"):
            read_file(tmp_path / name)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "growing.csv"
    file.write_bytes(CSV)
    opened = Path.open

    def grow(path: Path, mode: str = "r", *rest: object) -> object:
        with opened(path, "ab") as more:
            more.write(b"B,Bell\n")
        return opened(path, mode, *rest)

    monkeypatch.setattr(Path, "open", grow)
    with pytest.raises(BadInput, match="changed while it was read"):
        read_file(file)


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_bytes(CSV * 100)
    with pytest.raises(BadInput, match="at most"):
        read_file(tmp_path / "long.csv", limits=Limits(file_bytes=1000))


def test_a_link_to_another_workbook_is_never_followed() -> None:
    book = openpyxl.Workbook()
    book.active.append(["product", "name"])
    book.active.append(["A", "='[http://example.invalid/other.xlsx]S'!A1"])
    buffer = io.BytesIO()
    book.save(buffer)
    raw = read_file(buffer.getvalue(), "linked.xlsx")
    assert [finding.rule for finding in raw.findings] == ["uncached_formula"] and raw.frame["name"].tolist() == [
        None
    ]


def test_a_zip_that_holds_no_workbook_is_told() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("sales.csv", CSV)
    with pytest.raises(BadInput, match="zip archive"):
        read_file(buffer.getvalue(), "sales.zip")
