"""The verbs of this app: freeze what is published, open a try, keep what was answered and observed."""

from assessments.actions.freezing import (
    StructureDiffers,
    freeze_checklist,
    freeze_every_quiz,
    freeze_quiz,
    freezing_paused,
)
from assessments.actions.observing import NotHerOwnPractice, record_observation
from assessments.actions.sitting import (
    AlreadyPassed,
    NothingToAnswer,
    NoTriesLeft,
    QuizNotOpen,
    TicketBelongsToAnother,
    ValueMissing,
    open_ticket,
    record_attempt,
)
from assessments.actions.talking import NothingToTalkAbout, record_talk

__all__ = [
    "AlreadyPassed",
    "NoTriesLeft",
    "NotHerOwnPractice",
    "NothingToAnswer",
    "NothingToTalkAbout",
    "QuizNotOpen",
    "StructureDiffers",
    "TicketBelongsToAnother",
    "ValueMissing",
    "freeze_checklist",
    "freeze_every_quiz",
    "freeze_quiz",
    "freezing_paused",
    "open_ticket",
    "record_attempt",
    "record_observation",
    "record_talk",
]
