"""One sentence: alone, under supervision or not now, until when, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from certificates import actions
from certificates.permission import may_work, may_work_of
from programme.models import Leave, Term
from tests.certificates.making import World
from tests.factories import TODAY, make_term


def fresh(world: World) -> Term:
    return Term.objects.get(pk=world.term.pk)


def said(world: World, on: date = TODAY) -> tuple[str, date | None, str]:
    permission = may_work(fresh(world), on)
    return permission.kind, permission.until, permission.sentence


def test_without_certificate_not_now(world: World) -> None:
    assert said(world) == ("not_now", None, "May not work with clients now. No certificate yet.")


def test_a_record_of_training_allows_no_work(world: World) -> None:
    world.earn("M4")
    world.certify(world.record)
    assert said(world)[2] == "May not work with clients now. No certificate yet."


def test_induction_is_under_supervision(world: World) -> None:
    world.earn("M4")
    world.certify()
    assert said(world) == (
        "supervised",
        date(2026, 12, 15),
        "May work under supervision until 15 December 2026. “Certificate: induction” is current.",
    )


def test_certified_is_alone_to_its_last_day(world: World) -> None:
    world.earn("M4", "D1")
    world.certify()
    world.certify(world.certified)
    alone = "May work alone until 15 June 2027. “Certificate: certified” is current."
    assert said(world) == ("alone", date(2027, 6, 15), alone)
    world.term.planned_end_on = date(2028, 1, 1)
    world.term.save()
    assert said(world, date(2027, 6, 15))[0] == "alone"
    assert said(world, date(2027, 6, 16)) == (
        "not_now",
        None,
        "May not work with clients now. Her certificate ended on 15 June 2027.",
    )


def test_suspended_is_not_now_whatever_else_is_current(world: World) -> None:
    world.earn("M4", "D1")
    world.certify()
    certificate = world.certify(world.certified)
    actions.suspend(certificate=certificate, by=world.coordinator, on=TODAY)
    assert said(world)[2] == "May not work with clients now. Her certificate is suspended."
    actions.restore(certificate=certificate, by=world.second_coordinator, on=TODAY)
    assert said(world)[0] == "alone"


def test_withdrawn_is_not_now(world: World) -> None:
    world.earn("M4")
    actions.revoke(certificate=world.certify(), by=world.coordinator, on=TODAY)
    assert said(world)[2] == "May not work with clients now. Her certificate was withdrawn."


def test_on_leave_is_not_now_until_its_last_day(world: World) -> None:
    world.earn("M4")
    world.certify()
    back = TODAY + timedelta(days=10)
    Leave.objects.create(term=world.term, from_on=TODAY + timedelta(days=1), to_on=back)
    assert said(world)[0] == "supervised"
    assert said(world, back) == ("not_now", back, "May not work with clients now. On leave until 25 June 2026.")
    assert said(world, back + timedelta(days=1))[:2] == ("supervised", date(2026, 12, 25))


def test_an_ended_term_is_not_now(world: World) -> None:
    world.earn("M4")
    world.certify()
    world.term.ended_on, world.term.end_class = TODAY, "moved"
    world.term.save()
    assert said(world)[0] == "supervised"
    assert said(world, TODAY + timedelta(days=1))[2] == "May not work with clients now. Her term has ended."


def test_a_replaced_certificate_counts_by_its_new_one(world: World) -> None:
    world.earn("M4")
    actions.replace(certificate=world.certify(), by=world.coordinator, on=TODAY)
    assert said(world)[0] == "supervised"


def test_three_terms_cost_as_much_as_one(world: World, django_assert_num_queries: Any) -> None:
    world.earn("M4")
    world.certify()
    others = [make_term(), make_term()]
    term = fresh(world)
    with django_assert_num_queries(2):
        assert len(may_work_of([term], TODAY)) == 1
    terms = list(Term.objects.filter(pk__in=[world.term.pk, *(term.pk for term in others)]))
    with django_assert_num_queries(2):
        assert sorted(permission.kind for permission in may_work_of(terms, TODAY).values()) == [
            "not_now",
            "not_now",
            "supervised",
        ]
