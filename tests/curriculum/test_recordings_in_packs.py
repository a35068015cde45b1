"""The recordings of a pack: checked, brought in without ffmpeg, given back as they came, and fitting its text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from curriculum import packs
from curriculum.actions import import_pack
from curriculum.listening import in_packs
from curriculum.listening.actions import record, withdraw
from curriculum.listening.in_packs import export_recordings, import_recordings, listed
from curriculum.listening.ogg import duration_ms
from curriculum.listening.readings import State, readings
from curriculum.listening.sound import Sound
from curriculum.listening.texts import spoken_hash
from curriculum.models import Recording

PACK = Path(packs.__file__).parents[2] / "packs" / "mentor-mother"
RECORDED = PACK / "p2"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MOST_BYTES = 1_600_000


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A module's folder with two recordings of the demonstration."""
    folder = tmp_path / "p2"
    (folder / "sound").mkdir(parents=True)
    manifest = (RECORDED / "sound" / "recordings.toml").read_text().split("\n\n")
    for entry in listed(RECORDED)[:2]:
        name = f"sound/{entry['name']}.opus"
        (folder / name).write_bytes((RECORDED / name).read_bytes())
    (folder / "sound" / "recordings.toml").write_text("\n\n".join(manifest[:2]) + "\n")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "sound").iterdir()}


# ---------------------------------------------------------------- the shipped recordings


@pytest.mark.django_db
def test_the_recorded_lesson_of_the_demonstration_still_says_what_is_written(settings: Any, tmp_path: Path) -> None:
    """Somebody changed a text of it: have it read again (manage.py speak, then export_recordings; docs/settings.md)."""
    settings.FFMPEG = "no-such-program"
    settings.MEDIA_ROOT = str(tmp_path)
    import_pack(RECORDED)

    said = {}
    current: set[tuple[str, str, str]] = set()
    for language in ("en", "sw"):
        (lesson,) = readings(language, "p2/l1")
        said[language] = [line.text for line in lesson.lines if line.state is not State.RECORDED]
        for reading in readings(language):
            current |= {(language, line.place, line.hash) for line in reading.lines}

    shipped = {(entry["language"], entry["place"], entry["hash"]) for entry in listed(RECORDED)}
    assert (said, shipped - current) == ({"en": [], "sw": []}, set())


def test_the_shipped_recordings_are_synthetic_licensed_and_small() -> None:
    entries = [entry for folder in packs.module_folders(PACK) for entry in listed(folder)]

    assert {(entry["is_synthetic"], bool(entry["licence"])) for entry in entries} == {(True, True)}
    assert {entry["language"] for entry in entries} == {"en", "sw"}
    assert sum(path.stat().st_size for path in PACK.glob("*/sound/*.opus")) < MOST_BYTES


# ---------------------------------------------------------------- checked


@pytest.mark.parametrize("folder", packs.module_folders(PACK), ids=lambda folder: folder.name)
def test_the_recordings_of_the_demonstration_are_clean(folder: Path) -> None:
    assert list(in_packs.problems(folder)) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("What is a secret at work", "What is no secret at work", "the hash is not that of the text"),
        ("licence = ", 'licence = ""\n# ', "a licence is missing"),
        ("is_synthetic = true\n", "", "cannot be read: KeyError('is_synthetic')"),
        ("[[recordings]]", "[recordings", "cannot be read"),
        ('language = "en"', 'language = "fr"', ""),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(module: Path, old: str, new: str, what: str) -> None:
    path = module / "sound" / "recordings.toml"
    path.write_text(path.read_text().replace(old, new))

    found = [found for _file, _key, found in in_packs.problems(module)]

    assert (found[0].startswith(what), bool(what)) == (True, True) if what else found == []


def test_a_file_that_is_not_what_its_name_says_is_refused(module: Path) -> None:
    first, second = sorted((module / "sound").glob("*.opus"))
    first.write_bytes(b"OggS")
    second.rename(second.with_name("0" * 32 + ".opus"))

    found = sorted(found for _file, _key, found in in_packs.problems(module))

    assert found == sorted(
        [
            "the file is not what its name says",
            f"there is no {second.stem}.opus",
            "the manifest does not name this file",
        ]
    )


def test_a_broken_recording_stops_the_import_of_its_pack(tmp_path: Path, bring_in: Callable[..., Any]) -> None:
    bring_in()
    folder = tmp_path / "small" / "x1"
    (folder / "sound").mkdir()
    (folder / "sound" / ("0" * 32 + ".opus")).write_bytes(b"no sound")

    with pytest.raises(CommandError, match="the manifest does not name this file"):
        call_command("import_pack", str(tmp_path / "small"))


def test_half_an_ogg_file_is_none() -> None:
    whole = (RECORDED / "sound" / f"{listed(RECORDED)[0]['name']}.opus").read_bytes()

    assert duration_ms(whole) > 1000
    assert [duration_ms(data) for data in (whole[: len(whole) // 2], whole[30:], b"", b"OggS")] == [0, 0, 0, 0]


# ---------------------------------------------------------------- in and out


@pytest.mark.django_db
def test_what_was_brought_in_is_given_back_byte_for_byte(module: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()

    assert (import_recordings(module), import_recordings(module)) == (2, 0)
    assert export_recordings(target, "p2") == 2
    assert contents(target) == contents(module)
    assert export_recordings(target, "p3") == 0


@pytest.mark.django_db
def test_whole_demonstration_round_trip(tmp_path: Path) -> None:
    import_recordings(RECORDED)
    export_recordings(tmp_path, "p2")

    assert contents(tmp_path) == contents(RECORDED)


@pytest.mark.django_db
def test_a_voice_of_a_person_stays_and_what_was_withdrawn_stays_silent(module: Path) -> None:
    first, second = listed(module)
    person = record(
        language="en",
        place=first["place"],
        text=first["text"],
        sound=Sound(b"OggS", 1),
        recorded_by=None,
        recorded_at=NOW,
    )
    import_recordings(module)
    brought = Recording.objects.in_use().get(spoken_hash=second["hash"])
    withdraw(recording=brought, withdrawn_by=None, withdrawn_at=NOW)

    assert import_recordings(module) == 0
    assert list(Recording.objects.in_use()) == [person]


@pytest.mark.django_db
def test_a_machine_gives_way_to_a_newer_recording_of_the_pack(module: Path) -> None:
    first, _second = listed(module)
    old = record(
        language="en",
        place=first["place"],
        text=first["text"],
        sound=Sound(b"OggS", 1),
        recorded_by=None,
        recorded_at=NOW,
        is_synthetic=True,
    )

    assert import_recordings(module) == 2
    old.refresh_from_db()
    assert old.stop == "replaced"


@pytest.mark.django_db
def test_a_voice_without_a_licence_is_not_given_away(tmp_path: Path) -> None:
    text = 'She said "no" \\ twice.\nThen she left.'
    for licence, mark in (("", b"a"), ("CC BY 4.0", b"b")):
        record(
            language="en" if licence else "sw",
            place="m4/l1#title",
            text=text,
            sound=Sound(b"OggS" + mark, 1),
            recorded_by=None,
            recorded_at=NOW,
            licence=licence,
        )

    assert export_recordings(tmp_path, "m4") == 1
    (entry,) = listed(tmp_path)
    assert (entry["text"], entry["hash"], entry["licence"]) == (text, spoken_hash(text), "CC BY 4.0")


@pytest.mark.django_db
def test_a_recording_that_is_no_longer_used_leaves_the_pack(module: Path) -> None:
    import_recordings(module)
    withdraw(recording=Recording.objects.order_by("pk")[0], withdrawn_by=None, withdrawn_at=NOW)
    export_recordings(module, "p2")

    assert len(contents(module)) == 2
    assert len(listed(module)) == 1
    assert list(in_packs.problems(module)) == []
