"""What a supervisor's own phone sends: a practice that she watched without network."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from assessments.models import Observation
from assessments.signing import Right, observed_form, record_sent, right_to_sign
from offline.kinds import Entry, Refused
from programme.models import Clock, Term

OBSERVATION = "observation"

REASONS = {
    "not_at_your_site": _(
        "On that day you could not sign for her: she was at another site, or you had no role there. It is kept. "
        "Ask your coordinator."
    ),
}


def take_observation(entry: Entry) -> bool:
    """``{"term", "text", "setting", "steps": {step: outcome}, "went_well", "next_step"}``, signed by the owner.

    The rule is the page's: she could sign for this woman on the day on which it happened, where the woman worked
    then. A term that nobody has and one that is not hers are refused with one reason.
    """
    payload, clock = entry.payload, Clock(**entry.clock())
    term = _term(payload.get("term"))
    right = _right(entry, term, clock)
    form = observed_form(payload, entry.client_uuid)
    return record_sent(
        entry,
        form,
        term=term,
        observer=entry.owner,
        right=right,
        clock=clock,
        signed_with=Observation.SignedWith.OWN_PHONE,
    )


def _right(entry: Entry, term: Term, clock: Clock) -> Right:
    """Her right on that day; the refusal in words for the one who signs, not for the woman."""
    try:
        return right_to_sign(observer=entry.owner, term=term, at=clock.happened_at)
    except Refused as refusal:
        if refusal.reason == "may_not_sign":
            raise Refused("not_at_your_site") from refusal
        raise


def _term(named: object) -> Term:
    try:
        uuid = UUID(str(named))
    except ValueError as problem:
        raise Refused("not_at_your_site") from problem
    terms = Term.objects.select_related("learner", "pathway_version").prefetch_related("placements__facility")
    term = terms.filter(uuid=uuid).first()
    if term is None:
        raise Refused("not_at_your_site")
    return term
