"""The questions of a pack: ``questions.gift`` beside the lessons of a module, read and brought in with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings

from assessments.gift.item_reading import read_items
from assessments.gift.item_writing import write_items
from assessments.gift.items import Item
from assessments.gift.places import PLACES, in_words, place_in
from curriculum.packs.model import Module, Pack, Problems, String

if TYPE_CHECKING:
    from curriculum.packs.parts import Said

FILE = "questions.gift"
LEAST = {"certifying": 8, "practice": 5}  # the issue of the packs: at least 8 and 5 a module
_NOTES = {
    "situation": "a story before a question",
    "stem": "a question",
    "why": "why the right answer is right",
    "unit": "the unit of a number",
    "otherwise": "said when nothing else explains an answer",
    "feedback": "what is behind an answer",
    "idea": "a wrong idea, for trainers",
    "left": "left side of a pair",
    "right": "what goes with it",
}


@dataclass
class Questions:
    """The questions of a module in their order. ``lines`` says where each stands in its file, ``text``."""

    items: tuple[Item, ...] = ()
    category: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    text: str = field(default="", compare=False)


class QuestionsPart:
    """What ``curriculum.packs.parts`` asks of a part."""

    name = "questions"
    files = (FILE,)

    def read(self, texts: Mapping[str, str], module: Module, problems: Problems) -> Questions:
        """The questions in ``questions.gift``. What cannot be read keeps the file as it is."""
        file = module.file(FILE)
        text = texts[FILE]
        reading = read_items(text.encode())
        only_ids_are_missing = not reading.is_whole and read_items(text.encode(), mints_ids=True).is_whole
        for problem in reading.problems:
            if not problem.stops:
                problems.warn(file, problem.line, "", problem.what)
            elif only_ids_are_missing:
                problems.error(file, problem.line, "", problem.what, is_fixable=True)
            else:
                problems.unreadable(file, problem.line, problem.what)
        return Questions(tuple(reading.items), reading.category, reading.lines, text)

    def write(self, value: Questions) -> Mapping[str, str]:
        """The file in the one form there is."""
        return {FILE: write_items(value.items, category=value.category)}

    def minted(self, value: Questions) -> Questions:
        """The next free id for every question and answer that has none."""
        reading = read_items(value.text.encode(), mints_ids=True)
        return Questions(reading.items, reading.category, reading.lines) if value.text and reading.is_whole else value

    def strings(self, value: Questions, module: Module) -> Iterator[String]:
        """Everything that is translated; keys begin with the id of the question (``q1.stem``)."""
        file = module.file(FILE)
        for item in value.items:
            for key, text in item.strings():
                name = key.rpartition(".")[2]
                note = _NOTES.get(name) or _note_of_text(item, key)
                yield String(f"{item.id}.{key}", text, note=note, file=file, line=value.lines.get(item.id, 0))

    def check(self, value: Questions, module: Module, pack: Pack, problems: Problems) -> None:
        """Codes, lessons, facts and numbers of questions."""
        file = module.file(FILE)
        lessons = {lesson.id for lesson in module.lessons}
        codes = Counter(item.code for other in pack.modules for item in _items_of(other))
        for item in value.items:
            line = value.lines.get(item.id, 0)
            if codes[item.code] > 1:
                problems.error(file, line, item.id, f"the code {item.code} stands twice in the pack")
            if not item.code.startswith(f"{module.code}-"):
                problems.error(file, line, item.id, f"the code of a question begins with {module.code}-")
            if item.lesson not in lessons:
                problems.error(
                    file, line, item.id, f"no lesson {item.lesson}" if item.lesson else "no lesson to look at again"
                )
            for key in sorted({*item.needs, *([item.key_from] if item.key_from else [])} - pack.fact_keys):
                problems.error(file, line, item.id, f"unknown fact {key}")
            for key in sorted(item.placeholders() - set(item.needs)):
                if item.key_from == key:
                    problems.warn(
                        file, line, item.id, f"it needs the value of {key} and does not say so: [tag:needs {key}]"
                    )
            for what in _about_steps(item, pack):
                problems.error(file, line, item.id, what)
            if item.use == "certifying" and item.is_critical and not item.why:
                problems.error(file, line, item.id, "a safety question says why")
        for use, least in LEAST.items():
            count = sum(item.use == use for item in value.items)
            if count < least:
                problems.warn(file, 0, "", f"{count} {use} questions; at least {least} is the aim")

    def count(self, value: Questions) -> Mapping[str, int]:
        """How many there are, of which sort."""
        return {
            "questions": len(value.items),
            "questions_certifying": sum(item.use == "certifying" for item in value.items),
            "questions_critical": sum(item.is_critical for item in value.items),
            "questions_practice": sum(item.use == "practice" for item in value.items),
        }

    def pieces(self, value: Questions) -> Mapping[str, str]:
        """Each question as it is written, without what only the pack knows of it (facts, remarks, ideas)."""
        return {item.id: write_items([_in_the_bank(item)]).strip() for item in value.items}

    def picked(self, pack: Questions, desk: Questions | None, chosen: Sequence[tuple[str, bool]]) -> Questions:
        """The questions of ``chosen``, each from where it says."""
        theirs = {item.id: item for item in pack.items}
        mine = {item.id: item for item in desk.items} if desk else {}
        items = tuple(theirs[name] if takes_pack else mine[name] for name, takes_pack in chosen)
        return Questions(items, pack.category, pack.lines)

    def bring_in(
        self, value: Questions, module: Module, texts: Mapping[str, Mapping[str, str]], stays: Collection[str]
    ) -> tuple[int, list[str]]:
        """Make or refresh the questions and the quiz; return how many texts were published, and which were not."""
        from assessments.actions.importing import import_questions  # noqa: PLC0415 -- text is checked without a database

        result = import_questions(module.code, value.items, texts, stays=stays, translations=module.translations)
        return result.published, result.left_out

    def drafts(self, module_code: str, value: Questions) -> Collection[str]:
        """The questions with a draft that is not published."""
        from assessments.models import QuestionSnippet  # noqa: PLC0415 -- the same

        codes = QuestionSnippet.objects.filter(
            question__module__code=module_code, locale__language_code=settings.LANGUAGE_CODE
        )
        written = set(codes.filter(has_unpublished_changes=True).values_list("question__code", flat=True))
        return {item.id for item in value.items if item.code in written}

    def take_out(self, value: Questions | None, module: Module, said: Said) -> Questions:
        """The questions as they are published now."""
        from assessments.actions.exporting import export_questions  # noqa: PLC0415 -- the same

        value = value or Questions()
        return Questions(tuple(export_questions(module.code, value.items, said)), value.category)


def _in_the_bank(item: Item) -> Item:
    """``item`` with what a question bank holds of it, and no more: the rest is the pack's own."""
    options = tuple(replace(option, idea="") for option in item.options)
    steps = tuple(
        replace(step, place=in_words(place) if item.key_from and (place := place_in(step.place)) else "")
        for step in item.steps
    )
    shown = tuple(replace(slip, idea="") for slip in item.misconceptions if item.kind == "number" and slip.values)
    return replace(item, facts=(), needs=(), notes=(), options=options, steps=steps, misconceptions=shown)


def _about_steps(item: Item, pack: Pack) -> Iterator[str]:
    """What is wrong with an order whose steps are a country's."""
    if item.kind != "ordering" or not item.key_from:
        return
    fact = pack.facts.get("facts", {}).get(item.key_from)
    kind = fact.get("kind", "text") if isinstance(fact, dict) else "text"
    if fact is not None and kind != "times":
        yield f'only times can be put in order; {item.key_from} is of the kind "{kind}"'
    for step in item.steps:
        if not place_in(step.place):
            known = ", ".join(f'"{words}"' for words in PLACES.values())
            yield f"step {step.id} does not say where it stands; write after -> one of {known}"


def _items_of(module: Module) -> tuple[Item, ...]:
    found: Any = module.parts.get(QuestionsPart.name)
    return found.items if found else ()


def _note_of_text(item: Item, key: str) -> str:
    for option in item.options:
        if key == f"{option.id}.text":
            return "an answer, right" if option.is_right else "an answer, not right"
    return "a step, in order" if item.kind == "ordering" else "something to choose"
