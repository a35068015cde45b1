"""What every template may ask about this installation, and about the work of whoever is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from people.models import User
from programme.models import Installation
from programme.scope import Act, scope_now

MANAGES_TERMS = "manages_terms"
SIGNS_PRACTICES = "signs_practices"


def installation(request: HttpRequest) -> dict[str, Any]:
    """``is_demonstration``: whether every page must say that this is not real.

    ``manages_terms``: whether the foot of the page leads to accounts and terms. ``signs_practices``: whether her
    pages lead to her signing PIN.
    """
    return {
        "is_demonstration": SimpleLazyObject(Installation.is_demo),
        MANAGES_TERMS: SimpleLazyObject(lambda: manages_terms(request)),
        SIGNS_PRACTICES: SimpleLazyObject(lambda: bool(request.session.get(SIGNS_PRACTICES))),
    }


def manages_terms(request: HttpRequest) -> bool:
    """Whether she kept terms when she signed in. It only shows a link: the page behind it asks anew."""
    return bool(request.session.get(MANAGES_TERMS))


def note_desk(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note in the new session what every page of hers shows, so that no page has to ask."""
    if user.secret_kind == User.SecretKind.PASSWORD:
        scope = scope_now(user)
        request.session[MANAGES_TERMS] = bool(scope.units(Act.MANAGE_TERM))
        request.session[SIGNS_PRACTICES] = bool(scope.units(Act.SIGN_PRACTICE))
