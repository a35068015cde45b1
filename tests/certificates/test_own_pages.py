"""Her page: what each paper says and to whom, the copies of it, the address to hand on, and taking her name off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from certificates import actions
from certificates.kept import own_page
from certificates.models import Certificate, CertificateFile
from people.models import AccessEntry
from tests.certificates.making import World, ends_on, go_in, make_award
from tests.factories import make_user

DAY = timedelta(days=1)
PIN = "739201"


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def running(running: World) -> World:
    """She has a PIN, too."""
    running.learner.set_password(PIN)
    running.learner.save()
    return running


@pytest.fixture
def certificate(running: World) -> Certificate:
    today = timezone.now().date()
    running.learn("M4", on=today - 3 * DAY)
    running.practise("M4", on=today - 3 * DAY)
    return running.certify(on=today)


def test_each_paper_says_what_it_says_and_to_whom(client: Client, running: World, certificate: Certificate) -> None:
    client.force_login(running.learner)
    text = words(client.get("/en/certificates/"))
    assert "Whoever holds the paper reads" in text
    assert "the name Wanjikũ Amélia, the title" in text
    assert "current, expired or not current; the title, the month, and who issued it. No name." in text
    assert f"/verify/{certificate.serial}/" in text
    assert f'href="/en/certificates/{certificate.serial}/card.pdf"' in text
    assert "full.pdf" not in text
    assert "data-share" in text


def test_the_card_and_the_named_copy_are_hers_alone(client: Client, running: World, certificate: Certificate) -> None:
    running.programme.allows_named_copy = True
    running.programme.named_copy_name = "Mothers Together, HIV programme"
    running.programme.save()
    client.force_login(running.learner)
    text = words(client.get("/en/certificates/"))
    assert "There is also a copy with the full name of the programme" in text
    # Somebody may look over her shoulder: the name itself stands on the copy alone.
    assert "HIV" not in text
    for copy, kind in (("card", "card"), ("full", "named")):
        response = client.get(f"/en/certificates/{certificate.serial}/{copy}.pdf")
        assert response.content.startswith(b"%PDF-")
        name = f'attachment; filename="{certificate.serial}-{copy}.pdf"'
        assert response.headers["Content-Disposition"] == name
        assert bytes(CertificateFile.objects.get(kind=kind).pdf) == response.content
        assert client.get(f"/en/certificates/{certificate.serial}/{copy}.pdf").content == response.content
    assert client.get(f"/en/certificates/{certificate.serial}/other.pdf").status_code == 404
    for person in (running.supervisor, running.coordinator, make_user()):
        other = go_in(Client(), person)
        assert other.get(f"/en/certificates/{certificate.serial}/full.pdf").status_code == 404
        assert other.get(f"/en/certificates/{certificate.serial}/card.pdf").status_code == 404


def test_where_the_programme_does_not_allow_it_there_is_no_named_copy(
    client: Client, running: World, certificate: Certificate
) -> None:
    running.programme.named_copy_name = "Mothers Together"
    running.programme.save()
    client.force_login(running.learner)
    assert client.get(f"/en/certificates/{certificate.serial}/full.pdf").status_code == 404
    assert "Mothers Together" not in words(client.get("/en/certificates/"))


@pytest.mark.parametrize(
    ("answers", "says"),
    [("stays", "The number answers as before, without a name."), ("gone", "The number answers “not current”.")],
)
def test_her_name_goes_with_her_pin_and_her_choice(
    client: Client, running: World, certificate: Certificate, answers: str, says: str
) -> None:
    client.force_login(running.learner)
    client.get(f"/en/certificates/{certificate.serial}.pdf")
    address = f"/en/certificates/{certificate.serial}/name/"
    assert "It cannot be undone" in words(client.get(address))

    response = client.post(address, {"answers": answers, "pin": PIN}, follow=True)

    assert "Your name is off." in words(response)
    assert says in words(response)
    certificate.refresh_from_db()
    assert (certificate.printed_name, certificate.stays_current) == ("", answers == "stays")
    assert not CertificateFile.objects.filter(certificate=certificate).exists()
    assert client.get(f"/en/certificates/{certificate.serial}.pdf").status_code == 404
    assert client.get(address).status_code == 404
    assert "Wanjikũ Amélia" not in words(client.get("/en/certificates/"))


@pytest.mark.parametrize("form", [{"answers": "gone", "pin": "000000"}, {"pin": PIN}, {"answers": "gone"}, {}])
def test_without_pin_or_choice_nothing_goes(
    client: Client, running: World, certificate: Certificate, form: dict[str, str]
) -> None:
    client.force_login(running.learner)
    response = client.post(f"/en/certificates/{certificate.serial}/name/", form)
    assert response.status_code == 409
    assert "Nothing was changed." in words(response)
    certificate.refresh_from_db()
    assert certificate.printed_name == "Wanjikũ Amélia"


def test_nobody_else_takes_her_name_off(client: Client, running: World, certificate: Certificate) -> None:
    for person in (running.supervisor, running.coordinator, make_user()):
        other = go_in(Client(), person)
        address = f"/en/certificates/{certificate.serial}/name/"
        assert other.get(address).status_code == 404
        assert other.post(address, {"answers": "gone", "pin": PIN}).status_code == 404
    certificate.refresh_from_db()
    assert certificate.erased_at is None


def test_a_coordinator_takes_it_off_beside_her_and_she_reads_who_it_was(
    running: World, certificate: Certificate
) -> None:
    running.coordinator.set_password("open the notebook")
    running.coordinator.save()
    client = go_in(Client(), running.coordinator)
    page = f"/en/record/{running.term.uuid}/award/induction/"
    address = f"{page}name/"
    assert f'href="{address}"' in words(client.get(page))
    assert "with her beside you" in words(client.get(address))

    refused = client.post(address, {"answers": "stays", "pin": PIN})
    assert (refused.status_code, Certificate.objects.get().printed_name) == (409, "Wanjikũ Amélia")
    done = client.post(address, {"answers": "stays", "pin": "open the notebook"}, follow=True)

    assert "Her name is off." in words(done)
    assert "Her name and the paper are gone, as she asked." in words(done)
    certificate.refresh_from_db()
    assert (certificate.printed_name, certificate.stays_current) == ("", True)
    assert client.get(address).status_code == 404
    seen = AccessEntry.objects.filter(subject=running.learner, kind="certificate_state")
    assert list(seen.values_list("actor", "actor_role")) == [(running.coordinator.pk, "coordinator")]


def test_the_page_on_her_phone_has_no_file_and_no_form(running: World, certificate: Certificate) -> None:
    page = own_page(running.learner)["certificates"]
    assert certificate.number in page
    assert ".pdf" not in page
    assert "/name/" not in page
    assert "data-share" not in page
    assert "The paper and the card need the network." in page


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (61, ""),
        (60, "There is time to make the next one."),
        (31, "There is time to make the next one."),
        (30, "Ask your supervisor what the next one needs."),
        (8, "Ask your supervisor what the next one needs."),
        (7, "ends within a week"),
        (0, "ends within a week"),
        (-1, ""),
    ],
)
def test_her_first_page_says_what_ends_soon_and_names_nothing(
    client: Client, running: World, certificate: Certificate, days: int, says: str
) -> None:
    ends_on(certificate, timezone.now().date() + days * DAY)
    client.force_login(running.learner)
    text = words(client.get("/en/today/"))
    assert ("A paper of yours ends" in text) == bool(says)
    assert says in text
    assert "Certificate: induction" not in text


def test_her_first_page_is_silent_about_what_a_better_one_stands_for(
    client: Client, running: World, certificate: Certificate
) -> None:
    today = timezone.now().date()
    running.learn("D1", on=today - 3 * DAY)
    running.practise("D1", on=today - 3 * DAY)
    running.certify(running.certified, on=today)
    ends_on(certificate, today + 5 * DAY)
    client.force_login(running.learner)
    assert "A paper of yours ends" not in words(client.get("/en/today/"))


def test_a_passport_is_offered_when_the_term_is_nearly_over(client: Client, running: World) -> None:
    make_award(running.programme, "passport", [], kind="passport", after_end=True)
    client.force_login(running.learner)
    assert "Your career passport" not in words(client.get("/en/certificates/"))
    running.term.planned_end_on = timezone.now().date() + 59 * DAY
    running.term.save()
    assert "Your career passport" in words(client.get("/en/certificates/"))


def test_a_stopped_paper_has_no_copies(client: Client, running: World, certificate: Certificate) -> None:
    actions.suspend(certificate=certificate, by=running.coordinator, on=timezone.now().date())
    client.force_login(running.learner)
    assert client.get(f"/en/certificates/{certificate.serial}/card.pdf").status_code == 404
    assert "card.pdf" not in words(client.get("/en/certificates/"))
