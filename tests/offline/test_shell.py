"""The documents that a phone keeps of the site itself."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from offline.kinds import reasons
from offline.views import SHELL, WORKER
from programme.models import Installation

HEALTH = re.compile(r"health|clinic|mother|pregnan|nutrition|afya|mama", re.IGNORECASE)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_shell_is_the_same_for_everybody_and_may_be_kept(client: Client, language: str) -> None:
    answer = client.get(f"/{language}/keep/")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert "csrfmiddlewaretoken" not in answer.text
    assert f'<html lang="{language}"' in answer.text
    assert "<title>Thuto</title>" in answer.text


def test_only_the_shell_may_open_what_lies_in_memory(client: Client) -> None:
    shell, other = (client.get(path).headers["Content-Security-Policy"] + ";" for path in ("/en/keep/", "/pause/"))

    assert "media-src 'self' data:" in shell
    assert "manifest-src 'self'" in shell
    assert "media-src 'self';" in other
    assert "manifest-src" not in other
    assert "unsafe" not in shell


def test_every_reason_has_its_sentence_on_the_phone(client: Client) -> None:
    page = client.get("/en/keep/").text

    assert reasons()
    for reason, words in reasons().items():
        assert f'data-word="{reason}">{words}' in page.replace("&#x27;", "'")


def test_what_the_phone_fills_in_survives_translation(client: Client) -> None:
    """A hole that a translation lost would be a number that she never reads."""
    holes = {}
    for language in settings.COMPLETE_LANGUAGES:
        page = client.get(f"/{language}/keep/").text
        words = re.findall(r'data-word="([^"]+)">([^<]*)<', page)
        holes[language] = {name: sorted(re.findall(r"\{(\w+)\}", said)) for name, said in words}

    assert holes["sw"] == holes["en"]
    assert ["got", "total"] in holes["en"].values()


def test_it_can_be_put_on_the_first_screen_and_says_nothing_there(client: Client) -> None:
    page = client.get("/sw/keep/").text
    (address,) = re.findall(r'<link rel="manifest" href="([^"]+)"', page)
    answer = client.get(address)
    said = json.loads(answer.content)

    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (said["name"], said["start_url"], said["scope"]) == ("Thuto", "/sw/keep/", "/")
    assert not HEALTH.search(answer.text)


def test_the_worker_changes_with_what_is_kept(client: Client) -> None:
    worker = client.get("/worker.js").text
    (release,) = re.findall(r'const RELEASE = "([0-9a-f]{12})"', worker)

    assert f'data-release="{release}"' in client.get("/en/keep/").text
    for name in (SHELL, WORKER):
        assert name in worker


def test_shell_of_a_demonstration_says_so(db: None, client: Client) -> None:
    Installation.decide(is_demonstration=True)
    assert Installation.is_demo()  # the process has learned it, as it does at its start
    assert "Demonstration: nothing here is real." in client.get("/en/keep/").content.decode()


@pytest.mark.parametrize("name", settings.JOINED_FILES)
def test_parts_that_run_together_do_not_take_each_others_names(name: str) -> None:
    """Two functions of one name in one script: the later one silently takes the place of the other."""
    beside = ["offline/kept-shell.js"] if name in ("offline/kept-hearing.js", "offline/kept-list.js") else []
    parts = [part for each in (*beside, name) for part in settings.JOINED_FILES[each]]
    text = "\n".join((settings.BASE_DIR / "static" / part).read_text() for part in parts)
    names = re.findall(r"^(?:const|let|class|(?:async )?function) (\w+)", text, re.MULTILINE)
    assert sorted({each for each in names if names.count(each) > 1}) == []
