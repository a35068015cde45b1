"""Every kind by ear: what is read aloud of it, and what lies on the phone for that."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from assessments.hearing import explanations, marks_of_quiz
from assessments.listening import spoken_of_quiz
from curriculum.listening.playing import sounds_of
from curriculum.listening.texts import spoken_hash
from tests.assessments.kinds.making import as_sent, make_every_kind, right_answers
from tests.assessments.making import text_of
from tests.assessments.test_views import Learner, learner  # noqa: F401 -- a fixture
from tests.recorded import record

pytestmark = pytest.mark.django_db


def test_everything_of_every_kind_can_be_read_aloud_at_the_desk() -> None:
    text = text_of(make_every_kind(kinds=("ordering", "matching", "number", "scenario")))
    said = [(one.kind, one.text) for one in spoken_of_quiz(text)]
    practice = said[1 : 1 + (len(said) - 1) // 2]
    assert practice == [
        ("question", "Put the first visit in order."),
        ("option", "Greet her and find a quiet place"),
        ("option", "Listen"),
        ("option", "Ask what she knows"),
        ("option", "Agree on the next visit"),
        ("feedback", "What is behind it: s3"),
        ("feedback", "Look at the order once more."),
        ("why", "Why it is so."),
        ("question", "Who helps with what?"),
        *(("option", words) for words in ("An injection", "A leaking roof", "Fear of a visit")),
        *(("option", words) for words in ("The nurse", "The social worker", "You", "The driver")),
        *(("feedback", f"What is behind it: {part}") for part in ("l0", "l1", "l2", "o")),
        ("why", "Why it is so."),
        ("question", "For how many months does a baby need only milk?"),
        ("option", "months"),
        *(("feedback", f"What is behind it: {slip}") for slip in ("3-4", "12")),
        ("why", "Why it is so."),
        ("story", "Amina sits outside. She has been crying.\nHer sister is waiting at the gate."),
        ("question", "What do you say to her?"),
        *(("option", words) for words in ("Sit down and listen", "Explain everything at once", "Call her sister")),
        *(("feedback", f"What is behind it: {choice}") for choice in ("c0", "c1", "c2")),
        ("why", "Why it is so."),
    ]
    places = [one.place for one in spoken_of_quiz(text)]
    assert len(places) == len(set(places))


def test_each_part_of_a_page_to_hear_has_its_recording(learner: Learner) -> None:  # noqa: F811
    text = text_of(make_every_kind(kinds=("ordering", "matching", "number", "scenario")))
    recordings = record({one.text for one in spoken_of_quiz(text) if one.kind in ("question", "option", "story")})
    html = learner.client.get("/en/m4/q/practice/listen/").text
    page = BeautifulSoup(html, "html.parser")
    said = {
        place["data-say"]: " ".join(place.get_text(" ").split())
        for place in page.select("[data-say]")
        if place["data-say"]
    }
    assert said == {one.url: " ".join(one.text.split()) for one in recordings}
    assert len(page.select("audio")) == len(recordings)
    read = learner.client.get("/en/m4/q/practice/").text
    assert "data-say" not in read
    assert "data-side" not in read


def test_what_is_read_afterwards_is_heard_part_by_part(learner: Learner) -> None:  # noqa: F811
    text = text_of(make_every_kind(kinds=("matching", "ordering")))
    answers = right_answers(text)
    for question, answer in answers.items():
        answers[question] = (
            answer[::-1] if isinstance(answer, list) else dict(zip(answer, [*answer.values()][::-1], strict=True))
        )
    words = ["The nurse", "An injection", "Listen", "What is behind it: l0", "What is behind it: s3", "Why it is so."]
    urls = {one.url for one in record(words)}
    address = "/en/m4/q/practice/listen/"
    hidden = dict(re.findall(r'name="(client_uuid|text|listening)" value="([^"]+)"', learner.client.get(address).text))

    result = learner.client.post(address, hidden | as_sent(answers)).url

    html = learner.client.get(result).text
    assert urls == set(re.findall(r'data-say="(/media/[^"]+)"', html))


def test_a_phone_keeps_what_can_be_heard_of_a_try_without_its_reasons() -> None:
    text = text_of(make_every_kind(kinds=("ordering", "matching", "number", "scenario")))
    marks = marks_of_quiz(text)
    for words in ("The driver", "months", "Agree on the next visit", "Look at the order once more."):
        assert spoken_hash(words) in marks
    for item in text.version.structure["items"]:
        if item["use"] == "practice":
            text.content[item["question"]] = text.content[item["question"]] | {"why": "", "otherwise": ""}
    assert spoken_hash("Look at the order once more.") not in marks_of_quiz(text)


def test_what_a_phone_says_after_practice_is_there_with_its_recording() -> None:
    text = text_of(make_every_kind(kinds=("ordering", "number")))
    said = ["What is behind it: 12", "Look at the order once more.", "Why it is so."]
    recordings = record(said)
    assert explanations(text, sounds_of("en", said)) == {one.text: one.url for one in recordings}
