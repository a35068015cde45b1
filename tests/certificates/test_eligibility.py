"""The boundary of each requirement, and both sides of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from certificates.eligibility import eligibilities, eligibility
from certificates.models import Award
from curriculum.models import Article
from programme.models import Installation, Term
from tests.certificates.making import DONE_ON, World, make_award, make_world
from tests.factories import TODAY, make_programme
from tests.progress.conftest import observe


def sentences(world: World, award: Award | None = None, on: date = TODAY) -> list[str]:
    return [unmet.sentence for unmet in eligibility(world.term, award or world.induction, on).unmet]


def test_a_new_term_lacks_everything_by_name(world: World) -> None:
    assert sentences(world, world.certified) == [
        "M4: 2 lessons and the quiz are left.",
        "M4: practice not yet signed off.",
        "D1: 2 lessons and the quiz are left.",
        "D1: practice not yet signed off.",
        "No practice is signed off yet.",
    ]


def test_everything_done_is_eligible(world: World) -> None:
    world.earn("M4")
    answer = eligibility(world.term, world.induction, TODAY)
    assert answer.is_eligible
    assert [(entry.module.code, entry.is_practised) for entry in answer.modules] == [("M4", True)]


def test_the_last_missing_thing_is_named_alone(world: World) -> None:
    world.learn("M4")
    assert sentences(world) == ["M4: practice not yet signed off.", "No practice is signed off yet."]
    world.practise("M4")
    assert sentences(world) == []


def test_what_happens_tomorrow_does_not_count_today(world: World) -> None:
    world.learn("M4")
    world.practise("M4", on=TODAY + timedelta(days=1))
    assert sentences(world) != []
    assert sentences(world, on=TODAY + timedelta(days=1)) == []


def test_a_gate_of_modules_alone_still_needs_a_practice(db: None) -> None:
    world = make_world()
    world.term.pathway_version.milestones.filter(kind="practice").delete()
    world.learn("M4")
    assert sentences(world) == ["No practice is signed off yet."]
    world.practise("D1")
    assert sentences(world) == []


def test_a_practice_not_signed_off_does_not_count(world: World) -> None:
    world.learn("M4")
    observe(world.term, world.modules["M4"], DONE_ON, is_signed_off=False)
    assert sentences(world) == ["M4: practice not yet signed off.", "No practice is signed off yet."]


def test_one_unapproved_article_stops_the_module_outside_a_demonstration(world: World) -> None:
    world.earn("M4")
    Article.objects.filter(path="m4/l2").update(is_approved=False)
    assert sentences(world) == [
        "M4 is not yet approved for the country she works in.",
        "No practice is signed off yet.",
    ]


def test_another_country_s_approval_is_none_here(world: World) -> None:
    world.earn("M4")
    Article.objects.filter(path="m4/l2", country="KE").update(is_approved=False)
    Article.objects.create(
        kind="lesson", language="en", country="ZA", path="m4/l2", module=world.modules["M4"],
        lesson=world.lessons["M4"][1], title="x", content_hash="b" * 64, is_approved=True,
    )  # fmt: skip
    assert sentences(world)[0] == "M4 is not yet approved for the country she works in."


def test_a_demonstration_counts_unapproved_modules(db: None) -> None:
    world = make_world(is_approved=False)
    Installation.decide(is_demonstration=True)
    world.earn("M4")
    assert sentences(world) == []


def test_an_award_that_no_gate_leads_to_is_never_earned(world: World) -> None:
    world.earn("M4", "D1")
    nowhere = make_award(world.programme, "nowhere", ["graduation"])
    empty = make_award(world.programme, "empty", [])
    expected = ["The pathway of this term does not lead to this certificate."]
    assert sentences(world, nowhere) == expected
    assert sentences(world, empty) == expected


def test_another_programme_s_award_is_never_earned(world: World) -> None:
    world.earn("M4")
    other = make_award(make_programme(), "induction", ["induction"])
    assert sentences(world, other) == ["This certificate belongs to another programme."]


def test_the_record_lists_what_is_finished_and_needs_no_practice(world: World) -> None:
    assert sentences(world, world.record) == ["No module is finished yet, so there is nothing to list."]
    world.learn("M4")
    answer = eligibility(world.term, world.record, TODAY)
    assert answer.is_eligible
    assert [(entry.module.code, entry.is_practised) for entry in answer.modules] == [("M4", False)]


def test_the_record_leaves_out_what_is_not_approved(world: World) -> None:
    world.earn("M4", "D1")
    Article.objects.filter(path="m4/l2").update(is_approved=False)
    answer = eligibility(world.term, world.record, TODAY)
    assert [entry.module.code for entry in answer.modules] == ["D1"]


def test_three_awards_cost_as_much_as_one(world: World, django_assert_num_queries: Any) -> None:
    world.earn("M4")
    for awards in ([world.induction], [world.induction, world.certified, world.record]):
        term = Term.objects.get(pk=world.term.pk)
        with django_assert_num_queries(8):
            assert len(eligibilities(term, awards, TODAY)) == len(awards)
