"""M4 as it is in the pack, in every language that it is in: read back from paper, word by word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.utils import translation
from django.utils.translation import gettext

from curriculum.actions import import_pack
from curriculum.blocked_words import blocked_words_in
from curriculum.models import Module
from printing.documents import html_of
from printing.models import PaperKind
from printing.render import draw
from printing.sources import Route, Source, source_of
from tests.factories import make_country, make_programme, make_unit
from tests.printing.making import info_of, needs_poppler, squeezed, words_of

M4 = Path(settings.BASE_DIR) / "packs" / "mentor-mother" / "m4"
LANGUAGES = ["en", *sorted(path.stem for path in (M4 / "po").glob("*.po") if path.stem in dict(settings.LANGUAGES))]

pytestmark = [pytest.mark.slow, needs_poppler]


@pytest.fixture(scope="module")
def m4(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """How to find M4 in a language."""
    media = tmp_path_factory.mktemp("m4")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=str(media)):
        make_country()
        import_pack(M4)
        programme = make_programme(root=make_unit(level="root", country=""), issuing_name="Family Learning Programme")
        yield lambda language: source_of(Route(programme, "KE", language), Module.objects.get(code="M4"))
        transaction.set_rollback(True)


def lessons_of(source: Source) -> list[str]:
    with translation.override(source.route.language):
        elsewhere = {gettext("Not quite"), gettext("Try it"), gettext("Practise together"), gettext("For yourself")}
        elsewhere.add(gettext("Think of it, or write it on paper. Nobody asks you for it."))
    found = [one.title for one in source.lessons]
    for article in source.lessons:
        found += [str(text) for text in BeautifulSoup(article.html, "html.parser").find_all(string=True)]
    return [text for text in found if text.strip() and text.strip() not in elsewhere]


def questions_of(source: Source, use: str) -> list[str]:
    assert source.quiz is not None
    items = [item["question"] for item in source.quiz.version.structure["items"] if item["use"] == use]
    return [source.quiz.content[item]["stem"] for item in items if item not in source.quiz.left_out]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [PaperKind.BOOKLET, PaperKind.GUIDE])
def test_paper_says_what_learners_read_and_nothing_that_certifies(
    m4: Any, db: None, tmp_path: Path, kind: str, language: str
) -> None:
    source = m4(language)
    pages, pdf = draw(html_of(source, kind), source.mark(kind))
    read = squeezed(words_of(pdf, tmp_path))

    assert [text for text in lessons_of(source) if squeezed(text) not in read] == []
    practice, certifying = questions_of(source, "practice"), questions_of(source, "certifying")
    assert len(practice) >= 5 and len(certifying) >= 8
    assert [stem for stem in practice if squeezed(stem) not in read] == []
    assert [stem for stem in certifying if squeezed(stem) in read] == []
    cover, info = words_of(pdf, tmp_path, last=1), info_of(pdf, tmp_path)
    assert source.cover_title in cover
    assert blocked_words_in(f"{cover} {info}") == []
    assert 15 < pages < 40 and len(pdf) < 250_000


def test_every_language_of_the_pack_is_tried() -> None:
    assert {"en", "sw"} <= set(LANGUAGES)
