"""The parts of one item of a pack: options, steps, pairs, numbers and wrong ideas, each with its id."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain, count
from string import ascii_lowercase

from assessments.gift.answers import read_range
from assessments.gift.item_writing import OTHERWISE, SIDES, UNIT
from assessments.gift.items import (
    OPTION_KINDS,
    ExtraRight,
    Kind,
    Misconception,
    NumberRange,
    Option,
    Pair,
    Step,
)
from assessments.gift.labels import Labels, Mark, read_mark
from assessments.gift.problems import Problems
from assessments.gift.questions import (
    FULL,
    NONE,
    Choice,
    Essay,
    Matching,
    MatchingPair,
    Number,
    NumberAnswer,
    Question,
    Text,
    TrueFalse,
)

_LEAST_ANSWERS = 2


@dataclass
class Parts:
    """What stands between the braces of an item."""

    options: list[Option] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    extra_rights: list[ExtraRight] = field(default_factory=list)
    accepted: list[NumberRange] = field(default_factory=list)
    misconceptions: list[Misconception] = field(default_factory=list)
    unit: str = ""
    otherwise: str = ""
    notes: list[str] = field(default_factory=list)


def read_parts(question: Question, kind: Kind, labels: Labels, problems: Problems, *, mints_ids: bool) -> Parts:
    """Return the parts of a question read as an item of ``kind``; what does not fit is named."""
    reader = _PartsReader(question, kind, problems, mints_ids)
    answers = question.answers
    if kind in OPTION_KINDS and kind != "true_false" and isinstance(answers, Choice) and not labels.key_from:
        reader.choice(answers)
    elif kind == "true_false" and isinstance(answers, TrueFalse) and not labels.key_from:
        reader.true_false(answers)
    elif kind == "ordering" and isinstance(answers, Matching) and not labels.key_from:
        reader.ordering(answers)
    elif kind == "matching" and isinstance(answers, Matching) and not labels.key_from:
        reader.matching(answers)
    elif kind == "number" and isinstance(answers, Number):
        reader.number(answers)
    elif kind in {"number", "ordering"} and isinstance(answers, Essay) and labels.key_from:
        reader.from_fact()
    else:
        problems.stop(question.line, "wrong_form", kind=kind)
        return reader.parts
    reader.ideas_behind()
    reader.ids_once()
    return reader.parts


class _PartsReader:
    def __init__(self, question: Question, kind: Kind, problems: Problems, mints_ids: bool) -> None:
        self.question = question
        self.kind = kind
        self.problems = problems
        self.mints_ids = mints_ids
        self.parts = Parts()
        self.fresh = {
            "": chain(ascii_lowercase, map("a{}".format, count(1))),
            "m": map("m{}".format, count(1)),
        }
        self.taken = {mark.id for mark in map(read_mark, _all_comments(question)) if mark}
        self.behind_marks: list[Mark] = []
        for comment in question.inner_comments:
            if mark := read_mark(comment):
                self.behind(mark)
            else:
                self.parts.notes.append(comment)

    # ------------------------------------------------------------------ one reader for each kind

    def choice(self, answers: Choice) -> None:
        is_single = self.kind != "multiple"
        for answer in answers.answers:
            mark = self.mark_above(answer.comments, answer.text.text, answer.line)
            if is_single and answer.weight not in {FULL, NONE}:
                self.problems.stop(answer.line, "half_right", text=answer.text.text)
            self.only(mark, answer.line, "idea", "feedback")
            feedback = self.one_feedback(answer.feedback, mark, answer.line)
            self.parts.options.append(Option(mark.id, answer.text.text, answer.weight > 0, feedback, mark.idea))
        rights = [answer.weight for answer in answers.answers if answer.weight > 0]
        if is_single:
            rights = [weight for weight in rights if weight == FULL]
        if not rights:
            self.problems.stop(self.question.line, "no_right")
        elif is_single and len(rights) > 1:
            self.problems.stop(self.question.line, "several_right", count=len(rights))
        elif not is_single and max(rights) != min(rights):
            self.problems.remark(self.question.line, "weights_change")
        self.at_least(len(answers.answers))

    def true_false(self, answers: TrueFalse) -> None:
        said = {True: answers.right_feedback, False: answers.wrong_feedback}
        named = [mark for mark in self.behind_marks if mark.text]
        marks = [Mark(*side) for side in SIDES]
        if len(named) == len(SIDES):
            marks = named
        elif named:
            self.problems.stop(self.question.line, "id_of_nothing", text=named[0].id)
        for place, mark in enumerate(marks):  # an idea may be given to a side without naming the side anew
            alone = next((other for other in self.behind_marks if other.id == mark.id and not other.text), None)
            if alone is not None:
                self.behind_marks.remove(alone)
                marks[place] = replace(alone, text=mark.text)
        self.behind_marks = [mark for mark in self.behind_marks if mark not in named]
        for mark, is_right in zip(marks, (answers.is_true, not answers.is_true), strict=True):
            self.only(mark, self.question.line, "text", "idea", "feedback")
            feedback = self.one_feedback(said[is_right], mark, self.question.line)
            self.parts.options.append(Option(mark.id, mark.text, is_right, feedback, mark.idea))

    def ordering(self, answers: Matching) -> None:
        steps: list[tuple[str, Step]] = []
        for pair in answers.pairs:
            mark = self.mark_above(pair.comments, pair.left.text, pair.line)
            if not pair.left.text:
                self.problems.stop(pair.line, "empty_answer")
            self.only(mark, pair.line, "place", "feedback")
            steps.append((pair.right, Step(mark.id, pair.left.text, mark.place, mark.feedback)))
        places = [str(number) for number in range(1, len(steps) + 1)]
        if sorted(place for place, _step in steps) != sorted(places):
            self.problems.stop(self.question.line, "order_numbers")
        else:
            steps.sort(key=lambda step: int(step[0]))
        self.parts.steps = [step for _place, step in steps]
        self.at_least(len(steps))

    def matching(self, answers: Matching) -> None:
        for pair in answers.pairs:
            mark = self.mark_above(pair.comments, _shown(pair), pair.line)
            self.only(mark, pair.line, "feedback")
            if pair.left.text:
                self.parts.pairs.append(Pair(mark.id, pair.left.text, pair.right, mark.feedback))
            else:
                self.parts.extra_rights.append(ExtraRight(mark.id, pair.right, mark.feedback))
        self.at_least(len(self.parts.pairs))

    def number(self, answers: Number) -> None:
        self.parts.otherwise = answers.otherwise.text if answers.otherwise else self.parts.otherwise
        found: dict[str, Misconception] = {}
        for answer in answers.answers:
            if answer.low is None or answer.high is None:
                self.problems.stop(answer.line, "any_number")
                continue
            value = NumberRange(answer.low, answer.high)
            if answer.weight == FULL:
                self.accept(answer, value)
            elif answer.weight != NONE:
                self.problems.stop(answer.line, "half_right", text=f"%{answer.weight}%")
            else:
                mark = self.mark_above(answer.comments, f"{value.low}", answer.line, letter="m")
                self.only(mark, answer.line, "idea", "feedback")
                feedback = self.one_feedback(answer.feedback, mark, answer.line)
                before = found.get(mark.id, Misconception(mark.id, mark.idea, feedback))
                if feedback != before.feedback or (mark.idea and mark.idea != before.idea):
                    self.problems.stop(answer.line, "two_feedbacks", text=mark.id)
                found[mark.id] = replace(before, values=(*before.values, value))
        self.parts.misconceptions += found.values()
        if not self.parts.accepted:
            self.problems.stop(self.question.line, "nothing_to_mark")

    def accept(self, answer: NumberAnswer, value: NumberRange) -> None:
        self.parts.accepted.append(value)
        if answer.feedback:
            self.problems.stop(answer.line, "lost_feedback", text=answer.feedback.text)
        for comment in answer.comments:
            mark = read_mark(comment)
            if mark is None:
                self.parts.notes.append(comment)
            elif mark.is_bare:
                self.problems.stop(answer.line, "id_of_nothing", text=mark.id)
            else:
                self.misconception(mark)

    def from_fact(self) -> None:
        """What the country's fact does not say: it stands in comments, because GIFT knows no such question."""
        marks, self.behind_marks = self.behind_marks, []
        for mark in marks:
            if self.kind == "ordering" and mark.text:
                self.only(mark, self.question.line, "text", "place", "feedback")
                self.parts.steps.append(Step(mark.id, mark.text, mark.place, mark.feedback))
            elif mark.text:
                self.only(mark, self.question.line, "text", "idea", "feedback")
                values = [read_range(part.strip()) for part in mark.text.split(",")]
                if any(not isinstance(value, tuple) for value in values):
                    self.problems.stop(self.question.line, "not_a_number", text=mark.text)
                ranges = tuple(NumberRange(*value) for value in values if isinstance(value, tuple))
                self.parts.misconceptions.append(Misconception(mark.id, mark.idea, mark.feedback, ranges))
            else:
                self.behind_marks.append(mark)

    # ------------------------------------------------------------------ what all kinds share

    def mark_above(self, comments: tuple[str, ...], shown: str, line: int, *, letter: str = "") -> Mark:
        """Return the mark directly above an answer; those above it are wrong ideas, the rest are notes."""
        marks: list[Mark] = []
        for comment in comments:
            if mark := read_mark(comment):
                marks.append(mark)
            else:
                self.parts.notes.append(comment)
        for mark in marks[:-1]:
            self.misconception(mark)
        if marks:
            return marks[-1]
        if self.mints_ids:
            return Mark(self.mint(letter))
        self.problems.stop(line, "no_option_id", text=shown)
        return Mark("")

    def only(self, mark: Mark, line: int, *allowed: str) -> None:
        """Name what stands beside an id and has no place in this kind of question."""
        for name in ("text", "place", "idea", "feedback"):
            if name not in allowed and getattr(mark, name):
                self.problems.stop(line, "lost_feedback", text=getattr(mark, name))

    def one_feedback(self, said: Text | None, mark: Mark, line: int) -> str:
        """The feedback behind an answer or beside its id."""
        if said and mark.feedback and said.text != mark.feedback:
            self.problems.stop(line, "two_feedbacks", text=mark.id)
        return said.text if said else mark.feedback

    def mint(self, letter: str) -> str:
        minted = next(candidate for candidate in self.fresh[letter] if candidate not in self.taken)
        self.taken.add(minted)
        return minted

    def misconception(self, mark: Mark) -> None:
        if mark.is_bare:
            self.problems.stop(self.question.line, "id_of_nothing", text=mark.id)
        self.only(mark, self.question.line, "idea", "feedback")
        self.parts.misconceptions.append(Misconception(mark.id, mark.idea, mark.feedback))

    def behind(self, mark: Mark) -> None:
        """Take a mark that stands behind the last answer: of the whole question, or one to look at later."""
        if mark.id == UNIT and self.kind == "number":
            self.only(mark, self.question.line, "text")
            self.parts.unit = mark.text
        elif mark.id == OTHERWISE and self.kind in {"number", "ordering", "matching"}:
            self.only(mark, self.question.line, "feedback")
            self.parts.otherwise = mark.feedback
        else:
            self.behind_marks.append(mark)

    def ideas_behind(self) -> None:
        """Take what is left behind the last answer as wrong ideas in words."""
        for mark in self.behind_marks:
            self.misconception(mark)

    def at_least(self, answers: int) -> None:
        if answers < _LEAST_ANSWERS:
            self.problems.stop(self.question.line, "few_answers", least=_LEAST_ANSWERS)

    def ids_once(self) -> None:
        parts = self.parts
        times = Counter(part.id for part in parts.options)
        times.update(part.id for part in parts.steps)
        times.update(part.id for part in parts.pairs)
        times.update(part.id for part in parts.extra_rights)
        times.update(part.id for part in parts.misconceptions)
        for part_id in sorted(part_id for part_id in times if part_id and times[part_id] > 1):
            self.problems.stop(self.question.line, "id_twice", text=part_id)


def _shown(pair: MatchingPair) -> str:
    return pair.left.text or f"-> {pair.right}"


def _all_comments(question: Question) -> list[str]:
    answers = [*getattr(question.answers, "answers", ()), *getattr(question.answers, "pairs", ())]
    return [*question.inner_comments, *(comment for answer in answers for comment in answer.comments)]
