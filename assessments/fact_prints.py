"""Which facts quizzes and checklists print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assessments.frozen_words import words_of
from assessments.models import QuestionSnippet, QuizPage
from curriculum.fact_prints import Printing
from curriculum.models import ModulePage, PrintPlace


def printings_of_quiz(page: QuizPage, questions: Iterable[QuestionSnippet]) -> list[Printing]:
    """The title of a quiz and its questions in one language."""
    language, quiz = page.locale.language_code, page.quiz.uuid
    found = [Printing(PrintPlace.QUIZ, language, page.title, page, page.title, quiz=quiz)]
    for snippet in questions:
        found.append(
            Printing(
                PrintPlace.QUESTION,
                language,
                f"{snippet.question.code}: {snippet.stem}",
                snippet,
                "\n".join(flat(words_of(snippet))),
                quiz=quiz,
                keys=(snippet.key_from.key,) if snippet.key_from else (),
            )
        )
    return found


def printing_of_checklist(page: ModulePage, steps: Mapping[str, str]) -> Printing:
    return Printing(PrintPlace.CHECKLIST, page.locale.language_code, page.title, page, "\n".join(steps.values()))


def flat(words: Any) -> Iterator[str]:
    """Every text in ``words``, however deep it stands."""
    if isinstance(words, Mapping):
        for _key, inner in sorted(words.items()):
            yield from flat(inner)
    else:
        yield str(words)
