"""What a text from elsewhere can hold that a lesson cannot, or not as it was."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """In the order in which they are told: what is gone first, then what only looks different."""

    PICTURE = "picture"
    NOTE = "note"
    COMMENT = "comment"
    HIDDEN = "hidden"
    OTHER = "other"
    LINK = "link"
    TRACKED = "tracked"
    TABLE = "table"
    HEADING = "heading"
    LINE = "line"
    RAISED = "raised"
    COLOUR = "colour"
