"""Packs at the desk: send one, see what it would change, decide, bring it in; give one out."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from curriculum import differences, kept_packs, packs, policies
from curriculum.actions import Imported, PackNotClean, Undecided, always, import_pack, renew_references
from curriculum.comparing import Decide, compare, last_imported
from curriculum.desk_meanings import FIELD, what_it_does
from curriculum.desk_packs.forms import DecisionForm, UploadForm
from curriculum.desk_packs.sentences import told
from curriculum.importing_local import compare_variants
from curriculum.meanings import WORDING
from curriculum.models import UploadedPack
from curriculum.packs.merging import Change
from curriculum.separation import codes_of, curricula_of

LANGUAGE_NAMES = dict(settings.LANGUAGES)
View = Callable[..., HttpResponse]


def may_bring_in(user: Any) -> bool:
    """Whoever may publish the source language: what comes in is published at once."""
    return policies.is_author(user) and policies.may_write(user, policies.source_language())


def for_authors(view: View) -> View:
    """Let only those in who may bring a pack in; others find nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_bring_in(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "POST"])
@for_authors
def room(request: HttpRequest) -> HttpResponse:
    """Send a pack, or take one out. A pack with something amiss changes nothing, and all of it is listed."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    problems: list[packs.Problem] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["pack"].read()
        opened = packs.open_zip(io.BytesIO(data))
        problems = opened.errors
        if not problems:
            UploadedPack.objects.update_or_create(
                uploaded_by_id=request.user.pk,
                defaults={"name": str(form.cleaned_data["pack"].name)[:120], "zip": data},
            )
            return redirect("desk_packs_waiting")
    return render(
        request,
        "wagtailadmin/desk/packs.html",
        {
            "form": form,
            "problems": [(problem, told(problem.what)) for problem in problems],
            "waiting": UploadedPack.objects.filter(uploaded_by_id=request.user.pk).first(),
            "packs": _packs_of(request.user),
            "header_title": _("Packs"),
        },
        status=400 if request.method == "POST" else 200,
    )


def _packs_of(user: Any) -> dict[str, list[str]]:
    """The packs with their modules, of her curricula only."""
    hers, found = codes_of(user), kept_packs.packs_at_the_desk()
    if hers is None:
        return found
    mine = {code: [folder for folder in folders if folder.upper() in hers] for code, folders in found.items()}
    return {code: folders for code, folders in mine.items() if folders}


def _curriculum_of(user: Any) -> str:
    """The curriculum that a pack of hers becomes part of, when it is new."""
    return min(curricula_of(user) or {""})


@require_http_methods(["GET", "POST"])
@for_authors
def waiting(request: HttpRequest) -> HttpResponse:
    """What the pack that she sent would change here; with every conflict decided, it is brought in."""
    upload = UploadedPack.objects.filter(uploaded_by_id=request.user.pk).first()
    if upload is None:
        return redirect("desk_packs")
    changes = _looked_at(upload)
    conflicts = [change for change in changes if change.what == "conflict"]
    form = DecisionForm(request.POST if request.method == "POST" else None, conflicts=conflicts)
    if request.method == "POST" and form.is_valid():
        try:
            imported = _brought_in(upload, form.decide, request.user, request.POST.get(FIELD) or WORDING)
        except PackNotClean as refusal:
            # It was clean when it was sent: the rules of this installation have changed since.
            for problem in refusal.problems:
                messages.error(request, f"{problem.file}: {told(problem.what)}")
            return redirect("desk_packs")
        except Undecided:
            messages.warning(request, _("Somebody changed a text meanwhile. Please look once more."))
            return redirect("desk_packs_waiting")
        _tell(request, imported)
        return redirect("desk_packs")
    return render(
        request,
        "wagtailadmin/desk/packs_waiting.html",
        {
            "upload": upload,
            "form": form,
            "modules": _by_module(changes),
            "languages": [
                (LANGUAGE_NAMES.get(language or settings.LANGUAGE_CODE, language), differences.sentence(numbers))
                for language, numbers in differences.counted(changes).items()
            ],
            "kinds": what_it_does(),
            "field": FIELD,
            "header_title": _("What this pack changes"),
        },
        status=400 if form.errors else 200,
    )


def _by_module(changes: list[Change]) -> list[tuple[str, list[tuple[Change, Any, str]]]]:
    """The changes of the source language but the conflicts, in words; by module."""
    found: dict[str, list[tuple[Change, Any, str]]] = {}
    for change in changes:
        if not change.place.language and change.what != "conflict":
            told_ = (change, differences.NAMES[change.what], differences.why(change))
            found.setdefault(change.place.module, []).append(told_)
    return list(found.items())


def _looked_at(upload: UploadedPack) -> list[Change]:
    """What an import would do; nothing of it is done."""
    opened = packs.open_zip(io.BytesIO(bytes(upload.zip)))
    merged = compare(opened.pack)
    variants = compare_variants(opened.pack, merged, last_imported, always(None))
    return [change for each in (*merged.values(), *variants) for change in each.changes]


@transaction.atomic
def _brought_in(upload: UploadedPack, decide: Decide, user: Any, meaning: str) -> Imported:
    with NamedTemporaryFile(suffix=".zip") as file:
        file.write(upload.zip)
        file.flush()
        imported = import_pack(Path(file.name), user, decide=decide, meaning=meaning)
    upload.delete()
    transaction.on_commit(renew_references.enqueue)
    return imported


def _tell(request: HttpRequest, imported: Imported) -> None:
    messages.success(
        request,
        ngettext(
            "Brought in. %(count)s page or question was published.",
            "Brought in. %(count)s pages and questions were published.",
            imported.published,
        )
        % {"count": imported.published},
    )
    if imported.left_out:
        messages.warning(request, _("These wait: %(texts)s") % {"texts": "; ".join(imported.left_out)})


@require_POST
@for_authors
def put_away(request: HttpRequest) -> HttpResponse:
    """She does not bring it in after all."""
    UploadedPack.objects.filter(uploaded_by_id=request.user.pk).delete()
    messages.success(request, _("Put away. Nothing was changed."))
    return redirect("desk_packs")


@require_GET
@for_authors
def give_out(request: HttpRequest, code: str, folder: str = "") -> HttpResponse:
    """A pack, or one module of it, as a zip."""
    if code not in _packs_of(request.user):
        raise Http404
    try:
        data = kept_packs.given_out(code, folder)
    except KeyError:
        raise Http404 from None
    response = HttpResponse(data, content_type="application/zip")
    # Neutral: on a shared computer the name of a file is read by others.
    response["Content-Disposition"] = f'attachment; filename="pack{f"-{folder}" if folder else ""}.zip"'
    return response
