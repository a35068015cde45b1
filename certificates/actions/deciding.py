"""Suspend, restore and withdraw: by one person, or asked for by one and carried out by another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from certificates.actions.refusals import ProposalNeeded, StateDoesNotAllow, TwoPeopleNeeded
from certificates.actions.rights import log, moment, scope_for
from certificates.models import Award, Certificate, CertificateEvent, CertificateProposal
from certificates.states import FullState, full_state_on
from people.models import AccessKind, User
from programme.scope import Act, Scope

Event = CertificateEvent.State

ALLOWED = {
    Event.SUSPENDED: frozenset({FullState.CURRENT, FullState.EXPIRED}),
    Event.RESTORED: frozenset({FullState.SUSPENDED}),
    Event.REVOKED: frozenset({FullState.CURRENT, FullState.EXPIRED, FullState.SUSPENDED}),
}
"""From which states each change leads on."""

VERBS = {"suspend": Event.SUSPENDED, "restore": Event.RESTORED, "revoke": Event.REVOKED}
"""What ``Award.two_people`` may name."""


def needs_two(award: Award, state: str) -> bool:
    """Whether ``award`` wants this change to be asked for by one person and carried out by another."""
    return any(VERBS.get(verb) == state for verb in award.two_people)


@transaction.atomic
def suspend(*, certificate: Certificate, by: User, on: date) -> Certificate:
    """Stop the certificate at once, until somebody else restores it. A repeat is harmless.

    This and the two below raise ``NotAllowed``, ``StateDoesNotAllow``, and ``ProposalNeeded`` where two decide.
    """
    return _alone(certificate, by, on, Event.SUSPENDED)


@transaction.atomic
def restore(*, certificate: Certificate, by: User, on: date) -> Certificate:
    """Make a suspended certificate count again; ``TwoPeopleNeeded`` for the one who suspended it."""
    return _alone(certificate, by, on, Event.RESTORED)


@transaction.atomic
def revoke(*, certificate: Certificate, by: User, on: date) -> Certificate:
    """End the certificate for good. A repeat is harmless."""
    return _alone(certificate, by, on, Event.REVOKED)


@transaction.atomic
def propose(*, certificate: Certificate, state: str, by: User, on: date) -> CertificateProposal:
    """Ask for a change that another person carries out; nothing changes yet. Asked already: the open one.

    ``state`` is what it is to become: suspended, restored or revoked. Raises ``NotAllowed`` or ``StateDoesNotAllow``.
    """
    wanted = Event(state)
    scope = scope_for(by, Act.ISSUE_CERTIFICATE, certificate.term, on)
    certificate = _locked(certificate)
    _check(certificate, wanted, on)
    proposal, is_new = CertificateProposal.objects.get_or_create(
        certificate=certificate,
        state=wanted,
        closed_at=None,
        defaults={"by": by, "at": moment(certificate.term, on)},
    )
    if is_new:
        log(certificate.term, by, AccessKind.CERTIFICATE_STATE, scope, Act.ISSUE_CERTIFICATE)
    return proposal


@transaction.atomic
def confirm(*, proposal: CertificateProposal, by: User, on: date) -> Certificate:
    """Carry out what somebody else asked for; the change names both. A repeat is harmless.

    Raises ``NotAllowed``, ``StateDoesNotAllow``, or ``TwoPeopleNeeded`` for the one who asked.
    """
    certificate = proposal.certificate
    scope = scope_for(by, Act.ISSUE_CERTIFICATE, certificate.term, on)
    certificate = _locked(certificate)
    proposal = CertificateProposal.objects.select_for_update().get(pk=proposal.pk)
    wanted = Event(proposal.state)
    if proposal.closed_at is not None:
        if certificate.last_event() != wanted:
            raise StateDoesNotAllow(full_state_on(certificate, on))
        return Certificate.objects.with_state().get(pk=certificate.pk)
    if proposal.by_id == by.pk or _suspended_it(certificate, wanted, by):
        raise TwoPeopleNeeded
    _check(certificate, wanted, on)
    return _carry_out(certificate, wanted, by, on, scope, asked_by=proposal.by)


@transaction.atomic
def withdraw(*, proposal: CertificateProposal, by: User, on: date) -> CertificateProposal:
    """Take a proposal off the table; whoever may decide may do so, the one who asked too. A repeat is harmless."""
    certificate = proposal.certificate
    scope = scope_for(by, Act.ISSUE_CERTIFICATE, certificate.term, on)
    _locked(certificate)
    proposal = CertificateProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.closed_at is None:
        proposal.closed_by, proposal.closed_at = by, moment(certificate.term, on)
        proposal.save(update_fields=["closed_by", "closed_at"])
        log(certificate.term, by, AccessKind.CERTIFICATE_STATE, scope, Act.ISSUE_CERTIFICATE)
    return proposal


def _alone(certificate: Certificate, by: User, on: date, state: CertificateEvent.State) -> Certificate:
    scope = scope_for(by, Act.ISSUE_CERTIFICATE, certificate.term, on)
    certificate = _locked(certificate)
    if certificate.last_event() == state:
        return certificate
    if _suspended_it(certificate, state, by):
        raise TwoPeopleNeeded
    _check(certificate, state, on)
    if needs_two(certificate.award, state):
        raise ProposalNeeded
    return _carry_out(certificate, state, by, on, scope)


def _locked(certificate: Certificate) -> Certificate:
    """Its events are asked only once it is locked: somebody else may have changed it while we waited."""
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("award", "term__learner")
    return rows.get(pk=certificate.pk)


def _check(certificate: Certificate, state: CertificateEvent.State, on: date) -> None:
    now_in = full_state_on(certificate, on)
    if certificate.superseded_at is not None and now_in in (FullState.CURRENT, FullState.EXPIRED, FullState.SUSPENDED):
        # Decided about is the one that took its place; this one follows it.
        raise StateDoesNotAllow(FullState.REPLACED)
    if now_in not in ALLOWED[state]:
        raise StateDoesNotAllow(now_in)


def _suspended_it(certificate: Certificate, state: CertificateEvent.State, by: User) -> bool:
    """Whether ``by`` would restore what she suspended herself (decision 0009)."""
    if state != Event.RESTORED:
        return False
    last = certificate.events.filter(state=Event.SUSPENDED).last()
    return last is not None and last.by_id == by.pk


def _carry_out(
    certificate: Certificate,
    state: CertificateEvent.State,
    by: User,
    on: date,
    scope: Scope,
    asked_by: User | None = None,
) -> Certificate:
    at = moment(certificate.term, on)
    for each in (certificate, *_still_valid_before(certificate, state, on)):
        CertificateEvent.objects.create(certificate=each, state=state, by=by, asked_by=asked_by, at=at)
    pointless = [wanted for wanted, states in ALLOWED.items() if full_state_on(certificate, on) not in states]
    certificate.proposals.filter(closed_at__isnull=True, state__in=pointless).update(closed_at=at, closed_by=by)
    log(certificate.term, by, AccessKind.CERTIFICATE_STATE, scope, Act.ISSUE_CERTIFICATE)
    return Certificate.objects.with_state().get(pk=certificate.pk)


def _still_valid_before(certificate: Certificate, state: CertificateEvent.State, on: date) -> Iterator[Certificate]:
    """The papers that ``certificate`` renewed and whose own last day is still to come: they share its fate."""
    before = certificate.replaces
    while before is not None:
        until = before.valid_until()
        if full_state_on(before, on) in ALLOWED[state] and (until is None or until >= on):
            yield before
        before = before.replaces
