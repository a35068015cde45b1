"""Many women and one award: who may have it now, all of them in one go, and how far the work is."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from certificates import batches
from certificates.models import AwardSignOff, Certificate, CertificateFile, IssueBatch, IssueBatchItem
from people.models import AccessEntry
from programme.models import Cohort, Term
from tests.certificates.making import World, go_in, make_award
from tests.factories import give_role, make_term, make_unit, make_user
from tests.progress.conftest import attempt, observe, study

DAY = timedelta(days=1)


def add_woman(world: World, name: str, **fields: Any) -> Term:
    """Another woman on the same pathway, at the same site."""
    today = timezone.now().date()
    facility = fields.pop("facility", None) or world.term.placements.get().facility
    return make_term(
        learner=make_user(name=name),
        pathway_version=world.term.pathway_version,
        facility=facility,
        start_on=today - 60 * DAY,
        planned_end_on=today + 300 * DAY,
        **fields,
    )


def earn(world: World, term: Term) -> None:
    """Lessons, quiz and practice of M4, three days ago."""
    day = timezone.now().date() - 3 * DAY
    for lesson in world.lessons["M4"]:
        study(term, lesson, day)
    attempt(term, world.modules["M4"], day)
    observe(term, world.modules["M4"], day)


def sign(world: World, term: Term) -> None:
    AwardSignOff.objects.create(
        term=term, award=world.induction, signed_by=world.supervisor, signed_at=timezone.now(), round=0
    )


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page(world: World) -> str:
    return f"/en/awards/{world.induction.pk}/"


@pytest.fixture
def background(django_capture_on_commit_callbacks: Any) -> Any:
    """What is asked for is done when the block ends, as if a worker had taken it up."""
    return partial(django_capture_on_commit_callbacks, execute=True)


def lists(response: Any) -> dict[str, list[str]]:
    """Who stands in which list."""
    ready = response.context["ready"]
    names = ("to_issue", "to_sign", "waiting", "not_yet", "have_it")
    return {name: [row.who for row in getattr(ready, name)] for name in names if getattr(ready, name)}


def test_everybody_stands_in_one_list_with_what_is_missing(client: Client, running: World) -> None:
    ready, unsigned, behind = (add_woman(running, name) for name in ("Neema", "Zawadi", "Baraka"))
    earn(running, ready)
    earn(running, unsigned)
    sign(running, ready)
    earn(running, running.term)
    running.certify(on=timezone.now().date())

    as_coordinator = go_in(client, running.coordinator).get(page(running))
    as_supervisor = go_in(Client(), running.supervisor).get(page(running))

    assert lists(as_coordinator) == {
        "to_issue": ["Neema"],
        "waiting": ["Zawadi"],
        "not_yet": ["Baraka"],
        "have_it": ["Wanjikũ Amélia"],
    }
    text = words(as_coordinator)
    for sentence in (
        "M4: 2 lessons and the quiz are left.",
        "M4: practice not yet signed off.",
        "No practice is signed off yet.",
        "A supervisor has not yet signed it off.",
    ):
        assert sentence in text
    assert lists(as_supervisor) == {
        "to_sign": ["Zawadi"],
        "waiting": ["Neema"],
        "not_yet": ["Baraka"],
        "have_it": ["Wanjikũ Amélia"],
    }
    assert 'value="issue-all"' not in as_supervisor.content.decode()
    assert "A coordinator issues it now." in words(as_supervisor)
    assert behind.learner.display_name in text


def test_a_supervisor_signs_off_the_chosen_and_nobody_else(client: Client, running: World) -> None:
    chosen, other, behind = (add_woman(running, name) for name in ("Neema", "Zawadi", "Baraka"))
    for term in (chosen, other):
        earn(running, term)
    go_in(client, running.supervisor)

    for _twice in range(2):
        response = client.post(page(running), {"do": "sign-off", "term": [str(chosen.uuid), str(behind.uuid)]})

    assert response.headers["Location"] == page(running)
    assert list(AwardSignOff.objects.values_list("term", "signed_by")) == [(chosen.pk, running.supervisor.pk)]


def test_all_who_are_ready_get_theirs_in_one_go_and_once(client: Client, running: World, background: Any) -> None:
    women = [add_woman(running, name) for name in ("Neema", "Zawadi")]
    behind = add_woman(running, "Baraka")
    for term in women:
        earn(running, term)
        sign(running, term)
    go_in(client, running.coordinator)

    with background():
        for _twice in range(2):
            client.post(page(running), {"do": "issue-all"})
    response = client.post(page(running), {"do": "issue-all"}, follow=True)

    assert sorted(Certificate.objects.values_list("term", flat=True)) == sorted(term.pk for term in women)
    assert not Certificate.objects.filter(term=behind).exists()
    batch = IssueBatch.objects.get()
    page_of_batch = client.get(f"/en/awards/made/{batch.pk}/")
    assert "2 of 2 made" in words(page_of_batch)
    assert "All done." in words(page_of_batch)
    assert "data-waiting" not in page_of_batch.content.decode()
    assert lists(response) == {"not_yet": ["Wanjikũ Amélia", "Baraka"], "have_it": ["Neema", "Zawadi"]}


def test_only_the_chosen_get_theirs(client: Client, running: World, background: Any) -> None:
    chosen, other = (add_woman(running, name) for name in ("Neema", "Zawadi"))
    for term in (chosen, other):
        earn(running, term)
        sign(running, term)
    go_in(client, running.coordinator)

    nobody = client.post(page(running), {"do": "issue"}, follow=True)
    with background():
        client.post(page(running), {"do": "issue", "term": [str(chosen.uuid), str(running.term.uuid)]})

    assert "Please choose somebody first." in words(nobody)
    assert list(Certificate.objects.values_list("term", flat=True)) == [chosen.pk]


def test_a_supervisor_issues_nothing_by_hand_made_forms(client: Client, running: World) -> None:
    term = add_woman(running, "Neema")
    earn(running, term)
    sign(running, term)
    go_in(client, running.supervisor)

    client.post(page(running), {"do": "issue-all"})
    client.post(page(running), {"do": "issue", "term": [str(term.uuid)]})

    assert (Certificate.objects.count(), IssueBatch.objects.count()) == (0, 0)


def test_strangers_find_neither_page_nor_batch(client: Client, running: World) -> None:
    term = add_woman(running, "Neema")
    earn(running, term)
    sign(running, term)
    go_in(client, running.coordinator).post(page(running), {"do": "issue-all"})
    batch = IssueBatch.objects.get()
    elsewhere, district = make_user(), make_user()
    far = make_unit(level="root", country="")
    give_role(elsewhere, "coordinator", far)
    give_role(district, "district_manager", running.programme.root_unit)
    for stranger in (make_user(), running.learner, elsewhere, district):
        other = go_in(Client(), stranger)
        for address in (page(running), f"/en/awards/made/{batch.pk}/", f"/en/awards/made/{batch.pk}/cards.pdf"):
            assert other.get(address).status_code == 404
        assert other.post(page(running), {"do": "issue-all"}).status_code == 404
        assert other.post(f"/en/awards/made/{batch.pk}/go-on/").status_code == 404
    assert Client().get(page(running)).status_code == 302


def test_a_cohort_is_looked_at_alone_and_issued_alone(client: Client, running: World, background: Any) -> None:
    unit = running.programme.root_unit
    cohort = Cohort.objects.create(programme=running.programme, unit=unit, code="feb", start_on=running.term.start_on)
    inside, outside = add_woman(running, "Neema", cohort=cohort), add_woman(running, "Zawadi")
    for term in (inside, outside):
        earn(running, term)
        sign(running, term)
    go_in(client, running.coordinator)

    assert lists(client.get(page(running) + "?cohort=feb")) == {"to_issue": ["Neema"]}
    with background():
        client.post(page(running) + "?cohort=feb", {"do": "issue-all", "cohort": "feb"})

    assert list(Certificate.objects.values_list("term", flat=True)) == [inside.pk]


def test_a_batch_says_what_waits_what_stopped_and_goes_on(client: Client, running: World) -> None:
    ready, behind = add_woman(running, "Neema"), add_woman(running, "Baraka")
    earn(running, ready)
    sign(running, ready)
    batch = IssueBatch.objects.create(
        programme=running.programme,
        award=running.induction,
        asked_by=running.coordinator,
        asked_at=timezone.now(),
        issue_on=timezone.now().date(),
    )
    IssueBatchItem.objects.create(batch=batch, term=ready)
    IssueBatchItem.objects.create(batch=batch, term=behind, result="stopped", reason="There is no room.")
    go_in(client, running.second_coordinator)
    address = f"/en/awards/made/{batch.pk}/"

    before = client.get(address)
    after = client.post(f"{address}go-on/", follow=True)

    assert "0 of 2 made" in words(before)
    assert "It stopped at somebody." in words(before)
    assert "the work goes on" not in words(before)
    assert "There is no room." in words(before)
    assert "data-waiting" in before.content.decode()
    # It was asked by the first coordinator: her name, not that of whoever pressed "go on".
    assert Certificate.objects.get().issued_by == running.coordinator
    assert "1 of 2 made" in words(after)
    assert "Baraka M4: 2 lessons and the quiz are left." in words(after)


def test_where_there_is_no_room_to_go_on_the_page_says_so_still(client: Client, running: World) -> None:
    go_in(client, running.coordinator)
    award = running.induction
    batch = IssueBatch.objects.create(
        programme=award.programme,
        award=award,
        asked_by=running.coordinator,
        asked_at=timezone.now(),
        issue_on=timezone.now().date(),
    )
    words_of_it = "There is no room to write now. Nothing is lost."
    IssueBatchItem.objects.create(batch=batch, term=running.term, result="stopped", reason=words_of_it)

    no_room = mock.Mock(enqueue=mock.Mock(side_effect=OperationalError("database or disk is full")))
    with mock.patch.object(batches, "go_on", no_room):
        after = client.post(f"/en/awards/made/{batch.pk}/go-on/", follow=True)

    assert after.status_code == 200
    assert words_of_it in words(after)
    assert "It goes on." not in words(after)
    assert batch.items.get().result == "stopped"


def test_cards_of_a_batch_are_one_file_with_a_neutral_name_and_a_line_for_each(
    client: Client, running: World, background: Any
) -> None:
    term = add_woman(running, "Neema")
    earn(running, term)
    sign(running, term)
    go_in(client, running.coordinator)
    with background():
        client.post(page(running), {"do": "issue-all"})
    batch = IssueBatch.objects.get()
    before = AccessEntry.objects.filter(kind="certificate_checked").count()

    response = client.get(f"/en/awards/made/{batch.pk}/cards.pdf")

    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{batch.pk}-cards.pdf"'
    assert AccessEntry.objects.filter(kind="certificate_checked", subject=term.learner).count() == before + 1
    assert CertificateFile.objects.filter(kind="paper").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_many_cost_the_same(
    client: Client, running: World, count: int, background: Any, django_assert_num_queries: Any
) -> None:
    women = [add_woman(running, f"Neema {n}") for n in range(count)]
    for term in women:
        earn(running, term)
        sign(running, term)
    make_award(running.programme, "another", ["induction"])
    go_in(client, running.coordinator)
    client.get(page(running))
    with django_assert_num_queries(QUERIES_OF_ELIGIBLE):
        assert len(client.get(page(running)).context["ready"].to_issue) == count
    with background():
        client.post(page(running), {"do": "issue-all"})
    batch = IssueBatch.objects.get()
    with django_assert_num_queries(QUERIES_OF_BATCH):
        assert len(client.get(f"/en/awards/made/{batch.pk}/").context["lines"]["issued"]) == count
    with django_assert_num_queries(QUERIES_OF_AWARDS):
        client.get("/en/awards/")


QUERIES_OF_ELIGIBLE = 18
QUERIES_OF_BATCH = 11
QUERIES_OF_AWARDS = 7


def test_the_list_of_awards_leads_to_each_and_to_what_was_made(client: Client, running: World) -> None:
    go_in(client, running.coordinator)
    response = client.get("/en/awards/")
    assert "Certificate: induction" in words(response)
    assert f'href="/en/awards/{running.certified.pk}/"' in response.content.decode()
    assert "Made in one go" not in words(response)


def test_whoever_lacks_least_stands_first_and_a_long_list_opens_with_a_tap(client: Client, running: World) -> None:
    far, near = add_woman(running, "Baraka"), add_woman(running, "Zawadi")
    for lesson in running.lessons["M4"]:
        study(near, lesson, timezone.now().date() - 3 * DAY)
    attempt(near, running.modules["M4"], timezone.now().date() - 3 * DAY)
    address = f"/en/awards/{running.certified.pk}/"

    response = go_in(client, running.supervisor).get(address)

    rows = {row.who: row for row in response.context["ready"].not_yet}
    assert next(iter(rows)) == "Zawadi"
    assert [rows[who].rest for who in ("Baraka", "Zawadi")] == [3, 2]
    # Five reasons: two are in sight, all are on the page.
    text = words(response)
    assert "and 3 more" in text
    assert text.count("D1: 2 lessons and the quiz are left.") == 3
    assert far.learner.display_name in text


def test_a_title_that_somebody_s_paper_would_lack_is_told_before_all_are_issued(client: Client, running: World) -> None:
    french = add_woman(running, "Neema")
    french.learner.languages = ["fr"]
    french.learner.save()
    for term in (running.term, french):
        earn(running, term)
        sign(running, term)
    go_in(client, running.coordinator)
    assert "The title is not yet written in Français. The paper says it in English." in words(client.get(page(running)))
    running.induction.titles |= {"fr": "Certificat"}
    running.induction.save()
    assert "The title is not yet written" not in words(client.get(page(running)))
