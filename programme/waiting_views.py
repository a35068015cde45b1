"""The coordinator's page of what phones sent and what was not accepted."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from offline.batches import Result
from offline.deciding import close, try_again
from people.models import AccessKind, User, log_access
from programme.scope import Act
from programme.views import ROWS_A_PAGE, desk_of
from programme.waiting import entries_of, role_of, row_of_entry, waiting_entries


@require_safe
@login_required
def waiting_list(request: HttpRequest) -> HttpResponse:
    """What waits for a person to decide: who sent it, when, and what she was told. A look that she can read of."""
    scope = desk_of(request, Act.MANAGE_TERM)
    page = Paginator(waiting_entries(scope), ROWS_A_PAGE).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    subjects: dict[int, User] = {entry.sent_by_id: entry.sent_by for entry in entries}
    log_access(subjects=subjects.values(), actor=scope.user, kind=AccessKind.KEPT_SEEN, actor_role=role_of(scope))
    context = {"rows": [row_of_entry(entry) for entry in entries], "page": page}
    return render(request, "programme/waiting_list.html", context)


@require_POST
@login_required
def waiting_decide(request: HttpRequest, entry: int) -> HttpResponse:
    """``do=again`` tries it once more, ``do=close`` closes it."""
    scope = desk_of(request, Act.MANAGE_TERM)
    found = get_object_or_404(entries_of(scope), pk=entry)
    do = request.POST.get("do")
    if do not in ("again", "close"):
        raise Http404
    if do == "again":
        result = try_again(entry=found, by=scope.user, now=timezone.now())
    else:
        is_closed = close(entry=found, by=scope.user, now=timezone.now())
        result = Result.STORED if is_closed else Result.REPEATED
    if result == Result.REPEATED:
        messages.info(request, _("Somebody has decided about this before. Nothing was changed."))
    elif result == Result.LATER:
        messages.warning(request, _("This could not be tried now. It is kept. Tell whoever runs this site."))
    elif result == Result.REFUSED:
        messages.warning(request, _("Not accepted this time either. It is kept, and you can close it."))
    elif do == "again":
        messages.success(request, _("Accepted now. It counts from the day on which it was done."))
    else:
        messages.success(request, _("Closed. It is not listed any more."))
    if result in (Result.STORED, Result.REFUSED, Result.LATER):
        log_access(subjects=[found.sent_by], actor=scope.user, kind=AccessKind.KEPT_DECIDED, actor_role=role_of(scope))
    return redirect("waiting-list")
