"""What WeasyPrint 70 leaves out when it tags a document, so that its PDF is read aloud as it is meant.

ISO 14289-1 (PDF/UA-1) and ISO 32000-1 ask for each of these; ``tests/tripwires/test_papers.py`` says when one is there
by itself and can go.

- a box that the layout adds inside a heading or a paragraph is no second heading (7.4);
- words in another language than the document's carry it (7.2);
- what repeats in the margin of every page is no content: it is read once, on no page (7.8);
- a heading of a table says whether it is one of a row or of a column, and can be found by its name (7.5; 14.7.2);
- a picture says where it stands (14.8.5.4.3): the library counts from the upper left corner, a PDF from the lower;
- the archival variant claims PDF/UA beside PDF/A, with the description of that claim that PDF/A asks for
  (ISO 19005-3, 6.6.2.3), in the one RDF element that metadata have (ISO 16684-1, 7.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

UA_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""

RDF_END = b"</rdf:RDF>"
POINTS = 0.75
"""Of a CSS pixel."""

MARGINS = {"@top": "Header", "@bottom": "Footer"}

Build = Callable[..., Iterator[Any]]


def install(tags: Any) -> None:
    """Make ``weasyprint.pdf.tags`` note what ``finish`` needs. Once; the library asks for the function by its name."""
    build = tags._build_box_tree  # noqa: SLF001 -- nothing else is asked for each box
    if not hasattr(build, "__wrapped__"):
        tags._build_box_tree = _noting(build)  # noqa: SLF001


def _noting(build: Build) -> Build:
    from weasyprint.formatting_structure.boxes import MarginBox  # noqa: PLC0415 -- with the library

    made_of: list[Any] = []

    @wraps(build)
    def noting(
        box: Any, parent: Any, pdf: Any, page: int, nums: dict[int, Any], annotations: list[Any], tags: dict[Any, Any]
    ) -> Iterator[Any]:
        box = getattr(box, "_box", box)
        if isinstance(box, MarginBox):
            _set_aside(box, pdf, page, nums, tags)
            return
        is_same = bool(made_of) and box.element is not None and made_of[-1] is box.element
        made_of.append(box.element)
        try:
            elements = list(build(box, parent, pdf, page, nums, annotations, tags))
        finally:
            made_of.pop()
        for element in elements:
            if is_same and element["S"] == parent["S"]:
                element["S"] = "/NonStruct"
            element.language = box.style["lang"]
            if element["S"] == "/TH":
                element["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"
            yield element

    return noting


def _set_aside(margin: Any, pdf: Any, page: int, nums: dict[int, Any], tags: dict[Any, Any]) -> None:
    """The words in ``margin`` belong to no element; in the page they become artifacts (``_margins``)."""
    aside = pdf.__dict__.setdefault("set_aside", {}).setdefault(page, {})
    for box in [box for box in margin.descendants() if box in tags]:
        mcid = tags.pop(box)["mcid"]
        nums[mcid] = b"null"
        aside[mcid] = next((kind for at, kind in MARGINS.items() if margin.at_keyword.startswith(at)), "")


def finish(document: Any, pdf: Any) -> None:
    """Put in what is missing: called by the library when everything but the end of the file is made."""
    from pydyf import Array, Dictionary, String  # noqa: PLC0415 -- with the library

    elements = [one for one in pdf.objects if isinstance(one, Dictionary) and one.get("Type") == "/StructElem"]
    named = []
    for element in elements:
        above = pdf.objects[_number(element["P"])]
        language = getattr(element, "language", None)
        if language and language != getattr(above, "language", document.metadata.lang):
            element["Lang"] = String(language)
        if "ID" in element:
            named.append((element["ID"].string, element))
        if element["S"] == "/Figure":
            height = float(pdf.objects[_number(element["Pg"])]["MediaBox"][3])
            left, top, right, bottom = (POINTS * side for side in element["A"]["BBox"])
            box = (left, height - bottom, right, height - top)
            element["A"]["BBox"] = Array(round(side, 2) for side in box)
    if named:
        root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
        named.sort(key=lambda pair: pair[0].encode())
        pairs = [part for name, element in named for part in (String(name), element.reference)]
        root["IDTree"] = Dictionary({"Names": Array(pairs)})
    _margins(pdf)
    _claim(pdf)


def _margins(pdf: Any) -> None:
    """Rename what ``_set_aside`` took out of the tree, in the stream of its page."""
    from pydyf import Dictionary  # noqa: PLC0415 -- with the library

    for page, aside in pdf.__dict__.get("set_aside", {}).items():
        contents = pdf.objects[_number(pdf.objects[_number(pdf.page_references[page])]["Contents"])]
        for place, part in enumerate(contents.stream):
            if isinstance(part, Dictionary) and part.get("MCID") in aside:
                about = {"Type": "/Pagination"}
                if kind := aside[part["MCID"]]:
                    about["Subtype"] = f"/{kind}"
                contents.stream[place - 1 : place + 1] = ["/Artifact", Dictionary(about)]


def _claim(pdf: Any) -> None:
    xmp = pdf.objects[_number(pdf.catalog["Metadata"])]
    (packet,) = xmp.stream
    if b"pdfuaid" not in packet:
        before, end, after = packet.rpartition(RDF_END)
        xmp.stream = [before + UA_CLAIM + end + after]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
