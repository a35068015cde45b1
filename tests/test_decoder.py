"""The decoder of codes on paper: fetched by the set-up, byte for byte what was looked at; old phones read it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.static_files import as_sent
from tests.old_phones.reading import in_script, words_of

ROOT = Path(__file__).resolve().parent.parent
FETCHED = Path(os.environ.get("VENDOR", str(ROOT / "var/vendor"))) / "qr"
FILES = ("decode.js", "index.js")

needs_decoder = pytest.mark.skipif(not (FETCHED / "decode.js").exists(), reason="the decoder was not fetched")

OWN_NAMES = {"to", "image", "resize", "scan", "yield", "layers"}
NOT_REACHED = {"OffscreenCanvas", "displayWidth", "displayHeight", "toBase64"}
"""Only its stand-in for the browser's own reader, and its way to draw codes, ask for these."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "script").mkdir()
    shutil.copy(ROOT / "script/setup.sh", tmp_path / "script/setup.sh")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / "var").mkdir()
    (tmp_path / "tools").mkdir()
    for name in ("sh", "rm", "mkdir", "cp", "mv", "tar", "gzip", "cat"):
        (tmp_path / "tools" / name).symlink_to(str(shutil.which(name)))
    return tmp_path


def fetch(checkout: Path) -> list[str]:
    """What the set-up says while it fetches the decoder, with nothing but the tools of ``checkout``."""
    done = subprocess.run(
        ["sh", "-euc", ". script/setup.sh\nfetch_decoder\nsay went on"],
        cwd=checkout,
        env={"PATH": str(checkout / "tools")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()


def put_npm(checkout: Path, package: Path) -> None:
    """An ``npm`` that packs ``package`` whatever is asked, and notes that it was asked."""
    npm = checkout / "tools/npm"
    npm.write_text(f'#!/bin/sh\necho asked >>"{checkout}/asked"\ntar -czf one.tgz -C "{package.parent}" package\n')
    npm.chmod(0o755)


def test_without_npm_it_says_so_in_one_line_and_goes_on(checkout: Path) -> None:
    said, went_on = fetch(checkout)
    assert said.startswith("  npm is not installed: some browsers cannot scan codes here, all else works")
    assert went_on == "went on"
    assert list((checkout / "var").iterdir()) == []


def test_what_is_not_byte_for_byte_the_same_is_not_kept(checkout: Path) -> None:
    package = checkout / "wrong/package"
    package.mkdir(parents=True)
    for name in (*FILES, "LICENSE", "LICENSE-MIT"):
        (package / name).write_text("alert(1)")
    put_npm(checkout, package)
    said = fetch(checkout)
    assert "did not come whole" in said[1]
    assert not (checkout / "var/vendor/qr").exists()
    assert not (checkout / "var/vendor.new").exists()


@needs_decoder
def test_it_is_fetched_once_with_its_licences(checkout: Path) -> None:
    package = checkout / "right/package"
    shutil.copytree(FETCHED, package)
    put_npm(checkout, package)
    assert fetch(checkout)[-1] == "went on"
    assert fetch(checkout) == ["went on"]
    assert (checkout / "asked").read_text() == "asked\n"
    kept = {path.name for path in (checkout / "var/vendor/qr").iterdir()}
    assert kept == {*FILES, "LICENSE", "LICENSE-MIT"}
    # Somebody has changed it: fetched anew.
    (checkout / "var/vendor/qr/decode.js").write_text("alert(1)")
    fetch(checkout)
    assert (checkout / "var/vendor/qr/decode.js").read_bytes() == (FETCHED / "decode.js").read_bytes()


@needs_decoder
@pytest.mark.parametrize("name", FILES)
def test_old_phones_read_it_and_it_is_sent_as_it_was_written(name: str) -> None:
    source = (FETCHED / name).read_text()
    newer = {called for kind, called in in_script(source) if kind != "syntax"}
    assert newer - OWN_NAMES - NOT_REACHED == set()
    assert {called for kind, called in in_script(source) if kind == "syntax"} == {"statements.import"}
    assert words_of(as_sent(name, source.encode()).decode()) == words_of(source)
