"""The published questions of a module become the questions of a pack again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from wagtail.models import Locale

from assessments.actions.importing import can_be_asked, choice_uuid
from assessments.gift.items import ExtraRight, Item, Misconception, NumberRange, Option, Pair, Step
from assessments.gift.places import in_words
from assessments.models import Question, QuestionSnippet, QuizPage
from curriculum.exporting import Translated
from curriculum.models import LessonPage
from curriculum.packs import ids

if TYPE_CHECKING:
    from curriculum.packs.parts import Said

WORDS = {
    "choice": ("text", "feedback"),
    "step": ("text", "feedback"),
    "placed": ("text", "feedback"),
    "other": ("text", "feedback"),
    "slip": ("feedback",),
}
PAIR_WORDS = (("text", "left"), ("goes_with", "right"), ("feedback", "feedback"))


def export_questions(code: str, before: Sequence[Item], said: Said) -> list[Item]:
    """The questions of the module ``code`` that its quiz chooses, in its order, and those of ``before`` that wait.

    What no question holds (facts, remarks, wrong ideas in words) is taken from ``before``. A question that was written
    at the desk gets an id; on another installation it is another question, and so are its answers.
    """
    locale = Locale.get_default()
    page = QuizPage.objects.filter(quiz__module__code=code, locale=locale, live=True).first()
    chosen = [block.value["question"] for block in page.items if block.value["question"]] if page else []
    snippets = {
        snippet.question_id: snippet
        for snippet in QuestionSnippet.objects.filter(question__in=chosen, locale=locale, live=True)
        .select_related("question", "key_from", "look_again")
        .order_by("pk")
    }
    slugs = dict(LessonPage.objects.filter(lesson__module__code=code, locale=locale).values_list("lesson_id", "slug"))
    known = {item.code: item for item in before}
    found = {item.code: item for item in before if not can_be_asked(item)}
    for question in chosen:
        if question.pk in snippets:
            item = known.get(question.code) or _new(question, snippets[question.pk], [*before, *found.values()])
            found[question.code] = _item(snippets[question.pk], item, slugs, said)
    order = [item.code for item in before] + [question.code for question in chosen]
    return [found[name] for name in dict.fromkeys(order) if name in found]


def _new(question: Question, snippet: QuestionSnippet, taken: Sequence[Item]) -> Item:
    letter = "q" if snippet.use == "certifying" else "t"
    name = ids.next_number(letter, [item.id for item in taken])
    return Item(id=name, code=question.code, use=snippet.use, kind=snippet.kind, stem=snippet.stem)  # type: ignore[arg-type]


def _item(snippet: QuestionSnippet, before: Item, slugs: dict[int, str], said: Said) -> Item:
    answers = _Answers(snippet, before)
    item = replace(
        before,
        use=snippet.use,  # type: ignore[arg-type]
        kind=snippet.kind,  # type: ignore[arg-type]
        is_critical=snippet.is_critical,
        stem=snippet.stem,
        situation=snippet.story,
        unit=snippet.unit,
        otherwise=snippet.otherwise,
        why=snippet.why,
        key_from=snippet.key_from.key if snippet.key_from else "",
        lesson=slugs.get(snippet.look_again_id or 0, ""),
        options=tuple(answers.options),
        steps=tuple(answers.steps),
        pairs=tuple(answers.pairs),
        extra_rights=tuple(answers.others),
        accepted=tuple(answers.accepted),
        misconceptions=tuple(answers.slips),
    )
    there = dict(item.strings())
    translated = Translated(snippet)
    for key, path in [
        ("stem", "stem"),
        ("situation", "story"),
        ("unit", "unit"),
        ("otherwise", "otherwise"),
        ("why", "why"),
        *answers.places,
    ]:
        if key in there:
            translated.tell(said, f"{item.id}.{key}", path, there[key])
    return item


class _Answers:
    """The answers of a question with the ids that a pack knows them by."""

    def __init__(self, snippet: QuestionSnippet, before: Item) -> None:
        self.question, self.before = snippet.question, before
        things: list[Any] = [*before.options, *before.steps, *before.pairs, *before.extra_rights]
        self.known = {choice_uuid(self.question, thing.id): thing for thing in things}
        self.taken = [thing.id for thing in things] + [slip.id for slip in before.misconceptions]
        self.places: list[tuple[str, str]] = []
        self.options: list[Option] = []
        self.steps: list[Step] = []
        self.pairs: list[Pair] = []
        self.others: list[ExtraRight] = []
        self.accepted: list[NumberRange] = []
        self.slips: list[Misconception] = []
        slips: dict[str, list[NumberRange]] = {}
        feedback: dict[str, str] = {}
        for block in snippet.choices:
            self._take(block, slips, feedback)
        self.slips = list(self._misconceptions(slips, feedback))

    def _take(self, block: Any, slips: dict[str, list[NumberRange]], feedback: dict[str, str]) -> None:
        value, kind = block.value, block.block_type
        if kind == "number":
            self.accepted.append(_range(value))
            return
        name = (
            self._slip_id(value["choice"]) if kind == "slip" else self._id(value["choice"], value.get("text", ""), kind)
        )
        if kind == "choice":
            idea = getattr(self.known.get(value["choice"]), "idea", "")
            self.options.append(Option(name, value["text"], bool(value["is_right"]), value["feedback"], idea))
        elif kind == "step":
            place = getattr(self.known.get(value["choice"]), "place", "")
            self.steps.append(Step(name, value["text"], place, value["feedback"]))
        elif kind == "placed":
            place = in_words(value["place"], getattr(self.known.get(value["choice"]), "place", ""))
            self.steps.append(Step(name, value["text"], place, value["feedback"]))
        elif kind == "pair":
            self.pairs.append(Pair(name, value["text"], value["goes_with"], value["feedback"]))
        elif kind == "other":
            self.others.append(ExtraRight(name, value["text"], value["feedback"]))
        else:
            slips.setdefault(name, []).append(_range(value))
            feedback[name] = value["feedback"]
        words = PAIR_WORDS if kind == "pair" else [(word, word) for word in WORDS[kind]]
        self.places += [(f"{name}.{key}", f"choices.{block.id}.{word}") for word, key in words]

    def _id(self, identity: str, text: str, kind: str) -> str:
        thing = self.known.get(identity)
        if thing is not None:
            return thing.id
        # The id of a step or a pair must not say its place: it stands on phones.
        name = ids.next_letter(self.taken) if kind == "choice" else ids.mint(text, self.taken)
        self.taken.append(name)
        return name

    def _slip_id(self, identity: str) -> str:
        for slip in self.before.misconceptions:
            for place in range(1, len(slip.values) + 1):
                if choice_uuid(self.question, f"{slip.id}/{place}") == identity:
                    return slip.id
        name = ids.next_number("m", self.taken)
        self.taken.append(name)
        return name

    def _misconceptions(self, slips: dict[str, list[NumberRange]], feedback: dict[str, str]) -> Iterator[Misconception]:
        """Those that a number shows, as they are now; those in words, as they were."""
        for slip in self.before.misconceptions:
            if self.before.kind != "number" or not slip.values:
                yield slip
            elif slip.id in slips:
                yield Misconception(slip.id, slip.idea, feedback[slip.id], tuple(slips.pop(slip.id)))
        for name, values in slips.items():
            yield Misconception(name, "", feedback[name], tuple(values))


def _range(value: Any) -> NumberRange:
    lowest = Decimal(value["lowest"])
    return NumberRange(lowest, Decimal(value["highest"]) if value["highest"] else lowest)
