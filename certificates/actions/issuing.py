"""Sign off and issue, renew when the end is near, replace what was written wrongly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from certificates.actions.freezing import frozen, sealed
from certificates.actions.papers import make_pdf
from certificates.actions.refusals import NotEligible, StateDoesNotAllow, TwoPeopleNeeded
from certificates.actions.rights import log, moment, scope_for
from certificates.eligibility import Eligibility, Requirement, Unmet, eligibility
from certificates.models import Award, AwardSignOff, Certificate, CertificateEvent, CertificateProposal
from certificates.states import FullState, full_state_on
from paper import letters
from paper.engine import CannotPrint
from people.models import AccessKind, User
from programme.models import Term
from programme.scope import Act

Event = CertificateEvent.State


@transaction.atomic
def sign_off(*, term: Term, award: Award, signed_by: User, on: date) -> AwardSignOff:
    """The supervisor says that the term has earned the award, or earned it again; a repeat is harmless.

    Raises ``NotAllowed``, or ``NotEligible`` with everything that is missing.
    """
    scope = scope_for(signed_by, Act.SIGN_OFF_AWARD, term, on)
    answer = eligibility(term, award, on)
    hers = AwardSignOff.objects.filter(term=term, award=award, signed_by=signed_by)
    found = hers.filter(round=answer.round).first()
    if found is not None:
        return found
    if answer.unmet:
        # The second click may come when the certificate has been issued already.
        before = hers.filter(round=answer.round - 1).first() if answer.live is not None else None
        if before is None:
            raise NotEligible(answer.unmet)
        return before
    signed, created = AwardSignOff.objects.get_or_create(
        term=term,
        award=award,
        signed_by=signed_by,
        round=answer.round,
        defaults={"signed_at": moment(term, on)},
    )
    if created:
        log(term, signed_by, AccessKind.CERTIFICATE_SIGNED_OFF, scope, Act.SIGN_OFF_AWARD)
    return signed


def unmet_for_issue(answer: Eligibility, sign_offs: Iterable[AwardSignOff], issued_by: User) -> list[Unmet]:
    """What ``issued_by`` still lacks to issue: the evidence, and the sign-off of somebody else for this round."""
    unmet = [*answer.unmet, *_unprintable(answer.term.learner.display_name)]
    signers = {sign_off.signed_by_id for sign_off in sign_offs if sign_off.round == answer.round}
    if not signers:
        unmet.append(Unmet(Requirement.SIGN_OFF, _("A supervisor has not yet signed it off.")))
    elif signers == {issued_by.pk}:
        unmet.append(Unmet(Requirement.SECOND_PERSON, _("You signed it off yourself. Somebody else issues it.")))
    return unmet


def _unprintable(name: str) -> list[Unmet]:
    """A name that no paper can show is told before it is frozen, not when the paper is drawn; so is a missing font."""
    try:
        signs = letters.unprintable(name)
    except CannotPrint as reason:
        return [Unmet(Requirement.NAME, str(reason))]
    if not signs:
        return []
    from certificates.render import signs_words  # noqa: PLC0415 -- slow import

    return [Unmet(Requirement.NAME, signs_words(signs))]


def issue_certificate(
    *,
    term: Term,
    award: Award,
    issued_by: User,
    on: date,
    makes_paper: bool = True,
    answer: Eligibility | None = None,
) -> Certificate:
    """Freeze and return the certificate of ``term``, or the live one if there is one already.

    A live one that is near its end, and has been earned and signed off again, is renewed. Two coordinators at once make
    one. Raises ``NotAllowed``, ``NotEligible`` with all reasons, the supervisor's missing sign-off among them, or
    ``keys.NoSigningKey``; then nothing is issued. The PDF is made after the commit, in the background, unless the
    caller ``makes_paper`` herself. ``answer``: whether she may have it, from whoever has asked for many at once after
    locking their terms (``locked_terms``).
    """
    try:
        with transaction.atomic():
            return _issue(term, award, issued_by, on, makes_paper=makes_paper, answer=answer)
    except IntegrityError:
        # The other coordinator was faster, where the lock does not lock (SQLite without one).
        made = _live(term, award)
        if made is None:
            raise
        return made


@transaction.atomic
def renew(*, certificate: Certificate, by: User, on: date) -> Certificate:
    """A new certificate in the place of ``certificate``, which it names, from sixty days before its end.

    It takes over at once; its months count from the last day of the old one where that is still to come, and the old
    paper says the truth until its own last day. A repeat returns the same new one. Raises ``NotAllowed``,
    ``NotEligible`` with everything that has to be shown or signed again, or ``keys.NoSigningKey``.
    """
    certificate = Certificate.objects.select_related("term", "award").get(pk=certificate.pk)
    followed = Certificate.objects.filter(replaces=certificate).select_related("replaces").first()
    if followed is not None and _is_renewal(followed):
        scope_for(by, Act.ISSUE_CERTIFICATE, certificate.term, on)
        return followed
    if certificate.superseded_at is not None:
        scope_for(by, Act.ISSUE_CERTIFICATE, certificate.term, on)
        raise StateDoesNotAllow(FullState.REPLACED)
    return _issue(certificate.term, certificate.award, by, on, must_renew=True)


@transaction.atomic
def replace(*, certificate: Certificate, by: User, on: date) -> Certificate:
    """A new number with the name she has chosen now; everything else as it was promised.

    The old one is marked replaced and its number says "not current". A repeat returns the same new
    certificate. What was asked about the old one is asked about the new. Raises ``TwoPeopleNeeded`` for the one who
    signed off the award, ``NotEligible`` for a name that cannot be printed, ``StateDoesNotAllow`` or
    ``keys.NoSigningKey``.
    """
    locked = Term.objects.select_for_update(of=("self",)).select_related("learner", "programme")
    term = locked.get(pk=certificate.term_id)
    scope = scope_for(by, Act.ISSUE_CERTIFICATE, term, on)
    old = Certificate.objects.with_state().get(pk=certificate.pk)
    state = full_state_on(old, on)
    if state == FullState.REPLACED:
        return Certificate.objects.get(replaces=old)
    if old.superseded_at is not None and state in (FullState.CURRENT, FullState.EXPIRED):
        raise StateDoesNotAllow(FullState.REPLACED)
    if state not in (FullState.CURRENT, FullState.EXPIRED) or old.erased_at is not None:
        raise StateDoesNotAllow(FullState.ERASED if old.erased_at is not None else state)
    if old.signed_off_by_id == by.pk:
        raise TwoPeopleNeeded
    if signs := _unprintable(term.learner.display_name):
        raise NotEligible(signs)
    now = moment(term, on)
    _step_aside(old, now)
    CertificateEvent.objects.create(certificate=old, state=Event.REPLACED, by=by, at=now)
    kept = {name: getattr(old, name) for name in CARRIED_OVER}
    new = Certificate(**kept, printed_name=term.learner.display_name, issued_by=by, replaces=old)
    sealed(new, term.programme).save(force_insert=True)
    for proposal in old.proposals.filter(closed_at__isnull=True):
        CertificateProposal.objects.create(certificate=new, state=proposal.state, by=proposal.by, at=proposal.at)
    old.proposals.filter(closed_at__isnull=True).update(closed_at=now, closed_by=by)
    _announce(new, by, now)
    log(term, by, AccessKind.CERTIFICATE_STATE, scope, Act.ISSUE_CERTIFICATE)
    return new


CARRIED_OVER = (
    "term_id",
    "award_id",
    "title",
    "languages",
    "titles",
    "facts",
    "language",
    "issuing_name",
    "issuing_short_name",
    "modules",
    "hours",
    "signatories",
    "letterhead",
    "curriculum_versions",
    "pathway_version",
    "country",
    "is_record",
    "is_demonstration",
    "issued_on",
    "expires_on",
    "leave_days_counted",
    "signed_off_by_id",
)
"""What a replacement repeats from the old certificate: all but the name, the number, its seal and who made it."""


def locked_terms(pks: Iterable[int]) -> QuerySet[Term]:
    """Terms that nobody else changes until the end of the transaction, with what a certificate is made from."""
    locked = Term.objects.select_for_update(of=("self",)).select_related("learner", "programme", "pathway_version")
    return locked.filter(pk__in=list(pks)).order_by("pk")


def _issue(
    term: Term,
    award: Award,
    issued_by: User,
    on: date,
    *,
    must_renew: bool = False,
    makes_paper: bool = True,
    answer: Eligibility | None = None,
) -> Certificate:
    term = locked_terms([term.pk]).get() if answer is None else answer.term
    scope = scope_for(issued_by, Act.ISSUE_CERTIFICATE, term, on)
    live = _live(term, award)
    if answer is None or answer.live != live:  # asked before somebody else issued, where no lock locks
        answer = eligibility(term, award, on)
    sign_offs = list(AwardSignOff.objects.filter(term=term, award=award).order_by("-signed_at", "-pk"))
    unmet = unmet_for_issue(answer, sign_offs, issued_by)
    if live is not None and live.proposals.filter(closed_at__isnull=True).exists():
        unmet.append(
            Unmet(Requirement.DECISION, _("Somebody asked for a change of the present one. First decide that."))
        )
    if unmet and live is not None and not must_renew:
        return live
    if unmet:
        raise NotEligible(unmet)
    signers = (each for each in sign_offs if each.round == answer.round and each.signed_by_id != issued_by.pk)
    now = moment(term, on)
    if live is not None:
        _step_aside(live, now)
    certificate = Certificate(
        **frozen(answer, on),
        printed_name=term.learner.display_name,
        signed_off_by_id=next(signers).signed_by_id,
        issued_by=issued_by,
        replaces=live,
    )
    sealed(certificate, term.programme).save(force_insert=True)
    _announce(certificate, issued_by, now, makes_paper=makes_paper)
    log(term, issued_by, AccessKind.CERTIFICATE_ISSUED, scope, Act.ISSUE_CERTIFICATE)
    return certificate


def _live(term: Term, award: Award) -> Certificate | None:
    return Certificate.objects.live().filter(term=term, award=award).first()


def _is_renewal(certificate: Certificate) -> bool:
    """Whether it began a round of its own, and is no correction of the one before."""
    before = certificate.replaces
    return before is not None and certificate.facts.get("round", 0) != before.facts.get("round", 0)


def _step_aside(certificate: Certificate, at: datetime) -> None:
    certificate.superseded_at = at
    certificate.save(update_fields=["superseded_at"])


def _announce(certificate: Certificate, by: User, at: datetime, *, makes_paper: bool = True) -> None:
    CertificateEvent.objects.create(certificate=certificate, state=Event.ISSUED, by=by, at=at)
    if makes_paper:
        transaction.on_commit(partial(make_pdf.enqueue, certificate.pk))
