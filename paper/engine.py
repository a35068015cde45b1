"""HTML in, PDF bytes out, with our own fonts and nothing from outside. The only place that knows WeasyPrint."""

from __future__ import annotations

import logging
import re
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from paper import tags

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

FONTS = Path(__file__).resolve().parent / "fonts"
FONT_FILES = (
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "NotoSerifDisplay-Regular.ttf",
    "NotoSansEthiopic-Regular.ttf",
    "NotoSansEthiopic-Bold.ttf",
)

PAGE = re.compile(r"Page (\d+)")

_one_at_a_time = threading.Lock()


class OutsideRefused(ValueError):
    """The document asked for something that is not part of it."""


class CannotPrint(Exception):
    """This server lacks Pango, or a font of ours is gone: nothing can be printed until somebody installs it."""


@dataclass(frozen=True, eq=False)
class _Setting:
    """What takes long to prepare, made once for the life of the process."""

    fonts: FontConfiguration
    fetcher: Any


@cache
def _weasyprint() -> Any:
    """The library; it looks for Pango when it is loaded."""
    try:
        import weasyprint  # noqa: PLC0415 -- slow, and only what prints needs it
        import weasyprint.pdf.tags  # noqa: PLC0415
    except OSError as reason:
        raise CannotPrint(str(reason)) from reason
    tags.install(weasyprint.pdf.tags)
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


def missing_words(names: list[str]) -> str:
    """For whoever runs the server: which fonts are gone, and what to do."""
    return _("Nothing was printed: this server has no font file %(names)s. Put the program's own files back.") % {
        "names": ", ".join(names)
    }


@cache
def _setting() -> _Setting:
    if missing := [name for name in FONT_FILES if not (FONTS / name).exists()]:
        raise CannotPrint(missing_words(missing))
    _weasyprint()
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- with the library

    return _Setting(FontConfiguration(), own_files_only())


@cache
def _style(path: Path, setting: _Setting) -> CSS:
    """The faces that a style names live in the fonts of one setting: in another they would be somebody else's."""
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
            stylesheets=[_style(style, setting)],
            font_config=setting.fonts,
            pdf_variant=variant,
            finisher=_finish,
            pdf_identifier=identifier.encode(),
        )


def _finish(document: Any, pdf: Any) -> None:
    tags.finish(document, pdf)
    _compress_once(pdf)


def _compress_once(pdf: Any) -> None:
    """pydyf compresses a stream whenever it is asked for its bytes: for the file, and again for its identifier."""
    for each in pdf.objects:
        if not getattr(each, "compress", False):
            continue
        each.compress = False
        _dictionary, _keyword, content = each.data.partition(STREAM)
        each.stream = [zlib.compress(content.removesuffix(END_OF_STREAM), 9)]
        each.extra["Filter"] = "/FlateDecode"


STREAM, END_OF_STREAM = b"\nstream\n", b"\nendstream"


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
