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
from certificates.models import Certificate, new_serial
from people.models import AccessEntry
from programme.models import Installation
from tests.certificates.copies import erased_copy
from tests.certificates.making import World
from tests.factories import TODAY

NONE = "No current certificate has this number."
RUBBISH = ["AAAABBBBCCCC", "x", "0", "<script>", "' OR 1=1 --", "ŵũé", "A" * 300, "%00", "..", "🌿"]
# A nought, marks that turn the direction of writing, letters of other scripts that look like ours, a megabyte.
RUBBISH += ["\0", "\u202e\u2066", "КАРАВАСОТНЕ", "ＫＡＲＡＶＡ", "\ufdfa" * 50, "A1" * 500_000]
BLOCKED = tomllib.loads((Path(settings.BASE_DIR) / "curriculum" / "blocked_words.toml").read_text())


@pytest.fixture
def certificate(world: World) -> Certificate:
    """Issued on ``TODAY`` for six months; the real clock decides what the page says of it."""
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


def test_unknown_suspended_replaced_withdrawn_and_erased_are_one_answer(client: Client, world: World) -> None:
    """The same words, the same status, the same headers: the number alone is another."""
    world.earn("M4")
    old = world.certify(on=TODAY)

    def answer(serial: str) -> tuple[int, str, dict[str, str]]:
        response = client.get(f"/verify/{serial}/")
        number = " ".join(serial[start : start + 4] for start in (0, 4, 8))
        page = response.content.decode().replace(serial, "SERIAL").replace(number, "NUMBER")
        assert "NUMBER" in page
        return response.status_code, re.sub(r'csrf\w+" value="\w+"', "", page), dict(response.headers)

    unknown = answer(new_serial())
    actions.suspend(certificate=old, by=world.coordinator, on=TODAY)
    suspended = answer(old.serial)
    actions.restore(certificate=old, by=world.second_coordinator, on=TODAY)
    new = actions.replace(certificate=old, by=world.coordinator, on=TODAY)
    replaced = answer(old.serial)
    actions.revoke(certificate=new, by=world.coordinator, on=TODAY)
    withdrawn = answer(new.serial)
    erased = answer(erased_copy(new).serial)
    assert unknown == suspended == replaced == withdrawn == erased
    assert unknown[0] == 200
    assert NONE in unknown[1]
    for reason in ("suspended", "replaced", "revoked", "withdrawn", "erased", "removed"):
        assert reason not in unknown[1].lower()


def test_a_name_posted_to_what_is_not_current_gets_no_answer(client: Client, world: World) -> None:
    world.earn("M4")
    certificate = world.certify(on=TODAY)
    actions.suspend(certificate=certificate, by=world.coordinator, on=TODAY)
    response = client.post(f"/verify/{certificate.serial}/", {"name": "Wanjikũ"})
    assert main(response) == main(client.get(f"/verify/{certificate.serial}/"))
    assert "match" not in main(response)


def test_a_paper_whose_name_is_gone_stays_current_where_she_chose_so(client: Client, current: Certificate) -> None:
    stub = erased_copy(current, stays_current=True)
    text = main(client.get(f"/verify/{stub.serial}/"))
    assert "This certificate is current today." in text
    assert "Her name is no longer kept here, as she wished. It cannot be compared." in text
    assert "match" not in main(client.post(f"/verify/{stub.serial}/", {"name": "Wanjikũ"}))


def test_a_slip_of_the_hand_is_told_from_the_number_alone(client: Client, current: Certificate) -> None:
    """The hint is the same whether the right number is known or not, and wherever the slip is."""
    slip = "A letter is missing or not the right one"
    for serial in (current.serial, new_serial()):
        assert slip not in main(client.get(f"/verify/{serial}/"))
        for place in range(12):
            other = "A" if serial[place] != "A" else "B"
            assert slip in main(client.get(f"/verify/{serial[:place]}{other}{serial[place + 1 :]}/")), place
        swapped = serial[1] + serial[0] + serial[2:]
        if swapped != serial:
            assert slip in main(client.get(f"/verify/{swapped}/"))
        assert slip in main(client.get(f"/verify/{serial[:-1]}/"))


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
def test_rubbish_gets_a_clear_sentence(client: Client, current: Certificate, rubbish: str) -> None:
    by_form = client.get("/verify/", {"number": rubbish}, follow=True)
    assert by_form.status_code == 200
    assert NONE in main(by_form) or "This is no number of a certificate." in main(by_form)
    if rubbish not in ("..", "%00") and len(rubbish) < 1000:
        by_address = client.get(f"/verify/{rubbish}/", follow=True)
        if "/" not in rubbish:
            assert by_address.status_code == 200
            assert NONE in main(by_address)


def test_marks_of_direction_around_a_number_do_not_matter(client: Client, current: Certificate) -> None:
    """They come along when a number is copied out of a message in another script."""
    for typed in (f"\u200f{current.number}\u202c", f"\u2068{current.serial}\u2069", f"\ufeff{current.serial}\0"):
        response = client.get("/verify/", {"number": typed}, follow=True)
        assert "This certificate is current today." in main(response)


@pytest.mark.parametrize("name", ["\0", "\u202e", "A" * 1_000_000, "ﷺ" * 40, "А" * 120, "🌿", " ", "1234", "W"])
def test_a_name_that_is_none_is_answered_plainly(client: Client, current: Certificate, name: str) -> None:
    response = client.post(f"/verify/{current.serial}/", {"name": name})
    assert response.status_code == 200
    assert "The name matches" not in main(response)
    assert "This certificate is current today." in main(response)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b'{"name": ', "application/json"),
        (b"--x\r\nnothing", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data"),
        (b"name=" + b"A" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(1500)), "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_that_is_none_gets_a_page(client: Client, current: Certificate, data: bytes, content_type: str) -> None:
    response = client.post(f"/verify/{current.serial}/", data, content_type=content_type)
    assert response.status_code in (200, 400)
    said = main(response)
    assert "The name matches" not in said
    assert said
    for raw in ("Traceback", "Exception", "Bad Request", "invalid", "This field is required"):
        assert raw not in said


def test_forty_who_check_behind_one_address_are_not_locked_out(client: Client, current: Certificate) -> None:
    """A code, its answer and the list: three questions each within a minute, of a whole workshop."""
    from certificates.statements import as_text

    code = as_text(bytes(current.statement))
    answers = []
    for _person in range(40):
        answers.append(client.get(f"/V/{code}", follow=True).status_code)
    assert answers == [200] * 40
    assert client.get("/verify/list.json").status_code == 200
    assert client.get("/verify/scan/").status_code == 200


def test_a_name_posted_to_an_unknown_number_gets_the_same_sentence(client: Client, current: Certificate) -> None:
    response = client.post("/verify/AAAABBBBCCCC/", {"name": "Wanjikũ"})
    assert response.status_code == 200
    assert main(response) == main(client.get("/verify/AAAABBBBCCCC/"))


def test_flooding_is_stopped_with_a_clear_sentence(client: Client, current: Certificate, settings: Any) -> None:
    assert settings.ACCOUNT_RATE_LIMITS["verify"] == "120/m/ip"
    # By the hour, so that a slow machine does not forget them while it still asks.
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"verify": "12/h/ip"}
    answers = [client.get(f"/verify/{new_serial()}/").status_code for _ in range(12)]
    assert answers == [200] * 12
    late = client.get(f"/verify/{current.serial}/")
    assert late.status_code == 429
    assert "Wait a minute, then try again." in main(late)
    assert client.get("/verify/list.json").status_code == 429
    assert client.get(f"/V/{'A' * 152}").status_code == 429
    assert client.get(f"/verify/{current.serial}/", REMOTE_ADDR="10.0.0.9").status_code == 200


@pytest.mark.parametrize("typed", ["K7", "  ", "https://example.org/verify/{serial}/?language=sw", "{spaced}", "{low}"])
def test_the_number_or_the_address_may_be_typed(client: Client, current: Certificate, typed: str) -> None:
    serial = current.serial
    typed = typed.format(serial=serial, spaced=current.number, low=f" {serial[:6].lower()}-{serial[6:]} ")
    response = client.get("/verify/", {"number": typed}, follow=True)
    assert ("This certificate is current today." in main(response)) is (len(typed) > 4)


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
