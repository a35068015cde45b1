"""Whether the words that she answered were about a rule that had changed by then.

A guideline's value is printed into a question when its text is frozen. When a country changes the value, the
question gets new words, or is written anew; a phone without network goes on with the old ones. What she answered on
them after the new rule began is kept, and certifies nothing: it would certify what is no longer true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from assessments.frozen_words import words_of
from assessments.models import Attempt, QuestionSnippet, QuizText, Ticket
from curriculum.facts import keys_in
from curriculum.facts import words_of as words_said_by
from curriculum.models import FactValue
from programme.models import Term


@dataclass(frozen=True)
class Change:
    """A value that was printed until ``began_on``, or one that is printed since; the other one may not be known."""

    fact: str
    began_on: date
    old: str
    new: str

    def is_between(self, before: str, after: str) -> bool:
        """Whether the words of a question changed because of it."""
        lost = bool(self.old) and before.count(self.old) > after.count(self.old)
        return lost or (bool(self.new) and after.count(self.new) > before.count(self.new))


def newest_words(text: QuizText, quiz: int) -> QuerySet[QuizText]:
    """The words of ``quiz`` in the language of ``text`` for its country, the newest first."""
    texts = QuizText.objects.filter(version__quiz=quiz, language=text.language, country=text.country)
    return texts.order_by("-version__number", "-edition")


def changed_for(*, term: Term, ticket: Ticket, text: QuizText, happened_at: datetime) -> date | None:
    """The day on which a rule printed in a question of ``ticket`` changed, when she answered ``text`` after it.

    ``None`` when no rule had changed by then, whatever else is new in the words: she answered what was true. One
    query where ``text`` holds the newest words, at most four where not.
    """
    newest = newest_words(text, ticket.quiz_id).first()
    if newest is None or newest.pk == text.pk:
        return None
    words = {question: (_words(text, question), _words(newest, question)) for question in ticket.items}
    rekeyed = {question for question in ticket.items if text.keys.get(question) != newest.keys.get(question)}
    differing = [question for question, (before, after) in words.items() if before != after or question in rekeyed]
    if not differing:
        return None
    placement = term.placement_on(happened_at.date())
    on = placement.facility.date_of(happened_at) if placement else happened_at.date()
    changes = [change for change in _changes(text) if change.began_on <= on]
    if not changes:
        return None
    printed, keyed_by = _facts_printed_in(differing)
    days = [
        change.began_on
        for question in differing
        for change in changes
        if (question in rekeyed and keyed_by.get(question) == change.fact)
        # A question that prints facts today changed for one of those; what else is new in it is no rule.
        or ((not printed[question] or change.fact in printed[question]) and change.is_between(*words[question]))
    ]
    return max(days, default=None)


def why_not_counted(attempt: Attempt) -> date | None:
    """The day on which the rule changed, for a sitting that does not count because of it."""
    if attempt.ticket is None or attempt.counts:
        return None
    texts = QuizText.objects.filter(version=attempt.quiz_version_id, content_hash=attempt.content_hash)
    text = texts.filter(language=attempt.language, country=attempt.country).order_by("edition").first()
    if text is None:
        return None
    return changed_for(term=attempt.term, ticket=attempt.ticket, text=text, happened_at=attempt.happened_at)


def _words(text: QuizText, question: str) -> str:
    """All that is read in ``question``; empty when the text does not have it."""
    return "\n".join(_flat(text.content.get(question, "")))


def _flat(words: Any) -> Iterator[str]:
    if isinstance(words, Mapping):
        for _key, inner in sorted(words.items()):
            yield from _flat(inner)
    else:
        yield str(words)


def _changes(text: QuizText) -> Iterator[Change]:
    """What changed among the values of the country of ``text``, in its language.

    A value that has ended says until when. One that was corrected in place says since when, if that is later than
    the words themselves: what they printed before is not known any more.
    """
    for value in FactValue.objects.filter(country=text.country).select_related("fact"):
        said = words_said_by(value, text.language)
        if value.valid_to_on is not None:
            yield Change(value.fact.key, value.valid_to_on, old=said, new="")
        elif value.valid_from_on > text.frozen_at.date():
            yield Change(value.fact.key, value.valid_from_on, old="", new=said)


def _facts_printed_in(questions: Iterable[str]) -> tuple[dict[str, set[str]], dict[str, str]]:
    """The keys of the facts that each question prints as it is written today, and of the one that is its key."""
    printed: dict[str, set[str]] = defaultdict(set)
    keyed_by: dict[str, str] = {}
    snippets = QuestionSnippet.objects.filter(question__uuid__in=list(questions))
    for snippet in snippets.select_related("question", "key_from"):
        question = str(snippet.question.uuid)
        printed[question] |= keys_in("\n".join(_flat(words_of(snippet))))
        if snippet.key_from:
            keyed_by[question] = snippet.key_from.key
    return printed, keyed_by
