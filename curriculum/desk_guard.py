"""What stands before every address of the writing desk.

Wagtail and wagtail-localize check rights per type and per branch of the tree. Here every address that
names a translation is asked for the language of that translation, people without any right find
nothing at all, and a refused publication is told in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.apps import apps
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import ResolverMatch
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Locale, Page, Revision, TaskState
from wagtail_localize.models import Translation, TranslationSource

from curriculum import desk_meanings, policies
from curriculum.four_eyes import PublicationRefused
from curriculum.meanings import MeaningNotSaid, MoreThanATypo, said
from curriculum.models.review import ReviewOutdated
from curriculum.separation import has_only_one, is_hers

View = Callable[..., HttpResponseBase]
OPEN_TRANSLATION_ADDRESSES = frozenset(
    {"javascript_catalog", "translations_report", "translations_report_results", "snippets_api_listing"}
    | {"snippets_api_detail"}
)

READING_PAGE_ADDRESSES = frozenset(
    {"view_draft", "history", "history_results", "revisions_index", "revisions_view", "revisions_compare", "usage"}
    # The review itself says who may decide; the reviewer has no right to change the text.
    | {"workflow_action", "collect_workflow_action_data", "workflow_preview"}
    | {"workflow_history", "workflow_history_detail"}
)

NAMES_OF_A_PAGE = ("page_id", "parent_page_id", "page_to_move_id")


def desk(view: View) -> View:
    """Guard one view of ``/admin/``."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated:
            if not user.has_perm("wagtailadmin.access_admin"):
                # A redirect to the sign-in would send a signed-in woman round in circles, and say that there is a desk.
                raise Http404
            match = request.resolver_match
            if match is not None and is_second_door(match):
                raise Http404
            if match is not None:
                check_whose(user, match)
            if match is not None and match.namespace == "wagtail_localize":
                check_translation_address(request, match)
            elif match is not None and match.namespace == "wagtailadmin_pages":
                check_page_address(request, match)
            if request.method == "POST":
                keep_reviewed_revisions(request)
        try:
            with said(request.POST.get(desk_meanings.FIELD, ""), by=user, is_asked=request.method == "POST"):
                began_at = timezone.now()
                response = view(request, *args, **kwargs)
                desk_meanings.tell_of_updates(request, since=began_at)
                return response
        except (MeaningNotSaid, MoreThanATypo) as refusal:
            return desk_meanings.asked_again(request, refusal) or answer(request, refusal.reasons)
        except PublicationRefused as refusal:
            return answer(request, refusal.reasons)
        except ReviewOutdated:
            return answer(
                request, [_("Somebody changed this text meanwhile. The review is cancelled; it can be sent again.")]
            )
        except ProtectedError:
            return answer(request, [_("A lesson, a quiz or a record needs this. It stays, and nothing was changed.")])

    return guarded


def is_second_door(match: ResolverMatch) -> bool:
    """Whether this address does what an editor of ours does, past its form and its hooks.

    Wagtail's interface for programs copies, moves and deletes pages: a second page of one module stops
    all publishing. Its choosers can make what they choose: a value for another country, say.
    """
    if match.namespace == "wagtailadmin_api:pages":
        return match.url_name == "action"
    return match.namespace.startswith("wagtailsnippetchoosers_") and match.url_name == "create"


def answer(request: HttpRequest, reasons: list[str]) -> HttpResponse:
    """Say why something was not done, where the person was."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"success": False, "error_code": "refused", "error_message": " ".join(reasons)}, status=400)
    for reason in reasons:
        messages.error(request, reason)
    # Our pages send no referrer, so the address itself: the editors and bulk pages of the desk also answer to GET.
    return redirect(request.get_full_path() if request.method == "POST" else "wagtailadmin_home")


def keep_reviewed_revisions(request: HttpRequest) -> None:
    """Write a new revision instead of over one that is being reviewed or was approved.

    Wagtail's editor saves over its own last revision and keeps its number; an approval bound to that
    number would then cover words that nobody read.
    """
    number = request.POST.get("overwrite_revision_id", "")
    if not number.isdigit():
        return
    revision = Revision.objects.filter(pk=number).first()
    if revision and (revision.approvals.exists() or revision.task_states.exists()):
        rest = request.POST.copy()
        del rest["overwrite_revision_id"]
        request.POST = rest  # type: ignore[assignment]


SEE_ALL_PAGES = ("wagtailadmin_api", "wagtailadmin_reports", "wagtailadmin_workflows", "wagtailadmin_collections")
SEE_ALL_PAGES_BY_NAME = frozenset(
    {"translations_report", "translations_report_results", "snippets_api_listing", "snippets_api_detail"}
    | {"wagtailadmin_choose_page_external_link", "wagtailadmin_tag_autocomplete"}
)
"""Lists of Wagtail over everything there is. None of them stands in her menu; with two curricula they are not there."""


def check_whose(user: Any, match: ResolverMatch) -> None:
    """Raise ``Http404`` where an address names something of another curriculum than hers, whatever it would do."""
    see_all = (match.namespace or "").startswith(SEE_ALL_PAGES) or match.url_name in SEE_ALL_PAGES_BY_NAME
    if see_all and not user.is_superuser and not has_only_one():
        raise Http404
    named: Any = None
    number = next((match.kwargs[name] for name in NAMES_OF_A_PAGE if name in match.kwargs), None)
    if number is not None:
        named = Page.objects.filter(pk=number).first()
    elif "translation_id" in match.kwargs:
        source = Translation.objects.select_related("source").filter(pk=match.kwargs["translation_id"]).first()
        named = source and _original(source.source)
    elif "translation_source_id" in match.kwargs:
        named = _original(TranslationSource.objects.filter(pk=match.kwargs["translation_source_id"]).first())
    elif "task_state_id" in match.kwargs:
        state = TaskState.objects.filter(pk=match.kwargs["task_state_id"]).first()
        named = state and state.workflow_state.content_object
    elif "revision_id" in match.kwargs and str(match.kwargs["revision_id"]).isdigit():
        revision = Revision.objects.filter(pk=match.kwargs["revision_id"]).first()
        named = revision and revision.content_object
    elif {"app_label", "model_name"} <= match.kwargs.keys() and "pk" in match.kwargs:
        with suppress(LookupError, ValueError):
            model = apps.get_model(match.kwargs["app_label"], match.kwargs["model_name"])
            named = model._default_manager.filter(pk=match.kwargs["pk"]).first()  # noqa: SLF001 -- Django documents it
    if named is not None and not is_hers(user, named):
        raise Http404


def _original(source: TranslationSource | None) -> Any:
    """The text that ``source`` was made from; ``None`` when it is gone."""
    if source is None:
        return None
    with suppress(Exception):
        return source.get_source_instance()
    return None


def check_page_address(request: HttpRequest, match: ResolverMatch) -> None:
    """Raise ``Http404`` when this address of Wagtail changes a page in a language that is not hers.

    Wagtail's own page permissions say the same by the branch of the tree. They are rows that somebody may
    have added to; the language of a page is not.
    """
    number = next((match.kwargs[name] for name in NAMES_OF_A_PAGE if name in match.kwargs), None)
    if number is None:
        return
    page = get_object_or_404(Page.objects.select_related("locale"), pk=number)
    if not is_hers(request.user, page):
        raise Http404
    if match.url_name in READING_PAGE_ADDRESSES:
        return
    if not may_change_page(request.user, page):
        raise Http404


def may_change_page(user: Any, page: Page) -> bool:
    """Whether ``page`` is in a language that ``user`` writes; the root is in none."""
    return page.is_root() or policies.may_write(user, policies.language_of(page))


def check_translation_address(request: HttpRequest, match: ResolverMatch) -> None:
    """Raise ``Http404`` when this address of wagtail-localize is about a language that is not hers."""
    name, kwargs = match.url_name, match.kwargs
    if name in OPEN_TRANSLATION_ADDRESSES:
        return
    if "translation_id" in kwargs:
        translation = get_object_or_404(
            Translation.objects.select_related("target_locale"), pk=kwargs["translation_id"]
        )
        if policies.may_write(request.user, translation.target_locale.language_code):
            return
    elif name == "update_translations":
        if _may_synchronise(request, kwargs["translation_source_id"]):
            return
    elif name in {"submit_page_translation", "submit_snippet_translation"} and _may_begin(request):
        return
    # Whatever is left, "convert to alias" among it: an alias shows one language under another's address.
    raise Http404


def _may_synchronise(request: HttpRequest, source_id: int) -> bool:
    """Authors of the source, and translators of one of its languages; to publish, of all of them."""
    source = get_object_or_404(TranslationSource.objects.select_related("locale"), pk=source_id)
    targets = set(source.translations.filter(enabled=True).values_list("target_locale__language_code", flat=True))
    hers = policies.languages_written_by(request.user)
    if request.method == "POST" and request.POST.get("publish_translations"):
        return targets <= hers
    return source.locale.language_code in hers or bool(targets & hers)


def _may_begin(request: HttpRequest) -> bool:
    """Authors may send a text to any translator; a translator begins in her own languages."""
    if policies.is_author(request.user):
        return True
    if request.method != "POST":
        return policies.is_translator(request.user)
    wanted = {number for number in request.POST.getlist("locales") if number.isdigit()}
    languages = set(Locale.objects.filter(pk__in=wanted).values_list("language_code", flat=True))
    return languages <= policies.languages_written_by(request.user)
