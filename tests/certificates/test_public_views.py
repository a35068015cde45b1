"""Anybody may check a number; nobody learns a name, a reason, or that another number exists."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from certificates import actions
from certificates.models import Certificate
from people.models import AccessEntry
from programme.models import Installation
from tests.certificates.making import World
from tests.factories import TODAY

UNKNOWN = "This number is not known here. Check the number on the paper."
RUBBISH = ["AAAABBBBCCCC", "x", "0", "<script>", "' OR 1=1 --", "ŵũé", "A" * 300, "%00", "..", "🌿"]
BLOCKED = tomllib.loads((Path(settings.BASE_DIR) / "curriculum" / "blocked_words.toml").read_text())


@pytest.fixture
def certificate(world: World) -> Certificate:
    """Issued on ``TODAY`` for six months; the real clock decides what the page says of it."""
    world.earn("M4")
    return world.certify(on=TODAY)


@pytest.fixture
def current(world: World) -> Certificate:
    """One that is current whatever the day of the test: without an end."""
    world.induction.valid_months = None
    world.induction.save()
    world.earn("M4")
    return world.certify(on=TODAY)


def main(response: Any) -> str:
    """The words between the header and the footer."""
    html = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)
    assert html
    return " ".join(re.sub(r"<[^>]+>", " ", html[0]).split())


def test_a_current_certificate(client: Client, current: Certificate) -> None:
    response = client.get(f"/verify/{current.serial}/")
    assert response.status_code == 200
    text = main(response)
    for words in (current.number, "Current", "Certificate: induction", "June 2026", "Family Learning Programme"):
        assert words in text
    said = response.content.decode().replace(current.number, "").replace(current.serial, "")
    for word in ("Wanjikũ", "Amélia", "15 June", "KE", "Esther", "Wambui", current.term.learner.alias):
        assert word not in said
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "<title>Thuto</title>" in response.content.decode()


def test_suspended_replaced_and_withdrawn_are_one_answer(client: Client, world: World) -> None:
    world.earn("M4")
    old = world.certify(on=TODAY)
    pages = []
    actions.suspend(certificate=old, by=world.coordinator, on=TODAY)
    pages.append(main(client.get(f"/verify/{old.serial}/")))
    actions.restore(certificate=old, by=world.second_coordinator, on=TODAY)
    new = actions.replace(certificate=old, by=world.coordinator, on=TODAY)
    pages.append(main(client.get(f"/verify/{old.serial}/")))
    actions.revoke(certificate=new, by=world.coordinator, on=TODAY)
    pages.append(main(client.get(f"/verify/{new.serial}/")))
    for text in pages:
        assert "Not current This certificate does not count today." in text
        for reason in ("suspended", "replaced", "revoked", "withdrawn"):
            assert reason not in text.lower()


def test_the_last_day_is_current_and_the_next_expired(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.induction.valid_months = 1
    world.induction.save()
    world.earn("M4")
    certificate = world.certify(on=TODAY)
    last = datetime(2026, 7, 15, 12, tzinfo=UTC)
    for moment, words in ((last, "Current"), (last + timedelta(days=1), "Expired")):
        monkeypatch.setattr("certificates.public_views.timezone.now", lambda moment=moment: moment)
        assert words in main(client.get(f"/verify/{certificate.serial}/"))


def test_a_demonstration_certificate_says_so(client: Client, world: World) -> None:
    Installation.decide(is_demonstration=True)
    world.earn("M4")
    certificate = world.certify(on=TODAY)
    assert "Demonstration: not a real certificate" in main(client.get(f"/verify/{certificate.serial}/"))


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_gets_the_same_clear_sentence(client: Client, current: Certificate, rubbish: str) -> None:
    by_form = client.get("/verify/", {"number": rubbish}, follow=True)
    assert by_form.status_code == 404
    assert UNKNOWN in main(by_form)
    if rubbish not in ("..", "%00"):
        by_address = client.get(f"/verify/{rubbish}/")
        assert by_address.status_code == 404
        if "/" not in rubbish:
            assert UNKNOWN in main(by_address)


def test_a_name_posted_to_an_unknown_number_gets_the_same_sentence(client: Client, current: Certificate) -> None:
    response = client.post("/verify/AAAABBBBCCCC/", {"name": "Wanjikũ"})
    assert response.status_code == 404
    assert main(response) == main(client.get("/verify/AAAABBBBCCCC/"))


def test_known_unknown_and_rubbish_do_the_same_work(
    client: Client, current: Certificate, django_assert_num_queries: Any
) -> None:
    client.get("/verify/")  # what this database is, is asked once
    for number in (current.serial, "AAAABBBBCCCC", "x"):
        with django_assert_num_queries(4):
            client.get(f"/verify/{number}/")
        with django_assert_num_queries(4):
            client.post(f"/verify/{number}/", {"name": "Wanjikũ"})


@pytest.mark.parametrize("typed", ["K7", "  ", "https://example.org/verify/{serial}/?language=sw", "{spaced}", "{low}"])
def test_the_number_or_the_address_may_be_typed(client: Client, current: Certificate, typed: str) -> None:
    serial = current.serial
    typed = typed.format(serial=serial, spaced=current.number, low=f" {serial[:6].lower()}-{serial[6:]} ")
    response = client.get("/verify/", {"number": typed}, follow=True)
    assert response.status_code == (200 if len(typed) > 4 else 404)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("amelia", "The name matches."),
        ("Wanjikũ", "The name matches."),
        ("Dlamini", "The name does not match. Check how it is written on the paper."),
    ],
)
def test_a_name_typed_from_the_paper(client: Client, current: Certificate, name: str, words: str) -> None:
    response = client.post(f"/verify/{current.serial}/", {"name": name})
    assert response.status_code == 200
    assert words in main(response)
    assert "Amélia" not in response.content.decode()


def test_an_empty_name_says_neither(client: Client, current: Certificate) -> None:
    text = main(client.post(f"/verify/{current.serial}/", {"name": ""}))
    assert "The name" not in text


def test_names_cannot_be_tried_without_end(client: Client, current: Certificate) -> None:
    answers = [client.post(f"/verify/{current.serial}/", {"name": f"Name{n}"}).status_code for n in range(11)]
    assert answers == [200] * 10 + [429]
    late = client.post(f"/verify/{current.serial}/", {"name": "Amélia"})
    assert "Wait a minute" in main(late)
    assert "matches" not in main(late)


def test_many_addresses_cannot_try_one_number_without_end(client: Client, current: Certificate) -> None:
    answers = [
        client.post(f"/verify/{current.serial}/", {"name": f"Name{n}"}, REMOTE_ADDR=f"10.0.0.{n}").status_code
        for n in range(31)
    ]
    assert answers == [200] * 30 + [429]


def test_the_language_is_the_reader_s_with_a_switch(client: Client, current: Certificate) -> None:
    by_browser = client.get(f"/verify/{current.serial}/", headers={"accept-language": "sw, en;q=0.5"})
    assert '<html lang="sw"' in by_browser.content.decode()
    switched = client.get(f"/verify/{current.serial}/?language=fr", headers={"accept-language": "sw"})
    assert '<html lang="fr"' in switched.content.decode()
    assert 'href="/verify/' + current.serial + '/?language=pt"' in switched.content.decode()
    strange = client.get("/verify/?language=../etc")
    assert '<html lang="en"' in strange.content.decode()
    kept = client.get("/verify/", {"number": current.serial, "language": "sw"})
    assert kept.headers["Location"] == f"/verify/{current.serial}/?language=sw"


def test_somebody_of_the_programme_leaves_a_line_that_she_can_read(
    client: Client, world: World, current: Certificate
) -> None:
    client.force_login(world.second_coordinator)
    client.get(f"/verify/{current.serial}/")
    entry = AccessEntry.objects.filter(kind="certificate_checked").get()
    assert (entry.subject, entry.actor, entry.actor_role) == (
        world.learner,
        world.second_coordinator,
        "programme_manager",
    )


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def blocked_in(html: str) -> list[str]:
    text = plain(html)
    found = []
    for word in sorted({word for words in BLOCKED.values() for word in words}):
        pattern = rf"(?<!\w){re.escape(plain(word)).replace(r'\*', r'\w*')}(?!\w)"
        if re.search(pattern, text):
            found.append(word)
    return found


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_no_page_in_any_language_says_what_it_must_not(client: Client, current: Certificate, language: str) -> None:
    shown = [
        client.get(f"/verify/?language={language}"),
        client.get(f"/verify/AAAABBBBCCCC/?language={language}"),
        client.get(f"/verify/{current.serial}/?language={language}"),
        client.post(f"/verify/{current.serial}/?language={language}", {"name": "Amélia"}),
        client.post(f"/verify/{current.serial}/?language={language}", {"name": "Nobody"}),
    ]
    for response in shown:
        assert blocked_in(response.content.decode() + str(response.headers)) == []


def test_the_word_list_would_find_one() -> None:
    assert blocked_in("<p>Une clinique, and an ANTIRETROVIRAL</p>") == [
        "antiretrovira*",
        "antiretroviral*",
        "clinique*",
    ]
