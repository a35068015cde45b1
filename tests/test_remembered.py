"""What is put there again is what the call wrote, and nothing is put there where anything differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from wagtail.models import Locale

from curriculum.actions import import_pack
from curriculum.models import LessonPage
from tests import remembered as place
from tests.curriculum.pack import write_pack
from tests.remembered import remembered

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="Only SQLite remembers"),
]
assert connection


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(place, "_kept", {})
    settings.MEDIA_ROOT = str(tmp_path / "media")


class Call:
    def __init__(self, folder: Path) -> None:
        self.pack, self.times = write_pack(folder), 0

    def __call__(self) -> Any:
        self.times += 1
        return import_pack(self.pack)


def database() -> dict[str, list[tuple[Any, ...]]]:
    return {table: sorted(rows.values(), key=repr) for table, rows in place._rows().items()}


def begun(call: Call) -> dict[str, list[tuple[Any, ...]]]:
    """Every row after the call, and none of them left."""
    with transaction.atomic():
        remembered(call, call.pack)
        rows = database()
        assert LessonPage.objects.search("greeting").count() > 0
        transaction.set_rollback(True)
    return rows


def test_the_same_call_is_made_once_and_gives_every_row_again(tmp_path: Path) -> None:
    call = Call(tmp_path)

    assert begun(call) == begun(call)

    assert call.times == 1


def test_another_row_another_file_or_another_setting_is_another_call(tmp_path: Path, settings: Any) -> None:
    call = Call(tmp_path)
    begun(call)

    text = next(call.pack.rglob("l2.md"))
    text.write_text(text.read_text() + "\n")
    begun(call)
    assert call.times == 2
    settings.LESSON_MOST_KB = 299
    begun(call)
    assert call.times == 3
    Locale.objects.create(language_code="ny")
    begun(call)
    assert call.times == 4


def test_what_it_could_not_do_is_not_remembered() -> None:
    def call() -> None:
        raise KeyError

    for _time in range(2):
        with pytest.raises(KeyError):
            remembered(call)
