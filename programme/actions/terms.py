"""Opening an account, and what changes a term: leave, a move, more time, an end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.models import AccessKind, User, log_access
from programme.actions.sign_ins import end_sign_ins
from programme.models import (
    Cohort,
    Extension,
    Installation,
    Leave,
    OrganisationUnit,
    PathwayVersion,
    Placement,
    Programme,
    Term,
)
from programme.models.units import Tree
from programme.scope import Act, Scope, scope_of

A_DAY = timedelta(days=1)


class Refused(Exception):
    """A rule says no. ``words`` is what the coordinator reads."""

    words: str | Promise = ""


class NotHers(Refused):
    """Whoever asks may not manage this term, or open an account at this place."""

    words = _("This is not one of your sites.")


class DemonstrationRefuses(Refused):
    """A demonstration keeps no real person's phone or e-mail."""

    words = _("This is a demonstration. It keeps no phone number and no e-mail of a real person.")


class NotInThisProgramme(Refused):
    """The site, the pathway or the group belongs to another programme."""

    words = _("This site does not belong to the programme you chose.")


class TermHasEnded(Refused):
    words = _("This term has ended. Nothing was changed.")


class LeaveOutsideTerm(Refused):
    words = _("These dates lie outside her term, or the last day is before the first.")


class LeaveOverlaps(Refused):
    """``leave`` already covers some of these days."""

    def __init__(self, leave: Leave) -> None:
        super().__init__(leave)
        self.words = _("She already has leave from %(from)s to %(to)s. Choose days outside it.") % {
            "from": date_format(leave.from_on, "DATE_FORMAT"),
            "to": date_format(leave.to_on, "DATE_FORMAT"),
        }


class AlreadyThere(Refused):
    words = _("She already works at this site.")


class MoveTooEarly(Refused):
    """A move before her present (or next) place began would erase where she was."""

    def __init__(self, placement: Placement) -> None:
        super().__init__(placement)
        self.words = _("She works at her present site from %(date)s. Choose a later day for the move.") % {
            "date": date_format(placement.from_on, "DATE_FORMAT")
        }


class NoPlannedEnd(Refused):
    words = _("This term has no planned end, so it needs no more time.")


class NotLater(Refused):
    words = _("The new last day must be later than the one planned now.")


class EndsBeforeStart(Refused):
    words = _("The last day cannot be before the first day of her term.")


@transaction.atomic
def open_account(
    *,
    by: User,
    display_name: str,
    languages: Sequence[str],
    phone: str = "",
    email: str = "",
    programme: Programme,
    pathway_version: PathwayVersion,
    facility: OrganisationUnit,
    cohort: Cohort | None = None,
    start_on: date,
    planned_end_on: date | None = None,
    account_uuid: UUID | None = None,
    today: date,
) -> Term:
    """Make a person with a fresh alias, her term and her first place; nobody chooses a PIN here.

    The same ``account_uuid`` again returns the term made before: a double click is one account.
    ``phone`` is E.164. Raises ``DemonstrationRefuses``, ``NotHers`` or ``NotInThisProgramme``.
    """
    if (phone or email) and Installation.is_demo():
        raise DemonstrationRefuses
    scope = scope_of(by, today)
    if facility.pk not in scope.units(Act.MANAGE_TERM):
        raise NotHers
    User.objects.select_for_update().get(pk=by.pk)  # a double click waits here for the first
    known = User.objects.filter(uuid=account_uuid).first() if account_uuid else None
    if known is not None:
        made = scope.terms(Act.MANAGE_TERM).filter(learner=known).order_by("pk").first()
        if made is None:
            raise NotHers
        return made
    if (
        pathway_version.pathway.programme_id != programme.pk
        or (cohort is not None and cohort.programme_id != programme.pk)
        or facility.pk not in scope.tree.below([programme.root_unit_id])
    ):
        raise NotInThisProgramme
    learner = User.objects.create_user(
        uuid=account_uuid or uuid4(), display_name=display_name, languages=list(languages)
    )
    if phone:
        learner.set_phone(phone)
    if email:
        learner.set_email(email)
    if phone or email:
        learner.save(update_fields=["phone", "phone_index", "email", "email_index"])
    term = Term.objects.create(
        learner=learner,
        programme=programme,
        pathway_version=pathway_version,
        cohort=cohort,
        start_on=start_on,
        planned_end_on=planned_end_on,
    )
    Placement.objects.create(term=term, facility=facility, from_on=start_on)
    _log(scope, term, scope.role_for(term, Act.MANAGE_TERM))
    return term


@transaction.atomic
def record_leave(*, by: User, term: Term, from_on: date, to_on: date, today: date) -> Leave:
    """A pause from the first to the last day, past or to come; the very same again is harmless.

    Raises ``NotHers``, ``TermHasEnded``, ``LeaveOutsideTerm`` or ``LeaveOverlaps``.
    """
    scope, term, role = _lock(by, term, today)
    same = term.leaves.filter(from_on=from_on, to_on=to_on).first()
    if same is not None:
        return same
    if term.ended_on is not None:
        raise TermHasEnded
    if to_on < from_on or from_on < term.start_on:
        raise LeaveOutsideTerm
    overlapping = term.leaves.filter(from_on__lte=to_on, to_on__gte=from_on).order_by("from_on").first()
    if overlapping is not None:
        raise LeaveOverlaps(overlapping)
    leave = Leave.objects.create(term=term, from_on=from_on, to_on=to_on)
    _log(scope, term, role)
    return leave


@transaction.atomic
def transfer(*, by: User, term: Term, facility: OrganisationUnit, from_on: date, today: date) -> Placement:
    """Another place of work from ``from_on``; the present one ends the day before.

    The old site loses her record on that day and the new one gains it. The very same again is
    harmless. Raises ``NotHers``, ``TermHasEnded``, ``NotInThisProgramme``, ``AlreadyThere`` or ``MoveTooEarly``.
    """
    term = Term.objects.select_for_update().get(pk=term.pk)
    newest = term.placements.order_by("-from_on").first()
    scope = scope_of(by, today)
    # A repeat may come after the move has already taken the term out of her units.
    if (
        newest is not None
        and (newest.facility_id, newest.from_on) == (facility.pk, from_on)
        and _was_hers(scope, term, from_on - A_DAY)
    ):
        return newest
    if not scope.allows(Act.MANAGE_TERM, term):
        raise NotHers
    role = scope.role_for(term, Act.MANAGE_TERM)
    if term.ended_on is not None:
        raise TermHasEnded
    if facility.pk not in Tree.on(from_on).below([term.programme.root_unit_id]):
        raise NotInThisProgramme
    if newest is not None:
        if newest.facility_id == facility.pk and newest.to_on is None:
            raise AlreadyThere
        if from_on <= newest.from_on:
            raise MoveTooEarly(newest)
        newest.to_on = from_on - A_DAY
        newest.save(update_fields=["to_on"])
    placement = Placement.objects.create(term=term, facility=facility, from_on=from_on)
    _log(scope, term, role)
    return placement


@transaction.atomic
def extend_term(*, by: User, term: Term, new_end_on: date, today: date) -> Extension:
    """Let the term run to ``new_end_on``, leave already taken counted in; appended as a decision.

    The very same again is harmless. Raises ``NotHers``, ``TermHasEnded``, ``NoPlannedEnd`` or ``NotLater``.
    """
    scope, term, role = _lock(by, term, today)
    if term.ended_on is not None:
        raise TermHasEnded
    if term.planned_end_on is None:
        raise NoPlannedEnd
    planned = new_end_on - timedelta(days=sum(leave.length_days() for leave in term.leaves.all()))
    last = term.extensions.order_by("-pk").first()
    if last is not None and last.new_end_on == planned == term.planned_end_on:
        return last
    if planned <= term.planned_end_on:
        raise NotLater
    extension = Extension.objects.create(
        term=term, old_end_on=term.planned_end_on, new_end_on=planned, decided_on=today, decided_by=by
    )
    term.planned_end_on = planned
    term.save(update_fields=["planned_end_on"])
    _log(scope, term, role)
    return extension


@transaction.atomic
def end_term(*, by: User, term: Term, ended_on: date, end_class: str, today: date) -> Term:
    """End the term on ``ended_on``, past or to come: its place ends, and her sign-ins when it is over.

    Her account stays, for her record and her certificates. The very same again is harmless.
    Raises ``NotHers``, ``TermHasEnded`` or ``EndsBeforeStart``.
    """
    scope, term, role = _lock(by, term, today)
    if term.ended_on is not None:
        if (term.ended_on, term.end_class) == (ended_on, end_class):
            return term
        raise TermHasEnded
    if ended_on < term.start_on:
        raise EndsBeforeStart
    term.ended_on, term.end_class = ended_on, Term.EndClass(end_class).value
    term.save(update_fields=["ended_on", "end_class"])
    term.placements.filter(from_on__gt=ended_on).delete()  # a move that will now never happen
    term.placements.filter(Q(to_on__isnull=True) | Q(to_on__gt=ended_on)).update(to_on=ended_on)
    _log(scope, term, role)
    if ended_on <= today:
        end_sign_ins(user=term.learner, by=by, actor_role=role)
    return term


def _lock(by: User, term: Term, today: date) -> tuple[Scope, Term, str]:
    """The term as it is now, held until the transaction ends, and the role in which ``by`` changes it."""
    term = Term.objects.select_for_update().get(pk=term.pk)
    scope = scope_of(by, today)
    if not scope.allows(Act.MANAGE_TERM, term):
        raise NotHers
    return scope, term, scope.role_for(term, Act.MANAGE_TERM)


def _was_hers(scope: Scope, term: Term, on: date) -> bool:
    return scope_of(scope.user, on).allows(Act.MANAGE_TERM, term)


def _log(scope: Scope, term: Term, role: str) -> None:
    log_access(subjects=[term.learner], actor=scope.user, kind=AccessKind.TERM_CHANGED, actor_role=role)
