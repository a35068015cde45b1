"""Quiz pages as a woman's phone calls them."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Attempt, AttemptAnswers, Question, QuestionSnippet, Quiz, QuizPage, Ticket
from curriculum.models import ModulePage
from offline.models import RefusedEntry
from programme.models import Term
from tests.assessments.making import (
    choices,
    make_question,
    make_quiz,
    make_quiz_page,
    make_ticket,
    option,
    sit,
    text_of,
)
from tests.factories import give_consent, make_module, make_pathway_version, make_term, make_user

pytestmark = pytest.mark.django_db


@dataclass
class Learner:
    """A woman with an open term, signed in."""

    client: Client
    term: Term


@pytest.fixture
def learner(client: Client) -> Learner:
    return make_learner(client)


def make_learner(client: Client, **fields: Any) -> Learner:
    user = make_user(**fields)
    give_consent(user)
    term = make_term(learner=user, start_on=timezone.now().date() - timedelta(days=30))
    client.force_login(user)
    return Learner(client, term)


def start(learner: Learner) -> str:
    """She taps "start"; return the address of her try."""
    answer = learner.client.post("/en/m4/q/try/")
    assert answer.status_code == 302
    return answer.url


def filled(page: Any, wrong: int = 0) -> dict[str, Any]:
    """The page's form with "a", the right answer, save in the first ``wrong`` questions of the quiz."""
    html = page.content.decode()
    data = dict(re.findall(r'<input type="hidden" name="(client_uuid|text)" value="([^"]+)"', html))
    names = set(re.findall(r'name="(q-[0-9a-f-]+)"', html))
    questions = [q for q in Question.objects.order_by("code") if f"q-{q.uuid}" in names]
    for place, question in enumerate(questions):
        data[f"q-{question.uuid}"] = option(question, "b" if place < wrong else "a")
    return data


def words(page: Any) -> str:
    """The page's text without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode().split("<main", 1)[1].split("</main>")[0]))


def stored() -> tuple[int, int, int]:
    return Attempt.objects.count(), AttemptAnswers.objects.count(), RefusedEntry.objects.count()


def test_quiz_page_says_what_it_is_and_how_many_tries(learner: Learner) -> None:
    make_quiz(critical=1, plain=2, practice=2)

    page = learner.client.get("/en/m4/q/")

    assert page.status_code == 200
    assert "You have 2 tries" in words(page)
    assert "2 questions to practise with" in words(page)
    assert "3 questions. There is no clock" in words(page)
    assert page.headers["Cache-Control"] == "no-store, private"
    assert not Ticket.objects.exists()


def test_start_makes_one_ticket_for_two_taps(learner: Learner) -> None:
    make_quiz()

    assert start(learner) == start(learner) == f"/en/m4/q/try/{Ticket.objects.get().uuid}/"


def test_a_try_from_start_to_passed(learner: Learner) -> None:
    make_quiz()
    address = start(learner)

    answer = learner.client.post(address, filled(learner.client.get(address)))

    attempt = Attempt.objects.get()
    assert answer.url == f"/en/m4/q/result/{attempt.client_uuid}/"
    assert (attempt.term, attempt.counts, attempt.is_passed) == (learner.term, True, True)
    assert (attempt.language, attempt.country, attempt.content_hash) == (
        "en",
        "KE",
        text_of(Quiz.objects.get()).content_hash,
    )
    result = learner.client.get(answer.url)
    assert " Passed " in words(result)
    assert "Option" not in words(result)
    assert "You have passed this quiz" in words(learner.client.get("/en/m4/q/"))


def test_not_yet_shows_what_she_knows_then_why_and_never_the_key(learner: Learner) -> None:
    make_quiz(critical=1, plain=1)
    address = start(learner)

    answer = learner.client.post(address, filled(learner.client.get(address), wrong=1), follow=True)

    text = words(answer)
    assert "Not yet: one thing to look at again" in text
    assert "One of them is a safety question" in text
    assert text.index("What you know already") < text.index("Stem M4-Q2") < text.index("What to look at again")
    for shown in (
        "Stem M4-Q1",
        "Why M4-Q1",
        "Option b of M4-Q1",
        "Idea b of M4-Q1",
        "Lesson en",
        "You have one try left",
    ):
        assert shown in text
    for hidden in ("Option a", "Idea a", "Why M4-Q2", "Right:"):
        assert hidden not in text
    assert 'href="/en/m4/l1/"' in answer.content.decode()


def test_several_chosen_answers_are_not_judged_one_by_one_while_the_question_is_open(learner: Learner) -> None:
    quiz = Quiz.objects.create(module=make_module("M4"))
    question = make_question(quiz.module, kind="multiple", right="ab", wrong="c")
    make_quiz_page(quiz, [question])
    address = start(learner)
    data = filled(learner.client.get(address)) | {f"q-{question.uuid}": [option(question, "a"), option(question, "c")]}

    text = words(learner.client.post(address, data, follow=True))

    assert "Why M4-Q1" in text
    assert "Idea" not in text
    assert Attempt.objects.get().points_earned == 0


def test_practice_explains_every_answer_at_once_and_uses_no_try(learner: Learner) -> None:
    make_quiz(critical=1, plain=0, practice=2)

    page = learner.client.get("/en/m4/q/practice/")
    text = words(learner.client.post("/en/m4/q/practice/", filled(page, wrong=1), follow=True))

    attempt = Attempt.objects.get()
    assert (attempt.counts, attempt.ticket) == (False, None)
    assert "One thing to look at again" in text
    for shown in ("Stem M4-Q3", "Idea b of M4-Q2", "Why M4-Q2", "Option a of M4-Q2"):
        assert shown in text
    assert "Stem M4-Q1" not in words(page)
    assert "You have 2 tries" in words(learner.client.get("/en/m4/q/"))


def test_practice_can_be_repeated_without_end(learner: Learner) -> None:
    make_quiz()

    for _ in range(4):
        page = learner.client.get("/en/m4/q/practice/")
        assert learner.client.post("/en/m4/q/practice/", filled(page)).status_code == 302

    assert Attempt.objects.count() == 4


def test_posted_twice_is_kept_once(learner: Learner) -> None:
    make_quiz()
    address = start(learner)
    data = filled(learner.client.get(address), wrong=1)

    first, second = (learner.client.post(address, data) for _ in range(2))

    assert first.url == second.url
    assert stored() == (1, 1, 0)


def test_same_uuid_with_other_answers_is_kept_for_a_person(learner: Learner) -> None:
    make_quiz()
    address = start(learner)
    data = filled(learner.client.get(address), wrong=1)
    learner.client.post(address, data)
    question = Question.objects.get(code="M4-Q1")
    changed = data | {f"q-{question.uuid}": option(question, "a")}

    answers = [learner.client.post(address, changed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "This was sent before" in words(answers[0])
    assert stored() == (1, 1, 1)
    entry = RefusedEntry.objects.get()
    assert (entry.kind, entry.reason, entry.sent_by) == ("attempt", "payload_changed", learner.term.learner)
    assert entry.payload["answers"][str(question.uuid)] == option(question, "a")
    assert not Attempt.objects.get().is_passed


def test_somebody_elses_try_does_not_exist(learner: Learner) -> None:
    quiz = make_quiz()
    theirs = make_ticket(make_term(), quiz, timezone.now())
    own = filled(learner.client.get(start(learner)))

    answers = [
        learner.client.get(f"/en/m4/q/try/{theirs.uuid}/"),
        learner.client.post(f"/en/m4/q/try/{theirs.uuid}/", own),
        learner.client.get(f"/en/m4/q/try/{uuid.uuid4()}/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert stored() == (0, 0, 0)


def test_somebody_elses_result_does_not_exist(learner: Learner) -> None:
    theirs = sit(make_term(), make_quiz())

    answer = learner.client.get(f"/en/m4/q/result/{theirs.client_uuid}/")

    assert answer.status_code == 404
    assert b"M4-Q" not in answer.content


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda q: {f"q-{q.uuid}": ""}, "One question needs an answer. Your other answers are still here."),
        (lambda q: {f"q-{q.uuid}": str(uuid.uuid4())}, "That answer is not one of the choices here."),
        (lambda q: {f"q-{uuid.uuid4()}": option(q, "a")}, "This page has changed since you opened it."),
        (lambda q: {"text": "0" * 64}, "This page has changed since you opened it."),
        (lambda q: {"text": ""}, "This page has changed since you opened it."),
        (lambda q: {"client_uuid": "me"}, "This page has changed since you opened it."),
        (lambda q: {"client_uuid": ""}, "This page has changed since you opened it."),
    ],
    ids=["missing answer", "unknown option", "unknown question", "other words", "no words", "no uuid", "empty uuid"],
)
@pytest.mark.parametrize("where", ["practice", "try"])
def test_what_does_not_fit_comes_back_with_a_sentence(learner: Learner, where: str, change: Any, sentence: str) -> None:
    make_quiz(critical=2, plain=0, practice=2)
    address = start(learner) if where == "try" else "/en/m4/q/practice/"
    data = filled(learner.client.get(address))
    first, second = Question.objects.filter(code__in=("M4-Q1", "M4-Q2") if where == "try" else ("M4-Q3", "M4-Q4"))

    answer = learner.client.post(address, data | change(first))

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f'value="{option(second, "a")}" checked' in answer.content.decode()
    assert stored() == (0, 0, 0)
    assert learner.client.post(address, filled(answer)).status_code == 302


@pytest.mark.parametrize("page", [QuizPage, ModulePage])
def test_an_unpublished_module_has_no_quiz(learner: Learner, page: type) -> None:
    make_quiz()
    address = start(learner)
    page.objects.get().unpublish()

    answers = [
        learner.client.get("/en/m4/q/"),
        learner.client.get("/en/m4/q/practice/"),
        learner.client.post("/en/m4/q/practice/", {}),
        learner.client.post("/en/m4/q/try/"),
        learner.client.get(address),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert all("This quiz is not open now" in words(answer) for answer in answers)
    assert stored() == (0, 0, 0)


def test_answers_to_a_quiz_closed_meanwhile_are_kept_for_a_person(learner: Learner) -> None:
    make_quiz()
    address = start(learner)
    data = filled(learner.client.get(address))
    QuizPage.objects.get().unpublish()

    answer = learner.client.post(address, data)

    assert (answer.status_code, stored()) == (404, (0, 0, 1))
    assert "Your answers are kept" in words(answer)
    assert RefusedEntry.objects.get().reason == "not_published"


def test_a_module_that_does_not_exist_has_no_quiz(learner: Learner) -> None:
    make_quiz()

    assert learner.client.get("/en/z9/q/").status_code == 404


def test_answers_to_older_words_are_marked_by_their_own_key(learner: Learner) -> None:
    make_quiz(critical=1, plain=0, practice=1)
    address = start(learner)
    forms = {where: filled(learner.client.get(where)) for where in (address, "/en/m4/q/practice/")}
    for snippet in QuestionSnippet.objects.all():
        snippet.choices = choices(snippet.question, "b", "ac")
        snippet.save_revision().publish()

    for where, data in forms.items():
        assert learner.client.post(where, data).status_code == 302

    assert [(a.quiz_version.number, a.points_earned) for a in Attempt.objects.all()] == [(1, 12), (1, 12)]


def test_an_answered_try_shows_its_result_and_a_second_sitting_does_not_count(learner: Learner) -> None:
    make_quiz()
    address = start(learner)
    data = filled(learner.client.get(address), wrong=1)
    result = learner.client.post(address, data).url

    assert learner.client.get(address).url == result
    again = learner.client.post(address, filled_again(data), follow=True)
    assert "Saved, but it does not count" in words(again)
    assert "M4-Q" not in words(again)
    assert [a.counts for a in Attempt.objects.order_by("pk")] == [True, False]


def filled_again(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"client_uuid": str(uuid.uuid4())}


def test_a_try_that_ran_out_says_so_and_can_be_started_again(learner: Learner) -> None:
    quiz = make_quiz()
    old = make_ticket(learner.term, quiz, timezone.now() - timedelta(days=31))
    address = f"/en/m4/q/try/{old.uuid}/"

    page = learner.client.get(address)
    assert (page.status_code, "That try was open for thirty days" in words(page)) == (410, True)
    data = filled(learner.client.get("/en/m4/q/practice/"))
    late = learner.client.post(address, try_data(old, data), follow=True)
    assert "Saved, but it does not count" in words(late)
    assert start(learner) != address


def try_data(ticket: Ticket, data: dict[str, Any]) -> dict[str, Any]:
    """What her kept page of ``ticket`` would send."""
    questions = Question.objects.filter(uuid__in=ticket.items)
    return {"client_uuid": data["client_uuid"], "text": data["text"]} | {
        f"q-{question.uuid}": option(question, "a") for question in questions
    }


def test_used_tries_lead_to_the_trainer(learner: Learner) -> None:
    quiz = make_quiz()
    for _ in range(2):
        sit(learner.term, quiz, wrong=1, at=timezone.now())

    answer = learner.client.post("/en/m4/q/try/")

    assert answer.status_code == 409
    assert "Ask your trainer: after a talk you can try again." in words(answer)
    assert Ticket.objects.count() == 2


def test_after_a_pass_start_leads_to_practice(learner: Learner) -> None:
    sit(learner.term, make_quiz(), at=timezone.now())

    answer = learner.client.post("/en/m4/q/try/")

    assert (answer.status_code, Ticket.objects.count()) == (409, 1)
    assert "You can still practise as often as you like." in words(answer)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/en/m4/q/try/"),
        ("post", "/en/m4/q/"),
        ("post", "/en/m4/q/result/00000000-0000-4000-8000-000000000000/"),
        ("put", "/en/m4/q/practice/"),
        ("delete", "/en/m4/q/try/00000000-0000-4000-8000-000000000000/"),
        ("post", "/en/m4/p/"),
    ],
)
def test_other_methods_are_refused(learner: Learner, method: str, address: str) -> None:
    make_quiz()

    assert getattr(learner.client, method)(address).status_code == 405
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("address", ["/en/m4/q/", "/en/m4/q/practice/", "/en/m4/p/"])
def test_a_stranger_signs_in_first(client: Client, address: str) -> None:
    make_quiz()

    answer = client.get(address)

    assert answer.status_code == 302
    assert "sign-in" in answer.url or "account_login" in answer.url


def test_without_an_open_term_the_page_says_whom_to_ask(client: Client) -> None:
    make_quiz()
    user = make_user()
    give_consent(user)
    client.force_login(user)

    answers = [client.get("/en/m4/q/"), client.post("/en/m4/q/try/"), client.post("/en/m4/q/practice/", {})]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "ask your coordinator" in words(answers[0])
    assert stored() == (0, 0, 0)


def swahili_quiz() -> None:
    quiz = make_quiz(critical=1, plain=0, practice=0)
    lesson = quiz.module.lessons.get()
    make_question(quiz.module, code="M4-Q1", is_critical=True, language="sw", words="sw ", lesson=lesson)
    make_quiz_page(quiz, [], language="sw", title="Lishe")


def test_the_quiz_is_in_her_best_language(client: Client) -> None:
    swahili_quiz()
    learner = make_learner(client, languages=["sw", "en"])
    address = learner.client.post("/sw/m4/q/try/").url

    page = learner.client.get(address)
    learner.client.post(address, filled(page))

    assert "sw Stem M4-Q1" in words(page)
    assert 'lang="sw"' in page.content.decode()
    assert Attempt.objects.get().language == "sw"
    english = learner.client.get("/en/m4/q/")
    assert "Feeding" in words(english)


def test_a_quiz_that_lacks_her_language_says_so(client: Client) -> None:
    make_quiz()
    learner = make_learner(client, languages=["pt", "en"])

    page = learner.client.get("/pt/m4/q/")

    assert page.status_code == 200
    assert "Português" in words(page)
    assert "English" in words(page)
    assert "Feeding" in words(page)


def test_another_pathway_has_its_own_tries(client: Client) -> None:
    make_quiz()
    learner = make_learner(client)
    version = make_pathway_version(programme=learner.term.programme, certifying_tries=3)
    Term.objects.filter(pk=learner.term.pk).update(pathway_version=version)

    assert "You have 3 tries" in words(learner.client.get("/en/m4/q/"))
