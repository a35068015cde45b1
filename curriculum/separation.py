"""Whose curriculum something is, at the desk. Of another curriculum than hers nothing is there: no list, no address.

An app above tells with ``belongs_by`` how its own models belong to one. What belongs to none is everybody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from wagtail.models import Page

PATHS: dict[str, str] = {
    "curriculum.Strand": "curriculum",
    "curriculum.Module": "strand__curriculum",
    "curriculum.Lesson": "module__strand__curriculum",
    "curriculum.LibraryPage": "curriculum",
    "curriculum.StrandPage": "strand__curriculum",
    "curriculum.ModulePage": "module__strand__curriculum",
    "curriculum.LessonPage": "lesson__module__strand__curriculum",
    "curriculum.Article": "module__strand__curriculum",
    "curriculum.Fact": "curriculum",
    "curriculum.FactValue": "fact__curriculum",
    "curriculum.FactUpdate": "change__curriculum",
    "curriculum.Release": "curriculum",
    "curriculum.GlossaryEntry": "curriculum",
    "curriculum.LocalBlock": "lesson__module__strand__curriculum",
    "curriculum.KeptPack": "curriculum",
}
"""How a row of each model is led to its curriculum."""

KEPT_ON_PERSON = "_curricula"


def belongs_by(model: str, path: str) -> None:
    """Rows of ``model`` (``app.Model``) belong to the curriculum at the end of ``path``."""
    PATHS[model] = path


def curricula_of(user: Any) -> frozenset[str] | None:
    """The curricula that ``user`` works with at the desk; ``None``: all of them. Asked once per request."""
    if user.is_active and user.is_superuser:
        return None
    from curriculum.policies import rights_of  # noqa: PLC0415 -- policies asks here

    return frozenset(right.curriculum for right in rights_of(user))


def only_hers(user: Any, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """``rows`` without those of a curriculum that is not hers."""
    hers = curricula_of(user)
    if hers is None:
        return rows
    if rows.model is Page:
        return rows.filter(_under(hers))
    path = PATHS.get(rows.model._meta.label)  # noqa: SLF001 -- Django documents it for this
    return rows.filter(**{f"{path}__in": hers}) if path else rows


def is_hers(user: Any, obj: Any) -> bool:
    """Whether ``obj`` is of a curriculum of hers, or of none."""
    hers = curricula_of(user)
    if hers is None or obj is None:
        return True
    found = curriculum_of(obj)
    return found is None or found in hers


def those_of_hers(user: Any, found: Iterable[Any]) -> list[Any]:
    """What of ``found`` is hers, as ``is_hers`` says of one: one query for each kind of thing among them."""
    objs = list(found)
    if curricula_of(user) is None:
        return objs
    by_model: dict[type[models.Model], set[Any]] = defaultdict(set)
    for obj in objs:
        by_model[type(obj)].add(obj.pk)
    hers = {
        (model, pk)
        for model, keys in by_model.items()
        for pk in only_hers(user, model._default_manager.filter(pk__in=keys)).values_list("pk", flat=True)  # noqa: SLF001 -- as Django
    }
    return [obj for obj in objs if (type(obj), obj.pk) in hers]


def curriculum_of(obj: Any) -> str | None:
    """The curriculum of a page, a text or a value; ``None`` for what belongs to none."""
    if type(obj) is Page:
        obj = obj.specific
    path = PATHS.get(obj._meta.label)  # noqa: SLF001 -- Django documents it for this
    if path is None:
        return None
    value: Any = obj
    for step in path.split("__"):
        value = getattr(value, step, None)
    return value if isinstance(value, str) else None


def codes_of(user: Any) -> set[str] | None:
    """The codes of the modules of her curricula; ``None``: all there are, as where there is only one curriculum."""
    hers = curricula_of(user)
    if hers is None or has_only_one():
        return None
    modules = apps.get_model("curriculum", "Module")
    return set(modules.objects.filter(strand__curriculum__in=hers).values_list("code", flat=True))


def has_only_one() -> bool:
    """Whether this installation has one curriculum. One query."""
    library = apps.get_model("curriculum", "LibraryPage")
    return not library.objects.exclude(curriculum="").exists()


def _under(hers: Iterable[str]) -> Q:
    """Pages that stand in a library of ``hers``, or in none."""
    library = apps.get_model("curriculum", "LibraryPage")
    condition = Q()
    for path in library.objects.exclude(curriculum__in=hers).values_list("path", flat=True):
        condition &= ~Q(path__startswith=path)
    return condition
