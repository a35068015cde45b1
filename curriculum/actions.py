"""What may be done to the curriculum: bring in a pack or recordings, give one out, freeze, publish, change a rule."""

from curriculum.comparing import Undecided, always
from curriculum.exporting import export_pack
from curriculum.fact_changing import NewValue, NothingChanged, change_value
from curriculum.fact_updates import AlreadyPublished, NotComplete, complete_update, publish_update
from curriculum.freeze import freeze_all, freeze_lesson, freeze_module, freezing_paused
from curriculum.importing import Imported, import_pack
from curriculum.in_bulk import renew_references
from curriculum.listening.in_packs import import_recordings
from curriculum.pack_identities import PackNotClean
from curriculum.scheduling import publish_due_revisions
from curriculum.translation import publish_translation, translate

__all__ = [
    "AlreadyPublished",
    "Imported",
    "NewValue",
    "NotComplete",
    "NothingChanged",
    "PackNotClean",
    "Undecided",
    "always",
    "change_value",
    "complete_update",
    "export_pack",
    "freeze_all",
    "freeze_lesson",
    "freeze_module",
    "freezing_paused",
    "import_pack",
    "import_recordings",
    "publish_due_revisions",
    "publish_translation",
    "publish_update",
    "renew_references",
    "translate",
]
