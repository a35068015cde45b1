"""Where somebody belongs, and the place where she signs in. At another programme's door she is a stranger.

A programme with a host name admits its own people there and nowhere else. Everybody else signs in where no programme
has its place. Whoever comes to a door that is not hers is answered like a name that nobody has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from people.models import User
from programme import own, wording
from programme.models import Programme, RoleAssignment, Term
from programme.models.units import Tree
from programme.own import Own

BELONGS_TO = "programme"
"""What a session remembers: the programme, by primary key, that its person belongs to; 0 for one without ways of
its own."""


def programmes_of(user: User) -> list[int]:
    """The programmes that ``user`` learns in or works for, the one begun last first. At most four queries."""
    terms = Term.objects.filter(learner=user).order_by("-start_on", "-pk")
    found = list(dict.fromkeys(terms.values_list("programme_id", flat=True)))
    held = set(RoleAssignment.objects.filter(user=user).values_list("unit_id", flat=True))
    if held:
        tree = Tree.on(timezone.now().date())
        roots = Programme.objects.order_by("pk").values_list("pk", "root_unit_id")
        found += [pk for pk, root in roots if pk not in found and held & tree.below([root])]
    return found


def belongs_here(host: str, user: User) -> bool:
    """Whether ``user`` may come in at ``host``. No query where no programme has a place of its own."""
    if not any(each.host_name for each in own.known()):
        return True
    here = own.of_host(host)
    hers = programmes_of(user)
    if here is not None:
        return here.pk in hers
    housed = {each.pk for each in own.known() if each.host_name}
    return not hers or not set(hers) <= housed


def admits(request: HttpRequest | None, user: User) -> bool:
    """``belongs_here`` for a request; what has none, such as a test of a hash, is let through."""
    return request is None or belongs_here(host_of(request), user)


def host_of(request: HttpRequest) -> str:
    """The host that was asked; empty for a request that nobody sent, such as a program's own."""
    return request.get_host() if "SERVER_NAME" in request.META else ""


def own_at(request: HttpRequest) -> Own | None:
    """The programme whose place this is, or that the one who is signed in belongs to."""
    here = own.of_host(host_of(request))
    if here is not None:
        return here
    return own.of_programme(request.session.get(BELONGS_TO)) if own.known() else None


def note_programme(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Note in the new session to which programme she belongs: the one of this host, or the one she came to last."""
    if not own.known():
        return
    hers, here = programmes_of(user), own.of_host(host_of(request))
    chosen = here.pk if here is not None and here.pk in hers else next(iter(hers), 0)
    request.session[BELONGS_TO] = chosen if own.of_programme(chosen) else 0


class OwnWaysMiddleware:
    """Every page in the words and the look of its programme; a session that came from another door is nobody's here.

    Where no programme has ways of its own it does nothing and reads nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not own.known():
            request.own = None  # type: ignore[attr-defined]
            return self.get_response(request)
        if SESSION_KEY in request.session and not self._is_at_her_door(request):
            from django.contrib.auth import logout  # noqa: PLC0415 -- only here, and rarely

            logout(request)
        request.own = own_at(request)  # type: ignore[attr-defined]
        with wording.spoken(request.own):  # type: ignore[attr-defined]
            return self.get_response(request)

    @staticmethod
    def _is_at_her_door(request: HttpRequest) -> bool:
        here, hers = own.of_host(host_of(request)), own.of_programme(request.session.get(BELONGS_TO))
        if here is not None:
            return hers is not None and hers.pk == here.pk
        return hers is None or not hers.host_name
