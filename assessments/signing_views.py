"""Her signing PIN, and what was signed with it on the phones of others: so that misuse of it cannot stay unseen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from assessments.models import Observation
from people import discretion
from people.forms import SigningPinForm
from people.pins import SecretRefused
from people.signing import choose_signing_pin, is_paused, signing_pin_of, wrong_signings_of
from programme.models import Term
from programme.scope import Act, scope_now

ROWS_A_PAGE = 50
TRIES_SHOWN = 20


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: HttpRequest) -> HttpResponse:
    """Choose a signing PIN; see what was signed in her name, and what was tried. For whoever may sign, or once did."""
    user: Any = request.user
    scope, pin = scope_now(user), signing_pin_of(user)
    if pin is None and not scope.units(Act.SIGN_PRACTICE):
        raise Http404
    form = SigningPinForm(
        request.POST if request.method == "POST" else None, kind=user.secret_kind, has_one=pin is not None
    )
    if form.is_bound and form.is_valid():
        if _choose(request, form):
            messages.success(request, _("Saved. Sign with your new signing PIN from now on."))
            return redirect("signing")
        if not request.user.is_authenticated:
            return redirect("account_login")
    signed = (
        Observation.objects.filter(observer=user, signed_with=Observation.SignedWith.PIN)
        .select_related("term__learner", "module")
        .order_by("-received_at", "-pk")
    )
    tried = list(wrong_signings_of(user)[:TRIES_SHOWN])
    seen = Term.objects.filter(pk__in=scope.visible_terms().values("pk"), learner__in=[one.sent_by_id for one in tried])
    known = set(seen.values_list("learner", flat=True)) if tried else set()
    context = {
        "form": form,
        "pin": pin,
        "is_paused": pin is not None and is_paused(pin),
        "page": Paginator(signed, ROWS_A_PAGE).get_page(request.GET.get("page")),
        # Whoever sends it may be a stranger: her work name is not for everybody to read.
        "tried": [(one, one.sent_by.alias if one.sent_by_id in known else "") for one in tried],
    }
    return render(request, "assessments/signing.html", context, status=422 if form.errors else 200)


def _choose(request: HttpRequest, form: SigningPinForm) -> bool:
    """Whether it is chosen; otherwise the reason stands in ``form``."""
    user: Any = request.user
    said = form.cleaned_data
    if not discretion.try_secret(request, user, said["current"]):
        form.add_error("current", _("That did not match. Nothing was changed."))
        return False
    try:
        choose_signing_pin(user=user, pin=said["pin"], now=timezone.now(), was_seen=said.get("was_seen", False))
    except SecretRefused as refusal:
        form.add_error("pin", str(refusal.reason))
        return False
    return True
