"""Somebody comes to a cohort later than the others."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from people.models import AccessKind, User, alias_key, log_access
from programme.actions.terms import Refused
from programme.models import Cohort, Term
from programme.scope import Act, Scope


class NobodyToJoin(Refused):
    """No such woman, or none whom this person may bring to this cohort: the answer is the same."""

    words = _("Nobody with this work name can join here. Check it with her, or ask her coordinator.")


@transaction.atomic
def join_cohort(*, cohort: Cohort, work_name: str, by: User, scope: Scope) -> tuple[Term, bool]:
    """Let the woman with ``work_name`` stand on the sheets of ``cohort``; return ``(term, changed)``.

    Her term runs, in the programme of the cohort, at a place where ``by`` notes who was there. Out of another cohort
    only who runs her term takes her: she reads what her cohort reads. Raises ``NobodyToJoin``.
    """
    key = alias_key(work_name)
    places = scope.units(Act.RECORD_ATTENDANCE)
    running = Term.objects.placed_in(places, scope.on).open_on(scope.on).exclude(learner=by)
    of_hers = running.filter(programme=cohort.programme_id, learner__alias_key=key)
    term = of_hers.select_for_update(of=("self",)).select_related("learner").first() if key else None
    if term is None:
        raise NobodyToJoin
    if term.cohort_id == cohort.pk:
        return term, False
    if term.cohort_id is not None and not scope.allows(Act.MANAGE_TERM, term):
        raise NobodyToJoin
    term.cohort = cohort
    term.save(update_fields=["cohort"])
    role = scope.role_for(term, Act.RECORD_ATTENDANCE)
    log_access(subjects=[term.learner], actor=by, kind=AccessKind.TERM_CHANGED, actor_role=role)
    return term, True
