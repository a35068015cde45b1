"""A published question of every kind, in English and in Kiswahili."""

from __future__ import annotations

import json
import uuid
from typing import Any

from assessments.actions import freeze_quiz, freezing_paused
from assessments.answer_blocks import Block, choice, number, other, pair, slip, step
from assessments.grading import keyed, right_answer
from assessments.models import Question, QuestionSnippet, Quiz, QuizPage, QuizText
from assessments.sheets import asked_of
from curriculum.models import Fact, Lesson, Module
from tests.assessments.making import locale, make_quiz_page, quiz_items
from tests.factories import make_country, make_lesson, make_module

KINDS = ("single", "multiple", "true_false", "ordering", "matching", "number", "scenario")

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "stem": {
            "single": "What do you do first?",
            "multiple": "What may a mother feel?",
            "true_false": "You may promise that all will be well.",
            "ordering": "Put the first visit in order.",
            "matching": "Who helps with what?",
            "number": "For how many months does a baby need only milk?",
            "scenario": "What do you say to her?",
        },
        "story": "Amina sits outside. She has been crying.\nHer sister is waiting at the gate.",
        "options": ["Sit down and listen", "Explain everything at once", "Call her sister"],
        "steps": ["Greet her and find a quiet place", "Listen", "Ask what she knows", "Agree on the next visit"],
        "pairs": [("An injection", "The nurse"), ("A leaking roof", "The social worker"), ("Fear of a visit", "You")],
        "other": "The driver",
        "unit": "months",
        "idea": "What is behind it:",
        "why": "Why it is so.",
        "otherwise": "Look at the order once more.",
    },
    "sw": {
        "stem": {
            "single": "Unafanya nini kwanza?",
            "multiple": "Mama anaweza kuhisi nini?",
            "true_false": "Unaweza kuahidi kwamba yote yatakuwa sawa.",
            "ordering": "Panga ziara ya kwanza kwa utaratibu.",
            "matching": "Nani anasaidia na nini?",
            "number": "Mtoto anahitaji maziwa tu kwa miezi mingapi?",
            "scenario": "Unamwambia nini?",
        },
        "story": "Amina ameketi nje. Amekuwa akilia.\nDada yake anasubiri langoni.",
        "options": ["Keti naye na usikilize", "Eleza kila kitu kwa mara moja", "Mwite dada yake"],
        "steps": ["Msalimu na utafute mahali patulivu", "Sikiliza", "Uliza anajua nini", "Mkubaliane ziara ijayo"],
        "pairs": [("Sindano", "Muuguzi"), ("Paa linalovuja", "Afisa wa ustawi wa jamii"), ("Hofu ya ziara", "Wewe")],
        "other": "Dereva",
        "unit": "miezi",
        "idea": "Kilicho nyuma yake:",
        "why": "Sababu yake.",
        "otherwise": "Angalia utaratibu tena.",
    },
}


def part(question: Question, name: str) -> str:
    """The identity of a part of an answer, by a name that tests can use."""
    return str(uuid.uuid5(question.uuid, name))


def blocks_of(question: Question, kind: str, words: dict[str, Any]) -> list[Block]:
    idea = words["idea"]
    if kind == "ordering":
        return [
            step(part(question, f"s{n}"), text, f"{idea} s{n}" if n == 3 else "")
            for n, text in enumerate(words["steps"])
        ]
    if kind == "matching":
        return [
            *(
                pair(part(question, f"l{n}"), left, part(question, f"r{n}"), right, f"{idea} l{n}")
                for n, (left, right) in enumerate(words["pairs"])
            ),
            other(part(question, "o"), words["other"], f"{idea} o"),
        ]
    if kind == "number":
        return [
            number(part(question, "n"), "6"),
            slip(part(question, "early"), "3", "4", feedback=f"{idea} 3-4"),
            slip(part(question, "late"), "12", feedback=f"{idea} 12"),
        ]
    options = words["options"][:2] if kind == "true_false" else words["options"]
    right = 2 if kind == "multiple" else 1
    return [
        choice(part(question, f"c{n}"), text, is_right=n < right, feedback=f"{idea} c{n}")
        for n, text in enumerate(options)
    ]


def write_question(
    module: Module, kind: str, *, code: str, language: str = "en", lesson: Lesson | None = None, **fields: Any
) -> Question:
    """Publish a question of ``kind`` in ``language``; ``blocks`` stand for its answers."""
    words = WORDS[language]
    question = Question.objects.get_or_create(
        code=code, defaults={"module": module, "uuid": uuid.uuid5(uuid.NAMESPACE_URL, code)}
    )[0]
    blocks = fields.pop("blocks", None)
    own = {
        "scenario": {"story": words["story"]},
        "number": {"unit": words["unit"]},
        "ordering": {"otherwise": words["otherwise"]},
    }
    snippet = QuestionSnippet(
        question=question,
        locale=locale(language),
        translation_key=uuid.uuid5(question.uuid, "text"),
        kind=kind,
        look_again=lesson,
        **{"use": "practice", "stem": words["stem"][kind], "why": words["why"]} | own.get(kind, {}) | fields,
    )
    snippet.choices = json.dumps(blocks_of(question, kind, words) if blocks is None else blocks)
    snippet.full_clean()
    snippet.save()
    snippet.save_revision().publish()
    return question


def make_every_kind(
    code: str = "M4", *, kinds: tuple[str, ...] = KINDS, languages: tuple[str, ...] = ("en",), **fields: Any
) -> Quiz:
    """A published quiz with a practice and a certifying question of each of ``kinds``, the latter worth the same."""
    if not Module.objects.filter(code=code).exists():
        make_country()
    module = Module.objects.filter(code=code).first() or make_module(code)
    lesson = module.lessons.first() or make_lesson(module)
    quiz = Quiz.objects.get_or_create(module=module)[0]
    with freezing_paused():
        for language in languages:
            questions = [
                write_question(
                    module,
                    kind,
                    code=f"{code}-{use[0].upper()}{n}",
                    language=language,
                    lesson=lesson,
                    use=use,
                    **fields,
                )
                for use in ("practice", "certifying")
                for n, kind in enumerate(kinds)
            ]
            page = QuizPage.objects.filter(quiz=quiz, locale=locale(language)).first()
            if page:
                page.items = quiz_items(questions)
                page.save_revision().publish()
            else:
                make_quiz_page(quiz, questions, language=language)
    freeze_quiz(quiz)
    return quiz


def make_number_from(country_key: str, module: Module, *, code: str = "M4-K", **fields: Any) -> Question:
    """A question whose right number is the country's value of ``country_key``."""
    fact = Fact.objects.get_or_create(key=country_key)[0]
    return write_question(module, "number", code=code, key_from=fact, blocks=[], **fields)


def right_answers(text: QuizText, use: str = "practice") -> dict[str, Any]:
    """The right answer to each question of ``use`` that its country is asked."""
    asked = asked_of(text, use)
    return {
        item["question"]: right_answer(keyed(item, text.keys))
        for item in text.version.structure["items"]
        if item["question"] in asked
    }


def as_sent(answers: dict[str, Any]) -> dict[str, Any]:
    """``answers`` as a page without script sends them."""
    sent: dict[str, Any] = {}
    for question, answer in answers.items():
        if isinstance(answer, dict):
            sent |= {f"q-{question}.{left}": side for left, side in answer.items()}
        elif isinstance(answer, list) and question in _ordered():
            sent |= {f"q-{question}.{one}": str(place) for place, one in enumerate(answer, start=1)}
        else:
            sent[f"q-{question}"] = answer
    return sent


def _ordered() -> set[str]:
    return {str(snippet.question.uuid) for snippet in QuestionSnippet.objects.filter(kind="ordering")}
