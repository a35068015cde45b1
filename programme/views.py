"""Help for everybody, and the coordinator's pages: accounts and terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

import people.actions
from people.discretion import kept_through_lock
from people.models import Invitation, alias_key
from programme.actions import Refused, end_term, extend_term, open_account, record_leave, transfer
from programme.actions.pairs import may_pair_with, pair_up, partner_of
from programme.forms import EndForm, ExtendForm, LeaveForm, MoveForm, NewAccountForm, PairForm
from programme.help_lines import help_words
from programme.models import Role, Term
from programme.rows import row_of
from programme.scope import Act, Scope, current_study, is_staff_member, scope_now
from programme.waiting import waiting_entries

ROWS_A_PAGE = 50


@require_safe
def help_for_me(request: HttpRequest) -> HttpResponse:
    """Numbers to call and where to complain, for everybody. Leaves no trace: nothing is written anywhere."""
    return render(request, "programme/help_for_me.html", help_words(current_study(request.user)))


def desk_of(request: HttpRequest, *acts: Act) -> Scope:
    """The scope of whoever asks; 404 for somebody who is no staff at all, or may do none of ``acts`` anywhere."""
    scope = scope_now(request.user)
    if not any(held.role != Role.LEARNER for held in scope.roles):
        raise Http404
    if acts and not any(scope.units(act) for act in acts):
        raise Http404
    return scope


def managed(scope: Scope) -> QuerySet[Term]:
    """The terms that she runs, with what a row needs."""
    return (
        scope.terms(Act.MANAGE_TERM)
        .select_related("learner", "programme")
        .prefetch_related("leaves", "placements__facility")
    )


@require_safe
@login_required
def people_list(request: HttpRequest) -> HttpResponse:
    """The terms that she runs: alias and chosen name, site, dates, state."""
    scope = desk_of(request)
    terms = managed(scope).order_by("learner__alias")
    asked = request.GET.get("q", "").strip()[:24]
    shows_ended = request.GET.get("show") == "ended"
    if asked:
        terms = terms.filter(learner__alias_key__contains=alias_key(asked))
    else:
        over = Q(ended_on__lt=scope.on)
        terms = terms.filter(over) if shows_ended else terms.exclude(over)
    page = Paginator(terms, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [row_of(term, scope) for term in page.object_list],
        "page": page,
        "asked": asked,
        "shows_ended": shows_ended,
        "may_open": bool(scope.units(Act.MANAGE_TERM)),
        "waiting": waiting_entries(scope).count(),
    }
    return render(request, "programme/people_list.html", context)


@kept_through_lock
@require_http_methods(["GET", "POST"])
@login_required
def people_new(request: HttpRequest) -> HttpResponse:
    """Open an account, and go on to its slip."""
    scope = desk_of(request, Act.MANAGE_TERM)
    form = NewAccountForm(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        try:
            term = open_account(by=request.user, today=scope.on, **form.values())
        except Refused as refusal:
            form.add_error(None, str(refusal.words))
        else:
            return redirect("slip", term=term.uuid)
    return render(request, "programme/people_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def slip(request: HttpRequest, term: UUID) -> HttpResponse:
    """Ask first, then print the one-time code. It is shown this once; a newer slip ends the older."""
    scope, found = _managed_or_404(request, term)
    if is_staff_member(found.learner, scope.on):
        # Whoever uses a slip has all that its account may do: nobody prints herself another role.
        messages.warning(request, _("She works here as staff too. Whoever runs this site gives her a new password."))
        return redirect("people-list")
    context: dict[str, Any] = {"row": row_of(found, scope), "is_first": not found.learner.has_usable_password()}
    if request.method == "POST":
        invitation, code = people.actions.invite(
            user=found.learner,
            purpose=Invitation.Purpose.FORGOTTEN if found.learner.has_usable_password() else Invitation.Purpose.FIRST,
            by=request.user,
            now=timezone.now(),
            actor_role=scope.role_for(found, Act.MANAGE_TERM),
        )
        language = found.learner.reading_languages[0]
        with override(language):
            address = request.build_absolute_uri(reverse("start"))
        context |= {
            "alias": found.learner.alias,
            "code": code,
            "expires_at": invitation.expires_at,
            "address": address,
            "language": language,
        }
    return render(request, "programme/slip.html", context)


Verb = Callable[..., Any]


def _managed_or_404(request: HttpRequest, uuid: UUID) -> tuple[Scope, Term]:
    scope = desk_of(request)
    return scope, get_object_or_404(managed(scope), uuid=uuid)


def _change(
    request: HttpRequest,
    scope: Scope,
    term: Term,
    form: forms.Form,
    verb: Verb,
    saved: str,
    template: str,
    **more: Any,
) -> HttpResponse:
    """Show ``form`` about ``term``; when it is good, let ``verb`` do it and go back to the list."""
    if request.method == "POST" and form.is_valid():
        try:
            verb(by=request.user, term=term, today=scope.on, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.words))
        else:
            messages.success(request, saved)
            return redirect("people-list")
    context = {"form": form, "term": term, "row": row_of(term, scope), **more}
    return render(request, f"programme/{template}.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def term_leave(request: HttpRequest, term: UUID) -> HttpResponse:
    scope, found = _managed_or_404(request, term)
    saved = _("Saved. Her dates move on by these days.")
    return _change(request, scope, found, LeaveForm(request.POST or None), record_leave, saved, "term_leave")


@require_http_methods(["GET", "POST"])
@login_required
def term_move(request: HttpRequest, term: UUID) -> HttpResponse:
    scope, found = _managed_or_404(request, term)
    form = MoveForm(request.POST or None, term=found, scope=scope)
    return _change(request, scope, found, form, transfer, _("Saved. She moves on that day."), "term_move")


@require_http_methods(["GET", "POST"])
@login_required
def term_extend(request: HttpRequest, term: UUID) -> HttpResponse:
    scope, found = _managed_or_404(request, term)
    saved = _("Saved. Her term runs longer.")
    return _change(request, scope, found, ExtendForm(request.POST or None), extend_term, saved, "term_extend")


@require_http_methods(["GET", "POST"])
@login_required
def term_pair(request: HttpRequest, term: UUID) -> HttpResponse:
    """With whom she makes her visits; only where a programme works in pairs."""
    scope, found = _managed_or_404(request, term)
    if not found.programme.works_in_pairs:
        raise Http404
    form = PairForm(request.POST or None, beside=may_pair_with(scope, found), on=scope.on)
    partner = partner_of(found, scope.on)
    return _change(request, scope, found, form, pair_up, _("Saved."), "term_pair", partner=partner)


@require_http_methods(["GET", "POST"])
@login_required
def term_end(request: HttpRequest, term: UUID) -> HttpResponse:
    scope, found = _managed_or_404(request, term)
    form = EndForm(request.POST or None)
    return _change(request, scope, found, form, end_term, _("Saved. Her term ends on that day."), "term_end")
