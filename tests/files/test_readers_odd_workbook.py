"""Workbooks of other kinds: old Excel and OpenDocument, read in a child that hostile files cannot harm."""

from __future__ import annotations

import base64
import io
import random
import time
import zipfile
import zlib

import pytest

from sop.core.errors import BadInput
from sop.files.readers import read_file

# A sheet sales_actuals with a date, a key with zeros, figures and a letter beyond ASCII; a hidden sheet beside it.
OLD_EXCEL = zlib.decompress(base64.b85decode(
    'c-rk)O=wd=5dL=a(j>J%X>ALw5K6(SwShDR@zTahwWo%v2Y*m&+B`HgzSJ}k>p`nEM?uhw;-ydzUaDUFK?S{e5Gr~Q1fkJmPlAGn'
    'w$ItgOZsDl2DDIlU)b55+1c5BJF`F8chglf6OS6QSb<JBuwZ&nvP32*dGd@GRBxK9n9tpmOdA^t9yd9%#EIwSZ(YiV%HLT?Jk(wj'
    '1-?)^j$woohTgc2*vn&x2sMTdp;7Ef+@(~3dLCCb(?O=2nLc3M7fkoC<T}$1(wz~<FdYiF?6%_gh-~7z3Zeo}xXmY)w4oMnR2*Nv'
    'A#%D-bR}bv_y()+X=RuMxwJ<&^rYe|aSx@yQG&m>*WcYegBo)8Bz~BU!1w&Re${Bp*H<n;@}JA)u0P1#<iwTon^FVDV4e~xm@^a+'
    'CpA@5j*&=QAL)+_rqYr4NCum5t3-u}1BrNa4kt(ePEO!#!bqK=a2ZY}qUpgD=_U2kv4lZ;`nhz(NX1g4E+sp!8)=;uN>`f$I5Za}'
    'VK5Nf<qrhONFdM_Y^OL3Q@T*9P7B^$yvuf%a$a*~M5CzWauu&UFMZtH{crDk2l_(&EE(eyC3o&@RUZixS5ymXT){OCrqnZ9xW!JU'
    'SJ~<oE;lf(Asxz_`)aMi{&Cj1#<k7VPdnp7XxozVb}DCP4?Oi{zJ_*Cd8#LSv1aOHXaY@i4o0cH`i-Miw2C{o6`qCixv+Mq&rIuo'
    '+pXNvYmMEs4%bS|tMy5!Vw&UB?1%y<t+~o^4&odIP9sjUEQ=MEFUeAtRl_$eSzoYar`1}pW#yfhq$AjJ9gk!-tSl>=a+T3a)^S-@'
    'a=vsIIAzmg*_3S4$NCLI+3b|nc&rT2ZoP>0h#FC#8#QXgs!^kIo>i<it2S)duwlc74I7JZI?}pHYt~&_-M3uUyUskN1^b!gzr{f$'
    '=$E3ul>1;%p2TQT@lyw<$lDTYY?FU4R5(n%CozNp9>-A8@k{q*vGjY^+|c{?mQb<%FBCJ*f875s!kroL'
))  # fmt: skip
ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet><table:table table:name="data">{}</table:table>
</office:spreadsheet></office:body></office:document-content>"""
MANIFEST = """<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"""
ENDLESS_SECONDS = 100.0
"""Longer than the child may take on the busiest machine; what is fast is for the bench to say."""


def _ods(*rows: str, intro: str = "") -> bytes:
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", intro + ODS.format(body))
    return buffer.getvalue()


def _text(value: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{value}</text:p></table:table-cell>'


def _number(value: str) -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def test_an_old_excel_workbook_is_read_with_its_dates_and_texts() -> None:
    raw = read_file(OLD_EXCEL, "sales.xls", table="sales_actuals")
    assert (raw.kind, raw.lines) == ("xls", (2, 3))
    assert raw.frame.to_numpy().tolist() == [
        ["2026-01-01", "A1", "Süd", "5", "50.5"],
        ["2026-02", "00123", "N", "7", "70"],
    ]
    assert raw.typed is not None and raw.typed["quantity"].all() and not raw.typed["product"].any()
    assert [finding.rule for finding in raw.findings] == ["hidden_sheet", "number_formats"]


def test_an_open_document_is_read_under_its_title() -> None:
    head = "".join(map(_text, ("month", "product", "quantity")))
    content = _ods(_text("Report") + _text("of July"), head, _text("2026-01") + _text("00123") + _number("5.5"))
    raw = read_file(content, "sales.ods", wanted=("month", "product", "quantity"))
    assert (raw.kind, raw.frame.to_numpy().tolist()) == ("ods", [["2026-01", "00123", "5.5"]])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (OLD_EXCEL[:3000], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        (OLD_EXCEL + "EncryptedPackage".encode("utf-16-le"), "password"),
        (_ods(_text("a", 'table:number-columns-repeated="16384"')), "column 16\u202f38|limits of memory"),
        (_ods(intro='<!DOCTYPE x [<!ENTITY a "b">]>'), "document type"),
        (_ods(), "no visible sheet has rows"),
        (_ods("<unclosed>"), "damaged|cannot be read"),
    ],
)
def test_what_is_hostile_or_damaged_is_one_sentence_and_ends(content: bytes, says: str) -> None:
    start = time.monotonic()
    with pytest.raises(BadInput, match=says) as refusal:
        read_file(content, "book")
    assert time.monotonic() - start < ENDLESS_SECONDS and "\n" not in refusal.value.sentence


def test_a_range_that_no_memory_holds_ends_the_child_and_nothing_else() -> None:
    wide = _text("a") + '<table:table-cell table:number-columns-repeated="16382"/>' + _text("z")
    rows = [wide] + [f'</table:table-row><table:table-row table:number-rows-repeated="1048574">{wide}', wide]
    start = time.monotonic()
    with pytest.raises(BadInput, match=r"limits of memory and time|columns|damaged"):
        read_file(_ods(*rows), "wide.ods")
    assert time.monotonic() - start < ENDLESS_SECONDS


def test_a_flipped_byte_is_read_or_refused_and_never_a_crash() -> None:
    chance = random.Random(7)
    for _ in range(12):
        broken = bytearray(OLD_EXCEL)
        for _ in range(20):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            read_file(bytes(broken), "b.xls")
        except BadInput as refusal:
            assert refusal.sentence
