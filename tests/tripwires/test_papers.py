"""What the libraries of papers do by themselves, and what we do therefore. An upgrade that changes one fails here."""

from __future__ import annotations

import io
import warnings
from datetime import UTC, datetime
from inspect import signature
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from pyhanko.pdf_utils import embed
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from weasyprint import HTML
from weasyprint.pdf import tags as library_tags

from certificates.genuine import OURS
from certificates.signing import RESERVED, _Signer
from tests.certificates.signed import loose_key

WORDS = "<html lang='en'><title>K7M2</title><h1>Words</h1>"


def drawn(html: str = WORDS) -> bytes:
    """As WeasyPrint draws by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return HTML(string=html).write_pdf(pdf_variant="pdf/a-3a")


@pytest.fixture(scope="module")
def plain() -> bytes:
    return drawn()


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def signed_by_the_book(pdf: bytes) -> bytes:
    """As the library's own pages say, with a key of ours."""
    out = io.BytesIO()
    about = PdfSignatureMetadata(field_name="S", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    signer = PdfSigner(about, _Signer(loose_key()), new_field_spec=SigFieldSpec("S"))
    signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out, bytes_reserved=RESERVED)
    return out.getvalue()


# WeasyPrint


def test_the_archival_variant_has_no_mark_of_accessibility(plain: bytes) -> None:
    """paper/engine.py adds it. With a mark of its own there would be two."""
    found = opened(plain)
    xmp = found.Root.Metadata.read_bytes()
    assert b"pdfaid" in xmp
    assert b"pdfuaid" not in xmp


def test_the_archival_variant_is_pdf_1_7(plain: bytes) -> None:
    assert plain.startswith(b"%PDF-1.7")


def test_a_page_has_its_order_of_fields_by_itself(plain: bytes) -> None:
    """PDF/UA asks for one where there is a field, and the signature brings a field."""
    found = opened(plain)
    assert found.pages[0].Tabs == "/S"


def test_a_picture_without_words_is_tagged_all_the_same() -> None:
    """So that an ornament must be a background: as a picture with alt="" it is a Figure that PDF/UA refuses (7.3)."""
    picture = (
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>"
    )
    pdf = opened(drawn(WORDS + f'<img alt="" src="{picture}">'))
    figures = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
    assert len(figures) == 1
    assert "/Alt" not in figures[0]


def test_tags_lack_by_themselves_what_we_put_in(plain: bytes) -> None:
    """paper/tags.py: what is there one day by itself can go there."""
    table = "<table><tr><th>A</th></tr><tr><td>1</td></tr></table>"
    picture = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><title>B</title><path d='M0 0h9v9z'/></svg>"
    pdf = opened(drawn(WORDS + f'<p lang="sw">Maneno</p>{table}{picture}'))
    elements = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"]
    assert [one for one in elements if "/Lang" in one] == []
    assert any("/ID" in one for one in elements)
    assert "/IDTree" not in pdf.Root.StructTreeRoot
    (figure,) = [one for one in elements if one.S == "/Figure"]
    # Nine CSS pixels, and counted from the upper edge.
    assert float(figure.A.BBox[2]) - float(figure.A.BBox[0]) == 9
    assert float(figure.A.BBox[1]) < float(pdf.pages[0].MediaBox[3]) / 2


def test_tags_are_made_by_a_function_that_can_be_wrapped() -> None:
    """paper/tags.py stands around it; the library asks for it by its name for each box."""
    build = getattr(library_tags._build_box_tree, "__wrapped__", library_tags._build_box_tree)
    assert list(signature(build).parameters) == [
        "box",
        "parent",
        "pdf",
        "page_number",
        "nums",
        "annotations",
        "tags",
    ]
    assert "_build_box_tree" in build.__code__.co_names


# pyHanko


def test_a_signature_by_the_book_raises_the_version(plain: bytes) -> None:
    """PDF/A-3 is a kind of PDF 1.7: certificates/signing.py keeps the version down."""
    found = opened(signed_by_the_book(plain))
    assert found.Root.Version == "/2.0"


def test_a_signature_by_the_book_lies_in_the_corner_of_the_page(plain: bytes) -> None:
    """There PDF/UA asks for a tag: certificates/signing.py puts the field outside."""
    found = opened(signed_by_the_book(plain))
    (field,) = found.Root.AcroForm.Fields
    assert [int(side) for side in field.Rect] == [0, 0, 0, 0]


def test_a_signature_by_the_book_names_the_library_and_the_clock(plain: bytes) -> None:
    """certificates/signing.py leaves the metadata alone and gives the moment itself."""
    found = opened(signed_by_the_book(plain))
    assert "pyHanko" in str(found.docinfo.get("/Producer", ""))
    (field,) = found.Root.AcroForm.Fields
    assert str(field.V.M)[2:6] == str(datetime.now(UTC).year)


def test_an_attachment_with_a_relation_raises_the_version(plain: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(plain))
    file = embed.EmbeddedFileObject.from_file_data(writer, b"{}", mime_type="application/json")
    embed.embed_file(writer, embed.FileSpec("r.json", embedded_data=file, af_relationship=pdf_name("/Data")))
    assert writer.output_version == (2, 0)


def test_a_signature_stands_in_the_file_as_it_is_looked_for(plain: bytes) -> None:
    """certificates/genuine.py finds it by its bytes. Another spelling is to be added there, beside the old one."""
    assert len(OURS.findall(signed_by_the_book(plain))) == 1


# cryptography


@pytest.mark.parametrize(("name", "fits"), [("Ŵ" * 32, True), ("Ŵ" * 33, False)])
def test_a_name_in_a_certificate_is_counted_in_bytes(name: str, fits: Any) -> None:
    """The standard counts letters; certificates/keys.py cuts by bytes."""
    try:
        x509.NameAttribute(x509.NameOID.COMMON_NAME, name)
    except ValueError:
        assert not fits
    else:
        assert fits
