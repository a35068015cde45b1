"""Practice: what an observer signs, what the woman sees, and who may do neither."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.actions import NotHerOwnPractice, record_observation
from assessments.models import ChecklistText, Observation, ObservationComment
from curriculum.models import ModulePage
from offline.models import RefusedEntry
from people.models import AccessEntry, User
from programme.models import Role, Term
from tests.assessments.making import clock, make_checklist, step_id
from tests.assessments.test_views import words
from tests.factories import give_consent, give_role, make_term, make_unit, make_user

pytestmark = pytest.mark.django_db

OBSERVERS = [Role.SUPERVISOR, Role.NURSE]


@pytest.fixture
def term() -> Term:
    user = make_user(name="Amélia")
    give_consent(user)
    return make_term(learner=user, start_on=timezone.now().date() - timedelta(days=30))


def facility(term: Term) -> Any:
    return term.placements.get().facility


def make_observer(term: Term, role: str = Role.NURSE) -> User:
    user = make_user(name="Sister Grace", secret_kind="password")
    give_consent(user)
    give_role(user, role, facility(term))
    return user


def observe_address(term: Term) -> str:
    return f"/en/record/{term.uuid}/practice/m4/"


def sheet(text: ChecklistText, outcomes: str = "ww", **changed: Any) -> dict[str, Any]:
    """The observer's form; outcomes are w: done well, h: with help, n: not done, x: not applicable."""
    meaning = {"w": "done_well", "h": "with_help", "n": "not_done", "x": "not_applicable"}
    steps = {
        f"step-{step['id']}": meaning[letter]
        for step, letter in zip(text.version.structure["steps"], outcomes, strict=True)
    }
    lines = {"went_well": "She stayed calm.", "next_step": "Ask who else is near."}
    head = {"client_uuid": str(uuid.uuid4()), "text": text.content_hash, "setting": "role_play"}
    return head | lines | steps | changed


def stored() -> tuple[int, int, int, int]:
    return (
        Observation.objects.count(),
        ObservationComment.objects.count(),
        AccessEntry.objects.filter(kind="practice_signed").count(),
        RefusedEntry.objects.count(),
    )


@pytest.mark.parametrize("role", OBSERVERS)
def test_an_observer_signs_and_the_woman_reads_it(client: Client, term: Term, role: str) -> None:
    text = make_checklist()
    observer = make_observer(term, role)
    client.force_login(observer)
    assert "Practice of Amélia" in words(client.get(observe_address(term)))

    data = sheet(text)
    answer = client.post(observe_address(term), data)

    assert answer.url == f"{observe_address(term)}?saved={data['client_uuid']}"
    assert "Saved: signed off." in words(client.get(answer.url))
    seen = Observation.objects.get()
    assert (seen.term, seen.observer, seen.observer_role, seen.unit) == (term, observer, role, facility(term))
    assert (seen.is_signed_off, seen.setting, seen.content_hash) == (True, "role_play", text.content_hash)
    assert AccessEntry.objects.filter(kind="practice_signed").values_list("subject", "actor", "actor_role").get() == (
        term.learner_id,
        observer.pk,
        role,
    )
    client.force_login(term.learner)
    page = words(client.get("/en/m4/p/"))
    for shown in ("Signed off", "She stayed calm.", "Ask who else is near.", "role play", str(Role(role).label)):
        assert shown in page
    assert "Sister Grace" not in page


def test_a_safety_step_that_was_not_done_is_named_to_both(client: Client, term: Term) -> None:
    text = make_checklist()
    observer = make_observer(term)
    client.force_login(observer)

    page = words(client.post(observe_address(term), sheet(text, "nw"), follow=True))

    assert "Saved: not yet." in page
    assert "A safety step was not done yet: Asks if it is private" in page
    assert not Observation.objects.get().is_signed_off
    client.force_login(term.learner)
    hers = words(client.get("/en/m4/p/"))
    assert "Not yet" in hers
    assert "A safety step was not done yet: Asks if it is private" in hers


@pytest.mark.parametrize(("percent", "is_signed_off"), [(50, True), (51, False)])
def test_the_pathway_says_how_many_steps_done_well_are_enough(
    client: Client, term: Term, percent: int, is_signed_off: bool
) -> None:
    text = make_checklist()
    term.pathway_version.practice_pass_percent = percent
    term.pathway_version.save()
    client.force_login(make_observer(term))

    client.post(observe_address(term), sheet(text, "wh"))

    assert Observation.objects.get().is_signed_off is is_signed_off


def test_posted_twice_is_kept_once(client: Client, term: Term) -> None:
    data = sheet(make_checklist())
    client.force_login(make_observer(term))

    first, second = (client.post(observe_address(term), data) for _ in range(2))

    assert first.url == second.url
    assert stored() == (1, 1, 1, 0)


def test_same_uuid_with_another_payload_is_kept_for_a_person(client: Client, term: Term) -> None:
    data = sheet(make_checklist(), "nw")
    client.force_login(make_observer(term))
    client.post(observe_address(term), data)

    answer = client.post(
        observe_address(term), data | sheet(ChecklistText.objects.get(), client_uuid=data["client_uuid"])
    )

    assert (answer.status_code, stored()) == (409, (1, 1, 1, 1))
    assert not Observation.objects.get().is_signed_off


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({f"step-{uuid.uuid4()}": "done_well"}, "This page has changed since you opened it."),
        ({"text": "0" * 64}, "This page has changed since you opened it."),
        ({"client_uuid": "x"}, "This page has changed since you opened it."),
        ({"setting": ""}, "Choose one."),
        ({"setting": "elsewhere"}, "That answer is not one of the choices here."),
        ({"went_well": ""}, "Write one short line here."),
        ({"next_step": "a" * 161}, "This line is too long"),
        ({"next_step": "Call 0722 123 456"}, "This looks like a telephone number."),
        ({"went_well": "+254-722-123456 ok"}, "This looks like a telephone number."),
    ],
)
def test_what_does_not_fit_comes_back_with_a_sentence(
    client: Client, term: Term, change: dict[str, str], sentence: str
) -> None:
    text = make_checklist()
    client.force_login(make_observer(term))

    answer = client.post(observe_address(term), sheet(text) | change)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert answer.content.decode().count(" checked") >= 2
    assert stored() == (0, 0, 0, 0)


def test_a_missing_or_unknown_outcome_comes_back(client: Client, term: Term) -> None:
    text = make_checklist()
    name = f"step-{step_id(text.version.module, 0)}"
    client.force_login(make_observer(term))

    for outcome in ("", "perfect"):
        assert client.post(observe_address(term), sheet(text) | {name: outcome}).status_code == 422

    assert stored() == (0, 0, 0, 0)


def test_numbers_that_are_no_telephone_are_allowed(client: Client, term: Term) -> None:
    text = make_checklist()
    client.force_login(make_observer(term))

    answer = client.post(observe_address(term), sheet(text, next_step="Lesson 3 again on 12.5. at 10:30"))

    assert answer.status_code == 302


def strangers(term: Term) -> dict[str, User]:
    """People who are somebody, but not for this practice."""
    elsewhere = make_user()
    give_role(elsewhere, Role.SUPERVISOR, make_unit())
    coordinator, trainer, nobody, once = (make_user() for _ in range(4))
    give_role(coordinator, Role.COORDINATOR, facility(term))
    give_role(trainer, Role.TRAINER, facility(term))
    give_role(once, Role.SUPERVISOR, facility(term), to_on=timezone.now().date() - timedelta(days=3))
    superuser = make_user(is_superuser=True, is_staff=True)
    herself = term.learner
    give_role(herself, Role.SUPERVISOR, facility(term))
    peer = make_term(facility=facility(term)).learner
    found = {
        "elsewhere": elsewhere,
        "coordinator": coordinator,
        "trainer": trainer,
        "nobody": nobody,
        "once": once,
        "superuser": superuser,
        "herself": herself,
        "peer": peer,
    }
    for user in found.values():
        if user != term.learner:
            give_consent(user)
    return found


@pytest.mark.parametrize(
    "who", ["elsewhere", "coordinator", "trainer", "nobody", "once", "superuser", "herself", "peer"]
)
def test_whoever_may_not_sign_finds_nothing(client: Client, term: Term, who: str) -> None:
    text = make_checklist()
    client.force_login(strangers(term)[who])

    answers = [client.get(observe_address(term)), client.post(observe_address(term), sheet(text))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("Amélia".encode() not in answer.content for answer in answers if who != "herself")
    assert stored() == (0, 0, 0, 0)


def test_opening_the_checklist_is_a_look_that_she_can_read(client: Client, term: Term) -> None:
    make_checklist()
    observer = make_observer(term)
    client.force_login(observer)

    assert client.get(observe_address(term)).status_code == 200

    assert list(AccessEntry.objects.values_list("subject", "actor", "actor_role", "kind")) == [
        (term.learner_id, observer.pk, "nurse", "record_opened")
    ]


def test_a_term_that_is_over_takes_no_more_practice(client: Client, term: Term) -> None:
    text = make_checklist()
    client.force_login(make_observer(term))
    last_day = timezone.now().date() - timedelta(days=3)
    term.placements.update(to_on=last_day)
    Term.objects.filter(pk=term.pk).update(ended_on=last_day, end_class="completed")

    assert client.get(observe_address(term)).status_code == 404
    assert client.post(observe_address(term), sheet(text)).status_code == 404
    assert Observation.objects.count() == 0


def test_the_action_itself_refuses_ones_own_practice(term: Term) -> None:
    text = make_checklist()

    with pytest.raises(NotHerOwnPractice):
        record_observation(
            term=term,
            observer=term.learner,
            observer_role="supervisor",
            text=text,
            unit=facility(term),
            setting="role_play",
            steps={},
            went_well="",
            next_step="",
            client_uuid=uuid.uuid4(),
            clock=clock(),
        )

    assert stored() == (0, 0, 0, 0)


def test_her_page_shows_the_checklist_before_anybody_watched(client: Client, term: Term) -> None:
    make_checklist()
    client.force_login(term.learner)

    page = words(client.get("/en/m4/p/"))

    assert re.search(r"Asks if it is private.*Safety step.*Listens", page)
    assert "Nobody has watched you yet." in page


def test_her_page_shows_nobody_elses_practice(client: Client, term: Term) -> None:
    text = make_checklist()
    client.force_login(make_observer(term))
    client.post(observe_address(term), sheet(text))
    other = make_term(facility=facility(term)).learner
    give_consent(other)
    client.force_login(other)

    page = words(client.get("/en/m4/p/"))

    assert "Nobody has watched you yet." in page
    assert "She stayed calm." not in page


def test_an_unpublished_module_has_no_practice(client: Client, term: Term) -> None:
    text = make_checklist()
    observer = make_observer(term)
    ModulePage.objects.get().unpublish()
    client.force_login(observer)
    assert client.post(observe_address(term), sheet(text)).status_code == 404
    client.force_login(term.learner)
    assert client.get("/en/m4/p/").status_code == 404
    assert stored() == (0, 0, 0, 0)


def test_an_old_observation_keeps_the_words_it_was_made_on(client: Client, term: Term) -> None:
    text = make_checklist()
    observer = make_observer(term)
    client.force_login(observer)
    client.post(observe_address(term), sheet(text))
    page = ModulePage.objects.get()
    raw = list(page.practice.raw_data)
    page.practice = json.dumps(raw[:1])
    page.save_revision().publish()

    client.force_login(term.learner)

    assert "Listens" in words(client.get("/en/m4/p/"))
