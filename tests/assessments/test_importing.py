"""Questions of a pack, in both languages, twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import Revision

from assessments.models import ChecklistText, Choice, Question, QuestionSnippet, Quiz, QuizPage, QuizText
from curriculum.actions import import_pack
from tests.curriculum.pack import SWAHILI, write_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(tmp_path: Path, settings: Any) -> Callable[..., Quiz]:
    """``bring_in({"old": "new"}, swahili=...)`` writes the small pack so and imports it with its questions."""
    settings.MEDIA_ROOT = str(tmp_path / "media")

    def bring(*changed: dict[str, str], **texts: Any) -> Quiz:
        pack = write_pack(tmp_path, *changed, **texts)
        import_pack(pack)
        return Quiz.objects.get(module__code="X1")

    return bring


def frozen(model: type) -> list[tuple[int, str, str, int]]:
    return sorted(model.objects.values_list("version__number", "language", "country", "edition"))


EVERYWHERE = [(1, "en", "KE", 1), (1, "en", "ZA", 1), (1, "sw", "KE", 1), (1, "sw", "ZA", 1)]


def test_a_pack_becomes_a_quiz_in_both_languages(bring_in: Callable[..., Quiz]) -> None:
    quiz = bring_in()

    item = quiz.versions.get().structure["items"][0]
    assert {name: item[name] for name in ("kind", "use", "is_critical", "points")} == {
        "kind": "single",
        "use": "certifying",
        "is_critical": True,
        "points": 12,
    }
    assert item["look_again"] == str(quiz.module.articles.filter(path="x1/l1").first().lesson.uuid)
    assert [choice["is_right"] for choice in item["choices"]] == [True, False]
    assert frozen(QuizText) == frozen(ChecklistText) == EVERYWHERE
    swahili = QuizText.objects.get(language="sw", country="KE")
    words = swahili.content[item["question"]]
    assert (swahili.title, words["stem"], words["why"]) == (
        "Kuzungumza vizuri",
        "Nini kinakuja kwanza?",
        "Salamu inafungua mlango.",
    )
    assert [words["choices"][choice["id"]]["text"] for choice in item["choices"]] == ["Salamu", "Fomu"]
    assert sorted(QuizPage.objects.values_list("locale__language_code", "slug", "live")) == [
        ("en", "q", True),
        ("sw", "q", True),
    ]
    assert QuizText.objects.published().count() == 4


def test_a_second_import_makes_nothing(bring_in: Callable[..., Quiz]) -> None:
    def counts() -> list[int]:
        return [model.objects.count() for model in (Question, Choice, QuestionSnippet, QuizPage, QuizText, Revision)]

    quiz = bring_in()
    before = counts()

    assert bring_in() == quiz
    assert counts() == before


def test_changed_words_are_a_new_edition_in_their_language_only(bring_in: Callable[..., Quiz]) -> None:
    bring_in()

    bring_in(swahili=SWAHILI | {"q1.a.text": "Salamu kwanza"})

    assert frozen(QuizText) == sorted([*EVERYWHERE, (1, "sw", "KE", 2), (1, "sw", "ZA", 2)])


def test_a_changed_key_is_a_new_version_in_every_language(bring_in: Callable[..., Quiz]) -> None:
    quiz = bring_in()

    bring_in({"= A greeting": "~ A greeting", "~ A form": "= A form"})

    assert [v.number for v in quiz.versions.order_by("number")] == [1, 2]
    assert sorted(QuizText.objects.filter(version__number=2).values_list("language", "country")) == [
        ("en", "KE"),
        ("en", "ZA"),
        ("sw", "KE"),
        ("sw", "ZA"),
    ]


def test_identities_are_the_same_on_every_installation(bring_in: Callable[..., Quiz]) -> None:
    bring_in()

    assert str(Question.objects.get().uuid) == "56714fa6-46d9-5262-b736-325d72cda906"
    assert str(Quiz.objects.get().uuid) == "3b62928d-2c66-5139-975b-b7a9f65df0c3"
