"""A typo, other words, something clinical: what each does to women, certificates, reviewers and translations."""

# ruff: noqa: F811 -- the fixture of another file has the name of what it is

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision, TaskState

from certificates.actions import sign_off
from certificates.eligibility import eligibility
from curriculum.actions import complete_update, publish_update
from curriculum.meanings import said
from curriculum.models import (
    Approval,
    Article,
    FactChange,
    FactUpdate,
    LessonPage,
    OldText,
    Reopened,
    SaidMeaning,
    TypoLook,
)
from programme.models import Term
from progress.standing import standing_of
from progress.updates import waiting_updates
from tests.assessments.making import sit
from tests.curriculum.admin_desk import give_right, make_person, page_form
from tests.progress.conftest import observe
from tests.progress.test_updates import DAY, World, as_user, text_of, world  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db

TYPO = "The baby is testeed: {eid_schedule}"
WORDS = "Your baby has a test: {eid_schedule}"


def lesson_page(world: World) -> LessonPage:
    return LessonPage.objects.get(lesson=world.lesson, locale__language_code="en")


def form(page: LessonPage, text: str, **more: str) -> dict[str, str]:
    block = {
        "key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": [],
    }  # fmt: skip
    return page_form(page, **{"body-0-value-text": json.dumps({"blocks": [block], "entityMap": {}})} | more)


def publishes(world: World, text: str, kind: str = "", user: Any = None) -> Any:
    page = lesson_page(world)
    data = form(page, text, **{"action-publish": "1"}) | ({"kind_of_change": kind} if kind else {})
    return as_user(user or make_person("author")).post(f"/admin/pages/{page.pk}/edit/", data)


def certified(world: World) -> Any:
    """The Kenyan woman has studied, passed, shown her practice and been signed off."""
    day = timezone.now().date() - 10 * DAY
    world.studies(world.kenyan, day, "KE")
    sit(world.kenyan, world.quiz, at=datetime.combine(day, time(12), UTC))
    observe(world.kenyan, world.quiz.module, day)
    sign_off(term=world.kenyan, award=world.award, signed_by=world.supervisor, on=day)
    return where_she_is(world)


def where_she_is(world: World) -> tuple[Any, ...]:
    term = Term.objects.get(pk=world.kenyan.pk)
    today = timezone.now().date()
    standing = standing_of(term, today)
    answer = eligibility(term, world.award, today)
    return (
        [(item.state, item.missing, item.done_on) for item in standing.items],
        [unmet.sentence for unmet in answer.unmet],
        [update.pk for update in waiting_updates(term, "KE")],
    )


def live_text(world: World) -> str:
    return re.sub(r"<[^>]+>", "", str(lesson_page(world).body.raw_data[0]["value"]["text"]))


# -- Asked, always ---------------------------------------------------------------------------------------


def test_nothing_is_published_before_somebody_says_what_it_means(world: World) -> None:
    before = live_text(world)

    asked = publishes(world, TYPO)

    assert asked.status_code == 200
    assert "What kind of change is this?" in text_of(asked)
    assert "checked" not in asked.content.decode().partition("<fieldset>")[2].partition("</fieldset>")[0]
    assert (live_text(world), SaidMeaning.objects.count()) == (before, 0)
    # What she wrote is in the page, and goes on with her answer.
    sent = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.content.decode()))
    assert "testeed" in sent["body-0-value-text"]
    page = lesson_page(world)
    answered = {name: value.replace("&quot;", '"').replace("&#x27;", "'") for name, value in sent.items()}
    as_user(make_person("author")).post(f"/admin/pages/{page.pk}/edit/", answered | {"kind_of_change": "wording"})
    assert live_text(world) == TYPO


def test_a_new_text_and_the_same_text_are_not_asked_about(world: World) -> None:
    again = publishes(world, "The baby is tested: {eid_schedule}")

    page = lesson_page(world)
    assert (again.status_code, SaidMeaning.objects.count()) == (302, 0)
    page.get_parent().specific.add_child(
        instance=LessonPage(title="New", slug="l2", locale=page.locale, lesson=None, body="[]")
    )
    new = LessonPage.objects.get(slug="l2")
    with said("", is_asked=True):
        new.save_revision().publish()
    assert SaidMeaning.objects.count() == 0


@pytest.mark.parametrize("kind", ["", "clinic", "TYPO"])
def test_another_answer_is_none(world: World, kind: str) -> None:
    before = live_text(world)
    assert "What kind of change is this?" in text_of(publishes(world, WORDS, kind))
    assert live_text(world) == before


# -- A typo ----------------------------------------------------------------------------------------------


def test_a_typo_never_resets_anybody(world: World) -> None:
    before = certified(world)
    assert before[1:] == ([], [])

    published = publishes(world, TYPO, "typo")

    assert (published.status_code, live_text(world)) == (302, TYPO)
    assert where_she_is(world) == before
    assert Article.objects.filter(lesson=world.lesson, is_approved=True).count() == 2
    assert (FactChange.objects.count(), FactUpdate.objects.count(), Reopened.objects.count()) == (0, 0, 0)
    assert "Something has changed" not in text_of(as_user(world.kenyan.learner).get("/en/today/"))
    row = SaidMeaning.objects.get()
    page = lesson_page(world)
    assert (row.meaning, row.revision_id, row.object_id) == ("typo", page.live_revision_id, str(page.pk))
    assert row.said_by is not None
    # Readable in the history of the page.
    assert PageLogEntry.objects.get(action="curriculum.meaning.said").data == {"meaning": "typo"}
    assert "What the change means: a typo" in text_of(
        as_user(make_person("author")).get(f"/admin/pages/{page.pk}/history/")
    )


@pytest.mark.parametrize(
    "text",
    ["The baby is not tested: {eid_schedule}", "The baby is tested: 9 weeks", "The baby is tested 2: {eid_schedule}"],
)
def test_more_than_a_typo_is_not_published_as_one(world: World, text: str) -> None:
    before = certified(world)

    refused = publishes(world, text, "typo")

    assert refused.status_code == 422
    assert "This is more than a typo" in text_of(refused)
    assert (where_she_is(world), SaidMeaning.objects.count()) == (before, 0)


def test_a_carried_approval_is_not_the_reviewers_own(world: World) -> None:
    publishes(world, TYPO, "typo")

    carried = Approval.objects.filter(carried_from__isnull=False)
    assert sorted(carried.values_list("country", flat=True)) == ["KE", "ZA"]
    assert not Approval.objects.given().filter(revision=lesson_page(world).live_revision).exists()


def test_a_second_person_looks_at_a_typo_and_may_say_no(world: World) -> None:
    certified(world)
    publishes(world, TYPO, "typo")
    reviewer, stranger = make_person("reviewer", country="KE"), make_person("reviewer", country="MW")
    row = SaidMeaning.objects.get()
    address = f"/admin/typos/{row.pk}/KE/"

    assert as_user(stranger).post(address, {"answer": "more"}).status_code == 404
    assert as_user(world.kenyan.learner).post(address, {"answer": "more"}).status_code == 404
    page = text_of(as_user(reviewer).get("/admin/typos/"))
    assert "The baby is tested: {eid_schedule}" in page
    assert "The baby is testeed: {eid_schedule}" in page

    as_user(reviewer).post(address, {"answer": "more"})

    assert Article.objects.get(lesson=world.lesson, country="KE").is_approved is False
    assert Article.objects.get(lesson=world.lesson, country="ZA").is_approved is True
    assert TypoLook.objects.get().is_typo is False
    assert "Nothing waits here." in text_of(as_user(reviewer).get("/admin/typos/"))


def test_a_typo_after_a_typo_that_was_none_stands_no_more(world: World) -> None:
    publishes(world, TYPO, "typo")
    publishes(world, "The baby is testeed: {eid_schedule}.", "typo")
    first = SaidMeaning.objects.order_by("pk").first()

    as_user(make_person("reviewer", country="KE")).post(f"/admin/typos/{first.pk}/KE/", {"answer": "more"})

    assert Article.objects.get(lesson=world.lesson, country="KE").is_approved is False


# -- Other words -----------------------------------------------------------------------------------------


def test_other_words_keep_progress_and_ask_for_approval(world: World) -> None:
    before = certified(world)

    publishes(world, WORDS, "wording")

    after = where_she_is(world)
    assert (live_text(world), after[0], after[2]) == (WORDS, before[0], [])
    assert after[1][0] == "M5 is not yet approved for the country she works in."
    assert not Article.objects.filter(lesson=world.lesson, is_approved=True).exists()
    assert FactChange.objects.count() == 0


# -- Something clinical ----------------------------------------------------------------------------------


def published_update(country: str = "KE") -> FactUpdate:
    update = FactUpdate.objects.get(change__country=country)
    words = dict.fromkeys(("title", "was", "now", "means", "question"), "Words.")
    options = {
        one["id"]: {"text": f"Answer {number}", "feedback": "Because."} for number, one in enumerate(update.choices)
    }
    texts = {text.language: words | {"options": options} for text in update.texts.all()}
    return publish_update(update=complete_update(update=update, texts=texts), now=timezone.now())


def test_something_clinical_tells_everyone_who_learned_the_old_text(world: World) -> None:
    before = certified(world)
    old = Article.objects.get(lesson=world.lesson, country="KE").content_hash

    published = publishes(world, WORDS, "clinical")

    assert "Now complete what women in KE are told" in str(list(published.wsgi_request._messages))
    # Two countries read it: two updates, drafted with what was and what is.
    assert sorted(FactChange.objects.values_list("country", flat=True)) == ["KE", "ZA"]
    draft = FactUpdate.objects.get(change__country="KE")
    text = draft.texts.get(language="en")
    assert "The baby is tested" in text.was
    assert "Your baby has a test" in text.now
    assert list(OldText.objects.filter(change=draft.change).values_list("content_hash", flat=True)) == [old]
    assert where_she_is(world)[0] == before[0]
    # A draft asks nobody; published, it stands on her first page, and not on that of who never studied it.
    assert where_she_is(world)[2] == []
    published_update()
    assert "Something has changed" in text_of(as_user(world.kenyan.learner).get("/en/today/"))
    assert "Something has changed" not in text_of(as_user(world.south_african.learner).get("/en/today/"))
    assert "Update pending" in text_of(as_user(world.supervisor).get("/en/roster/"))
    # The desk completes it like that of a rule.
    desk = as_user(make_person("author", country="KE"))
    assert "Lesson en" in text_of(desk.get("/admin/rules/"))
    assert desk.get(f"/admin/updates/{draft.uuid}/").status_code == 200
    assert as_user(make_person("author", country="MW")).get(f"/admin/updates/{draft.uuid}/").status_code == 404


def test_a_phone_that_still_had_the_old_text_is_told_and_a_new_reader_is_not(world: World) -> None:
    old = Article.objects.get(lesson=world.lesson, country="KE").content_hash
    publishes(world, WORDS, "clinical")
    update = published_update()
    today = timezone.now().date() + DAY

    world.studies(world.kenyan, today, "KE")
    assert waiting_updates(world.kenyan, "KE") == []

    Article.objects.filter(lesson=world.lesson, country="KE").update(content_hash=old)
    other = Term.objects.exclude(pk__in=[world.kenyan.pk]).get()
    assert other.pk == world.south_african.pk
    study = world.studies(world.kenyan, today + DAY, "KE")
    assert study.content_hash == old
    assert waiting_updates(world.kenyan, "KE") == [update]


def test_published_twice_it_is_one_change(world: World) -> None:
    publishes(world, WORDS, "clinical")
    page = lesson_page(world)
    with said("clinical"):
        page.live_revision.publish()

    assert FactChange.objects.count() == 2


# -- Every way to publish --------------------------------------------------------------------------------


def test_a_planned_text_says_it_when_the_day_is_planned(world: World) -> None:
    page, author = lesson_page(world), make_person("author")
    before = live_text(world)
    # The editor gives the site's own time.
    later = timezone.localtime() + timedelta(days=1)
    data = form(page, WORDS, **{"action-publish": "1", "go_live_at": later.strftime("%Y-%m-%d %H:%M")})
    page.go_live_at = later
    page.title = "Planned"
    revision = page.save_revision(user=author)
    assert data["go_live_at"]
    with pytest.raises(Exception, match="kind of change"), said("", by=author, is_asked=True):
        revision.publish(user=author)

    with said("clinical", by=author):
        revision.publish(user=author)
    assert (SaidMeaning.objects.get().meaning, FactChange.objects.count(), live_text(world)) == ("clinical", 0, before)

    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - DAY)
    content = revision.content | {"go_live_at": None}
    Revision.objects.filter(pk=revision.pk).update(content=content)
    call_command("publish_scheduled")
    assert lesson_page(world).title == "Planned"
    assert FactChange.objects.count() == 2


def test_a_planned_text_nobody_spoke_about_leaves_the_schedule(world: World) -> None:
    page = lesson_page(world)
    page.title = "Planned"
    revision = page.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - DAY)

    call_command("publish_scheduled")

    assert lesson_page(world).title == "Lesson en"
    assert (
        "Say first what kind of change this is"
        in PageLogEntry.objects.get(action="curriculum.publish.refused").data["reasons"][0]
    )


def test_sent_for_review_it_is_said_by_the_writer_and_read_by_the_reviewer(world: World) -> None:
    page, author = lesson_page(world), make_person("author")
    desk = as_user(author)
    data = form(page, WORDS, **{"action-submit": "1"})

    assert "What kind of change is this?" in text_of(desk.post(f"/admin/pages/{page.pk}/edit/", data))
    assert not TaskState.objects.exists()
    desk.post(f"/admin/pages/{page.pk}/edit/", data | {"kind_of_change": "wording"})

    state = TaskState.objects.get()
    assert SaidMeaning.objects.get().said_by_id == author.pk
    reviewer = as_user(make_person("reviewer", country="KE"))
    assert "other words, the same meaning" in text_of(reviewer.get(f"/admin/reviews/{state.pk}/"))
    reviewer.post(f"/admin/reviews/{state.pk}/", {"answer": "approve"})
    assert live_text(world) == WORDS
    assert Article.objects.get(lesson=world.lesson, country="KE").is_approved is True


def test_a_reviewer_is_asked_where_the_writer_was_not(world: World) -> None:
    page, author = lesson_page(world), make_person("author")
    page.title = "Better"
    page.save_revision(user=author)
    state = page.get_workflow().start(page, author).current_task_state
    reviewer = as_user(make_person("reviewer", country="KE"))

    asked = reviewer.post(f"/admin/reviews/{state.pk}/", {"answer": "approve"})
    assert "What kind of change is this?" in text_of(asked)
    assert lesson_page(world).title == "Lesson en"

    reviewer.post(f"/admin/reviews/{state.pk}/", {"answer": "approve", "kind_of_change": "wording"})
    assert lesson_page(world).title == "Better"


def test_many_at_once_are_asked_about_once(world: World) -> None:
    page, author = lesson_page(world), make_person("author")
    page.title = "Better"
    page.save_revision(user=author)
    address = f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}"
    desk = as_user(author)

    assert "What kind of change is this?" in text_of(desk.post(address))
    assert lesson_page(world).title == "Lesson en"
    desk.post(address, {"kind_of_change": "wording"})
    assert lesson_page(world).title == "Better"


def test_a_program_is_told_in_one_sentence(world: World) -> None:
    page = lesson_page(world)
    desk = as_user(make_person("author"))
    data = form(page, WORDS, **{"action-publish": "1"})

    answer = desk.post(f"/admin/pages/{page.pk}/edit/", data, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json()["error_code"]) == (400, "refused")
    assert give_right is not None
