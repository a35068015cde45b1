"""Observed practice: keeping what a second person saw."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from assessments import grading
from assessments.models import ChecklistText, Observation, ObservationComment
from people.models import AccessKind, User, log_access
from programme.models import Clock, OrganisationUnit, Term


class NotHerOwnPractice(Exception):
    """Nobody signs off her own practice."""


@transaction.atomic
def record_observation(
    *,
    term: Term,
    observer: User,
    observer_role: str,
    text: ChecklistText,
    unit: OrganisationUnit,
    setting: str,
    steps: Mapping[str, str],
    went_well: str,
    next_step: str,
    client_uuid: UUID,
    clock: Clock,
    signed_with: str = Observation.SignedWith.SESSION,
) -> tuple[Observation, bool]:
    """Keep one observed practice with its two lines; return ``(observation, created)``.

    It is signed off when every rule of the term's pathway version is met. The woman can read it,
    and who signed it. A repeat is harmless; the same ``client_uuid`` with another payload raises
    ``PayloadChanged``; one's own practice raises ``NotHerOwnPractice``.
    """
    if observer.pk == term.learner_id:
        raise NotHerOwnPractice
    version = text.version
    observation, created = Observation.append(
        term=term,
        client_uuid=client_uuid,
        payload=observation_payload(text, setting, steps, went_well, next_step) | {"observer": str(observer.uuid)},
        module_id=version.module_id,
        checklist_version=version,
        observer=observer,
        observer_role=observer_role,
        unit=unit,
        setting=setting,
        steps=dict(steps),
        signed_with=signed_with,
        is_signed_off=grading.is_practice_good(version.structure, steps, term.pathway_version.practice_pass_percent),
        language=text.language,
        country=text.country,
        content_hash=text.content_hash,
        **clock.as_fields(),
    )
    if created:
        ObservationComment.objects.create(term=term, client_uuid=client_uuid, went_well=went_well, next_step=next_step)
        log_access(subjects=[term.learner], actor=observer, kind=AccessKind.PRACTICE_SIGNED, actor_role=observer_role)
    return observation, created


def observation_payload(
    text: ChecklistText, setting: str, steps: Mapping[str, str], went_well: str, next_step: str
) -> dict[str, object]:
    """What makes an observation this observation."""
    return {
        "text": text.content_hash,
        "setting": setting,
        "steps": dict(steps),
        "went_well": went_well,
        "next_step": next_step,
    }
