"""The desk, for those who write questions and the values of their country."""

from __future__ import annotations

import pytest
from django.urls import reverse

from assessments.desk_forms import next_code
from assessments.models import ChecklistText, Choice, Question, QuestionSnippet, Quiz, QuizPage, QuizText
from curriculum.models import Fact, FactValue, Module
from tests.assessments.making import make_quiz_page, practice_steps
from tests.curriculum.admin_desk import (
    QUESTION,
    make_fact_value,
    make_module_page,
    make_person,
    make_question_snippet,
    question_form,
)

pytestmark = pytest.mark.django_db


def test_quiz_page_points_at_the_one_quiz_of_its_module(client):
    module_page = make_module_page()
    quiz = Quiz.objects.create(module=module_page.module)
    client.force_login(make_person("author"))

    response = client.post(
        reverse("wagtailadmin_pages:add", args=["assessments", "quizpage", module_page.pk]),
        {"title": "What do you know?", "items-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"},
    )

    assert response.status_code == 302, response.context["form"].errors
    assert list(QuizPage.objects.values_list("quiz", "slug")) == [(quiz.pk, "q")]


# -- Questions ----------------------------------------------------------------------------------------


def new_question(module: Module, original: QuestionSnippet, **changes: str) -> dict[str, str]:
    return question_form(original) | {"module": str(module.pk), "stem": "A new one?"} | changes


def test_question_is_minted_from_its_module(client):
    module = make_module_page("M4").module
    original = make_question_snippet(module)
    client.force_login(make_person("author"))

    response = client.post(f"{QUESTION}/add/", new_question(module, original))

    made = QuestionSnippet.objects.get(stem="A new one?")
    assert response.status_code == 302
    assert (made.question.code, made.question.module, made.locale.language_code) == ("M4-Q2", module, "en")
    assert made.question_id != original.question_id


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_question_without_module_is_asked_for_one(client, accept):
    """Also when the editor saves by itself while she is still typing."""
    original = make_question_snippet(make_module_page("M4").module)
    client.force_login(make_person("author"))

    response = client.post(
        f"{QUESTION}/add/", question_form(original, stem="A new one?", module=""), headers={"Accept": accept}
    )

    assert response.status_code == (200 if accept == "text/html" else 400)
    assert Question.objects.count() == 1


def test_question_copy_has_answers_of_its_own(client):
    module = make_module_page("M4").module
    original = make_question_snippet(module)
    client.force_login(make_person("author"))

    shown = client.get(f"{QUESTION}/copy/{original.pk}/")
    refused = client.post(f"{QUESTION}/copy/{original.pk}/", question_form(original, stem="Overwritten?"))
    client.post(f"{QUESTION}/add/", new_question(module, original))

    made = QuestionSnippet.objects.get(stem="A new one?")
    ids = [{block.value["choice"] for block in snippet.choices} for snippet in (original, made)]
    original.refresh_from_db()
    assert shown.status_code == 200
    assert "Is milk enough?" in shown.content.decode()
    assert refused.status_code == 405
    assert original.stem == "Is milk enough?"
    assert ids[0] & ids[1] == set()
    assert all(len(these) == 2 and "" not in these for these in ids)


def test_question_preview_leaves_no_identity_behind(client):
    module = make_module_page("M4").module
    original = make_question_snippet(module)
    client.force_login(make_person("author"))

    posted = client.post(f"{QUESTION}/preview/", new_question(module, original))
    shown = client.get(f"{QUESTION}/preview/")

    assert (posted.json()["is_valid"], shown.status_code) == (True, 200)
    assert "A new one?" in shown.content.decode()
    assert Question.objects.count() == 1


def test_question_preview_is_as_wide_as_her_phone():
    assert make_question_snippet(make_module_page().module).preview_sizes[0]["device_width"] == 360


def test_question_keeps_identity_and_answers_when_edited(client):
    original = make_question_snippet(make_module_page().module)
    other = make_module_page("M9").module
    client.force_login(make_person("author"))
    before = [block.value["choice"] for block in original.choices]

    client.post(
        f"{QUESTION}/edit/{original.pk}/",
        question_form(
            original, stem="Better?", module=str(other.pk), **{"action-publish": "1", "kind_of_change": "wording"}
        ),
    )

    original.refresh_from_db()
    assert original.stem == "Better?"
    assert original.question.module.code == "M4"
    assert [block.value["choice"] for block in original.choices] == before


def test_question_is_not_made_in_a_language_that_is_not_hers(client):
    module = make_module_page().module
    original = make_question_snippet(module)
    client.force_login(make_person("author"))

    assert client.post(f"{QUESTION}/add/?locale=fr", new_question(module, original)).status_code == 404
    assert QuestionSnippet.objects.count() == 1


def test_question_code_counts_on(client):
    module = make_module_page("M4").module
    assert next_code(module) == "M4-Q1"
    for code in ("M4-Q1", "M4-Q9", "M4-X"):
        Question.objects.create(module=module, code=code)
    assert next_code(module) == "M4-Q10"


def test_quiz_chooses_questions_without_language(client):
    make_question_snippet(make_module_page("M4").module)
    client.force_login(make_person("author"))

    html = client.get("/admin/snippets/choose/assessments/question/").content.decode()

    assert "M4-Q1" in html
    assert client.post("/admin/snippets/assessments/question/add/", {"code": "X"}).status_code in {302, 403}
    assert Question.objects.count() == 1
    assert Choice.objects.count() in {0, 2}


# -- Facts and words ----------------------------------------------------------------------------------


def test_fact_values_list_has_her_country_only(client):
    make_fact_value("KE", words="six months")
    make_fact_value("ZA", words="another number")
    client.force_login(make_person("author", country="KE"))

    html = client.get("/admin/snippets/curriculum/factvalue/").content.decode()

    assert "six months" in html
    assert "another number" not in html


def test_fact_value_change_freezes_what_prints_it(client, monkeypatch):
    value = make_fact_value("KE")
    frozen = []
    monkeypatch.setattr("curriculum.actions.freeze_all", lambda: frozen.append("articles"))
    client.force_login(make_person("author", country="KE"))

    client.post(
        f"/admin/snippets/curriculum/factvalue/edit/{value.pk}/",
        {
            "fact": value.fact_id,
            "country": "KE",
            "text_en": "seven months",
            "mark": "sourced",
            "valid_from_on": "2026-01-01",
        },
    )

    assert frozen == ["articles"]
    assert FactValue.objects.get().texts == {"en": "seven months"}


def test_fact_value_change_is_a_new_edition_of_quiz_and_checklist(client):
    value = make_fact_value("KE")
    module_page = make_module_page()
    module = module_page.module
    module_page.practice = practice_steps(module, ("Says how long: {bf_duration}.",))
    module_page.save_revision().publish()
    snippet = make_question_snippet(module, stem="Is it {bf_duration}?")
    make_quiz_page(Quiz.objects.create(module=module), [snippet.question])
    client.force_login(make_person("author", country="KE"))

    client.post(
        f"/admin/snippets/curriculum/factvalue/edit/{value.pk}/",
        {
            "fact": value.fact_id,
            "country": "KE",
            "text_en": "seven months",
            "meaning": "wording",
            "mark": "sourced",
            "valid_from_on": "2026-01-01",
        },
    )

    steps = ChecklistText.objects.order_by("edition").values_list("content", flat=True)
    words = QuizText.objects.order_by("edition").values_list("content", flat=True)
    assert [list(step.values()) for step in steps] == [["Says how long: six months."], ["Says how long: seven months."]]
    assert [word[str(snippet.question.uuid)]["stem"] for word in words] == ["Is it six months?", "Is it seven months?"]


def test_fact_key_never_changes(client):
    fact = Fact.objects.create(key="bf_duration", statement="How long.")
    client.force_login(make_person("author", country="KE"))

    client.post(
        f"/admin/snippets/curriculum/fact/edit/{fact.pk}/", {"key": "other", "statement": "How long she feeds."}
    )

    fact.refresh_from_db()
    assert (fact.key, fact.statement) == ("bf_duration", "How long she feeds.")
