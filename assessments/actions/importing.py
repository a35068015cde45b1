"""Questions of a pack become snippets and a quiz page, in every language of the pack."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale

from assessments.actions.freezing import freeze_checklist, freeze_quiz, freezing_paused
from assessments.models import Choice, Question, QuestionSnippet, Quiz, QuizPage
from curriculum import packs
from curriculum.in_bulk import in_bulk
from curriculum.models import Lesson, LessonPage, Module, ModulePage
from curriculum.translation import translate

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:thuto:questions")
QUIZ_SLUG = "q"


@transaction.atomic
def import_questions_of_pack(folder: Path) -> Quiz:
    """Make or refresh the questions and the quiz of one module's folder, publish and freeze them; all or nothing.

    The module itself is there already, with its lessons and its pages (``curriculum.actions``);
    otherwise raises ``DoesNotExist``. What has not changed is left alone, so that a second import
    makes no revision. Identities follow from the pack's own ids: the same on every installation.
    """
    source = packs.load_source(folder)
    languages = sorted(path.stem for path in folder.glob("*.toml") if path.stem != "module")
    translations = {language: packs.load_translation(folder, language) for language in languages}
    module = Module.objects.get(code=source["code"])
    quiz, _created = Quiz.objects.get_or_create(
        module=module, defaults={"uuid": uuid.uuid5(NAMESPACE, f"{module.code}/quiz")}
    )
    with in_bulk(), freezing_paused():
        questions = _identities(module, source["questions"])
        snippets = _source_snippets(module, source["questions"], questions)
        for language, strings in translations.items():
            _translate_snippets(source["questions"], snippets, language, strings)
        _pages(quiz, [questions[entry["code"]] for entry in source["questions"]], list(translations))
    freeze_quiz(quiz)
    freeze_checklist(module)
    return quiz


def choice_uuid(question: Question, option: str) -> str:
    """The identity of option ``a`` of a question."""
    return str(uuid.uuid5(question.uuid, option))


def _identities(module: Module, entries: list[dict[str, Any]]) -> dict[str, Question]:
    codes = [entry["code"] for entry in entries]
    Question.objects.bulk_create(
        [Question(uuid=uuid.uuid5(NAMESPACE, code), module=module, code=code) for code in codes], ignore_conflicts=True
    )
    questions = {question.code: question for question in Question.objects.filter(code__in=codes)}
    Choice.objects.bulk_create(
        [
            Choice(uuid=choice_uuid(questions[entry["code"]], option["id"]), question=questions[entry["code"]])
            for entry in entries
            for option in entry["options"]
        ],
        ignore_conflicts=True,
    )
    return questions


def _lessons(module: Module) -> dict[str, Lesson]:
    """The lessons of a module by their neutral slug, ``l1``, which is also their id in a pack."""
    pages = LessonPage.objects.filter(lesson__module=module, locale=Locale.get_default()).select_related("lesson")
    return {page.slug: page.lesson for page in pages}


def _source_snippets(
    module: Module, entries: list[dict[str, Any]], questions: dict[str, Question]
) -> dict[str, QuestionSnippet]:
    """The published snippet of each question in the source language, by the question's id in the pack."""
    locale = Locale.get_default()
    lessons = _lessons(module)
    present = {
        snippet.question_id: snippet
        for snippet in QuestionSnippet.objects.filter(question__module=module, locale=locale)
    }
    snippets = {}
    for entry in entries:
        question = questions[entry["code"]]
        fields = {
            "kind": entry["kind"],
            "use": entry["use"],
            "is_critical": bool(entry.get("critical")),
            "stem": entry["stem"].strip(),
            "why": entry["why"].strip(),
            "look_again": lessons.get(entry["lesson"]),
        }
        choices = _choices(question, entry["options"])
        snippet = present.get(question.pk) or QuestionSnippet(question=question, locale=locale)
        same = all(getattr(snippet, name) == value for name, value in fields.items()) if snippet.pk else False
        if not same or not snippet.live or list(snippet.choices.raw_data) != choices:
            for name, value in fields.items():
                setattr(snippet, name, value)
            snippet.choices = json.dumps(choices)
            snippet.full_clean()
            snippet.save()
            snippet.save_revision().publish()
        snippets[entry["id"]] = snippet
    return snippets


def _choices(question: Question, options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of a question as a stream of blocks; block ids are those of the choices."""
    return [
        {
            "type": "choice",
            "value": {
                "choice": choice_uuid(question, option["id"]),
                "text": option["text"].strip(),
                "is_right": bool(option["right"]),
                "feedback": option["feedback"].strip(),
            },
            "id": choice_uuid(question, option["id"]),
        }
        for option in options
    ]


def _translate_snippets(
    entries: list[dict[str, Any]], snippets: dict[str, QuestionSnippet], language: str, strings: dict[str, str]
) -> None:
    present = {
        snippet.question_id: snippet
        for snippet in QuestionSnippet.objects.filter(
            question__in=[snippet.question_id for snippet in snippets.values()], locale__language_code=language
        )
    }
    for entry in entries:
        source = snippets[entry["id"]]
        texts = {field: strings[f"{entry['id']}.{field}"] for field in ("stem", "why")}
        for option in entry["options"]:
            for field in ("text", "feedback"):
                block = choice_uuid(source.question, option["id"])
                texts[f"choices.{block}.{field}"] = strings[f"{entry['id']}.{option['id']}.{field}"]
        if not _says(present.get(source.question_id), source, texts):
            translate(source, language, texts)


def _says(snippet: QuestionSnippet | None, source: QuestionSnippet, texts: dict[str, str]) -> bool:
    """Whether a live translation already has exactly ``texts`` over the structure of ``source``."""
    if snippet is None or not snippet.live:
        return False
    said = {"stem": snippet.stem, "why": snippet.why}
    for block in snippet.choices:
        said |= {f"choices.{block.id}.{field}": block.value[field] for field in ("text", "feedback")}
    keys = [
        [(block.value["choice"], bool(block.value["is_right"])) for block in text.choices] for text in (snippet, source)
    ]
    behaviour = ("kind", "use", "is_critical", "look_again_id")
    return said == texts and keys[0] == keys[1] and all(getattr(snippet, f) == getattr(source, f) for f in behaviour)


def _pages(quiz: Quiz, questions: list[Question], languages: list[str]) -> None:
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
    elif not page.live or page.title != parent.title or list(page.items.raw_data) != items:
        page.title, page.items = parent.title, json.dumps(items)
        page.save_revision().publish()
    page.refresh_from_db()
    for language in languages:
        title = module_pages[language].title
        translated = QuizPage.objects.filter(quiz=quiz, locale__language_code=language).first()
        if (
            translated is None
            or not translated.live
            or translated.title != title
            or (list(translated.items.raw_data) != items)
        ):
            translate(page, language, {"title": title})
