"""Quizzes to listen to: what is heard, what is not given away, and that a sitting is a sitting."""

from __future__ import annotations

import re

import pytest

from assessments.models import Attempt, Question, Quiz
from tests.assessments.making import make_quiz, option, text_of
from tests.assessments.test_views import Learner, filled, learner, words  # noqa: F401 -- a fixture
from tests.recorded import record

pytestmark = pytest.mark.django_db


def sources(page: str) -> list[str]:
    return re.findall(r'<audio controls preload="none" src="(/media/sound/[^"]+)">', page)


def said_of(quiz: Quiz, use: str, *parts: str) -> list[str]:
    """The words of the questions in ``use``: their stem, why, and text or feedback of each answer."""
    text = text_of(quiz)
    found: list[str] = []
    for item in text.version.structure["items"]:
        if item["use"] == use:
            content = text.content[item["question"]]
            found += [content[part] for part in parts if part in content]
            found += [choice[part] for choice in content["choices"].values() for part in parts if part in choice]
    return found


def test_practice_is_heard_with_a_recording_beside_each_text(learner: Learner) -> None:  # noqa: F811
    quiz = make_quiz()
    recordings = record(said_of(quiz, "practice", "stem", "text"))
    page = learner.client.get("/en/m4/q/practice/listen/")
    html = page.content.decode()
    assert sorted(sources(html)) == sorted(one.url for one in recordings)
    assert html.count("data-say=") == 4
    assert "Listening to all of it costs 20 KB" in words(page)
    assert "media-src 'self' data:" in page.headers["Content-Security-Policy"]
    read = learner.client.get("/en/m4/q/practice/").content.decode()
    for mark in ("data-say", "<audio", "data-player", "kept-sound"):
        assert mark not in read


def test_practice_by_ear_leads_to_its_result_by_ear(learner: Learner) -> None:  # noqa: F811
    quiz = make_quiz()
    page = learner.client.get("/en/m4/q/practice/listen/")
    answer = learner.client.post("/en/m4/q/practice/listen/", filled(page, wrong=1))
    attempt = Attempt.objects.get()
    assert answer.url == f"/en/m4/q/result/{attempt.client_uuid}/listen/"
    (why,) = record(said_of(quiz, "practice", "why"))
    result = learner.client.get(answer.url).content.decode()
    assert f'data-say="{why.url}"' in result
    assert 'href="/en/m4/q/listen/"' in result
    assert "data-say" not in learner.client.get(answer.url.replace("listen/", "")).content.decode()


def test_try_by_ear_from_start_to_passed(learner: Learner) -> None:  # noqa: F811
    make_quiz()
    intro = learner.client.get("/en/m4/q/listen/").content.decode()
    assert '<input type="hidden" name="listening" value="yes">' in intro
    sheet = learner.client.post("/en/m4/q/try/", {"listening": "yes"}).url
    assert re.fullmatch(r"/en/m4/q/try/[0-9a-f-]{36}/listen/", sheet)
    result = learner.client.post(sheet, filled(learner.client.get(sheet))).url
    assert result.endswith("/listen/")
    attempt = Attempt.objects.get()
    assert (attempt.points_earned, attempt.counts) == (attempt.points_possible, True)
    page = learner.client.get(result)
    assert "Passed" in words(page)
    assert 'class="button" href="/en/m4/listen/"' in page.content.decode()
    assert learner.client.get(sheet).url == result


def test_sound_of_a_question_that_counts_does_not_tell_its_key(learner: Learner) -> None:  # noqa: F811
    quiz = make_quiz()
    secret = {one.url for one in record(said_of(quiz, "certifying", "why", "feedback"))}
    heard = {one.url for one in record(said_of(quiz, "certifying", "stem", "text"))}
    sheet = learner.client.post("/en/m4/q/try/", {"listening": "yes"}).url
    html = learner.client.get(sheet).content.decode()
    assert set(sources(html)) == heard
    assert not any(url in html for url in secret)
    right, wrong = ({option(question, letter) for question in Question.objects.all()} for letter in "ab")
    marks = {
        identity: re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}", "", html.split(f'value="{identity}"')[1].split("</label>")[0])
        for identity in right | wrong
        if identity in html
    }
    shapes = {re.sub(r"Option \w of M4-Q\d", "", mark) for mark in marks.values()}
    assert len(shapes) == 1  # a right answer looks and sounds like a wrong one


def test_what_lacks_an_answer_comes_back_by_ear(learner: Learner) -> None:  # noqa: F811
    make_quiz()
    page = learner.client.get("/en/m4/q/practice/listen/")
    data = {name: value for name, value in filled(page).items() if not name.startswith("q-")}
    again = learner.client.post("/en/m4/q/practice/listen/", data)
    assert again.status_code == 422
    assert "data-player" in again.content.decode()


@pytest.mark.parametrize("recorded", [False, True])
def test_listening_costs_one_query_more_than_reading(
    recorded: bool,
    learner: Learner,  # noqa: F811
    django_assert_num_queries,
) -> None:
    quiz = make_quiz()
    if recorded:
        record(said_of(quiz, "practice", "stem", "text"))
    learner.client.get("/en/m4/q/practice/")
    with django_assert_num_queries(5):
        learner.client.get("/en/m4/q/practice/")
    with django_assert_num_queries(6):
        learner.client.get("/en/m4/q/practice/listen/")
