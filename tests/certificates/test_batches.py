"""A cohort in one go: in the background, gone on with wherever it stopped, and never twice."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, OperationalError
from django.db.models import QuerySet
from django.test import Client

from certificates import actions, batches, keys
from certificates.actions import NotAllowed, papers
from certificates.models import AwardSignOff, Certificate, CertificateEvent, CertificateFile, IssueBatch
from programme.models import Term
from tests.certificates.making import DONE_ON, START, World
from tests.factories import TODAY, give_consent, give_role, make_term, make_unit, make_user
from tests.progress.conftest import attempt, observe, study

WOMEN = 5


@pytest.fixture
def drawn() -> Iterator[mock.Mock]:
    """Papers cost a second each; here they are a few bytes."""
    with mock.patch.object(batches, "drawn_and_signed", mock.Mock(return_value=b"%PDF-1.7")) as drawing:
        yield drawing


@pytest.fixture
def cohort(world: World, drawn: mock.Mock) -> list[Term]:
    """Five women; all but the last have earned M4, and all of those are signed off."""
    world.earn("M4")
    world.sign_off()
    terms = [world.term]
    for number in range(WOMEN - 1):
        learner = make_user(name=f"Woman {number}")
        give_consent(learner)
        term = make_term(
            learner=learner,
            pathway_version=world.term.pathway_version,
            facility=world.term.placements.get().facility,
            start_on=START,
        )
        terms.append(term)
        if number < WOMEN - 2:
            for lesson in world.lessons["M4"]:
                study(term, lesson, DONE_ON)
            attempt(term, world.modules["M4"], DONE_ON)
            observe(term, world.modules["M4"], DONE_ON)
            actions.sign_off(term=term, award=world.induction, signed_by=world.supervisor, on=TODAY)
    return terms


def begin(world: World, terms: list[Term], commits: Any, **changes: Any) -> IssueBatch:
    with commits(execute=True):
        asked = {"award": world.induction, "terms": terms, "by": world.coordinator, "on": TODAY} | changes
        batch = batches.begin_batch(**asked)
    return IssueBatch.objects.get(pk=batch.pk)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where something has gone wrong: what comes third comes third, and not again."""
    monkeypatch.setattr(batches, "_issued_together", lambda _batch, _pks: False)


def results(batch: IssueBatch) -> list[str]:
    return list(batch.items.order_by("term").values_list("result", flat=True))


def test_a_cohort_is_issued_and_who_is_not_ready_is_named(
    world: World, cohort: list[Term], django_capture_on_commit_callbacks: Any
) -> None:
    batch = begin(world, cohort, django_capture_on_commit_callbacks)
    assert results(batch) == ["issued"] * 4 + ["not_yet"]
    assert batch.ended_at is not None
    assert batch.items.get(result="not_yet").reason == (
        "M4: 2 lessons and the quiz are left. M4: practice not yet signed off. No practice is signed off yet. "
        "A supervisor has not yet signed it off."
    )
    assert Certificate.objects.count() == CertificateFile.objects.count() == 4
    assert {item.certificate.term_id for item in batch.items.filter(result="issued")} == {
        term.pk for term in cohort[:4]
    }


def test_a_double_click_is_one_batch_and_a_second_coordinator_makes_no_second_paper(
    world: World, cohort: list[Term], django_capture_on_commit_callbacks: Any
) -> None:
    first = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    again = batches.begin_batch(award=world.induction, terms=cohort[::-1], by=world.coordinator, on=TODAY)
    assert first == again
    batches.go_on.call(first.pk)
    other = begin(world, cohort, django_capture_on_commit_callbacks, by=world.second_coordinator)
    assert other != first
    assert results(other) == results(first) == ["issued"] * 4 + ["not_yet"]
    assert list(other.items.filter(result="issued").order_by("term").values_list("certificate", flat=True)) == list(
        first.items.filter(result="issued").order_by("term").values_list("certificate", flat=True)
    )
    assert Certificate.objects.count() == CertificateEvent.objects.count() == CertificateFile.objects.count() == 4


def test_two_workers_on_one_batch_make_one_certificate_each(world: World, cohort: list[Term]) -> None:
    """The second worker takes up the batch while the first is in the middle of it."""
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    real, calls = batches.issue_certificate, []

    def slow(**asked: Any) -> Certificate:
        calls.append(asked["term"].pk)
        if len(calls) == 2:
            batches.go_on.call(batch.pk)
        return real(**asked)

    with mock.patch.object(batches, "issue_certificate", slow):
        batches.go_on.call(batch.pk)
    assert results(batch) == ["issued"] * 4 + ["not_yet"]
    assert Certificate.objects.count() == CertificateEvent.objects.count() == 4


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("trouble", [OSError(errno.ENOSPC, "disk full"), OperationalError("database or disk is full")])
def test_a_full_disk_stops_it_cleanly_and_it_goes_on_later(
    world: World, cohort: list[Term], trouble: Exception
) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    real, made = batches.issue_certificate, []

    def full_after_two(**asked: Any) -> Certificate:
        certificate = real(**asked)
        if len(made) == 2:
            raise trouble  # everything of the third is written, and then there is no room for the commit
        made.append(certificate)
        return certificate

    with mock.patch.object(batches, "issue_certificate", full_after_two):
        batches.go_on.call(batch.pk)
    batch.refresh_from_db()
    assert results(batch) == ["issued", "issued", "stopped", "waiting", "waiting"]
    assert batch.ended_at is None
    assert batch.items.get(result="stopped").reason == "There is no room to write now. Nothing is lost."
    assert Certificate.objects.count() == CertificateEvent.objects.count() == 2
    batches.go_on.call(batch.pk)
    assert results(batch) == ["issued"] * 4 + ["not_yet"]
    assert list(Certificate.objects.filter(pk__in=[each.pk for each in made])) == made
    assert Certificate.objects.count() == CertificateFile.objects.count() == 4


def test_without_a_key_nothing_is_issued_and_the_batch_says_why(
    world: World, cohort: list[Term], settings: Any
) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    secret, settings.ISSUER_KEY_SECRET = settings.ISSUER_KEY_SECRET, ""
    batches.go_on.call(batch.pk)
    assert results(batch) == ["stopped"] + ["waiting"] * 4
    assert "key" in batch.items.get(result="stopped").reason
    assert Certificate.objects.count() == 0
    settings.ISSUER_KEY_SECRET = secret
    batches.go_on.call(batch.pk)
    assert results(batch) == ["issued"] * 4 + ["not_yet"]


@pytest.mark.usefixtures("one_by_one")
def test_a_key_that_goes_missing_in_the_middle_stops_it_there(world: World, cohort: list[Term], settings: Any) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    key = keys.active_key(world.programme)
    assert key is not None
    file, away = keys.file_of(key.fingerprint), keys.file_of("away")
    with trouble_at(3, lambda: file.rename(away)):
        batches.go_on.call(batch.pk)
    assert results(batch) == ["issued", "issued", "stopped", "waiting", "waiting"]
    assert batch.items.get(result="stopped").reason.startswith("Nothing was issued: the key that signs")
    assert Certificate.objects.count() == CertificateEvent.objects.count() == 2
    away.rename(file)
    batches.go_on.call(batch.pk)
    assert results(batch) == ["issued"] * 4 + ["not_yet"]
    assert CertificateFile.objects.count() == 4


@contextmanager
def trouble_at(number: int, trouble: Callable[[], Any]) -> Iterator[None]:
    """``trouble`` comes before the certificate of this number."""
    real, begun = batches.issue_certificate, []

    def issue(**asked: Any) -> Certificate:
        begun.append(asked["term"].pk)
        if len(begun) == number:
            trouble()
        return real(**asked)

    with mock.patch.object(batches, "issue_certificate", issue):
        yield


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "There is no room to write now. Nothing is lost."),
        (OperationalError("could not extend file: No space left on device"), "There is no room to write now. "
         "Nothing is lost."),
        (OperationalError("database is locked"), "It cannot be written now. Nothing is lost. Please go on later."),
    ],
)  # fmt: skip
def test_what_stops_all_is_told_as_what_it_is(
    world: World, cohort: list[Term], trouble: Exception, sentence: str
) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    with trouble_at(1, mock.Mock(side_effect=trouble)):
        batches.go_on.call(batch.pk)
    assert results(batch) == ["stopped"] + ["waiting"] * 4
    assert batch.items.get(result="stopped").reason == sentence


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("trouble", [IntegrityError("a row that holds her name"), KeyError("title")])
def test_what_is_wrong_with_one_keeps_no_other_back_and_no_row_is_told_to_the_log(
    world: World, cohort: list[Term], trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    with trouble_at(2, mock.Mock(side_effect=trouble)):
        batches.go_on.call(batch.pk)
    batch.refresh_from_db()
    assert results(batch) == ["issued", "stopped", "issued", "issued", "not_yet"]
    assert batch.items.get(result="stopped").reason == "Hers could not be made. Please tell whoever runs this site."
    assert batch.ended_at is None
    assert type(trouble).__name__ in caplog.text
    assert "her name" not in caplog.text
    batches.go_on.call(batch.pk)
    batch.refresh_from_db()
    assert results(batch) == ["issued"] * 4 + ["not_yet"]
    assert batch.ended_at is not None


@pytest.mark.usefixtures("one_by_one")
def test_where_not_even_the_note_finds_room_it_goes_on_later(world: World, cohort: list[Term]) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    full = OperationalError("database or disk is full")
    no_note = mock.patch.object(QuerySet, "update", mock.Mock(side_effect=full))
    with trouble_at(3, mock.Mock(side_effect=full)), no_note:
        batches.go_on.call(batch.pk)
    assert results(batch) == ["issued", "issued", "waiting", "waiting", "waiting"]
    batches.go_on.call(batch.pk)
    assert results(batch) == ["issued"] * 4 + ["not_yet"]


@pytest.mark.parametrize("trouble", [OSError(errno.ENOSPC, "disk full"), IntegrityError("a twin")])
def test_trouble_among_some_leaves_nothing_of_them_and_each_is_tried_by_herself(
    world: World, cohort: list[Term], trouble: Exception
) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    with trouble_at(3, mock.Mock(side_effect=trouble)):
        batches.go_on.call(batch.pk)
    batch.refresh_from_db()
    assert results(batch) == ["issued"] * 4 + ["not_yet"]
    assert batch.ended_at is not None
    assert Certificate.objects.count() == CertificateEvent.objects.count() == CertificateFile.objects.count() == 4


def test_evidence_is_asked_for_once_for_all(
    world: World, cohort: list[Term], django_assert_max_num_queries: Any
) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    asked = []
    real = batches.eligibilities_of

    def counted(terms: Any, *others: Any) -> Any:
        asked.append(len(list(terms)))
        return real(terms, *others)

    with mock.patch.object(batches, "eligibilities_of", counted), django_assert_max_num_queries(QUERIES):
        batches.go_on.call(batch.pk)
    assert asked == [5]


QUERIES = 130
"""For five women, a paper for four of them."""


def test_where_its_end_finds_no_room_it_is_noted_later(world: World, cohort: list[Term]) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    with mock.patch.object(IssueBatch, "save", mock.Mock(side_effect=OperationalError("database or disk is full"))):
        batches.go_on.call(batch.pk)
    batch.refresh_from_db()
    assert batch.ended_at is None
    assert CertificateFile.objects.count() == 4
    batches.go_on.call(batch.pk)
    batch.refresh_from_db()
    assert batch.ended_at is not None


@pytest.mark.parametrize("trouble", [OSError(errno.ENOSPC, "disk full"), OperationalError("database or disk is full")])
def test_papers_that_find_no_room_are_made_when_it_goes_on(
    world: World, cohort: list[Term], trouble: Exception, client: Client
) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    real, kept = batches.keep, []

    def full_after_two(*asked: Any) -> CertificateFile:
        if len(kept) == 2:
            raise trouble
        kept.append(asked[0].pk)
        return real(*asked)

    with mock.patch.object(batches, "keep", full_after_two):
        batches.go_on.call(batch.pk)
    assert results(batch) == ["issued"] * 4 + ["not_yet"]
    assert CertificateFile.objects.count() == 2
    give_consent(world.coordinator)
    client.force_login(world.coordinator)
    page = f"/en/awards/made/{batch.pk}/"
    assert "2 files are not drawn yet" in client.get(page).content.decode()
    batches.go_on.call(batch.pk)
    assert CertificateFile.objects.count() == 4
    assert "not drawn yet" not in client.get(page).content.decode()


def test_papers_that_could_not_be_made_are_made_when_it_goes_on_and_keep_none_back(
    world: World, cohort: list[Term], drawn: mock.Mock
) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    drawn.side_effect = [b"%PDF-1.7", OSError(errno.ENOSPC, "disk full"), keys.NoSigningKey("gone"), b"%PDF-1.7"]
    batches.go_on.call(batch.pk)
    assert results(batch) == ["issued"] * 4 + ["not_yet"]
    assert CertificateFile.objects.count() == 2
    drawn.side_effect = None
    batches.go_on.call(batch.pk)
    assert CertificateFile.objects.count() == Certificate.objects.count() == 4


def test_a_paper_that_somebody_downloaded_meanwhile_is_kept(world: World, cohort: list[Term], drawn: mock.Mock) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort[:1], by=world.coordinator, on=TODAY)

    def slow(certificate: Certificate) -> bytes:
        papers.keep(certificate, "paper", b"%PDF-1.7 the first")
        return b"%PDF-1.7 another"

    drawn.side_effect = slow
    batches.go_on.call(batch.pk)
    assert bytes(CertificateFile.objects.get().pdf) == b"%PDF-1.7 the first"


def test_a_stranger_begins_nothing(world: World, cohort: list[Term]) -> None:
    elsewhere = make_user(name="Zodwa")
    give_role(elsewhere, "coordinator", make_unit(parent=world.programme.root_unit))
    for somebody in (elsewhere, world.supervisor, world.learner):
        with pytest.raises(NotAllowed):
            batches.begin_batch(award=world.induction, terms=cohort, by=somebody, on=TODAY)
    with pytest.raises(NotAllowed):
        batches.begin_batch(award=world.induction, terms=[], by=world.coordinator, on=TODAY)
    assert IssueBatch.objects.count() == 0


def test_who_lost_her_role_meanwhile_issues_nothing(world: World, cohort: list[Term]) -> None:
    batch = batches.begin_batch(award=world.induction, terms=cohort, by=world.coordinator, on=TODAY)
    world.coordinator.role_assignments.update(to_on=TODAY - timedelta(days=1))
    batches.go_on.call(batch.pk)
    assert results(batch) == ["not_yet"] * WOMEN
    assert {item.reason for item in batch.items.all()} == {"She does not belong to your sites now."}
    assert Certificate.objects.count() == 0


def test_who_signed_off_somebody_does_not_issue_hers_in_a_batch_either(world: World, cohort: list[Term]) -> None:
    give_role(world.supervisor, "coordinator", world.programme.root_unit)
    batch = batches.begin_batch(award=world.induction, terms=cohort[:1], by=world.supervisor, on=TODAY)
    batches.go_on.call(batch.pk)
    assert batch.items.get().reason == "You signed it off yourself. Somebody else issues it."
    assert AwardSignOff.objects.filter(signed_by=world.supervisor).count() == 4


def test_many_reasons_are_cut_between_sentences() -> None:
    sentences = [f"M{number}: 2 lessons and the quiz are left." for number in range(20)]
    said = batches._shortened(sentences)
    assert said.startswith("M0: 2 lessons and the quiz are left. M1:")
    assert said.endswith("left. And 13 more.")
    assert len(said) <= batches.LONGEST_REASON
    assert batches._shortened(["x" * 400]) == "x" * 299 + "…"


def test_a_batch_that_is_gone_is_nobody_s_worry(db: None) -> None:
    batches.go_on.call(10_000)
    assert keys.IssuerKey.objects.count() == 0
