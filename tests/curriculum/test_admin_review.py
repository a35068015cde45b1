"""A text is approved by somebody else, for exactly what she read; nothing neutral-sounding slips out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import Revision, TaskState, Workflow, WorkflowState

from curriculum import four_eyes, review_actions
from curriculum.blocked_words import blocked_words_in
from curriculum.four_eyes import PublicationRefused
from curriculum.meanings import said
from curriculum.models import Approval, ClinicalReviewTask, LessonPage, ModulePage
from curriculum.models.review import ReviewOutdated
from people.models import User
from tests.curriculum.admin_desk import (
    give_right,
    make_lesson_page,
    make_module_page,
    make_person,
    make_question_snippet,
    page_form,
)
from tests.factories import make_country

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def countries() -> None:
    make_country("KE")
    make_country("ZA")


def sent_for_review(page, author: User, words: str = "Lesson, better") -> TaskState:
    """A new revision of ``page`` by ``author``, sent in by her."""
    page.title = words
    page.save_revision(user=author)
    with said("wording", by=author):
        state = page.get_workflow().start(page, author)
    return state.current_task_state


def test_approval_is_bound_to_revision_language_and_country(client):
    page = make_lesson_page(make_module_page())
    task_state = sent_for_review(page, make_person("author"))
    reviewer = make_person("reviewer", country="KE")
    client.force_login(reviewer)

    response = client.post(f"/admin/reviews/{task_state.pk}/", {"answer": "approve"})

    assert (response.status_code, response.headers["Location"]) == (302, "/admin/reviews/")
    assert list(Approval.objects.values_list("revision", "language", "country", "reviewer")) == [
        (task_state.revision_id, "en", "KE", reviewer.pk)
    ]
    page = LessonPage.objects.get(pk=page.pk)
    assert (page.title, page.live_revision_id) == ("Lesson, better", task_state.revision_id)
    assert review_actions.is_approved(page.live_revision_id, "KE")
    assert not review_actions.is_approved(page.live_revision_id, "ZA")


def test_approval_twice_is_one(client):
    task_state = sent_for_review(make_lesson_page(make_module_page()), make_person("author"))
    client.force_login(make_person("reviewer", country="KE"))

    client.post(f"/admin/reviews/{task_state.pk}/", {"answer": "approve"})
    again = client.post(f"/admin/reviews/{task_state.pk}/", {"answer": "approve"})

    assert (again.status_code, again.headers["Location"]) == (302, "/admin/reviews/")
    assert Approval.objects.count() == 1


def test_approval_freezes_again(client, monkeypatch):
    page = make_lesson_page(make_module_page())
    task_state = sent_for_review(page, make_person("author"))
    frozen = []
    monkeypatch.setattr("curriculum.actions.freeze_module", frozen.append)
    client.force_login(make_person("reviewer", country="KE"))

    client.post(f"/admin/reviews/{task_state.pk}/", {"answer": "approve"})

    assert frozen[-1] == page.lesson.module


@pytest.mark.parametrize("part", ["wrote", "wrote before", "sent"])
def test_review_is_not_open_to_whoever_had_a_part(client, part):
    page = make_lesson_page(make_module_page())
    author, both = make_person("author"), make_person("author")
    give_right(both, "reviewer", country="KE")
    both = User.objects.get(pk=both.pk)
    if part == "sent":
        page.save_revision(user=author)
        task_state = page.get_workflow().start(page, both).current_task_state
    elif part == "wrote":
        task_state = sent_for_review(page, both)
    else:
        page.save_revision(user=both)
        task_state = sent_for_review(page, author)
    client.force_login(both)

    assert client.get("/admin/reviews/").content.decode().count(f"/admin/reviews/{task_state.pk}/") == 0
    assert client.post(f"/admin/reviews/{task_state.pk}/", {"answer": "approve"}).status_code == 404
    client.post(f"/admin/pages/workflow/action/{page.pk}/approve/{task_state.pk}/")
    task_state.refresh_from_db()
    assert task_state.status == TaskState.STATUS_IN_PROGRESS
    assert not Approval.objects.exists()


def test_review_cannot_be_reached_through_the_address_of_another_text(client):
    """Wagtail takes the task state from one number and the right from another."""
    module_page = make_module_page()
    hers, other = make_lesson_page(module_page), make_lesson_page(module_page)
    both = make_person("author")
    give_right(both, "reviewer", country="KE")
    both = User.objects.get(pk=both.pk)
    state_of_hers = sent_for_review(hers, both)
    sent_for_review(other, make_person("author"))
    client.force_login(both)

    client.post(f"/admin/pages/workflow/action/{other.pk}/approve/{state_of_hers.pk}/")

    state_of_hers.refresh_from_db()
    assert state_of_hers.status == TaskState.STATUS_IN_PROGRESS
    assert not Approval.objects.exists()


def test_review_by_somebody_without_that_right_is_not_there(client):
    task_state = sent_for_review(make_lesson_page(make_module_page()), make_person("author"))
    for stranger in (make_person("translator", language="sw"), make_person("reviewer", language="sw", country="KE")):
        client.force_login(stranger)
        assert client.get(f"/admin/reviews/{task_state.pk}/").status_code == 404
        assert client.post(f"/admin/reviews/{task_state.pk}/", {"answer": "approve"}).status_code == 404
    assert not Approval.objects.exists()


def test_review_superuser_approves_nothing():
    page = make_lesson_page(make_module_page())
    task_state = sent_for_review(page, make_person("author"))
    root = User.objects.create_superuser("ROOT-1", "correct horse battery staple")

    with pytest.raises(PermissionDenied):
        task_state.task.specific.on_action(task_state, root, "approve")


def test_review_sends_back_with_words(client):
    page = make_lesson_page(make_module_page())
    task_state = sent_for_review(page, make_person("author"))
    client.force_login(make_person("reviewer", country="KE"))

    empty = client.post(f"/admin/reviews/{task_state.pk}/", {"answer": "changes", "comment": " "})
    client.post(f"/admin/reviews/{task_state.pk}/", {"answer": "changes", "comment": "The age is missing."})

    task_state.refresh_from_db()
    assert empty.status_code == 200
    assert (task_state.status, task_state.comment) == (TaskState.STATUS_REJECTED, "The age is missing.")
    assert LessonPage.objects.get(pk=page.pk).title == "Lesson 1"
    assert not Approval.objects.exists()


def test_review_ends_when_the_text_is_changed():
    page = make_lesson_page(make_module_page())
    author, reviewer = make_person("author"), make_person("reviewer", country="KE")
    task_state = sent_for_review(page, author)
    page.title = "Something else"
    page.save_revision(user=author)

    with pytest.raises(ReviewOutdated):
        task_state.task.specific.on_action(task_state, reviewer, "approve")

    assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED
    assert not Approval.objects.exists()
    assert LessonPage.objects.get(pk=page.pk).title == "Lesson 1"


def test_review_ends_when_the_same_revision_is_written_over():
    """The editor saves over its last revision and keeps the number."""
    page = make_lesson_page(make_module_page())
    author, reviewer = make_person("author"), make_person("reviewer", country="KE")
    task_state = sent_for_review(page, author)
    page.title = "Something else"
    page.save_revision(user=author, overwrite_revision=task_state.revision)

    with pytest.raises(ReviewOutdated):
        task_state.task.specific.on_action(task_state, reviewer, "approve")

    assert not Approval.objects.exists()


def test_approval_falls_with_the_words_it_was_given_for():
    page = make_lesson_page(make_module_page())
    author, reviewer = make_person("author"), make_person("reviewer", country="KE")
    revision = page.save_revision(user=author)
    review_actions.record_approval(obj=page, revision=revision, reviewer=reviewer, now=timezone.now())
    assert review_actions.is_approved(revision.pk, "KE")

    Revision.objects.filter(pk=revision.pk).update(created_at=timezone.now() + timedelta(seconds=1))

    assert not review_actions.is_approved(revision.pk, "KE")


def test_editor_never_writes_over_an_approved_revision(client):

    author = make_person("author")
    page = make_lesson_page(make_module_page())
    revision = page.save_revision(user=author)
    reviewer = make_person("reviewer", country="KE")
    review_actions.record_approval(obj=page, revision=revision, reviewer=reviewer, now=timezone.now())
    client.force_login(author)

    client.post(f"/admin/pages/{page.pk}/edit/", page_form(page, title="Other", overwrite_revision_id=str(revision.pk)))

    revision.refresh_from_db()
    page = LessonPage.objects.get(pk=page.pk)
    assert revision.content["title"] == "Lesson 1"
    assert page.latest_revision_id != revision.pk
    assert page.latest_revision.content["title"] == "Other"


def test_approval_for_one_country_does_not_clear_the_writer_for_another():
    page = make_lesson_page(make_module_page())
    writer = make_person("author")
    give_right(writer, "reviewer", country="ZA")
    writer = User.objects.get(pk=writer.pk)
    revision = page.save_revision(user=writer)
    review_actions.record_approval(
        obj=page, revision=revision, reviewer=make_person("reviewer", country="KE"), now=timezone.now()
    )

    assert four_eyes.has_written_since_approval(page, writer, {"ZA"})
    assert not four_eyes.has_written_since_approval(page, writer, {"KE"})


def test_question_goes_through_the_same_review(client):
    snippet = make_question_snippet(make_module_page().module)
    author = make_person("author")
    snippet.stem = "Is milk alone enough?"
    snippet.save_revision(user=author)
    with said("wording", by=author):
        task_state = snippet.get_workflow().start(snippet, author).current_task_state
    client.force_login(make_person("reviewer", country="KE"))

    page = client.get(f"/admin/reviews/{task_state.pk}/")
    client.post(f"/admin/reviews/{task_state.pk}/", {"answer": "approve"})

    snippet.refresh_from_db()
    assert page.status_code == 200
    assert snippet.stem == "Is milk alone enough?"
    assert review_actions.is_approved(snippet.live_revision_id, "KE")


def test_trainer_publishes_without_review_and_it_is_not_approved(client):

    page = make_lesson_page(make_module_page())
    client.force_login(make_person("author"))

    client.post(
        f"/admin/pages/{page.pk}/edit/",
        page_form(page, title="New", **{"action-publish": "1", "kind_of_change": "wording"}),
    )

    page = LessonPage.objects.get(pk=page.pk)
    assert page.title == "New"
    assert not review_actions.is_approved(page.live_revision_id, "KE")


def test_workflow_is_set_up_once_however_often():
    make_module_page()
    first = review_actions.ensure_review_workflow()
    second = review_actions.ensure_review_workflow()

    assert first == second
    assert Workflow.objects.filter(name=review_actions.WORKFLOW_NAME).count() == 1
    assert ClinicalReviewTask.objects.count() == 1
    assert ModulePage.objects.get().get_workflow() == first


# -- The guard ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Living with HIV",
        "HIV/AIDS basics",
        "Mentor Mothers 1",
        "Clínica e bebé",
        "Elimu ya VVU",
        "Dawa za mama",
        "PMTCT",
        "Vivre avec le SIDA",
        "Gravidez",
        "Antiretrovirals",
        "Pregnant mothers",
        "hiv_basics",
        "HIV-1",
    ],
)
def test_blocked_word_is_seen_in_every_language(title):
    assert blocked_words_in(title)


@pytest.mark.parametrize(
    "title",
    [
        "Feeding babies well",
        "Difficult conversations 1",
        "Trust at work",
        "Lishe bora ya watoto",
        "Kuaminika kazini",
        "Supporting someone in a hard moment",
        "Archive of stories",
        "Mazungumzo magumu 1",
        "Kuwa karibu na mtu",
    ],
)
def test_neutral_cover_title_passes(title):
    assert blocked_words_in(title) == []


def disclosing(module_page: ModulePage) -> Revision:
    module_page.cover_title = "HIV and your baby"
    return module_page.save_revision()


@pytest.mark.parametrize("skip", [True, False])
def test_guard_refuses_a_cover_title_whoever_publishes(skip):
    page = make_module_page()
    revision = disclosing(page)

    with pytest.raises(PublicationRefused) as refusal:
        revision.publish(skip_permission_checks=skip)

    assert len(refusal.value.reasons) == 1
    assert ModulePage.objects.get(pk=page.pk).cover_title == "Feeding well"


def test_guard_stands_before_bulk_publication(client):
    page = make_module_page()
    disclosing(page)
    client.force_login(make_person("author"))

    response = client.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}")

    assert response.status_code == 302
    assert ModulePage.objects.get(pk=page.pk).cover_title == "Feeding well"


def test_guard_stands_before_a_schedule():
    page = make_module_page()
    page.go_live_at = timezone.now() + timedelta(days=1)
    revision = disclosing(page)

    with pytest.raises(PublicationRefused):
        revision.publish()

    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_guard_stands_at_the_end_of_a_review():
    page = make_module_page()
    author, reviewer = make_person("author"), make_person("reviewer", country="KE")
    page.cover_title = "HIV and your baby"
    task_state = sent_for_review(page, author)

    with pytest.raises(PublicationRefused):
        task_state.task.specific.on_action(task_state, reviewer, "approve")

    task_state.refresh_from_db()
    assert task_state.status == TaskState.STATUS_IN_PROGRESS
    assert not Approval.objects.exists()


def test_guard_refuses_a_person_of_another_language_for_pages_and_questions():
    translator = make_person("translator", language="sw")
    module_page = make_module_page()
    for text in (make_lesson_page(module_page), make_question_snippet(module_page.module)):
        with pytest.raises(PublicationRefused):
            text.save_revision().publish(user=translator)


def test_guard_carries_all_reasons():
    page = make_module_page()
    revision = disclosing(page)

    with pytest.raises(PublicationRefused) as refusal:
        revision.publish(user=make_person("translator", language="sw"))

    assert len(refusal.value.reasons) == 2


def test_guard_refuses_what_the_approver_wrote_herself():
    page = make_lesson_page(make_module_page())
    reviewer = make_person("reviewer", country="KE")
    revision = page.save_revision(user=reviewer)
    review_actions.record_approval(obj=page, revision=revision, reviewer=reviewer, now=timezone.now())

    with pytest.raises(PublicationRefused):
        revision.publish(user=reviewer, skip_permission_checks=True)


def test_guard_is_told_in_a_sentence_at_the_editor(client):
    page = make_module_page()
    client.force_login(make_person("author"))
    disclosing(page)

    response = client.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", follow=True)

    assert "The cover title is seen by strangers" in response.content.decode()
