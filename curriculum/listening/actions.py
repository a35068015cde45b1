"""The verbs of recording: keep one, stop using one."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from curriculum.listening.ogg import name_of
from curriculum.listening.sound import Sound
from curriculum.listening.texts import plain, spoken_hash
from curriculum.models import Recording


@transaction.atomic
def record(
    *,
    language: str,
    place: str,
    text: str,
    sound: Sound,
    recorded_by: Any,
    recorded_at: datetime,
    is_synthetic: bool = False,
    licence: str = "",
) -> Recording:
    """Keep ``sound`` as the voice of ``text``; what said these words before is stopped.

    The same sound again is the same recording: safe to repeat after a lost answer.
    """
    said = plain(text)
    name = name_of(sound.data)
    before = Recording.objects.in_use().saying([spoken_hash(said)], language).select_for_update().first()
    if before is not None and before.name == name:
        return before
    if before is not None:
        _stop(before, Recording.Stop.REPLACED, recorded_by, recorded_at)
    recording = Recording(
        language=language,
        spoken_hash=spoken_hash(said),
        text=said,
        place=place,
        name=name,
        size_bytes=len(sound.data),
        duration_ms=sound.duration_ms,
        is_synthetic=is_synthetic,
        licence=licence,
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )
    store(recording.file_name, sound.data)
    try:
        with transaction.atomic():
            recording.save()
    except IntegrityError:
        # Somebody else read the same words at the same moment: the later one counts, as otherwise.
        other = Recording.objects.in_use().saying([recording.spoken_hash], language).get()
        _stop(other, Recording.Stop.REPLACED, recorded_by, recorded_at)
        recording.save()
    return recording


@transaction.atomic
def withdraw(*, recording: Recording, withdrawn_by: Any, withdrawn_at: datetime) -> Recording:
    """Stop playing ``recording`` and take its sound off the server: it may say what nobody should hear.

    Also what it replaced stays silent. A pack does not bring it back. Safe to repeat.
    """
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    if recording.stop == Recording.Stop.WITHDRAWN:
        return recording
    _stop(recording, Recording.Stop.WITHDRAWN, withdrawn_by, withdrawn_at)
    others = Recording.objects.filter(name=recording.name).exclude(stop=Recording.Stop.WITHDRAWN)
    if not others.exists():
        transaction.on_commit(partial(default_storage.delete, recording.file_name))
    return recording


def store(file_name: str, data: bytes) -> None:
    """Put ``data`` where its name says. A file that a broken-off attempt left half is written again."""
    if default_storage.exists(file_name):
        if default_storage.size(file_name) == len(data):
            return
        default_storage.delete(file_name)
    stored = default_storage.save(file_name, ContentFile(data))
    if stored != file_name:
        # Somebody else has written the same at the same moment.
        default_storage.delete(stored)


def _stop(recording: Recording, stop: Recording.Stop, stopped_by: Any, stopped_at: datetime) -> None:
    recording.stop, recording.stopped_by, recording.stopped_at = stop, stopped_by, stopped_at
    recording.save(update_fields=["stop", "stopped_by", "stopped_at"])
