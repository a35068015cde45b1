"""The words of the five questions. Whoever changes a sentence raises ``WORDING_VERSION``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from people.models import ConsentPart

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORDING_VERSION = 1
"""Stored with every answer. Earlier wordings stay in the history of this file."""


@dataclass(frozen=True)
class Question:
    """One of the five parts: what is asked, in a few plain sentences, and what a yes says."""

    part: ConsentPart
    title: str | _StrPromise
    words: tuple[str | _StrPromise, ...]
    yes: str | _StrPromise


# Translators: these texts are read aloud to women who read little. Short words, one thought a sentence.
# Nothing in them may point to health.
QUESTIONS = (
    Question(
        ConsentPart.TRAINING_RECORD,
        _("My training record"),
        (
            _("We keep what you study, your quizzes, your practice, your dates of work and your certificates."),
            _("Your work needs this record. It shows what you have learned."),
            _("Your supervisor sees what you have passed and what comes next. She does not see your answers."),
            _("You can see who looked at your record, on the page My data."),
            _("If you say no, nothing more is kept, and you cannot study here. Talk with your coordinator first."),
        ),
        _("Yes, keep my training record"),
    ),
    Question(
        ConsentPart.MESSAGES,
        _("Messages to my phone"),
        (
            _("We may send you a short message when there is something new."),
            _("The message never says what it is about."),
            _("If you say no, you lose nothing."),
        ),
        _("Yes, you may send me messages"),
    ),
    Question(
        ConsentPart.NAME_ON_CERTIFICATE_PAGE,
        _("My name on the page that checks a certificate"),
        (
            _("Somebody who checks your certificate sees whether it is current. She does not see your name."),
            _("If you say yes, the page may show the name that is printed on the certificate."),
        ),
        _("Yes, the page may show my name"),
    ),
    Question(
        ConsentPart.PHOTO_OR_STORY,
        _("My photo or story"),
        (
            _("A photo of you, or your story, can help others to learn."),
            _("Nobody may use them here without your yes."),
        ),
        _("Yes, you may use my photo or story"),
    ),
    Question(
        ConsentPart.STATISTICS,
        _("Statistics without my name"),
        (
            _("Your results are counted together with those of many others."),
            _("No name and no work name is in these numbers."),
        ),
        _("Yes, count my results"),
    ),
)
