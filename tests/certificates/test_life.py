"""What becomes of a certificate: renewed, corrected, stopped by two; and never two alive, whatever happens."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from certificates import actions, keys
from certificates.actions import NotAllowed, NotEligible, ProposalNeeded, StateDoesNotAllow, TwoPeopleNeeded
from certificates.models import AwardSignOff, Certificate, CertificateEvent, CertificateProposal
from certificates.states import FullState, full_state_on, state_on
from programme.models import Leave
from tests.certificates.making import World, make_award
from tests.factories import TODAY, give_role, make_user
from tests.progress.conftest import observe

END = date(2026, 12, 15)
"""The last day of a certificate of induction issued on ``TODAY``."""

OPENS = END - timedelta(days=60)


def again(world: World, on: date) -> Certificate:
    """She is watched once more, it is signed off once more, and the certificate is renewed."""
    observe(world.term, world.modules["M4"], on)
    world.sign_off(on=on)
    return actions.renew(certificate=Certificate.objects.live().get(award=world.induction), by=world.coordinator, on=on)


def lacks(raised: pytest.ExceptionInfo[NotEligible]) -> list[str]:
    return [unmet.sentence for unmet in raised.value.unmet]


def events(certificate: Certificate) -> list[str]:
    return list(certificate.events.values_list("state", flat=True))


def test_a_renewal_begins_sixty_days_before_the_end(world: World) -> None:
    world.earn("M4")
    old = world.certify()
    observe(world.term, world.modules["M4"], OPENS - timedelta(days=1))
    with pytest.raises(NotEligible) as raised:
        actions.renew(certificate=old, by=world.coordinator, on=OPENS - timedelta(days=1))
    assert lacks(raised) == [
        "She has it already. It can be renewed from 16 October 2026.",
        "A supervisor has not yet signed it off.",
    ]
    new = again(world, OPENS)
    assert (new.replaces, new.facts["round"], new.issued_on) == (old, 1, OPENS)
    assert list(Certificate.objects.live()) == [new]


def test_a_renewal_asks_anew_for_a_practice_and_a_sign_off(world: World) -> None:
    world.earn("M4")
    old = world.certify()
    with pytest.raises(NotEligible) as raised:
        actions.renew(certificate=old, by=world.coordinator, on=OPENS)
    assert lacks(raised) == [
        "No practice is signed off since 15 June 2026.",
        "A supervisor has not yet signed it off.",
    ]
    with pytest.raises(NotEligible):
        actions.sign_off(term=world.term, award=world.induction, signed_by=make_other(world), on=OPENS)
    again(world, OPENS)
    assert list(AwardSignOff.objects.values_list("round", flat=True)) == [0, 1]


def make_other(world: World) -> Any:

    other = make_user(name="Thoko")
    give_role(other, "supervisor", world.term.placements.get().facility)
    return other


def test_a_renewal_in_time_loses_no_day_and_the_old_paper_says_the_truth_until_its_end(world: World) -> None:
    world.earn("M4")
    old = world.certify()
    new = again(world, OPENS)
    assert new.expires_on == date(2027, 6, 15)
    old = Certificate.objects.get(pk=old.pk)
    assert [state_on(each, END) for each in (old, new)] == ["current", "current"]
    assert [state_on(each, END + timedelta(days=1)) for each in (old, new)] == ["expired", "current"]
    assert events(old) == ["issued"]


def test_a_renewal_after_the_end_begins_on_its_own_day(world: World) -> None:
    world.earn("M4")
    world.certify()
    late = END + timedelta(days=20)
    assert again(world, late).expires_on == date(2027, 7, 4)


def test_leave_is_counted_once_over_a_renewal(world: World) -> None:
    """Leave before the renewal is in the end of the old one; leave after it moves the new one."""
    world.earn("M4")
    Leave.objects.create(term=world.term, from_on=date(2026, 8, 1), to_on=date(2026, 8, 10))
    old = world.certify()
    assert old.expires_on == date(2026, 12, 25)
    Leave.objects.create(term=world.term, from_on=date(2026, 12, 1), to_on=date(2026, 12, 5))
    new = again(world, date(2026, 11, 20))
    assert (new.expires_on, new.leave_days_counted) == (date(2027, 6, 30), 5)
    assert Certificate.objects.get(pk=new.pk).valid_until() == date(2027, 6, 30)


def test_a_renewal_twice_is_one(world: World) -> None:
    world.earn("M4")
    old = world.certify()
    new = again(world, OPENS)
    assert actions.renew(certificate=old, by=world.second_coordinator, on=OPENS) == new
    # Issue, asked again, is the live one too: there is no sign-off for a third.
    assert world.issue(on=OPENS) == new
    assert Certificate.objects.count() == 2


def test_issue_renews_what_is_due_and_signed_off_again(world: World) -> None:
    world.earn("M4")
    old = world.certify()
    observe(world.term, world.modules["M4"], OPENS)
    assert world.issue(on=OPENS) == old
    world.sign_off(on=OPENS)
    assert world.issue(on=OPENS).replaces == old


def test_a_correction_is_no_renewal(world: World) -> None:
    world.earn("M4")
    old = world.certify()
    corrected = actions.replace(certificate=old, by=world.coordinator, on=TODAY)
    with pytest.raises(StateDoesNotAllow):
        actions.renew(certificate=old, by=world.coordinator, on=OPENS)
    new = again(world, OPENS)
    assert (new.replaces, corrected.facts["round"], new.facts["round"]) == (corrected, 0, 1)
    with pytest.raises(StateDoesNotAllow):
        actions.replace(certificate=corrected, by=world.coordinator, on=OPENS)


def test_a_correction_has_a_seal_of_its_own(world: World) -> None:
    world.earn("M4")
    old = world.certify()
    keys.rotate(programme=world.programme, at=keys.timezone.now())
    new = actions.replace(certificate=old, by=world.coordinator, on=TODAY)
    assert new.key == keys.active_key(world.programme) != old.key
    assert len(bytes(old.statement)) == len(bytes(new.statement)) == 95
    assert bytes(old.statement) != bytes(new.statement)


def test_without_an_end_there_is_nothing_to_renew(world: World) -> None:
    world.earn("M4")
    award = make_award(world.programme, "endless", ["induction"])
    made = world.certify(award)
    with pytest.raises(NotEligible) as raised:
        actions.renew(certificate=made, by=world.coordinator, on=TODAY)
    assert lacks(raised)[0] == "She has it already, and it has no end."


def test_who_has_gone_on_does_not_renew_where_she_began(world: World) -> None:
    world.earn("M4", "D1")
    first = world.certify()
    second = world.certify(world.certified)
    observe(world.term, world.modules["M4"], OPENS)
    with pytest.raises(NotEligible) as raised:
        actions.renew(certificate=first, by=world.coordinator, on=OPENS)
    assert lacks(raised)[0] == "She has it already, and has gone on from it."
    actions.revoke(certificate=second, by=world.coordinator, on=OPENS)
    world.sign_off(on=OPENS)
    assert actions.renew(certificate=first, by=world.coordinator, on=OPENS).replaces == first


def test_a_record_is_made_again_when_there_is_more_to_list(world: World) -> None:
    world.learn("M4")
    first = world.certify(world.record)
    with pytest.raises(NotEligible):
        actions.renew(certificate=first, by=world.coordinator, on=TODAY)
    world.learn("D1")
    world.sign_off(world.record)
    second = actions.renew(certificate=first, by=world.coordinator, on=TODAY)
    assert [module["code"] for module in second.modules] == ["M4", "D1"]


def test_who_stops_the_new_one_stops_what_it_renewed_until_that_has_ended(world: World) -> None:
    world.earn("M4")
    old = world.certify()
    new = again(world, OPENS)
    actions.suspend(certificate=new, by=world.coordinator, on=OPENS)
    assert [state_on(Certificate.objects.get(pk=each.pk), OPENS) for each in (old, new)] == ["not_current"] * 2
    with pytest.raises(StateDoesNotAllow):
        actions.restore(certificate=old, by=world.second_coordinator, on=OPENS)
    actions.restore(certificate=new, by=world.second_coordinator, on=OPENS)
    assert [state_on(Certificate.objects.get(pk=each.pk), OPENS) for each in (old, new)] == ["current"] * 2
    actions.revoke(certificate=new, by=world.coordinator, on=END + timedelta(days=1))
    assert [events(each)[-1] for each in (old, new)] == ["restored", "revoked"]


def test_what_was_withdrawn_is_not_given_again_in_the_term(world: World) -> None:
    world.earn("M4")
    made = world.certify()
    actions.revoke(certificate=made, by=world.coordinator, on=TODAY)
    with pytest.raises(NotEligible) as raised:
        actions.renew(certificate=made, by=world.coordinator, on=OPENS)
    assert lacks(raised)[0] == "It was withdrawn for good. It is not given again in this term."
    assert world.issue(on=OPENS) == made


# ---------------------------------------------------------------- without a key


def test_without_a_key_nothing_is_half_issued(world: World, settings: Any) -> None:
    world.earn("M4")
    world.sign_off()
    settings.ISSUER_KEY_SECRET = ""
    with pytest.raises(keys.NoSigningKey):
        world.issue()
    assert (Certificate.objects.count(), CertificateEvent.objects.count()) == (0, 0)


def test_without_a_key_nothing_is_half_replaced_or_renewed(world: World, settings: Any) -> None:
    world.earn("M4")
    old = world.certify()
    observe(world.term, world.modules["M4"], OPENS)
    world.sign_off(on=OPENS)
    settings.ISSUER_KEYS = str(Path(settings.ISSUER_KEYS) / "elsewhere")
    for verb in (actions.replace, actions.renew):
        with pytest.raises(keys.NoSigningKey):
            verb(certificate=old, by=world.coordinator, on=OPENS)
    assert list(Certificate.objects.live()) == [old]
    assert events(old) == ["issued"]


# ---------------------------------------------------------------- two people


@pytest.fixture
def careful(world: World) -> Certificate:
    """A certificate of an award that wants two people to withdraw it."""
    world.induction.two_people = ["revoke"]
    world.induction.save()
    world.earn("M4")
    return world.certify()


def test_where_two_decide_one_alone_changes_nothing(world: World, careful: Certificate) -> None:
    with pytest.raises(ProposalNeeded):
        actions.revoke(certificate=careful, by=world.coordinator, on=TODAY)
    first = actions.propose(certificate=careful, state="revoked", by=world.coordinator, on=TODAY)
    assert actions.propose(certificate=careful, state="revoked", by=world.second_coordinator, on=TODAY) == first
    with pytest.raises(TwoPeopleNeeded):
        actions.confirm(proposal=first, by=world.coordinator, on=TODAY)
    assert events(careful) == ["issued"]
    # What protects clients needs nobody else.
    actions.suspend(certificate=careful, by=world.coordinator, on=TODAY)


def test_the_second_person_carries_it_out_and_both_names_are_kept(world: World, careful: Certificate) -> None:
    proposal = actions.propose(certificate=careful, state="revoked", by=world.coordinator, on=TODAY)
    for _click in range(2):
        done = actions.confirm(proposal=proposal, by=world.second_coordinator, on=TODAY)
        assert full_state_on(done, TODAY) == FullState.REVOKED
    assert [(e.state, e.by, e.asked_by) for e in careful.events.all()] == [
        ("issued", world.coordinator, None),
        ("revoked", world.second_coordinator, world.coordinator),
    ]
    proposal.refresh_from_db()
    assert proposal.closed_by == world.second_coordinator


def test_what_is_off_the_table_is_not_carried_out(world: World, careful: Certificate) -> None:
    proposal = actions.propose(certificate=careful, state="revoked", by=world.coordinator, on=TODAY)
    actions.withdraw(proposal=proposal, by=world.coordinator, on=TODAY)
    with pytest.raises(StateDoesNotAllow):
        actions.confirm(proposal=proposal, by=world.second_coordinator, on=TODAY)
    assert events(careful) == ["issued"]
    assert actions.propose(certificate=careful, state="revoked", by=world.coordinator, on=TODAY) != proposal


def test_a_corrected_name_does_not_escape_what_was_asked(world: World, careful: Certificate) -> None:
    actions.propose(certificate=careful, state="revoked", by=world.coordinator, on=TODAY)
    new = actions.replace(certificate=careful, by=world.coordinator, on=TODAY)
    carried = CertificateProposal.objects.get(closed_at__isnull=True)
    assert (carried.certificate, carried.by) == (new, world.coordinator)
    actions.confirm(proposal=carried, by=world.second_coordinator, on=TODAY)
    assert events(new) == ["issued", "revoked"]


def test_nor_does_a_renewal(world: World, careful: Certificate) -> None:
    actions.propose(certificate=careful, state="revoked", by=world.coordinator, on=TODAY)
    with pytest.raises(NotEligible) as raised:
        again(world, OPENS)
    assert lacks(raised) == ["Somebody asked for a change of the present one. First decide that."]


def test_who_suspended_does_not_carry_out_the_restoring(world: World, careful: Certificate) -> None:
    world.induction.two_people = ["restore"]
    world.induction.save()
    actions.suspend(certificate=careful, by=world.coordinator, on=TODAY)
    proposal = actions.propose(certificate=careful, state="restored", by=world.second_coordinator, on=TODAY)
    with pytest.raises(TwoPeopleNeeded):
        actions.confirm(proposal=proposal, by=world.coordinator, on=TODAY)


def test_strangers_ask_and_decide_nothing(world: World, careful: Certificate) -> None:
    proposal = actions.propose(certificate=careful, state="revoked", by=world.coordinator, on=TODAY)
    for somebody in (world.supervisor, world.learner, make_user()):
        with pytest.raises(NotAllowed):
            actions.propose(certificate=careful, state="revoked", by=somebody, on=TODAY)
        for verb in (actions.confirm, actions.withdraw):
            with pytest.raises(NotAllowed):
                verb(proposal=proposal, by=somebody, on=TODAY)
        with pytest.raises(NotAllowed):
            actions.renew(certificate=careful, by=somebody, on=OPENS)
    assert CertificateProposal.objects.get().closed_at is None
