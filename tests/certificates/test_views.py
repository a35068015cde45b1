"""Her own page, the paper, and the page on which two people make a certificate."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates import actions
from certificates.models import Award, AwardSignOff, Certificate, CertificateEvent
from people.models import AccessEntry
from people.my_data import sections
from tests.certificates.making import World, ends_on, go_in, make_award
from tests.factories import give_role, make_unit, make_user


@pytest.fixture
def today() -> Any:
    return timezone.now().date()


def earn(world: World, *codes: str) -> None:
    day = timezone.now().date() - timedelta(days=3)
    for code in codes or ("M4",):
        world.learn(code, on=day)
        world.practise(code, on=day)


def page(world: World, award: str = "induction") -> str:
    return f"/en/record/{world.term.uuid}/award/{award}/"


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_my_certificates_shows_each_with_its_state(client: Client, running: World, today: Any) -> None:
    earn(running, "M4", "D1")
    running.certify(on=today)
    stopped = running.certify(running.certified, on=today)
    actions.suspend(certificate=stopped, by=running.coordinator, on=today)
    client.force_login(running.learner)
    response = client.get("/en/certificates/")
    text = words(response)
    current = Certificate.objects.get(award=running.induction)
    assert current.number in text
    assert f'href="/en/certificates/{current.serial}.pdf"' in text
    assert f'href="/en/certificates/{stopped.serial}.pdf"' not in text
    assert "It does not count for now." in text
    assert text.count("<svg xmlns") == 1
    assert "<title>Thuto</title>" in text
    assert "no-store" in response.headers["Cache-Control"]


def test_my_certificates_empty_says_what_leads_there(client: Client, running: World) -> None:
    client.force_login(running.learner)
    assert "No certificate yet." in words(client.get("/en/certificates/"))


def test_my_certificates_are_hers_alone(client: Client, running: World, today: Any) -> None:
    earn(running)
    certificate = running.certify(on=today)
    text = words(go_in(client, make_user()).get("/en/certificates/"))
    assert certificate.number not in text
    assert "No certificate yet." in text


def test_my_certificates_costs_the_same_for_one_and_three(
    client: Client, running: World, today: Any, django_assert_num_queries: Any
) -> None:
    earn(running, "M4", "D1")
    running.certify(on=today)
    client.force_login(running.learner)
    client.get("/en/certificates/")
    with django_assert_num_queries(QUERIES_OF_MY_PAGE):
        client.get("/en/certificates/")
    for award in (running.certified, running.record):
        running.certify(award, on=today)
    with django_assert_num_queries(QUERIES_OF_MY_PAGE):
        assert words(client.get("/en/certificates/")).count('<section class="card"') == 3


QUERIES_OF_MY_PAGE = 7


def test_a_refusal_shows_her_record_and_is_a_look_too(client: Client, running: World) -> None:
    go_in(client, running.supervisor)

    response = client.post(f"/en/record/{running.term.uuid}/award/induction/", {"do": "sign-off"})

    assert response.status_code == 409
    assert AccessEntry.objects.values_list("subject", "actor", "actor_role", "kind").get() == (
        running.learner.pk,
        running.supervisor.pk,
        "supervisor",
        "record_opened",
    )


def test_the_paper_has_a_neutral_name(client: Client, running: World, today: Any) -> None:
    earn(running)
    certificate = running.certify(on=today)
    client.force_login(running.learner)
    response = client.get(f"/en/certificates/{certificate.serial}.pdf")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{certificate.serial}.pdf"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.content.startswith(b"%PDF-")
    assert client.get(f"/en/certificates/{certificate.serial}.pdf").content == response.content


def test_the_paper_is_for_her_and_those_who_may_sign_it(client: Client, running: World, today: Any) -> None:
    earn(running)
    certificate = running.certify(on=today)
    address = f"/en/certificates/{certificate.serial}.pdf"
    assert client.get(address).status_code == 302
    district, elsewhere = make_user(), make_user()
    give_role(district, "district_manager", running.programme.root_unit)
    give_role(elsewhere, "supervisor", make_unit(parent=running.programme.root_unit))
    for stranger in (make_user(), district, elsewhere):
        go_in(client, stranger)
        assert client.get(address).status_code == 404
    for staff in (running.supervisor, running.coordinator):
        go_in(client, staff)
        assert client.get(address).status_code == 200
    seen = AccessEntry.objects.filter(kind="certificate_checked").order_by("pk")
    assert list(seen.values_list("actor_role", flat=True)) == ["supervisor", "coordinator"]


@pytest.mark.parametrize("verb", ["suspend", "revoke", "replace"])
def test_a_stopped_paper_is_not_handed_out(client: Client, running: World, today: Any, verb: str) -> None:
    earn(running)
    certificate = running.certify(on=today)
    getattr(actions, verb)(certificate=certificate, by=running.coordinator, on=today)
    client.force_login(running.learner)
    assert client.get(f"/en/certificates/{certificate.serial}.pdf").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_find_no_award_page(client: Client, running: World, method: str) -> None:
    earn(running)
    elsewhere, nurse_elsewhere = make_user(), make_user()
    unit = make_unit(parent=running.programme.root_unit)
    give_role(elsewhere, "supervisor", unit)
    give_role(nurse_elsewhere, "nurse", unit)
    for stranger in (make_user(), elsewhere, nurse_elsewhere, running.learner):
        go_in(client, stranger)
        response = getattr(client, method)(page(running), {"do": "sign-off"})
        assert response.status_code == 404
        assert running.learner.display_name not in response.content.decode()
    assert AwardSignOff.objects.count() == 0


def test_another_award_or_verb_is_not_found(client: Client, running: World) -> None:
    go_in(client, running.supervisor)
    assert client.get(page(running, "nothing")).status_code == 404
    assert client.post(page(running), {"do": "erase"}).status_code == 404
    assert client.post(page(running), {"do": "suspend"}).status_code == 404


def test_the_page_names_everything_unmet_and_offers_nothing(client: Client, running: World) -> None:
    go_in(client, running.supervisor)
    response = client.get(page(running))
    for sentence in ("M4: 2 lessons and the quiz are left.", "M4: practice not yet signed off."):
        assert sentence in words(response)
    assert 'name="do"' not in words(response)
    assert "Wanjikũ Amélia" in words(response)


def test_too_early_says_why_and_changes_nothing(client: Client, running: World) -> None:
    go_in(client, running.coordinator)
    response = client.post(page(running), {"do": "issue"})
    assert response.status_code == 409
    text = words(response)
    assert "Not yet. This is still missing:" in text
    assert "M4: 2 lessons and the quiz are left." in text
    assert "A supervisor has not yet signed it off." in text
    assert Certificate.objects.count() == 0


def test_supervisor_signs_off_then_coordinator_issues(client: Client, running: World) -> None:
    earn(running)
    go_in(client, running.supervisor)
    assert 'value="sign-off"' in words(client.get(page(running)))
    assert 'value="issue"' not in words(client.get(page(running)))
    response = client.post(page(running), {"do": "sign-off"}, follow=True)
    assert response.redirect_chain == [(page(running), 302)]
    assert "Signed off. A coordinator can issue it now." in words(response)
    assert client.post(page(running), {"do": "issue"}).status_code == 404

    go_in(client, running.coordinator)
    assert 'value="issue"' in words(client.get(page(running)))
    for _twice in range(2):
        response = client.post(page(running), {"do": "issue"}, follow=True)
        assert "Issued. She sees it on her page" in words(response)
    certificate = Certificate.objects.get()
    assert certificate.number in words(response)
    assert list(CertificateEvent.objects.values_list("state", flat=True)) == ["issued"]
    assert 'value="issue"' not in words(response)


def test_a_name_is_shown_only_where_it_may_be(client: Client, running: World, today: Any) -> None:
    earn(running)
    running.certify(on=today)
    district = make_user(name="Baraka")
    give_role(district, "district_manager", running.programme.root_unit)
    text = words(go_in(client, district).get(page(running)))
    assert running.learner.alias in text
    assert "Wanjikũ" not in text
    assert 'name="do"' not in text
    assert ".pdf" not in text


def test_suspend_and_restore_on_the_page_are_two_people(client: Client, running: World, today: Any) -> None:
    earn(running)
    running.certify(on=today)
    go_in(client, running.coordinator)
    assert "suspended" in words(client.post(page(running), {"do": "suspend"}, follow=True))
    refused = client.post(page(running), {"do": "restore"})
    assert refused.status_code == 409
    assert "Two people are needed for this" in words(refused)
    go_in(client, running.second_coordinator)
    assert "Restored." in words(client.post(page(running), {"do": "restore"}, follow=True))
    assert client.post(page(running), {"do": "restore"}).status_code == 302


def test_replace_shows_both_numbers(client: Client, running: World, today: Any) -> None:
    earn(running)
    old = running.certify(on=today)
    running.learner.display_name = "Chiŵale"
    running.learner.save()
    go_in(client, running.coordinator)
    assert "Her chosen name is now Chiŵale." in words(client.get(page(running)))
    text = words(client.post(page(running), {"do": "replace"}, follow=True))
    new = Certificate.objects.live().get()
    assert f"{old.number}: replaced" in text
    assert new.number in text
    assert new.printed_name == "Chiŵale"


def test_the_award_page_costs_the_same_however_many_papers(
    client: Client, running: World, today: Any, django_assert_num_queries: Any
) -> None:
    earn(running)
    certificate = running.certify(on=today)
    go_in(client, running.coordinator)
    client.get(page(running))
    with django_assert_num_queries(QUERIES_OF_AWARD_PAGE):
        client.get(page(running))
    for _more in range(2):
        certificate = actions.replace(certificate=certificate, by=running.coordinator, on=today)
    make_award(running.programme, "another", ["induction"])
    with django_assert_num_queries(QUERIES_OF_AWARD_PAGE):
        client.get(page(running))


QUERIES_OF_AWARD_PAGE = 24


def test_a_supervisor_finds_the_practice_to_watch_and_the_coordinator_does_not(client: Client, running: World) -> None:
    running.learn("M4", on=timezone.now().date() - timedelta(days=3))
    address = reverse("observe", kwargs={"term": running.term.uuid, "module": "m4"})
    text = words(go_in(client, running.supervisor).get(page(running)))
    assert "Watch M4 and sign" in text
    assert f'href="{address}"' in text
    assert "Watch M4 and sign" not in words(go_in(Client(), running.coordinator).get(page(running)))


def test_near_its_end_any_practice_may_be_watched_again(client: Client, running: World, today: Any) -> None:
    earn(running)
    certificate = running.certify(on=today)
    go_in(client, running.supervisor)
    assert "Watch M4 and sign" not in words(client.get(page(running)))
    ends_on(certificate, today + timedelta(days=59))
    text = words(client.get(page(running)))
    assert "No practice is signed off since" in text
    assert "Watch M4 and sign" in text
    running.term.ended_on, running.term.end_class = today - timedelta(days=1), "completed"
    running.term.save()
    assert "Watch M4 and sign" not in words(client.get(page(running)))


def test_sessions_that_an_award_asks_for_lead_to_her_logbook(client: Client, running: World) -> None:
    earn(running)
    Award.objects.filter(pk=running.induction.pk).update(logbook_entries=4)
    text = words(go_in(client, running.supervisor).get(page(running)))
    assert "Logbook: 0 of 4 sessions." in text
    assert f'href="/en/record/{running.term.uuid}/logbook/"' in text


def test_a_name_that_cannot_be_printed_is_said_when_it_is_to_be_corrected(
    client: Client, running: World, today: Any
) -> None:
    earn(running)
    running.certify(on=today)
    running.learner.display_name = "Amélia 🌸"
    running.learner.save()
    go_in(client, running.coordinator)
    refused = client.post(page(running), {"do": "replace"})
    assert refused.status_code == 409
    assert re.search(r"This is still missing: [^<]*🌸", words(refused))
    assert Certificate.objects.get().printed_name == "Wanjikũ Amélia"


def test_my_data_lists_every_certificate(running: World, today: Any) -> None:
    earn(running)
    certificate = running.certify(on=today)
    section = next(section for section in sections() if section.key == "certificates")
    ((title, line),) = section.rows(running.learner)
    assert title == "Certificate: induction"
    assert certificate.number in line
    assert "Wanjikũ Amélia" in line


def test_whoever_issues_reads_that_the_title_is_not_translated(client: Client, running: World, today: Any) -> None:
    """In one sentence, before it is printed; the supervisor who only signs off does not need it."""
    earn(running)
    running.learner.languages = ["fr"]
    running.learner.save()
    running.sign_off(on=today)
    sentence = "The title is not yet written in Français. The paper says it in English."
    go_in(client, running.coordinator)
    assert sentence in words(client.get(page(running)))
    running.induction.titles |= {"fr": "Certificat"}
    running.induction.save()
    assert "The title is not yet written" not in words(client.get(page(running)))
    running.induction.titles.pop("fr")
    running.induction.save()
    go_in(client, running.supervisor)
    assert "The title is not yet written" not in words(client.get(page(running)))
