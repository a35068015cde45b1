"""``translation_report``: counts by module and language, for people and for programs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from curriculum.actions import import_pack, translate
from tests.curriculum.pack import SWAHILI
from tests.curriculum.test_import_over_edits import edit, page

pytestmark = pytest.mark.django_db
Bring = Callable[..., Any]
AGEWELL = Path(__file__).resolve().parents[3] / "packs" / "agewell"


def reported(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("translation_report", "--json", *arguments, stdout=out)
    return dict(json.loads(out.getvalue()))


def test_a_whole_language_is_complete_and_nobody_has_read_it(begin_with: Bring) -> None:
    begin_with()

    found = reported()

    assert list(found["languages"]) == ["sw"]
    assert found["modules"]["X1"]["sw"] == {
        "total": len(SWAHILI),
        "missing": 0,
        "draft": 0,
        "stale": 0,
        "current": len(SWAHILI),
        "reviewed": 0,
        "words_left": 0,
        "same_as_source": 0,
        "same_as_source_share": 0.0,
        "placeholder_differences": 0,
        "number_differences": 0,
        "reviewed_share": 0.0,
        "is_complete": True,
    }
    assert found["modules"]["library"]["sw"]["total"] == 2
    assert found["languages"]["sw"]["total"] == len(SWAHILI) + 2


def test_a_curriculum_in_english_alone_leaves_the_other_complete(begin_with: Bring) -> None:
    begin_with()
    import_pack(AGEWELL, curriculum="agewell")

    found = reported()

    assert found["languages"]["sw"]["is_complete"]
    assert found["languages"]["sw"]["total"] == len(SWAHILI) + 2
    assert found["modules"]["A1"] == {}
    assert found["modules"]["library"]["sw"]["total"] == 2
    assert reported("--language", "sw")["modules"]["A1"]["sw"]["missing"] > 100


def test_words_left_are_those_of_what_is_missing_or_stale(begin_with: Bring) -> None:
    begin_with()
    edit("A smile opens the big door.")

    row = reported()["modules"]["X1"]["sw"]

    assert (row["stale"], row["words_left"], row["is_complete"]) == (1, 6, False)
    assert reported("--language", "fr")["modules"]["X1"]["fr"]["missing"] == len(SWAHILI)


def test_english_left_in_a_translation_is_counted_unless_it_is_listed(begin_with: Bring) -> None:
    begin_with(
        {'word = "greeting"': 'word = "SMS"'},
        swahili=SWAHILI | {"glossary.greeting.word": "SMS", "l2.title": "Listening"},
    )

    row = reported()["modules"]["X1"]["sw"]

    assert (row["same_as_source"], row["same_as_source_share"]) == (1, 3.2)


def test_lost_numbers_are_counted(begin_with: Bring) -> None:
    begin_with({"She waits.": "She waits 5 minutes."})
    translate(page(), "sw", {f"body.{page().body[3].id}.caption": "Anasubiri dakika 6."})

    row = reported()["modules"]["X1"]["sw"]

    assert (row["number_differences"], row["placeholder_differences"]) == (1, 0)


def test_for_people(begin_with: Bring) -> None:
    begin_with()
    out = io.StringIO()

    call_command("translation_report", stdout=out)

    assert out.getvalue().splitlines() == [
        "library sw: 100 % of 2 (2 current), 0 words left (Library)",
        "X1 sw: 100 % of 31 (31 current), 0 words left (Talking well)",
        "sw: 100 % of 33 (33 current), 0 words left, 0.0 % as in the source",
    ]
