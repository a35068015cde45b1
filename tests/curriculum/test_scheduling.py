"""A text that is due goes live on its day, also behind one that may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.management.commands import publish_scheduled
from wagtail.models import PageLogEntry, Revision

from curriculum.four_eyes import PublicationRefused
from curriculum.meanings import said, settle
from curriculum.models import LessonPage, ModulePage
from curriculum.scheduling import NOT_PUBLISHED, not_published_for, publish_due_revisions
from tests.curriculum.admin_desk import make_lesson_page, make_module_page, make_person, make_question_snippet

pytestmark = pytest.mark.django_db


def plan(text, *, minutes_ago: int) -> Revision:
    """What ``text`` says now is due since then; the guard was not there yet, or its words were others."""
    revision = text.save_revision()
    with said("wording"):
        settle(revision=revision, obj=revision.as_object(), user=None)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - timedelta(minutes=minutes_ago))
    return revision


def a_refused_and_a_good_one() -> tuple[Revision, Revision]:
    """The cover title of a module discloses; a lesson behind it is as it should be."""
    module_page = make_module_page()
    lesson_page = make_lesson_page(module_page)
    module_page.cover_title = "HIV and your baby"
    lesson_page.title = "Better words"
    return plan(module_page, minutes_ago=20), plan(lesson_page, minutes_ago=10)


def due() -> list[int]:
    return list(Revision.objects.filter(approved_go_live_at__isnull=False).values_list("pk", flat=True))


def test_wagtails_own_run_stops_at_the_first_refusal():
    """When this fails, our command of the same name may have done its work."""
    refused, good = a_refused_and_a_good_one()

    with pytest.raises(PublicationRefused):
        call_command(publish_scheduled.Command())

    assert sorted(due()) == sorted([refused.pk, good.pk])


def test_one_refusal_does_not_hold_up_the_rest(capsys, caplog):
    refused, _good = a_refused_and_a_good_one()

    call_command("publish_scheduled")

    assert LessonPage.objects.get().title == "Better words"
    assert ModulePage.objects.get().cover_title == "Feeding well"
    assert due() == []
    entry = PageLogEntry.objects.get(action=NOT_PUBLISHED)
    assert (entry.page_id, entry.revision_id, len(entry.data["reasons"])) == (int(refused.object_id), refused.pk, 1)
    assert "without “hiv”" in registry.get_formatter(entry).format_message(entry)
    told = capsys.readouterr().err + caplog.text
    assert str(refused.object_id) in told
    assert "hiv" not in told.lower()


def test_a_refusal_is_told_once(capsys):
    a_refused_and_a_good_one()

    call_command("publish_scheduled")
    call_command("publish_scheduled")

    assert PageLogEntry.objects.filter(action=NOT_PUBLISHED).count() == 1


def test_a_page_that_is_not_valid_any_more_is_refused_too():
    module_page = make_module_page()
    module_page.save_revision().publish()
    module_page = ModulePage.objects.get()
    module_page.slug = "m9"
    revision = module_page.save_revision(clean=False)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now())

    assert publish_due_revisions(now=timezone.now() + timedelta(minutes=1)) == [revision]
    assert ModulePage.objects.get().slug == "m4"
    assert PageLogEntry.objects.get(action=NOT_PUBLISHED).data["reasons"] == [
        "This address has been published and stays as it is. Learners keep it on their phones."
    ]


def test_what_is_due_later_waits():
    page = make_lesson_page(make_module_page())
    page.title = "Later"
    revision = plan(page, minutes_ago=-10)

    call_command("publish_scheduled")

    assert due() == [revision.pk]
    assert LessonPage.objects.get().title == "Lesson 1"


def test_a_dry_run_changes_nothing():
    refused, good = a_refused_and_a_good_one()

    call_command("publish_scheduled", "--dryrun")

    assert sorted(due()) == sorted([refused.pk, good.pk])


def test_what_has_expired_is_taken_back():
    page = make_lesson_page(make_module_page())
    LessonPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))

    call_command("publish_scheduled")

    assert not LessonPage.objects.get().live


def test_a_question_is_due_like_a_page():
    snippet = make_question_snippet(make_module_page().module)
    snippet.stem = "Is milk all she needs?"
    plan(snippet, minutes_ago=5)

    assert publish_due_revisions(now=timezone.now()) == []

    snippet.refresh_from_db()
    assert (snippet.live, snippet.stem) == (True, "Is milk all she needs?")


# -- What the trainer sees ----------------------------------------------------------------------------


def first_page_of_desk(client) -> str:
    return client.get("/admin/").content.decode()


def test_trainer_reads_on_her_first_page_what_was_not_published(client):
    a_refused_and_a_good_one()
    client.force_login(make_person("author"))

    before = first_page_of_desk(client)
    call_command("publish_scheduled")
    after = first_page_of_desk(client)

    assert "Not published on its day" not in before
    assert "Not published on its day" in after
    assert "The cover title is seen by strangers" in after
    assert f"/admin/pages/{ModulePage.objects.get().pk}/edit/" in after


def test_trainer_reads_it_until_she_has_changed_the_text(client):
    a_refused_and_a_good_one()
    call_command("publish_scheduled")
    client.force_login(make_person("author"))
    page = ModulePage.objects.get()

    page.save_revision()

    assert "Not published on its day" not in first_page_of_desk(client)


def test_translator_of_another_language_does_not_read_it(client):
    a_refused_and_a_good_one()
    call_command("publish_scheduled")
    client.force_login(make_person("translator", language="sw"))

    assert "Not published on its day" not in first_page_of_desk(client)


def test_history_of_the_page_says_why(client):
    a_refused_and_a_good_one()
    call_command("publish_scheduled")
    client.force_login(make_person("author"))

    html = client.get(f"/admin/pages/{ModulePage.objects.get().pk}/history/").content.decode()

    assert "Not published on its day. The cover title is seen by strangers" in html


def test_refusals_cost_the_same_for_one_and_three(client, django_assert_num_queries):
    author = make_person("author")
    for code in ("M1", "M2", "M3"):
        page = make_module_page(code)
        page.cover_title = "HIV and your baby"
        plan(page, minutes_ago=5)
        call_command("publish_scheduled")
        if code == "M2":
            continue
        author.__dict__.pop("_editorial_rights", None)
        with django_assert_num_queries(6):
            found = not_published_for(author)
        assert len(found) == int(code[1])
