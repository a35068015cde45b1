"""Ending sign-ins from another phone, reporting a lost one, and the privacy officer's list of what was on it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from offline.models import KeepingPhone
from people.models import AccessKind, User, alias_key, log_access
from programme.actions.sign_ins import end_everywhere, report_lost
from programme.phones import lost_phones, named_on, people_reached, phones_of, role_of, rows_of_phones, staff_reached
from programme.scope import Act
from programme.views import desk_of


@require_safe
@login_required
def phones(request: HttpRequest) -> HttpResponse:
    """Find somebody whose phone is lost: her colleagues are listed, a woman is found by her whole work name."""
    scope = desk_of(request, Act.END_SIGN_INS)
    asked = request.GET.get("q", "").strip()[:24]
    found = people_reached(scope).filter(alias_key=alias_key(asked)) if asked else staff_reached(scope)
    sees_lost = bool(scope.units(Act.SEE_LOST_PHONES))
    return render(request, "programme/phones.html", {"found": found, "asked": asked, "sees_lost": sees_lost})


@require_http_methods(["GET", "POST"])
@login_required
def phones_of_person(request: HttpRequest, person: UUID) -> HttpResponse:
    """What her phones keep, as far as it is known; a POST ends her sign-ins, with ``lost`` after a loss."""
    scope = desk_of(request, Act.END_SIGN_INS)
    found = get_object_or_404(people_reached(scope), uuid=person)
    if request.method == "POST":
        _end(request, found, by=scope.user, role=role_of(scope, Act.END_SIGN_INS))
        return redirect("phones-of-person", person=found.uuid)
    return render(request, "programme/phones_of_person.html", {"person": found, "rows": phones_of(found)})


@require_http_methods(["GET", "POST"])
@login_required
def my_phones(request: HttpRequest) -> HttpResponse:
    """The same about herself: this sign-in goes on, all others end."""
    user: User = request.user  # type: ignore[assignment]
    if request.method == "POST":
        _end(request, user, by=user, role="", spared=request.session.session_key or "")
        return redirect("my-phones")
    return render(request, "programme/my_phones.html", {"rows": phones_of(user)})


def _end(request: HttpRequest, person: User, *, by: User, role: str, spared: str = "") -> None:
    """``lost``: the number of a phone of hers; without it every sign-in ends and no phone counts as lost."""
    lost, now = request.POST.get("lost", ""), timezone.now()
    if not lost:
        end_everywhere(user=person, by=by, actor_role=role, now=now, spared=spared)
        messages.success(request, _("Ended. Each phone wipes what it keeps as soon as it has network."))
        return
    phone = get_object_or_404(
        KeepingPhone.objects.select_related("owner"), owner=person, pk=int(lost) if lost.isdecimal() else 0
    )
    if report_lost(phone=phone, by=by, actor_role=role, now=now, spared=spared):
        messages.success(request, _("Reported. Sign-ins have ended, and the privacy officer sees what was on it."))
    else:
        messages.info(request, _("Somebody has reported this phone before. Nothing was changed."))


@require_safe
@login_required
def lost_list(request: HttpRequest) -> HttpResponse:
    """The privacy officer's list: whose phone, reported when and by whom, how many women were on it."""
    scope = desk_of(request, Act.SEE_LOST_PHONES)
    return render(request, "programme/lost_list.html", {"rows": rows_of_phones(lost_phones(scope)[:100])})


@require_safe
@login_required
def lost_phone(request: HttpRequest, phone: int) -> HttpResponse:
    """What was on one lost phone, and until when it could be read there. Whoever is named can read of this look."""
    scope = desk_of(request, Act.SEE_LOST_PHONES)
    found = get_object_or_404(lost_phones(scope), pk=phone)
    named, others = named_on(found, scope)
    subjects = [found.owner, *(row.user for row in named)]
    log_access(
        subjects=subjects,
        actor=scope.user,
        kind=AccessKind.RECORD_OPENED,
        actor_role=role_of(scope, Act.SEE_LOST_PHONES),
    )
    [row] = rows_of_phones([found])
    context = {"row": row, "named": named, "others": others, "now": timezone.now()}
    return render(request, "programme/lost_phone.html", context)
