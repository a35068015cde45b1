"""Five questions before anything is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from people.consent import QUESTIONS, WORDING_VERSION
from people.models import Consent, User
from tests.factories import give_consent, make_user
from tests.people.conftest import PIN
from tests.people.urls import SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(client: Client) -> User:
    """Signed in for the first time on ``client``."""
    user = make_user(pin=PIN)
    client.post("/en/sign-in/", {"login": user.alias, "password": PIN})
    return user


def kept(user: User) -> list[tuple[int, bool]]:
    return list(Consent.objects.filter(user=user).order_by("pk").values_list("part", "is_given"))


@pytest.mark.parametrize("page", ["/en/today/", "/en/m4/l2/", "/en/settings/", "/en/my-data/", "/admin/"])
def test_nothing_before_the_questions(client: Client, newcomer: User, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/en/consent/?next=")
    assert SECRET not in response.text


def test_a_form_sent_before_the_questions_stores_nothing(client: Client, newcomer: User) -> None:
    from tests.people.urls import stored

    assert client.post("/en/m4/q/", {"answer": "b"}).headers["Location"] == "/en/consent/"
    assert stored == []


@pytest.mark.parametrize("page", ["/en/help/", "/verify/", "/pause/", "/en/"])
def test_open_pages_stay_open(client: Client, newcomer: User, page: str) -> None:
    assert client.get(page).status_code == 200


def test_page_asks_five_things_and_four_are_off(client: Client, newcomer: User) -> None:
    page = client.get("/en/consent/")
    for question in QUESTIONS:
        assert str(question.title) in page.text
    assert "checked" not in page.text
    assert len(QUESTIONS) == 5


def test_yes_to_the_first_opens_the_door(client: Client, newcomer: User) -> None:
    response = client.post("/en/consent/?next=/en/m4/l2/", {"part_1": "yes"})

    assert response.headers["Location"] == "/en/m4/l2/"
    assert SECRET in client.get("/en/m4/l2/").text
    assert kept(newcomer) == [(1, True), (2, False), (3, False), (4, False), (5, False)]
    first = Consent.objects.get(user=newcomer, part=1)
    assert (first.wording_version, first.language, first.witness_code) == (WORDING_VERSION, "en", "")


def test_each_part_and_the_witness_are_stored_as_chosen(client: Client, newcomer: User) -> None:
    answers = {"part_1": "yes", "part_2": "yes", "part_5": "yes", "witness": "wtn-2x9"}
    assert client.post("/sw/consent/", answers).headers["Location"] == "/en/today/"
    assert kept(newcomer) == [(1, True), (2, True), (3, False), (4, False), (5, True)]
    assert set(Consent.objects.values_list("witness_code", "language")) == {("WTN-2X9", "sw")}


@pytest.mark.parametrize("answers", [{}, {"part_1": "perhaps"}, {"part_1": "yes", "witness": "Grace Otieno!"}])
def test_half_an_answer_stores_nothing(client: Client, newcomer: User, answers: dict[str, str]) -> None:
    response = client.post("/en/consent/", answers)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert kept(newcomer) == []
    assert client.get("/en/today/").headers["Location"].startswith("/en/consent/")


def test_no_to_the_first_is_stored_and_signs_her_out_kindly(client: Client, newcomer: User) -> None:
    response = client.post("/en/consent/", {"part_1": "no", "part_2": "yes"})

    assert response.status_code == 200
    assert "That is your right" in response.text
    assert "no-store" in response.headers["Cache-Control"]
    assert kept(newcomer) == [(1, False), (2, True), (3, False), (4, False), (5, False)]
    assert client.get("/en/today/").headers["Location"].startswith("/en/sign-in/")


def test_after_a_no_she_is_asked_again(client: Client, newcomer: User) -> None:
    client.post("/en/consent/", {"part_1": "no"})
    response = client.post("/en/sign-in/", {"login": newcomer.alias, "password": PIN})
    assert response.headers["Location"] == "/en/consent/"
    client.post("/en/consent/", {"part_1": "yes"})
    assert SECRET in client.get("/en/today/").text


def test_the_same_answers_twice_are_stored_once(client: Client, newcomer: User) -> None:
    for _ in range(2):
        client.post("/en/consent/", {"part_1": "yes"})
    assert len(kept(newcomer)) == 5


def test_who_has_answered_is_not_asked_again(client: Client, newcomer: User) -> None:
    give_consent(newcomer)
    assert SECRET in client.get("/en/today/").text
    assert client.get("/en/consent/").headers["Location"] == "/en/my-data/"


def test_staff_with_a_password_are_not_asked(client: Client) -> None:
    client.force_login(make_user(secret_kind="password"))
    assert SECRET in client.get("/en/roster/").text


def test_a_stranger_is_sent_to_the_sign_in(client: Client) -> None:
    assert client.get("/en/consent/").headers["Location"] == "/en/sign-in/?next=/en/consent/"
    assert client.post("/en/consent/", {"part_1": "yes"}).status_code == 302
    assert Consent.objects.count() == 0


def test_next_after_the_questions_stays_here(client: Client, newcomer: User) -> None:
    response = client.post("/en/consent/?next=//elsewhere.example/", {"part_1": "yes"})
    assert response.headers["Location"] == "/en/today/"


def test_parts_two_to_five_change_in_two_taps(signed_in: Client, woman: User) -> None:
    page = signed_in.get("/en/my-data/")
    assert page.text.count('name="part"') == 4

    signed_in.post("/en/my-data/", {"part": "2", "given": "yes"})
    assert kept(woman)[5:] == [(2, True)]
    signed_in.post("/en/my-data/", {"part": "2", "given": "yes"})
    assert kept(woman)[5:] == [(2, True)]
    response = signed_in.post("/en/my-data/", {"part": "2", "given": "no"})
    assert kept(woman)[5:] == [(2, True), (2, False)]
    assert response.headers["Location"] == "/en/my-data/#answers"


@pytest.mark.parametrize("data", [{"part": "1", "given": "no"}, {"part": "9", "given": "no"}, {"part": "2"}, {}])
def test_nothing_else_is_changed_there(signed_in: Client, woman: User, data: dict[str, str]) -> None:
    assert signed_in.post("/en/my-data/", data).status_code == 200
    assert len(kept(woman)) == 5


def test_answers_cannot_be_rewritten(woman: User) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Consent.objects.filter(user=woman).update(is_given=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Consent.objects.filter(user=woman).delete()


def test_a_woman_who_agreed_costs_no_query_for_it(signed_in: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # the session and she herself
        signed_in.get("/en/today/")
