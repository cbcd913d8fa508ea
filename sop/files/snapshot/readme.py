"""README.txt of a snapshot: what it is, who signed, and how to check it with and without the app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import dedent
from typing import Any

MEANING = {
    "plan.json": "what was signed: the plan, the signatures, and where it was made (RFC 8785 JSON)",
    "plan.dsse.json": "the same bytes with their signature in one file (DSSE envelope)",
    "plan.pae": "the exact bytes that were signed: plan.json behind one short prefix",
    "plan.sig": "the Ed25519 signature of plan.pae",
    "signer.pem": "the public key of the installation that signed",
    "keys.json": "earlier keys of that installation, each endorsing the next",
    "lines.csv": "every plan line, for a spreadsheet or a database",
    "plan.xlsx": "the seven plans as a workbook for reading",
    "manifest.json": "SHA-256 of every other file",
    "manifest.pae": "the exact bytes of the manifest that were signed",
    "manifest.sig": "the Ed25519 signature of manifest.pae",
}

TEXT = dedent("""\
    {company}{fictional}
    Executive S&OP review: plan of cycle {cycle}, revision {revision}

    THE PLAN'S DIGEST (SHA-256 of the content that people were shown and signed)
      {digest}
    The snapshot before it
      {previous}

    SIGNATURES
    {signatures}

    WHAT THE SIGNATURE PROVES, AND WHAT NOT
      The signing key is held by the server. The signature proves that this installation recorded
      these approvals of this content. It is not a personal key of each signer: who each person was
      rests on how the installation had them sign in, stated above for each signature.

    MADE
      at {created_at} (UTC) by app version {app_version}
      signing key (fingerprint): {key_id}
      head of the audit chain:   {chain_head}
      Keep the last two lines somewhere else as well, on paper or in a mail. If the database is ever
      rewritten, its chain will no longer contain this head.

    CHECK IT WITH THE APP
      python -m sop verify THIS.zip --key signer.pem
      Use a signer.pem that came to you by another way than this zip. With only the key from inside
      the zip, a check finds damage but not a forger who signed everything again with another key.

    CHECK IT WITHOUT THE APP (OpenSSL 3)
      openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in plan.pae -sigfile plan.sig
      openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in manifest.pae -sigfile manifest.sig
      Both must answer "Signature Verified Successfully". Then plan.json and manifest.json must be the
      ends of plan.pae and manifest.pae, and every other file must have the SHA-256 that manifest.json lists:
      tail -c {plan_bytes} plan.pae | cmp - plan.json
      sha256sum lines.csv plan.xlsx

    FILES
    {files}
    """)


def write_readme(
    plan: Mapping[str, Any], digest: str, key_id: str, names: Iterable[str], plan_bytes: int
) -> bytes:
    """README.txt for a plan {content, signatures, provenance} in a snapshot of the files `names`."""
    content, provenance = plan["content"], plan["provenance"]
    company = content["company"]
    text = TEXT.format(
        company=_one_line(company["name"]),
        fictional=" (a fictional company)" if company.get("fictional") else "",
        cycle=content["cycle"],
        revision=content["revision"],
        digest=digest,
        previous=content.get("previous") or "none: this is the first",
        signatures=_signature_lines(plan["signatures"]),
        created_at=provenance["created_at"],
        app_version=provenance.get("app_version", "not recorded"),
        key_id=key_id,
        chain_head=provenance.get("audit_chain_head", "not recorded"),
        plan_bytes=plan_bytes,
        files="\n".join(f"  {name:<16}{MEANING.get(name, 'a copy for reading')}" for name in names),
    )
    return text.encode("utf-8")


def _signature_lines(signatures: Iterable[Mapping[str, Any]]) -> str:
    lines = [_signature_line(signature) for signature in signatures]
    return "\n".join(lines) or "  none: nobody has signed this plan"


def _signature_line(signature: Mapping[str, Any]) -> str:
    said = f': "{_one_line(signature["comment"])}"' if signature.get("comment") else ""
    who = f"{signature.get('function')}: {signature.get('name')} ({signature.get('role')})"
    how = f"{signature.get('meaning')} at {signature.get('signed_at')}, by {signature.get('authentication')}"
    return f"  {_one_line(who)}, {_one_line(how)}{said}"


def _one_line(text: str) -> str:
    """A name or comment on one line, so that it cannot pass for a line of this file."""
    return " ".join(str(text).split())
