"""A site that serves an earlier release of what phones keep, until the next one comes."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import threading
from pathlib import Path
from urllib.parse import urlsplit

RELEASES = Path(__file__).resolve().parents[1] / "offline" / "releases"
NOT_PASSED_ON = {"connection", "keep-alive", "transfer-encoding", "content-length"}
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8"}


class EarlierSite:
    """Answers ``/worker.js``, ``/en/keep/`` and old files of an earlier release, and passes on everything else.

    While it ``is_away`` nobody answers. After ``update`` the worker and the shell are those of ``url``; the old files
    stay, for pages that are open.
    """

    def __init__(self, url: str, release: str) -> None:
        self.folder, self._behind, self._is_old, self.is_away = RELEASES / release, urlsplit(url), True, False
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def update(self) -> None:
        """The new release is there."""
        self._is_old = False

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def own(self, path: str) -> Path | None:
        """The file of the earlier release that answers ``path``."""
        if path.startswith("/static/"):
            file = self.folder / path[1:]
            return file if file.is_file() else None
        names = {"/worker.js": "worker.js", "/en/keep/": "keep.html"} if self._is_old else {}
        return self.folder / names[path] if path in names else None

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._behind.hostname or "", self._behind.port, timeout=30)


class _Handler(http.server.BaseHTTPRequestHandler):
    site: EarlierSite
    protocol_version = "HTTP/1.1"

    def log_message(self, *_words: object) -> None:
        """Not a word."""

    def do_GET(self) -> None:
        if self.site.is_away:
            self.close_connection = True
            return
        own = self.site.own(urlsplit(self.path).path) if self.command == "GET" else None
        with contextlib.suppress(OSError):
            if own is not None:
                self._answer(
                    200, [("Content-Type", KINDS[own.suffix]), ("Cache-Control", "no-cache")], own.read_bytes()
                )
            else:
                self._pass_on()

    do_POST = do_HEAD = do_GET

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with contextlib.closing(self.site.connection()) as behind:
            behind.request(self.command, self.path, body or None, dict(self.headers))
            answer = behind.getresponse()
            content = answer.read()
            self._answer(
                answer.status, [each for each in answer.getheaders() if each[0].lower() not in NOT_PASSED_ON], content
            )

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
