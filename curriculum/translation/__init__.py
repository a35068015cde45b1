"""How a text in another language goes live, and only so.

wagtail-localize fills gaps with the source text and makes aliases. Here a translation never pretends:
whichever button or command asks, it passes ``publish_translation`` or the same gate. A sentence without
a translation is refused by name; a sentence whose source has changed keeps what was last published, and
the ledger (``TranslatedSegment``) says that it is stale. ``install`` puts the gate in place.

From the ground up: ``sentences`` cuts a text, ``originals`` keeps the library's copy of a source true,
``memory`` is what a translator said, ``ledger`` what was published, ``assembly`` makes one text of the two,
``sending`` hands it to the library, ``gate`` decides, ``library`` closes the ways around the gate.
"""

from curriculum.translation.gate import publish_translation, translate
from curriculum.translation.ledger import is_behind, record_publication, record_reading
from curriculum.translation.library import install
from curriculum.translation.originals import refreshed_source
from curriculum.translation.refusals import (
    AliasRefused,
    MissingTranslations,
    ParentNotTranslated,
    SourceTextUnderOtherLanguage,
)
from curriculum.translation.sentences import segment_hash

__all__ = [
    "AliasRefused",
    "MissingTranslations",
    "ParentNotTranslated",
    "SourceTextUnderOtherLanguage",
    "install",
    "is_behind",
    "publish_translation",
    "record_publication",
    "record_reading",
    "refreshed_source",
    "segment_hash",
    "translate",
]
