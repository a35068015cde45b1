"""A paper of ours is known to the last byte, for ever; anything else is not, and says why."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509 import load_pem_x509_certificate
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

from certificates import genuine, keys, signing
from certificates.genuine import Finding, Verdict, examine
from certificates.models import IssuerKey
from tests.certificates import signed as papers
from tests.certificates.signed import ISSUED_ON, SERIAL

KEY = papers.loose_key()
ON = ISSUED_ON + timedelta(days=30)


def by(*signing_keys: keys.SigningKey) -> Callable[[str], Any]:
    return {one.key.fingerprint: one.key for one in signing_keys}.get


def look(pdf: bytes, on: date = ON, *known: keys.SigningKey) -> Finding:
    """Without a table: only the key is known."""
    return examine(pdf, on=on, key_of=by(*(known or (KEY,))))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return papers.signed(KEY)


# To the last byte


def test_a_paper_of_ours_is_genuine(pdf: bytes) -> None:
    found = look(pdf)
    assert found.verdict is Verdict.UNKNOWN_HERE
    assert found.number == SERIAL
    assert found.record["name"] == papers.NAME
    assert found.signed_at == papers.AT


def test_200_changed_bytes_are_each_found(pdf: bytes) -> None:
    """Anywhere in the file, the signature and the empty room behind it included."""
    chance = random.Random(20260303)  # noqa: S311 -- the same tries each time
    for place in chance.sample(range(len(pdf)), 200):
        changed = bytearray(pdf)
        changed[place] ^= chance.randrange(1, 256)
        assert not look(bytes(changed)).verdict.is_genuine, place


def test_every_byte_of_the_signature_counts(pdf: bytes) -> None:
    """What a reader of PDF passes over: the case of a digit, the noughts behind, the tag of a time."""
    begin = pdf.index(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", begin)
    chance = random.Random(7)  # noqa: S311 -- the same tries each time
    digits = set(range(begin, begin + 1700, 11)) | set(chance.sample(range(begin, end), 60)) | {end - 1}
    for place in digits:
        for other in (pdf[place : place + 1].swapcase(), b"1", b"F"):
            changed = pdf[:place] + other + pdf[place + 1 :]
            if changed != pdf:
                assert not look(changed).verdict.is_genuine, place


@given(data=st.data())
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_part_taken_out_put_in_or_doubled_is_found(pdf: bytes, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(pdf) - 1))
    length = data.draw(st.integers(1, 2000))
    what = data.draw(st.sampled_from(["out", "in", "twice", "end"]))
    part = pdf[begin : begin + length]
    changed = {
        "out": pdf[:begin] + pdf[begin + length :],
        "in": pdf[:begin] + data.draw(st.binary(min_size=1, max_size=50)) + pdf[begin:],
        "twice": pdf[:begin] + part + pdf[begin:],
        "end": pdf + data.draw(st.binary(min_size=1, max_size=50)),
    }[what]
    assert changed != pdf
    assert not look(changed).verdict.is_genuine


@given(data=st.binary(max_size=2000))
@hypothesis_settings(max_examples=100, deadline=None)
def test_rubbish_is_said_to_be_rubbish(data: bytes) -> None:
    assert not look(data).verdict.is_genuine
    assert not look(b"%PDF-1.7\n" + data).verdict.is_genuine


def test_the_other_signature_that_is_as_good_is_not_ours(pdf: bytes) -> None:
    """Whoever knows (r, s) knows (r, -s): both verify, and we only ever write the lower."""
    begin = pdf.index(b"/Contents <") + len(b"/Contents <")
    der = bytes.fromhex(pdf[begin : pdf.index(b">", begin)].decode())
    raw = next(
        der[place : place + size]
        for size in (70, 71, 69, 72)
        for place in range(len(der) - size)
        if der[place] == 0x30 and der[place + 1] == size - 2 and der[place - 2 : place] == bytes((4, size))
    )
    r, s = decode_dss_signature(raw)
    other = encode_dss_signature(r, keys.ORDER - s)
    if len(other) == len(raw):
        changed = pdf.replace(raw.hex().upper().encode(), other.hex().upper().encode())
        assert changed != pdf
        assert look(changed).verdict is Verdict.CHANGED


@pytest.mark.parametrize("pem", sorted((Path(__file__).parent / "old").glob("*.pem")), ids=lambda path: path.stem)
def test_what_an_earlier_release_signed_is_genuine_for_ever(pem: Path) -> None:
    """Files that went out. They are never made anew: when this fails, our reading has to follow, not the file."""
    public = load_pem_x509_certificate(pem.read_bytes()).public_key()
    key = IssuerKey(
        fingerprint=keys.fingerprint_of(public), certificate_pem=pem.read_text(), made_at=papers.KEY_MADE_AT
    )
    found = examine(pem.with_suffix(".pdf").read_bytes(), on=ON, key_of={key.fingerprint: key}.get)
    assert found.verdict is Verdict.UNKNOWN_HERE
    assert found.record["name"] == papers.NAME


# Updates and attachments


def updated(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_update_behind_the_signature_is_found(pdf: bytes) -> None:
    def other_language(writer: Any) -> None:
        writer.root["/Lang"] = pdf_string("sw")
        writer.update_root()

    assert look(updated(pdf, other_language)).verdict is Verdict.ADDED_TO
    assert look(pdf + b"\n").verdict is Verdict.ADDED_TO
    assert look(pdf + b"%nothing").verdict is Verdict.ADDED_TO


def test_200_updates_behind_the_signature_are_found(pdf: bytes) -> None:
    chance = random.Random(5)  # noqa: S311 -- the same tries each time
    for number in range(200):
        offset = len(pdf)
        what = chance.choice(["7", "2", "112", "117", "124", "125"])
        body = f"{what} 0 obj\n<</Changed {number}>>\nendobj\n".encode()
        table = f"xref\n{what} 1\n{offset:010} 00000 n \ntrailer\n<</Size 300/Root 2 0 R/Prev 1>>\n".encode()
        behind = body + table + f"startxref\n{offset + len(body)}\n%%EOF\n".encode()
        assert not look(pdf + behind).verdict.is_genuine


def test_a_record_that_was_exchanged_is_found(pdf: bytes) -> None:
    """As somebody would who knows the format: another record, and everything else as it is."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        other = json.loads(opened.attachments["record.json"].get_file().read_bytes()) | {"name": "Somebody Else"}
        opened.attachments["record.json"] = json.dumps(other).encode()
        out = io.BytesIO()
        opened.save(out)
    assert not look(out.getvalue()).verdict.is_genuine

    def exchange(writer: Any) -> None:
        names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
        stream = names[1].get_object()["/EF"]["/F"]
        stream._data = b"{}"
        stream._encoded_data = None
        writer.mark_update(names[1].get_object()["/EF"].raw_get("/F"))

    assert not look(updated(pdf, exchange)).verdict.is_genuine


def test_a_record_of_another_paper_is_not_of_this_one() -> None:
    """Signed with our key, and still no paper that we make."""
    assert look(papers.signed(KEY, number="AAAABBBBCCCC")).verdict is Verdict.OTHER_FACTS


def test_a_signature_moved_to_another_paper_is_found(pdf: bytes) -> None:
    other = papers.signed(KEY, name="Somebody Else")
    begin = pdf.index(b"/Contents <")
    taken = pdf[begin : pdf.index(b">", begin) + 1]
    begin = other.index(b"/Contents <")
    assert look(other[:begin] + taken + other[other.index(b">", begin) + 1 :]).verdict is Verdict.CHANGED


def test_a_paper_signed_again_by_somebody_else_is_not_ours(pdf: bytes) -> None:
    forger = papers.loose_key()
    assert look(papers.signed(forger)).verdict is Verdict.NOT_OURS


def test_a_forger_who_takes_our_certificate_along_is_found() -> None:
    """The certificate says our key, the signature is another's."""
    forger = papers.loose_key()
    assert look(papers.signed(keys.SigningKey(KEY.key, forger.private))).verdict is Verdict.CHANGED


def test_a_paper_without_a_signature_is_none() -> None:
    assert look(papers.drawn()).verdict is Verdict.UNSIGNED


def test_what_is_not_ours_is_never_parsed(pdf: bytes, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """A file made to break a reader, or to fill the memory, meets none."""

    def read(*_args: Any, **_options: Any) -> None:
        raise AssertionError("somebody's file was read")

    monkeypatch.setattr(genuine, "PdfFileReader", read)
    forged = papers.signed(papers.loose_key())
    for data in (papers.drawn(), pdf[:-5], pdf + b"\n", forged, b"%PDF-1.7 rubbish", b""):
        assert not look(data).verdict.is_genuine
        assert not examine(data, on=ON).verdict.is_genuine


def test_a_paper_that_did_not_come_whole_is_found(pdf: bytes) -> None:
    begin = pdf.index(b"/Contents <")
    places = {*range(0, len(pdf), len(pdf) // 60), begin, begin + 11, begin + 900, len(pdf) - 1, len(pdf) - 6}
    for place in places:
        found = look(pdf[:place])
        assert found.verdict in (Verdict.UNREADABLE, Verdict.CHANGED, Verdict.UNSIGNED), place
        assert found.record == {}


def test_a_paper_inside_another_file_is_found(pdf: bytes) -> None:
    """Wrapped: another first page before it, another ending behind it, or our signature told to cover the rest."""
    other = papers.drawn()
    assert look(other + pdf).verdict is Verdict.CHANGED
    assert look(b"%PDF-1.7\n" + pdf).verdict is Verdict.CHANGED
    assert not look(pdf + other).verdict.is_genuine
    written = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", pdf)
    assert written
    before, after, rest = (int(number) for number in written.groups())
    for wanted in (
        (before - 1, after, rest),
        (before, after + 1, rest - 1),
        (before, after, rest - 1),
        (before, after, 0),
        (0, 0, len(pdf)),
        (before, after, 999_999_999),
    ):
        numbers = b"/ByteRange [0 %d %d %d]" % wanted
        changed = pdf.replace(written[0], numbers.ljust(len(written[0])))
        assert not look(changed).verdict.is_genuine, wanted


def signed_twice(*two: keys.SigningKey) -> bytes:
    """One after the other, as readers of PDF do it: in fields of their own, each over everything before it."""
    data = papers.drawn()
    for number, key in enumerate(two):
        out, name = io.BytesIO(), f"Signature{number}"
        about = PdfSignatureMetadata(field_name=name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        signer = PdfSigner(about, signing._Signer(key), new_field_spec=SigFieldSpec(name))
        signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), output=out, bytes_reserved=signing.RESERVED)
        data = out.getvalue()
    return data


def test_two_signatures_are_none() -> None:
    """Whoever signs before us or behind us: a file of ours has one."""
    forger = papers.loose_key()
    assert look(signed_twice(forger, KEY)).verdict is Verdict.OTHER_FACTS
    assert look(signed_twice(KEY, forger)).verdict is Verdict.NOT_OURS
    assert look(signed_twice(KEY, KEY)).verdict is Verdict.OTHER_FACTS


def test_what_says_that_it_was_signed_before_its_key_was_made_is_not_genuine() -> None:
    """A key that is known from this year signed nothing ten years ago; a day is forgiven to two clocks."""
    early = papers.signed(KEY, at=papers.KEY_MADE_AT - timedelta(days=2))
    assert look(early).verdict is Verdict.BEFORE_ITS_KEY
    assert look(papers.signed(KEY, at=papers.KEY_MADE_AT - timedelta(hours=9))).verdict.is_genuine


# Days


def test_before_its_first_day_look_at_the_clock(pdf: bytes) -> None:
    assert look(pdf, ISSUED_ON - timedelta(days=1)).verdict is Verdict.NOT_YET
    assert look(pdf, ISSUED_ON).verdict is Verdict.UNKNOWN_HERE


def test_its_last_day_is_a_good_day(pdf: bytes) -> None:
    assert look(pdf, papers.EXPIRES_ON).verdict is Verdict.UNKNOWN_HERE
    assert look(pdf, papers.EXPIRES_ON + timedelta(days=1)).verdict is Verdict.EXPIRED


def test_the_certificate_of_the_key_may_be_over(pdf: bytes) -> None:
    """Twenty-five years: longer than anybody's site. The key is known by what it is."""
    endless = papers.signed(KEY, expires_on=None)
    assert look(endless, date(2099, 1, 1)).verdict is Verdict.UNKNOWN_HERE
