"""A small library to write in, and people with one right each."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from wagtail.models import Locale, Page

from assessments.models import Question, QuestionSnippet
from curriculum.models import (
    EditorialRight,
    Fact,
    FactValue,
    Lesson,
    LessonPage,
    LibraryPage,
    Module,
    ModulePage,
    Strand,
    StrandPage,
)
from curriculum.review_actions import ensure_review_workflow
from people.models import User
from tests.factories import give_consent, make_country, make_user

QUESTION = "/admin/snippets/assessments/questionsnippet"
"""Where the desk keeps its questions."""


def locale(code: str) -> Locale:
    return Locale.objects.get_or_create(language_code=code)[0]


def make_library(code: str = "en") -> LibraryPage:
    """The library of a language, under the root."""
    found = LibraryPage.objects.filter(locale=locale(code)).first()
    if found:
        return found
    root = Page.get_first_root_node()
    page = LibraryPage(title="Library", slug=f"library-{code}", locale=locale(code))
    source = LibraryPage.objects.first()
    if source:
        page.translation_key = source.translation_key
    root.add_child(instance=page)
    return page


def make_module_page(code: str = "M4", language: str = "en", **fields: Any) -> ModulePage:
    """A live module under its strand, in a library."""
    library = make_library(language)
    strand = Strand.objects.get_or_create(code="mothers")[0]
    shelf = StrandPage.objects.child_of(library).first()
    if shelf is None:
        shelf = StrandPage(title="Mothers", slug="mothers", strand=strand, locale=library.locale)
        library.add_child(instance=shelf)
    module = Module.objects.get_or_create(code=code, defaults={"strand": strand})[0]
    page = ModulePage(
        **{"title": "Feeding your baby", "cover_title": "Feeding well", "slug": code.lower(), "module": module}
        | {"locale": library.locale}
        | fields
    )
    shelf.add_child(instance=page)
    page.save_revision()
    return ModulePage.objects.get(pk=page.pk)


def make_lesson_page(
    module_page: ModulePage, text: str = "Milk is enough.", *, author: User | None = None
) -> LessonPage:
    """A published lesson of one text block."""
    number = module_page.get_children().count() + 1
    page = LessonPage(
        title=f"Lesson {number}",
        slug=f"l{number}",
        lesson=Lesson.objects.create(module=module_page.module),
        locale=module_page.locale,
        body=json.dumps([{"type": "text", "id": str(uuid.uuid4()), "value": {"text": f"<p>{text}</p>"}}]),
    )
    module_page.add_child(instance=page)
    page.save_revision(user=author).publish()
    return LessonPage.objects.get(pk=page.pk)


def make_question_snippet(module: Module, language: str = "en", stem: str = "Is milk enough?") -> QuestionSnippet:
    question = Question.objects.create(module=module, code=f"{module.code}-Q{module.questions.count() + 1}")
    answers = [("Yes", True), ("No", False)]
    choices = [
        {
            "type": "choice",
            "id": str(uuid.uuid4()),
            "value": {"choice": str(uuid.uuid4()), "text": text, "is_right": right, "feedback": "Because."},
        }
        for text, right in answers
    ]
    snippet = QuestionSnippet(
        question=question, kind="single", use="practice", stem=stem, why="Milk.", locale=locale(language)
    )
    snippet.choices = json.dumps(choices)
    snippet.save()
    snippet.save_revision().publish()
    return QuestionSnippet.objects.get(pk=snippet.pk)


def make_fact_value(country: str = "KE", key: str = "bf_duration", words: str = "six months") -> FactValue:
    fact = Fact.objects.get_or_create(key=key, defaults={"statement": "How long."})[0]
    return FactValue.objects.create(
        fact=fact,
        country=make_country(country),
        texts={"en": words},
        mark="sourced",
        valid_from_on=date(2026, 1, 1),
    )


def give_right(user: User, craft: str, *, language: str = "", country: str = "") -> EditorialRight:
    """As ``programme`` does from a role: a group, its right, and the person in it."""
    right = EditorialRight.objects.filter(craft=craft, language=language, country=country).first()
    if right is None:
        group = Group.objects.create(name=f"{craft} {language} {country}")
        right = EditorialRight.objects.create(group=group, craft=craft, language=language, country=country)
    right.group.user_set.add(user)
    # The rights are remembered for one request; in a test the same object lives through many.
    user.__dict__.pop("_editorial_rights", None)
    return right


def make_person(craft: str, **right: str) -> User:
    """Somebody with exactly one right, after the workflow is set up."""
    user = make_user(name=craft.capitalize())
    give_consent(user)
    give_right(user, craft, **right)
    ensure_review_workflow()
    return User.objects.get(pk=user.pk)


def page_form(page: LessonPage, **changes: str) -> dict[str, str]:
    """What the editor of a lesson posts."""
    block = page.body.raw_data[0]
    return {
        "title": page.title,
        "study_minutes": "6",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": block["id"],
        "body-0-value-text": json.dumps(
            {
                "blocks": [
                    {
                        "key": "a",
                        "text": "Changed.",
                        "type": "unstyled",
                        "depth": 0,
                        "inlineStyleRanges": [],
                        "entityRanges": [],
                    }
                ],
                "entityMap": {},
            }
        ),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comment_notifications": "",
        **changes,
    }


def question_form(snippet: QuestionSnippet, **changes: str) -> dict[str, str]:
    data = {
        "module": str(snippet.question.module_id),
        "stem": snippet.stem,
        "why": snippet.why,
        "kind": snippet.kind,
        "use": snippet.use,
        "look_again": "",
        "choices-count": str(len(snippet.choices)),
    }
    for place, block in enumerate(snippet.choices.raw_data):
        prefix = f"choices-{place}"
        data |= {
            f"{prefix}-deleted": "",
            f"{prefix}-order": str(place),
            f"{prefix}-type": "choice",
            f"{prefix}-id": block["id"],
            f"{prefix}-value-choice": block["value"]["choice"],
            f"{prefix}-value-text": block["value"]["text"],
            f"{prefix}-value-feedback": block["value"]["feedback"],
        }
        if block["value"]["is_right"]:
            data[f"{prefix}-value-is_right"] = "on"
    return data | changes
