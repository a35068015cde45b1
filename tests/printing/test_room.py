"""Who may print, what the room shows, and what a stranger, a learner or a wrong form gets."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from curriculum.models import Article, EditorialRight
from printing import render
from printing.models import WAITED_ENOUGH, Paper
from printing.shelf import reason_of
from programme.models import Installation
from tests.factories import as_user, give_consent, make_programme, make_staff, make_unit, make_user
from tests.printing.making import World, take

Press = Callable[..., Any]


@pytest.fixture(autouse=True)
def _drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "draw", lambda html, mark, on_page=None: (7, b"%PDF-" + mark.encode()))


@pytest.fixture
def press(world: World, django_capture_on_commit_callbacks: Any) -> Press:
    """Press a button of the room; ``works`` lets the background do its work."""

    def pressed(client: Client, kind: str = "booklet", *, works: bool = True, **fields: str) -> Any:
        said = {"kind": kind, "module": "X1", "place": "one.KE", "language": "en"} | fields
        with django_capture_on_commit_callbacks(execute=works):
            return client.post("/en/print/ask/", {name: value for name, value in said.items() if value})

    return pressed


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_trainer_asks_waits_and_takes_it(world: World, press: Press) -> None:
    trainer = world.browser()
    before = trainer.get("/en/print/?place=one.KE&language=en")
    assert before.content.decode().count('name="module" value="X1"') == 3

    answer = press(trainer, works=False)
    assert (answer.status_code, answer["Location"]) == (302, "/en/print/?place=one.KE&language=en")
    waiting = trainer.get(answer["Location"])
    assert "1 paper is being made." in words(waiting)
    assert '<a href="?place=one.KE&amp;language=en">Look again</a>' in waiting.content.decode()
    assert "data-waiting" in waiting.content.decode() and "printing/progress.js" in waiting.content.decode()

    from printing.actions import make_paper

    make_paper.func(Paper.objects.get().pk)
    ready = trainer.get(answer["Location"])
    paper = Paper.objects.get()
    assert "PDF 7 pages" in words(ready)
    assert "progress.js" not in ready.content.decode() and "data-waiting" not in ready.content.decode()
    got = take(trainer, paper)
    assert got.content == b"%PDF-" + paper.mark.encode()
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"] == 'attachment; filename="x1-1-en.pdf"'
    assert "no-store" in got["Cache-Control"]


def test_pages_laid_out_so_far_are_told(world: World, press: Press) -> None:
    trainer = world.browser()
    press(trainer, works=False)
    Paper.objects.update(state="making", begun_at=timezone.now(), pages=12)
    assert "page 12" in words(trainer.get("/en/print/?language=en"))


def test_asking_twice_asks_once(world: World, press: Press) -> None:
    trainer = world.browser()
    press(trainer, works=False)
    press(trainer, works=False)
    assert Paper.objects.count() == 1


def test_all_of_a_kind_are_asked_for_at_once(world: World, press: Press) -> None:
    press(world.browser(), "guide", module="")
    assert list(Paper.objects.values_list("kind", "module__code", "state")) == [("guide", "X1", "ready")]


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("trainer", ["booklet", "guide", "cards"]),
        ("coordinator", ["booklet", "cards"]),
        ("programme_manager", ["booklet", "cards"]),
    ],
)
def test_a_role_prints_what_is_hers(world: World, press: Press, role: str, kinds: list[str]) -> None:
    client = world.browser(role)
    page = client.get("/en/print/").content.decode()
    assert re.findall(r'name="kind" value="(\w+)"', page) == kinds
    for kind in ("booklet", "guide", "cards"):
        assert press(client, kind).status_code == (302 if kind in kinds else 404)
    assert sorted(Paper.objects.values_list("kind", flat=True)) == sorted(kinds)


@pytest.mark.parametrize(
    "role", ["supervisor", "nurse", "district_manager", "monitoring", "privacy_officer", "learner"]
)
def test_others_find_nothing(world: World, press: Press, role: str) -> None:
    made = press(world.browser())
    assert made.status_code == 302
    client = world.browser(role)
    assert client.get("/en/print/").status_code == 404
    assert press(client).status_code == 404
    assert take(client, Paper.objects.get()).status_code == 404


def test_a_stranger_signs_in_first(world: World, client: Client, press: Press) -> None:
    press(world.browser())
    paper = Paper.objects.get()
    for address in ("/en/print/", f"/en/print/{paper.uuid}.pdf"):
        assert client.get(address)["Location"].startswith("/en/sign-in/") or client.get(address).status_code == 302
    assert client.post("/en/print/ask/", {}).status_code == 302
    assert client.get(f"/media/papers/{paper.uuid}.pdf").status_code == 404
    assert client.get(f"/media/{paper.uuid}.pdf").status_code == 404


@pytest.mark.parametrize("craft", ["author", "translator", "reviewer"])
def test_whoever_works_at_the_desk_prints_all(world: World, press: Press, craft: str) -> None:
    from django.contrib.auth.models import Group

    group = Group.objects.create(name=craft)
    EditorialRight.objects.create(group=group, craft=craft, language="", country="")
    user = make_user(secret_kind="password")
    user.groups.add(group)
    give_consent(user)
    client = as_user(user)
    assert press(client, "guide").status_code == 302
    assert take(client, Paper.objects.get()).status_code == 200


def test_a_trainer_of_one_country_prints_no_other(world: World, press: Press) -> None:
    unit = make_unit(level="country", parent=world.root, country="ZA")
    client = world.browser("trainer", unit)
    assert press(client, place="one.ZA").status_code == 302
    assert press(client, place="one.KE").status_code == 404
    press(world.browser())
    kenyan = Paper.objects.get(country="KE")
    assert take(client, kenyan).status_code == 404


def test_staff_of_one_programme_cannot_tell_that_another_exists(world: World, press: Press) -> None:
    other_root = make_unit(level="root", country="")
    make_programme(root=other_root, code="two", issuing_name="Walking Together")
    stranger = make_staff(make_unit(level="country", parent=other_root), "trainer")
    give_consent(stranger)
    press(world.browser())

    client = as_user(stranger)
    page = client.get("/en/print/?place=one.KE")
    assert "Family Learning Programme" not in page.content.decode()
    assert press(client, place="one.KE").status_code == 404
    assert take(client, Paper.objects.get()).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"kind": "book"}, {"module": "X9"}, {"place": "nowhere"}, {"language": "xx"}, {"kind": ""}]
)
def test_a_wrong_form_is_answered_like_a_stranger(world: World, press: Press, wrong: dict[str, str]) -> None:
    assert press(world.browser(), **wrong).status_code == 404
    assert Paper.objects.count() == 0


def test_an_address_that_nobody_made_is_not_there(world: World) -> None:
    assert world.browser().get(f"/en/print/{uuid.uuid4()}.pdf").status_code == 404


def test_an_outdated_paper_is_not_handed_out(world: World, press: Press) -> None:
    trainer = world.browser()
    press(trainer)
    paper = Paper.objects.get()
    Article.objects.update(is_approved=True)

    answer = take(trainer, paper)
    assert (answer.status_code, answer["Location"]) == (302, "/en/print/?place=one.KE&language=en")
    page = words(trainer.get(answer["Location"]))
    assert "A text in it has changed since." in page
    assert "The text has changed." in page


def test_a_paper_whose_file_is_gone_can_be_made_again(world: World, press: Press, papers: Path) -> None:
    trainer = world.browser()
    press(trainer)
    (papers / Paper.objects.get().stored_as).unlink()
    assert take(trainer, Paper.objects.get()).status_code == 302
    assert Paper.objects.count() == 0


def test_what_is_missing_is_said_in_a_sentence(world: World, press: Press) -> None:
    trainer = world.browser()
    assert "Not yet in Français." in words(trainer.get("/en/print/?language=fr"))
    Article.objects.filter(language="sw", position=2).delete()
    page = words(trainer.get("/en/print/?language=sw"))
    assert "Not yet whole: 1 lesson is not yet in Kiswahili." in page
    assert press(trainer, language="sw").status_code == 302
    assert Paper.objects.count() == 0


def test_missing_questions_and_a_missing_checklist_are_said(world: World) -> None:
    source = world.source("sw")
    source.quiz = None
    assert reason_of(source, "booklet") == "Not yet whole: the questions are not yet in Kiswahili."
    source = world.source("sw")
    source.checklist = None
    assert reason_of(source, "booklet") == "Not yet whole: the practice checklist is not yet in Kiswahili."


def test_what_stopped_says_why_and_can_be_tried_again(world: World, press: Press) -> None:
    trainer = world.browser()
    press(trainer, works=False)
    Paper.objects.update(state="stopped", problem="server")
    page = trainer.get("/en/print/?language=en")
    assert "Ask who runs it to install Pango and our fonts." in words(page)
    assert "Try again" in words(page)
    press(trainer)
    assert Paper.objects.get().state == "ready"


def test_what_was_lost_with_its_worker_can_be_asked_for_again(world: World, press: Press) -> None:
    trainer = world.browser()
    press(trainer, works=False)
    Paper.objects.update(asked_at=timezone.now() - WAITED_ENOUGH)
    assert "data-waiting" not in trainer.get("/en/print/?language=en").content.decode()
    press(trainer)
    assert Paper.objects.get().state == "ready"


def test_somebody_who_asks_all_day_waits(world: World, press: Press, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"paper": "2/h/user"}
    trainer = world.browser()
    assert [press(trainer, kind).status_code for kind in ("booklet", "guide", "cards")] == [302, 302, 429]
    answer = press(trainer, "cards")
    assert "ask for more in an hour" in words(answer)
    assert Paper.objects.count() == 2


def test_the_room_says_nothing_in_its_title(world: World) -> None:
    page = world.browser().get("/en/print/").content.decode()
    assert "<title>Thuto</title>" in page


@pytest.mark.parametrize("modules", [1, 3])
def test_the_room_asks_the_same_of_the_database_however_many_modules(
    world: World, press: Press, modules: int, django_assert_num_queries: Any
) -> None:
    Installation.decide(is_demonstration=False)
    trainer = world.browser()
    press(trainer)
    for number in range(1, modules):
        copy_module(world, f"X{number + 1}")
    trainer.get("/en/print/?language=en")
    with django_assert_num_queries(QUERIES):
        page = trainer.get("/en/print/?language=en")
    assert page.content.decode().count("<tr>") == modules + 1


QUERIES = 19


def copy_module(world: World, code: str) -> None:
    """Another module with the same lessons, enough to be listed."""
    from tests.factories import make_lesson, make_module

    module = make_module(code, strand=world.module.strand.code)
    for article in Article.objects.filter(module=world.module):
        article.pk, article.module = None, module
        article.path = article.path.replace("x1", code.lower())
        if article.lesson_id:
            article.lesson = make_lesson(module)
        article.save()


def test_the_way_there_is_shown_to_who_may_go_it(world: World) -> None:
    from programme.context import MANAGES_TERMS

    client = world.browser("coordinator")
    session = client.session
    session[MANAGES_TERMS] = True
    session.save()
    assert 'href="/en/print/"' in client.get("/en/print/").content.decode()
    assert 'href="/en/print/"' not in world.browser("supervisor").get("/en/roster/").content.decode()
