"""Commands of whoever runs the installation: its signing keys, and whether its audit chain is whole."""

from __future__ import annotations

import argparse
from pathlib import Path

from sop.cli.terminal import add_command, chosen_folder, opened, print_json, print_rows, write_result
from sop.core.errors import NotFound
from sop.core.words import literal
from sop.files.keys import KeyRecord
from sop.services.agreement.signing_keys import list_keys, one_key, revoke, rotate
from sop.services.company.audit_check import check_chain
from sop.services.company.workspace import keys_folder

_KEYS = """\
The keys that sign snapshots. The audit chain knows every key that was used: where one is missing, nothing is
signed until its file is restored or it is declared lost."""

_KEYS_EXAMPLES = """\
examples:
  python -m sop keys list
  python -m sop keys export --to accord-key.pem      the public half, for those who check snapshots
  python -m sop keys rotate                          a new key, endorsed by the one before
  python -m sop keys revoke 3f9c --reason "the disk was stolen"
  python -m sop keys rotate --lost "the disk broke, no backup held the key" """

_AUDIT = """\
Check the audit chain: every entry follows the one before, every sealed row is as it was written, and people,
settings, cycles and scenarios are what the last entry about them says. A chain that was cut or written anew as a
whole holds together: --against compares it with the heads that snapshots print, which were handed out."""

_AUDIT_EXAMPLES = """\
examples:
  python -m sop audit verify
  python -m sop audit verify --against 2026-10.zip 2026-11.zip"""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `keys` and `audit`."""
    keys = add_command(
        commands, "keys", run_list, "list, rotate, revoke or export the signing keys", _KEYS, _KEYS_EXAMPLES
    )
    acts = keys.add_subparsers(metavar="ACT", required=True)
    listed = add_command(acts, "list", run_list, "every key with its period and what became of it", _KEYS)
    listed.add_argument("--json", action="store_true", help="print JSON")
    rotated = add_command(acts, "rotate", run_rotate, "add a key that signs from now on", _KEYS)
    rotated.add_argument("--lost", metavar="REASON", default="", help="declare missing keys lost, and why")
    revoked = add_command(acts, "revoke", run_revoke, "have a key sign nothing more", _KEYS)
    revoked.add_argument("key", help="the beginning of its id")
    revoked.add_argument("--reason", required=True, help="what happened to it")
    exported = add_command(acts, "export", run_export, "write the public half of a key (PEM)", _KEYS)
    exported.add_argument("key", nargs="?", default="", help="the beginning of its id (default: the newest)")
    exported.add_argument("--to", default="-", metavar="FILE", help="where to (default: standard output)")
    audit = add_command(commands, "audit", run_verify, "check the audit chain", _AUDIT, _AUDIT_EXAMPLES)
    verify = add_command(
        audit.add_subparsers(metavar="ACT", required=True),
        "verify",
        run_verify,
        "check the chain",
        _AUDIT,
        _AUDIT_EXAMPLES,
    )
    verify.add_argument(
        "--against", nargs="+", default=[], type=Path, metavar="SNAPSHOT", help="heads to find in it"
    )
    verify.add_argument("--json", action="store_true", help="print JSON")


def run_list(args: argparse.Namespace) -> int:
    """Print the keys; 2 where one is missing."""
    with opened(args) as store:
        records, missing = list_keys(store, keys_folder(chosen_folder(args)))
    if args.json:
        fields = ("key_id", "created_at", "valid_until", "endorsed_by", "revoked_at", "revoked_reason")
        print_json({"keys": [{n: getattr(r, n) for n in fields} for r in records], "missing": list(missing)})
    elif not records and not missing:
        print("There is no signing key yet; the first snapshot makes one.")
    else:
        rows = [(r.key_id, r.created_at, r.valid_until, _fate(r, records)) for r in records]
        print_rows(("key", "from", "until", "state"), [*rows, *((key, "", "", "missing") for key in missing)])
    return 2 if missing else 0


def _fate(record: KeyRecord, records: tuple[KeyRecord, ...]) -> str:
    if record.revoked_at:
        return f"revoked {record.revoked_at}: {record.revoked_reason}"
    return "signs" if record is records[-1] else "past"


def run_rotate(args: argparse.Namespace) -> int:
    """Add a key."""
    with opened(args) as store:
        new = rotate(store, keys_folder(chosen_folder(args)), args.lost)
    endorsed = "it stands on its own: hand out its public half" if new.endorsed_by == new.key_id else "endorsed"
    print(f"The key {new.key_id} signs from now on ({endorsed}).")
    return 0


def run_revoke(args: argparse.Namespace) -> int:
    """Revoke a key."""
    with opened(args) as store:
        gone = revoke(store, keys_folder(chosen_folder(args)), args.key, args.reason)
    print(f"The key {gone.key_id} is revoked. What it signed before stays to be judged; rotate to sign again.")
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Write a public key."""
    with opened(args) as store:
        records, _ = list_keys(store, keys_folder(chosen_folder(args)))
    if not records:
        raise NotFound("there is no signing key yet", remedy="The first snapshot makes one")
    record = one_key(records, args.key) if args.key else records[-1]
    write_result(args.to, record.public_pem.encode("ascii"))
    return 0


def run_verify(args: argparse.Namespace) -> int:
    """Check the chain; 2 where it is broken."""
    with opened(args) as store:
        found = check_chain(store, args.against)
    if args.json:
        print_json(
            {
                "intact": found.is_intact,
                "entries": found.entries,
                "head": found.head,
                "problems": list(found.problems),
                "warnings": list(found.warnings),
            }
        )
    else:
        print(f"{'INTACT' if found.is_intact else 'BROKEN'}: {found.entries} entries, head {found.head}")
        for kind, told in (("error", found.problems), ("warning", found.warnings)):
            for each in told:
                print(literal(f"  {kind}: {each}"))
        if not args.against:
            print("  compared with no snapshot: a chain that was cut or written anew is found only by --against")
    return 0 if found.is_intact else 2
