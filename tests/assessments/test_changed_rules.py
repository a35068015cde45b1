"""A rule that changed while her phone had no network: her answers on the old words are kept and certify nothing."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.actions import freeze_quiz, open_ticket
from assessments.changed_rules import changed_for
from assessments.kept import open_tries, results_for, tickets_of
from assessments.models import Attempt, QuestionSnippet, Quiz, QuizPage, QuizText, Ticket
from assessments.tries import tries_of
from curriculum.models import Country, Fact, FactValue
from programme.models import Term
from tests.assessments.making import answers, make_question, make_quiz_page, quiz_items, text_of
from tests.factories import give_consent, make_country, make_lesson, make_module, make_pathway_version, make_term
from tests.offline.phone import Phone

pytestmark = pytest.mark.django_db

NOW = timezone.now()
OLD, NEW = "six months", "twelve months"


@pytest.fixture
def term() -> Term:
    """A woman whose phone holds a try at a quiz with a question that prints a fact."""
    make_country()
    module = make_module("M4")
    fact = Fact.objects.create(key="how_long", statement="How long")
    FactValue.objects.create(
        fact=fact, country_id="KE", texts={"en": OLD}, mark="sourced", valid_from_on=date(2020, 1, 1)
    )
    lesson = make_lesson(module)
    questions = [
        make_question(module, lesson=lesson, why="It is {how_long}."),
        make_question(module, lesson=lesson, stem="Which colour?"),
    ]
    quiz = Quiz.objects.create(module=module)
    make_quiz_page(quiz, questions)
    freeze_quiz(quiz)
    version = make_pathway_version(milestones=(("module", module, 40, "induction"),))
    made = make_term(pathway_version=version, start_on=NOW.date() - timedelta(days=60))
    give_consent(made.learner)
    open_ticket(term=made, quiz=quiz, now=NOW - timedelta(days=20))
    return made


def change_the_rule(on: date, words: str = NEW) -> None:
    """As a coordinator does it: the old value ends, the new one begins."""
    FactValue.objects.filter(valid_to_on=None).update(valid_to_on=on)
    FactValue.objects.create(
        fact=Fact.objects.get(), country=Country.objects.get(code="KE"), texts={"en": words}, mark="sourced",
        valid_from_on=on,
    )  # fmt: skip
    freeze_quiz(Quiz.objects.get())


def sit_on_the_phone(term: Term, client: Client, at: datetime, text: QuizText | None = None) -> Attempt:
    """She answered at ``at`` what her phone had; it is sent now."""
    text = text or QuizText.objects.order_by("pk").first()
    ticket = Ticket.objects.earliest("pk")
    phone = Phone(term.learner, now=at.timestamp() * 1000)
    payload: dict[str, Any] = {
        "ticket": str(ticket.uuid), "text": text.content_hash, "answers": answers(text, ticket.items),
    }  # fmt: skip
    name = phone.act("attempt", payload)
    phone.now = timezone.now().timestamp() * 1000
    client.force_login(term.learner)
    assert phone.send(client) == ["stored"]
    return Attempt.objects.get(client_uuid=name)


def days_ago(number: int) -> datetime:
    return timezone.now() - timedelta(days=number)


def test_answers_on_old_words_after_the_rule_began_are_kept_and_do_not_count(term: Term, client: Client) -> None:
    change_the_rule(days_ago(5).date())
    attempt = sit_on_the_phone(term, client, days_ago(2))
    assert (attempt.counts, attempt.points_earned) == (False, attempt.points_possible)


def test_answers_from_before_the_rule_began_count_whenever_they_come(term: Term, client: Client) -> None:
    change_the_rule(days_ago(5).date())
    assert sit_on_the_phone(term, client, days_ago(8)).counts


def test_new_words_without_a_new_rule_change_nothing(term: Term, client: Client) -> None:
    snippet = QuestionSnippet.objects.get(why="It is {how_long}.")
    snippet.why = "We say it is {how_long}, always."
    snippet.save_revision().publish()
    freeze_quiz(Quiz.objects.get())
    assert QuizText.objects.count() == 2
    assert sit_on_the_phone(term, client, days_ago(1)).counts


def test_another_rule_changes_nothing(term: Term, client: Client) -> None:
    """A fact that happens to have the same words, and changed, while the question got other words."""
    other = Fact.objects.create(key="other", statement="Another")
    FactValue.objects.create(
        fact=other, country_id="KE", texts={"en": "Which"}, mark="sourced", valid_from_on=date(2020, 1, 1),
        valid_to_on=days_ago(5).date(),
    )  # fmt: skip
    snippet = QuestionSnippet.objects.get(why="It is {how_long}.")
    snippet.stem, snippet.why = "What?", "{how_long}, says the rule. Which one?"
    snippet.save_revision().publish()
    freeze_quiz(Quiz.objects.get())
    assert sit_on_the_phone(term, client, days_ago(1)).counts


@pytest.mark.parametrize(("begins_in_days", "counts"), [(1, True), (0, False)])
def test_a_value_corrected_in_place_is_seen_as_well(
    begins_in_days: int, counts: bool, term: Term, client: Client
) -> None:
    """Words frozen the day before; what they printed is not known any more, only what they did not."""
    value = FactValue.objects.get()
    here = term.placements.get().facility.today()
    value.texts, value.valid_from_on = {"en": NEW}, here + timedelta(days=begins_in_days)
    value.save()
    freeze_quiz(Quiz.objects.get())
    old = QuizText.objects.get(edition=1)
    old.frozen_at = days_ago(1)
    ticket = Ticket.objects.get()
    changed = changed_for(term=term, ticket=ticket, text=old, happened_at=timezone.now())
    assert (changed is None) == counts


def test_a_question_written_anew_for_the_new_rule(term: Term, client: Client) -> None:
    quiz, page = Quiz.objects.get(), QuizPage.objects.get()
    kept = QuestionSnippet.objects.get(stem="Which colour?").question
    fresh = make_question(quiz.module, lesson=quiz.module.lessons.get(), stem="From now on?", why="{how_long}")
    page.items = quiz_items([kept, fresh])
    page.save_revision().publish()
    change_the_rule(days_ago(5).date())
    assert QuizText.objects.latest("pk").version.number == 2
    old = QuizText.objects.filter(version__number=1).latest("pk")
    assert not sit_on_the_phone(term, client, days_ago(2), old).counts


def test_she_has_not_lost_a_try_and_the_next_one_has_the_new_rule(term: Term, client: Client) -> None:
    quiz = Quiz.objects.get()
    before = tries_of(term, quiz, timezone.now()).left
    first = Ticket.objects.get()
    change_the_rule(days_ago(5).date())
    sit_on_the_phone(term, client, days_ago(2))
    assert tries_of(term, quiz, timezone.now()).left == before
    (sheet,) = tickets_of(term.learner)
    assert sheet["ticket"] != str(first.uuid)
    assert sheet["text"] == text_of(quiz).content_hash


def test_she_reads_why(term: Term, client: Client) -> None:
    began = days_ago(5)
    change_the_rule(began.date())
    attempt = sit_on_the_phone(term, client, days_ago(2))
    (result,) = results_for(term.learner)
    page = client.get(f"/en/m4/q/result/{attempt.client_uuid}/").content.decode()
    for html in (result["html"], page):
        assert f"a rule in this quiz changed on {began.day} {began:%B %Y}" in html
        assert "You have not lost a try." in html


def test_a_try_on_a_rule_that_changed_is_not_given_out_again(term: Term, client: Client) -> None:
    """She had not answered yet; the module was written anew for the new rule."""
    quiz, page = Quiz.objects.get(), QuizPage.objects.get()
    first = Ticket.objects.get()
    fresh = make_question(quiz.module, lesson=quiz.module.lessons.get(), stem="From now on?", why="{how_long}")
    page.items = quiz_items([fresh])
    page.save_revision().publish()
    freeze_quiz(quiz)
    open_tries(term.learner, ["m4"])
    assert Ticket.objects.get() == first  # only the questions changed, not the rule
    change_the_rule(days_ago(1).date())
    open_tries(term.learner, ["m4"])
    newest = Ticket.objects.latest("pk")
    assert (newest.version.number, Ticket.objects.count()) == (2, 2)
    assert [each["ticket"] for each in tickets_of(term.learner)] == [str(newest.uuid)]


def test_online_it_is_the_same(term: Term, client: Client) -> None:
    """The sheet stood open in a page while the rule changed."""
    client.force_login(term.learner)
    ticket, text = Ticket.objects.get(), QuizText.objects.get()
    change_the_rule(days_ago(0).date())
    name = uuid.uuid4()
    given = {f"q-{question}": chosen for question, chosen in answers(text, ticket.items).items()}
    client.post(f"/en/m4/q/try/{ticket.uuid}/", {**given, "client_uuid": str(name), "text": text.content_hash})
    assert not Attempt.objects.get(client_uuid=name).counts
