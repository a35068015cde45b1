"""HTML in, PDF bytes out, with our own fonts and nothing from outside. The only place that knows WeasyPrint."""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

FONTS = Path(__file__).resolve().parent / "fonts"
FONT_FILES = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSerifDisplay-Regular.ttf")

UA_MARK = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/></rdf:RDF>"""
"""The archival variant is tagged but says only "PDF/A": this adds that it keeps PDF/UA too."""

PAGE = re.compile(r"Page (\d+)")

_one_at_a_time = threading.Lock()


class OutsideRefused(ValueError):
    """The document asked for something that is not part of it."""


class CannotPrint(Exception):
    """This server lacks Pango, or a font of ours is gone: nothing can be printed until somebody installs it."""


@dataclass(frozen=True)
class _Setting:
    """What takes long to prepare, made once for the life of the process."""

    fonts: FontConfiguration
    fetcher: Any


@cache
def _weasyprint() -> Any:
    """The library; it looks for Pango when it is loaded."""
    try:
        import weasyprint  # noqa: PLC0415 -- slow, and only what prints needs it
    except OSError as reason:
        raise CannotPrint(str(reason)) from reason
    return weasyprint


def own_files_only() -> Any:
    """A fetcher that opens our own fonts and what is written in the document itself; never the network."""
    _weasyprint()
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 -- with the library

    class OwnFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if not url.startswith(("data:", FONTS.as_uri() + "/")):
                raise OutsideRefused(url)
            return super().fetch(url, headers)

    return OwnFilesOnly(allowed_protocols={"data", "file"}, allow_redirects=False)


@cache
def _setting() -> _Setting:
    if missing := [name for name in FONT_FILES if not (FONTS / name).exists()]:
        raise CannotPrint(", ".join(missing))
    _weasyprint()
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- with the library

    return _Setting(FontConfiguration(), own_files_only())


@cache
def _style(path: Path) -> CSS:
    setting = _setting()
    return _weasyprint().CSS(
        string=path.read_text(), base_url=FONTS.as_uri() + "/", font_config=setting.fonts, url_fetcher=setting.fetcher
    )


def pdf_of(
    html: str,
    style: Path,
    *,
    identifier: str,
    variant: str = "pdf/a-3a",
    on_page: Callable[[int], None] | None = None,
) -> bytes:
    """``html`` set with ``style`` as a tagged PDF that keeps PDF/UA-1, its fonts inside.

    The same arguments give the same bytes. ``on_page`` hears the number of each page while it is laid out. Raises
    ``OutsideRefused`` where the document asks for anything but our fonts, ``CannotPrint`` where the server cannot.
    """
    with _one_at_a_time, warnings.catch_warnings(), _told(on_page):
        # WeasyPrint 70 leaves closing its own colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        setting = _setting()
        document = _weasyprint().HTML(string=html, base_url=FONTS.as_uri() + "/", url_fetcher=setting.fetcher)
        return document.write_pdf(
            stylesheets=[_style(style)],
            font_config=setting.fonts,
            pdf_variant=variant,
            xmp_metadata=[BytesIO(UA_MARK)] if variant.startswith("pdf/a") else None,
            pdf_identifier=identifier.encode(),
        )


class _Listener(logging.Handler):
    def __init__(self, on_page: Callable[[int], None]) -> None:
        super().__init__()
        self.on_page = on_page

    def emit(self, record: logging.LogRecord) -> None:
        if found := PAGE.search(record.getMessage()):
            self.on_page(int(found[1]))


@contextmanager
def _told(on_page: Callable[[int], None] | None) -> Iterator[None]:
    """The library tells its progress to a logger of its own; nothing else does."""
    if on_page is None:
        yield
        return
    progress, listener = logging.getLogger("weasyprint.progress"), _Listener(on_page)
    before, passed_on = progress.level, progress.propagate
    progress.addHandler(listener)
    progress.setLevel(logging.INFO)
    progress.propagate = False
    try:
        yield
    finally:
        progress.removeHandler(listener)
        progress.setLevel(before)
        progress.propagate = passed_on
