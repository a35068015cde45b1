"""Pages are packed as small as a browser allows, and a length gives nothing away."""

from __future__ import annotations

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.compression import BrotliMiddleware, pack
from people.models import User
from tests.factories import give_consent, make_user

TEXT = b"<p>Greet her kindly. </p>" * 40


@pytest.mark.parametrize("length", [1, 2, 4, 5, 100, 255, 256])
def test_padding_is_passed_over(length: int) -> None:
    packed = pack(TEXT, quality=5, padding=bytes(range(256))[:length])

    assert brotli.decompress(packed) == TEXT
    assert len(packed) - len(pack(TEXT, quality=5, padding=b"x")) == length - 1


def answer(accepts: str, **headers: str) -> HttpResponse:
    response = HttpResponse(TEXT, headers={"Content-Type": "text/html", **headers})
    return BrotliMiddleware(lambda _request: response)(RequestFactory().get("/", HTTP_ACCEPT_ENCODING=accepts))


@pytest.mark.parametrize("accepts", ["gzip, deflate, br", "br;q=0.5", "gzip, br , zstd"])
def test_a_browser_that_takes_it_gets_it(accepts: str) -> None:
    response = answer(accepts)

    assert response.headers["Content-Encoding"] == "br"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert brotli.decompress(response.content) == TEXT


@pytest.mark.parametrize("accepts", ["", "gzip", "br;q=0", "gzip, br; q=0.0, zstd", "brown"])
def test_a_browser_that_does_not_gets_it_as_it_is(accepts: str) -> None:
    response = answer(accepts)

    assert (response.content, response.headers["Vary"]) == (TEXT, "Accept-Encoding")


def test_what_is_the_same_for_everybody_is_always_the_same() -> None:
    shared = {answer("br", **{"Cache-Control": "public"}).content for _ in range(20)}
    hers = {len(answer("br").content) for _ in range(40)}

    assert len(shared) == 1
    assert len(hers) > 5


@pytest.mark.parametrize("kind", ["audio/ogg", "application/octet-stream", "image/webp"])
def test_what_is_packed_already_is_left(kind: str) -> None:
    assert answer("br", **{"Content-Type": kind}).content == TEXT


@pytest.mark.django_db
def test_a_page_of_hers_is_smaller_than_with_gzip(client: Client) -> None:
    user: User = make_user()
    give_consent(user)
    client.force_login(user)

    gzipped, packed = (client.get("/en/settings/", HTTP_ACCEPT_ENCODING=accepts) for accepts in ("gzip", "gzip, br"))

    assert (gzipped.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == ("gzip", "br")
    assert len(packed.content) < len(gzipped.content)
    assert packed.headers["Cache-Control"] == "no-store, private"
    assert "Settings" in brotli.decompress(packed.content).decode()
