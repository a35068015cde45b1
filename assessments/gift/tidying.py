"""The shape in which texts and comment lines are kept, so that a file read again says the same."""

from __future__ import annotations

import re

_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff]")

MOST_LETTERS_OF_A_LABEL = 255
ID_OR_TAG = re.compile(rf"\[(id|tag):((?:\\\]|[^\]]){{1,{MOST_LETTERS_OF_A_LABEL}}})\]")
"""``[id:...]`` and ``[tag:...]`` as Moodle 4 writes them into a comment; ``\\]`` is a bracket inside."""


def tidy(text: str) -> str:
    """Return ``text`` as packs keep it.

    Line ends are ``\\n``; nothing white stands at its two ends or at the ends of a line; control
    characters, byte order marks and halves of characters are gone. Blank lines inside stay.
    """
    text = without_unseen(text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def without_unseen(text: str) -> str:
    """Return ``text`` without the characters that no text file should hold."""
    return _NOT_IN_TEXT.sub("", text)


def tidy_line(text: str) -> str:
    """Return ``text`` tidy and on one line."""
    return " ".join(tidy(text).split())


def tidy_comment(comment: str) -> str:
    """Return one comment line as it can be read again: on one line, without any id or tag in brackets."""
    comment = ID_OR_TAG.sub("", tidy(comment).replace("\n", " ")).strip()
    if ID_OR_TAG.search(comment):  # what stood around a label makes another one: it was none before
        comment = comment.replace("[id:", "(id:").replace("[tag:", "(tag:")
    return comment


def tidy_comments(comments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the comment lines that say something, each tidy."""
    return tuple(tidied for comment in comments if (tidied := tidy_comment(comment)))


def tidy_label(label: str) -> str:
    """Return an id or tag as the brackets of a comment can hold it."""
    return re.sub(r"\\+(?=\]|$)", "", tidy_line(label)[:MOST_LETTERS_OF_A_LABEL]).strip()


def tidy_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids or tags that say something, each once."""
    return tuple(dict.fromkeys(tidied for label in labels if (tidied := tidy_label(label))))


def take_id_and_tags(comments: list[str]) -> tuple[str, tuple[str, ...]]:
    """Return ``(id number, tags)`` found in comment lines. Of several ids the first counts, as in Moodle."""
    labels = [
        (kind, text)
        for comment in comments
        for kind, raw in ID_OR_TAG.findall(comment)
        if (text := tidy_label(raw.replace("\\]", "]")))
    ]
    ids = [text for kind, text in labels if kind == "id"]
    return (ids[0] if ids else ""), tidy_labels(tuple(text for kind, text in labels if kind == "tag"))


def bracketed(kind: str, label: str) -> str:
    """Return ``[id:...]`` or ``[tag:...]`` for a tidy label."""
    return f"[{kind}:{label.replace(']', chr(92) + ']')}]"
