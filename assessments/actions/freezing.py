"""Publication: the live words of every language become numbered versions that never change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import models, transaction

from assessments.country_keys import CountryValues
from assessments.fact_prints import printing_of_checklist, printings_of_quiz
from assessments.frozen_words import item_of, left_out_of, words_of
from assessments.models import (
    ChecklistText,
    ChecklistVersion,
    Choice,
    QuestionSnippet,
    Quiz,
    QuizPage,
    QuizText,
    QuizVersion,
)
from curriculum import facts
from curriculum.fact_prints import Printing, note_prints
from curriculum.models import Country, Module, ModulePage, PrintPlace
from programme.models import Installation
from programme.models.evidence import payload_hash

_paused: ContextVar[bool] = ContextVar("freezing_paused", default=False)


class StructureDiffers(Exception):
    """Some languages do not have the same questions, answers or key as the source.

    What could be frozen was frozen; ``languages`` keep their older version until they follow.
    """

    def __init__(self, owner: models.Model, languages: Sequence[str]) -> None:
        self.owner, self.languages = owner, list(languages)
        super().__init__(f"{owner}: {', '.join(languages)}")


@dataclass(frozen=True)
class Draft:
    """What one language publishes now. ``structure`` is ``None`` when a part of it has no live text."""

    language: str
    structure: dict[str, Any] | None
    content: dict[str, Any]
    title: str = ""
    printings: Sequence[Printing] = ()


@contextmanager
def freezing_paused() -> Iterator[None]:
    """Publish many things inside the block without freezing each time; freeze yourself at the end."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def is_freezing_paused() -> bool:
    return _paused.get()


def freeze_quiz(quiz: Quiz, *, country: str | None = None) -> QuizVersion | None:
    """Freeze what is live of ``quiz``; return the newest version, ``None`` when nothing is published.

    A new version only when questions, answers, key or order changed; when only words changed, a
    new edition of the text, for ``country`` only where one is named. Which facts it prints is noted in the same
    transaction. Safe to call again. Raises ``StructureDiffers`` after having frozen
    the languages that agree with the source.
    """
    with transaction.atomic():
        Quiz.objects.select_for_update().get(pk=quiz.pk)
        drafts = _quiz_drafts(quiz)
        version, differing = _store(QuizVersion, QuizText, {"quiz": quiz}, drafts, country)
        note_prints(
            module=quiz.module,
            places=(PrintPlace.QUIZ, PrintPlace.QUESTION),
            printings=[one for draft in drafts for one in draft.printings],
            quiz=quiz.uuid,
        )
    if differing:
        raise StructureDiffers(quiz, differing)
    return version


def freeze_checklist(module: Module, *, country: str | None = None) -> ChecklistVersion | None:
    """Freeze the practice checklist of the live pages of ``module``, under the rules of ``freeze_quiz``."""
    with transaction.atomic():
        Module.objects.select_for_update().get(pk=module.pk)
        drafts = _checklist_drafts(module)
        version, differing = _store(ChecklistVersion, ChecklistText, {"module": module}, drafts, country)
        printings = [one for draft in drafts for one in draft.printings]
        note_prints(module=module, places=(PrintPlace.CHECKLIST,), printings=printings)
    if differing:
        raise StructureDiffers(module, differing)
    return version


def freeze_every_quiz() -> list[StructureDiffers]:
    """Freeze every quiz and checklist, as after a changed fact value; return what did not agree."""
    differing = []
    freezes: list[Callable[[], object]] = [partial(freeze_quiz, quiz) for quiz in Quiz.objects.all()]
    freezes += [partial(freeze_checklist, module) for module in Module.objects.all()]
    for freeze in freezes:
        try:
            freeze()
        except StructureDiffers as difference:
            differing.append(difference)
    return differing


def _source_first(pages: models.QuerySet) -> list[Any]:
    """Live pages, one per language, in the order of the product's languages: the source comes first."""
    order = [code for code, _name in settings.LANGUAGES]
    live = pages.filter(live=True).select_related("locale")
    return sorted(live, key=lambda page: order.index(page.locale.language_code))


def _quiz_drafts(quiz: Quiz) -> list[Draft]:
    pages = _source_first(QuizPage.objects.filter(quiz=quiz))
    if not pages:
        return []
    questions = [block.value["question"] for block in pages[0].items if block.value["question"]]
    snippets: dict[tuple[int, int], QuestionSnippet] = {
        (snippet.locale_id, snippet.question_id): snippet
        for snippet in QuestionSnippet.objects.filter(live=True, question__in=questions).select_related(
            "look_again", "key_from"
        )
        # A key that does not fit could not be marked: such a question is not ready, whoever published it.
        if not snippet.key_problem
    }
    drafts = []
    for page in pages:
        texts = [snippets.get((page.locale_id, question.pk)) for question in questions]
        present = [(question, text) for question, text in zip(questions, texts, strict=True) if text]
        drafts.append(
            Draft(
                language=page.locale.language_code,
                title=page.title,
                structure={"items": [item_of(*pair) for pair in present]} if all(texts) and texts else None,
                content={str(question.uuid): words_of(text) for question, text in present},
                printings=printings_of_quiz(page, [text for _question, text in present]),
            )
        )
    Choice.objects.bulk_create(
        [
            Choice(uuid=block.value["choice"], question_id=question)
            for (_locale, question), snippet in snippets.items()
            for block in snippet.choices
        ],
        ignore_conflicts=True,
    )
    return drafts


def _checklist_drafts(module: Module) -> list[Draft]:
    drafts = []
    for page in _source_first(ModulePage.objects.filter(module=module)):
        steps = [block.value for block in page.practice]
        structure = {"steps": [{"id": step["step"], "is_safety": bool(step["is_safety"])} for step in steps]}
        content = {step["step"]: step["text"] for step in steps}
        drafts.append(
            Draft(
                page.locale.language_code,
                structure if steps else None,
                content,
                printings=[printing_of_checklist(page, content)],
            )
        )
    return drafts


def _store(
    version_model: Any,
    text_model: Any,
    owner: dict[str, models.Model],
    drafts: Sequence[Draft],
    only: str | None = None,
) -> tuple[Any, list[str]]:
    """Keep the version and the texts that are new; return the newest version and the languages that differ.

    With ``only`` the texts of one country; a version that is new gets those of every country, whoever asked.
    """
    newest = version_model.objects.filter(**owner).order_by("-number").first()
    if not drafts or drafts[0].structure is None:
        # The source itself is not complete: what is already frozen goes on serving.
        return newest, []
    source = drafts[0].structure
    digest = payload_hash(source)
    if newest is None or newest.structure_hash != digest:
        number = newest.number + 1 if newest else 1
        newest = version_model.objects.create(**owner, number=number, structure=source, structure_hash=digest)
        only = None
    editions = {
        (text.language, text.country): text for text in text_model.objects.filter(version=newest).order_by("edition")
    }
    agreeing = [draft for draft in drafts if draft.structure == source]
    new = []
    for country in [only] if only else Country.objects.values_list("code", flat=True):
        own = CountryValues.of(country, source.get("items", ()))
        for draft in agreeing:
            text = _text(text_model, newest, draft, country, own)
            before = editions.get((draft.language, country))
            if before is None or before.content_hash != text.content_hash:
                text.edition = before.edition + 1 if before else 1
                new.append(text)
    text_model.objects.bulk_create(new)
    return newest, [draft.language for draft in drafts if draft.structure != source]


def _text(text_model: Any, version: Any, draft: Draft, country: str, of_country: CountryValues) -> Any:
    """The words of ``draft`` with the values of ``country``, not yet stored."""
    values = facts.values_for(country, draft.language, is_demonstration=Installation.is_demo())
    content = _filled(draft.content, values)
    own: dict[str, Any] = {}
    if text_model is QuizText:
        items = version.structure["items"]
        keys = of_country.put_in(items, content, draft.language)
        left_out = left_out_of(items, draft.content, known=values.keys(), keyed=keys.keys())
        # What has neither is hashed as it always was: words that did not change are no new edition.
        own = {"title": facts.fill(draft.title, values)}
        own |= {name: value for name, value in (("keys", keys), ("left_out", left_out)) if value}
    digest = payload_hash(
        {
            "structure": version.structure_hash,
            "number": version.number,
            "language": draft.language,
            "country": country,
            "content": content,
            **own,
        }
    )
    return text_model(
        version=version, language=draft.language, country=country, content=content, content_hash=digest, **own
    )


def _filled(words: Any, values: Mapping[str, str]) -> Any:
    """``words`` with every fact placeholder replaced, however deep it stands."""
    if isinstance(words, str):
        return facts.fill(words, values)
    return {key: _filled(inner, values) for key, inner in words.items()}
