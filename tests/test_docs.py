"""Every setting, command and script is in the docs, and the docs name nothing that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (ROOT / "docs/settings.md").read_text()
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WORDS = "\n".join(page.read_text() for page in PAGES)


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    read = set()
    for source in (ROOT / "config").glob("*.py"):
        read |= set(re.findall(r"""(?:env(?:\.\w+)?|environ(?:\.get)?)[(\[]\s*"([A-Z_]+)\"""", source.read_text()))
    read.discard("DJANGO_SETTINGS_MODULE")

    assert set(re.findall(r"^\| `([A-Z_]+)`", SETTINGS, re.MULTILINE)) == read


def test_every_command_is_documented() -> None:
    ours = {path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")}

    assert {name for name in ours if f"manage.py {name}" not in SETTINGS} == set()
    assert set(re.findall(r"^\| `manage\.py (\w+)", SETTINGS, re.MULTILINE)) == ours


def test_every_script_is_documented() -> None:
    ours = {path.name for path in (ROOT / "script").iterdir() if path.is_file() and path.suffix != ".sh"}

    assert {name for name in ours if f"`script/{name}" not in SETTINGS} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    said = re.sub(r"^```.*?^```|`[^`\n]+`", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", said)

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_decisions_are_numbered_without_gaps_and_have_their_four_parts() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))

    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        headings = re.findall(r"^## (.+)", path.read_text(), re.MULTILINE)
        assert headings == ["Question", "Chosen", "Refused", "Consequences"], path.name
