"""Kenya changes when babies are tested: what follows for texts, women and supervisors, and not in South Africa."""

from __future__ import annotations

import json
import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.actions import freeze_quiz
from assessments.models import Attempt, Quiz, QuizText
from certificates import actions as certificates
from certificates.keys import make_key
from curriculum.actions import NewValue, NothingChanged, change_value, freeze_module, publish_update
from curriculum.fact_changing import to_read_again
from curriculum.models import (
    Approval,
    Article,
    Country,
    Fact,
    FactChange,
    FactPrint,
    FactUpdate,
    FactValue,
    LessonPage,
    Reopened,
)
from offline.models import RefusedEntry
from people.models import User
from programme.actions import follow_roles
from programme.models import Clock, Cohort, Installation, OrganisationUnit, Placement, Term
from programme.scope import scope_of
from progress.actions import NotTheRule, answer_update
from progress.checking import Count, differences
from progress.models import LessonStudy, UpdateAnswer
from progress.updates import told_at, waiting_updates
from supervision.rule_changes import reach_of_changes
from tests.assessments.making import make_module_page, make_question, make_quiz_page, sit
from tests.certificates.making import SIGNATORIES, make_award
from tests.factories import (
    give_consent,
    give_role,
    make_country,
    make_lesson,
    make_module,
    make_pathway_version,
    make_programme,
    make_term,
    make_unit,
    make_user,
)
from tests.offline.phone import Phone
from tests.progress.conftest import clock_fields, observe

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
KENYA_OLD = [{"number": "6", "unit": "week", "what": "pcr"}, {"number": "6", "unit": "month", "what": "pcr"}]
KENYA_NEW = [{"point": "birth", "what": "pcr"}, *KENYA_OLD]
SOUTH_AFRICA = [{"number": "10", "unit": "week", "what": "pcr"}]
OLD = "6 weeks (PCR test) and 6 months (PCR test)"
NEW = "at birth (PCR test), 6 weeks (PCR test), and 6 months (PCR test)"


@dataclass
class World:
    """A module whose lesson and quiz print {eid_schedule}; one woman in Kenya, one in South Africa; their sites."""

    lesson: Any
    quiz: Quiz
    kenyan: Term
    south_african: Term
    supervisor: User
    reviewer: User
    award: Any

    def studies(self, term: Term, on: date, country: str) -> LessonStudy:
        article = Article.objects.get(lesson=self.lesson, country=country, language="en")
        return LessonStudy.append(
            term=term, client_uuid=uuid.uuid4(), payload={}, lesson=self.lesson, language="en", country=country,
            content_hash=article.content_hash, **clock_fields(on),
        )[0]  # fmt: skip

    def change(self, new: list[Any] | None = None, **fields: Any) -> FactChange:
        return change_value(
            fact=Fact.objects.get(key="eid_schedule"),
            country=Country.objects.get(pk="KE"),
            new=NewValue(mark="sourced", value=new or KENYA_NEW, source="Guideline 2026", reviewer="N. O.", **fields),
            on=timezone.now().date(),
        )

    def publish(self) -> FactUpdate:
        return publish_update(update=FactUpdate.objects.get(published_at=None), now=timezone.now())


def set_value(country: str, value: Any, **fields: Any) -> FactValue:
    fact, _made = Fact.objects.get_or_create(
        key="eid_schedule", defaults={"statement": "F48", "kind": "times", "names": {"en": "When babies are tested"}}
    )
    return FactValue.objects.create(
        fact=fact, country=make_country(country, languages=("en",)), value=value, mark="sourced",
        valid_from_on=date(2022, 1, 1), **fields,
    )  # fmt: skip


@pytest.fixture
def world() -> World:
    set_value("KE", KENYA_OLD)
    set_value("ZA", SOUTH_AFRICA)
    module = make_module("M5", strand="practice")
    lesson = make_lesson(module)
    page = make_module_page(module)
    lesson_page = LessonPage.objects.get(lesson=lesson)
    lesson_page.body = json.dumps(
        [{"type": "text", "id": str(uuid.uuid4()), "value": {"text": "<p>The baby is tested: {eid_schedule}</p>"}}]
    )
    lesson_page.save_revision().publish()
    quiz = Quiz.objects.create(module=module)
    asked = make_question(module, lesson=lesson, is_critical=True, stem="When is the baby tested? {eid_schedule}")
    make_quiz_page(quiz, [asked, make_question(module, lesson=lesson)])
    freeze_module(module)
    freeze_quiz(quiz)
    assert page.live

    start = timezone.now().date() - 60 * DAY
    root = make_unit(level="root", country="")
    programme = make_programme(root=root, signatories=SIGNATORIES)
    make_key(programme=programme, made_at=timezone.now())
    version = make_pathway_version(programme=programme, milestones=(("module", module, 40, "induction"),))
    county = make_unit(name="Kisumu County", level="region", parent=make_unit(level="country", parent=root))
    site = make_unit(name="Kisumu 1", parent=county)
    other = make_unit(name="Khayelitsha", parent=root, country="ZA")
    kenyan = make_term(learner=make_user(name="Achieng"), pathway_version=version, facility=site, start_on=start)
    south_african = make_term(learner=make_user(name="Nomsa"), pathway_version=version, facility=other, start_on=start)
    for term in (kenyan, south_african):
        give_consent(term.learner)
    supervisor = make_user(name="Wambui", secret_kind="password")
    give_consent(supervisor)
    give_role(supervisor, "supervisor", site)
    award = make_award(programme, "induction", ["induction"], valid_months=6, allows_work_supervised=True)
    world = World(lesson, quiz, kenyan, south_african, supervisor, make_user(name="Reviewer"), award)
    for country in ("KE", "ZA"):
        for each in (LessonPage.objects.get(lesson=lesson), page):
            each.refresh_from_db()
            Approval.objects.create(
                revision=each.live_revision, language="en", country=country, reviewer=world.reviewer,
                approved_at=timezone.now(),
            )  # fmt: skip
    freeze_module(module)
    return world


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    html = re.sub(r"<(head|nav|footer).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def frozen(country: str) -> list[Any]:
    """Everything frozen for a country, down to the moment."""
    articles = Article.objects.filter(country=country).order_by("path")
    texts = QuizText.objects.filter(country=country).order_by("pk")
    return [
        *articles.values_list("pk", "html", "content_hash", "is_approved", "frozen_at"),
        *texts.values_list("pk", "content", "content_hash", "edition", "frozen_at"),
    ]


def option(update: FactUpdate, *, right: bool) -> str:
    return next(one["id"] for one in update.choices if one["is_right"] == right)


def answer_form(page: Any, choice: str) -> dict[str, str]:
    html = page.content.decode()
    fields = dict(re.findall(r'type="hidden" name="(client_uuid|language|content_hash)" value="([^"]*)"', html))
    return fields | {"choice": choice}


# The decisive one.


def test_kenya_changes_its_testing_schedule(world: World) -> None:
    before_the_change = timezone.now().date() - 10 * DAY
    world.studies(world.kenyan, before_the_change, "KE")
    world.studies(world.south_african, before_the_change, "ZA")
    sit(world.kenyan, world.quiz, at=datetime.combine(before_the_change, time(12), UTC))
    observe(world.kenyan, world.quiz.module, before_the_change)
    certificates.sign_off(term=world.kenyan, award=world.award, signed_by=world.supervisor, on=before_the_change)
    coordinator = make_user(name="Esther")
    give_role(coordinator, "coordinator", OrganisationUnit.objects.get(level="root"))
    certificate = certificates.issue_certificate(
        term=world.kenyan, award=world.award, issued_by=coordinator, on=before_the_change
    )
    hers, theirs, desk = as_user(world.kenyan.learner), as_user(world.south_african.learner), as_user(world.supervisor)
    in_south_africa, attempts = frozen("ZA"), list(Attempt.objects.values())
    studies = list(LessonStudy.objects.order_by("pk").values())

    # Before: her lesson prints the old rule, nothing waits, her certificate is like any other.
    assert OLD in Article.objects.get(lesson=world.lesson, country="KE").html
    assert "Something has changed" not in text_of(hers.get("/en/today/"))
    roster = f"/en/roster/?q={certificate.serial}"
    assert "update pending" not in text_of(desk.get(roster))

    change = world.change()

    # The values: the old one is readable with its dates, the new one is in force.
    today = timezone.now().date()
    values = FactValue.objects.filter(country="KE").order_by("pk").values_list("value", "valid_from_on", "valid_to_on")
    assert list(values) == [(KENYA_OLD, date(2022, 1, 1), today), (KENYA_NEW, today, None)]

    # The lists: everything that prints it, by title, is open again in Kenya and nowhere else.
    code = FactPrint.objects.get(place="question").title.split(":")[0]
    assert [(row.place, row.title) for row in change.reopened.all()] == [
        ("lesson", "Lesson en"),
        ("question", f"{code}: When is the baby tested? {{eid_schedule}}"),
    ]
    assert [(each.row.place, each.is_read) for each in to_read_again(change)] == [
        ("lesson", False),
        ("question", False),
    ]
    lesson_page = LessonPage.objects.get(lesson=world.lesson)
    standing = Approval.objects.standing().filter(revision=lesson_page.live_revision)
    assert list(standing.values_list("country", flat=True)) == ["ZA"]

    # The texts: Kenya's are new and not approved; South Africa's are the same rows, down to the moment.
    article = Article.objects.get(lesson=world.lesson, country="KE")
    assert (NEW in article.html, article.is_approved) == (True, False)
    assert NEW in json.dumps(QuizText.objects.filter(country="KE").latest("edition").content)
    assert frozen("ZA") == in_south_africa
    assert (list(Attempt.objects.values()), list(LessonStudy.objects.order_by("pk").values())) == (attempts, studies)

    # A draft asks nobody.
    assert "Something has changed" not in text_of(hers.get("/en/today/"))
    update = world.publish()

    # Her two minutes, on Today, with a safety question.
    first = text_of(hers.get("/en/today/"))
    assert "Something has changed When babies are tested 2 minutes" in first
    page = hers.get(f"/en/updates/{update.uuid}/")
    said = text_of(page)
    assert f"The rule now: {NEW}." in said
    assert f"the rule was: {OLD}." in said
    assert "A mother asks you. Which rule do you tell her?" in said

    # The supervisor sees that an update waits, and nothing about her.
    for address in (
        roster,
        "/en/roster/?show=all",
        f"/en/record/{world.kenyan.uuid}/",
        f"/verify/{certificate.serial}/",
    ):
        assert "update pending" in text_of(desk.get(address)), address
    assert "Update pending: a rule has changed, and two minutes wait for her." in text_of(desk.get("/en/roster/"))
    assert "pending" not in text_of(Client().get(f"/verify/{certificate.serial}/"))

    # The wrong answer explains and asks again; nothing of it is kept.
    wrong = hers.post(f"/en/updates/{update.uuid}/", answer_form(page, option(update, right=False)))
    assert "Not yet." in text_of(wrong)
    assert f"Now it is: {NEW}." in text_of(wrong)
    assert UpdateAnswer.objects.count() == 0
    assert "update pending" in text_of(desk.get(roster))

    # The right answer is kept once, however often it is sent.
    form = answer_form(wrong, option(update, right=True))
    for _ in range(2):
        assert hers.post(f"/en/updates/{update.uuid}/", form).headers["Location"] == f"/en/updates/{update.uuid}/"
    kept = UpdateAnswer.objects.get()
    assert (kept.term, kept.update, str(kept.choice)) == (world.kenyan, update, option(update, right=True))
    assert "You know it" in text_of(hers.get(f"/en/updates/{update.uuid}/"))
    assert "Something has changed" not in text_of(hers.get("/en/today/"))
    for address in (
        roster,
        "/en/roster/?show=all",
        f"/en/record/{world.kenyan.uuid}/",
        f"/verify/{certificate.serial}/",
    ):
        assert "pending" not in text_of(desk.get(address)), address

    # South Africa never knew.
    assert "Something has changed" not in text_of(theirs.get("/en/today/"))
    assert theirs.get(f"/en/updates/{update.uuid}/").status_code == 404
    assert frozen("ZA") == in_south_africa


# Who has to know.


def waits(term: Term) -> bool:
    return "Something has changed" in text_of(as_user(term.learner).get("/en/today/"))


def days_ago(number: int) -> date:
    return timezone.now().date() - number * DAY


def test_only_whoever_learned_the_old_rule_is_told(world: World) -> None:
    world.change()
    world.publish()
    assert not waits(world.kenyan)


def test_a_lesson_studied_is_enough_and_so_is_a_quiz_passed(world: World) -> None:
    other = make_term(
        learner=make_user(), pathway_version=world.kenyan.pathway_version,
        facility=world.kenyan.placements.get().facility, start_on=days_ago(60),
    )  # fmt: skip
    failing = make_term(
        learner=make_user(), pathway_version=world.kenyan.pathway_version,
        facility=world.kenyan.placements.get().facility, start_on=days_ago(60),
    )  # fmt: skip
    for term in (other, failing):
        give_consent(term.learner)
    world.studies(world.kenyan, days_ago(9), "KE")
    at = datetime.combine(days_ago(9), time(12), UTC)
    sit(other, world.quiz, at=at)
    sit(failing, world.quiz, at=at, wrong=2)
    world.change()
    world.publish()
    assert [waits(term) for term in (world.kenyan, other, failing)] == [True, True, False]


def test_an_old_text_read_on_a_phone_after_the_change_is_the_old_rule(world: World) -> None:
    old = Article.objects.get(lesson=world.lesson, country="KE").content_hash
    world.change()
    world.publish()
    tomorrow = clock_fields(timezone.now().date() + DAY)
    LessonStudy.append(
        term=world.kenyan, client_uuid=uuid.uuid4(), payload={}, lesson=world.lesson, language="en", country="KE",
        content_hash=old, **tomorrow,
    )  # fmt: skip
    assert waits(world.kenyan)


def test_the_new_text_read_after_the_change_is_the_new_rule(world: World) -> None:
    world.change()
    world.publish()
    world.studies(world.kenyan, timezone.now().date() + DAY, "KE")
    assert not waits(world.kenyan)


def test_of_two_changes_only_the_last_is_asked(world: World) -> None:
    world.studies(world.kenyan, days_ago(9), "KE")
    world.change()
    first = world.publish()
    world.change([{"number": "10", "unit": "week"}])
    second = world.publish()
    hers = as_user(world.kenyan.learner)
    assert re.findall(r"/en/updates/([^/]+)/", hers.get("/en/today/").content.decode()) == [str(second.uuid)]
    assert hers.get(f"/en/updates/{first.uuid}/").status_code == 200


def test_whoever_learned_a_rule_by_an_update_is_told_of_the_next(world: World) -> None:
    world.studies(world.kenyan, days_ago(9), "KE")
    world.change()
    first = world.publish()
    hers = as_user(world.kenyan.learner)
    page = hers.get(f"/en/updates/{first.uuid}/")
    hers.post(f"/en/updates/{first.uuid}/", answer_form(page, option(first, right=True)))
    assert not waits(world.kenyan)
    world.change([{"number": "10", "unit": "week"}])
    world.publish()
    assert waits(world.kenyan)


def test_in_another_country_she_is_not_asked_about_the_one_she_left(world: World) -> None:
    world.studies(world.kenyan, days_ago(9), "KE")
    world.change()
    update = world.publish()
    here = world.kenyan.placements.get()
    here.to_on = days_ago(1)
    here.save()
    there = world.south_african.placements.get().facility
    Placement.objects.create(term=world.kenyan, facility=there, from_on=timezone.now().date())
    assert not waits(world.kenyan)
    assert as_user(world.kenyan.learner).get(f"/en/updates/{update.uuid}/").status_code == 404


def test_a_rule_that_was_never_printed_leaves_nothing_to_tell(world: World) -> None:
    """Not confirmed is not printed; the first confirmed value is read by everybody, and reviewed."""
    FactValue.objects.filter(country="KE").update(mark="unsure")
    freeze_module(world.quiz.module)
    world.studies(world.kenyan, days_ago(9), "KE")
    change = world.change()
    assert not FactUpdate.objects.exists()
    assert change.reopened.count() == 2
    assert NEW in Article.objects.get(lesson=world.lesson, country="KE").html


def test_saying_the_same_again_changes_nothing(world: World) -> None:
    before = frozen("KE")
    with pytest.raises(NothingChanged):
        world.change(KENYA_OLD)
    assert (FactChange.objects.count(), Reopened.objects.count(), frozen("KE")) == (0, 0, before)


def test_a_text_approved_again_stands_again_and_counts_once(world: World) -> None:
    change = world.change()
    page = LessonPage.objects.get(lesson=world.lesson)
    again = {"revision": page.live_revision, "country": "KE", "language": "en", "reviewer": world.reviewer}
    Approval.objects.create(**again, round=1, approved_at=timezone.now())
    freeze_module(world.quiz.module)
    assert Article.objects.get(lesson=world.lesson, country="KE").is_approved
    assert [each.is_read for each in to_read_again(change) if each.row.place == "lesson"] == [True]
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(**again, round=1, approved_at=timezone.now())


# Her answer.


@pytest.fixture
def told(world: World) -> FactUpdate:
    world.studies(world.kenyan, days_ago(9), "KE")
    world.change()
    return world.publish()


def test_a_stranger_and_somebody_signed_out_cannot_answer(world: World, told: FactUpdate) -> None:
    form = answer_form(as_user(world.kenyan.learner).get(f"/en/updates/{told.uuid}/"), option(told, right=True))
    assert as_user(world.south_african.learner).post(f"/en/updates/{told.uuid}/", form).status_code == 404
    assert Client().post(f"/en/updates/{told.uuid}/", form).status_code == 302
    assert as_user(world.supervisor).post(f"/en/updates/{told.uuid}/", form).status_code == 200
    assert UpdateAnswer.objects.count() == 0


def test_a_draft_is_nobodys_page(world: World) -> None:
    change = world.change()
    assert as_user(world.kenyan.learner).get(f"/en/updates/{change.update.uuid}/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"choice": ""}, 400), ({"choice": "x"}, 400), ({"choice": str(uuid.uuid4())}, 200), ({"client_uuid": "x"}, 400)],
)
def test_what_is_no_answer_is_asked_again(world: World, told: FactUpdate, changed: dict, status: int) -> None:
    hers = as_user(world.kenyan.learner)
    form = answer_form(hers.get(f"/en/updates/{told.uuid}/"), option(told, right=True)) | changed
    assert hers.post(f"/en/updates/{told.uuid}/", form).status_code == status
    assert (UpdateAnswer.objects.count(), waits(world.kenyan)) == (0, True)


def test_the_same_act_with_another_text_is_kept_for_a_person(world: World, told: FactUpdate) -> None:
    hers = as_user(world.kenyan.learner)
    form = answer_form(hers.get(f"/en/updates/{told.uuid}/"), option(told, right=True))
    hers.post(f"/en/updates/{told.uuid}/", form)
    assert hers.post(f"/en/updates/{told.uuid}/", form | {"content_hash": "b" * 64}).status_code == 409
    assert (UpdateAnswer.objects.count(), RefusedEntry.objects.get().kind) == (1, "update")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.booleans(), st.integers(0, 2)), max_size=8))
def test_in_any_order_with_any_repeats_it_waits_until_the_first_right_answer(
    world: World, told: FactUpdate, acts: list[tuple[bool, int]]
) -> None:
    """``acts``: right or wrong, under one of three client uuids."""
    with transaction.atomic():
        names = [uuid.uuid4() for _ in range(3)]
        for is_right, name in acts:
            with suppress(NotTheRule):
                answer_update(
                    term=world.kenyan, update=told, choice=option(told, right=is_right), client_uuid=names[name],
                    clock=Clock.here_and_now(), language="en", country="KE", content_hash="a" * 64,
                )  # fmt: skip
        rights = {name for is_right, name in acts if is_right}
        assert UpdateAnswer.objects.count() == len(rights)
        assert bool(waiting_updates(world.kenyan, "KE")) == (not rights)
        assert (world.kenyan.pk in told_at([world.kenyan], timezone.now().date())) == (not rights)
        transaction.set_rollback(True)


def test_a_phone_may_send_it_as_often_as_it_likes(world: World, told: FactUpdate) -> None:
    hers = as_user(world.kenyan.learner)
    payload = {"update": str(told.uuid), "language": "en", "country": "KE", "content_hash": "a" * 64}
    phone = Phone(world.kenyan.learner, now=timezone.now().timestamp() * 1000)
    phone.act("update", payload | {"choice": option(told, right=False)})
    assert phone.send(hers) == ["refused"]
    phone.act("update", payload | {"choice": option(told, right=True)})
    phone.act("update", payload | {"update": str(uuid.uuid4()), "choice": option(told, right=True)})
    sent = phone.send(hers)
    assert (sent.count("stored"), waits(world.kenyan), UpdateAnswer.objects.count()) == (1, False, 1)


def test_an_answer_is_appended_and_can_be_computed_again(world: World, told: FactUpdate) -> None:
    hers = as_user(world.kenyan.learner)
    hers.post(f"/en/updates/{told.uuid}/", answer_form(hers.get(f"/en/updates/{told.uuid}/"), option(told, right=True)))
    updates = [line for line in map(str, differences(Count())) if line.startswith("update ")]
    assert updates == []
    for act in (UpdateAnswer.objects.all().delete, lambda: UpdateAnswer.objects.update(country="ZA")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize("count", [1, 3])
def test_today_and_the_roster_cost_the_same_for_any_number_of_changes(
    count: int, world: World, django_assert_num_queries: Any
) -> None:
    Installation.decide(is_demonstration=False)
    world.studies(world.kenyan, days_ago(9), "KE")
    for number in range(count):
        world.change([{"number": str(number + 2), "unit": "week"}])
        world.publish()
    hers, desk = as_user(world.kenyan.learner), as_user(world.supervisor)
    for client, address, queries in ((hers, "/en/today/", 12), (desk, "/en/roster/", 10)):
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


# How far it has come.


def test_the_national_trainer_sees_numbers_by_county_and_never_a_small_one(world: World) -> None:
    site = world.kenyan.placements.get().facility
    terms = [world.kenyan]
    for _ in range(9):
        terms.append(
            make_term(
                learner=make_user(), pathway_version=world.kenyan.pathway_version, facility=site, start_on=days_ago(60)
            )
        )
    alone = make_term(
        learner=make_user(), pathway_version=world.kenyan.pathway_version, start_on=days_ago(60),
        facility=make_unit(parent=OrganisationUnit.objects.get(level="country")),
    )  # fmt: skip
    for term in [*terms, alone, world.south_african]:
        world.studies(term, days_ago(9), "ZA" if term == world.south_african else "KE")
    world.change()
    told = world.publish()
    nation = OrganisationUnit.objects.get(level="country")
    trainer = make_user(name="Gathoni", secret_kind="password")
    give_role(trainer, "trainer", nation)

    def rows() -> list[tuple[str, int | None, int | None]]:
        (change,) = reach_of_changes(scope_of(trainer, timezone.now().date()), "en")
        return [(row.county.name if row.county else "", row.learned, row.knows) for row in change.rows]

    assert rows() == [("Kisumu County", 10, 0), ("", None, None)]
    for number, expected in ((2, None), (5, 5)):
        for term in terms[:number]:
            answer_update(
                term=term, update=told, choice=option(told, right=True), client_uuid=uuid.uuid4(),
                clock=Clock.here_and_now(), language="en", country="KE", content_hash="a" * 64,
            )  # fmt: skip
        assert rows()[0] == ("Kisumu County", 10, expected)
    give_consent(trainer)
    follow_roles(trainer, timezone.now().date())
    panel = text_of(as_user(User.objects.get(pk=trainer.pk)).get("/admin/"))
    assert "Rules that changed: When babies are tested" in panel
    assert "Kisumu County 10 5 Other places, together fewer than 5 too few to say" in panel
    assert world.kenyan.learner.alias not in panel
    world.kenyan.cohort = Cohort.objects.create(
        programme=world.kenyan.programme, unit=site, code="c1", start_on=world.kenyan.start_on
    )
    world.kenyan.save()
    terms[9].cohort = world.kenyan.cohort
    terms[9].save()
    (change,) = reach_of_changes(scope_of(trainer, timezone.now().date()), "en")
    assert change.waiting == [terms[9].learner.alias]


@pytest.mark.parametrize("role", ["supervisor", "nurse", "translator", "reviewer", "learner"])
def test_nobody_else_sees_how_far_it_has_come(role: str, world: World, told: FactUpdate) -> None:
    user = make_user()
    give_role(user, role, OrganisationUnit.objects.get(level="country"))
    assert reach_of_changes(scope_of(user, timezone.now().date()), "en") == []
