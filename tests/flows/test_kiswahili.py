"""A module, its quiz, a paper and a roster in Kiswahili: nothing is left in English but what is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from curriculum import packs
from tests.flows.devices import DESK, PHONE
from tests.flows.journey import go_in
from tests.flows.stage import ROOT, Stage

MODULES = ("p2", "s1", "m4", "d1")
THE_SAME = {"True", "False", "VVU", "Chisomo", "Thandeka", "PEP"}
"""Strings that may be equal in both languages: names, and nothing else so far."""


@pytest.mark.parametrize("module", MODULES)
def test_every_string_of_a_module_differs_from_english(module: str) -> None:
    [found] = packs.open_pack(ROOT / "packs" / "mentor-mother" / module).pack.modules
    english = {string.key: string.text for string in packs.strings(found)}
    swahili = {key: entry.text for key, entry in found.translations["sw"].entries.items()}
    assert english.keys() == swahili.keys()
    equal = {text for key, text in english.items() if swahili[key] == text}
    assert equal <= THE_SAME


@pytest.mark.parametrize("module", MODULES)
def test_published_quiz_differs_from_english(stage: Stage, module: str) -> None:
    texts = {
        language: json.loads(content)
        for language, content in stage.rows(
            "SELECT t.language, t.content FROM assessments_quiztext t"
            " JOIN assessments_quizversion v ON v.id = t.version_id"
            " JOIN assessments_quiz q ON q.id = v.quiz_id JOIN curriculum_module m ON m.id = q.module_id"
            " WHERE m.code = ? AND t.country = 'KE' ORDER BY v.number, t.edition",
            module.upper(),
        )
    }
    assert texts["en"].keys() == texts["sw"].keys()
    for question, english in texts["en"].items():
        assert texts["sw"][question]["stem"] != english["stem"]
        assert texts["sw"][question]["why"] != english["why"]


def words_of(page: Page, path: str) -> str:
    page.goto(path)
    return page.locator("main").inner_text()


def test_pages_in_kiswahili_show_no_english_sentence(open_page: Callable[..., Page]) -> None:
    """English gives itself away by its smallest words."""
    english = re.compile(r"\b(the|and|your|you|she|her|with|until|not yet|is|are)\b", re.IGNORECASE)
    learner, supervisor = open_page(PHONE), open_page(DESK)
    go_in(learner, "Wanjikũ")
    go_in(supervisor, "Wambui")
    found = {}
    for page, paths in (
        (
            learner,
            (
                "today/",
                "learn/",
                "m4/",
                "m4/l1/",
                "m4/l5/",
                "d1/q/",
                "d1/q/practice/",
                "m4/p/",
                "certificates/",
                "settings/",
            ),
        ),
        (supervisor, ("roster/", "roster/?show=all", "people/")),
    ):
        for path in paths:
            if wrong := set(english.findall(words_of(page, f"/sw/{path}"))):
                found[path] = wrong
    assert found == {}


def test_names_come_out_of_the_paper_unchanged(open_page: Callable[..., Page], stage: Stage, tmp_path: Path) -> None:
    import subprocess

    page = open_page(DESK)
    go_in(page, "Lerato")
    for alias, name in (("CHI-103", "Chiŵale"), ("NOM-104", "Nomathamsanqa Thandolwethu Sibongakonke")):
        ((serial,),) = stage.rows(
            "SELECT c.serial FROM certificates_certificate c JOIN programme_term t ON t.id = c.term_id"
            " JOIN people_user u ON u.id = t.learner_id JOIN certificates_award a ON a.id = c.award_id"
            " WHERE u.alias = ? AND a.code = 'induction'",
            alias,
        )
        paper = tmp_path / f"{serial}.pdf"
        answer = page.request.get(f"/en/certificates/{serial}.pdf")
        assert answer.status == 200
        paper.write_bytes(answer.body())
        text = subprocess.run(["pdftotext", paper, "-"], capture_output=True, text=True, check=True).stdout
        assert name in " ".join(text.split())
