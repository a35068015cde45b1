"""What may be done to the curriculum: bring a pack in, freeze, publish a translation or what is due."""

from curriculum.freeze import freeze_all, freeze_lesson, freeze_module, freezing_paused
from curriculum.importing import import_pack
from curriculum.in_bulk import renew_references
from curriculum.scheduling import publish_due_revisions
from curriculum.translation import publish_translation, translate

__all__ = [
    "freeze_all",
    "freeze_lesson",
    "freeze_module",
    "freezing_paused",
    "import_pack",
    "publish_due_revisions",
    "publish_translation",
    "renew_references",
    "translate",
]
