"""What ends soon is known before: 60, 30 and 7 days ahead, on the list of who needs somebody."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils.translation import override

from certificates.ending import STAGES, Ending
from curriculum.blocked_words import blocked_words_in
from supervision.rows import Need
from tests.certificates.making import World, ends_on, make_award, make_world
from tests.factories import TODAY, as_user, give_consent, give_role, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 6, 15, 9, tzinfo=UTC))


@pytest.fixture
def world() -> World:
    world = make_world(name="Amélia", alias="AME-102")
    world.earn("M4")
    return world


def desk(world: World) -> Client:
    user = make_user(name="Wambui", secret_kind="password")
    give_role(user, "supervisor", world.term.placements.get().facility)
    give_consent(user)
    return as_user(user)


def waits(client: Client) -> list[tuple[Any, str]]:
    """Why she stands on the list because of an end."""
    ends = (Need.ENDS_THIS_WEEK, Need.ENDS_THIS_MONTH, Need.CERTIFICATE_ENDS)
    rows = client.get("/en/roster/").context["rows"]
    return [(wait.need, wait.sentence) for row in rows for wait in row.waits if wait.need in ends]


@pytest.mark.parametrize(
    ("days", "need"),
    [
        (61, None),
        (60, Need.CERTIFICATE_ENDS),
        (31, Need.CERTIFICATE_ENDS),
        (30, Need.ENDS_THIS_MONTH),
        (8, Need.ENDS_THIS_MONTH),
        (7, Need.ENDS_THIS_WEEK),
        (0, Need.ENDS_THIS_WEEK),
        (-1, None),
    ],
)
def test_the_nearer_the_more_pressing(world: World, days: int, need: Need | None) -> None:
    ends_on(world.certify(), TODAY + days * DAY)
    assert [found for found, _sentence in waits(desk(world))] == ([] if need is None else [need])


def test_it_says_which_day(world: World) -> None:
    ends_on(world.certify(), date(2026, 6, 20))
    assert waits(desk(world)) == [(Need.ENDS_THIS_WEEK, "Her certificate ends within a week, on 20 June 2026.")]


@pytest.mark.parametrize("days", STAGES)
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_what_she_reads_ahead_tells_nothing_to_whoever_reads_along(language: str, days: int) -> None:
    with override(language):
        said = Ending(TODAY, days, "Certificate of Competence").to_her()
    assert said
    assert blocked_words_in(said) == []
    assert not re.search("certifi|cheti|satifiketi|programm|competen|umahiri", said, re.IGNORECASE)


def test_an_end_that_is_near_sends_nobody_a_message(world: World) -> None:
    """It is said on pages, behind a sign-in, and nowhere else: no mail, no SMS, no notification."""
    ends_on(world.certify(), TODAY + 3 * DAY)
    assert len(waits(desk(world))) == 1
    give_consent(world.learner)
    assert "A paper of yours ends" in as_user(world.learner).get("/en/today/").content.decode()
    assert mail.outbox == []


def test_what_gives_no_work_is_said_by_its_title(world: World) -> None:
    other = make_award(world.programme, "other", ["induction"], valid_months=12)
    ends_on(world.certify(other), date(2026, 7, 30))
    assert waits(desk(world)) == [(Need.CERTIFICATE_ENDS, "“Certificate: other” ends on 30 July 2026.")]


def test_a_better_one_speaks_for_both(world: World) -> None:
    induction = world.certify()
    world.earn("D1")
    world.certify(world.certified)
    ends_on(induction, TODAY + 5 * DAY)
    assert waits(desk(world)) == []
