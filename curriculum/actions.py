"""What may be done to the curriculum: bring in a pack or its recordings, give one out, freeze, publish."""

from curriculum.exporting import export_pack
from curriculum.freeze import freeze_all, freeze_lesson, freeze_module, freezing_paused
from curriculum.importing import PackNotClean, import_pack
from curriculum.in_bulk import renew_references
from curriculum.listening.in_packs import import_recordings
from curriculum.scheduling import publish_due_revisions
from curriculum.translation import publish_translation, translate

__all__ = [
    "PackNotClean",
    "export_pack",
    "freeze_all",
    "freeze_lesson",
    "freeze_module",
    "freezing_paused",
    "import_pack",
    "import_recordings",
    "publish_due_revisions",
    "publish_translation",
    "renew_references",
    "translate",
]
