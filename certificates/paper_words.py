"""What a paper says, in one language or in two: hers large, the working language small beneath or beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from certificates.models import Certificate
from paper.dates import long_date
from paper.dates import number as written


@dataclass(frozen=True)
class Said:
    """One phrase. ``second`` is empty where the paper has one language, or where both say the same."""

    first: str
    second: str = ""
    first_language: str = ""
    second_language: str = ""

    def __str__(self) -> str:
        return self.first

    @property
    def stack(self) -> SafeString:
        """The second language on a line of its own."""
        return self._both('{}<span class="b"{}>{}</span>')

    @property
    def line(self) -> SafeString:
        """The second language on the same line, after a dot."""
        return self._both('{} <span class="c"{}>· {}</span>')

    @property
    def alone(self) -> SafeString:
        """The first language, or what stands in its place, marked as what it is."""
        if self.first_language:
            return format_html('<span lang="{}">{}</span>', self.first_language, self.first)
        return format_html("{}", self.first)

    def _both(self, shape: str) -> SafeString:
        first = self.alone
        if not self.second:
            return first
        mark = format_html(' lang="{}"', self.second_language) if self.second_language else ""
        return format_html(shape, first, mark, self.second)


def languages_of(certificate: Certificate) -> list[str]:
    """The one or two languages of the paper, hers first. Papers from before there were two have one."""
    return list(dict.fromkeys([certificate.language, *certificate.languages]))[:2]


def both(languages: list[str], say: Callable[[str], str]) -> Said:
    """What ``say`` gives for each language. A second that says the same, or nothing, is left out."""
    first = say(languages[0])
    second = say(languages[1]) if len(languages) > 1 else ""
    if not second or second == first:
        return Said(first)
    return Said(first, second, second_language=languages[1])


def translated(titles: Mapping[str, str], languages: list[str], otherwise: str = "") -> Said:
    """What has been written in both of ``languages``; ``otherwise`` where it has been in none.

    What is missing in hers stands there once in another language, the working language first, and is marked as that.
    """
    first, second = (titles.get(language, "") for language in (languages[0], languages[-1]))
    if first and second:
        return both(languages, lambda language: titles[language])
    instead = instead_of(titles, languages)
    return Said(titles[instead], first_language=instead) if instead else Said(otherwise)


def instead_of(titles: Mapping[str, str], languages: Iterable[str]) -> str:
    """The first of ``languages`` in which there are words, or else any other; empty where there is none."""
    return next((code for code in (*languages, "en", *sorted(titles)) if titles.get(code)), "")


def titles_of(certificate: Certificate) -> Said:
    """The title in each language of the paper that has one; a missing one is never filled with another language."""
    titles = certificate.titles or {certificate.language: certificate.title}
    return translated(titles, languages_of(certificate), certificate.title)


def missing_titles(titles: Mapping[str, str], languages: Iterable[str]) -> str:
    """For the person who issues: in which of ``languages`` the title is not written yet, and which the paper has.

    Empty when none is missing.
    """
    languages = list(dict.fromkeys(languages))
    missing = [language for language in languages if not titles.get(language)]
    instead = instead_of(titles, languages)
    if not missing or not instead:
        return ""
    # Translators: "languages" are names of one or more languages, "instead" is the name of one
    return _("The title is not yet written in %(languages)s. The paper says it in %(instead)s.") % {
        "languages": ", ".join(map(language_name, missing)),
        "instead": language_name(instead),
    }


def language_name(code: str) -> str:
    """As its own readers call it."""
    return dict(settings.LANGUAGES).get(code, code)


def dates(day: date, languages: list[str]) -> Said:
    return both(languages, lambda language: long_date(day, language))


def period(first: date, last: date, languages: list[str]) -> Said:
    return both(languages, lambda language: f"{long_date(first, language)} – {long_date(last, language)}")


def amount(value: int | Decimal, languages: list[str]) -> Said:
    return both(languages, lambda language: written(value, language))


def labels(languages: list[str], *, hours: int, number: str, earlier: str = "") -> dict[str, Said]:
    """Every phrase that papers share. Where a language has no words yet, English stands there, once and marked so."""
    spoken = []
    for language in languages:
        with override(language):
            spoken.append(_phrases(hours, number, earlier))
    english = spoken[languages.index("en")] if "en" in languages else None
    if english is None:
        with override("en"):
            english = _phrases(hours, number, earlier)
    return {name: _said(name, spoken, english, languages) for name in english}


def _said(name: str, spoken: list[dict[str, str]], english: dict[str, str], languages: list[str]) -> Said:
    first = spoken[0][name]
    # What a language has no words for comes back as it is written in the code.
    first_language = "en" if languages[0] != "en" and first == english[name] else ""
    second = spoken[1][name] if len(spoken) > 1 else ""
    if not second or second == first:
        return Said(first, first_language=first_language)
    return Said(first, second, first_language, "en" if second == english[name] else languages[1])


def _phrases(hours: int, number: str, earlier: str) -> dict[str, str]:
    return {
        # Translators: on a printed certificate, above the name
        "given": _("is given to"),
        # Translators: on a printed certificate, below the name; the person may be a woman or a man
        "statement": _("for training completed, and for good practice seen by a second person."),
        # Translators: on a printed certificate, above the list of modules
        "learned": _("What was learned"),
        "in_all": ngettext("%(hours)s hour in all", "%(hours)s hours in all", hours)
        % {"hours": written(hours, get_language() or "en")},
        # Translators: on a printed certificate, above a number of hours
        "hours": _("Hours"),
        "issued_by": _("Issued by"),
        "issued": _("Issued"),
        "until": _("Valid until"),
        # Translators: on a printed certificate, below "Valid until", where there is no last day
        "no_end": _("no end date"),
        "signature": _("Signature"),
        # Translators: on a printed certificate, in the empty place for an office's rubber stamp; one short word
        "seal": _("Seal"),
        # Translators: on a printed certificate, a heading above how to find out whether it is real
        "check": _("Check this paper"),
        # Translators: an address follows on the next line
        "check_at": _("Scan the code, or type the number at"),
        "code": _("Code that opens the page for number %(number)s") % {"number": number},
        # Translators: on a printed certificate; the number of the one before it
        "in_place_of": _("In place of number %(number)s") % {"number": earlier.replace(" ", "\xa0")},
        # Translators: on a printed certificate of the demonstration
        "demonstration": _("Demonstration: not a real certificate"),
        # Translators: on a printed certificate, where the list does not fit on the first page
        "listed": _("The whole list is on the next page."),
        # Translators: at the edge of a sheet of cards for the wallet
        "cut": _("Print at full size. Cut along the lines, then fold in the middle."),
        "module": _("Module"),
        "quiz": _("Lessons and quiz"),
        "practice": _("Practice"),
        # Translators: in a table, about a module
        "passed": _("passed"),
        # Translators: in a table, about a practice
        "signed_off": _("signed off"),
        # Translators: in a printed record, above a list of what a second person watched her do well
        "practices": _("Practice seen and signed off"),
        # Translators: in a printed record, above a list of earlier certificates
        "papers": _("Certificates"),
        "title": _("Title"),
        "number": _("Number"),
        # Translators: in a printed record, above a date
        "seen_on": _("Seen on"),
        # Translators: in a printed record, hours in the training room
        "attended": _("Hours attended"),
        # Translators: in a printed record, how many group sessions she watched or led
        "sessions": _("Sessions watched or led"),
        # Translators: in a printed record, above two dates
        "worked": _("From and until"),
    }
