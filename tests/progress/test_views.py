"""Her pages, through their addresses: they are on phones and on paper."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from curriculum.models import Article
from offline.models import RefusedEntry
from people.models import User
from programme.models import Installation, Leave, Term
from progress.models import LessonStudy
from tests.factories import give_consent, give_role, make_pathway_version, make_term, make_unit, make_user
from tests.progress.conftest import (
    HASH,
    World,
    attempt,
    make_world,
    observe,
    publish_lesson,
    publish_module,
    study,
)

BANNER = "Demonstration content. Not approved for clinical use."


def text_of(response) -> str:
    """The page without tags, with single spaces."""
    html = re.sub(r"<(head|nav|footer).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def form_of(response) -> dict[str, str]:
    """The hidden fields of the form for "I have studied this"."""
    html = response.content.decode().split("/studied/", 1)[1]
    return dict(re.findall(r'type="hidden" name="(client_uuid|language|content_hash)" value="([^"]*)"', html))


# Today.


def test_today_greets_her_and_names_one_next_step(hers: Client, world: World) -> None:
    response = hers.get("/en/today/")
    assert response.status_code == 200
    text = text_of(response)
    assert "Hello, Wanjikũ" in text
    assert "en lesson 1 Lesson 1 of 2 · 6 minutes · 4 KB Begin" in text
    assert re.search(r"Month [12] of 12 · 0 of 2 steps done", text)
    assert response.headers["Cache-Control"] == "no-store, private"
    assert 'href="/en/m4/l1/"' in response.content.decode()


def test_today_goes_on_where_she_stopped(hers: Client, world: World) -> None:
    study(world.term, world.lessons[0], world.today)
    assert "en lesson 2 Lesson 2 of 2 · 6 minutes · 4 KB Continue" in text_of(hers.get("/en/today/"))


def test_today_leads_to_the_quiz_and_then_to_the_practice(hers: Client, world: World) -> None:
    for lesson in world.lessons:
        study(world.term, lesson, world.today)
    assert "Go to the quiz" in text_of(hers.get("/en/today/"))
    attempt(world.term, world.module, world.today)
    assert "ask your supervisor to watch you" in text_of(hers.get("/en/today/"))
    observe(world.term, world.module, world.today)
    text = text_of(hers.get("/en/today/"))
    assert "You have done everything." in text
    assert "2 of 2 steps done" in text


def test_today_shows_at_most_three_due_in_order(db: None, client: Client) -> None:
    modules = [publish_module(code)[0] for code in ("A1", "B1", "C1", "E1")]
    milestones = tuple(("module", module, day, "g") for module, day in zip(modules, (20, 10, 40, 30), strict=True))
    learner = make_user()
    give_consent(learner)
    today = make_unit().today()
    make_term(
        learner=learner,
        pathway_version=make_pathway_version(milestones=milestones),
        start_on=today - timedelta(days=29),
    )
    client.force_login(learner)
    due = text_of(client.get("/en/today/")).split("What is due")[1]
    assert re.findall(r"en module (\w\w) (Overdue|Due)", due) == [("B1", "Overdue"), ("A1", "Overdue"), ("E1", "Due")]


def test_today_on_leave_presses_for_nothing(db: None, client: Client) -> None:
    world = make_world()
    Leave.objects.create(
        term=world.term, from_on=world.today - timedelta(days=3), to_on=world.today + timedelta(days=90)
    )
    client.force_login(world.learner)
    text = text_of(client.get("/en/today/"))
    assert "You are on leave until" in text
    assert "Nothing is due." in text
    assert "Overdue" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_today_asks_the_same_queries_for_any_number_of_milestones(
    count: int, db: None, client: Client, django_assert_num_queries
) -> None:
    modules = [publish_module(f"A{number}")[0] for number in range(count)]
    learner = make_user()
    give_consent(learner)
    version = make_pathway_version(milestones=tuple(("module", module, 31, "g") for module in modules))
    today = make_unit().today()
    make_term(learner=learner, pathway_version=version, start_on=today - timedelta(days=30))
    Installation.decide(is_demonstration=False)
    client.force_login(learner)
    client.get("/en/today/")
    with django_assert_num_queries(11):
        client.get("/en/today/")


def test_today_without_a_term_says_whom_to_ask(db: None, client: Client) -> None:
    learner = make_user()
    give_consent(learner)
    client.force_login(learner)
    response = client.get("/en/today/")
    assert response.status_code == 200
    assert "ask your coordinator to open it" in text_of(response)


@pytest.mark.parametrize(("role", "desk"), [("supervisor", "roster"), ("coordinator", "people")])
def test_today_takes_staff_to_their_desk(role: str, desk: str, db: None, client: Client) -> None:
    member = make_user(secret_kind="password")
    give_consent(member)
    give_role(member, role, make_unit())
    client.force_login(member)
    response = client.get("/en/today/")
    assert response.status_code == 302
    assert desk in response.headers["Location"]


@pytest.mark.parametrize("address", ["/en/today/", "/en/learn/", "/en/m4/", "/en/m4/l1/"])
def test_pages_ask_a_stranger_to_sign_in(address: str, world: World, client: Client) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert "lesson" not in response.content.decode()


# All modules and one module.


def test_learn_lists_modules_with_their_state(hers: Client, world: World) -> None:
    publish_module("D1", 1)
    study(world.term, world.lessons[0], world.today)
    text = text_of(hers.get("/en/learn/"))
    assert re.search(r"en module M4 Due by \d+ \w+ 1 lesson and the quiz are left", text)
    assert "en module D1 0 of 1 lesson studied" in text


def test_learn_says_when_there_is_nothing_yet(hers: Client, world: World) -> None:
    Article.objects.all().delete()
    assert "No module is here yet." in text_of(hers.get("/en/learn/"))


@pytest.mark.parametrize("count", [1, 3])
def test_learn_asks_the_same_queries_for_any_number_of_modules(
    count: int, hers: Client, world: World, django_assert_num_queries
) -> None:
    for number in range(count):
        publish_module(f"A{number}", count)
    Installation.decide(is_demonstration=False)
    hers.get("/en/learn/")
    with django_assert_num_queries(11):
        hers.get("/en/learn/")


def test_module_shows_its_path_with_what_is_done(hers: Client, world: World) -> None:
    study(world.term, world.lessons[0], world.today)
    response = hers.get("/en/m4/")
    html = response.content.decode()
    assert "Say it in your own words." in html
    assert re.findall(r'<li class="(\w*)"><a href="([^"]+)"', html) == [("done", "/en/m4/l1/"), ("now", "/en/m4/l2/")]
    assert "Begin lesson 2" in text_of(response)


@pytest.mark.parametrize("count", [1, 3])
def test_module_asks_the_same_queries_for_any_number_of_lessons(
    count: int, hers: Client, world: World, django_assert_num_queries
) -> None:
    publish_module("D1", count)
    with django_assert_num_queries(6):
        hers.get("/en/d1/")


@pytest.mark.parametrize("address", ["/en/m9/", "/en/m9/l1/", "/en/m4/l9/", "/en/zz/", "/en/m4/l1/more/"])
def test_pages_that_are_not_there_answer_404(address: str, hers: Client) -> None:
    assert hers.get(address).status_code == 404


def test_pages_of_another_country_answer_404(hers: Client, world: World) -> None:
    publish_module("S1", 1, country="MW")
    assert [hers.get(address).status_code for address in ("/en/s1/", "/en/s1/l1/")] == [404, 404]


# One lesson.


def test_lesson_is_read_with_its_place_and_its_banner(hers: Client, world: World) -> None:
    response = hers.get("/en/m4/l1/")
    html = response.content.decode()
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store, private"
    assert '<article class="article" lang="en"><p>en text of m4/l1</p></article>' in html
    assert "Lesson 1 of 2" in text_of(response)
    assert BANNER in text_of(response)
    assert "not yet in" not in text_of(response)
    assert "<title>Thuto</title>" in html


def test_lesson_that_is_approved_has_no_banner(hers: Client, world: World) -> None:
    Article.objects.update(is_approved=True)
    assert BANNER not in text_of(hers.get("/en/m4/l1/"))


def test_lesson_missing_in_her_language_comes_in_the_next_and_says_so(db: None, client: Client) -> None:
    world = make_world(languages=("en",), hers=("sw", "en"))
    client.force_login(world.learner)
    response = client.get("/sw/m4/l1/")
    assert response.status_code == 200
    html = response.content.decode()
    assert '<html lang="sw"' in html
    assert '<article class="article" lang="en">' in html
    assert re.search(r'<p class="notice">[^<]*Kiswahili[^<]*English[^<]*</p>', html)


def test_lesson_missing_in_all_her_languages_still_comes(db: None, client: Client) -> None:
    world = make_world(languages=("fr",), hers=("sw",))
    client.force_login(world.learner)
    assert client.get("/sw/m4/l1/").status_code == 200


def test_lesson_follows_the_language_of_the_page_when_it_is_hers(db: None, client: Client) -> None:
    world = make_world(languages=("en", "sw"), hers=("sw", "en"))
    client.force_login(world.learner)

    def language(address: str) -> list[str]:
        return re.findall(r'<article class="article" lang="(\w+)">', client.get(address).content.decode())

    assert language("/sw/m4/l1/") == ["sw"]
    assert language("/en/m4/l1/") == ["en"]
    assert language("/fr/m4/l1/") == ["sw"]


def test_lesson_can_be_read_in_another_language_with_one_tap(db: None, client: Client) -> None:
    world = make_world(languages=("en", "sw"), hers=("sw", "en"))
    client.force_login(world.learner)
    page = client.get("/sw/m4/l1/").content.decode()
    # At the top everything changes its language; below the title only this lesson.
    assert re.findall(r'<a [^>]*href="([^"]+)"[^>]*>English</a>', page) == ["/en/m4/l1/", "?in=en"]
    html = client.get("/sw/m4/l1/?in=en").content.decode()
    assert '<article class="article" lang="en">' in html
    assert 'href="?in=sw"' in html
    assert '<p class="notice">' not in html
    assert '<article class="article" lang="sw">' in client.get("/sw/m4/l1/?in=zz").content.decode()


def test_what_she_studied_in_another_language_is_recorded_in_it_and_she_goes_on_in_hers(
    db: None, client: Client
) -> None:
    world = make_world(languages=("en", "sw"), hers=("sw", "en"))
    client.force_login(world.learner)
    page = client.get("/sw/m4/l1/?in=en").content.decode()
    fields = dict(re.findall(r'name="(language|content_hash)" value="([^"]+)"', page))

    answer = client.post("/sw/m4/l1/studied/", fields | {"client_uuid": str(uuid4())})

    [kept] = LessonStudy.objects.all()
    article = Article.objects.get(path="m4/l1", language="en")
    assert (kept.language, kept.content_hash) == ("en", article.content_hash)
    assert answer["Location"] == "/sw/m4/l2/"
    assert User.objects.get(pk=world.learner.pk).languages == world.learner.languages


def test_what_could_not_be_kept_leaves_her_in_the_language_she_reads(db: None, client: Client) -> None:
    world = make_world(languages=("en", "sw"), hers=("sw", "en"))
    client.force_login(world.learner)

    answer = client.post("/sw/m4/l1/studied/", {"language": "en"})

    assert answer.status_code == 400
    assert '<article class="article" lang="en">' in answer.content.decode()


def test_a_text_behind_its_source_says_so_quietly(hers: Client, world: World) -> None:
    mark = "The English text has changed since; some words may be out of date."
    assert mark not in text_of(hers.get("/en/m4/l1/"))
    Article.objects.filter(path="m4/l1").update(is_stale=True)
    assert mark in text_of(hers.get("/en/m4/l1/"))
    assert mark not in text_of(hers.get("/en/m4/l2/"))


def test_lesson_costs_three_queries_with_session_person_and_term(
    db: None, client: Client, django_assert_num_queries
) -> None:
    """Design section 7 allows four, caches cold: what listening costs is asked once a minute."""
    world = make_world(languages=("en", "sw"), hers=("sw", "en"))
    Installation.objects.create(is_demonstration=True)
    client.force_login(world.learner)
    with django_assert_num_queries(4):
        client.get("/sw/m4/l1/")
    study(world.term, world.lessons[0], world.today)
    with django_assert_num_queries(3):
        client.get("/sw/m4/l1/")


def test_lesson_page_around_the_text_is_light(db: None, client: Client) -> None:
    """What is not the text of the lesson: at most 1.9 kB of the 3.5 kB that the next lesson may cost."""
    world = make_world()
    client.force_login(world.learner)
    html = client.get("/en/m4/l1/").content
    assert len(gzip.compress(html, 6)) <= 1900


# Studying.


def test_studied_keeps_the_act_and_goes_on(hers: Client, world: World) -> None:
    form = form_of(hers.get("/en/m4/l1/"))
    response = hers.post("/en/m4/l1/studied/", form)
    assert (response.status_code, response.headers["Location"]) == (302, "/en/m4/l2/")
    kept = LessonStudy.objects.get()
    assert (kept.term, kept.lesson, kept.language, kept.country, kept.content_hash, str(kept.client_uuid)) == (
        world.term,
        world.lessons[0],
        "en",
        "KE",
        HASH,
        form["client_uuid"],
    )
    html = hers.get("/en/m4/l1/").content.decode()
    assert "Studied" in html
    assert "/studied/" not in html
    assert hers.post("/en/m4/l2/studied/", form_of(hers.get("/en/m4/l2/"))).headers["Location"] == "/en/m4/"


def test_studied_twice_keeps_one(hers: Client, world: World) -> None:
    form = form_of(hers.get("/en/m4/l1/"))
    answers = [hers.post("/en/m4/l1/studied/", form).headers["Location"] for _ in range(2)]
    assert answers == ["/en/m4/l2/", "/en/m4/l2/"]
    assert LessonStudy.objects.count() == 1


def test_studied_after_the_text_changed_still_counts(hers: Client, world: World) -> None:
    form = form_of(hers.get("/en/m4/l1/"))
    Article.objects.update(content_hash="b" * 64)
    assert hers.post("/en/m4/l1/studied/", form).status_code == 302
    assert LessonStudy.objects.get().content_hash == HASH


def test_studied_by_get_is_refused(hers: Client) -> None:
    assert hers.get("/en/m4/l1/studied/").status_code == 405
    assert LessonStudy.objects.count() == 0


@pytest.mark.parametrize(
    "changed", [{"client_uuid": "no"}, {"content_hash": "../.."}, {"language": "xx"}, {"client_uuid": ""}]
)
def test_studied_with_rubbish_says_what_to_do_and_keeps_nothing(changed: dict[str, str], hers: Client) -> None:
    form = form_of(hers.get("/en/m4/l1/"))
    response = hers.post("/en/m4/l1/studied/", form | changed)
    assert response.status_code == 400
    assert "please tap the button again" in text_of(response)
    assert LessonStudy.objects.count() == 0


def test_studied_with_the_uuid_of_another_act_keeps_both_for_a_person(hers: Client, world: World) -> None:
    form = form_of(hers.get("/en/m4/l1/"))
    hers.post("/en/m4/l1/studied/", form)
    response = hers.post("/en/m4/l2/studied/", form)
    assert response.status_code == 409
    assert "Both are kept" in text_of(response)
    assert list(LessonStudy.objects.values_list("lesson", flat=True)) == [world.lessons[0].pk]
    entry = RefusedEntry.objects.get()
    assert (entry.sent_by, entry.client_uuid, entry.payload["lesson"]) == (
        world.learner,
        UUID(form["client_uuid"]),
        str(world.lessons[1].uuid),
    )


@pytest.mark.parametrize("address", ["/en/m9/l1/studied/", "/en/m4/l9/studied/", "/en/s1/l1/studied/"])
def test_studied_of_an_unpublished_lesson_answers_404(address: str, hers: Client, world: World) -> None:
    publish_module("S1", 1, country="MW")
    form = {"client_uuid": str(uuid4()), "language": "en", "content_hash": HASH}
    assert hers.post(address, form).status_code == 404
    assert LessonStudy.objects.count() == 0


def test_studied_by_a_stranger_or_without_a_term_keeps_nothing(world: World, client: Client) -> None:
    form = {"client_uuid": str(uuid4()), "language": "en", "content_hash": HASH}
    assert client.post("/en/m4/l1/studied/", form).status_code == 302
    passer_by = make_user()
    give_consent(passer_by)
    client.force_login(passer_by)
    assert "ask your coordinator" in text_of(client.post("/en/m4/l1/studied/", form))
    assert LessonStudy.objects.count() == 0


def test_studied_after_the_term_ended_keeps_nothing(hers: Client, world: World) -> None:
    Term.objects.update(ended_on=world.today - timedelta(days=1), end_class="other")
    form = {"client_uuid": str(uuid4()), "language": "en", "content_hash": HASH}
    hers.post("/en/m4/l1/studied/", form)
    assert LessonStudy.objects.count() == 0


def test_studied_counts_for_her_own_term_only(world: World, client: Client) -> None:
    """Two women of one pathway: each act is with the one who did it."""
    other = make_term(pathway_version=world.term.pathway_version)
    give_consent(other.learner)
    publish_lesson(world.module, 3, 3)
    client.force_login(other.learner)
    client.post("/en/m4/l1/studied/", form_of(client.get("/en/m4/l1/")))
    assert list(LessonStudy.objects.values_list("term", flat=True)) == [other.pk]


@pytest.mark.parametrize("path", ["today/", "learn/", "m4/l1/", "m4/q/"])
def test_after_her_term_she_is_thanked_and_led_to_her_certificates(path: str, hers: Client, world: World) -> None:
    Term.objects.update(ended_on=world.today - timedelta(days=1), end_class="completed")

    response = hers.get(f"/en/{path}")

    assert "Your term has ended" in text_of(response)
    assert '<a class="button" href="/en/certificates/">' in response.content.decode()
