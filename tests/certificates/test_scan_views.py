"""The page that checks papers by camera, as the site gives it: what it holds, and what it must never hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from certificates.scan_views import day_patterns
from config.static_files import as_sent

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = (ROOT / "templates/certificates/scan_sentences.html").read_text()
SCRIPT = (ROOT / "static/verify/scan.js").read_text()
MOST_BYTES = 10_000
"""What page, style and script may cost together, compressed, without the decoder."""

pytestmark = pytest.mark.django_db


def joined(name: str) -> bytes:
    parts = [Path(str(find(part))).read_bytes() for part in settings.JOINED_FILES[name]]
    return as_sent(name, b"\n".join(parts))


def test_page_is_in_the_readers_language_and_in_no_index_and_no_cache(client: Client) -> None:
    for language, heading in (("en", "Scan the code"), ("sw", None)):
        page = client.get(f"/verify/scan/?language={language}")
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode()
        assert heading is None or heading in page.content.decode()
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Cache-Control"] == "no-store"


def test_page_gives_no_cookie_and_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/verify/scan/")
    with django_assert_num_queries(1):  # whether this is a demonstration
        page = client.get("/verify/scan/")
    assert page.cookies == {}
    assert "csrfmiddlewaretoken" not in page.content.decode()


def test_every_sentence_that_the_script_says_stands_in_the_page() -> None:
    said = set(re.findall(r'data-say="([\w-]+)"', SENTENCES))
    scripts = "\n".join(path.read_text() for path in (ROOT / "static/verify").glob("*.js"))
    asked = set(re.findall(r'(?:sentence|hint|said)\("([\w-]+)"|\bsay: "([\w-]+)"', scripts))
    asked = {one or other for one, other in asked} | {"current", "expired", "match", "no-match", "nearer", "number"}
    ages = [*re.findall(r'\[\d+, "(\w+)"\]', SCRIPT), "none", "ahead", "years"]
    assert asked | {f"list-{age}" for age in ages} == said


def test_a_script_says_no_sentence_of_its_own() -> None:
    for path in (ROOT / "static/verify").glob("*.js"):
        code = re.sub(r"//.*", "", path.read_text())
        words = re.findall(r'"([^"]*)"', code)
        assert [each for each in words if re.search(r"[a-z] [a-z]+ [a-z]", each) and "link[" not in each] == [], path


def test_page_stays_small() -> None:
    page = Client().get("/verify/scan/?language=fr").content
    style = (ROOT / "static/verify/scan.css").read_bytes()
    sizes = {
        "page": len(brotli.compress(page)),
        "style": len(brotli.compress(style)),
        "script": len(brotli.compress(joined("offline/kept-scan.js"))),
    }
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    assert len(brotli.compress(joined("offline/kept-check.js"))) <= 1000


def test_worker_may_answer_for_the_address_on_the_paper_and_knows_nothing_of_hers(client: Client) -> None:
    worker = client.get("/verify/scan/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/"
    assert worker.headers["Content-Type"] == "text/javascript"
    assert worker.content.decode().startswith('importScripts("/static/offline/kept-check')
    assert "indexedDB" not in joined("offline/kept-check.js").decode()


def test_page_works_without_the_decoder(client: Client, settings: Any) -> None:
    settings.HAS_DECODER = False
    assert 'data-decoder=""' in client.get("/verify/scan/").content.decode()
    settings.HAS_DECODER = True
    page = client.get("/verify/scan/").content.decode()
    assert 'data-decoder="/static/qr/decode.js"' in page
    assert 'data-files="/static/qr/decode.js /static/qr/index.js"' in page


def test_a_number_is_checked_without_script_too(client: Client) -> None:
    page = client.get("/verify/scan/").content.decode()
    assert re.search(r'<form method="get" action="/verify/"', page)
    assert re.search(r'<button class="button" type="button" data-part="scan" hidden>', page)


def test_days_have_one_place_for_day_and_year_in_every_language() -> None:
    for code, _name in settings.LANGUAGES:
        with override(code):
            patterns = day_patterns()
        assert len(patterns) == 12
        assert all(each.count("22") == 1 and each.count("2001") == 1 for each in patterns), (code, patterns)
