"""Who may look, who may write, who may say "I have read this"."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from curriculum import policies
from curriculum.translating.segments import Segment


def languages_looked_at(user: Any) -> list[str]:
    """The languages whose room ``user`` may enter, in the order of the product.

    A translator's own; all of them for who writes the originals and wants to know how far they are; a reviewer's.
    """
    source = policies.source_language()
    others = [code for code, _name in settings.LANGUAGES if code != source]
    if policies.is_author(user) and policies.may_write(user, source):
        return others
    return [code for code in others if may_write(user, code) or policies.countries_reviewed_by(user, code)]


def may_write(user: Any, language: str) -> bool:
    """Whether ``user`` translates into ``language``. The source is written elsewhere."""
    return language != policies.source_language() and policies.may_write(user, language)


def may_read(user: Any, language: str) -> bool:
    """Whether ``user`` speaks ``language`` by her role: she may sign what somebody else has translated.

    A superuser signs nothing, and a reviewer of a country only where her role names the language: the name below a
    text is that of somebody who speaks it.
    """
    return language != policies.source_language() and any(
        right.language == language for right in policies.rights_of(user)
    )


def may_sign(user: Any, segment: Segment) -> bool:
    """Whether ``user`` may say that she has read ``segment``: never the one who wrote the words as they stand."""
    if not segment.is_there or segment.said is None or not may_read(user, segment.language):
        return False
    return segment.written_by is None or segment.written_by.pk != user.pk
