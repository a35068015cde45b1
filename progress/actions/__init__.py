"""The verbs of this app: what she studied, when she was there, and the sessions of her logbook."""

from progress.actions.noting import (
    AlreadySigned,
    NotHerOwnLogbook,
    SheetHasChanged,
    attendance_payload,
    entry_payload,
    note_session,
    sign_sessions,
    take_back_session,
    take_sheet,
)
from progress.actions.studying import (
    STUDY,
    UPDATE,
    NotTheRule,
    answer_update,
    study_lesson,
    study_payload,
    update_payload,
)

__all__ = [
    "STUDY",
    "UPDATE",
    "AlreadySigned",
    "NotHerOwnLogbook",
    "NotTheRule",
    "SheetHasChanged",
    "answer_update",
    "attendance_payload",
    "entry_payload",
    "note_session",
    "sign_sessions",
    "study_lesson",
    "study_payload",
    "take_back_session",
    "take_sheet",
    "update_payload",
]
