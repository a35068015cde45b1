"""Styles, scripts and icons as they are sent: under a name that follows their content, and compressed beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import brotli
import rcssmin
import rjsmin
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, find
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

SMALL_BYTES = 100_000
OUR_STYLES = re.compile(r"(?:thuto|verify/scan)(?:\.\w+)?\.css")
MINIFIERS = {".js": partial(rjsmin.jsmin, keep_bang_comments=True), ".css": rcssmin.cssmin}
"""They take away comments and white space, an eighth of the price; the line that says whose work it is stays.
``tests/test_old_phones.py`` proves that nothing else goes."""


class JoinedFiles(BaseFinder):
    """Scripts that one page loads together, as one file: compressed together they are a sixth smaller.

    ``settings.JOINED_FILES`` names the parts of each, in the order in which they are run.
    """

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:
        """Nothing that a development server could open: joined files are made when files are collected."""
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        made = InMemoryStorage()
        for name, parts in settings.JOINED_FILES.items():
            made.save(name, ContentFile(b"\n".join(_content(part) for part in parts)))
            yield name, made


def _content(name: str) -> bytes:
    found = find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_bytes()


def as_sent(name: str, source: bytes) -> bytes:
    """A script or style without what is written for those who maintain it."""
    return str(MINIFIERS[Path(name).suffix](source.decode())).encode()


def _goes_to_phones(name: str) -> bool:
    return bool(OUR_STYLES.fullmatch(name)) or (name.startswith(("offline/", "qr/")) and name.endswith(".js"))


class ServedFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, sparing what nobody asks for: copies under the plain name are not compressed.

    What goes to a phone is small and is compressed as far as it goes. The editor's scripts are half a
    megabyte each and take seconds that way, to be a tenth smaller on a desk.
    """

    # The decoder is two modules, and the one names the other.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("qr/*.js", ((r"(?P<matched>from ?'(?P<url>\./[\w.]+)')", "from '%(url)s'"),)),
    )

    def _save(self, name: str, content: Any) -> str:
        # Under its hashed name as well: that is the copy that is sent.
        if _goes_to_phones(name):
            content = ContentFile(as_sent(name, b"".join(content.chunks())))
        return super()._save(name, content)

    def create_compressor(self, **options: Any) -> Compressor:
        return _Compressor(**options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        served = set(self.hashed_files.values())
        yield from super().compress_files([path for path in paths if path in served and not path.endswith(".map")])


class _Compressor(Compressor):
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=11 if len(data) <= SMALL_BYTES else 9)
