"""What is kept about one person, gathered from every app that keeps something.

A higher app hands in its part in ``AppConfig.ready()``::

    my_data.register(my_data.Section("lessons", _("Lessons I studied"), rows_of_lessons))

``rows`` returns plain words, at most a few queries for any number of rows. The same rows make the
page and the file that she can take away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.consent import QUESTIONS
from people.models import AccessEntry, AccessKind, Consent, User

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True)
class Section:
    """One heading of the page, with a function that gives its lines as (what, value) in plain words.

    ``key`` names the part in the file; sections stand in the ascending order of ``order``.
    """

    key: str
    title: str | Promise
    rows: Callable[[User], Iterable[tuple[Any, Any]]]
    order: int = 100


_sections: dict[str, Section] = {}
_closings: list[Callable[[HttpRequest], HttpResponse | None]] = []
_role_words: dict[str, str | Promise] = {}


def register(section: Section) -> Section:
    """Add ``section`` to everybody's page; the same key again takes the place of the first."""
    _sections[section.key] = section
    return section


def register_closing(page: Callable[[HttpRequest], HttpResponse | None]) -> None:
    """Let ``page`` answer in the place of her data, where it answers at all. Apps above know until when it is open."""
    if page not in _closings:
        _closings.append(page)


def closing_page(request: HttpRequest) -> HttpResponse | None:
    """The page that says why her data is not open any more, and whom to ask; ``None`` while it is."""
    return next((answer for page in _closings if (answer := page(request)) is not None), None)


def register_roles(words: dict[str, str | Promise]) -> None:
    """The words for the roles that stand in the access log (``AccessEntry.actor_role``)."""
    _role_words.update(words)


def sections() -> list[Section]:
    """All parts in their order."""
    return sorted(_sections.values(), key=lambda section: (section.order, section.key))


@dataclass(frozen=True)
class Look:
    """One line of "who looked at my record"."""

    day: str
    who: str
    what: str


def looks(user: User, limit: int | None = None) -> list[Look]:
    """Who did what with her record, the latest first, in one query; by role, as names are not hers to see."""
    labels = dict(AccessKind.choices)
    entries = AccessEntry.objects.filter(subject=user).order_by("-at", "-pk")[:limit]
    return [
        Look(
            day=date_format(timezone.localtime(entry.at), "DATE_FORMAT"),
            who=gettext("You") if entry.actor_id == user.pk else _role(entry.actor_role),
            what=str(labels.get(entry.kind, entry.kind)),
        )
        for entry in entries
    ]


def _role(code: str) -> str:
    if not code:
        # Translators: stands in a list of who looked at her record, where the role is not known.
        return gettext("Somebody of the programme")
    return str(_role_words.get(code) or gettext(code.replace("_", " ")))


@dataclass(frozen=True)
class Answer:
    """What she last said to one of the five questions."""

    part: int
    title: str
    is_given: bool
    day: str
    can_change: bool


def answers(user: User) -> list[Answer]:
    """Her five answers of today, in one query."""
    standing = Consent.objects.current_for(user)
    return [
        Answer(
            part=question.part,
            title=str(question.title),
            is_given=question.part in standing and standing[question.part].is_given,
            day=date_format(standing[question.part].answered_at, "DATE_FORMAT") if question.part in standing else "",
            can_change=question.part != QUESTIONS[0].part,
        )
        for question in QUESTIONS
    ]


def _account_rows(user: User) -> list[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    rows = [
        (gettext("Work name"), user.alias),
        (gettext("Chosen name"), user.display_name),
        (gettext("Languages"), ", ".join(names.get(code, code) for code in user.languages)),
        (gettext("Phone"), user.phone),
        (gettext("E-mail"), user.email),
    ]
    return [(what, value or gettext("Nothing is kept.")) for what, value in rows]


register(Section("account", _("My account"), _account_rows, order=10))


def as_file(user: User) -> dict[str, Any]:
    """The whole of it as plain values for ``record.json``, in her language of the moment."""
    parts = {
        section.key: {
            "title": str(section.title),
            "rows": [{"what": str(what), "value": str(value)} for what, value in section.rows(user)],
        }
        for section in sections()
    }
    consents = Consent.objects.filter(user=user).order_by("answered_at", "pk")
    titles: dict[int, str] = {question.part: str(question.title) for question in QUESTIONS}
    return {
        "made_on": timezone.localdate().isoformat(),
        "parts": parts,
        "answers": [
            {
                "what": titles[consent.part],
                "yes": consent.is_given,
                "on": consent.answered_at.date().isoformat(),
                "wording": consent.wording_version,
                "language": consent.language,
                "witness": consent.witness_code,
            }
            for consent in consents
        ],
        "who_looked": [{"on": look.day, "who": look.who, "what": look.what} for look in looks(user)],
    }
