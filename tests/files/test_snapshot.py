"""A snapshot round trip, and every way of tampering with one."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sop.core.errors import BadInput, NotFound
from sop.files.keys import KeyRing, create_key, public_pem
from sop.files.snapshot import VerificationReport, build_snapshot, plan_digest, verify_snapshot

NOW = datetime(2025, 3, 20, 14, 0, tzinfo=UTC)
KEY = create_key(datetime(2025, 1, 1, tzinfo=UTC))
PEM = public_pem(KEY.private_key.public_key())
PROVENANCE = {"app_version": "0.1.0", "created_at": "2025-03-20T14:00:00Z", "audit_chain_head": "ab12"}


def line(plan: str, measure: str, month: str, value: int | str, **others: Any) -> dict[str, Any]:
    place = {"family": "Bikes", "region": "North", "resource": None}
    return {"plan": plan, "measure": measure, **place, "month": month, "value": value, "unit": "units", **others}


def content() -> dict[str, Any]:
    return {
        "schema": "accord-plan/1",
        "company": {"name": "Käse & Söhne", "currency": "EUR", "fictional": True},
        "cycle": "2025-03",
        "revision": 1,
        "horizon": ["2025-03", "2025-04"],
        "lines": [
            line("sales", "consensus_demand", "2025-03", 120),
            line("sales", "consensus_demand", "2025-04", 130),
            line("financial", "revenue", "2025-03", "1200.50", unit="money", currency="EUR"),
        ],
        "forecast": {"families": ["Bikes"], "regions": ["North"], "mean": [[["118.25", 120]]]},
        "assumptions": [
            {"key": "demand_change_pct", "scope": {"family": "Bikes"}, "value": "0.05", "owner": "sales"}
        ],
        "launches": [],
        "initiatives": [],
        "events": [],
        "decisions": [],
        "inputs": [{"table": "products", "sha256": "c0ffee", "rows": 12}],
        "gate": {"findings": [], "waivers": []},
        "plans": {"inventory": {"available": False, "why": "No inventory was loaded."}},
        "previous": None,
        "headline": [{"measure": "revenue", "value": "1200.50", "unit": "EUR"}],
        "summary": "Demand is five percent above the last plan.",
    }


def signature(plan_content: dict[str, Any], function: str = "sales") -> dict[str, str]:
    return {
        "function": function,
        "name": "Ada Kern",
        "role": "head_of_sales",
        "meaning": "agree",
        "comment": "as discussed",
        "signed_at": "2025-03-20T13:59:00Z",
        "authentication": "local password",
        "digest_shown": plan_digest(plan_content),
    }


def snapshot(plan_content: dict[str, Any] | None = None) -> bytes:
    plan_content = plan_content or content()
    return build_snapshot(plan_content, [signature(plan_content)], PROVENANCE, KEY)


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tampered(name: str, old: bytes, new: bytes) -> bytes:
    files = unpack(snapshot())
    assert old in files[name]
    return pack({**files, name: files[name].replace(old, new, 1)})


def altered(report: VerificationReport) -> tuple[str, ...]:
    """The names of the files with a finding, each once."""
    return tuple(dict.fromkeys(finding.file for finding in report.findings))


def sentences(data: bytes) -> str:
    report = verify_snapshot(data, PEM)
    assert not report.valid
    return "\n".join(str(finding) for finding in report.findings)


FILES = tuple(unpack(snapshot()))


def test_a_fresh_snapshot_is_valid_with_the_key_from_outside():
    report = verify_snapshot(snapshot(), PEM)
    assert report.findings == ()
    assert report.warnings == ()
    assert report.key_is_trusted
    assert report.plan_digest == plan_digest(content())
    assert report.plan is not None and report.plan["content"]["summary"].startswith("Demand")
    assert report.text().startswith("VALID: Käse & Söhne, cycle 2025-03, revision 1")


def test_a_snapshot_holds_the_documented_files():
    assert set(FILES) == {
        "plan.json", "plan.dsse.json", "plan.pae", "plan.sig", "signer.pem", "keys.json", "lines.csv", "plan.xlsx",
        "README.txt", "manifest.json", "manifest.pae", "manifest.sig",
    }  # fmt: skip


def test_repacking_without_change_keeps_a_snapshot_valid():
    assert verify_snapshot(pack(unpack(snapshot())), PEM).valid


def test_the_same_inputs_give_the_same_bytes():
    shuffled = dict(reversed(content().items()))
    assert snapshot() == snapshot(shuffled)


def test_without_a_key_from_outside_the_report_warns():
    report = verify_snapshot(snapshot())
    assert report.valid and not report.key_is_trusted
    assert "public key was not given from outside" in report.warnings[0]


def test_an_unsigned_plan_is_valid_but_said_to_be_unsigned():
    report = verify_snapshot(build_snapshot(content(), [], PROVENANCE, KEY), PEM)
    assert report.valid
    assert "Nobody has signed" in report.warnings[0]


def test_a_changed_plan_line_is_named_with_was_and_is():
    text = sentences(tampered("plan.json", b'"value":130', b'"value":180'))
    assert text == (
        "plan.json: was altered, plan line sales, consensus_demand, Bikes, North, 2025-04: "
        "was 130 units, is 180 units"
    )


def test_a_changed_assumption_is_named_by_its_path():
    text = sentences(tampered("plan.json", b'"value":"0.05"', b'"value":"0.15"'))
    assert text == "plan.json: was altered, content.assumptions[0].value: was '0.05', is '0.15'"


def test_a_changed_comment_of_a_signer_is_named():
    text = sentences(tampered("plan.json", b"as discussed", b"as DISCUSSED"))
    assert text == "plan.json: was altered, signatures[0].comment: was 'as discussed', is 'as DISCUSSED'"


def test_a_line_taken_out_and_one_put_in_are_both_named():
    files = unpack(snapshot())
    plan = json.loads(files["plan.json"])
    plan["content"]["lines"][0]["family"] = "Scooters"
    text = sentences(pack({**files, "plan.json": json.dumps(plan).encode()}))
    assert "plan line sales, consensus_demand, Bikes, North, 2025-03: was 120 units, is missing" in text
    assert "plan line sales, consensus_demand, Scooters, North, 2025-03: was not there, is 120 units" in text


def test_a_value_of_another_type_is_a_difference():
    assert "was 130 units, is 130.0 units" in sentences(tampered("plan.json", b":130}", b":130.0}"))


def test_a_null_taken_out_of_a_line_is_a_difference():
    text = sentences(tampered("plan.json", b'"resource":null,', b""))
    assert text.endswith("North, 2025-03: resource: was nothing, is not there")


def test_a_reformatted_plan_is_said_to_say_the_same():
    files = unpack(snapshot())
    pretty = json.dumps(json.loads(files["plan.json"]), indent=1).encode()
    assert "says the same in other bytes" in sentences(pack({**files, "plan.json": pretty}))


def test_a_plan_with_a_key_given_twice_is_damaged():
    text = sentences(tampered("plan.json", b'"revision":1', b'"revision":2,"revision":1'))
    assert "the plan in it is not readable" in text


def test_the_copies_of_the_plan_are_compared_too():
    files = unpack(snapshot())
    for name in ("plan.pae", "plan.dsse.json"):
        text = sentences(pack({**files, name: b"rubbish"}))
        assert text == f"{name}: was altered or damaged: it no longer holds a plan; the other copies are intact"


def test_a_plan_damaged_in_every_copy_is_said_to_be_damaged():
    files = unpack(snapshot())
    rubbish = dict.fromkeys(("plan.json", "plan.pae", "plan.dsse.json"), b"{")
    report = verify_snapshot(pack({**files, **rubbish}), PEM)
    assert report.plan is None
    assert "the signed payload is damaged" in str(report.findings[0])
    assert {"plan.json", "plan.pae", "plan.dsse.json"} <= set(altered(report))
    assert "plan.xlsx" not in altered(report)


def test_a_changed_line_of_the_csv_is_named():
    text = sentences(tampered("lines.csv", b"2025-04,130", b"2025-04,180"))
    assert text == (
        "lines.csv: was altered, line 3: was 'sales,consensus_demand,Bikes,North,,2025-04,130,units,', "
        "is 'sales,consensus_demand,Bikes,North,,2025-04,180,units,'"
    )


def test_a_csv_line_taken_out_is_named_alone():
    row = b"sales,consensus_demand,Bikes,North,,2025-03,120,units,\r\n"
    text = sentences(tampered("lines.csv", row, b""))
    assert text == (
        "lines.csv: was altered, line 2: was 'sales,consensus_demand,Bikes,North,,2025-03,120,units,', is missing"
    )


def test_a_csv_with_other_line_ends_is_said_to_have_the_same_lines():
    files = unpack(snapshot())
    text = sentences(pack({**files, "lines.csv": files["lines.csv"].replace(b"\r\n", b"\n")}))
    assert "its lines are as signed" in text


def edited_workbook(edit: Any) -> bytes:
    files = unpack(snapshot())
    book = openpyxl.load_workbook(io.BytesIO(files["plan.xlsx"]))
    edit(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return pack({**files, "plan.xlsx": buffer.getvalue()})


def test_a_changed_workbook_cell_is_named_with_was_and_is():
    def edit(book: Any) -> None:
        assert book["Sales"]["G4"].value == 130
        book["Sales"]["G4"] = 180

    assert sentences(edited_workbook(edit)) == "plan.xlsx: was altered, sheet Sales, cell G4: was 130, is 180"


def test_a_formula_put_into_a_workbook_cell_is_named():
    def edit(book: Any) -> None:
        book["Sales"]["F4"] = "=60*2"

    assert "sheet Sales, cell F4: was 120, is '=60*2'" in sentences(edited_workbook(edit))


def test_a_cell_added_below_a_sheet_is_named():
    def edit(book: Any) -> None:
        book["Sales"]["A9"] = "agreed by phone"

    assert "sheet Sales, cell A9: was nothing, is 'agreed by phone'" in sentences(edited_workbook(edit))


def test_sheets_added_removed_and_hidden_are_named():
    def edit(book: Any) -> None:
        del book["Production"]
        book.create_sheet("Extra")
        book["Financial"].sheet_state = "hidden"

    text = sentences(edited_workbook(edit))
    assert "sheet Extra: was not there, is added" in text
    assert "sheet Production: is missing" in text
    assert "sheet Financial: is hidden" in text


def test_a_workbook_saved_without_change_is_said_to_have_the_signed_cells():
    assert sentences(edited_workbook(lambda book: None)) == (
        "plan.xlsx: was altered, outside the signed cells (sheets beside the plan, format, properties or hidden "
        "parts): the cells are as signed"
    )


def test_a_workbook_with_one_cell_far_away_is_answered():
    def edit(book: Any) -> None:
        book["Sales"]["XFD1048576"] = 1

    assert "outside the signed cells" in sentences(edited_workbook(edit))


def test_a_workbook_that_is_a_zip_bomb_is_not_opened():
    files = unpack(snapshot())
    bomb = pack({"xl/workbook.xml": b"0" * 30_000_000})
    assert "not opened: " in sentences(pack({**files, "plan.xlsx": bomb}))


def workbook_with(part: str, old: bytes, new: bytes) -> bytes:
    files = unpack(snapshot())
    parts = unpack(files["plan.xlsx"])
    assert old in parts[part]
    return pack({**files, "plan.xlsx": pack({**parts, part: parts[part].replace(old, new, 1)})})


def test_an_xml_entity_in_a_workbook_is_not_expanded():
    entity = b"?>\n<!DOCTYPE a [<!ENTITY b 'bbbb'>]>"
    text = sentences(workbook_with("xl/worksheets/sheet2.xml", b"?>", entity))
    assert text == "plan.xlsx: was altered, damaged: it cannot be read as a workbook (ValueError)"


def test_a_workbook_with_a_million_empty_styles_is_not_opened():
    styles = b"<xf/><xf /><xf  />" * 100_000
    assert "far more than the signed cells" in sentences(workbook_with("xl/styles.xml", b"</cellXfs>", styles))


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_byte_in_any_file_is_found_and_the_file_named(name: str):
    files = unpack(snapshot())
    data = bytearray(files[name])
    data[len(data) // 2] ^= 0x01
    report = verify_snapshot(pack({**files, name: bytes(data)}), PEM)
    assert not report.valid
    suspects = {name} if name != "manifest.sig" else {"manifest.json"}
    assert suspects <= set(altered(report))


@pytest.mark.parametrize("name", FILES)
def test_a_file_taken_away_is_missed(name: str):
    files = unpack(snapshot())
    del files[name]
    assert f"{name}: is missing" in sentences(pack(files))


def test_an_added_file_is_named():
    assert sentences(pack({**unpack(snapshot()), "extra.txt": b"hello"})) == "extra.txt: was added"


def test_only_the_altered_file_is_named():
    assert altered(verify_snapshot(tampered("README.txt", b"Keep", b"Lose"), PEM)) == ("README.txt",)


def test_an_altered_manifest_still_lets_the_plan_be_checked():
    files = unpack(snapshot())
    changed = {name: files[name].replace(b"sha256", b"sha25X") for name in ("manifest.json", "manifest.pae")}
    changed["lines.csv"] = files["lines.csv"].replace(b"130", b"180")
    report = verify_snapshot(pack({**files, **changed}), PEM)
    assert report.plan is not None
    assert altered(report) == ("manifest.json", "lines.csv")


def test_a_swapped_public_key_is_named():
    stranger = public_pem(create_key(NOW).private_key.public_key())
    assert "signer.pem: was exchanged" in sentences(pack({**unpack(snapshot()), "signer.pem": stranger}))


def test_everything_signed_again_by_a_forger_fails_against_the_real_key():
    forged = content()
    forged["lines"][0]["value"] = 999
    forger = create_key(datetime(2025, 1, 1, tzinfo=UTC))
    data = build_snapshot(forged, [signature(forged)], PROVENANCE, forger)
    assert "neither the given key" in sentences(data)
    assert verify_snapshot(data).warnings


def test_a_forger_cannot_pass_for_a_successor_by_naming_the_trusted_key():
    forger = create_key(datetime(2025, 1, 1, tzinfo=UTC))
    successor = create_key(datetime(2025, 2, 1, tzinfo=UTC), endorser=forger)
    stolen_name = replace(forger.record, key_id=KEY.key_id)
    data = build_snapshot(content(), [signature(content())], PROVENANCE, successor, [stolen_name])
    assert "neither the given key" in sentences(data)


def test_a_snapshot_of_a_rotated_key_is_trusted_through_the_old_one():
    old = create_key(datetime(2024, 1, 1, tzinfo=UTC))
    middle = create_key(datetime(2024, 6, 1, tzinfo=UTC), endorser=old)
    new = create_key(datetime(2025, 3, 1, tzinfo=UTC), endorser=middle)
    ring = KeyRing((old, middle, new))
    data = build_snapshot(content(), [], PROVENANCE, new, ring.records[:-1])
    report = verify_snapshot(data, public_pem(old.private_key.public_key()))
    assert report.valid and report.key_is_trusted


def test_a_revoked_key_does_not_pass_on_trust():
    old = create_key(datetime(2024, 1, 1, tzinfo=UTC))
    new = create_key(datetime(2025, 3, 1, tzinfo=UTC), endorser=old)
    data = build_snapshot(content(), [], PROVENANCE, new, [old.record])
    report = verify_snapshot(data, public_pem(old.private_key.public_key()), {old.key_id: "2025-02-01T00:00:00Z"})
    assert not report.valid


def test_a_snapshot_made_before_its_key_was_revoked_stays_valid_with_a_warning():
    report = verify_snapshot(snapshot(), PEM, revoked={KEY.key_id: "2025-06-01T00:00:00Z"})
    assert report.valid
    assert "was revoked at 2025-06-01" in report.warnings[0]


def test_a_snapshot_made_after_its_key_was_revoked_is_not_valid():
    report = verify_snapshot(snapshot(), PEM, revoked={KEY.key_id: "2025-02-01T00:00:00Z"})
    assert "the key was revoked" in str(report.findings[0])


def test_a_key_that_has_run_out_makes_no_snapshot():
    short = create_key(NOW - timedelta(days=10), valid_days=5)
    with pytest.raises(BadInput, match="may not sign"):
        build_snapshot(content(), [], PROVENANCE, short)


def test_a_signature_for_another_digest_makes_no_snapshot():
    other = content()
    other["revision"] = 2
    with pytest.raises(BadInput, match="Ada Kern is for digest"):
        build_snapshot(content(), [signature(other)], PROVENANCE, KEY)


def test_content_of_a_wrong_shape_makes_no_snapshot():
    wrong = content()
    wrong["lines"][1]["month"] = None
    with pytest.raises(BadInput, match=r"content\.lines\[1\]\.month"):
        build_snapshot(wrong, [], PROVENANCE, KEY)


def test_a_second_signature_scheme_mixed_from_another_snapshot_is_found():
    other = content()
    other["revision"] = 2
    files, others = unpack(snapshot()), unpack(snapshot(other))
    mixed = {**files, **{name: others[name] for name in others if name.startswith("manifest")}}
    assert "plan.json" in altered(verify_snapshot(pack(mixed), PEM))


@pytest.mark.parametrize("data", [b"", b"PK", b"hello", b"\x00" * 100, pack({}), pack({"a.txt": b"x"})])
def test_a_file_that_is_no_snapshot_is_an_answer(data: bytes):
    assert not verify_snapshot(data).valid


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path):
    with pytest.raises(NotFound):
        verify_snapshot(tmp_path / "missing.zip")


def test_a_snapshot_is_read_from_a_path(tmp_path: Path):
    path = tmp_path / "plan.zip"
    path.write_bytes(snapshot())
    assert verify_snapshot(str(path), PEM).valid


def test_names_with_control_characters_are_shown_not_obeyed():
    named = content()
    named["company"]["name"] = "Acme\x1b[2J\nVALID"
    text = verify_snapshot(snapshot(named), PEM).text()
    assert "\x1b" not in text
    assert "Acme\\x1b[2J\\nVALID" in text


def test_the_readme_says_how_to_check_and_what_the_key_proves():
    text = unpack(snapshot())["README.txt"].decode()
    assert "openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in plan.pae -sigfile plan.sig" in text
    assert "held by the server" in text
    assert "head of the audit chain:   ab12" in text
    assert "Ada Kern (head_of_sales), agree at 2025-03-20T13:59:00Z, by local password" in text
    assert "(a fictional company)" in text


def openssl_verifies(files: dict[str, bytes], folder: Path, stem: str) -> bool:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "signer.pem", "-rawin"]
    command += ["-in", f"{stem}.pae", "-sigfile", f"{stem}.sig"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("stem", ["plan", "manifest"])
def test_openssl_agrees_on_a_good_and_on_an_altered_snapshot(tmp_path: Path, stem: str):
    files = unpack(snapshot())
    assert openssl_verifies(files, tmp_path, stem)
    altered = {**files, f"{stem}.pae": files[f"{stem}.pae"].replace(b"accord", b"accorD", 1)}
    assert not openssl_verifies(altered, tmp_path, stem)


def test_the_signed_bytes_end_with_the_plan():
    files = unpack(snapshot())
    assert files["plan.pae"].endswith(files["plan.json"])
    assert f"tail -c {len(files['plan.json'])} plan.pae".encode() in files["README.txt"]
