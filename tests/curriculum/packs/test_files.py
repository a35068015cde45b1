"""A zip that somebody sent cannot reach out of itself, and cannot fill the machine."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from curriculum.packs import files, open_zip
from tests.curriculum.pack import FILES


def zipped(entries: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    kept.seek(0)
    return kept


BASE = {name: text.encode() for name, text in FILES.items()} | {
    "pack.toml": FILES["pack.toml"].replace('["sw"]', "[]").encode()
}


def test_a_pack_in_a_zip_is_read_with_or_without_a_folder_around_it() -> None:
    plain = open_zip(zipped(BASE))
    around = open_zip(zipped({f"small/{name}": data for name, data in BASE.items()} | {"__MACOSX/small/x": b""}))

    assert plain.errors == around.errors == []
    assert plain.pack == around.pack


@pytest.mark.parametrize(
    "name", ["../evil.md", "/etc/evil.md", "x1/../../evil.md", "C:/evil.md", "x1\\..\\evil.md", "x1//evil.md"]
)
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    opened = open_zip(zipped(BASE | {name: b"x"}))

    assert [problem.what for problem in opened.errors] == ["this name leads out of the pack"]
    assert not any("evil" in found for found in opened.files)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    opened = open_zip(zipped(BASE | {"x1/pictures/a.png": b"\0" * 30_000_000}))

    assert [problem.what for problem in opened.errors] == [
        "this file is packed more tightly than a text or a picture can be"
    ]


def test_a_size_that_is_a_lie_is_found_while_reading() -> None:
    kept = zipped({"pack.toml": b"a" * 5000}, compression=zipfile.ZIP_STORED)
    data = kept.getvalue()
    # The entry claims to be smaller than what stands there.
    lie = data.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    assert open_zip(io.BytesIO(lie)).errors


def test_too_many_files_and_too_much_of_them_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 3)
    assert [problem.what for problem in open_zip(zipped(BASE)).errors if problem.file == "the zip"] == [
        "a pack has at most 3 files; here are 8"
    ]
    monkeypatch.setattr(files, "MOST_FILES", 100)
    monkeypatch.setattr(files, "MOST_BYTES", 500)
    assert any("a pack has at most" in problem.what for problem in open_zip(zipped(BASE)).errors)


def test_a_link_and_a_locked_or_broken_zip_are_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        link = zipfile.ZipInfo("x1/l3.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    kept.seek(0)
    assert "this is a link to another file; put the file itself here" in [
        problem.what for problem in open_zip(kept).errors
    ]
    assert [
        problem.what[:14] for problem in open_zip(io.BytesIO(b"PK no zip")).errors if problem.file == "the zip"
    ] == ["cannot be read"]
