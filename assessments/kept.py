"""What a phone keeps of quizzes and practices: sheets, the key of what may be practised, tries and results.

The key of a certifying question never leaves the server. Its words do, with a try of hers, in her own state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from assessments.actions import AlreadyPassed, NothingToAnswer, NoTriesLeft, open_ticket
from assessments.changed_rules import why_not_counted
from assessments.forms import AttemptForm, ObservationForm
from assessments.grading import Item, Keys, keyed, right_ids, right_order, right_pairs
from assessments.hearing import marks_of_quiz, said_of_result
from assessments.models import Attempt, ChecklistText, Observation, QuizText, QuizVersion, Ticket
from assessments.practice import last_observations_of, steps_of
from assessments.reading import language_note, sheet_words
from assessments.results import results_of
from assessments.sheets import asked_of, items_of, sheet
from assessments.tries import tries_by_quiz
from curriculum.listening.playing import Sounds, sounds_by_language
from curriculum.listening.texts import spoken_hash
from offline import pages
from offline.packs import MayNotLeave
from programme.scope import Study, current_study

A_FIXED_ORDER = 0
"""A pack is the same for everybody; practice has no try whose seed could mix the answers."""


class KeyWouldLeave(MayNotLeave):
    """A pack would hold what certifies: nothing of it is handed out."""


def practice_sheet(text: QuizText, languages: Sequence[str], sounds: Sounds) -> str:
    """The practice questions of ``text`` as a page, marked with what can be heard; empty when it has none."""
    items = asked_of(text, "practice")
    if not items:
        return ""
    form = AttemptForm(sheet=sheet(text, items, A_FIXED_ORDER))
    return pages.draw("assessments/quiz_sheet.html", sheet_words(form, None, languages) | {"sounds": sounds})


def practice_key(text: QuizText) -> dict[str, Any]:
    """What marks the practice questions of ``text`` on the phone, and what it says of each choice.

    ``right`` has the shape of the kind: ids, steps in order, ``{left: right}``, or ranges ``[from, to]`` of numbers,
    beside which ``slips`` say what is behind ``[from, to]``. ``choices`` is what is said of each part, right sides too.
    """
    asked = set(asked_of(text, "practice"))
    return {
        item["question"]: _key_of(keyed(item, text.keys), text.content[item["question"]])
        for item in text.version.structure["items"]
        if item["question"] in asked
    }


def _key_of(item: Item, words: Mapping[str, Any]) -> dict[str, Any]:
    key: dict[str, Any] = {"why": words["why"]}
    if words.get("otherwise"):
        key["otherwise"] = words["otherwise"]
    if item["kind"] == "number":
        ranges = [(one, [one["from"], one["to"]]) for one in item["choices"]]
        return key | {
            "right": [both for one, both in ranges if one["is_right"]],
            "slips": [[*both, words["choices"][one["id"]]["feedback"]] for one, both in ranges if not one["is_right"]],
        }
    said = words["choices"] | words.get("sides", {})
    key["choices"] = {part: each["feedback"] for part, each in said.items()}
    if item["kind"] == "ordering":
        return key | {"right": right_order(item)}
    if item["kind"] == "matching":
        return key | {"right": right_pairs(item)}
    return key | {"right": sorted(right_ids(item))}


def check_that_no_key_leaves(version: QuizVersion, packed: str, keys: Keys | None = None) -> None:
    """Raise ``KeyWouldLeave`` when ``packed`` names a certifying question of ``version`` or a choice of one.

    ``keys``: those of the text that is packed, whose country may put in steps of its own.
    """
    if set(items_of(version, "practice")) & set(items_of(version, "certifying")):
        raise KeyWouldLeave("a question is for practice and certifies")
    for item in version.structure["items"]:
        if item["use"] != "practice":
            parts = [*item["choices"], *item.get("sides", ())]
            parts += keyed(item, keys or {})["choices"]
            names = [item["question"], *(part["id"] for part in parts if part["id"])]
            if any(name in packed for name in names):
                raise KeyWouldLeave("a certifying question is among what may be practised")


def checklist_page(text: ChecklistText, languages: Sequence[str]) -> str:
    """What an observer looks for, to read; what was seen of her is not in a pack."""
    words = {
        "text": text,
        "module": text.version.module,
        "steps": steps_of(text),
        "language_note": language_note(text.language, languages),
    }
    return pages.draw("assessments/practice.html", words)


def checklist_sheet(text: ChecklistText, languages: Sequence[str], *, act: str = "signoff") -> str:
    """The checklist to fill in and sign on a phone. ``act`` is what the last form does there: ``signoff``, on the
    learner's own phone, asks for work name and signing PIN; any other act is signed by a tap, on one's own phone."""
    words = {
        "form": ObservationForm(text=text),
        "text": text,
        "module": text.version.module,
        "outcomes": Observation.Outcome.choices,
        "settings_of_practice": Observation.Setting.choices,
        "language_note": language_note(text.language, languages),
        "act": act,
        "by_pin": act == "signoff",
    }
    return pages.draw("assessments/practice_sign.html", words)


def practices_for(owner: Any) -> list[dict[str, Any]]:
    """What was seen last of each practice of hers, as she reads it. Four queries, or two without any."""
    study = current_study(owner)
    if study is None:
        return []
    return [
        {
            "place": seen.observation.module.slug,
            "client_uuid": str(seen.observation.client_uuid),
            "is_signed_off": seen.observation.is_signed_off,
            "words": seen.verdict,
            "html": pages.draw("assessments/observation.html", {"one": seen}),
        }
        for seen in last_observations_of(study.term, study.languages)
    ]


def open_tries(owner: Any, places: Sequence[str]) -> None:
    """She keeps ``places``: open her try of each quiz there that she may still certify."""
    study = current_study(owner)
    if study is None:
        return
    texts = QuizText.objects.read_on(study.release).in_best_language(study.languages, study.country)
    found: dict[int, QuizText] = {}
    codes = [place.upper() for place in places]
    for text in (
        texts.filter(version__quiz__module__code__in=codes, version__quiz__module__strand__curriculum=study.curriculum)
        .select_related("version__quiz")
        .defer("content")
    ):
        found.setdefault(text.version.quiz_id, text)
    for text in found.values():
        with suppress(AlreadyPassed, NoTriesLeft, NothingToAnswer):
            open_ticket(term=study.term, quiz=text.version.quiz, now=timezone.now(), text=text)


def tickets_of(owner: Any) -> list[dict[str, Any]]:
    """Her open tries with their questions, for quizzes that she may still certify. Five queries, or one without any."""
    study = current_study(owner)
    if study is None:
        return []
    tries = tries_by_quiz(study.term, timezone.now()).values()
    tickets = [one.open_ticket for one in tries if one.open_ticket and one.left and not one.is_passed]
    versions = {ticket.version_id for ticket in tickets}
    texts: dict[int, QuizText] = {}
    in_best = QuizText.objects.read_on(study.release).in_best_language(study.languages, study.country)
    for text in in_best.filter(version__in=versions):
        texts.setdefault(text.version_id, text)
    sounds = sounds_of_quizzes(texts.values())
    for ticket in tickets:
        if ticket.version_id in texts:
            texts[ticket.version_id].version = ticket.version
    open_now = [ticket for ticket in tickets if _is_open(ticket, texts.get(ticket.version_id))]
    return sorted(
        (_ticket(ticket, texts[ticket.version_id], study, sounds) for ticket in open_now),
        key=lambda ticket: ticket["place"],
    )


def sounds_of_quizzes(texts: Iterable[QuizText]) -> dict[str, Sounds]:
    """What a phone may play of these quizzes, by language. One query."""
    marks: dict[str, set[str]] = {}
    for text in texts:
        marks.setdefault(text.language, set()).update(marks_of_quiz(text))
    return sounds_by_language(marks)


def _is_open(ticket: Ticket, text: QuizText | None) -> bool:
    """Whether her country can be asked it, as its values stand."""
    return text is not None and not text.is_closed and bool(text.asks(ticket.items))


def _ticket(ticket: Ticket, text: QuizText, study: Study, sounds: Mapping[str, Sounds]) -> dict[str, Any]:
    form = AttemptForm(sheet=sheet(text, ticket.items, ticket.seed))
    return {
        "place": ticket.version.quiz.module.slug,
        "ticket": str(ticket.uuid),
        "text": text.content_hash,
        "language": text.language,
        "expires_at": ticket.expires_at.isoformat(),
        "html": pages.draw(
            "assessments/quiz_sheet.html",
            sheet_words(form, ticket, study.languages) | {"sounds": sounds[text.language]},
        ),
    }


def results_for(owner: Any) -> list[dict[str, Any]]:
    """Her last certifying sitting of each quiz, as she reads it. Eight queries, or one without any sitting.

    Practice is not among them: the phone itself says at once what was right.
    """
    study = current_study(owner)
    if study is None:
        return []
    same_quiz = Attempt.objects.filter(
        term=OuterRef("term"), ticket__isnull=False, quiz_version__quiz=OuterRef("quiz_version__quiz")
    )
    newest = same_quiz.order_by("-happened_at", "-pk").values("pk")[:1]
    attempts = list(
        Attempt.objects.filter(term=study.term, ticket__isnull=False, pk=Subquery(newest))
        .select_related("quiz_version__quiz__module", "ticket", "term")
        .order_by("quiz_version__quiz__module__code")
    )
    if not attempts:
        return []
    tries = tries_by_quiz(study.term, timezone.now())
    counted = [attempt for attempt in attempts if attempt.counts]
    results = results_of(study.term.pk, counted, study.languages, study.country)
    marks: dict[str, set[str]] = {}
    for result in results:
        marks.setdefault(result.text.language, set()).update(map(spoken_hash, said_of_result(result)))
    sounds = sounds_by_language(marks)
    read_back = {
        result.attempt.pk: {
            "result": result,
            "tries": tries.get(result.attempt.quiz_version.quiz_id),
            "sounds": sounds[result.text.language],
        }
        for result in results
    }
    found = []
    for attempt in attempts:
        html = _result_page(attempt, read_back.get(attempt.pk))
        place = attempt.quiz_version.quiz.module.slug
        if html:
            found.append({"place": place, "client_uuid": str(attempt.client_uuid), "html": html})
    return found


def _result_page(attempt: Attempt, read_back: Mapping[str, Any] | None) -> str:
    words: dict[str, Any] = {"attempt": attempt, "module": attempt.quiz_version.quiz.module}
    if not attempt.counts:
        words["rule_changed_on"] = why_not_counted(attempt)
        return pages.draw("assessments/quiz_not_counted.html", words)
    return pages.draw("assessments/quiz_result.html", words | dict(read_back)) if read_back else ""
