"""The room "Releases": prepare one, see what it lacks, make its document, record what a meeting said."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from curriculum.models import Article, Country, Release, ReleaseDocument, ReleasePaper
from curriculum.releases.approving import (
    AlreadyApproved,
    ContentMoved,
    NotReady,
    NotTheReviewer,
    approve_release,
    may_approve,
)
from curriculum.releases.checking import has_moved, readiness
from curriculum.releases.contents import NothingPublished, ReleaseClosed, prepare_release, take_again
from curriculum.releases.document import make_document
from curriculum.releases.forms import ApprovalForm, ReleaseForm
from curriculum.releases.rights import countries_of, has_releases, modules_of, releases_of

LANGUAGE_NAMES = dict(settings.LANGUAGES)


@require_GET
def room(request: HttpRequest) -> HttpResponse:
    """The releases of her countries, the newest first, and where each stands."""
    if not has_releases(request.user):
        raise Http404
    releases = releases_of(request.user).select_related("approval").prefetch_related("documents", "modules")
    return render(
        request,
        "wagtailadmin/releases/room.html",
        {
            "releases": [(release, state_of(release), _languages(release)) for release in releases],
            "countries": countries_of(request.user),
            "header_title": _("Releases"),
        },
    )


def state_of(release: Release) -> str:
    """In a few words where a release stands. No query when approval and documents are at hand."""
    if hasattr(release, "approval"):
        return _("approved")
    if release.documents.all():
        return _("waits for a meeting")
    return _("prepared")


def _languages(release: Release) -> list[str]:
    return [str(LANGUAGE_NAMES.get(code, code)) for code in release.languages]


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, country: str) -> HttpResponse:
    """Name it and choose: everything that is published of it now goes in."""
    of = get_object_or_404(countries_of(request.user), pk=country)
    modules = modules_of(request.user)
    data = request.POST if request.method == "POST" else None
    titles = _titles(of)
    published = modules.filter(pk__in=titles)
    form = ReleaseForm(
        data,
        country=of,
        modules=published,
        titles=titles,
        initial={"languages": of.languages, "modules": [module.pk for module in published]},
    )
    if form.is_valid():
        chosen = list(form.cleaned_data["modules"])
        try:
            release = prepare_release(
                name=form.cleaned_data["name"],
                country=of,
                languages=form.cleaned_data["languages"],
                modules=chosen,
                by=request.user,
                curriculum=chosen[0].strand.curriculum,
            )
        except NothingPublished:
            form.add_error("modules", _("Nothing of this is published in these languages yet."))
        else:
            messages.success(request, _("Prepared. Look at what it lacks, then make the document for the meeting."))
            return redirect("desk_release", release.uuid)
    return render(
        request,
        "wagtailadmin/releases/new.html",
        {"form": form, "country": of, "header_title": _("A new release")},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )


def _titles(country: Country) -> dict[int, str]:
    """Module -> its title in the language of the desk, of what is published in ``country``. One query."""
    here = get_language() or "en"
    found: dict[int, str] = {}
    rows = Article.objects.filter(country=country.pk, kind=Article.Kind.MODULE)
    for module, language, title in rows.values_list("module", "language", "title"):
        if module not in found or language == here:
            found[module] = title
    return found


@require_GET
def release(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One release: what is in it, what it lacks, its documents, its approval, and what reached it afterwards."""
    return _page(request, _hers(request, uuid), ApprovalForm(today=timezone.localdate()))


def _hers(request: HttpRequest, uuid: UUID) -> Release:
    return get_object_or_404(
        releases_of(request.user).select_related("approval__recorded_by", "prepared_by"), uuid=uuid
    )


def _page(request: HttpRequest, found: Release, form: ApprovalForm, status: int = HTTPStatus.OK) -> HttpResponse:
    documents = list(found.documents.select_related("made_by", "paper").defer("html", "paper__pdf"))
    newest = documents[0] if documents else None
    lacks = readiness(found)
    approval = getattr(found, "approval", None)
    return render(
        request,
        "wagtailadmin/releases/release.html",
        {
            "release": found,
            "state": state_of(found),
            "languages": _languages(found),
            "readiness": lacks,
            "documents": [(one, one.content_hash == found.content_hash, hasattr(one, "paper")) for one in documents],
            "texts": found.texts.count(),
            "approval": approval,
            "updates": found.updates.select_related("change__fact", "change__said"),
            "has_moved": approval is None and not found.is_closed and has_moved(found),
            "may_approve": approval is None and newest is not None and may_approve(request.user, found),
            "is_current": newest is not None and newest.content_hash == found.content_hash,
            "form": form,
            "values": [(value, _words(value)) for value in found.values],
            "header_title": found.name,
        },
        status=status,
    )


def _words(value: dict[str, Any]) -> str:
    words = value["words"]
    return str(words.get(get_language() or "en") or next(iter(words.values()), "") or "–")


@require_POST
def again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take what is published now. Documents made before belong to the older content, and say so."""
    found = _hers(request, uuid)
    try:
        take_again(found, by=request.user)
    except ReleaseClosed:
        messages.warning(request, _("This release is closed: what is in it stays. Prepare a new one."))
    except NothingPublished:
        messages.warning(request, _("Nothing of it is published any more. It stays as it was."))
    else:
        messages.success(request, _("Taken again. Make a new document before a meeting reads it."))
    return redirect("desk_release", found.uuid)


@require_POST
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make the document for the meeting from the release as it stands."""
    found = _hers(request, uuid)
    if not readiness(found).is_ready:
        messages.error(
            request, _("Not yet: something in it is missing, old, unread or not approved. It is listed below.")
        )
        return redirect("desk_release", found.uuid)
    make_document(found, by=request.user, language=get_language() or "en")
    messages.success(request, _("The document is made. The PDF follows in a minute; you can read and print it here."))
    return redirect("desk_release", found.uuid)


def _document(request: HttpRequest, uuid: UUID) -> ReleaseDocument:
    return get_object_or_404(ReleaseDocument.objects.filter(release__in=releases_of(request.user)), uuid=uuid)


@require_GET
def read(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The document to read and to print from the browser, exactly as it was made."""
    found = _document(request, uuid)
    sheet = format_html('<link rel="stylesheet" href="{}"></head>', static("admin/release_document.css"))
    response = HttpResponse(found.html.replace("</head>", sheet, 1))
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The PDF, under a name that says nothing."""
    found = get_object_or_404(ReleasePaper, document=_document(request, uuid))
    response = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.document.content_hash[:8]}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def approve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Record what the meeting said of one document. Whoever may not decide finds nothing here."""
    made = _document(request, uuid)
    found = _hers(request, made.release.uuid)
    if not may_approve(request.user, found):
        raise Http404
    form = ApprovalForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        approve_release(document=made, by=request.user, **form.cleaned_data)
    except NotTheReviewer:
        raise Http404 from None
    except AlreadyApproved:
        messages.warning(request, _("This release is approved already. Nothing was changed."))
    except ContentMoved:
        form.add_error(
            "mark",
            _("That is not what is in the release now: something has moved since, or the mark is of other pages. "
              "Make the document again, and read what is new."),
        )  # fmt: skip
        return _page(request, found, form, HTTPStatus.CONFLICT)
    except NotReady:
        form.add_error(None, _("Not yet: something in it is missing, old, unread or not approved. It is listed below."))
        return _page(request, found, form, HTTPStatus.CONFLICT)
    else:
        messages.success(request, _("Recorded. Cohorts can be moved to this release now."))
    return redirect("desk_release", found.uuid)
