"""A programme from its text: one command, safe to repeat, all problems at once."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from certificates import keys
from certificates.models import Award
from curriculum.models import Strand
from programme import configuration, own, wording
from programme.models import Milestone, OrganisationUnit, PathwayVersion, Programme
from tests.curriculum.pack import write_pack

PACKS = Path(__file__).resolve().parents[2] / "packs"

SMALL = """
code = "walking"
name = "Walking Friends"
issuing_name = "Walking Friends"
issuing_short_name = "WF"
public_name = "Njia"
host_name = "njia.localhost"
curriculum = "small"
languages = ["en"]
entry_is_health_data = false
[peer]
en = { one = "walker", many = "walkers" }
[levels]
en = { facility = "club" }
[pathway]
code = "walk"
[[pathway.milestones]]
kind = "module"
module = "X1"
day = 3
gate = "walk"
[[awards]]
code = "walk"
gates = ["walk"]
titles.en = "Certificate of Walking"
[[units]]
code = "WF"
name = "Walking Friends"
level = "root"
[[units]]
code = "WF-1"
name = "First club"
level = "facility"
country = "KE"
parent = "WF"
"""


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.ALLOWED_HOSTS = ["testserver", ".localhost"]
    place = write_pack(tmp_path)
    (place / "programme.toml").write_text(SMALL)
    return place


def set_up(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("set_up_programme", str(folder), *options, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["agewell", "kmmp"])
def test_the_programmes_that_come_with_it_are_clean(name: str) -> None:
    found = configuration.read(PACKS / name)

    assert [str(problem) for problem in found.problems] == []
    assert found.fields["wording"]["en"]["Site"] in ("Team", "Facility")


@pytest.mark.django_db
def test_a_programme_stands_after_one_command_and_a_second_changes_nothing(
    folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        said = set_up(folder)

    programme = Programme.objects.get(code="walking")
    assert "programme walking" in said
    assert programme.peer_title == "walker"
    assert [str(unit) for unit in OrganisationUnit.objects.filter(short_code__startswith="WF")] == [
        "First club",
        "Walking Friends",
    ]
    assert Milestone.objects.get(version__pathway__programme=programme).module.code == "X1"
    assert Award.objects.get(programme=programme).title_in("en") == "Certificate of Walking"
    assert programme.curriculum == Strand.objects.filter(modules__code="X1").get().curriculum != ""
    assert "a key that signs its certificates" in said
    assert keys.signing_key(programme).key.programme == programme
    assert "everything is as it should be" in set_up(folder)


@pytest.mark.django_db
def test_a_dry_run_says_it_and_does_nothing(
    folder: Path, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.ISSUER_KEYS = str(tmp_path / "keys")
    with django_capture_on_commit_callbacks(execute=True):
        said = json.loads(set_up(folder, "--dry-run", "--json"))

    assert "programme walking" in said["changes"]
    assert not Programme.objects.exists()
    assert not Strand.objects.exists()
    assert not Path(settings.ISSUER_KEYS).exists()


@pytest.mark.django_db
def test_everything_that_is_wrong_is_told_at_once_with_its_line(folder: Path) -> None:
    path = folder / "programme.toml"
    path.write_text(
        path.read_text()
        .replace('public_name = "Njia"', 'public_name = "HIV school"')
        .replace('kind = "module"', 'kind = "exam"')
        .replace('gates = ["walk"]', 'gates = ["run"]')
        .replace('host_name = "njia.localhost"', 'host_name = "https://njia"')
        + '\ncolour = "red"\n'
    )

    with pytest.raises(CommandError) as refusal:
        set_up(folder)

    told = str(refusal.value)
    assert "programme.toml:6: public_name: a stranger reads “HIV school”, and “hiv” tells" in told
    assert "programme.toml:7: host_name" in told
    assert "exam is no kind" in told
    assert "no milestone has the gate run" in told
    assert "colour: this has no meaning here" not in told  # it stands inside the last [[units]]
    assert "a unit has code, name and level" in told
    assert not Programme.objects.exists()


@pytest.mark.django_db
def test_a_changed_pathway_that_nobody_runs_under_is_changed_in_place_and_one_in_use_gets_a_version(
    folder: Path,
) -> None:
    from tests.factories import make_term

    set_up(folder)
    path = folder / "programme.toml"
    path.write_text(path.read_text().replace("day = 3", "day = 4"))
    set_up(folder)
    [version] = PathwayVersion.objects.all()
    assert version.milestones.get().due_day == 4
    make_term(pathway_version=version)
    path.write_text(path.read_text().replace("day = 4", "day = 5"))

    assert "pathway walk: version 2" in set_up(folder)

    assert version.milestones.get().due_day == 4
    assert PathwayVersion.objects.get(number=2).milestones.get().due_day == 5


@pytest.mark.django_db
def test_its_words_and_its_name_are_spoken_at_its_own_door_and_nowhere_else(
    folder: Path, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    (folder / "words").mkdir()
    (folder / "words" / "en.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "A place to learn. Your coordinator gives you a work name to sign in with."\n'
        'msgstr "A place for walkers."\n'
    )
    with django_capture_on_commit_callbacks(execute=True):
        set_up(folder)

    there = client.get("/en/", headers={"host": "njia.localhost"}).content.decode()
    elsewhere = client.get("/en/").content.decode()

    assert "A place for walkers." in there
    assert "<title>Njia</title>" in there
    assert "A place for walkers." not in elsewhere
    assert "<title>Thuto</title>" in elsewhere
    assert "Njia" not in elsewhere
    look = own.of_host("njia.localhost")
    assert look is not None
    assert f"/look/{look.mark}.css" in there
    assert client.get(f"/look/{look.mark}.css", headers={"host": "njia.localhost"}).status_code == 200
    assert client.get(f"/look/{look.mark}.css").status_code == 404


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('msgid "Nobody ever says this"\nmsgstr "No"\n', "en.po:4: the interface has no such phrase"),
        ('msgid "Another site for %(who)s"\nmsgstr "Another club"\n', "en.po:4: other places to fill"),
        ('msgid "Site"\nmsgstr ""\n', "en.po:4: the words for 'Site' are missing"),
    ],
)
def test_words_that_fit_nowhere_are_told(folder: Path, line: str, said: str) -> None:
    (folder / "words").mkdir()
    (folder / "words" / "en.po").write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n{line}')

    found = configuration.read(folder)

    assert any(said in str(problem) for problem in found.problems), list(map(str, found.problems))


def test_words_are_those_of_the_programme_in_force_in_every_language_and_form() -> None:
    from django.utils.translation import gettext, ngettext, override

    words = {"en": {"Site": "Club", "%(minutes)s minute": ["%(minutes)s little minute", "%(minutes)s long minutes"]}}
    row = Programme(pk=7, code="w", wording=words, peer_title="w")
    mine = own._own_of(row)

    with override("en"), wording.spoken(mine):
        assert gettext("Site") == "Club"
        assert ngettext("%(minutes)s minute", "%(minutes)s minutes", 1) == "%(minutes)s little minute"
        assert ngettext("%(minutes)s minute", "%(minutes)s minutes", 3) == "%(minutes)s long minutes"
        with override("sw"):
            assert gettext("Site") == "Kituo"
    with override("en"):
        assert gettext("Site") == "Site"
