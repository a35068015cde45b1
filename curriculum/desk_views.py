"""The trainer's own pages: reviews that wait, reading, and what the words mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages
from wagtail.models import Page, TaskState, WorkflowState

from curriculum import policies, review_actions
from curriculum.meanings import what_was_said
from curriculum.models import ClinicalReviewTask, Country
from curriculum.scheduling import not_published_for
from curriculum.separation import only_hers
from curriculum.typos_looked_at import typos_to_look_at


@dataclass(frozen=True)
class WaitingReview:
    task_state: TaskState
    obj: Any
    kind: str
    language: str
    sent_by: str


def reviews_waiting_for(user: Any) -> list[WaitingReview]:
    """The reviews that ``user`` may decide, the oldest first."""
    found = []
    names = dict(settings.LANGUAGES)
    for task in ClinicalReviewTask.objects.filter(active=True):
        states = (
            task.get_task_states_user_can_moderate(user)
            .select_related("workflow_state__requested_by", "revision")
            .prefetch_related("revision__content_object")
            .order_by("started_at")
        )
        for state in states:
            obj = state.revision.as_object()
            sender = state.workflow_state.requested_by
            language = policies.language_of(obj)
            found.append(
                WaitingReview(
                    task_state=state,
                    obj=obj,
                    kind=str(obj._meta.verbose_name),  # noqa: SLF001 -- Django documents it for this
                    language=names.get(language, language),
                    sent_by=sender.get_full_name() if sender else "",
                )
            )
    return found


def draft_title(obj: Any) -> str:
    """What a page or snippet is called by those who write it."""
    return (obj.draft_title or obj.title) if isinstance(obj, Page) else str(obj)


def edit_address(obj: Any) -> str:
    name = "wagtailadmin_pages:edit" if isinstance(obj, Page) else obj.snippet_viewset.get_url_name("edit")
    return reverse(name, args=[obj.pk])


@dataclass(frozen=True)
class SentText:
    """A text of hers that somebody is reviewing, or has sent back with a sentence."""

    title: str
    address: str
    is_sent_back: bool
    comment: str


def sent_by(user: Any) -> list[SentText]:
    """What ``user`` sent in and nobody has answered with a yes yet, the newest first."""
    states = (
        WorkflowState.objects.active()
        .filter(requested_by=user)
        .select_related("current_task_state")
        .prefetch_related("content_object")
        .order_by("-created_at")
    )
    found = []
    for state in states:
        obj = state.content_object
        if obj is None:
            continue
        is_sent_back = state.status == WorkflowState.STATUS_NEEDS_CHANGES
        found.append(
            SentText(
                title=draft_title(obj),
                address=edit_address(obj),
                is_sent_back=is_sent_back,
                comment=state.current_task_state.comment if is_sent_back and state.current_task_state else "",
            )
        )
    return found


@dataclass(frozen=True)
class RefusedText:
    """A text that could not go live on its day."""

    title: str
    address: str
    reasons: list[str]


def refused_for(user: Any) -> list[RefusedText]:
    """What was planned in her languages and waits for a writer now, the newest first."""
    return [RefusedText(draft_title(obj), edit_address(obj), reasons) for obj, reasons in not_published_for(user)]


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """The texts that wait for this reviewer's answer."""
    if not policies.is_reviewer(request.user):
        raise Http404
    return render(
        request,
        "wagtailadmin/desk/reviews.html",
        {
            "reviews": reviews_waiting_for(request.user),
            "typo_count": len(typos_to_look_at(request.user)),
            "header_title": _("Reviews waiting for me"),
        },
    )


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, task_state_id: int) -> HttpResponse:
    """Read one text as a learner will, then approve it or ask for changes."""
    task_state = get_object_or_404(TaskState, pk=task_state_id)
    task = task_state.task.specific
    obj = review_actions.specific(task_state.workflow_state.content_object)
    if obj is None or not isinstance(task, ClinicalReviewTask) or not task.may_decide(obj, request.user):
        raise Http404
    if task_state.status != TaskState.STATUS_IN_PROGRESS:
        messages.success(request, _("This review is closed. Nothing was changed."))
        return redirect("desk_reviews")
    comment = ""
    if request.method == "POST":
        comment = request.POST.get("comment", "").strip()
        if request.POST.get("answer") == "approve":
            task.on_action(task_state, request.user, "approve", comment=comment)
            messages.success(request, _("Approved. Learners now read it without the banner."))
            return redirect("desk_reviews")
        if comment:
            task.on_action(task_state, request.user, "reject", comment=comment)
            messages.success(request, _("Sent back with your words. Nothing was published."))
            return redirect("desk_reviews")
        messages.error(request, _("Please say in a sentence what should change."))
    language = policies.language_of(obj)
    names = Country.objects.filter(pk__in=policies.countries_reviewed_by(request.user, language))
    is_page = isinstance(obj, Page)
    preview = "wagtailadmin_pages:workflow_preview" if is_page else obj.snippet_viewset.get_url_name("workflow_preview")
    return render(
        request,
        "wagtailadmin/desk/review.html",
        {
            "obj": obj,
            "task_state": task_state,
            "comment": comment,
            "said": what_was_said(task_state.revision_id),
            "language": dict(settings.LANGUAGES).get(language, language),
            "countries": [country.name for country in names],
            "preview_address": reverse(preview, args=[obj.pk, task.pk]),
            "header_title": str(task_state.revision.as_object()),
        },
    )


@require_GET
def read_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """A page as it stands now, for everybody at the desk: reading changes nothing."""
    if not policies.may_read_all(request.user):
        raise PermissionDenied
    page = get_object_or_404(only_hers(request.user, Page.objects.all()), pk=page_id).get_latest_revision_as_object()
    return page.make_preview_request(request, page.default_preview_mode)


HELP_WORDS = (
    (gettext_lazy("Draft"), gettext_lazy("Only the team sees it. Learners keep the text they have.")),
    (
        gettext_lazy("Publish"),
        gettext_lazy("Learners read it from now on. Without a review it carries “not approved”."),
    ),
    (
        gettext_lazy("Send for review"),
        gettext_lazy(
            "A clinical reviewer reads it, never the person who wrote it. Change it meanwhile and the review stops."
        ),
    ),
    (
        gettext_lazy("Approved"),
        gettext_lazy("A reviewer said yes to exactly these words, in this language, for her country."),
    ),
    (
        gettext_lazy("Learning title"),
        gettext_lazy("What she reads once she has signed in. It may say what the module is about."),
    ),
    (
        gettext_lazy("Cover title"),
        gettext_lazy("What a stranger may see on a certificate. It says nothing about health."),
    ),
    (
        gettext_lazy("Fact"),
        gettext_lazy(
            "A number or rule that differs by country. Write {its_key} and each woman reads her country's value."
        ),
    ),
    (
        gettext_lazy("Word"),
        gettext_lazy("A hard word with its meaning in one sentence. Change it once and every lesson has it."),
    ),
    (
        gettext_lazy("Counts for the certificate"),
        gettext_lazy("The question is asked in the quiz that counts, and is never kept on a phone with its answers."),
    ),
    (gettext_lazy("For practice"), gettext_lazy("She may try it as often as she likes. Nothing is counted.")),
    (gettext_lazy("Safety question"), gettext_lazy("A wrong answer here means “not yet”, whatever the rest.")),
    (
        gettext_lazy("The original changed"),
        gettext_lazy("The translation still shows the older text. Look it over and publish it again."),
    ),
)
"""What the words on the buttons and lists of the desk mean for a learner."""


@require_GET
def help_words(request: HttpRequest) -> HttpResponse:
    return render(
        request, "wagtailadmin/desk/help_words.html", {"words": HELP_WORDS, "header_title": _("What the words mean")}
    )
