"""What a trainer sees of a question before it goes out."""

from __future__ import annotations

import pytest

from assessments.models import QuestionSnippet, QuizPage
from tests.assessments.making import make_question, make_quiz
from tests.factories import make_module

pytestmark = pytest.mark.django_db


def test_preview_shows_the_question_and_what_is_read_afterwards() -> None:
    make_question(make_module("M4"), kind="multiple", right="ab", wrong="c", is_critical=True)
    snippet = QuestionSnippet.objects.get()

    html = snippet.make_preview_request(preview_mode=snippet.default_preview_mode).rendered_content

    assert html.count('type="checkbox"') == 3
    for shown in ("Stem M4-Q1", "Option c of M4-Q1", "Idea c of M4-Q1", "Why M4-Q1", "Safety question"):
        assert shown in html
    assert snippet.preview_sizes[0]["device_width"] == 360


def test_preview_of_a_quiz_lists_its_questions_in_order() -> None:
    make_quiz(critical=1, plain=0, practice=1)
    page = QuizPage.objects.get()

    html = page.make_preview_request().rendered_content

    assert html.index("Stem M4-Q1") < html.index("Safety question") < html.index("Stem M4-Q2")
