"""What a scanned code leads to, and the list that a phone takes along to check without network."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from certificates import actions, keys, statements
from certificates.checks import digest_of, not_current_digests, number_scanned
from certificates.models import Certificate, CertificateEvent, IssuerKey, new_serial
from certificates.statements import as_text
from people.models import AccessEntry
from programme import own
from tests.certificates.copies import copy_of, erased_copy
from tests.certificates.making import World
from tests.certificates.test_public_views import NONE, main
from tests.factories import (
    TODAY,
    give_role,
    make_pathway_version,
    make_programme,
    make_term,
    make_unit,
    make_user,
)

NO_CODE = "No current certificate has this code."
NOW = datetime(2026, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize("form", ["/V/{text}", "/v/{low}", "/V/{text}/", "/v/{text}"])
def test_the_code_leads_to_the_answer_of_its_number(client: Client, current: Certificate, form: str) -> None:
    text = as_text(bytes(current.statement))
    response = client.get(form.format(text=text, low=text.lower()))
    assert (response.status_code, response.headers["Location"]) == (302, f"/verify/{current.serial}/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "This certificate is current today." in main(client.get(response.headers["Location"]))


def test_the_address_on_the_paper_works_as_it_is_printed(client: Client, current: Certificate, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "http://testserver"
    printed = statements.address(bytes(current.statement))
    assert printed.startswith("HTTP://TESTSERVER/V/")
    path = printed.removeprefix("HTTP://TESTSERVER")
    assert client.get(path, HTTP_HOST="TESTSERVER").headers["Location"] == f"/verify/{current.serial}/"


def test_the_code_keeps_the_language_and_may_be_pasted(client: Client, current: Certificate) -> None:
    text = as_text(bytes(current.statement))
    assert client.get(f"/V/{text}?language=sw").headers["Location"] == f"/verify/{current.serial}/?language=sw"
    pasted = client.get("/verify/", {"number": f"HTTPS://EXAMPLE.ORG/V/{text}"}, follow=True)
    assert "This certificate is current today." in main(pasted)


def test_a_code_of_what_is_not_current_is_answered_like_its_number(client: Client, world: World) -> None:
    world.earn("M4")
    certificate = world.certify(on=TODAY)
    actions.suspend(certificate=certificate, by=world.coordinator, on=TODAY)
    answer = client.get(f"/V/{as_text(bytes(certificate.statement))}", follow=True)
    assert NONE in main(answer)


def test_every_single_bit_that_is_changed_is_refused(current: Certificate) -> None:
    raw = bytes(current.statement)
    assert number_scanned(raw) == current.serial
    for place in range(len(raw)):
        for bit in range(8):
            other = raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]
            assert number_scanned(other) is None, (place, bit)


@pytest.mark.parametrize("text", ["A" * 152, "AB", "7" * 152, "%F0%9F%8C%BF", "a" * 2000, "<script>", "K7M2QXAB9TRE"])
def test_a_changed_or_strange_code_gets_one_clear_page(client: Client, current: Certificate, text: str) -> None:
    raw = bytes(current.statement)
    changed = client.get(f"/V/{as_text(raw[:16] + bytes([raw[16] ^ 4]) + raw[17:])}")
    strange = client.get(f"/V/{text}")
    assert (changed.status_code, strange.status_code) == (200, 200)
    assert main(changed) == main(strange)
    assert NO_CODE in main(changed)
    assert "Type the number that stands beside it." in main(changed)
    assert current.number not in main(changed)
    assert changed.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_retired_key_stays_good_and_a_lost_one_for_what_is_known_here(
    client: Client, world: World, current: Certificate
) -> None:
    signing_key = keys.signing_key(world.programme)
    raw = bytes(current.statement)
    forged_name = statements.encoded(
        statements.read(raw).__class__(**(vars(statements.read(raw)) | {"name_digest": b"forged!!"})), signing_key
    )
    unknown_here = copy_of(current, statement=b"")
    said = statements.signed_for(unknown_here, signing_key)
    # Signed with our key, but not what we printed for this number.
    assert number_scanned(forged_name) is None
    assert number_scanned(said) == unknown_here.serial
    keys.retire(key=signing_key.key, at=NOW)
    assert number_scanned(raw) == current.serial
    assert number_scanned(said) == unknown_here.serial
    keys.lose(key=IssuerKey.objects.get(), at=NOW)
    assert number_scanned(raw) == current.serial
    assert number_scanned(forged_name) is None
    assert number_scanned(said) is None
    assert client.get(f"/V/{as_text(raw)}").status_code == 302


def test_a_key_that_is_not_ours_signs_nothing_here(current: Certificate) -> None:
    raw = bytes(current.statement)
    private = ec.generate_private_key(ec.SECP256R1())
    stranger = keys.SigningKey(IssuerKey(fingerprint=keys.fingerprint_of(private.public_key())), private)
    said = statements.statement_of(current, stranger.key)
    assert number_scanned(statements.encoded(said, stranger)) is None
    # Not even under the name of ours.
    ours = raw[:31]
    assert number_scanned(ours + private_sign(stranger, ours)) is None


def private_sign(key: keys.SigningKey, facts: bytes) -> bytes:
    return key.sign(statements.SIGNED_AS + facts)


def test_the_list_holds_keys_titles_and_no_name(
    client: Client, world: World, current: Certificate, django_assert_num_queries: Any
) -> None:
    revoked = copy_of(current)
    actions.revoke(certificate=revoked, by=world.coordinator, on=TODAY)
    client.get("/verify/list.json")
    with django_assert_num_queries(4):
        response = client.get("/verify/list.json")
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    told = response.json()
    assert set(told) == {"made_at", "keys", "not_current"}
    assert datetime.fromisoformat(told["made_at"]).tzinfo is not None
    [key] = told["keys"]
    assert (key["short"], key["state"], key["issuing_name"]) == (
        IssuerKey.objects.get().short,
        "active",
        "Family Learning Programme",
    )
    assert key["titles"]["0"] == {"en": "Certificate: induction", "sw": "Cheti: induction"}
    x, y = (int.from_bytes(base64.urlsafe_b64decode(key[name] + "=")) for name in "xy")
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    assert statements.is_genuine(bytes(current.statement), public)
    assert told["not_current"] == [hashlib.sha256(revoked.serial.encode()).hexdigest()[:12]]
    said = response.content.decode()
    for word in ("Wanjik", "Amélia", current.serial, revoked.serial, "Esther", "KE"):
        assert word not in said


def test_the_list_says_which_keys_are_over(client: Client, world: World, current: Certificate) -> None:
    keys.rotate(programme=world.programme, at=NOW)
    assert [key["state"] for key in client.get("/verify/list.json").json()["keys"]] == ["retired", "active"]
    keys.lose(key=IssuerKey.objects.order_by("pk")[0], at=NOW)
    assert [key["state"] for key in client.get("/verify/list.json").json()["keys"]] == ["lost", "active"]


def test_every_way_to_be_no_longer_current_is_in_the_list(world: World, current: Certificate) -> None:
    suspended, restored, revoked = (copy_of(current) for _ in range(3))
    actions.suspend(certificate=suspended, by=world.coordinator, on=TODAY)
    actions.suspend(certificate=restored, by=world.coordinator, on=TODAY)
    actions.restore(certificate=restored, by=world.second_coordinator, on=TODAY)
    actions.revoke(certificate=revoked, by=world.coordinator, on=TODAY)
    gone, stays = erased_copy(current), erased_copy(current, stays_current=True)
    withdrawn_then_erased = erased_copy(current, stays_current=True)
    CertificateEvent.objects.create(certificate=withdrawn_then_erased, state="revoked", by=world.coordinator, at=NOW)
    expired = copy_of(current, expires_on=TODAY)
    digests = {row.serial: hashlib.sha256(row.serial.encode()).hexdigest()[:12] for row in Certificate.objects.all()}
    wanted = {digests[row.serial] for row in (suspended, revoked, gone, withdrawn_then_erased)}
    assert not_current_digests() == sorted(wanted)
    assert not {digests[row.serial] for row in (current, restored, stays, expired)} & set(not_current_digests())


def test_a_programme_s_own_place_tells_of_no_other(
    client: Client, world: World, current: Certificate, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "own.example"]
    root = make_unit(level="root", country="")
    other = make_programme(root=root, host_name="own.example")
    key = keys.make_key(programme=other, made_at=NOW)
    term = make_term(pathway_version=make_pathway_version(programme=other), facility=make_unit(parent=root))
    theirs = copy_of(current, term_id=term.pk)
    ours = copy_of(current)
    for each in (ours, theirs):
        CertificateEvent.objects.create(certificate=each, state="revoked", by=world.coordinator, at=NOW)
    own.learn()
    try:
        here = client.get("/verify/list.json").json()
        there = client.get("/verify/list.json", HTTP_HOST="OWN.example").json()
    finally:
        own.forget()
    assert [told["short"] for told in here["keys"]] == [IssuerKey.objects.get(programme=world.programme).short]
    assert [told["short"] for told in there["keys"]] == [key.short]
    assert here["not_current"] == [digest_of(ours.serial)]
    assert there["not_current"] == [digest_of(theirs.serial)]
    assert sorted(here["not_current"] + there["not_current"]) == not_current_digests()


def test_her_supervisor_reads_more_and_leaves_a_line(client: Client, world: World, current: Certificate) -> None:
    client.force_login(world.supervisor)
    text = main(client.get(f"/verify/{current.serial}/"))
    assert "Only you see this" in text
    assert "Wanjikũ Amélia State current" in text
    actions.suspend(certificate=current, by=world.coordinator, on=TODAY)
    text = main(client.get(f"/verify/{current.serial}/"))
    assert NONE in text
    assert "Wanjikũ Amélia State suspended" in text
    roles = AccessEntry.objects.filter(kind="certificate_checked").values_list("subject", "actor_role")
    assert list(roles) == [(world.learner.pk, "supervisor")] * 2


@pytest.mark.parametrize("who", ["elsewhere", "nobody", "herself"])
def test_others_who_are_signed_in_are_strangers(client: Client, world: World, current: Certificate, who: str) -> None:
    person = world.learner if who == "herself" else make_user(name="Somebody")
    if who == "elsewhere":
        give_role(person, "supervisor", make_unit(parent=make_unit(level="root", country="")))
    client.force_login(person)
    actions.suspend(certificate=current, by=world.coordinator, on=TODAY)
    known = main(client.get(f"/verify/{current.serial}/"))
    unknown = new_serial()
    spaced = " ".join(unknown[start : start + 4] for start in (0, 4, 8))
    assert known.replace(current.number, "") == main(client.get(f"/verify/{unknown}/")).replace(spaced, "")
    assert not AccessEntry.objects.filter(kind="certificate_checked").exists()


@pytest.mark.parametrize(
    ("day", "says"),
    [(TODAY.replace(day=13), "cannot be said now"), (TODAY.replace(day=14), "current today"), (TODAY, "current today")],
)
def test_a_clock_before_the_day_of_issue(
    client: Client, current: Certificate, monkeypatch: pytest.MonkeyPatch, day: Any, says: str
) -> None:
    """In the east the day of issue begins while it is the day before here; any earlier the clock is wrong."""
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    monkeypatch.setattr("certificates.public_views.timezone.now", lambda: now)
    assert says in main(client.get(f"/verify/{current.serial}/"))


def test_the_title_is_in_the_reader_s_language_and_as_on_the_paper(client: Client, current: Certificate) -> None:
    both = copy_of(current, titles={"en": "Certificate: induction", "sw": "Cheti: utangulizi"})
    swahili = client.get(f"/verify/{both.serial}/?language=sw").content.decode()
    assert '<dd lang="sw">Cheti: utangulizi</dd>' in swahili
    assert '<dd lang="en">Certificate: induction</dd>' in swahili
    english = client.get(f"/verify/{both.serial}/").content.decode()
    assert english.count("<dd lang=") == 1
    french = client.get(f"/verify/{both.serial}/?language=fr").content.decode()
    assert '<dd lang="en">Certificate: induction</dd>' in french
