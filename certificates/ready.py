"""Who of many may have one award now, who waits for whose signature, and what the others still lack, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from certificates.actions import unmet_for_issue
from certificates.cards import Card, card_of
from certificates.eligibility import Eligibility, Requirement, Unmet, eligibilities_of
from certificates.models import Award, AwardSignOff
from programme.models import Term
from programme.models.terms import TermQuerySet
from programme.scope import Act, Scope

AFTER_END = timedelta(days=183)
"""How long after the last day of a term it is listed for a paper that is made at its end."""


@dataclass(frozen=True)
class Row:
    """One woman and one award, as this reader may see it. ``unmet``: everything that is missing, in words.

    ``card``: the paper that she has; with one among those to sign or to issue, it is the next one that is meant.
    """

    term: Term
    who: str
    alias: str
    place: str
    unmet: Sequence[Unmet] = ()
    card: Card | None = None

    @property
    def rest(self) -> int:
        """How many of ``unmet`` there are after the first two."""
        return max(0, len(self.unmet) - 2)


@dataclass(frozen=True)
class Ready:
    """Everybody in one of five lists, each in the order of the terms; ``not_yet`` begins with who lacks least, and ends
    with those whose pathway does not lead there.

    ``to_issue`` and ``to_sign``: this reader can do it now. ``waiting``: all is done, and somebody else signs first.
    """

    to_issue: list[Row] = field(default_factory=list)
    to_sign: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    not_yet: list[Row] = field(default_factory=list)
    have_it: list[Row] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.to_issue or self.to_sign or self.waiting or self.not_yet or self.have_it)


def terms_for(award: Award, scope: Scope) -> TermQuerySet:
    """The terms of the award's programme for which this reader may sign or issue: those that run.

    Those that ended half a year ago at most too, where the paper is one of the end of a term.
    """
    mine = Q()
    for act in (Act.ISSUE_CERTIFICATE, Act.SIGN_OFF_AWARD):
        mine |= Q(pk__in=scope.terms(act).values("pk"))
    listed_until = scope.on - AFTER_END if award.after_end or award.is_record else scope.on
    terms = Term.objects.filter(mine, programme=award.programme_id).exclude(ended_on__lt=listed_until)
    return terms.filter(start_on__lte=scope.on)


def ready(award: Award, terms: Iterable[Term], scope: Scope) -> Ready:
    """Where each of ``terms`` stands towards ``award`` today. The same number of queries however many there are."""
    terms = list(terms)
    answers, sign_offs = eligibilities_of(terms, [award], scope.on), _sign_offs(award, terms)
    found = Ready()
    for term in terms:
        _sort_in(found, answers[term.pk, award.pk], sign_offs[term.pk], scope)
    found.not_yet.sort(key=lambda row: (_leads_elsewhere(row), len(row.unmet)))
    return found


def _leads_elsewhere(row: Row) -> bool:
    """Whether her pathway never comes to this award: whoever is on the way to it stands before her."""
    return any(reason.requirement == Requirement.PATHWAY for reason in row.unmet)


def _sort_in(found: Ready, answer: Eligibility, sign_offs: list[AwardSignOff], scope: Scope) -> None:
    term = answer.term
    card = card_of(answer.live, scope.on) if answer.live else None
    placement = term.placement_on(scope.on)
    name = scope.name_of(term)
    row = Row(
        term=term,
        who=name,
        alias="" if name == term.learner.alias else term.learner.alias,
        place=placement.facility.name if placement else "",
        card=card,
    )
    if any(reason.requirement in (Requirement.HAS_IT, Requirement.STOPPED) for reason in answer.unmet):
        found.have_it.append(row)
        return
    if not answer.is_eligible:
        found.not_yet.append(replace(row, unmet=answer.unmet))
        return
    lacking = unmet_for_issue(answer, sign_offs, scope.user)
    is_signed = any(signed.round == answer.round for signed in sign_offs)
    may_issue = scope.allows(Act.ISSUE_CERTIFICATE, term)
    if may_issue and not lacking:
        found.to_issue.append(row)
    elif scope.allows(Act.SIGN_OFF_AWARD, term) and not is_signed:
        found.to_sign.append(row)
    else:
        is_next = is_signed and not may_issue
        signed = [Unmet(Requirement.SIGN_OFF, _("A coordinator issues it now."))]
        found.waiting.append(replace(row, unmet=signed if is_next else lacking))


def _sign_offs(award: Award, terms: list[Term]) -> dict[int, list[AwardSignOff]]:
    found: dict[int, list[AwardSignOff]] = defaultdict(list)
    for signed in AwardSignOff.objects.filter(award=award, term__in=terms).order_by("-signed_at", "-pk"):
        found[signed.term_id].append(signed)
    return found
