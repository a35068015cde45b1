"""What a programme's text says about its papers becomes rows; the place of an award stays for ever."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from certificates.models import Award
from certificates.setting_up import set_up_programme
from programme import configuration
from programme.models import Programme
from tests.certificates.test_setting_up import SMALL
from tests.curriculum.pack import write_pack

MORE = """
[[awards]]
code = "again"
kind = "refresher"
needs = ["walk"]
two_people = ["revoke"]
attendance_hours = 6
titles.en = "Walking Again"
"""


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.ALLOWED_HOSTS = ["testserver", ".localhost"]
    return write_pack(tmp_path)


def write(folder: Path, before: str = "", awards: str = "", after: str = "") -> Path:
    """The small programme with ``awards`` before its own one and ``after`` behind it."""
    text = before + SMALL.replace("[[awards]]", awards + "\n[[awards]]", 1).replace(
        "[[units]]", after + "\n[[units]]", 1
    )
    (folder / "programme.toml").write_text(text)
    return folder


@pytest.mark.django_db
def test_an_award_keeps_its_place_wherever_the_text_moves_it(
    folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        set_up_programme(write(folder))
    changed = set_up_programme(write(folder, awards=MORE)).changes
    assert dict(Award.objects.values_list("code", "order")) == {"walk": 1, "again": 2}
    assert changed == ["award again"]
    again = Award.objects.get(code="again")
    assert (again.kind, again.needs, again.two_people, again.attendance_hours) == ("refresher", ["walk"], ["revoke"], 6)
    # A line that is taken out takes back what it said.
    changed = set_up_programme(write(folder, awards=MORE.replace('two_people = ["revoke"]\n', ""))).changes
    assert changed == ["award again: two_people"]
    assert Award.objects.get(code="again").two_people == []


@pytest.mark.django_db
def test_what_stands_on_papers_and_how_long_they_are_hers(folder: Path) -> None:
    lines = 'working_language = "sw"\nafter_term_months = 24\nnamed_copy_name = "The full name of it"\n'
    set_up_programme(write(folder, before=lines))
    found = Programme.objects.get()
    assert (found.working_language, found.after_term_months) == ("sw", 24)
    assert (found.allows_named_copy, found.named_copy_name) == (True, "The full name of it")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('working_language = "tlh"', "working_language: this installation has"),
        ("after_term_months = 121", "after_term_months: she keeps her sign-in for 0 to 120 months"),
        ('named_copy_name = ""', "named_copy_name: named_copy_name is a few words"),
    ],
)
def test_what_cannot_be_is_told(folder: Path, line: str, said: str) -> None:
    found = configuration.read(write(folder, before=line + "\n"))
    assert [problem for problem in map(str, found.problems) if said in problem], list(map(str, found.problems))


@pytest.mark.django_db
def test_a_title_that_is_missing_is_named_each_time_until_it_is_written(folder: Path) -> None:
    text = (write(folder) / "programme.toml").read_text().replace('languages = ["en"]', 'languages = ["en", "sw"]')
    text = text.replace("[peer]\n", '[peer]\nsw = { one = "mtembezi", many = "watembezi" }\n')
    text = text.replace("[levels]\n", '[levels]\nsw = { facility = "klabu" }\n')
    (folder / "programme.toml").write_text(text)
    told = "award walk has no title in sw: papers in it say the title in another language"
    for _again in range(2):
        out = StringIO()
        call_command("set_up_programme", str(folder), stdout=out)
        assert f"to look at: {told}" in out.getvalue()
    out = StringIO()
    call_command("set_up_programme", str(folder), "--json", "--dry-run", stdout=out)
    assert json.loads(out.getvalue())["to_look_at"] == [told]
    (folder / "programme.toml").write_text(text.replace("titles.en", 'titles.sw = "Cheti cha Kutembea"\ntitles.en', 1))
    assert set_up_programme(folder).to_look_at == []
