"""Two who make their visits together. Either side may be asked; the pair is one."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import AccessKind, User, log_access
from programme.actions.terms import NotHers, Refused, TermHasEnded
from programme.models import Pairing, Term
from programme.models.terms import TermQuerySet
from programme.scope import Act, Scope, scope_of

A_DAY = timedelta(days=1)


class NotTogether(Refused):
    """Two programmes, two places of work, or one person twice."""

    words = _("These two do not work at the same place.")


class PairTooEarly(Refused):
    words = _("One of them has another partner until then. Choose a later day.")


def may_pair_with(scope: Scope, term: Term) -> TermQuerySet:
    """The terms that ``term`` can visit with: of her programme, at her place of work, kept by the same coordinator."""
    placement = term.placement_on(scope.on)
    if placement is None:
        return Term.objects.none()
    beside = scope.terms(Act.MANAGE_TERM).filter(programme=term.programme_id, ended_on__isnull=True)
    here = Term.objects.placed_in([placement.facility_id], scope.on).values("pk")
    return beside.filter(pk__in=here).exclude(pk=term.pk).exclude(learner=term.learner_id)


@transaction.atomic
def pair_up(*, by: User, term: Term, partner: Term | None, from_on: date, today: date) -> Pairing | None:
    """Let ``term`` visit with ``partner`` from ``from_on``, or with nobody; older pairs of both end the day before.

    The very same again is harmless. Raises ``NotHers``, ``TermHasEnded``, ``NotTogether`` or ``PairTooEarly``.
    """
    wanted = sorted({term.pk, *([partner.pk] if partner else [])})
    locked = {row.pk: row for row in Term.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    scope = scope_of(by, today)
    if not all(scope.allows(Act.MANAGE_TERM, row) for row in locked.values()):
        raise NotHers
    if any(row.ended_on is not None for row in locked.values()):
        raise TermHasEnded
    if partner is not None and not may_pair_with(scope, term).filter(pk=partner.pk).exists():
        raise NotTogether
    open_pairs = Pairing.objects.filter(Q(one__in=wanted) | Q(other__in=wanted), to_on__isnull=True)
    for pair in open_pairs:
        if partner is not None and [pair.one_id, pair.other_id] == wanted:
            return pair
        if pair.from_on >= from_on:
            raise PairTooEarly
        pair.to_on = from_on - A_DAY
        pair.save(update_fields=["to_on"])
    made = None
    if partner is not None:
        made = Pairing.objects.create(one=locked[wanted[0]], other=locked[wanted[1]], from_on=from_on)
    for row in locked.values():
        role = scope.role_for(row, Act.MANAGE_TERM)
        log_access(subjects=[row.learner], actor=by, kind=AccessKind.TERM_CHANGED, actor_role=role)
    return made


def partner_of(term: Term, on: date) -> User | None:
    """With whom ``term`` visits on ``on``. One query, and none where its programme does not work in pairs."""
    if not term.programme.works_in_pairs:
        return None
    pair = Pairing.objects.of(term).on(on).select_related("one__learner", "other__learner").first()
    return pair.partner_of(term).learner if pair else None
