"""What we know about the installed Wagtail and lean on. An upgrade that changes one of these fails here, by name."""

from __future__ import annotations

import hashlib
import inspect
import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import wagtail.admin
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.urls import resolve, reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.admin.views.pages.copy import CopyView
from wagtail.models import GroupApprovalTask, Page, Revision, Workflow, WorkflowState, WorkflowTask
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.permissions import user_can_edit_snippet_type
from wagtail.snippets.views.snippets import EditView, UnpublishView

from assessments.models import QuestionSnippet
from curriculum.models import Fact, FactValue, GlossaryEntry, LessonPage, Strand
from curriculum.policies import AuthorPolicy, CountryPolicy, LanguagePolicy, WordPolicy
from tests.curriculum.admin_desk import make_lesson_page, make_module_page
from tests.factories import make_user


def test_policies_come_from_the_registry():
    policies = {model: type(policy_registry.get_by_type(model)) for model in (QuestionSnippet, Fact, FactValue)}

    assert policies == {QuestionSnippet: LanguagePolicy, Fact: AuthorPolicy, FactValue: CountryPolicy}
    assert type(policy_registry.get_by_type(GlossaryEntry)) is WordPolicy
    assert EditView.permission_policy is PermissionCheckedMixin.permission_policy


def test_policy_registered_after_the_first_question_is_refused():
    """Therefore ours are registered in ``AppConfig.ready``."""
    policy_registry.get_by_type(Strand)

    with pytest.raises(ImproperlyConfigured, match="fallback permission policy"):
        register_permission_policy(Strand, ModelPermissionPolicy(Strand), exact_class=True)


@pytest.mark.parametrize("view", [EditView, UnpublishView])
def test_snippet_views_ask_for_the_type_only(view):
    """Therefore ``asked_for_this_row`` stands before every address of ours."""
    source = inspect.getsource(PermissionCheckedMixin.dispatch)

    assert "user_has_permission(self.permission_required)" in source
    assert "for_instance" not in source
    assert "for_instance" not in inspect.getsource(view)


def test_localize_asks_for_the_type_only():
    """Therefore the guard asks every translation address for its language."""
    assert "policy" not in inspect.getsource(user_can_edit_snippet_type)


def test_bulk_publication_runs_no_before_publish_hook():
    """Therefore the guard wraps the publishing action and is no hook."""
    assert "before_publish_page" not in inspect.getsource(PublishBulkAction)


def test_every_publication_goes_through_one_method():
    assert "execute" not in vars(PublishPageRevisionAction)
    assert PublishRevisionAction.execute.is_guarded
    for publish in (Page.publish, QuestionSnippet.publish):
        assert "execute(" in inspect.getsource(publish)


@pytest.mark.django_db
def test_stock_task_lets_the_writer_approve_herself():
    """Therefore ``ClinicalReviewTask``."""
    writer = make_user()
    group = Group.objects.create(name="everybody")
    group.user_set.add(writer)
    task = GroupApprovalTask.objects.create(name="stock")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="stock")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    page = make_lesson_page(make_module_page())
    page.save_revision(user=writer)

    state = workflow.start(page, writer)

    assert [name for name, _label, _modal in task.get_actions(page, writer)] == ["reject", "approve", "approve"]
    assert state.current_task_state.task.specific == task


def test_workflow_address_takes_the_state_from_another_number():
    """Therefore ``decide`` takes the text from the state, never from the address."""
    from wagtail.admin.views.generic.workflow import BaseWorkflowFormView

    assert "get_object_or_404(TaskState, id=self.task_state_id)" in inspect.getsource(
        BaseWorkflowFormView.get_task_state
    )
    assert "self.object" in inspect.getsource(BaseWorkflowFormView.check_action)


def test_end_of_a_review_is_ours():
    assert WorkflowState.on_finish.__module__ == "curriculum.four_eyes"
    assert settings.WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT is True


@pytest.mark.django_db
def test_revision_can_be_written_over_under_its_number():
    """Therefore an approval compares times, and approved revisions are never written over at the desk."""
    writer = make_user()
    page = make_lesson_page(make_module_page())
    first = page.save_revision(user=writer)
    Revision.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(hours=1))
    first.refresh_from_db()
    created_at = first.created_at
    page.title = "Other words"

    second = page.save_revision(user=writer, overwrite_revision=first)

    assert second.pk == first.pk
    assert second.content["title"] == "Other words"
    assert second.created_at > created_at


@pytest.mark.parametrize(
    "path",
    ["/admin/login/", "/admin/password_reset/", "/admin/password_reset/confirm/MQ/set-password/", "/_util/login/"],
)
def test_second_sign_in_pages_are_still_routed_and_go_to_ours(client, path):
    response = client.get(path)

    assert response.status_code == 302
    assert response.headers["Location"].endswith("/sign-in/")


def test_names_of_the_second_sign_in_still_reverse():
    """``wagtail.admin.auth`` reverses its own name before it looks at our setting."""
    assert reverse("wagtailadmin_login") == "/admin/login/"
    assert reverse("wagtailcore_login") == "/_util/login/"


def test_our_addresses_stand_before_the_library_s():
    assert resolve("/admin/users/").func.__module__ == "curriculum.admin_urls"
    assert resolve("/admin/reviews/").func.__module__ == "curriculum.desk_views"


def test_index_tasks_never_wait_for_a_worker():
    from config import settings as product

    assert product.TASKS["default"]["BACKEND"] == "django.tasks.backends.immediate.ImmediateBackend"
    assert product.TASKS["background"]["QUEUES"] == ["background"]


def test_wagtail_indexes_through_the_default_queue():
    from modelsearch.tasks import insert_or_update_object_task
    from wagtail.tasks import update_reference_index_task

    assert {insert_or_update_object_task.backend, update_reference_index_task.backend} == {"default"}


def test_page_template_that_we_copied_is_unchanged():
    """``templates/wagtailadmin/skeleton.html`` is the library's with a neutral title: look again when this fails."""
    original = Path(wagtail.admin.__file__).parent / "templates/wagtailadmin/skeleton.html"
    ours = Path(settings.BASE_DIR) / "templates/wagtailadmin/skeleton.html"

    assert (
        hashlib.sha256(original.read_bytes()).hexdigest()
        == "e24190d53b6e85615e568efc48aae72468f08c0dde5e38a3122673c8bd11b0e2"
    )
    assert "<title>{% public_name %}</title>" in ours.read_text()


def test_page_copy_carries_the_live_state_without_publishing():
    """Therefore a copy is taken back to a draft after it was made."""
    assert "keep_live" in inspect.getsource(CopyView)


@pytest.mark.django_db
def test_snippet_copy_view_would_write_over_the_original(client):
    """Therefore the copy address of questions answers to GET only."""
    from wagtail.admin.views.generic.models import CopyViewMixin

    assert "return self.get_object()" in inspect.getsource(CopyViewMixin.get_initial_form_instance)


@pytest.mark.django_db
def test_preview_of_a_new_page_saves_the_form_without_commit():
    """Therefore identities are minted only for a page without a place in the tree."""
    from wagtail.admin.views.pages.create import CreateView
    from wagtail.admin.views.pages.preview import PreviewOnCreateView

    assert "page.path = " in inspect.getsource(PreviewOnCreateView.get_object)
    assert ".path" not in inspect.getsource(CreateView.dispatch)


@pytest.mark.django_db
def test_stream_block_ids_are_copied_with_a_page():
    """Therefore evidence points at identities, never at blocks."""
    module_page = make_module_page()
    page = make_lesson_page(module_page)

    copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"}, to=module_page)

    assert [block["id"] for block in copy.body.raw_data] == [block["id"] for block in page.body.raw_data]


@pytest.mark.django_db
def test_stream_field_takes_json_with_our_ids():
    page = make_lesson_page(make_module_page())
    number = str(uuid.uuid4())
    page.body = json.dumps([{"type": "text", "id": number, "value": {"text": "<p>Words</p>"}}])
    page.save_revision().publish()

    assert LessonPage.objects.get(pk=page.pk).body.raw_data[0]["id"] == number
