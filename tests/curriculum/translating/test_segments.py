"""Where each text stands in a language: from hashes, whatever happened to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from assessments.models import QuestionSnippet
from curriculum.actions import publish_translation, translate
from curriculum.freeze import freeze_module
from curriculum.models import Article, GlossaryMeaning, LessonPage, ModulePage
from curriculum.translating.originals import originals
from curriculum.translating.segments import State, segments
from curriculum.translating.texts import texts_of
from curriculum.translation.sentences import sentences_of
from curriculum.translation.words import record_words
from tests.curriculum.pack import SWAHILI
from tests.curriculum.test_import_over_edits import edit, page

pytestmark = pytest.mark.django_db
Bring = Callable[..., Any]


def states(language: str = "sw") -> dict[str, int]:
    return dict(Counter(segment.state.value for segment in segments(["X1"], [language])[language]))


def key_message() -> Any:
    path = f"body.{page().body[1].id}.text"
    return next(one for one in segments(["X1"], ["sw"])["sw"] if one.text.path == path)


def test_the_texts_are_cut_as_the_library_cuts_them(begin_with: Bring) -> None:
    begin_with()
    found = [*ModulePage.objects.all(), *LessonPage.objects.all(), *QuestionSnippet.objects.all()]

    assert len(found) == 8
    for instance in found:
        mine = [(text.path, sentence) for text in texts_of(instance) for sentence in text.sentences]
        assert mine == [(sentence.path, sentence.text) for sentence in sentences_of(instance)]


def test_everything_is_found_and_current_after_an_import(begin_with: Bring) -> None:
    begin_with()

    assert states() == {"current": len(SWAHILI)}
    assert states("fr") == {"missing": len(SWAHILI)}
    assert [(one.kind, one.name) for one in originals(["X1"])] == [
        ("module", ""),
        ("lesson", "l1"),
        ("lesson", "l2"),
        ("question", "X1-Q1"),
        ("word", "greeting"),
    ]


def test_words_are_shown_as_they_are_in_the_pack(begin_with: Bring) -> None:
    begin_with()
    [text] = [one for one in segments(["X1"], ["sw"])["sw"] if "{bf_duration}" in one.source]

    assert text.source == (
        "First you **greet** her. Then you wait.\n\n- She sits.\n- You sit.\n\nHow long: {bf_duration}"
    )
    assert text.words == SWAHILI["l1.tx.text"]


def test_a_changed_source_is_stale_until_it_is_translated_and_published(begin_with: Bring) -> None:
    begin_with()
    edit("A smile opens the door.")
    one = key_message()
    assert (one.state, one.words, one.made_from) == (
        State.STALE,
        "Salamu inafungua mlango.",
        "A greeting opens the door.",
    )

    translate(page(), "sw", {one.text.path: "Tabasamu hufungua mlango."})

    assert key_message().state is State.CURRENT


def test_a_draft_in_the_source_changes_nothing(begin_with: Bring) -> None:
    begin_with()
    edit("A smile opens the door.", publish=False)

    assert states() == {"current": len(SWAHILI)}


def test_what_is_taken_back_is_a_draft_again(begin_with: Bring) -> None:
    begin_with()
    page(language="sw").unpublish()

    assert states() == {"draft": 7, "current": len(SWAHILI) - 7}


def test_a_word_whose_english_changed_is_stale_and_so_is_the_page_that_explains_it(begin_with: Bring) -> None:
    begin_with()
    meaning = GlossaryMeaning.objects.get(language="en")
    meaning.meaning = "The first words of any talk."
    meaning.save()
    record_words([meaning.entry])
    freeze_module(page().lesson.module)

    stale = [one for one in segments(["X1"], ["sw"])["sw"] if one.state is State.STALE]
    assert [(one.original.name, one.text.path, one.made_from) for one in stale] == [
        ("greeting", "meaning", "The first words of a talk.")
    ]
    assert Article.objects.get(path="x1/l1", language="sw", country="ZA").is_stale
    assert not Article.objects.get(path="x1/l2", language="sw", country="ZA").is_stale


def test_the_number_of_questions_to_the_database_does_not_grow(
    begin_with: Bring, django_assert_num_queries: Any
) -> None:
    begin_with()
    with django_assert_num_queries(13):
        segments(None, ["sw"])
    with django_assert_num_queries(13):
        segments(None, ["sw", "fr", "pt"])


def test_publishing_again_changes_no_state(begin_with: Bring) -> None:
    begin_with()
    publish_translation(page(), "sw")

    assert states() == {"current": len(SWAHILI)}


def test_a_meaning_behind_its_english_is_not_opened_in_a_sentence(begin_with: Bring) -> None:
    begin_with()
    opened = "<summary>Salamu</summary>"
    assert opened in Article.objects.get(path="x1/l1", language="sw", country="ZA").html
    meaning = GlossaryMeaning.objects.get(language="en")
    meaning.meaning = "The first words of any talk."
    meaning.save()
    record_words([meaning.entry])

    freeze_module(page().lesson.module)

    assert opened not in Article.objects.get(path="x1/l1", language="sw", country="ZA").html
