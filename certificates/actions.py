"""What supervisors and coordinators do with certificates. Each verb is one transaction.

Expected refusals: ``NotAllowed`` (a stranger, who must not learn that there is anything),
``NotEligible`` with every reason, ``TwoPeopleNeeded``, ``StateDoesNotAllow``.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.dates import add_months, moved_by_leave
from certificates.eligibility import EarnedModule, Eligibility, Requirement, Unmet, eligibility
from certificates.models import Award, AwardSignOff, Certificate, CertificateEvent, CertificateFile
from certificates.states import FullState, full_state_on
from curriculum.models import Article, ModulePage
from people.models import AccessKind, User, log_access
from programme.models import Installation, Programme, Term
from programme.scope import Act, Scope, scope_of
from programme.wording import words_of

Event = CertificateEvent.State


class NotAllowed(Exception):
    """This person may not do this with this term."""


class NotEligible(Exception):
    """The award is not earned yet. ``unmet`` carries every reason."""

    def __init__(self, unmet: list[Unmet]) -> None:
        self.unmet = unmet
        super().__init__("; ".join(reason.requirement for reason in unmet))


class TwoPeopleNeeded(Exception):
    """The same person did the other half."""


class StateDoesNotAllow(Exception):
    """The certificate is in a state from which this does not lead on."""

    def __init__(self, state: FullState) -> None:
        self.state = state
        super().__init__(state)


@transaction.atomic
def sign_off(*, term: Term, award: Award, signed_by: User, on: date) -> AwardSignOff:
    """The supervisor says that the term has earned the award; a repeat is harmless.

    Raises ``NotAllowed``, or ``NotEligible`` with everything that is missing.
    """
    scope = _scope(signed_by, Act.SIGN_OFF_AWARD, term, on)
    found = AwardSignOff.objects.filter(term=term, award=award, signed_by=signed_by).first()
    if found is not None:
        return found
    unmet = eligibility(term, award, on).unmet
    if unmet:
        raise NotEligible(unmet)
    signed, created = AwardSignOff.objects.get_or_create(
        term=term, award=award, signed_by=signed_by, defaults={"signed_at": _moment(term, on)}
    )
    if created:
        _log(term, signed_by, AccessKind.CERTIFICATE_SIGNED_OFF, scope, Act.SIGN_OFF_AWARD)
    return signed


def unmet_for_issue(answer: Eligibility, sign_offs: list[AwardSignOff], issued_by: User) -> list[Unmet]:
    """What ``issued_by`` still lacks to issue: the evidence, and the sign-off of somebody else."""
    unmet = list(answer.unmet)
    if not sign_offs:
        unmet.append(Unmet(Requirement.SIGN_OFF, _("A supervisor has not yet signed it off.")))
    elif all(sign_off.signed_by_id == issued_by.pk for sign_off in sign_offs):
        unmet.append(Unmet(Requirement.SECOND_PERSON, _("You signed it off yourself. Somebody else issues it.")))
    return unmet


def issue_certificate(*, term: Term, award: Award, issued_by: User, on: date) -> Certificate:
    """Freeze and return the certificate of ``term``, or the live one if there is one already.

    Two coordinators at once make one. Raises ``NotAllowed``, or ``NotEligible`` with all reasons,
    the supervisor's missing sign-off among them. The PDF is made after the commit, in the background.
    """
    try:
        with transaction.atomic():
            return _issue(term, award, issued_by, on)
    except IntegrityError:
        # The other coordinator was faster, where the lock does not lock (SQLite without one).
        made = _live(term, award)
        if made is None:
            raise
        return made


@transaction.atomic
def suspend(*, certificate: Certificate, by: User, on: date) -> Certificate:
    """Stop the certificate at once, until somebody else restores it. A repeat is harmless."""
    return _change(certificate, by, on, Event.SUSPENDED, allowed={FullState.CURRENT, FullState.EXPIRED})


@transaction.atomic
def restore(*, certificate: Certificate, by: User, on: date) -> Certificate:
    """Make a suspended certificate count again; ``TwoPeopleNeeded`` for the one who suspended it."""
    last = certificate.events.filter(state=Event.SUSPENDED).last()
    if last is not None and last.by_id == by.pk:
        _scope(by, Act.ISSUE_CERTIFICATE, certificate.term, on)
        raise TwoPeopleNeeded
    return _change(certificate, by, on, Event.RESTORED, allowed={FullState.SUSPENDED})


@transaction.atomic
def revoke(*, certificate: Certificate, by: User, on: date) -> Certificate:
    """End the certificate for good. A repeat is harmless."""
    allowed = {FullState.CURRENT, FullState.EXPIRED, FullState.SUSPENDED}
    return _change(certificate, by, on, Event.REVOKED, allowed=allowed)


@transaction.atomic
def replace(*, certificate: Certificate, by: User, on: date) -> Certificate:
    """A new number with the name she has chosen now; everything else as it was promised.

    The old one is marked replaced and its number says "not current". A repeat returns the same new
    certificate. Raises ``TwoPeopleNeeded`` for the one who signed off the award.
    """
    term = Term.objects.select_for_update().select_related("learner").get(pk=certificate.term_id)
    scope = _scope(by, Act.ISSUE_CERTIFICATE, term, on)
    old = Certificate.objects.with_state().get(pk=certificate.pk)
    state = full_state_on(old, on)
    if state == FullState.REPLACED:
        return Certificate.objects.get(replaces=old)
    if state not in (FullState.CURRENT, FullState.EXPIRED):
        raise StateDoesNotAllow(state)
    if old.signed_off_by_id == by.pk:
        raise TwoPeopleNeeded
    now = _moment(term, on)
    old.superseded_at = now
    old.save(update_fields=["superseded_at"])
    CertificateEvent.objects.create(certificate=old, state=Event.REPLACED, by=by, at=now)
    kept = {name: getattr(old, name) for name in CARRIED_OVER}
    new = Certificate.objects.create(**kept, printed_name=term.learner.display_name, issued_by=by, replaces=old)
    _announce(new, by, now)
    _log(term, by, AccessKind.CERTIFICATE_STATE, scope, Act.ISSUE_CERTIFICATE)
    return new


CARRIED_OVER = (
    "term_id",
    "award_id",
    "title",
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
"""What a replacement repeats from the old certificate: everything but the name, the number and who made it."""


def pdf_of(certificate: Certificate) -> CertificateFile:
    """The kept PDF; made now when the background has not come to it yet. Never made a second time."""
    from certificates.render import certificate_pdf  # noqa: PLC0415 -- slow import

    kept = CertificateFile.objects.filter(certificate=certificate).first()
    if kept is not None:
        return kept
    with words_of(certificate.term.programme_id):
        pdf = certificate_pdf(certificate)
    digest = hashlib.sha256(pdf).hexdigest()
    kept, _created = CertificateFile.objects.get_or_create(
        certificate=certificate, defaults={"pdf": pdf, "sha256": digest}
    )
    return kept


@task(backend="background", queue_name="background")
def make_pdf(certificate_pk: int) -> None:
    """Keep the PDF of a certificate; nothing to do when it has been erased or downloaded meanwhile."""
    certificate = Certificate.objects.filter(pk=certificate_pk).first()
    if certificate is not None:
        pdf_of(certificate)


def _issue(term: Term, award: Award, issued_by: User, on: date) -> Certificate:
    locked = Term.objects.select_for_update(of=("self",)).select_related("learner", "programme", "pathway_version")
    term = locked.get(pk=term.pk)
    scope = _scope(issued_by, Act.ISSUE_CERTIFICATE, term, on)
    live = _live(term, award)
    if live is not None:
        return live
    answer = eligibility(term, award, on)
    sign_offs = list(AwardSignOff.objects.filter(term=term, award=award).order_by("-signed_at", "-pk"))
    unmet = unmet_for_issue(answer, sign_offs, issued_by)
    if unmet:
        raise NotEligible(unmet)
    sign_off = next(signed for signed in sign_offs if signed.signed_by_id != issued_by.pk)
    placement = term.placement_on(on)
    country = placement.facility.country if placement else ""
    languages = term.learner.reading_languages
    language = next((code for code in languages if code in award.titles), "en")
    modules = _frozen_modules(answer.modules, country, [language, *languages], answer.release)
    expires_on, leave_days = _last_day(term, award, on)
    now = _moment(term, on)
    certificate = Certificate.objects.create(
        term=term,
        award=award,
        printed_name=term.learner.display_name,
        title=award.title_in(language),
        language=language,
        issuing_name=term.programme.issuing_name,
        issuing_short_name=term.programme.issuing_short_name,
        modules=modules,
        hours=sum(module["hours"] for module in modules),
        signatories=[_signatory(person, language) for person in term.programme.signatories],
        letterhead=_letterhead(term.programme, language),
        curriculum_versions=_versions(answer.modules, country, answer.release),
        pathway_version=term.pathway_version.number,
        country=country,
        is_record=award.is_record,
        is_demonstration=Installation.is_demo(),
        issued_on=on,
        expires_on=expires_on,
        leave_days_counted=leave_days,
        signed_off_by_id=sign_off.signed_by_id,
        issued_by=issued_by,
    )
    _announce(certificate, issued_by, now)
    _log(term, issued_by, AccessKind.CERTIFICATE_ISSUED, scope, Act.ISSUE_CERTIFICATE)
    return certificate


def _live(term: Term, award: Award) -> Certificate | None:
    return Certificate.objects.live().filter(term=term, award=award).first()


def _announce(certificate: Certificate, by: User, at: datetime) -> None:
    CertificateEvent.objects.create(certificate=certificate, state=Event.ISSUED, by=by, at=at)
    transaction.on_commit(partial(make_pdf.enqueue, certificate.pk))


def _change(
    certificate: Certificate, by: User, on: date, state: CertificateEvent.State, allowed: set[FullState]
) -> Certificate:
    term = certificate.term
    scope = _scope(by, Act.ISSUE_CERTIFICATE, term, on)
    # Its events are asked only once it is locked: somebody else may have changed it while we waited.
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.last_event() == state:
        return certificate
    now_in = full_state_on(certificate, on)
    if now_in not in allowed:
        raise StateDoesNotAllow(now_in)
    CertificateEvent.objects.create(certificate=certificate, state=state, by=by, at=_moment(term, on))
    _log(term, by, AccessKind.CERTIFICATE_STATE, scope, Act.ISSUE_CERTIFICATE)
    return Certificate.objects.with_state().get(pk=certificate.pk)


def _last_day(term: Term, award: Award, on: date) -> tuple[date | None, int]:
    """The last day, and how many days of it are leave that is already planned."""
    if award.valid_months is None:
        return None, 0
    without_leave = add_months(on, award.valid_months)
    last = moved_by_leave(without_leave, on, [(leave.from_on, leave.to_on) for leave in term.leaves.all()])
    return last, (last - without_leave).days


def _signatory(person: dict[str, Any], language: str) -> dict[str, str]:
    """Name and title as printed; a programme may give the title once, or per language."""
    title = person.get("title", "")
    if isinstance(title, dict):
        title = title.get(language) or title.get("en", "")
    return {"name": person.get("name", ""), "title": title}


def _letterhead(programme: Programme, language: str) -> list[str]:
    """The lines above the title, in the language of the paper or else in English; none for most programmes."""
    lines = programme.letterhead.get(language) or programme.letterhead.get("en") or []
    return [str(line) for line in lines]


def _frozen_modules(
    earned: list[EarnedModule], country: str, languages: list[str], release: int
) -> list[dict[str, object]]:
    """Cover title and hours of each module, in the best of ``languages`` there is. Two queries."""
    pks = [entry.module.pk for entry in earned]
    covers: dict[int, str] = {}
    known = list(dict.fromkeys(languages))
    articles = Article.every.read_on(release).in_best_language(known, country)
    articles = articles.filter(kind=Article.Kind.MODULE, module__in=pks)
    for module, cover_title in articles.values_list("module_id", "cover_title"):
        if cover_title:
            covers.setdefault(module, cover_title)
    hours = dict(ModulePage.objects.live().filter(module__in=pks).values_list("module_id", "hours"))
    return [
        {
            "code": entry.module.code,
            "cover_title": covers.get(entry.module.pk, entry.module.code),
            "hours": hours.get(entry.module.pk, 0),
            "is_practised": entry.is_practised,
        }
        for entry in earned
    ]


def _versions(earned: list[EarnedModule], country: str, release: int) -> dict[str, str]:
    """Which text of each module it stands on: ``{code: short content hash}``. Kept, not printed."""
    articles = Article.every.read_on(release).filter(
        country=country, kind=Article.Kind.MODULE, module__in=[entry.module.pk for entry in earned]
    )
    return {
        f"{code}/{language}": content_hash[:12]
        for code, language, content_hash in articles.values_list("module__code", "language", "content_hash")
    }


def _scope(user: User, act: Act, term: Term, on: date) -> Scope:
    scope = scope_of(user, on)
    if not scope.allows(act, term):
        raise NotAllowed
    return scope


def _log(term: Term, actor: User, kind: AccessKind, scope: Scope, act: Act) -> None:
    log_access(subjects=[term.learner], actor=actor, kind=kind, actor_role=scope.role_for(term, act))


def _moment(term: Term, on: date) -> datetime:
    """Now, or noon at her place of work when it is written down for another day."""
    placement = term.placement_on(on)
    zone = ZoneInfo(placement.facility.time_zone) if placement else UTC
    now = timezone.now()
    return now if now.astimezone(zone).date() == on else datetime.combine(on, time(12), zone)
