"""What can be wrong in a question file: the line, and what the person who writes it can do.

One ``Problem`` names a rule of ``RULES`` and the words to fill into it. Its ``what`` is written in the
language of whoever reads it. A problem that ``stops`` makes a question unreadable; the others are
remarks: the question was read, perhaps otherwise than its author meant.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

RULES: dict[str, str] = {
    # the file
    "too_large": gettext_noop("The file is larger than %(most)s MB. Please divide it into several files."),
    "utf16": gettext_noop("The file is saved as UTF-16. Please save it again as UTF-8."),
    "unknown_letters": gettext_noop(
        "These letters are neither UTF-8 nor windows-1252. Please open the file in a text editor and save it as UTF-8."
    ),
    "windows_1252": gettext_noop(
        "The file is not UTF-8, so it was read as windows-1252. Please check its accents and save it as UTF-8."
    ),
    "control_characters": gettext_noop("A character that cannot be seen stands here and was left out."),
    # blocks
    "not_closed": gettext_noop("This { is never closed. Please write } after the last answer."),
    "not_opened": gettext_noop("This } has no { before it. Please write { before the answers, or \\} for the sign."),
    "second_block": gettext_noop(
        "A question has one pair of { and }. Please part questions by a blank line, and write \\{ and \\} for the signs"
        " themselves, as in \\{pep_window\\}."
    ),
    "blank_line_inside": gettext_noop(
        "A blank line stands inside the question. Please take it out; \\n\\n makes an empty line in a text."
    ),
    "no_blank_line": gettext_noop("Please put a blank line before this."),
    "title_not_closed": gettext_noop("A title stands between two pairs of colons, as in ::Title::."),
    "unknown_escape": gettext_noop("%(escape)s has no meaning here. Please write \\\\ for the sign \\ itself."),
    "stray_tail": gettext_noop("“%(text)s” stands after the answers. Please take it away if it does not belong there."),
    # answers
    "brace_inside": gettext_noop("Please write \\{ for the sign { inside an answer."),
    "text_before_answers": gettext_noop("Please begin each answer with = or ~. “%(text)s” has neither."),
    "empty_answer": gettext_noop("This answer has no text. Please write one, or take the sign before it away."),
    "weight": gettext_noop("“%(text)s” is no weight. Please write a number from -100 to 100, as in ~%%50%%."),
    "no_arrow": gettext_noop("“%(text)s” is part of a matching question. Please write it as = left -> right."),
    "no_right_side": gettext_noop("Please write what belongs to “%(text)s” after the arrow ->."),
    "not_a_number": gettext_noop("“%(text)s” is no number. Please write 3, 2.5, 3:0.5 or 3..4."),
    "backwards_range": gettext_noop("“%(text)s” goes backwards. Please write the smaller number first."),
    "no_numbers": gettext_noop("Please write the right number after {#, as in {#3}."),
    "lost_feedback": gettext_noop("There is no place for “%(text)s” here. Please move it to the end, after ####."),
    # items of a pack
    "no_item_id": gettext_noop("This question has no id. Please write a line above it, as in // [id:q1]."),
    "bad_id": gettext_noop("“%(text)s” is no id. Please use at most 12 of a-z, 0-9 and _, with a letter first."),
    "id_twice": gettext_noop("The id “%(text)s” stands twice. Please give one of them another."),
    "no_option_id": gettext_noop("“%(text)s” has no id. Please write a line above it, as in // a."),
    "id_of_nothing": gettext_noop("The id “%(text)s” stands above no answer."),
    "no_code": gettext_noop("This question has no code. Please begin it with one, as in ::M4-Q1::."),
    "no_use": gettext_noop("Please say what the question is for: [tag:certifying] or [tag:practice]."),
    "tag_twice": gettext_noop("“%(first)s” and “%(second)s” cannot both be true. Please keep one of the two tags."),
    "unknown_tag": gettext_noop("The tag “%(text)s” is not known here. Please take it away."),
    "wrong_form": gettext_noop("The answers are not written as a question of the kind “%(kind)s” needs them."),
    "not_a_kind": gettext_noop(
        "A pack has no questions of this form (%(form)s). It has choices, true or false, numbers, matching, ordering."
    ),
    "not_plain": gettext_noop("The questions of a pack are plain text. Please take [%(format)s] and its signs away."),
    "no_stem": gettext_noop("This question has no text."),
    "no_situation": gettext_noop("Please write the story first, then \\n\\n, then the question."),
    "half_right": gettext_noop(
        "“%(text)s” is half right. Only a question with several right answers gives part marks: please write = or ~."
    ),
    "no_right": gettext_noop("No answer is marked as right. Please write = before the right one."),
    "several_right": gettext_noop("%(count)s answers are marked as right; this kind of question has one."),
    "few_answers": gettext_noop("Please write at least %(least)s answers."),
    "weights_change": gettext_noop("The weights are written anew: each right answer counts the same."),
    "order_numbers": gettext_noop("Please number the steps 1, 2, 3 and so on, each number once."),
    "two_feedbacks": gettext_noop("“%(text)s” has two different feedbacks. Please keep one."),
    "nothing_to_mark": gettext_noop("No number is marked as right. Please write one after {#, as in {#3}."),
    "any_number": gettext_noop("A * accepts every number. Please write the numbers that are right."),
    "category_twice": gettext_noop("A pack's file names one category. “%(text)s” is not kept."),
    "comment_alone": gettext_noop("A blank line parts this comment from a question, so it is not kept."),
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file. ``line`` counts from 1."""

    line: int
    rule: str
    details: tuple[tuple[str, str], ...] = ()
    stops: bool = True

    @property
    def what(self) -> str:
        """What stands there and what to do, in the reader's language."""
        return gettext(RULES[self.rule]) % dict(self.details)

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


class Problems:
    """Collects what is found while a file is read, so that all of it is told at once."""

    def __init__(self, found: tuple[Problem, ...] = ()) -> None:
        self.found: list[Problem] = [*found]
        self.stopping = 0
        """How many were added here that make something unreadable."""

    def stop(self, line: int, rule: str, **details: object) -> None:
        """Note what makes a question unreadable."""
        self._add(line, rule, details, stops=True)

    def remark(self, line: int, rule: str, **details: object) -> None:
        """Note what was read all the same."""
        self._add(line, rule, details, stops=False)

    def _add(self, line: int, rule: str, details: dict[str, object], *, stops: bool) -> None:
        shown = tuple((name, _short(str(value))) for name, value in details.items())
        self.found.append(Problem(line, rule, shown, stops))
        self.stopping += stops

    def sorted(self) -> tuple[Problem, ...]:
        """Everything found, in the order of the file, each once."""
        return tuple(sorted(dict.fromkeys(self.found), key=lambda problem: problem.line))


def _short(text: str, most: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
