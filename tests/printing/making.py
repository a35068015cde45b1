"""A small module of every block and a question of every kind, in English and in Kiswahili, and people who print it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from assessments.actions import freeze_quiz, freezing_paused
from assessments.models import Quiz, QuizPage
from curriculum.actions import import_pack
from curriculum.models import Module
from people.models import User
from printing.models import Paper
from printing.sources import Route, Source, source_of
from programme.models import OrganisationUnit, Programme
from tests.assessments.kinds.making import KINDS, write_question
from tests.assessments.making import locale, quiz_items
from tests.curriculum.pack import write_pack
from tests.factories import as_user, give_consent, make_programme, make_staff, make_unit
from tests.remembered import remembered

CERTIFYING = {"en": "Only the certificate asks this.", "sw": "Cheti pekee kinauliza hili."}
BEHIND_IT = {"en": "Nobody may know this.", "sw": "Hakuna anayepaswa kujua hili."}

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils reads the paper back")


@dataclass
class World:
    programme: Programme
    root: OrganisationUnit
    module: Module
    folder: Path

    def anew(self) -> World:
        """The same, read again: what a test changes stays its own."""
        programme = Programme.objects.select_related("root_unit").get(pk=self.programme.pk)
        return World(programme, programme.root_unit, Module.objects.get(pk=self.module.pk), self.folder)

    def route(self, language: str = "en", country: str = "KE") -> Route:
        return Route(self.programme, country, language)

    def source(self, language: str = "en", country: str = "KE") -> Source:
        found = source_of(self.route(language, country), self.module)
        assert found is not None
        return found

    def staff(self, role: str = "trainer", unit: OrganisationUnit | None = None) -> User:
        user = make_staff(unit or make_unit(level="country", parent=self.root), role)
        give_consent(user)
        return user

    def browser(self, role: str = "trainer", unit: OrganisationUnit | None = None) -> Client:
        return as_user(self.staff(role, unit))

    def bring_in(self, changed: dict[str, str] | None = None, **fields: Any) -> None:
        """The module again, with other words in the source."""
        import_pack(write_pack(self.folder, changed, **fields))


def make_world(folder: Path) -> World:
    pack = write_pack(folder)
    remembered(lambda: import_pack(pack), pack)
    root = make_unit(level="root", country="")
    programme = make_programme(root=root, code="one", issuing_name="Family Learning Programme")
    world = World(programme, root, Module.objects.get(code="X1"), folder)
    ask_everything(world)
    return world


def ask_everything(world: World) -> None:
    """A practice question of every kind, and one that certifies."""
    lesson = world.module.lessons.order_by("pk").first()
    quiz = Quiz.objects.get(module=world.module)
    with freezing_paused():
        for language in ("en", "sw"):
            practice = [
                write_question(world.module, kind, code=f"X1-P{n}", language=language, lesson=lesson)
                for n, kind in enumerate(KINDS)
            ]
            certifying = write_question(
                world.module,
                "single",
                code="X1-C1",
                language=language,
                use="certifying",
                stem=CERTIFYING[language],
                why=BEHIND_IT[language],
            )
            page = QuizPage.objects.get(quiz=quiz, locale=locale(language))
            page.items = quiz_items([*practice, certifying])
            page.save_revision().publish()
    freeze_quiz(quiz)


def take(client: Client, paper: Paper) -> Any:
    return client.get(f"/en/print/{paper.uuid}.pdf")


def words_of(pdf: bytes, folder: Path, *, first: int = 1, last: int = 999) -> str:
    """What somebody reads on those pages, in one line."""
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-f", str(first), "-l", str(last), str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    return tidy(said)


def tidy(text: str) -> str:
    """Without ends of lines and without the hyphens that were put there."""
    return re.sub(r"\s+", " ", re.sub(r"[-\u2010\u00ad]\n", "", text)).strip()


def squeezed(text: str) -> str:
    """Only what is read: no spaces, and no hyphens, which may be those of an end of a line."""
    return re.sub(r"[\s\u00a0\u202f\-\u2010\u00ad]+", "", text)


def info_of(pdf: bytes, folder: Path, *options: str) -> str:
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdfinfo", *options, str(file)], capture_output=True, text=True, check=True).stdout
