"""What stands in a signed paper: others' eyes call it valid, whole, archival and accessible, and it stays small."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from certificates import signing
from certificates.genuine import Verdict, examine
from certificates.paper_record import record_of
from tests.certificates import signed as papers

pytestmark = pytest.mark.slow

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFA, PDFUA = "{http://www.aiim.org/pdfa/ns/id/}", "{http://www.aiim.org/pdfua/ns/id/}"
PRINT, HIDDEN, INVISIBLE, NO_VIEW, TOGGLE_NO_VIEW = 4, 2, 1, 32, 256


@pytest.fixture(scope="module")
def key() -> Any:
    return papers.loose_key()


@pytest.fixture(scope="module")
def pdf(key: Any) -> bytes:
    return papers.signed(key)


@pytest.fixture
def opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(pdf)) as found:
        yield found


def signature_of(opened: pikepdf.Pdf) -> pikepdf.Object:
    (one,) = opened.Root.AcroForm.Fields
    return one.V


def cms_of(pdf: bytes) -> cms.ContentInfo:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return cms.ContentInfo.load(bytes(signature_of(opened).Contents))


# Others' eyes


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils reads the signature")
def test_poppler_says_valid_and_the_whole_file(pdf: bytes, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=True).stdout

    assert said.count("Signature #") == 1
    for line in (
        "Signature Validation: Signature is Valid.",
        "Total document signed",
        "Signing Hash Algorithm: SHA-256",
        "Signature Type: ETSI.CAdES.detached",
        "Signer full Distinguished Name: CN=Family Learning Programme",
    ):
        assert line in said


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils reads the signature")
def test_poppler_sees_a_changed_byte(pdf: bytes, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf.replace(b"/Tabs /S", b"/Tabs /W"))
    said = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" not in said


def test_qpdf_finds_nothing_wrong(pdf: bytes, opened: pikepdf.Pdf, tmp_path: Path) -> None:
    """The library of qpdf, and its program where there is one."""
    assert opened.check_pdf_syntax() == []
    if shutil.which("qpdf"):
        file = tmp_path / "paper.pdf"
        file.write_bytes(pdf)
        subprocess.run(["qpdf", "--check", file], check=True)


# The signature: PAdES B-B (ETSI EN 319 142-1) and ISO 19005-3, 6.4.3


def test_the_signature_is_of_the_kind_it_claims(opened: pikepdf.Pdf, pdf: bytes, key: Any) -> None:
    signature = signature_of(opened)
    begin, before, after, rest = (int(number) for number in signature.ByteRange)

    assert (begin, after + rest) == (0, len(pdf))
    assert pdf[before : before + 1] + pdf[after - 1 : after] == b"<>"
    assert signature.Filter == "/Adobe.PPKLite"
    assert signature.SubFilter == "/ETSI.CAdES.detached"
    assert str(signature.M) == "D:20260303093000Z"
    assert "/Cert" not in signature
    signed = cms_of(pdf)["content"]
    assert len(signed["signer_infos"]) == 1
    (info,) = signed["signer_infos"]
    assert {attribute["type"].native for attribute in info["signed_attrs"]} == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    }
    assert not info["unsigned_attrs"].native
    (embedded,) = signed["certificates"]
    assert embedded.chosen.dump() == asn1_x509.Certificate.load(embedded.chosen.dump()).dump()
    assert sha256(embedded.chosen.public_key.dump()).hexdigest() == key.key.fingerprint


def test_the_signature_certifies_and_allows_nothing_after_it(opened: pikepdf.Pdf) -> None:
    """ISO 19005-3, 6.1.12: DocMDP only, and no digests in its reference."""
    assert list(opened.Root.Perms.keys()) == ["/DocMDP"]
    (reference,) = opened.Root.Perms.DocMDP.Reference
    assert reference.TransformMethod == "/DocMDP"
    assert reference.TransformParams.P == 1
    assert not {"/DigestLocation", "/DigestMethod", "/DigestValue"} & set(reference.keys())


def test_the_same_facts_are_signed_at_the_moment_that_is_given(key: Any) -> None:
    """Whatever this machine's clock says, and in whichever zone it stands."""
    found = examine(papers.signed(key), on=papers.ISSUED_ON, key_of={key.key.fingerprint: key.key}.get)
    assert found.verdict is Verdict.UNKNOWN_HERE
    assert found.signed_at == papers.AT


def test_a_name_of_the_issuer_of_any_length_fits(tmp_path: Path) -> None:
    for name in ("Ŵ" * 60, "x"):
        other = papers.loose_key(name)
        found = examine(papers.signed(other), on=papers.ISSUED_ON, key_of={other.key.fingerprint: other.key}.get)
        assert found.verdict is Verdict.UNKNOWN_HERE


# The record


def test_the_record_says_what_the_paper_says(opened: pikepdf.Pdf) -> None:
    assert list(opened.attachments) == ["record.json"]
    data = opened.attachments["record.json"].get_file().read_bytes()
    assert json.loads(data) == record_of(papers.certificate())
    assert data == signing.record_bytes(json.loads(data))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils reads the paper back")
def test_the_record_and_the_page_say_the_same(opened: pikepdf.Pdf, pdf: bytes, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    page = " ".join(said.split())
    record = json.loads(opened.attachments["record.json"].get_file().read_bytes())

    assert record["number"] in page.replace(" ", "")
    for words in (record["name"], record["issued_by"], record["modules"][0]["titles"]["en"]):
        assert words in page
    for day in (record["issued_on"], record["expires_on"]):
        year, _month, number = day.split("-")
        assert f"{int(number)} March {year}" in page
    for part in record["titles"]["en"].split(": "):
        assert part in page


def test_a_record_has_one_form_whatever_the_order_of_its_facts() -> None:
    assert signing.record_bytes({"a": 1, "b": "ũ"}) == signing.record_bytes({"b": "ũ", "a": 1})


# ISO 19005-3 (PDF/A-3), level A. The numbers are its clauses.


def test_a3_6_1_file_structure(opened: pikepdf.Pdf, pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-1.7\n%")
    assert all(byte > 127 for byte in pdf.split(b"\n", 2)[1][1:5])
    assert opened.pdf_version == "1.7"
    assert "/Version" not in opened.Root or opened.Root.Version == "/1.7"
    assert len(opened.trailer.ID) == 2
    assert "/Encrypt" not in opened.trailer
    assert pdf.rstrip().endswith(b"%%EOF")
    assert len(pdf) - len(pdf.rstrip()) <= 1
    for item in opened.objects:
        if isinstance(item, pikepdf.Stream):
            assert not {"/F", "/FFilter", "/FDecodeParms"} & set(item.keys())  # 6.1.7.1
            filters = item.get("/Filter", [])
            for name in [filters] if isinstance(filters, pikepdf.Name) else filters:
                assert name in ("/FlateDecode", "/DCTDecode")  # 6.1.7.2


def test_a3_extensions_of_pdf_1_7_only(opened: pikepdf.Pdf) -> None:
    for extension in opened.Root.get("/Extensions", {}).values():
        assert extension.BaseVersion == "/1.7"


def test_a3_6_2_colours_have_their_profile(opened: pikepdf.Pdf) -> None:
    intents = [one for one in opened.Root.OutputIntents if one.S == "/GTS_PDFA1"]
    assert len(intents) == 1
    profile = intents[0].DestOutputProfile.read_bytes()
    assert profile[16:20] == b"RGB "
    assert profile[36:40] == b"acsp"
    assert int(intents[0].DestOutputProfile.N) == 3
    for page in opened.pages:
        for operands, operator in pikepdf.parse_content_stream(page):
            assert str(operator) not in ("k", "K")  # no CMYK: the profile is RGB
            if str(operator) in ("cs", "CS"):
                assert str(operands[0]) not in ("/DeviceCMYK",)


def test_a3_6_2_pictures_and_objects_are_plain(opened: pikepdf.Pdf) -> None:
    for item in opened.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Type") == "/XObject":
            assert item.Subtype in ("/Image", "/Form")  # 6.2.9: no PostScript
            assert not {"/OPI", "/Ref", "/PS", "/Alternates"} & set(item.keys())
            assert not bool(item.get("/Interpolate", False))  # 6.2.8
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/ExtGState":
            assert not {"/TR", "/HTP"} & set(item.keys())  # 6.2.5


def test_a3_6_2_11_fonts_are_inside_and_can_be_read_back(opened: pikepdf.Pdf) -> None:
    """Also ISO 14289-1, 7.21."""
    fonts = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
    described = [item for item in fonts if "/FontDescriptor" in item]
    assert described
    for font in described:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys())
    composite = [item for item in fonts if item.Subtype == "/Type0"]
    assert composite
    for font in composite:
        assert font.Encoding == "/Identity-H"
        assert "/ToUnicode" in font  # 6.2.11.7
        (descendant,) = font.DescendantFonts
        if descendant.Subtype == "/CIDFontType2":
            assert descendant.CIDToGIDMap == "/Identity" or isinstance(descendant.CIDToGIDMap, pikepdf.Stream)


def test_a3_6_3_annotations_print_and_are_not_hidden(opened: pikepdf.Pdf) -> None:
    for page in opened.pages:
        for one in page.get("/Annots", []):
            flags = int(one.F)
            assert flags & PRINT
            assert not flags & (HIDDEN | INVISIBLE | NO_VIEW | TOGGLE_NO_VIEW)
            assert one.Subtype in ("/Widget", "/Link")
            if one.Subtype == "/Widget":
                left, bottom, right, top = (float(number) for number in one.Rect)
                assert (left, bottom) == (right, top)  # 6.3.3: nothing to see needs no appearance


def test_a3_6_4_the_form_holds_the_signature_alone(opened: pikepdf.Pdf) -> None:
    form = opened.Root.AcroForm
    assert len(form.Fields) == 1
    assert form.SigFlags == 3
    assert not bool(form.get("/NeedAppearances", False))
    assert "/XFA" not in form
    (only,) = form.Fields
    assert not {"/A", "/AA"} & set(only.keys())


def test_a3_6_5_nothing_acts(opened: pikepdf.Pdf) -> None:
    assert not {"/OpenAction", "/AA", "/Collection", "/Requirements", "/NeedsRendering"} & set(opened.Root.keys())
    assert "/JavaScript" not in opened.Root.Names
    for item in opened.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Action":
            assert item.S in ("/GoTo", "/URI")


def metadata(opened: pikepdf.Pdf) -> ET.Element:
    return ET.fromstring(opened.Root.Metadata.read_bytes().decode())  # noqa: S314 -- our own


def said_in(xmp: ET.Element, name: str) -> list[str]:
    attributes = [one.attrib[name] for one in xmp.iter() if name in one.attrib]
    return attributes + [one.text or "" for one in xmp.iter(name)]


def test_a3_6_6_metadata_claim_the_level(opened: pikepdf.Pdf) -> None:
    xmp = metadata(opened)
    assert said_in(xmp, PDFA + "part") == ["3"]
    assert said_in(xmp, PDFA + "conformance") == ["A"]


def test_a3_6_7_the_paper_is_tagged_in_its_language(opened: pikepdf.Pdf) -> None:
    """Also ISO 14289-1, 7.1 and 7.2."""
    assert bool(opened.Root.MarkInfo.Marked)
    assert not bool(opened.Root.MarkInfo.get("/Suspects", False))
    assert str(opened.Root.Lang) == "en"
    tree = opened.Root.StructTreeRoot
    assert "/ParentTree" in tree
    elements = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item]
    kinds = {str(item.S) for item in elements if "/P" in item}
    assert "/Document" in kinds
    assert kinds & {"/H1", "/H"}


def test_a3_6_8_the_attachment_says_what_it_is_to_the_paper(opened: pikepdf.Pdf) -> None:
    """Also ISO 14289-1, 7.11."""
    name, spec = opened.Root.Names.EmbeddedFiles.Names
    assert str(name) == str(spec.F) == str(spec.UF) == "record.json"
    assert spec.AFRelationship == "/Data"
    assert [one.objgen for one in opened.Root.AF] == [spec.objgen]
    assert spec.EF.F.objgen == spec.EF.UF.objgen
    assert spec.EF.F.Subtype == "/application/json"
    assert str(spec.EF.F.Params.ModDate) == "D:20260303093000Z"
    assert int(spec.EF.F.Params.Size) == len(spec.EF.F.read_bytes())


def test_a3_6_9_and_6_10_no_layers_and_no_other_presentation(opened: pikepdf.Pdf) -> None:
    assert "/OCProperties" not in opened.Root
    assert "/AlternatePresentations" not in opened.Root.Names
    assert not any("/PresSteps" in page for page in opened.pages)


# ISO 14289-1 (PDF/UA-1)


def test_ua_5_and_7_1_the_mark_and_the_title(opened: pikepdf.Pdf) -> None:
    xmp = metadata(opened)
    assert said_in(xmp, PDFUA + "part") == ["1"]
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
    (title,) = xmp.iter("{http://purl.org/dc/elements/1.1/}title")
    assert [item.text for item in title.iter(RDF + "li")] == ["K7M2 QXAB 9TRE"]


def test_ua_7_1_everything_drawn_is_tagged_or_an_artifact(opened: pikepdf.Pdf) -> None:
    for page in opened.pages:
        inside = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in ("BDC", "BMC"):
                inside += 1
            elif str(operator) == "EMC":
                inside -= 1
            elif str(operator) in ("Tj", "TJ", "'", '"', "Do", "sh", "BI"):
                assert inside > 0, operands
        assert inside == 0


def test_ua_7_3_pictures_have_words(opened: pikepdf.Pdf) -> None:
    figures = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
    assert all(str(item.get("/Alt", "")) or str(item.get("/ActualText", "")) for item in figures)


def test_ua_7_18_the_field_is_outside_the_page_and_the_page_has_an_order(opened: pikepdf.Pdf) -> None:
    for page in opened.pages:
        assert page.Tabs == "/S"
        for one in page.get("/Annots", []):
            if one.Subtype == "/Widget":
                left, _bottom, right, _top = (float(number) for number in one.Rect)
                assert max(left, right) < 0  # 7.18.1 and 7.18.4 ask nothing of what is outside
                assert str(one.TU)


# Neutral, small, quick


def test_nothing_in_the_file_says_more_than_the_paper(opened: pikepdf.Pdf, pdf: bytes) -> None:
    assert b"pyHanko" not in pdf
    info = {str(key): str(value) for key, value in opened.docinfo.items()}
    assert info["/Title"] == "K7M2 QXAB 9TRE"
    assert not {"/Author", "/Subject", "/Keywords"} & set(info)
    for word in papers.NAME.split():
        assert word not in str(info) + opened.Root.Metadata.read_bytes().decode()
    assert not {"/Name", "/Reason", "/Location", "/ContactInfo"} & set(signature_of(opened).keys())


def test_what_was_drawn_stays_as_it_was(pdf: bytes) -> None:
    assert pdf.startswith(papers.drawn())


def test_signing_costs_little(key: Any, pdf: bytes) -> None:
    assert len(pdf) <= 60_000
    assert len(pdf) - len(papers.drawn()) <= 8_000
    spent = []
    for _again in range(20):
        began = time.thread_time()
        papers.signed(key)
        spent.append(time.thread_time() - began)
    # The best of twenty, in time of the processor: what the work costs, not what else the machine does. Budget 25 ms.
    assert min(spent) <= 0.025


# A time-stamp


def stamper() -> DummyTimeStamper:
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Clock")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    builder = (
        builder.serial_number(7).not_valid_before(papers.KEY_MADE_AT).not_valid_after(papers.AT.replace(year=2040))
    )
    pem = builder.sign(private, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    return DummyTimeStamper(
        tsa_cert=signing._x509(pem),
        tsa_key=asn1_keys.PrivateKeyInfo.load(private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        fixed_dt=datetime(2026, 3, 3, 10, tzinfo=UTC),
    )


def test_with_a_service_the_signature_carries_its_time_stamp(
    key: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    settings.TIMESTAMP_ADDRESS = "https://clock.example/"

    def ask(address: str) -> DummyTimeStamper:
        asked.append(address)
        return stamper()

    monkeypatch.setattr(signing, "_timestamper", ask)
    pdf = papers.signed(key)

    assert asked == ["https://clock.example/"]
    (info,) = cms_of(pdf)["content"]["signer_infos"]
    (attribute,) = info["unsigned_attrs"]
    assert attribute["type"].native == "signature_time_stamp_token"
    found = examine(pdf, on=papers.ISSUED_ON, key_of={key.key.fingerprint: key.key}.get)
    assert found.verdict is Verdict.UNKNOWN_HERE
    assert found.time_stamped_at == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert found.time_stamped_by == "Common Name: Clock"
    assert len(pdf) <= 60_000


def test_a_time_stamp_is_neither_taken_out_nor_put_in(
    key: Any, pdf: bytes, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No signature covers it: somebody could let a paper be older or younger in the eyes of a reader."""
    monkeypatch.setattr(signing, "_timestamper", lambda address: stamper())
    monkeypatch.setattr(signing, "RESERVED", signing.RESERVED_WITH_TIME)
    stamped = papers.signed(key)

    def look(data: bytes) -> Verdict:
        return examine(data, on=papers.ISSUED_ON, key_of={key.key.fingerprint: key.key}.get).verdict

    assert look(stamped) is Verdict.UNKNOWN_HERE
    begin = stamped.index(b"/Contents <") + len(b"/Contents <")
    end = stamped.index(b">", begin)
    without = cms.ContentInfo.load(cms_of(stamped).dump())
    (info,) = without["content"]["signer_infos"]
    info["unsigned_attrs"] = []
    bare = without.dump(force=True).hex().upper().encode().ljust(end - begin, b"0")
    assert look(stamped[:begin] + bare + stamped[end:]) is Verdict.CHANGED
    # Signed without a service, with as much room as one would take.
    monkeypatch.setattr(signing, "_timestamper", lambda address: None)
    assert look(papers.signed(key)) is Verdict.CHANGED


def test_a_time_stamp_of_another_signature_is_refused(key: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stale(DummyTimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            return await super().async_timestamp(bytes(32), md_algorithm)

    settings.TIMESTAMP_ADDRESS = "https://clock.example/"
    stale = stamper()
    stale.__class__ = Stale
    monkeypatch.setattr(signing, "_timestamper", lambda address: stale)
    found = examine(papers.signed(key), on=papers.ISSUED_ON, key_of={key.key.fingerprint: key.key}.get)
    assert found.verdict is Verdict.CHANGED


def test_when_the_service_does_not_answer_there_is_no_paper(key: Any, settings: Any) -> None:
    settings.TIMESTAMP_ADDRESS = "http://127.0.0.1:9/"
    with pytest.raises(signing.CannotSign):
        papers.signed(key)


def test_what_is_no_pdf_is_not_signed(key: Any) -> None:
    with pytest.raises(signing.CannotSign):
        signing.signed(b"not a PDF", signing_key=key, record={}, at=papers.AT)
