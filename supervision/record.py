"""What one woman's record shows to one reader: passed or not yet and the topic, never an answer or a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings

from assessments.models import Observation
from certificates.models import Certificate
from certificates.permission import WorkPermission, may_work
from certificates.states import FullState, full_state_on
from curriculum.models import Article
from programme.models import Leave, Milestone, OrganisationUnit, Placement, Term
from programme.scope import Act, Scope
from progress.attendance import hours_of
from progress.logbook import Tally, sessions_of, tallies
from progress.standing import MilestoneStanding, Standing, standing_of
from progress.updates import told_at
from supervision.rows import AwardState, award_states, without_dates_of_hers


@dataclass(frozen=True)
class Step:
    """One milestone in words. ``can_watch``: this reader may sign off the practice now."""

    standing: MilestoneStanding
    title: str
    title_language: str
    is_practice: bool
    can_watch: bool


@dataclass(frozen=True)
class SignOff:
    """One practice that somebody watched: when, which, with what result, and in which role she signed."""

    module_code: str
    on: date
    is_signed_off: bool
    observer_role: str


@dataclass(frozen=True)
class CertificateLine:
    certificate: Certificate
    state: FullState
    until: date | None


@dataclass(frozen=True)
class Record:
    """Everything on the page. Lists that this reader may not see are empty."""

    term: Term
    alias: str
    name: str
    facility: OrganisationUnit | None
    permission: WorkPermission
    standing: Standing
    steps: Sequence[Step]
    sign_offs: Sequence[SignOff]
    certificates: Sequence[CertificateLine]
    awards: Sequence[AwardState]
    placements: Sequence[Placement]
    leaves: Sequence[Leave]
    phone: str
    sees_dates: bool
    may_manage: bool
    update_pending: bool
    hours: Decimal
    sessions: Sequence[Tally]
    signs_logbook: bool

    @property
    def has_sessions(self) -> bool:
        """Whether anything stands in her logbook."""
        return any(tally.signed or tally.waiting for tally in self.sessions)

    @property
    def who(self) -> str:
        return f"{self.name} ({self.alias})" if self.name else self.alias


def record_of(term: Term, scope: Scope, language: str) -> Record:
    """The record of ``term`` as ``scope`` may see it; titles in ``language`` or the next best."""
    standing = standing_of(term, scope.on)
    acts = {act for act in Act if scope.allows(act, term)}
    permission = may_work(term, scope.on)
    if Act.SEE_DATES not in acts:
        permission = without_dates_of_hers(permission, standing)
    placement, name = term.placement_on(scope.on), scope.name_of(term)
    country = placement.facility.country if placement else ""
    titles = _titles(standing, country, language)
    signs = bool(acts & {Act.SIGN_OFF_AWARD, Act.ISSUE_CERTIFICATE})
    sees_dates = Act.SEE_DATES in acts
    return Record(
        term=term,
        alias=term.learner.alias,
        name="" if name == term.learner.alias else name,
        facility=placement.facility if placement else None,
        permission=permission,
        standing=standing,
        steps=[_step(item, titles, Act.SIGN_PRACTICE in acts and not standing.is_ended) for item in standing.items],
        sign_offs=_sign_offs(term),
        certificates=_certificates(term, scope.on),
        awards=award_states([term])[term.pk] if signs else [],
        placements=sorted(term.placements.all(), key=lambda row: row.from_on) if sees_dates else [],
        leaves=sorted(term.leaves.all(), key=lambda row: row.from_on) if sees_dates else [],
        phone=term.learner.phone if Act.SEE_CONTACT in acts else "",
        sees_dates=sees_dates,
        may_manage=Act.MANAGE_TERM in acts,
        update_pending=bool(told_at([term], scope.on)),
        hours=hours_of([term], scope.on)[term.pk],
        sessions=tallies(sessions_of(term)),
        signs_logbook=Act.SIGN_LOGBOOK in acts and not standing.is_ended,
    )


def _titles(standing: Standing, country: str, language: str) -> dict[int, tuple[str, str]]:
    """Module -> (title, its language). One query."""
    languages = [language, *(code for code, _name in settings.LANGUAGES if code != language)]
    modules = {item.milestone.module_id for item in standing.items}
    found: dict[int, tuple[str, str]] = {}
    articles = Article.objects.in_best_language(languages, country).filter(kind=Article.Kind.MODULE, module__in=modules)
    for article in articles:
        found.setdefault(article.module_id, (article.title, article.language))
    return found


def _step(item: MilestoneStanding, titles: dict[int, tuple[str, str]], may_watch: bool) -> Step:
    title, language = titles.get(item.milestone.module_id, ("", ""))
    is_practice = item.milestone.kind == Milestone.Kind.PRACTICE
    return Step(item, title, language, is_practice, can_watch=may_watch and is_practice and not item.is_done)


def _sign_offs(term: Term) -> list[SignOff]:
    rows = Observation.objects.filter(term=term).select_related("module", "unit").order_by("-happened_at", "pk")
    return [
        SignOff(
            module_code=row.module.code,
            on=row.unit.date_of(row.happened_at),
            is_signed_off=row.is_signed_off,
            observer_role=row.get_observer_role_display(),
        )
        for row in rows
    ]


def _certificates(term: Term, on: date) -> list[CertificateLine]:
    rows = Certificate.objects.filter(term=term).with_latest_event()
    lines = []
    for certificate in rows.order_by("-issued_on", "-pk"):
        certificate.term = term
        lines.append(CertificateLine(certificate, full_state_on(certificate, on), certificate.valid_until()))
    return lines
