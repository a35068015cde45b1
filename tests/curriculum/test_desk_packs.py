"""The room "Packs": send a pack, see what it changes, decide, bring it in; take one out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from curriculum.desk_packs.sentences import SENTENCES, told
from curriculum.kept_packs import unzipped, zipped
from curriculum.models import ImportedPiece, LessonPage, Module, UploadedPack
from tests.curriculum.admin_desk import make_person
from tests.curriculum.pack import SWAHILI, write_pack
from tests.curriculum.test_import_over_edits import KM, edit, key_message

pytestmark = pytest.mark.django_db
Bring = Callable[..., Any]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def send(client: Client, data: bytes) -> Any:
    return client.post("/admin/packs/", {"pack": SimpleUploadedFile("small.zip", data)})


@pytest.fixture
def author(client: Client) -> Client:
    client.force_login(make_person("author"))
    return client


def test_a_pack_is_sent_looked_through_and_brought_in(author: Client, tmp_path: Path) -> None:
    sent = send(author, zipped(files_of(write_pack(tmp_path))))
    assert (sent.status_code, sent["Location"]) == (302, "/admin/packs/waiting/")
    assert Module.objects.count() == 0
    html = author.get("/admin/packs/waiting/").content.decode()
    assert "English" in html and "18 new" in html and "31 new" in html

    author.post("/admin/packs/waiting/")

    assert key_message() == "A greeting opens the door."
    assert key_message("sw") == "Salamu inafungua mlango."
    assert UploadedPack.objects.count() == 0


def test_every_conflict_has_to_be_decided(author: Client, tmp_path: Path, begin_with: Bring) -> None:
    begin_with()
    edit("A smile opens the door.")
    folder = write_pack(
        tmp_path, {KM: "{#km}\nA hand opens it."}, swahili=SWAHILI | {"l1.km.text": "Mkono unaufungua."}
    )
    send(author, zipped(files_of(folder)))

    html = author.get("/admin/packs/waiting/").content.decode()
    assert "A smile opens the door." in html and "A hand opens it." in html
    undecided = author.post("/admin/packs/waiting/")
    assert (undecided.status_code, key_message()) == (400, "A smile opens the door.")
    assert "Please choose one of the two." in undecided.content.decode()

    author.post("/admin/packs/waiting/", {"decide-X1/l1.km": "replace"})
    assert key_message() == "A hand opens it."


def test_a_pack_can_be_put_away(author: Client, tmp_path: Path) -> None:
    send(author, zipped(files_of(write_pack(tmp_path))))

    author.post("/admin/packs/put-away/")

    assert (UploadedPack.objects.count(), Module.objects.count()) == (0, 0)
    assert author.get("/admin/packs/waiting/")["Location"] == "/admin/packs/"


def test_a_pack_is_given_out_as_it_came(author: Client, tmp_path: Path, begin_with: Bring) -> None:
    begin_with()
    came = files_of(tmp_path / "small")

    answer = author.get("/admin/packs/small/")

    assert answer["Content-Disposition"] == 'attachment; filename="pack.zip"'
    assert unzipped(answer.content) == came
    one = unzipped(author.get("/admin/packs/small/x1/").content)
    assert one == came
    assert author.get("/admin/packs/small/x9/").status_code == 404
    assert author.get("/admin/packs/no/").status_code == 404


@pytest.mark.parametrize(
    ("craft", "right"),
    [("translator", {"language": "sw"}), ("reviewer", {"country": "KE"}), ("author", {"language": "sw"})],
)
def test_who_does_not_publish_the_source_language_finds_nothing(
    client: Client, begin_with: Bring, craft: str, right: dict[str, str]
) -> None:
    begin_with()
    client.force_login(make_person(craft, **right))

    for address in ("/admin/packs/", "/admin/packs/waiting/", "/admin/packs/small/", "/admin/packs/small/x1/"):
        assert client.get(address).status_code == 404, address
    assert send(client, b"").status_code == 404
    assert client.post("/admin/packs/waiting/").status_code == 404


def test_one_person_does_not_see_the_pack_of_another(author: Client, tmp_path: Path) -> None:
    send(author, zipped(files_of(write_pack(tmp_path))))
    author.force_login(make_person("author"))

    assert author.get("/admin/packs/waiting/").status_code == 302


# ---------------------------------------------------------------- what is refused


def with_zip_name(files: dict[str, bytes], name: str) -> dict[str, bytes]:
    return files | {name: b"x"}


BROKEN: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str, str]] = {
    "bad utf-8": (
        lambda files: files | {"x1/l1.md": files["x1/l1.md"] + b"\xff\xfe"},
        "x1/l1.md",
        "this is not UTF-8; save the file again as UTF-8",
    ),
    "id twice": (
        lambda files: files | {"x1/l1.md": files["x1/l1.md"].replace(b"{#km}", b"{#tx}")},
        "x1/l1.md",
        "this id stands twice; also on line",
    ),
    "code twice": (
        lambda files: files | {"x2/module.md": files["x1/module.md"], "x2/l1.md": files["x1/l2.md"]},
        "x2/module.md",
        "X1 is also the code of x1",
    ),
    "missing translation": (
        lambda files: files | {"x1/po/sw.po": files["x1/po/sw.po"].replace(b"Salamu inafungua mlango.", b"")},
        "x1/po/sw.po",
        "not translated",
    ),
    "unknown fact": (
        lambda files: files | {"x1/l1.md": files["x1/l1.md"].replace(b"{bf_duration}", b"{no_such}")},
        "x1/l1.md",
        "unknown fact {no_such}",
    ),
    "script in Markdown": (
        lambda files: files | {"x1/l1.md": files["x1/l1.md"].replace(b"She sits.", b"<script>alert(1)</script>")},
        "x1/l1.md",
        "html has no place in a lesson",
    ),
    "an image that is none": (
        lambda files: files | {"x1/pictures/gate.svg": b"GIF89a no picture"},
        "x1/pictures/gate.svg",
        "this is not a drawing",
    ),
    "a way out": (lambda files: files | {"../evil.md": b"x"}, "../evil.md", "this name leads out of the pack"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_pack_changes_nothing_and_lists_every_problem(
    author: Client, tmp_path: Path, kind: str, begin_with: Bring
) -> None:
    begin_with()
    breaks, file, what = BROKEN[kind]
    broken = breaks(files_of(tmp_path / "small"))
    # A second problem elsewhere: all are told at once.
    broken["x1/l2.md"] = broken["x1/l2.md"].replace(b"- [x] I wait.", b"- [ ] I wait.")
    before = (list(ImportedPiece.objects.values_list("key", "hash")), list(LessonPage.objects.values_list("body")))
    kept = tmp_path / "broken.zip"
    kept.write_bytes(zipped(broken))

    answer = send(author, kept.read_bytes())
    html = re.sub(r"\s+", " ", answer.content.decode().replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">"))
    with pytest.raises(CommandError) as refusal:
        call_command("import_pack", str(kept), stdout=io.StringIO())

    assert answer.status_code == 400
    for said in (html, str(refusal.value)):
        assert file in said
        assert what in said
        assert "no option is right; a right one begins with - [x]" in said
    assert before == (
        list(ImportedPiece.objects.values_list("key", "hash")),
        list(LessonPage.objects.values_list("body")),
    )
    assert UploadedPack.objects.count() == 0


def test_a_file_that_is_too_large_is_refused(author: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("curriculum.packs.files.MOST_BYTES_A_FILE", 2000)
    monkeypatch.setattr("curriculum.desk_packs.forms.MOST_BYTES_A_FILE", 2000)
    files = files_of(write_pack(tmp_path)) | {"x1/sound/gate.mp3": bytes(range(256)) * 20}
    kept = tmp_path / "large.zip"
    kept.write_bytes(zipped(files))

    assert "This file is larger than 0 MB" in send(author, kept.read_bytes()).content.decode()
    with pytest.raises(CommandError, match=r"x1/sound/gate\.mp3: the file is larger than 0 MB"):
        call_command("import_pack", str(kept), stdout=io.StringIO())


def test_what_is_no_zip_is_said(author: Client) -> None:
    assert "cannot be read" in send(author, b"this is no zip").content.decode()
    assert "Choose a file first." in author.post("/admin/packs/").content.decode()


def test_a_bomb_is_not_unpacked(author: Client) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x1/pictures/a.png", b"\0" * 30_000_000)

    assert "packed more tightly than a text or a picture can be" in send(author, kept.getvalue()).content.decode()


def test_half_an_import_cannot_happen(author: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send(author, zipped(files_of(write_pack(tmp_path))))

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("assessments.actions.importing._pages", broken)
    with pytest.raises(RuntimeError):
        author.post("/admin/packs/waiting/")

    assert (Module.objects.count(), LessonPage.objects.count(), ImportedPiece.objects.count()) == (0, 0, 0)
    assert UploadedPack.objects.count() == 1


def test_a_problem_is_told_through_gettext(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curriculum.desk_packs.sentences.gettext", lambda text: text.replace("twice", "mara mbili"))

    with translation.override("sw"):
        assert told("this id stands twice; also on line 12") == "this id stands mara mbili; also on line 12"
        assert told("something new") == "something new"


def test_every_sentence_is_known_as_itself() -> None:
    for sentence in SENTENCES:
        said = re.sub(r"%\(([a-z]+)\)s", r"\1", sentence)
        assert told(said) == said
