"""Settings and my data: hers to see, to change and to take away; nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.utils import timezone

from people import my_data
from people.models import AccessEntry, AccessKind, User, log_access
from tests.factories import make_user
from tests.people.conftest import PIN
from tests.people.urls import SECRET

pytestmark = pytest.mark.django_db
NEW_PIN = "820617"


def change_pin(client: Client, current: str = PIN, pin: str = NEW_PIN, again: str = NEW_PIN) -> Any:
    return client.post("/en/settings/", {"what": "pin", "current": current, "pin": pin, "pin_again": again})


def test_languages_in_her_order(signed_in: Client, woman: User) -> None:
    response = signed_in.post("/en/settings/", {"what": "languages", "language_1": "sw", "language_2": "en"})

    assert response.headers["Location"] == "/sw/settings/"
    woman.refresh_from_db()
    assert woman.languages == ["sw", "en"]


def test_languages_named_twice_count_once(signed_in: Client, woman: User) -> None:
    data = {"what": "languages", "language_1": "sw", "language_2": "", "language_3": "sw", "language_4": "fr"}
    signed_in.post("/en/settings/", data)
    woman.refresh_from_db()
    assert woman.languages == ["sw", "fr"]


@pytest.mark.parametrize("first", ["", "xx"])
def test_languages_need_a_known_first(signed_in: Client, woman: User, first: str) -> None:
    assert signed_in.post("/en/settings/", {"what": "languages", "language_1": first}).status_code == 200
    woman.refresh_from_db()
    assert woman.languages == ["en"]


@pytest.mark.parametrize(("chosen", "on_the_page"), [("1", 'class="size-1"'), ("2", 'class="size-2"')])
def test_text_size_is_on_every_page(signed_in: Client, chosen: str, on_the_page: str) -> None:
    signed_in.post("/en/settings/", {"what": "text_size", "text_size": chosen})
    assert on_the_page in signed_in.get("/en/settings/").text
    signed_in.post("/en/exit/", {"how": "lock"})
    assert on_the_page in signed_in.get("/en/lock/").text


def test_text_size_of_a_fourth_kind_is_refused(signed_in: Client, woman: User) -> None:
    assert signed_in.post("/en/settings/", {"what": "text_size", "text_size": "3"}).status_code == 200
    woman.refresh_from_db()
    assert woman.text_size == 0


def test_page_says_when_it_locks(signed_in: Client, settings: Any) -> None:
    settings.LOCK_AFTER_MINUTES = 4
    assert "After 4 minutes without a tap" in signed_in.get("/en/settings/").text


def test_new_pin_ends_other_sign_ins_and_keeps_this_one(signed_in: Client, woman: User) -> None:
    elsewhere = Client()
    elsewhere.post("/en/sign-in/", {"login": woman.alias, "password": PIN})

    assert change_pin(signed_in).headers["Location"] == "/en/settings/"

    assert SECRET in signed_in.get("/en/today/").text
    assert elsewhere.get("/en/today/").headers["Location"].startswith("/en/sign-in/")
    woman.refresh_from_db()
    assert woman.check_password(NEW_PIN)
    kinds = list(AccessEntry.objects.filter(subject=woman).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["pin_chosen", "sessions_ended"]


@pytest.mark.parametrize(
    ("current", "pin", "again", "sentence"),
    [
        ("111119", NEW_PIN, NEW_PIN, "That did not match. Nothing was changed."),
        (PIN, "123456", "123456", "This PIN is easy to guess."),
        (PIN, NEW_PIN, "820618", "The two are not the same."),
        (PIN, "", "", "Fill this in."),
    ],
)
def test_pin_change_refused_with_a_sentence(
    signed_in: Client, woman: User, current: str, pin: str, again: str, sentence: str
) -> None:
    response = change_pin(signed_in, current, pin, again)
    assert response.status_code == 200
    assert sentence in response.text
    assert not [typed for typed in (NEW_PIN, "820618", "111119") if f'value="{typed}"' in response.text]
    woman.refresh_from_db()
    assert check_password(PIN, woman.password)


def test_ten_wrong_pins_there_end_the_session(signed_in: Client) -> None:
    for _ in range(9):
        assert change_pin(signed_in, "111119").status_code == 200
    assert change_pin(signed_in, "111119").headers["Location"] == "/en/sign-in/"
    assert signed_in.get("/en/today/").status_code == 302


@pytest.mark.parametrize("page", ["/en/settings/", "/en/my-data/", "/en/my-data/record.json"])
def test_a_stranger_gets_the_sign_in(client: Client, woman: User, page: str) -> None:
    response = client.get(page)
    assert response.headers["Location"] == f"/en/sign-in/?next={page}"
    assert woman.alias not in response.text


def test_forms_need_their_token(woman: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(woman)
    assert change_pin(strict).status_code == 403
    assert strict.post("/en/my-data/", {"part": "2", "given": "yes"}).status_code == 403
    woman.refresh_from_db()
    assert woman.check_password(PIN)


def look(subject: User, actor: User, role: str = "supervisor", kind: str = "record_opened") -> None:
    log_access(subjects=[subject], actor=actor, kind=AccessKind(kind), actor_role=role)


def test_who_looked_names_role_day_and_act(signed_in: Client, woman: User) -> None:
    supervisor, other = make_user(name="Grace"), make_user(name="Amélia")
    look(woman, supervisor)
    look(woman, supervisor, role="")
    look(other, supervisor, role="coordinator")
    page = signed_in.get("/en/my-data/")

    today = timezone.localdate()
    lines = [(entry.who, entry.what) for entry in page.context["looks"]]
    assert lines == [("Somebody of the programme", "opened your record"), ("supervisor", "opened your record")]
    assert str(today.year) in page.context["looks"][0].day
    for word in ("Grace", supervisor.alias, "Amélia", "coordinator"):
        assert f">{word}<" not in page.text


@pytest.mark.parametrize("number", [1, 3])
def test_my_data_costs_the_same_for_any_number_of_looks(
    signed_in: Client, woman: User, only_own_section: None, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        look(woman, make_user())
    # The session, she herself, whether her term is over, who looked, her answers; and whether this is a demonstration.
    with django_assert_num_queries(6):
        signed_in.get("/en/my-data/")


@pytest.fixture
def only_own_section(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page without the parts of higher apps, which count their own queries."""
    monkeypatch.setattr(my_data, "_sections", {"account": my_data._sections["account"]})


def test_roles_are_called_what_a_higher_app_calls_them(
    signed_in: Client, woman: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_data, "_role_words", {})
    my_data.register_roles({"nurse": "facility nurse"})
    look(woman, make_user(), role="nurse")
    assert "facility nurse" in signed_in.get("/en/my-data/").text


def test_a_higher_app_adds_its_part_once(signed_in: Client, only_own_section: None) -> None:
    for _ in range(2):
        my_data.register(my_data.Section("lessons", "Lessons I studied", lambda user: [("P2, lesson 1", "15 June")]))
    page = signed_in.get("/en/my-data/")
    assert page.text.count("Lessons I studied") == 1
    assert "P2, lesson 1" in page.text


def test_file_holds_her_record_and_only_hers(signed_in: Client, woman: User) -> None:
    woman.set_phone("+254712345678")
    woman.save()
    other = make_user(name="Amélia")
    look(woman, other)
    look(other, woman)

    response = signed_in.get("/en/my-data/record.json")

    assert response.headers["Content-Disposition"] == 'attachment; filename="record.json"'
    assert response.headers["Cache-Control"] == "no-store, private"
    record = json.loads(response.content)
    assert record["parts"]["account"]["rows"][:2] == [
        {"what": "Work name", "value": "K7M-2QX"},
        {"what": "Chosen name", "value": "Wanjikũ"},
    ]
    assert {"what": "Phone", "value": "+254712345678"} in record["parts"]["account"]["rows"]
    assert len(record["answers"]) == 5
    assert (record["answers"][0]["what"], record["answers"][0]["yes"]) == ("My training record", True)
    assert [line["what"] for line in record["who_looked"]] == ["opened your record"]
    assert "Amélia" not in response.text
    assert "Wanjikũ" in response.text
