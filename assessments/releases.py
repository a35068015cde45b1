"""Quizzes and practice checklists in a release: which frozen words its cohorts are asked, and their lines on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.approval import state_of_texts, unread_checklists
from assessments.grading import keyed
from assessments.models import ChecklistText, QuizText, ReleasedWords
from curriculum.models import Article, FactChange, FactPrint, PrintPlace, Release, ReleasedText
from curriculum.releases.parts import Line, ReleasePart, Replaced

KINDS = frozenset({ReleasedText.Kind.QUIZ, ReleasedText.Kind.CHECKLIST})
AFTER_THE_LESSONS, LAST = 900, 901


def questions_in_a_release() -> ReleasePart:
    return ReleasePart("questions", take, KINDS, lines, replace)


def take(release: Release) -> list[ReleasedText]:
    ReleasedWords.objects.filter(release=release).delete()
    modules = release.modules.all()
    states = state_of_texts(modules, release.country_id)
    own = Article.objects.filter(country=release.country_id, module__in=modules, kind=Article.Kind.MODULE)
    pages = {(article.module_id, article.language): article for article in own}
    texts, words = [], []
    for quiz in _newest_quizzes(release, release.languages):
        words.append(ReleasedWords(release=release, quiz_text=quiz))
        state = states[quiz.version.quiz.module_id, quiz.language]
        texts.append(
            ReleasedText(
                kind=ReleasedText.Kind.QUIZ,
                module=quiz.version.quiz.module,
                path=_quiz_path(quiz),
                position=AFTER_THE_LESSONS,
                language=quiz.language,
                title=quiz.title,
                content_hash=quiz.content_hash,
                facts=_facts(release, quiz),
                is_approved=state.is_approved,
                is_stale=state.is_stale,
                is_draft=state.is_draft,
            )
        )
    for checklist in _newest_checklists(release, release.languages):
        words.append(ReleasedWords(release=release, checklist_text=checklist))
        module = checklist.version.module
        of_module = pages.get((module.pk, checklist.language))
        texts.append(
            ReleasedText(
                kind=ReleasedText.Kind.CHECKLIST,
                module=module,
                path=f"{module.slug}/practice",
                position=LAST,
                language=checklist.language,
                title=_("Practice"),
                content_hash=checklist.content_hash,
                facts=_facts_of_checklist(release, checklist),
                # It is written on the page of its module, and read with it.
                is_approved=bool(of_module and of_module.is_approved),
                is_stale=bool(of_module and of_module.is_stale),
                is_draft=(module.pk, checklist.language) in unread_checklists(modules),
            )
        )
    ReleasedWords.objects.bulk_create(words)
    return texts


def _quiz_path(text: QuizText) -> str:
    return f"{text.version.quiz.module.slug}/quiz-{text.version.quiz_id}"


def _newest_quizzes(release: Release, languages: Iterable[str]) -> list[QuizText]:
    """The words that would be asked today, one for each quiz and language."""
    texts = (
        QuizText.objects.published()
        .filter(country=release.country_id, language__in=languages, version__quiz__module__in=release.modules.all())
        .select_related("version__quiz__module")
        .order_by("version__number", "edition")
    )
    newest = {(text.version.quiz_id, text.language): text for text in texts}
    return [newest[key] for key in sorted(newest)]


def _newest_checklists(release: Release, languages: Iterable[str]) -> list[ChecklistText]:
    texts = (
        ChecklistText.objects.published()
        .filter(country=release.country_id, language__in=languages, version__module__in=release.modules.all())
        .select_related("version__module")
        .order_by("version__number", "edition")
    )
    newest = {(text.version.module_id, text.language): text for text in texts}
    return [newest[key] for key in sorted(newest)]


def _facts(release: Release, text: QuizText) -> list[str]:
    rows = FactPrint.objects.filter(quiz=text.version.quiz.uuid, language=text.language)
    return sorted(set(rows.values_list("fact__key", flat=True)))


def _facts_of_checklist(release: Release, text: ChecklistText) -> list[str]:
    rows = FactPrint.objects.filter(place=PrintPlace.CHECKLIST, module=text.version.module_id, language=text.language)
    return sorted(set(rows.values_list("fact__key", flat=True)))


# ---------------------------------------------------------------- a clinical change


def replace(release: Release, change: FactChange) -> list[Replaced]:
    """Quizzes and checklists that ``change`` made old ask what is asked today."""
    reopened = list(change.reopened.all())
    quizzes = {row.quiz for row in reopened if row.quiz}
    checklists = {row.module_id for row in reopened if row.place == PrintPlace.CHECKLIST}
    key = change.fact.key if change.fact else ""
    printed = {(text.path, text.language) for text in release.texts.all() if key and key in text.facts}
    replaced: list[Replaced] = []
    held = ReleasedWords.objects.filter(release=release).select_related(
        "quiz_text__version__quiz__module", "checklist_text__version__module"
    )
    today = {(text.version.quiz_id, text.language): text for text in _newest_quizzes(release, release.languages)}
    lists = {(text.version.module_id, text.language): text for text in _newest_checklists(release, release.languages)}
    for words in held:
        old: Any
        new: Any
        if words.quiz_text is not None:
            old, kind, path = words.quiz_text, ReleasedText.Kind.QUIZ, _quiz_path(words.quiz_text)
            is_of_it = old.version.quiz.uuid in quizzes
            new = today.get((old.version.quiz_id, old.language))
        elif words.checklist_text is not None:
            old, kind = words.checklist_text, ReleasedText.Kind.CHECKLIST
            path = f"{old.version.module.slug}/practice"
            is_of_it = old.version.module_id in checklists
            new = lists.get((old.version.module_id, old.language))
        else:
            continue
        if not (is_of_it or (path, old.language) in printed) or (new is not None and new.pk == old.pk):
            continue
        replaced.append(Replaced(kind, path, old.language, old.content_hash, new.content_hash if new else ""))
        words.delete()
        if new is not None:
            ReleasedWords.objects.create(
                release=release, **{"quiz_text" if kind == ReleasedText.Kind.QUIZ else "checklist_text": new}
            )
    return replaced


# ---------------------------------------------------------------- its lines


def lines(release: Release, text: ReleasedText) -> Iterator[Line]:
    """Every question with its answers, the right ones marked; safety questions say so. A checklist by its steps."""
    if text.kind == ReleasedText.Kind.CHECKLIST:
        checklist = ChecklistText.objects.select_related("version").get(
            released__release=release, version__module=text.module_id, language=text.language
        )
        yield Line(text.title, level=2)
        for step in checklist.version.structure["steps"]:
            note = _("safety step") if step["is_safety"] else ""
            yield Line(checklist.content[step["id"]], mark="□", note=note)
        return
    quiz = QuizText.objects.select_related("version").get(
        released__release=release, content_hash=text.content_hash, language=text.language
    )
    yield Line(quiz.title, level=2)
    for item in quiz.version.structure["items"]:
        if item["question"] in quiz.left_out:
            continue
        yield from _question(keyed(item, quiz.keys), quiz.content[item["question"]])


def _question(item: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[Line]:
    notes = [_("counts for the certificate") if item["use"] == "certifying" else _("for practice")]
    if item["is_critical"]:
        notes.insert(0, _("SAFETY QUESTION"))
    if words.get("story"):
        yield Line(words["story"])
    yield Line(words["stem"], level=3, note=", ".join(notes), is_safety=item["is_critical"])
    said, sides = words.get("choices", {}), words.get("sides", {})
    choices = item["choices"]
    if item["kind"] == "ordering":
        choices = sorted(choices, key=lambda one: one["place"])
    for number, choice in enumerate(choices, start=1):
        about = said.get(choice["id"], {})
        yield Line(
            _answer(item, choice, about, sides, words), mark=_mark(item, choice, number), note=about.get("feedback", "")
        )
    if words.get("otherwise"):
        yield Line(words["otherwise"], note=_("any other answer"))
    if words.get("why"):
        yield Line(words["why"], note=_("why"))


def _answer(
    item: Mapping[str, Any], choice: Mapping[str, Any], about: Mapping[str, Any], sides: Mapping[str, Any],
    words: Mapping[str, Any],
) -> str:  # fmt: skip
    if item["kind"] == "number":
        span = choice["from"] if choice["from"] == choice["to"] else f"{choice['from']} – {choice['to']}"
        return " ".join(filter(None, (span, words.get("unit", ""))))
    if item["kind"] == "matching":
        return f"{about.get('text', '')} → {sides.get(choice.get('goes_with', ''), {}).get('text', '')}"
    return str(about.get("text", ""))


def _mark(item: Mapping[str, Any], choice: Mapping[str, Any], number: int) -> str:
    if item["kind"] == "ordering":
        return f"{number}."
    if item["kind"] == "matching":
        return "="
    return "✓" if choice.get("is_right") else "–"
