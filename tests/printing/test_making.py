"""Asked for, made in the background, kept until a text in it changes, put away when another stands in its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import QuizPage
from curriculum.models import Article, FactValue
from paper.engine import CannotPrint
from printing import actions, catalogs, render, sources
from printing.models import GIVEN_UP, Paper, PaperKind
from tests.assessments.kinds.making import write_question
from tests.assessments.making import locale, quiz_items
from tests.printing.making import World

Ask = Callable[..., Paper]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The marks of what was drawn; nothing is, it takes seconds."""
    marks: list[str] = []

    def draw(html: str, mark: str, on_page: Any = None) -> tuple[int, bytes]:
        marks.append(mark)
        on_page(3)
        return 3, b"%PDF-" + mark.encode()

    monkeypatch.setattr(render, "draw", draw)
    return marks


@pytest.fixture
def ask(world: World, django_capture_on_commit_callbacks: Any) -> Ask:
    """Ask, and let the background do its work."""

    def asked(kind: str = PaperKind.BOOKLET, language: str = "en", country: str = "KE") -> Paper:
        with django_capture_on_commit_callbacks(execute=True):
            paper = actions.ask_for_paper(route=world.route(language, country), module=world.module, kind=kind)
        return Paper.objects.get(pk=paper.pk)

    return asked


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


def test_it_is_made_once_and_kept(world: World, ask: Ask, drawn: list[str], papers: Path) -> None:
    first, second = ask(), ask()

    assert first == second
    assert (first.state, first.pages, first.size_bytes) == ("ready", 3, 69)
    assert drawn == [first.mark]
    assert files(papers) == [f"{first.uuid}.pdf"]


def test_a_repeated_task_makes_nothing_again(world: World, ask: Ask, drawn: list[str]) -> None:
    paper = ask()
    actions.make_paper.func(paper.pk)
    actions.make_paper.func(paper.pk + 1)
    assert len(drawn) == 1


def other_words(world: World) -> None:
    world.bring_in({"A greeting opens the door.\n:::": "A greeting opens each door.\n:::"}, swahili={})


def other_value(world: World) -> None:
    FactValue.objects.filter(country="KE").update(mark="recalled")


def other_practice(world: World) -> None:
    question = write_question(world.module, "single", code="X1-P9", language="en", stem="One more?")
    page = QuizPage.objects.get(quiz__module=world.module, locale=locale("en"))
    kept = [block.value["question"] for block in page.items]
    page.items = quiz_items([*kept, question])
    page.save_revision().publish()


def other_picture(world: World) -> None:
    from wagtail.images import get_image_model

    get_image_model().objects.update(file_hash="other")


def approval(world: World) -> None:
    Article.objects.update(is_approved=True)


def other_name(world: World) -> None:
    world.programme.issuing_name = "Another Programme"
    world.programme.save()


@pytest.mark.parametrize(
    "change", [other_words, other_value, other_practice, other_picture, approval, other_name], ids=lambda f: f.__name__
)
def test_a_change_makes_a_new_one_and_puts_the_old_one_away(
    world: World, ask: Ask, drawn: list[str], papers: Path, change: Callable[[World], None]
) -> None:
    old = ask()
    change(world)
    new = ask()

    assert new.mark != old.mark
    assert list(Paper.objects.all()) == [new]
    assert files(papers) == [f"{new.uuid}.pdf"]


def test_other_words_of_the_interface_and_another_shape_are_changes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = {kind: world.source().mark(kind) for kind in PaperKind}
    monkeypatch.setattr(sources, "words_mark", lambda _language: "other")
    others = {kind: world.source().mark(kind) for kind in PaperKind}
    monkeypatch.setattr(sources, "template_mark", lambda: "other")
    shaped = {kind: world.source().mark(kind) for kind in PaperKind}
    assert len({*marks.values(), *others.values(), *shaped.values()}) == 9


def test_nothing_else_makes_a_new_one(world: World) -> None:
    """Other languages, questions that certify, titles of the quiz, and freezing it all once more."""
    from curriculum.freeze import freeze_all

    marks = {kind: world.source().mark(kind) for kind in PaperKind}
    question = world.module.questions.get(code="X1-C1")
    for language in ("en", "sw"):
        snippet = question.snippets.get(locale=locale(language))
        snippet.stem = "Another question that certifies?"
        snippet.save_revision().publish()
    freeze_all()
    catalogs.words_mark.cache_clear()
    assert {kind: world.source().mark(kind) for kind in PaperKind} == marks


def test_languages_countries_and_kinds_stand_beside_each_other(
    world: World, ask: Ask, drawn: list[str], papers: Path
) -> None:
    made = [ask(), ask(language="sw"), ask(country="ZA"), ask("guide"), ask("cards")]
    assert len({paper.mark for paper in made}) == 5
    assert len(files(papers)) == 5


def test_a_half_translated_module_is_refused(world: World, ask: Ask, papers: Path) -> None:
    Article.objects.filter(language="sw", position=2).delete()
    with pytest.raises(actions.NothingToPrint):
        ask(language="sw")
    with pytest.raises(actions.NothingToPrint):
        ask(language="fr")
    assert Paper.objects.count() == 0


def test_a_text_that_changes_while_it_waits_is_printed_as_it_is_then(
    world: World, drawn: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    asked = actions.ask_for_paper(route=world.route(), module=world.module, kind="booklet")
    approval(world)
    with django_capture_on_commit_callbacks(execute=True):
        actions.make_paper.func(asked.pk)
    made = Paper.objects.get()
    assert made.state == "ready"
    assert made.mark == world.source().mark("booklet") != asked.mark


def test_a_worker_that_died_keeps_nobody_waiting_for_ever(world: World, ask: Ask, drawn: list[str]) -> None:
    now = timezone.now()
    dead = actions.ask_for_paper(route=world.route(), module=world.module, kind="booklet")
    Paper.objects.filter(pk=dead.pk).update(state="making", begun_at=now)
    assert ask().state == "making"
    Paper.objects.filter(pk=dead.pk).update(begun_at=now - GIVEN_UP - timedelta(seconds=1))
    assert ask().state == "ready"
    assert len(drawn) == 1


def test_a_file_that_is_gone_is_made_again(world: World, ask: Ask, drawn: list[str], papers: Path) -> None:
    paper = ask()
    (papers / paper.stored_as).unlink()
    assert ask().state == "ready"
    assert files(papers) == [paper.stored_as]


def test_a_server_without_pango_says_so_and_tries_again_when_asked(
    world: World, ask: Ask, drawn: list[str], monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    working = render.draw

    def cannot(*args: Any) -> None:
        raise CannotPrint("libpango")

    monkeypatch.setattr(render, "draw", cannot)
    stopped = ask()
    assert (stopped.state, stopped.problem) == ("stopped", "server")
    assert "libpango" in caplog.text
    monkeypatch.setattr(render, "draw", working)
    assert ask().state == "ready"


def test_a_paper_that_cannot_be_drawn_says_so_and_tries_again_when_asked(
    world: World, ask: Ask, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    working = render.draw

    def broken(*args: Any) -> None:
        raise ValueError("no such shape")

    monkeypatch.setattr(render, "draw", broken)
    stopped = ask()
    assert (stopped.state, stopped.problem) == ("stopped", "text")
    monkeypatch.setattr(render, "draw", working)
    assert ask().state == "ready"


@pytest.mark.slow
def test_the_same_texts_give_the_same_bytes(world: World, ask: Ask, papers: Path) -> None:
    paper = ask("cards")
    first = (papers / paper.stored_as).read_bytes()
    (papers / paper.stored_as).unlink()
    ask("cards")
    assert (papers / paper.stored_as).read_bytes() == first
