"""Two who visit together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError

from programme.actions.pairs import NotTogether, PairTooEarly, pair_up, partner_of
from programme.actions.terms import NotHers
from programme.models import Pairing, Term
from tests.factories import TODAY, as_user, make_pathway_version, make_programme, make_staff, make_term, make_unit

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


@dataclass
class World:
    one: Term
    other: Term
    third: Term
    elsewhere: Term
    coordinator: object


@pytest.fixture
def world() -> World:
    root = make_unit(level="root", country="")
    version = make_pathway_version(programme=make_programme(root=root, works_in_pairs=True))
    team, another = make_unit(parent=root), make_unit(parent=root)
    one, other, third = (make_term(pathway_version=version, facility=team) for _ in range(3))
    elsewhere = make_term(pathway_version=version, facility=another)
    return World(one, other, third, elsewhere, make_staff(root, "coordinator"))


def pair(world: World, one: Term, other: Term | None, on: object = TODAY) -> Pairing | None:
    return pair_up(by=world.coordinator, term=one, partner=other, from_on=on, today=TODAY)  # type: ignore[arg-type]


def test_a_pair_is_the_same_from_both_sides(world: World) -> None:
    made = pair(world, world.other, world.one)

    assert pair(world, world.one, world.other) == made
    assert partner_of(world.one, TODAY) == world.other.learner
    assert partner_of(world.other, TODAY) == world.one.learner
    assert Pairing.objects.count() == 1


def test_a_new_partner_ends_the_pairs_of_both_the_day_before(world: World) -> None:
    pair(world, world.one, world.other, YESTERDAY - timedelta(days=5))
    pair(world, world.other, world.third)

    assert partner_of(world.one, TODAY) is None
    assert partner_of(world.one, YESTERDAY) == world.other.learner
    assert partner_of(world.third, TODAY) == world.other.learner
    with pytest.raises(PairTooEarly):
        pair(world, world.third, world.one, YESTERDAY)
    pair(world, world.third, None, TODAY + timedelta(days=1))
    assert partner_of(world.third, TODAY + timedelta(days=1)) is None


def test_only_two_of_one_place_visit_together_and_only_whoever_keeps_them_says_so(world: World) -> None:
    for wrong in (world.elsewhere, world.one):
        with pytest.raises(NotTogether):
            pair(world, world.one, wrong)
    with pytest.raises(NotHers):
        pair_up(
            by=make_staff(make_unit(), "coordinator"), term=world.one, partner=world.other, from_on=TODAY, today=TODAY
        )


def test_the_database_refuses_a_second_open_pair_of_one(world: World) -> None:
    Pairing.objects.create(one=world.one, other=world.other, from_on=TODAY)
    with pytest.raises(IntegrityError):
        Pairing.objects.create(one=world.one, other=world.third, from_on=TODAY)


def test_a_coordinator_chooses_on_a_page_and_both_read_it(world: World) -> None:
    page = f"/en/people/{world.one.uuid}/pair/"
    client = as_user(world.coordinator)  # type: ignore[arg-type]
    shown = client.get(page).content.decode()
    assert world.other.learner.alias in shown
    assert world.elsewhere.learner.alias not in shown

    sent = client.post(page, {"partner": world.other.pk, "from_on": TODAY.isoformat()})

    assert sent.status_code == 302
    assert Pairing.objects.count() == 1
    assert "Visits with" in client.get("/en/people/").content.decode()


def test_where_nobody_works_in_pairs_there_is_no_such_page() -> None:
    root = make_unit(level="root", country="")
    term = make_term(pathway_version=make_pathway_version(programme=make_programme(root=root)))
    page = f"/en/people/{term.uuid}/pair/"
    assert as_user(make_staff(root, "coordinator")).get(page).status_code == 404
