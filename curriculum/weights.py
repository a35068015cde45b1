"""What a lesson costs her in bytes: text, pictures, sound. Nothing heavier than we promised is published."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from curriculum.freeze import render_body
from curriculum.listening.readings import recordings_of
from curriculum.listening.texts import spoken_of_article
from curriculum.models import LessonPage
from curriculum.pictures import for_phone


@dataclass(frozen=True)
class Weight:
    """Bytes as they are sent: the text compressed, each picture and recording once."""

    text: int
    pictures: int
    sound: int

    @property
    def text_kilobytes(self) -> int:
        return kilobytes(self.text)

    @property
    def pictures_kilobytes(self) -> int:
        """With its pictures."""
        return kilobytes(self.text + self.pictures)

    @property
    def sound_kilobytes(self) -> int:
        """With its pictures and everything that can be heard."""
        return kilobytes(self.text + self.pictures + self.sound)

    @property
    def sentence(self) -> str:
        """What the trainer reads, such as "9 KB, with pictures 64 KB, with sound 120 KB"; no part that is not there."""
        words = {
            "text": self.text_kilobytes,
            "pictures": self.pictures_kilobytes,
            "sound": self.sound_kilobytes,
        }
        if self.pictures and self.sound:
            # Translators: what a lesson costs a learner; KB is kilobytes.
            return _("%(text)s KB, with pictures %(pictures)s KB, with sound %(sound)s KB") % words
        if self.pictures:
            # Translators: what a lesson costs a learner; KB is kilobytes.
            return _("%(text)s KB, with pictures %(pictures)s KB") % words
        if self.sound:
            # Translators: what a lesson costs a learner; KB is kilobytes.
            return _("%(text)s KB, with sound %(sound)s KB") % words
        # Translators: what a lesson costs a learner; KB is kilobytes.
        return _("%(text)s KB") % words

    @property
    def reasons(self) -> list[str]:
        """Why a lesson of this weight cannot be published: what is too heavy, and what to do. Empty when it can."""
        words = {
            "text": self.text_kilobytes,
            "pictured": self.pictures_kilobytes,
            "sound": kilobytes(self.sound),
            "most_text": settings.LESSON_TEXT_MOST_KB,
            "most": settings.LESSON_MOST_KB,
            "most_sound": settings.LESSON_SOUND_MOST_KB,
        }
        reasons = []
        if self.text > settings.LESSON_TEXT_MOST_KB * 1000:
            reasons.append(
                _(
                    "The text of this lesson costs her %(text)s KB; %(most_text)s KB is the most. "
                    "Please divide it into two lessons."
                )
                % words
            )
        if self.text + self.pictures > settings.LESSON_MOST_KB * 1000:
            reasons.append(
                _(
                    "This lesson with its pictures costs her %(pictured)s KB; %(most)s KB is the most. "
                    "Please take out a picture, or divide the lesson into two."
                )
                % words
            )
        # Apart: she pays for it piece by piece, as she listens.
        if self.sound > settings.LESSON_SOUND_MOST_KB * 1000:
            reasons.append(
                _(
                    "Hearing all of this lesson costs her %(sound)s KB; %(most_sound)s KB is the most. "
                    "Please read it again with fewer words, or divide it into two lessons."
                )
                % words
            )
        return reasons


def kilobytes(size: int) -> int:
    """As she reads it everywhere: thousands, rounded, never nothing."""
    return max(1, round(size / 1000))


def weigh(page: LessonPage) -> Weight:
    """What ``page`` costs as it is written now, published or not."""
    return weigh_words(title=page.title, body=page.body, language=page.locale.language_code)


def weigh_words(*, title: str, body: StreamValue, language: str) -> Weight:
    """What a lesson of these words costs, in ``language``.

    Pictures count as they are sent to a phone, each once however often it stands there. Sound counts with the
    recordings that there are of these very words: what is written anew is silent until somebody reads it aloud.
    """
    html = str(render_body(body, language))
    pictures = {}
    documents = {}
    for block in body:
        if block.block_type == "picture" and block.value["image"] is not None:
            pictures[block.value["image"].pk] = block.value["image"]
        if block.block_type == "audio" and block.value["recording"] is not None:
            documents[block.value["recording"].pk] = block.value["recording"]
    spoken = spoken_of_article(title=title, objectives=[], html=html)
    recordings = {each.name: each for each in recordings_of(language, {one.hash for one in spoken}).values()}
    return Weight(
        text=len(gzip.compress(html.encode(), mtime=0)),
        pictures=sum(for_phone(image).size_bytes for image in pictures.values()),
        sound=sum(each.size_bytes for each in recordings.values())
        + sum(document.get_file_size() or 0 for document in documents.values()),
    )


def reasons_against(obj: Any) -> list[str]:
    """What the guard of publishing asks of anything: only lessons have a weight."""
    return weigh(obj).reasons if isinstance(obj, LessonPage) else []
