"""A release: prepared, read by a meeting, approved for exactly that; a cohort stays on it while another moves on."""

# ruff: noqa: F811 -- the fixture of another file has the name of what it is

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from assessments.approval import modules_that_may_certify
from assessments.models import QuestionSnippet, QuizPage, QuizText, ReleasedWords
from certificates.eligibility import eligibility
from curriculum.actions import freeze_module, freezing_paused
from curriculum.meanings import said
from curriculum.models import (
    Approval,
    Article,
    Country,
    LessonPage,
    Release,
    ReleaseApproval,
    ReleaseDocument,
    ReleaseUpdate,
    TranslatedSegment,
)
from curriculum.releases.checking import readiness
from curriculum.releases.contents import prepare_release
from curriculum.translation import translate
from people.models import User
from programme.actions.cohorts import LacksModules, NotApprovedYet, move_cohort
from programme.models import Cohort, CohortMove, Installation, OrganisationUnit, Term
from programme.scope import current_study
from progress.packs import packs_for
from progress.reading import find_lesson
from progress.standing import standing_of
from tests.assessments.making import sit
from tests.curriculum.admin_desk import make_person
from tests.factories import give_consent, give_role, make_module, make_term, make_user
from tests.progress.conftest import observe
from tests.progress.test_text_changes import WORDS, publishes
from tests.progress.test_updates import DAY, NEW, OLD, World, as_user, text_of, world  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db

LESSON = "/en/m5/l1/"


def released(world: World, name: str = "Kenya, first", by: User | None = None) -> Release:
    return prepare_release(
        name=name,
        country=Country.objects.get(pk="KE"),
        languages=["en"],
        modules=[world.quiz.module],
        by=by or make_user(),
    )


def cohort_of(term: Term, code: str) -> Cohort:
    site = term.placements.get().facility
    cohort = Cohort.objects.create(programme=term.programme, unit=site, code=code, start_on=term.start_on)
    Term.objects.filter(pk=term.pk).update(cohort=cohort)
    term.refresh_from_db()
    return cohort


@pytest.fixture
def two(world: World) -> tuple[Cohort, Cohort, Term, Term]:
    """Two cohorts at one site in Kenya with one woman each."""
    site = world.kenyan.placements.get().facility
    other = make_term(
        learner=make_user(name="Atieno"), pathway_version=world.kenyan.pathway_version, facility=site,
        start_on=world.kenyan.start_on,
    )  # fmt: skip
    give_consent(other.learner)
    return cohort_of(world.kenyan, "first"), cohort_of(other, "second"), world.kenyan, other


def coordinator() -> User:
    person = make_user(name="Esther", secret_kind="password")
    give_consent(person)
    give_role(person, "coordinator", OrganisationUnit.objects.get(level="root"))
    return person


def lesson_of(term: Term) -> str:
    return text_of(as_user(User.objects.get(pk=term.learner_id)).get(LESSON))


# -- Prepared, read, approved ----------------------------------------------------------------------------


def desk(craft: str = "author", **right: str) -> tuple[Client, User]:
    person = make_person(craft, **({"country": "KE"} | right))
    return as_user(person), person


def minutes(document: ReleaseDocument, **changed: str) -> dict[str, str]:
    return {
        "reviewer": "Dr N. Otieno", "meeting": "Technical working group", "held_on": "2026-06-01",
        "document_number": "TWG/2026/7", "mark": document.content_hash[:8],
    } | changed  # fmt: skip


def prepared(author: Client) -> Release:
    module = Article.objects.filter(country="KE").values_list("module", flat=True)[0]
    answer = author.post("/admin/releases/new/KE/", {"name": "Kenya 1", "languages": ["en"], "modules": [module]})
    release = Release.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/admin/releases/{release.uuid}/")
    return release


def test_a_release_from_the_desk_to_its_approval(world: World) -> None:
    author, writer = desk()
    reviewer, approver = desk("reviewer")
    release = prepared(author)
    page = f"/admin/releases/{release.uuid}/"

    texts = list(release.texts.order_by("position").values_list("kind", "path", "language", "is_approved"))
    assert texts[:2] == [("module", "m5", "en", True), ("lesson", "m5/l1", "en", True)]
    assert texts[2][0] == "quiz"
    assert [value["key"] for value in release.values] == ["eid_schedule"]
    assert release.values[0]["words"] == {"en": OLD}
    assert "Nothing is missing" not in text_of(author.get(page))  # the questions were never approved
    assert "Not yet approved for the country" in text_of(author.get(page))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda run: run())
        author.post(f"{page}document/")
    document = ReleaseDocument.objects.get()
    assert document.content_hash == release.content_hash
    html = author.get(f"/admin/releases/documents/{document.uuid}/").content.decode()
    assert html.count(release.content_hash) >= 3  # at the front, and with every part
    assert OLD in html
    assert "SAFETY QUESTION" in html
    assert "✓" in html
    numbers = [int(number) for number in re.findall(r'<b class="n">(\d+)</b>', html)]
    assert numbers == list(range(len(release.values) + 1, document.lines + 1))
    pdf = author.get(f"/admin/releases/documents/{document.uuid}/paper/")
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{release.content_hash[:8]}.pdf"'

    approve = f"/admin/releases/documents/{document.uuid}/approve/"
    assert author.post(approve, minutes(document)).status_code == 404
    assert not ReleaseApproval.objects.exists()
    assert "already" not in text_of(reviewer.post(approve, minutes(document), follow=True))

    row = ReleaseApproval.objects.get()
    assert (row.reviewer, row.meeting, row.held_on, row.document_number, row.content_hash, row.recorded_by_id) == (
        "Dr N. Otieno", "Technical working group", date(2026, 6, 1), "TWG/2026/7", release.content_hash, approver.pk,
    )  # fmt: skip
    assert writer.pk != approver.pk
    assert "TWG/2026/7" in text_of(author.get("/admin/releases/"))
    reviewer.post(approve, minutes(document, document_number="another"))
    assert ReleaseApproval.objects.get().document_number == "TWG/2026/7"
    with pytest.raises(DatabaseError), transaction.atomic():
        ReleaseApproval.objects.update(document_number="another")


def test_what_moved_is_not_approved(world: World) -> None:
    author, _writer = desk()
    reviewer, _approver = desk("reviewer")
    release = prepared(author)
    page = f"/admin/releases/{release.uuid}/"
    author.post(f"{page}document/")
    document = ReleaseDocument.objects.get()
    publishes(world, WORDS, "wording")
    assert "is published otherwise now" in text_of(author.get(page))

    author.post(f"{page}again/")

    refused = reviewer.post(f"/admin/releases/documents/{document.uuid}/approve/", minutes(document))
    assert refused.status_code == 409
    assert "something has moved since" in text_of(refused)
    assert "older than the release" in text_of(author.get(page))
    assert not ReleaseApproval.objects.exists()


def test_a_name_is_taken_once(world: World) -> None:
    author, _writer = desk()
    release = prepared(author)
    module = release.modules.get()

    again = author.post("/admin/releases/new/KE/", {"name": "Kenya 1", "languages": ["en"], "modules": [module.pk]})

    assert (again.status_code, Release.objects.count()) == (422, 1)
    assert "There is a release with this name." in text_of(again)


@pytest.mark.parametrize("mark", ["deadbeef", "00000000000000"])
def test_another_mark_is_not_what_was_read(world: World, mark: str) -> None:
    author, _writer = desk()
    reviewer, _approver = desk("reviewer")
    release = prepared(author)
    author.post(f"/admin/releases/{release.uuid}/document/")
    document = ReleaseDocument.objects.get()

    refused = reviewer.post(f"/admin/releases/documents/{document.uuid}/approve/", minutes(document, mark=mark))

    assert (refused.status_code, ReleaseApproval.objects.count()) == (409, 0)


def test_whoever_prepared_it_does_not_approve_it(world: World) -> None:
    reviewer, person = desk("reviewer")
    release = prepared(reviewer)
    reviewer.post(f"/admin/releases/{release.uuid}/document/")
    document = ReleaseDocument.objects.get()

    assert release.prepared_by_id == person.pk
    assert reviewer.post(f"/admin/releases/documents/{document.uuid}/approve/", minutes(document)).status_code == 404


def test_another_country_and_a_stranger_find_nothing(world: World) -> None:
    author, _writer = desk()
    release = prepared(author)
    author.post(f"/admin/releases/{release.uuid}/document/")
    document = ReleaseDocument.objects.get()
    others = [
        desk(country="ZA")[0], desk("reviewer", country="ZA")[0], desk("translator", country="", language="sw")[0],
        as_user(world.kenyan.learner), as_user(world.supervisor),
    ]  # fmt: skip

    for other in others:
        for path in (f"{release.uuid}/", f"documents/{document.uuid}/", f"documents/{document.uuid}/paper/", "new/KE/"):
            assert other.get(f"/admin/releases/{path}").status_code == 404
        for path in (f"{release.uuid}/again/", f"{release.uuid}/document/", f"documents/{document.uuid}/approve/"):
            assert other.post(f"/admin/releases/{path}", minutes(document)).status_code == 404
    assert "Kenya 1" not in text_of(others[0].get("/admin/releases/"))


# -- Cohorts ---------------------------------------------------------------------------------------------


def test_a_cohort_stays_while_another_moves(world: World, two: Any) -> None:
    first, second, hers, theirs = two
    release = released(world)
    boss = as_user(coordinator())
    assert "They read what is published today." in text_of(boss.get("/en/people/cohorts/"))

    boss.post(f"/en/people/cohorts/{first.pk}/", {"release": str(release.uuid)})
    assert CohortMove.objects.get().to_release_id == release.pk
    publishes(world, WORDS, "wording")

    assert (OLD in lesson_of(hers), "Your baby has a test" in lesson_of(hers)) == (True, False)
    assert "Your baby has a test" in lesson_of(theirs)
    # What is kept on a phone follows, and so does what is asked.
    kept = {term.pk: packs_for(User.objects.get(pk=term.learner_id))[0].build() for term in (hers, theirs)}
    assert "Your baby has a test" not in str(kept[hers.pk]["pages"])
    assert "Your baby has a test" in str(kept[theirs.pk]["pages"])

    boss.post(f"/en/people/cohorts/{first.pk}/", {"release": "published"})
    assert "Your baby has a test" in lesson_of(hers)
    assert second.release_id is None


def test_her_quiz_is_that_of_her_release(world: World, two: Any) -> None:
    first, _second, hers, theirs = two
    move_cohort(cohort=first, release=released(world), by=coordinator())
    old = QuizText.objects.get(country="KE")
    snippet = QuestionSnippet.objects.order_by("pk").first()
    snippet.stem = "When does your baby have a test? {eid_schedule}"
    with said("wording"):
        snippet.save_revision().publish()
    assert QuizText.objects.filter(country="KE").count() == 2

    asked = {}
    for term in (hers, theirs):
        phone = as_user(User.objects.get(pk=term.learner_id))
        asked[term.pk] = phone.get(phone.post("/en/m5/q/try/").headers["Location"])
    assert "When is the baby tested?" in text_of(asked[hers.pk])
    assert f'value="{old.content_hash}"' in asked[hers.pk].content.decode()
    assert "When does your baby have a test?" in text_of(asked[theirs.pk])


def test_a_clinical_update_reaches_a_release_all_the_same(world: World, two: Any) -> None:
    first, _second, hers, _theirs = two
    release = released(world)
    move_cohort(cohort=first, release=release, by=coordinator())
    publishes(world, WORDS, "clinical")

    assert "Your baby has a test" in lesson_of(hers)
    update = ReleaseUpdate.objects.get()
    assert (update.release, update.path, update.kind) == (release, "m5/l1", "lesson")
    assert update.new_hash == Article.objects.get(lesson=world.lesson, country="KE").content_hash


def test_a_changed_rule_reaches_a_release_all_the_same(world: World, two: Any) -> None:
    first, _second, hers, _theirs = two
    release = released(world)
    move_cohort(cohort=first, release=release, by=coordinator())

    world.change()

    assert (OLD in lesson_of(hers), NEW in lesson_of(hers)) == (False, True)
    assert sorted(ReleaseUpdate.objects.values_list("kind", flat=True)) == ["lesson", "quiz"]
    words = ReleasedWords.objects.get(release=release, quiz_text__isnull=False)
    assert NEW in str(words.quiz_text.content)


def test_other_wording_reaches_no_release(world: World, two: Any) -> None:
    first, _second, _hers, _theirs = two
    release = released(world)
    before = release.content_hash
    move_cohort(cohort=first, release=release, by=coordinator())

    publishes(world, WORDS, "wording")

    assert not ReleaseUpdate.objects.exists()
    release.refresh_from_db()
    assert (release.content_hash, release.is_closed) == (before, True)


def test_moving_takes_nothing_away_and_asks_no_more_queries(
    world: World, two: Any, django_assert_num_queries: Any
) -> None:
    first, _second, hers, _theirs = two
    world.studies(hers, timezone.now().date() - DAY, "KE")
    today = timezone.now().date()
    before = standing_of(hers, today)

    move_cohort(cohort=first, release=released(world), by=coordinator())

    after = standing_of(Term.objects.get(pk=hers.pk), today)
    assert [(item.state, item.missing, item.done_on) for item in after.items] == [
        (item.state, item.missing, item.done_on) for item in before.items
    ]
    assert (before.release, after.release) == (0, first.__class__.objects.get(pk=first.pk).release_id)
    user = User.objects.get(pk=hers.learner_id)
    with django_assert_num_queries(1):
        assert find_lesson(user, "m5/l1", ["en"]) is not None
    with django_assert_num_queries(1):
        assert current_study(user).release == after.release


def test_a_release_without_her_module_is_not_for_her_cohort(world: World, two: Any) -> None:
    first = two[0]
    release = released(world)
    release.modules.set([make_module("P9")])

    with pytest.raises(LacksModules):
        move_cohort(cohort=first, release=release, by=coordinator())
    boss = as_user(coordinator())
    answer = boss.post(f"/en/people/cohorts/{first.pk}/", {"release": str(release.uuid)}, follow=True)
    assert "does not hold what their pathway asks for: M5" in text_of(answer)


def test_a_cohort_of_another_place_is_not_there(world: World, two: Any) -> None:
    first = two[0]
    release = released(world)
    site = OrganisationUnit.objects.get(name="Khayelitsha")
    person = make_user(name="Thandi", secret_kind="password")
    give_consent(person)
    give_role(person, "coordinator", site)

    for who in (as_user(person), as_user(world.supervisor), as_user(world.kenyan.learner)):
        assert who.post(f"/en/people/cohorts/{first.pk}/", {"release": str(release.uuid)}).status_code == 404
    assert "first" not in text_of(as_user(person).get("/en/people/cohorts/"))


# -- Real work -------------------------------------------------------------------------------------------


@pytest.fixture
def real_work() -> None:
    Installation.decide(is_demonstration=False)
    Installation.forget()


def approve_everything(world: World, country: str = "KE") -> None:
    for text in [*QuizPage.objects.all(), *QuestionSnippet.objects.all()]:
        Approval.objects.get_or_create(
            revision=text.live_revision, country=country, round=0,
            defaults={"language": "en", "reviewer": world.reviewer, "approved_at": timezone.now()},
        )  # fmt: skip


def test_in_real_work_a_quiz_nobody_approved_certifies_nobody(world: World, real_work: None) -> None:
    day = timezone.now().date() - 10 * DAY
    world.studies(world.kenyan, day, "KE")
    sit(world.kenyan, world.quiz, at=datetime.combine(day, time(12), UTC))
    observe(world.kenyan, world.quiz.module, day)
    today = timezone.now().date()
    unmet = [one.sentence for one in eligibility(world.kenyan, world.award, today).unmet]
    assert "M5 is not yet approved for the country she works in." in unmet

    approve_everything(world)

    unmet = [one.sentence for one in eligibility(world.kenyan, world.award, today).unmet]
    assert "M5 is not yet approved for the country she works in." not in unmet


def test_in_real_work_an_unready_release_gets_no_document(world: World, real_work: None) -> None:
    author, _writer = desk()
    release = prepared(author)
    page = f"/admin/releases/{release.uuid}/"
    assert "Not ready yet" in text_of(author.get(page))
    author.post(f"{page}document/")
    assert not ReleaseDocument.objects.exists()

    approve_everything(world)
    author.post(f"{page}again/")

    release.refresh_from_db()
    assert readiness(release).is_whole
    assert "Nothing is missing" in text_of(author.get(page))
    author.post(f"{page}document/")
    assert ReleaseDocument.objects.count() == 1


def test_in_real_work_a_cohort_waits_for_the_meeting(world: World, two: Any, real_work: None) -> None:
    with pytest.raises(NotApprovedYet):
        move_cohort(cohort=two[0], release=released(world), by=coordinator())


def in_kiswahili(world: World, *, is_read: bool) -> None:
    """The lesson and its module in Kiswahili; somebody has read it, or not."""
    page = LessonPage.objects.get(lesson=world.lesson, locale__language_code="en")
    parent = page.get_parent().specific
    for each in [*parent.get_ancestors().filter(depth__gt=1).specific(), parent]:
        translate(each, "sw", {name: "Neno" for name in ("title", "cover_title") if getattr(each, name, None)})
    path = f"body.{page.body.raw_data[0]['id']}.text"
    translate(page, "sw", {"title": "Somo", path: ["Mtoto anapimwa: {eid_schedule}"]})
    if is_read:
        TranslatedSegment.objects.update(reviewed_by="A. B.", reviewed_on=date(2026, 1, 1))
    freeze_module(world.quiz.module)


@pytest.mark.parametrize("is_read", [True, False])
def test_in_real_work_a_draft_reaches_no_learner(world: World, real_work: None, is_read: bool) -> None:
    in_kiswahili(world, is_read=is_read)

    assert Article.objects.filter(lesson=world.lesson, language="sw", country="KE").exists() is is_read


def test_in_a_demonstration_a_draft_is_read_with_its_mark(world: World) -> None:
    Installation.decide(is_demonstration=True)
    Installation.forget()
    in_kiswahili(world, is_read=False)

    assert Article.objects.filter(lesson=world.lesson, language="sw", country="KE").exists()


def test_in_real_work_a_text_that_is_behind_keeps_its_words_and_certifies_nobody(world: World, real_work: None) -> None:
    in_kiswahili(world, is_read=True)
    before = Article.objects.get(lesson=world.lesson, language="sw", country="KE")

    publishes(world, WORDS, "wording")

    after = Article.objects.get(lesson=world.lesson, language="sw", country="KE")
    assert (after.html, after.content_hash, after.is_stale, after.is_approved) == (
        before.html, before.content_hash, True, False,
    )  # fmt: skip


def test_in_real_work_what_is_clinically_old_is_read_by_nobody(world: World, real_work: None) -> None:
    in_kiswahili(world, is_read=True)

    publishes(world, WORDS, "clinical")

    assert not Article.objects.filter(lesson=world.lesson, language="sw").exists()
    assert Article.objects.filter(lesson=world.lesson, language="en").count() == 2


def test_a_typo_leaves_a_translation_what_it_is(world: World, real_work: None) -> None:
    in_kiswahili(world, is_read=True)
    before = Article.objects.get(lesson=world.lesson, language="sw", country="KE")

    publishes(world, "The baby is testeed: {eid_schedule}", "typo")

    after = Article.objects.get(lesson=world.lesson, language="sw", country="KE")
    assert (after.html, after.is_stale) == (before.html, False)
    assert not TranslatedSegment.objects.filter(is_stale=True).exists()
    assert modules_that_may_certify([], "KE") == set()
    assert timedelta(days=1) == DAY


def test_a_clinical_import_reaches_a_release_when_it_is_frozen(world: World, two: Any) -> None:
    first, _second, hers, _theirs = two
    move_cohort(cohort=first, release=released(world), by=coordinator())
    page = LessonPage.objects.get(lesson=world.lesson)
    page.title = "Lesson anew"

    with freezing_paused(), said("clinical"):
        page.save_revision().publish()

    assert "Lesson anew" in lesson_of(hers)
    assert ReleaseUpdate.objects.count() == 1
