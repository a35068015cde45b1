"""Every field of an award's rule at its boundary: hours, entries, other awards, the end of the term."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from certificates import actions
from certificates.eligibility import eligibilities_of, eligibility
from certificates.models import Award, CertificateEvent
from programme.models import Cohort, Term
from progress.models import Attendance, LogbookEntry, LogbookSignature
from tests.certificates.making import DONE_ON, START, World, make_award, make_world
from tests.factories import TODAY, give_consent, make_term, make_user
from tests.progress.conftest import HASH, clock_fields, observe

END = START + timedelta(days=365)


def lacking(world: World, award: Award, on: date = TODAY, term: Term | None = None) -> list[str]:
    return [unmet.sentence for unmet in eligibility(term or world.term, award, on).unmet]


def attend(world: World, on: date, hours: str = "3") -> None:
    cohort, _made = Cohort.objects.get_or_create(
        programme=world.programme, code="c1", defaults={"unit": world.programme.root_unit, "start_on": START}
    )
    Attendance.append(
        term=world.term,
        client_uuid=uuid.uuid4(),
        payload={},
        cohort=cohort,
        held_on=on,
        half="am",
        hours=Decimal(hours),
        was_there=True,
        taken_by=world.coordinator,
        taken_as="coordinator",
        language="en",
        country="KE",
        content_hash=HASH,
        **clock_fields(on),
    )


def note(world: World, kind: str, on: date) -> None:
    entry, _created = LogbookEntry.append(
        term=world.term,
        client_uuid=uuid.uuid4(),
        payload={},
        kind=kind,
        held_on=on,
        language="en",
        country="KE",
        content_hash=HASH,
        **clock_fields(on),
    )
    LogbookSignature.objects.create(
        term=world.term,
        entry=entry.client_uuid,
        signed_by=world.supervisor,
        signed_as="supervisor",
        unit=world.term.placements.get().facility,
        signed_at=timezone.now(),
    )


def test_hours_of_attendance_are_counted_until_that_day(world: World) -> None:
    world.earn("M4")
    award = make_award(world.programme, "attended", ["induction"], attendance_hours=6)
    attend(world, DONE_ON, "3.5")
    assert lacking(world, award) == ["Attendance: 3.5 of 6 hours."]
    attend(world, TODAY, "2.5")
    assert lacking(world, award, TODAY - timedelta(days=1)) == ["Attendance: 3.5 of 6 hours."]
    assert lacking(world, award) == []


def test_a_logbook_wants_half_of_its_sessions_led(world: World) -> None:
    world.earn("M4")
    award = make_award(world.programme, "logged", ["induction"], logbook_entries=4)
    for _number in range(4):
        note(world, "watched", DONE_ON)
    assert lacking(world, award) == ["Logbook: 2 of 4 sessions."]
    note(world, "led", DONE_ON)
    assert lacking(world, award) == ["Logbook: 3 of 4 sessions."]
    note(world, "led", DONE_ON)
    assert lacking(world, award) == []


def test_an_award_that_comes_first_must_have_been_held(world: World) -> None:
    world.earn("M4", "D1")
    after = make_award(world.programme, "after", ["certified"], needs=["induction"])
    missing = ["“Certificate: induction” comes first, and she does not have it yet."]
    assert lacking(world, after) == missing
    certificate = world.certify()
    assert lacking(world, after) == []
    actions.suspend(certificate=certificate, by=world.coordinator, on=TODAY)
    assert lacking(world, after) == ["“Certificate: induction” comes first, and hers does not count now."]
    actions.restore(certificate=certificate, by=world.second_coordinator, on=TODAY)
    # Held until its last day is held.
    assert lacking(world, after, date(2027, 1, 10)) == []
    actions.revoke(certificate=certificate, by=world.coordinator, on=TODAY)
    assert lacking(world, after) == ["“Certificate: induction” comes first, and hers does not count now."]


def test_a_certificate_of_an_earlier_term_comes_first_too(world: World) -> None:
    """A mentor who comes back to be a trainer was certified in another term."""
    world.earn("M4")
    world.certify()
    world.term.ended_on, world.term.end_class = TODAY, "completed"
    world.term.save()
    later = make_term(
        learner=world.learner,
        pathway_version=world.term.pathway_version,
        facility=world.term.placements.get().facility,
        start_on=TODAY + timedelta(days=1),
    )
    trainer = make_award(world.programme, "trainer", [], needs=["induction"])
    assert lacking(world, trainer, TODAY + timedelta(days=9), later) == [
        "No module is finished yet, so there is nothing to list."
    ]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (END - timedelta(days=15), "Her term runs until 16 April 2027. This can be given from 2 April 2027."),
        (END - timedelta(days=14), ""),
        (END + timedelta(days=40), ""),
    ],
)
def test_the_end_of_a_term_is_its_last_two_weeks(world: World, on: date, expected: str) -> None:
    world.earn("M4")
    award = make_award(world.programme, "graduation", ["induction"], after_end=True, kind="graduation")
    assert lacking(world, award, on) == ([expected] if expected else [])


def test_a_term_cut_short_has_its_record_and_its_passport_and_no_graduation(world: World) -> None:
    world.earn("M4")
    graduation = make_award(world.programme, "graduation", ["induction"], after_end=True, kind="graduation")
    passport = make_award(world.programme, "passport", [], after_end=True, is_record=True, kind="passport")
    world.term.ended_on, world.term.end_class = TODAY, "employer"
    world.term.save()
    assert lacking(world, graduation) == ["Her term ended before its planned last day."]
    assert lacking(world, passport) == []
    assert lacking(world, world.record) == []


def test_a_term_without_a_last_day_has_no_end_yet(world: World) -> None:
    world.earn("M4")
    world.term.planned_end_on = None
    world.term.save()
    award = make_award(world.programme, "graduation", ["induction"], after_end=True)
    assert lacking(world, award) == ["Her term has no last day yet."]


def test_leave_moves_the_last_two_weeks(world: World) -> None:
    world.earn("M4")
    award = make_award(world.programme, "graduation", ["induction"], after_end=True)
    world.term.leaves.create(from_on=TODAY, to_on=TODAY + timedelta(days=9))
    assert lacking(world, award, END - timedelta(days=14)) == [
        "Her term runs until 26 April 2027. This can be given from 12 April 2027."
    ]
    assert lacking(world, award, END - timedelta(days=4)) == []


def test_a_refresher_comes_in_the_last_sixty_days_and_asks_for_something_fresh(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    assert certificate.expires_on == date(2026, 12, 15)
    award = make_award(
        world.programme, "refresher", ["induction"], kind="refresher", needs=["induction"], attendance_hours=3
    )
    attend(world, DONE_ON)
    day = date(2026, 10, 16)
    assert lacking(world, award, day - timedelta(days=1)) == [
        "Attendance: 0 of 3 hours.",
        "This can be given from 16 October 2026.",
        "No practice is signed off since 15 June 2026.",
    ]
    attend(world, day)
    assert lacking(world, award, day) == ["No practice is signed off since 15 June 2026."]
    observe(world.term, world.modules["M4"], day)
    assert lacking(world, award, day) == []


def test_a_cohort_costs_as_much_as_one_woman(world: World, django_assert_num_queries: Any) -> None:
    world.earn("M4")
    world.certify()
    awards = [
        world.induction,
        make_award(world.programme, "all", ["induction"], needs=["induction"], attendance_hours=3, logbook_entries=2),
    ]
    terms = [world.term]
    for _number in range(3):
        learner = make_user()
        give_consent(learner)
        terms.append(
            make_term(
                learner=learner,
                pathway_version=world.term.pathway_version,
                facility=world.term.placements.get().facility,
                start_on=START,
            )
        )
    for some in (terms[:1], terms):
        fresh = list(Term.objects.filter(pk__in=[term.pk for term in some]))
        with django_assert_num_queries(12):
            assert len(eligibilities_of(fresh, awards, TODAY)) == 2 * len(some)


def test_a_passport_holds_what_she_can_do_and_what_she_was_given(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    attend(world, DONE_ON, "3.5")
    note(world, "led", DONE_ON)
    passport = make_award(world.programme, "passport", [], after_end=True, is_record=True, kind="passport")
    world.term.ended_on, world.term.end_class = TODAY, "completed"
    world.term.save()
    made = world.certify(passport)
    made.refresh_from_db()
    assert made.facts == {
        "kind": "passport",
        "round": 0,
        "from_on": START.isoformat(),
        "until_on": TODAY.isoformat(),
        "attendance_hours": "3.5",
        "logbook_entries": 1,
        "practices": [{"code": "M4", "titles": {"en": "Family health at home"}, "on": DONE_ON.isoformat()}],
        "certificates": [
            {
                "number": certificate.serial,
                "titles": {"en": "Certificate: induction"},
                "issued_on": "2026-06-15",
                "expires_on": "2026-12-15",
            }
        ],
    }


def test_a_stopped_certificate_stands_in_no_passport(world: World) -> None:
    world.earn("M4")
    actions.suspend(certificate=world.certify(), by=world.coordinator, on=TODAY)
    passport = make_award(world.programme, "passport", [], is_record=True, kind="passport")
    assert world.certify(passport).facts["certificates"] == []


def test_two_languages_stand_on_one_paper(db: None) -> None:
    world = make_world(languages=["sw", "fr"])
    world.programme.letterhead = {"en": ["Ministry"], "sw": ["Wizara"]}
    world.programme.save()
    world.earn("M4")
    made = world.certify()
    assert (made.language, made.languages) == ("sw", ["sw", "en"])
    assert made.titles == {"sw": "Cheti: induction", "en": "Certificate: induction"}
    assert made.facts["letterheads"] == {"sw": ["Wizara"], "en": ["Ministry"]}
    assert made.modules[0]["cover_titles"] == {"en": "Family health at home"}


def test_a_name_that_no_paper_can_show_is_told_before_it_is_frozen(world: World) -> None:
    world.earn("M4")
    world.sign_off()
    world.learner.display_name = "Wanjikũ 🌻"
    world.learner.save()
    with pytest.raises(actions.NotEligible) as raised:
        world.issue()
    assert [unmet.requirement for unmet in raised.value.unmet] == ["name"]
    assert "🌻" in raised.value.unmet[0].sentence
    assert CertificateEvent.objects.count() == 0
