"""What publication freezes, what it leaves alone, and what it refuses."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError

from assessments.actions import StructureDiffers, freeze_checklist, freeze_every_quiz, freeze_quiz
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
from curriculum.models import Fact, FactValue, ModulePage
from tests.assessments.making import (
    choices,
    make_module_page,
    make_question,
    make_quiz,
    make_quiz_page,
    option,
    practice_steps,
    quiz_items,
)
from tests.factories import TODAY, make_country, make_module

pytestmark = pytest.mark.django_db


def published(quiz: Quiz) -> list[tuple[int, str, str, int]]:
    return sorted(
        QuizText.objects.filter(version__quiz=quiz).values_list("version__number", "language", "country", "edition")
    )


def republish(snippet: QuestionSnippet) -> None:
    snippet.save_revision().publish()


def test_publishing_freezes_structure_and_words() -> None:
    make_country("KE")
    make_country("ZA")
    module = make_module("M4")
    question = make_question(module, kind="multiple", right="ab", wrong="c", is_critical=True)
    quiz = Quiz.objects.create(module=module)

    make_quiz_page(quiz, [question])

    version = QuizVersion.objects.get()
    key = [{"id": option(question, letter), "is_right": letter in "ab"} for letter in "abc"]
    assert version.structure == {
        "items": [
            {
                "question": str(question.uuid),
                "kind": "multiple",
                "use": "certifying",
                "is_critical": True,
                "points": 12,
                "look_again": None,
                "choices": key,
            }
        ]
    }
    assert published(quiz) == [(1, "en", "KE", 1), (1, "en", "ZA", 1)]
    text = QuizText.objects.get(country="ZA")
    assert text.title == "Feeding"
    assert text.content[str(question.uuid)]["choices"][option(question, "b")] == {
        "text": "Option b of M4-Q1",
        "feedback": "Idea b of M4-Q1",
    }
    assert {str(uuid) for uuid in Choice.objects.values_list("uuid", flat=True)} == {c["id"] for c in key}


def test_freezing_again_changes_nothing() -> None:
    quiz = make_quiz()

    first = freeze_quiz(quiz)
    second = freeze_quiz(quiz)

    assert (first, first.number) == (second, 1)
    assert published(quiz) == [(1, "en", "KE", 1)]


def test_changed_words_are_a_new_edition_of_the_same_version() -> None:
    quiz = make_quiz()
    snippet = QuestionSnippet.objects.first()
    snippet.why = "Because of the milk."

    republish(snippet)

    assert published(quiz) == [(1, "en", "KE", 1), (1, "en", "KE", 2)]
    served = QuizText.objects.in_best_language(["en"], "KE").filter(version__quiz=quiz).first()
    assert served.content[str(snippet.question.uuid)]["why"] == "Because of the milk."


def test_changed_key_is_a_new_version() -> None:
    quiz = make_quiz()
    snippet = QuestionSnippet.objects.first()
    snippet.choices = choices(snippet.question, "b", "ac")

    republish(snippet)

    assert published(quiz) == [(1, "en", "KE", 1), (2, "en", "KE", 1)]


def test_changed_order_is_a_new_version() -> None:
    quiz = make_quiz()
    page = QuizPage.objects.get()
    questions = [block.value["question"] for block in page.items]
    page.items = quiz_items(questions[::-1])

    page.save_revision().publish()

    assert published(quiz) == [(1, "en", "KE", 1), (2, "en", "KE", 1)]


def test_a_draft_changes_nothing() -> None:
    quiz = make_quiz()
    snippet = QuestionSnippet.objects.first()
    snippet.stem = "Not ready"
    snippet.save_revision()

    freeze_quiz(quiz)

    assert published(quiz) == [(1, "en", "KE", 1)]


def test_a_translation_of_the_same_structure_is_a_text_of_the_same_version() -> None:
    quiz = make_quiz(critical=1, plain=0, practice=0)
    make_question(
        quiz.module, code="M4-Q1", is_critical=True, language="sw", words="sw ", lesson=quiz.module.lessons.get()
    )

    make_quiz_page(quiz, [], language="sw", title="Lishe")

    assert published(quiz) == [(1, "en", "KE", 1), (1, "sw", "KE", 1)]
    assert QuizText.objects.get(language="sw").title == "Lishe"


def test_a_translation_of_another_structure_is_refused_and_the_old_one_serves() -> None:
    quiz = make_quiz(critical=1, plain=0, practice=0)
    lesson = quiz.module.lessons.get()
    make_question(quiz.module, code="M4-Q1", is_critical=True, language="sw", words="sw ", lesson=lesson)
    make_quiz_page(quiz, [], language="sw", title="Lishe")
    english = QuestionSnippet.objects.get(locale__language_code="en")
    english.choices = choices(english.question, "b", "ac")
    republish(english)

    with pytest.raises(StructureDiffers) as refusal:
        freeze_quiz(quiz)

    assert refusal.value.languages == ["sw"]
    assert published(quiz) == [(1, "en", "KE", 1), (1, "sw", "KE", 1), (2, "en", "KE", 1)]
    served = QuizText.objects.published().in_best_language(["sw", "en"], "KE").first()
    assert (served.language, served.version.number) == ("sw", 1)


def test_a_translation_that_lacks_a_question_is_refused() -> None:
    quiz = make_quiz(critical=1, plain=1, practice=0)
    make_question(quiz.module, code="M4-Q1", is_critical=True, language="sw", lesson=quiz.module.lessons.get())
    make_quiz_page(quiz, [], language="sw")

    with pytest.raises(StructureDiffers):
        freeze_quiz(quiz)

    assert published(quiz) == [(1, "en", "KE", 1)]


def test_an_incomplete_source_leaves_the_old_version_serving() -> None:
    quiz = make_quiz()
    QuestionSnippet.objects.first().unpublish()

    assert freeze_quiz(quiz) == QuizVersion.objects.get()

    assert published(quiz) == [(1, "en", "KE", 1)]


def test_a_key_that_does_not_fit_is_never_frozen() -> None:
    quiz = make_quiz(critical=1, plain=1, practice=0)
    snippet = QuestionSnippet.objects.first()
    QuestionSnippet.objects.filter(pk=snippet.pk).update(choices=choices(snippet.question, "", "abc"))

    freeze_quiz(quiz)

    assert published(quiz) == [(1, "en", "KE", 1)]


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("single", "ab", "c"),
        ("single", "", "ab"),
        ("multiple", "", "ab"),
        ("true_false", "a", "bc"),
        ("single", "a", ""),
    ],
)
def test_a_key_that_does_not_fit_is_refused_at_the_desk(kind: str, right: str, wrong: str) -> None:
    with pytest.raises(ValidationError):
        make_question(make_module("M4"), kind=kind, right=right, wrong=wrong)


def test_a_new_answer_gets_its_identity() -> None:
    make_question(make_module("M4"))
    snippet = QuestionSnippet.objects.get()
    for block in snippet.choices:
        block.value["choice"] = ""

    snippet.full_clean()

    assert len({uuid.UUID(block.value["choice"]) for block in snippet.choices}) == 3


def test_nothing_published_freezes_nothing() -> None:
    assert freeze_quiz(Quiz.objects.create(module=make_module())) is None


def test_country_values_stand_in_the_words_and_a_change_is_a_new_edition() -> None:
    for country in (make_country("KE"), make_country("ZA")):
        fact = Fact.objects.get_or_create(key="bf_duration")[0]
        FactValue.objects.create(
            fact=fact, country=country, texts={"en": f"as in {country.code}"}, mark="sourced", valid_from_on=TODAY
        )
    module = make_module("M4")
    question = make_question(module, stem="How long? {bf_duration} {not_known}")
    quiz = Quiz.objects.create(module=module)
    make_quiz_page(quiz, [question])

    stems = {text.country: text.content[str(question.uuid)]["stem"] for text in QuizText.objects.all()}
    FactValue.objects.filter(country="ZA").update(texts={"en": "changed"})
    freeze_quiz(quiz)

    assert stems["KE"].startswith("How long? as in KE ")
    assert stems["ZA"].startswith("How long? as in ZA ")
    assert "{" not in stems["KE"]
    assert published(quiz) == [(1, "en", "KE", 1), (1, "en", "ZA", 1), (1, "en", "ZA", 2)]


def test_unpublished_quiz_or_module_is_not_served() -> None:
    make_quiz()
    assert QuizText.objects.published().count() == 1

    ModulePage.objects.get().unpublish()
    assert QuizText.objects.published().count() == 0

    ModulePage.objects.get().save_revision().publish()
    assert QuizText.objects.published().count() == 1
    QuizPage.objects.get().unpublish()
    assert QuizText.objects.published().count() == 0


def test_checklists_freeze_under_the_same_rules() -> None:
    make_country()
    page = make_module_page(steps=("!Private", "Listens"))
    module = page.module
    page.practice = practice_steps(module, ("!Private", "Listens well"))
    page.save_revision().publish()
    page.practice = practice_steps(module, ("Private", "Listens well"))
    page.save_revision().publish()
    freeze_checklist(module)

    assert [v.structure["steps"][0]["is_safety"] for v in ChecklistVersion.objects.order_by("number")] == [True, False]
    assert list(ChecklistText.objects.order_by("pk").values_list("version__number", "edition")) == [
        (1, 1),
        (1, 2),
        (2, 1),
    ]


def test_a_checklist_without_steps_is_none() -> None:
    page = make_module_page()

    assert freeze_checklist(page.module) is None


def test_every_quiz_and_checklist_can_be_frozen_again_and_what_differs_is_named() -> None:
    quiz = make_quiz(critical=1, plain=1, practice=0)
    make_quiz_page(quiz, [], language="sw")

    assert [(d.owner, d.languages) for d in freeze_every_quiz()] == [(quiz, ["sw"])]
