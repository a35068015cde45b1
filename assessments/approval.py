"""Whether what a module asks may certify: each certifying question read by a reviewer, in every language asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from assessments.models import QuestionSnippet, QuizPage
from curriculum.models import Approval, Module, ModulePage, TranslatedSegment
from curriculum.translation.sentences import has_words
from curriculum.withheld import unread_pages


@dataclass
class TextState:
    """The quiz of one module in one language."""

    is_approved: bool = True
    is_stale: bool = False
    is_draft: bool = False

    @property
    def may_certify(self) -> bool:
        return self.is_approved and not self.is_stale and not self.is_draft


def state_of_texts(modules: Iterable[Module] | QuerySet[Module] | Iterable[int], country: str) -> dict[Any, TextState]:
    """``{(module, language): state}`` of what is published of each module's quiz; a language without one is approved
    by default, as nothing in it is asked. Five queries.
    """
    pages = QuizPage.objects.filter(live=True, quiz__module__in=modules).select_related("locale", "quiz")
    snippets = QuestionSnippet.objects.filter(live=True, use="certifying", question__module__in=modules).select_related(
        "locale", "question"
    )
    texts = [(page.quiz.module_id, page) for page in pages] + [(one.question.module_id, one) for one in snippets]
    revisions = {text.live_revision_id for _module, text in texts if text.live_revision_id}
    approved = set(
        Approval.objects.standing()
        .filter(revision__in=revisions, country=country)
        .values_list("revision_id", flat=True)
    )
    stale, unread = _behind({text.translation_key for _module, text in texts})
    states: dict[Any, TextState] = defaultdict(TextState)
    for module, text in texts:
        language, state = text.locale.language_code, states[module, text.locale.language_code]
        state.is_approved = state.is_approved and text.live_revision_id in approved
        if language != settings.LANGUAGE_CODE:
            state.is_stale = state.is_stale or (text.translation_key, language) in stale
            state.is_draft = state.is_draft or (text.translation_key, language) in unread
    return states


def _behind(keys: set[UUID]) -> tuple[set[tuple[UUID, str]], set[tuple[UUID, str]]]:
    """Texts and languages of which something is older than its source, and of which nobody has read all."""
    rows = TranslatedSegment.objects.filter(translation_key__in=keys)
    stale = set(rows.filter(is_stale=True).values_list("translation_key", "language"))
    read = rows.filter(reviewed_by="").values_list("translation_key", "language", "text")
    return stale, {(key, language) for key, language, text in read if has_words(text)}


def modules_that_may_certify(modules: Iterable[int], country: str) -> set[int]:
    """Those of ``modules`` whose quiz may certify in every language in which it is asked. Five queries."""
    wanted = set(modules)
    states = state_of_texts(wanted, country)
    return wanted - {module for (module, _language), state in states.items() if not state.may_certify}


def unread_checklists(modules: Iterable[Module] | QuerySet[Module]) -> set[tuple[int, str]]:
    """Modules and languages in whose own page, practice and all, somebody has still to read a sentence."""
    pages = list(ModulePage.objects.live().filter(module__in=modules).select_related("locale"))
    unread = unread_pages(pages)
    return {(page.module_id, page.locale.language_code) for page in pages if page.pk in unread}
