"""The trainer's own pages: translations that wait, reviews that wait, reading, and what the words mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages
from wagtail.models import Locale, Page, TaskState, WorkflowState
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from curriculum import policies, review_actions
from curriculum.models import ClinicalReviewTask, Country
from curriculum.scheduling import not_published_for


@dataclass(frozen=True)
class WaitingTranslation:
    """One text on the translator's list, with what there is to do."""

    title: str
    kind: str
    language: str
    done: int
    total: int
    is_behind: bool
    is_begun: bool
    address: str

    @property
    def is_complete(self) -> bool:
        return self.is_begun and self.done == self.total and not self.is_behind

    @property
    def state(self) -> str:
        if not self.is_begun:
            return _("not begun")
        if self.is_behind:
            return _("the original changed")
        if self.done < self.total:
            return _("%(done)s of %(total)s sentences") % {"done": self.done, "total": self.total}
        return _("complete")


def languages_at_the_desk(user: Any) -> list[str]:
    """The languages whose translations somebody looks at: a translator's own, all of them for an author."""
    hers = policies.languages_written_by(user) - {policies.source_language()}
    if hers or not policies.may_read_all(user):
        return [code for code, _name in settings.LANGUAGES if code in hers]
    return [code for code, _name in settings.LANGUAGES if code != policies.source_language()]


def waiting_translations(locale: Locale) -> list[WaitingTranslation]:
    """Every text that could be in ``locale``, what is missing first. A fixed number of queries."""
    begun = (
        Translation.objects.filter(target_locale=locale, enabled=True)
        .select_related("source", "source__specific_content_type")
        .order_by("pk")
    )
    finished = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"), context_id=OuterRef("context_id"), locale=locale, has_error=False
    )
    counts = {
        row["source_id"]: (row["done"], row["total"])
        for row in StringSegment.objects.filter(source__translations__in=begun)
        .annotate(is_done=Exists(finished))
        .values("source_id")
        .annotate(total=Count("pk", distinct=True), done=Count("pk", distinct=True, filter=Q(is_done=True)))
    }
    sources = texts_of(policies.source_language())
    targets = texts_of(locale.language_code)
    begun_by_key = {translation.source.object_id: translation for translation in begun}
    found = []
    for key, text in sources.items():
        translation = begun_by_key.get(key)
        target = targets.get(key)
        done, total = counts.get(translation.source_id, (0, 0)) if translation else (0, 0)
        found.append(
            WaitingTranslation(
                title=text.title,
                kind=text.kind,
                language=locale.language_code,
                done=done,
                total=total,
                is_behind=bool(
                    translation and text.published_at and text.published_at > translation.source.last_updated_at
                ),
                is_begun=target is not None,
                address=target.edit_address if target else f"{text.begin_address}?select_locale={locale.language_code}",
            )
        )
    return sorted(found, key=lambda row: row.is_complete)


@dataclass(frozen=True)
class DeskText:
    """A page or question in one language, as the lists of the desk show it."""

    title: str
    kind: str
    published_at: Any
    edit_address: str
    begin_address: str


def texts_of(language: str) -> dict[Any, DeskText]:
    """Every page and reviewed snippet in ``language`` that learners could read, by translation key."""
    found: dict[Any, DeskText] = {}
    pages = (
        Page.objects.filter(locale__language_code=language, depth__gt=2).select_related("content_type").order_by("path")
    )
    for page in pages:
        if page.content_type.model in {"strandpage", "librarypage"}:
            continue
        found[page.translation_key] = DeskText(
            title=page.title,
            kind=str(page.content_type.name),
            published_at=page.last_published_at,
            edit_address=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            begin_address=reverse("wagtail_localize:submit_page_translation", args=[page.pk]),
        )
    for model in policies.reviewed_models():
        meta = model._meta  # noqa: SLF001 -- Django documents it for this
        for row in model._default_manager.filter(locale__language_code=language).order_by("pk"):  # noqa: SLF001 -- Django documents it for this
            found[row.translation_key] = DeskText(  # type: ignore[attr-defined]
                title=getattr(row, "stem", "") or str(row.pk),
                kind=str(meta.verbose_name),
                published_at=getattr(row, "last_published_at", None),
                edit_address=reverse(model.snippet_viewset.get_url_name("edit"), args=[row.pk]),  # type: ignore[attr-defined]
                begin_address=reverse(
                    "wagtail_localize:submit_snippet_translation", args=[meta.app_label, meta.model_name, row.pk]
                ),
            )
    return found


@require_GET
def translations(request: HttpRequest) -> HttpResponse:
    """What waits to be translated, per language, one language at a time."""
    languages = languages_at_the_desk(request.user)
    if not languages:
        raise Http404
    chosen = request.GET.get("language", languages[0])
    locale = Locale.objects.filter(language_code=chosen).first() if chosen in languages else None
    names = dict(settings.LANGUAGES)
    rows = waiting_translations(locale) if locale else []
    may_write = policies.may_write(request.user, chosen)
    may_begin = may_write or policies.is_author(request.user)
    return render(
        request,
        "wagtailadmin/desk/translations.html",
        {
            "languages": [(code, names[code]) for code in languages],
            "chosen": chosen,
            "rows": [(row, may_write if row.is_begun else may_begin) for row in rows],
            "waiting_count": sum(not row.is_complete for row in rows),
            "header_title": _("Translations"),
        },
    )


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
        {"reviews": reviews_waiting_for(request.user), "header_title": _("Reviews waiting for me")},
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
    page = get_object_or_404(Page, pk=page_id).get_latest_revision_as_object()
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
