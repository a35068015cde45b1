"""Who may sign a practice, and a practice that was signed on the learner's own phone.

Such an act is an entry of the learner: ``observed`` is what was signed, as text, and ``signature`` an envelope of its
own inside the entry's. It holds the work name and the signing PIN of the one who watched, sealed on the phone as
they were typed, to this installation only, and bound to the act, to the learner and to every letter of ``observed``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from assessments.actions import record_observation
from assessments.forms import ObservationForm
from assessments.models import ChecklistText, Observation
from offline.kinds import Entry, Refused
from offline.sealing import CannotOpen, from_text, open_envelope
from people.models import User
from people.signing import NotConfirmed, count_wrong_signing, find_signer
from programme.models import Clock, OrganisationUnit, Term
from programme.scope import Act, Scope, scope_of
from programme.sync import term_of

LONGEST_TYPED = 64
"""Of a work name or a PIN, as somebody typed it."""

REASONS = {
    "not_confirmed": _(
        "The work name or the signing PIN was not right, or signing with it is paused. It is kept. "
        "Ask the one who watched you: she looks at her page My signing PIN, and signs again."
    ),
    "may_not_sign": _(
        "The one who signed had no role at your place of work on that day. It is kept. Ask your coordinator."
    ),
    "own_practice": _("Nobody signs her own practice. It is kept. Ask your supervisor to watch you."),
    "signature_differs": _("What was signed is not this practice. It is kept. Ask your coordinator."),
    "no_such_practice": _("This practice is not known here. What was seen is kept. Ask your trainer."),
    "practice_does_not_fit": _("What was filled in does not fit this practice. It is kept. Ask your trainer."),
}


@dataclass(frozen=True)
class Right:
    """Where a practice was watched, and in which role the observer signs it."""

    unit: OrganisationUnit
    role: str


def right_in(scope: Scope, term: Term) -> Right | None:
    """The right of ``scope`` to sign a practice of ``term`` on its day; never one's own. Placements are prefetched."""
    placement = term.placement_on(scope.on)
    if placement is None or not term.is_open(scope.on) or not scope.allows(Act.SIGN_PRACTICE, term):
        return None
    return Right(placement.facility, scope.role_for(term, Act.SIGN_PRACTICE))


def right_to_sign(*, observer: User, term: Term, at: datetime) -> Right:
    """What ``observer`` might sign at ``at``, by the roles she held on that day where the woman worked.

    A role that has ended since counts; one that began later does not. Raises ``Refused``. Four queries at most.
    """
    if observer.pk == term.learner_id:
        raise Refused("own_practice")
    prefetch_related_objects([term], "placements__facility")
    on = _day_of(term, at)
    right = right_in(scope_of(observer, on), term) if on else None
    if right is None:
        raise Refused("may_not_sign")
    return right


def _day_of(term: Term, at: datetime) -> date | None:
    """The date at her place of work; ``None`` when she had none then."""
    for placement in sorted(term.placements.all(), key=lambda placement: placement.from_on, reverse=True):
        on = placement.facility.date_of(at)
        if placement.from_on <= on and (placement.to_on is None or on <= placement.to_on):
            return on
    return None


def observed_form(sent: Mapping[str, Any], client_uuid: UUID) -> ObservationForm:
    """The form of the page, filled with ``text``, ``setting``, ``steps``, ``went_well`` and ``next_step`` from a phone.

    Words that have been withdrawn since are taken: the observer used what the phone was given. Raises ``Refused``.
    """
    steps = sent.get("steps")
    lines = {name: sent.get(name) for name in ("text", "setting", "went_well", "next_step")}
    is_flat = isinstance(steps, Mapping) and all(isinstance(value, str) for value in [*steps.values(), *lines.values()])
    if not isinstance(steps, Mapping) or not is_flat:
        raise Refused("practice_does_not_fit")
    texts = ChecklistText.objects.filter(content_hash=lines["text"]).select_related("version")
    text = texts.order_by("edition", "pk").first()
    if text is None:
        raise Refused("no_such_practice")
    filled = {f"{ObservationForm.prefix_of_parts}{step}": outcome for step, outcome in steps.items()}
    form = ObservationForm({**lines, **filled, "client_uuid": str(client_uuid)}, text=text)
    if not form.is_valid():
        raise Refused("practice_does_not_fit")
    return form


@transaction.atomic
def take_signoff(entry: Entry) -> bool:
    """A practice signed on the learner's phone: ``{"observed": text, "signature": envelope}``. Raises ``Refused``.

    ``observed`` is JSON as ``observed_form`` takes it, with ``seen``: the learner has confirmed that she saw it.
    A wrong PIN is counted once for each act, and against nobody when the act itself does not fit.
    """
    observed, sent = _sent(entry.payload.get("observed"))
    form = observed_form(sent, entry.client_uuid)
    if sent.get("seen") is not True:
        raise Refused("practice_does_not_fit")
    clock = Clock(**entry.clock())
    term = term_of(entry, clock)
    observer = _signer(entry, observed, clock.happened_at)
    right = right_to_sign(observer=observer, term=term, at=clock.happened_at)
    return record_sent(
        entry, form, term=term, observer=observer, right=right, clock=clock, signed_with=Observation.SignedWith.PIN
    )


def record_sent(
    entry: Entry,
    form: ObservationForm,
    *,
    term: Term,
    observer: User,
    right: Right,
    clock: Clock,
    signed_with: Observation.SignedWith,
) -> bool:
    """Record the practice that a phone sent, once; return whether it is new."""
    _observation, is_new = record_observation(
        term=term,
        observer=observer,
        observer_role=right.role,
        unit=right.unit,
        text=form.checklist,
        client_uuid=entry.client_uuid,
        clock=clock,
        signed_with=signed_with,
        **form.observed(),
    )
    return is_new


def _sent(observed: Any) -> tuple[str, Mapping[str, Any]]:
    try:
        sent = json.loads(observed)
    except (TypeError, ValueError, RecursionError) as problem:
        raise Refused("practice_does_not_fit") from problem
    if not isinstance(observed, str) or not isinstance(sent, dict):
        raise Refused("practice_does_not_fit")
    return observed, sent


def bound_to(client_uuid: UUID, owner: UUID, observed: str) -> bytes:
    """What a signature belongs to: this act, of this learner, with these very words."""
    return f"signoff {client_uuid} {owner} {observed}".encode()


def _signer(entry: Entry, observed: str, at: datetime) -> User:
    """Who typed her work name and signing PIN under ``observed``. Raises ``Refused``."""
    try:
        envelope = from_text(str(entry.payload.get("signature", "")))
        typed = json.loads(open_envelope(envelope, bound_to(entry.client_uuid, entry.owner.uuid, observed)))
        alias, pin = typed["alias"], typed["pin"]
    except (CannotOpen, ValueError, TypeError, KeyError, RecursionError) as problem:
        raise Refused("signature_differs") from problem
    if not all(isinstance(each, str) and len(each) <= LONGEST_TYPED for each in (alias, pin)):
        raise Refused("not_confirmed")
    try:
        return find_signer(alias=alias, pin=pin, at=at)
    except NotConfirmed as refusal:
        if refusal.pin is None:
            raise Refused("not_confirmed") from refusal
        count = partial(count_wrong_signing, pin=refusal.pin, sent_by=entry.owner, client_uuid=entry.client_uuid)
        raise Refused("not_confirmed", noting=count) from refusal
