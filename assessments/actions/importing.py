"""Questions of a pack become snippets and a quiz page, in every language of the pack."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale

from assessments import answer_blocks
from assessments.actions.freezing import StructureDiffers, freeze_checklist, freeze_quiz, freezing_paused
from assessments.gift.items import Item, NumberRange
from assessments.gift.places import place_in
from assessments.models import Choice, Question, QuestionSnippet, Quiz, QuizPage
from assessments.numbers import as_text
from curriculum.in_bulk import in_bulk
from curriculum.models import Fact, Lesson, LessonPage, Module, ModulePage
from curriculum.packs import po
from curriculum.packs.model import Translation
from curriculum.translation import MissingTranslations, ParentNotTranslated, record_reading, translate

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:thuto:questions")
QUIZ_SLUG = "q"
PART = "questions"
NO_PLACE = "it does not say where each of its steps stands among the country's"
NOT_WHOLE = "its translation is not whole"
OLDER_KEPT = "it keeps its older version until its translation is whole"

Texts = Mapping[str, Mapping[str, str]]


@dataclass
class ImportedQuestions:
    """The quiz, how much was published, and a sentence for each text that was not."""

    quiz: Quiz
    published: int = 0
    left_out: list[str] = field(default_factory=list)


@transaction.atomic
def import_questions(
    code: str,
    items: Sequence[Item],
    texts: Texts,
    *,
    stays: Collection[str] = (),
    translations: Mapping[str, Translation] | None = None,
) -> ImportedQuestions:
    """Bring ``items`` into the module ``code``, whose pages are there. ``texts`` is ``{language: {key: text}}``.

    A question whose translation is not whole keeps what is published in that language, or waits. One whose id is in
    ``stays`` is only given its place in the quiz: its words are the desk's own. ``translations`` say who has read what.
    """
    module = Module.objects.get(code=code)
    quiz, _created = Quiz.objects.get_or_create(
        module=module, defaults={"uuid": uuid.uuid5(NAMESPACE, f"{module.code}/quiz")}
    )
    result = ImportedQuestions(quiz, left_out=[f"{item.code}: {NO_PLACE}" for item in items if not can_be_asked(item)])
    items = [item for item in items if can_be_asked(item)]
    with in_bulk(), freezing_paused():
        written = [item for item in items if item.id not in stays]
        questions = _identities(module, written)
        kept = [item.code for item in items if item.id in stays]
        questions |= {question.code: question for question in Question.objects.filter(code__in=kept)}
        snippets = _source_snippets(module, written, questions, result)
        for language, said in texts.items():
            _translate_snippets(written, snippets, language, said, result)
            if translations is not None and language in translations:
                _note_readers(written, snippets, translations[language])
        _pages(quiz, [questions[item.code] for item in items], list(texts), result)
    for freeze in (lambda: freeze_quiz(quiz), lambda: freeze_checklist(module)):
        try:
            freeze()
        except StructureDiffers as difference:
            # A step or an answer that the desk added and nobody has translated yet.
            result.left_out += [f"{difference.owner} ({language}): {OLDER_KEPT}" for language in difference.languages]
    return result


def can_be_asked(item: Item) -> bool:
    """Whether a question bank has a form for ``item``: among a country's steps each of its own has a place."""
    return not (item.kind == "ordering" and item.key_from) or all(place_in(step.place) for step in item.steps)


def choice_uuid(question: Question, option: str) -> str:
    """The identity of option ``a`` of a question."""
    return str(uuid.uuid5(question.uuid, option))


def _identities(module: Module, items: Iterable[Item]) -> dict[str, Question]:
    codes = [item.code for item in items]
    Question.objects.bulk_create(
        [Question(uuid=uuid.uuid5(NAMESPACE, code), module=module, code=code) for code in codes], ignore_conflicts=True
    )
    questions = {question.code: question for question in Question.objects.filter(code__in=codes)}
    Choice.objects.bulk_create(
        [
            Choice(uuid=block["id"], question=questions[item.code])
            for item in items
            for block in _answers(questions[item.code], item)
        ],
        ignore_conflicts=True,
    )
    return questions


def _lessons(module: Module) -> dict[str, Lesson]:
    """The lessons of a module by their neutral slug, ``l1``, which is also their id in a pack."""
    pages = LessonPage.objects.filter(lesson__module=module, locale=Locale.get_default()).select_related("lesson")
    return {page.slug: page.lesson for page in pages}


def _source_snippets(
    module: Module, items: Iterable[Item], questions: dict[str, Question], result: ImportedQuestions
) -> dict[str, QuestionSnippet]:
    """The published snippet of each question in the source language, by the question's id in the pack."""
    locale = Locale.get_default()
    lessons = _lessons(module)
    facts = {fact.key: fact for fact in Fact.objects.filter(key__in=[item.key_from for item in items])}
    present = {
        snippet.question_id: snippet
        for snippet in QuestionSnippet.objects.filter(question__module=module, locale=locale)
    }
    snippets = {}
    for item in items:
        question = questions[item.code]
        fields: dict[str, Any] = {
            "kind": item.kind,
            "use": item.use,
            "is_critical": item.is_critical,
            "stem": item.stem,
            "story": item.situation,
            "unit": item.unit,
            "otherwise": item.otherwise,
            "why": item.why,
            "key_from": facts.get(item.key_from),
            "look_again": lessons.get(item.lesson),
        }
        answers = _answers(question, item)
        snippet = present.get(question.pk) or QuestionSnippet(question=question, locale=locale)
        same = all(getattr(snippet, name) == value for name, value in fields.items()) if snippet.pk else False
        if not same or not snippet.live or list(snippet.choices.raw_data) != answers:
            for name, value in fields.items():
                setattr(snippet, name, value)
            snippet.choices = json.dumps(answers)
            snippet.full_clean()
            snippet.save()
            snippet.save_revision().publish()
            result.published += 1
        snippets[item.id] = snippet
    return snippets


def _answers(question: Question, item: Item) -> list[answer_blocks.Block]:
    """The answers of a question as a stream of blocks; block ids are those of the choices."""

    def name(id_: str) -> str:
        return choice_uuid(question, id_)

    blocks = [
        answer_blocks.choice(name(option.id), option.text, is_right=option.is_right, feedback=option.feedback)
        for option in item.options
    ]
    blocks += [
        answer_blocks.placed(name(step.id), step.text, place_in(step.place), step.feedback)
        if item.key_from
        else answer_blocks.step(name(step.id), step.text, step.feedback)
        for step in item.steps
    ]
    blocks += [
        # The name of its side must not follow from the name of the pair: both are on phones.
        answer_blocks.pair(name(pair.id), pair.left, name(f"{pair.right}/side"), pair.right, pair.feedback)
        for pair in item.pairs
    ]
    blocks += [answer_blocks.other(name(extra.id), extra.text, extra.feedback) for extra in item.extra_rights]
    blocks += [
        answer_blocks.number(name(f"number/{place}"), *_bounds(value))
        for place, value in enumerate(item.accepted, start=1)
    ]
    blocks += [
        answer_blocks.slip(name(f"{slip.id}/{place}"), *_bounds(value), feedback=slip.feedback)
        for slip in item.misconceptions
        for place, value in enumerate(slip.values, start=1)
        if item.kind == "number"
    ]
    return blocks


def _bounds(value: NumberRange) -> tuple[str, str]:
    return as_text(value.low), as_text(value.high) if value.high != value.low else ""


def _places(question: Question, item: Item) -> dict[str, list[str]]:
    """``{path in the snippet: keys in the pack}`` of everything in a question that has words."""

    def path(id_: str, name: str) -> str:
        return f"choices.{choice_uuid(question, id_)}.{name}"

    places = {"stem": "stem", "situation": "story", "unit": "unit", "otherwise": "otherwise", "why": "why"}
    for option in item.options:
        places |= {f"{option.id}.{name}": path(option.id, name) for name in ("text", "feedback")}
    for step in item.steps:
        places |= {f"{step.id}.{name}": path(step.id, name) for name in ("text", "feedback")}
    for pair in item.pairs:
        places |= {f"{pair.id}.left": path(pair.id, "text"), f"{pair.id}.right": path(pair.id, "goes_with")}
        places |= {f"{pair.id}.feedback": path(pair.id, "feedback")}
    for extra in item.extra_rights:
        places |= {f"{extra.id}.{name}": path(extra.id, name) for name in ("text", "feedback")}
    found: dict[str, list[str]] = {}
    there = {key for key, _text in item.strings()}
    for key, place in places.items():
        if key in there:
            found.setdefault(place, []).append(key)
    for slip in item.misconceptions:
        for number in range(1, len(slip.values) + 1 if item.kind == "number" else 1):
            found[path(f"{slip.id}/{number}", "feedback")] = [f"{slip.id}.feedback"]
    return found


def _translate_snippets(
    items: Iterable[Item],
    snippets: dict[str, QuestionSnippet],
    language: str,
    said: Mapping[str, str],
    result: ImportedQuestions,
) -> None:
    present = {
        snippet.question_id: snippet
        for snippet in QuestionSnippet.objects.filter(
            question__in=[snippet.question_id for snippet in snippets.values()], locale__language_code=language
        )
    }
    for item in items:
        source = snippets[item.id]
        texts: dict[str, str | list[str]] = {
            path: said[f"{item.id}.{key}"]
            for path, keys in _places(source.question, item).items()
            for key in keys
            if f"{item.id}.{key}" in said
        }
        if _says(present.get(source.question_id), source, texts):
            continue
        try:
            with transaction.atomic():
                translate(source, language, texts)
                result.published += 1
        except MissingTranslations:
            result.left_out.append(f"{item.code} ({language}): {NOT_WHOLE}")


def _note_readers(items: Iterable[Item], snippets: dict[str, QuestionSnippet], translation: Translation) -> None:
    """Who has read a question in another language, where every text at a place has been read."""
    for item in items:
        source = snippets[item.id]
        for path, keys in _places(source.question, item).items():
            entries = [translation.entries.get(f"{item.id}.{key}") for key in keys]
            for entry in entries:
                if entry is not None and entry.reviewed and po.state_of(entry, entry.made_from) == "reviewed":
                    record_reading(
                        source,
                        translation.language,
                        [path],
                        read_by=entry.reviewed.by,
                        read_on=date.fromisoformat(entry.reviewed.on),
                    )


def _says(snippet: QuestionSnippet | None, source: QuestionSnippet, texts: Mapping[str, Any]) -> bool:
    """Whether a live translation already has exactly ``texts`` over the structure of ``source``."""
    if snippet is None or not snippet.live:
        return False
    said = {name: getattr(snippet, name) for name in ("stem", "story", "unit", "otherwise", "why")}
    for block in snippet.choices:
        said |= {f"choices.{block.id}.{name}": str(value) for name, value in block.value.items()}
    behaviour = ("kind", "use", "is_critical", "key_from_id", "look_again_id")
    return (
        all(said.get(path) == text for path, text in texts.items())
        and _structure(snippet) == _structure(source)
        and all(getattr(snippet, name) == getattr(source, name) for name in behaviour)
    )


def _structure(snippet: QuestionSnippet) -> list[tuple[Any, ...]]:
    """What of the answers is the same in every language."""
    names = ("choice", "side", "place", "is_right", "lowest", "highest")
    return [
        (block.block_type, *((name, block.value[name]) for name in names if name in block.value))
        for block in snippet.choices
    ]


def _pages(quiz: Quiz, questions: list[Question], languages: list[str], result: ImportedQuestions) -> None:
    """The quiz's page under the module's page in each language; it bears the module's title."""
    module_pages = {
        page.locale.language_code: page
        for page in ModulePage.objects.filter(module=quiz.module).select_related("locale")
    }
    parent = module_pages[settings.LANGUAGE_CODE]
    items = [
        {"type": "item", "value": {"question": question.pk}, "id": str(uuid.uuid5(quiz.uuid, question.code))}
        for question in questions
    ]
    page = QuizPage.objects.filter(quiz=quiz, locale=parent.locale).first()
    if page is None:
        page = QuizPage(quiz=quiz, slug=QUIZ_SLUG, title=parent.title, locale=parent.locale, items=json.dumps(items))
        parent.add_child(instance=page)
        page.save_revision().publish()
        result.published += 1
    elif not page.live or page.title != parent.title or list(page.items.raw_data) != items:
        page.title, page.items = parent.title, json.dumps(items)
        page.save_revision().publish()
        result.published += 1
    page.refresh_from_db()
    for language in languages:
        if language not in module_pages:
            result.left_out.append(f"{page.title}, quiz ({language}): {NOT_WHOLE}")
            continue
        title = module_pages[language].title
        translated = QuizPage.objects.filter(quiz=quiz, locale__language_code=language).first()
        if (
            translated is None
            or not translated.live
            or translated.title != title
            or (list(translated.items.raw_data) != items)
        ):
            try:
                with transaction.atomic():
                    translate(page, language, {"title": title})
                    result.published += 1
            except (MissingTranslations, ParentNotTranslated):
                result.left_out.append(f"{page.title}, quiz ({language}): {NOT_WHOLE}")
