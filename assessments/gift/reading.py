"""Read a GIFT file: bytes in, questions and everything that is wrong out. Bad input raises nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from assessments.gift.answers import Comments, read_answers, read_text
from assessments.gift.blocks import CATEGORY, blocks, decoded, lines_of
from assessments.gift.marked import Line, Piece, Source
from assessments.gift.problems import Problem, Problems
from assessments.gift.questions import (
    DEFAULT_FORMAT,
    Answers,
    Category,
    Comment,
    Description,
    Entry,
    Question,
    Text,
)
from assessments.gift.tidying import take_id_and_tags

_GENERAL = "####"


@dataclass(frozen=True)
class Reading:
    """What a file says. A question with a problem that stops is not among ``entries``."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    encoding: str

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions without the categories and lone comments between them."""
        return tuple(entry for entry in self.entries if isinstance(entry, Question))

    @property
    def is_whole(self) -> bool:
        """Whether every question of the file could be read."""
        return not any(problem.stops for problem in self.problems)


def read(data: bytes, *, joins_lines: bool = False) -> Reading:
    """Read a whole file.

    With ``joins_lines`` a line break of the file inside a text is a space, so that an author may wrap
    long lines; without it the break is kept, as Moodle keeps it. ``\\n`` is a line break either way.
    """
    problems = Problems()
    text, encoding = decoded(data, problems)
    entries: list[Entry] = []
    for block in blocks(lines_of(text, problems), problems):
        entry = _read_block(block, joins_lines, problems)
        if entry is not None:
            entries.append(entry)
    return Reading(tuple(entries), problems.sorted(), encoding)


def _read_block(block: list[Line], joins_lines: bool, problems: Problems) -> Entry | None:
    words = [line for line in block if not line[1].startswith("//")]
    if words and words[0][1].startswith(CATEGORY):  # a path is no text: nothing is escaped in it
        above = tuple(_said(line) for line in block if line not in words)
        return Category(words[0][1].removeprefix(CATEGORY), above, words[0][0])
    source = Source(block, joins_lines=joins_lines, problems=problems)
    comments: Comments = deque((place, _said(line)) for place, line in source.comments)
    if not words:
        lone = Comment(tuple(text for _place, text in comments), block[0][0])
        return lone if lone.lines else None
    return _read_question(source, comments, problems)


def _said(line: Line) -> str:
    return line[1].removeprefix("//").strip()


def _read_question(source: Source, comments: Comments, problems: Problems) -> Question | None:
    id_number, tags = take_id_and_tags([text for _place, text in comments])
    piece = source.whole()
    line = piece.line
    title, piece = _take_title(piece, problems)
    stem, inside, tail = piece, None, None
    if (opened := piece.find("{")) >= 0:
        closed = piece.find("}")
        stem, inside, tail = piece.cut(0, opened), piece.cut(opened + 1, closed).stripped(), piece.cut(closed + 1)
        for sign, rule in (("{", "second_block"), ("}", "not_opened")):
            if (place := tail.find(sign)) >= 0:
                problems.stop(tail.cut(place).line, rule)
                return None
    text = read_text(stem, DEFAULT_FORMAT)
    general: Text | None = None
    answers: Answers | None = Description()
    above = tuple(said for place, said in comments if inside is None or place <= stem.end)
    rest = deque(list(comments)[len(above) :])
    if inside is not None:
        if (place := inside.signs.rfind(_GENERAL)) >= 0:
            general = read_text(inside.cut(place + len(_GENERAL)), text.format)
            inside = inside.cut(0, place).stripped()
        answers = read_answers(inside, rest, text.format, problems)
    if answers is None:
        return None
    return Question(
        stem=text,
        answers=answers,
        title=title,
        tail=_tail(tail, problems),
        general_feedback=general,
        id_number=id_number,
        tags=tags,
        comments=above,
        inner_comments=tuple(said for _place, said in rest),
        line=line,
    )


def _take_title(piece: Piece, problems: Problems) -> tuple[str, Piece]:
    if not piece.signs.startswith("::"):
        return "", piece
    rest = piece.cut(2)
    if (end := rest.find("::")) < 0:
        problems.remark(piece.line, "title_not_closed")
        return "", rest
    return rest.cut(0, end).value, rest.cut(end + 2).stripped()


def _tail(tail: Piece | None, problems: Problems) -> str:
    """What stands after the answers: the rest of a sentence, its full stop, or something left by mistake."""
    if not tail:
        return ""
    value = tail.value
    if value not in {".", "?", "!", "…"} and not any(letter.isalnum() for letter in value):
        problems.remark(tail.stripped().line, "stray_tail", text=value)
    return value
