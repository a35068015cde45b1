"""Whether a file is the picture that its name says, and holds nothing but a picture."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from PIL import Image, UnidentifiedImageError

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
DRAWING_BYTES = 6_000  # the issue of the packs: drawings up to 6 KB
_ACTIVE = {"script", "foreignobject", "iframe", "object", "embed", "handler", "audio", "video", "set", "animate"}
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import|javascript:|expression\(", re.IGNORECASE)


def problems(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """``(level, what)`` of everything wrong with a picture."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix == ".svg":
        yield from _drawing(data)
    elif suffix in FORMATS:
        yield from _photograph(data, FORMATS[suffix])
    else:
        yield "error", "a picture is a file of the kind svg, png, jpg or webp"


def _photograph(data: bytes, wanted: str) -> Iterator[tuple[str, str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                found = image.format
                image.verify()
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ):
        yield "error", "this is not a picture"
        return
    if found != wanted:
        yield "error", f"this picture is of the kind {found}, and its name says otherwise"


def _drawing(data: bytes) -> Iterator[tuple[str, str]]:
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        yield "error", f"this is not a drawing: {error}"
        return
    if _bare(root.tag) != "svg":
        yield "error", "this is not a drawing: it does not begin with <svg>"
        return
    said: set[tuple[str, str]] = set()
    for element in root.iter():
        tag = _bare(element.tag)
        if tag in _ACTIVE:
            said.add(("error", f"<{tag}> has no place in a drawing: it must do nothing by itself"))
        if tag in ("text", "tspan"):
            said.add(("error", "words stand inside the drawing, where nobody can translate them"))
        for attribute, given in element.attrib.items():
            name = _bare(attribute)
            if name.startswith("on"):
                said.add(("error", f"{name} has no place in a drawing: it must do nothing by itself"))
            elif (name == "href" and not given.strip().startswith("#")) or _OUTSIDE.search(given):
                said.add(("error", "the drawing fetches something from outside"))
        if tag == "style" and _OUTSIDE.search(element.text or ""):
            said.add(("error", "the drawing fetches something from outside"))
    yield from sorted(said)
    if len(data) > DRAWING_BYTES:
        yield "warning", f"the drawing has {len(data) / 1000:.1f} KB; {DRAWING_BYTES // 1000} KB is enough"


def _bare(name: object) -> str:
    return str(name).rpartition("}")[2].lower()
