"""What she is told, on the page My data, about what is kept of her learning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Attempt, Observation
from assessments.talks import talks_of_person
from people.models import User
from progress.attendance import there
from progress.models import LessonStudy, LogbookEntry, UpdateAnswer


def rows_of_learning(user: User) -> Iterable[tuple[str, str]]:
    """One line per module for lessons, quizzes and practice, one each for the rest, in seven queries."""
    of_hers = Q(term__learner=user)
    lessons = _counted(
        LessonStudy.objects.filter(of_hers), "lesson__module__code", number=Count("lesson", distinct=True)
    )
    for code, number, first, last in lessons:
        words = ngettext("%(count)s lesson studied", "%(count)s lessons studied", number) % {"count": number}
        yield code, _with_dates(words, first, last)
    for code, number, first, last in _counted(
        Attempt.objects.filter(of_hers), "quiz_version__quiz__module__code", number=Count("pk")
    ):
        words = ngettext("%(count)s quiz answered", "%(count)s quizzes answered", number) % {"count": number}
        yield code, _with_dates(words, first, last)
    for code, number, first, last in _counted(Observation.objects.filter(of_hers), "module__code", number=Count("pk")):
        words = ngettext("%(count)s practice watched", "%(count)s practices watched", number) % {"count": number}
        yield code, _with_dates(words, first, last)
    updates = UpdateAnswer.objects.filter(of_hers)
    told = updates.aggregate(number=Count("pk"), first=Min("happened_at"), last=Max("happened_at"))
    if told["number"]:
        words = ngettext("%(count)s update answered", "%(count)s updates answered", told["number"])
        # Translators: on the page that shows what is kept about her: rules that changed after she had learned them.
        yield _("What has changed"), _with_dates(words % {"count": told["number"]}, told["first"], told["last"])
    yield from _beside_modules(user)


def _beside_modules(user: User) -> Iterable[tuple[str, str]]:
    """Hours together, sessions of her logbook, and talks: how many, and on which days. Three queries."""
    of_hers = Q(term__learner=user)
    days = {"first": Min("held_on"), "last": Max("held_on")}
    hours = there().filter(of_hers).aggregate(number=Sum("hours"), **days)
    if hours["number"]:
        words = _("%(hours)s hours") % {"hours": number_format(hours["number"].normalize())}
        yield _("Hours together"), _between(words, hours["first"], hours["last"])
    noted = LogbookEntry.objects.standing().filter(of_hers).aggregate(number=Count("pk"), **days)
    if number := noted["number"]:
        words = ngettext("%(count)s session noted", "%(count)s sessions noted", number) % {"count": number}
        yield _("Logbook"), _between(words, noted["first"], noted["last"])
    talks = talks_of_person(user).aggregate(number=Count("pk"), **days)
    if number := talks["number"]:
        words = ngettext("%(count)s talk before another try", "%(count)s talks before another try", number)
        yield _("Talks"), _between(words % {"count": number}, talks["first"], talks["last"])


def _counted(rows: Any, code: str, *, number: Count) -> Iterable[tuple[str, int, Any, Any]]:
    dates = {"first": Min("happened_at"), "last": Max("happened_at")}
    return rows.order_by(code).values_list(code).annotate(number=number, **dates)


def _with_dates(words: str, first: Any, last: Any) -> str:
    return _between(words, timezone.localtime(first), timezone.localtime(last))


def _between(words: str, first: date, last: date) -> str:
    days = [date_format(day, "DATE_FORMAT") for day in (first, last)]
    if days[0] == days[1]:
        # Translators: "3 lessons studied, on 5 June 2027".
        return _("%(what)s, on %(date)s") % {"what": words, "date": days[0]}
    # Translators: "3 lessons studied, from 5 June 2027 to 9 July 2027".
    return _("%(what)s, from %(first)s to %(last)s") % {"what": words, "first": days[0], "last": days[1]}
