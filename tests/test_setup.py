"""The two commands: what they say when something is missing, and that they do nothing twice."""

from __future__ import annotations

import re
import runpy
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted(
    path
    for path in (ROOT / "script").iterdir()
    if path.is_file() and path.read_text().startswith(("#!/bin/sh", "# Sourced"))
)
SYSTEM = "/usr/bin:/bin"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the scripts and nothing else, and the ``.venv`` of this one."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "script", folder / "script", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "home").mkdir()
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to(sys.executable)
    return folder


def sh(folder: Path, text: str, *, path: str = SYSTEM, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``text`` after sourcing ``script/setup.sh``, with a bare environment."""
    return subprocess.run(
        ["sh", "-euc", f". script/setup.sh\n{text}"],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder / "home")} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def put_python(path: Path, *, fits: bool) -> Path:
    """Something called Python that says whether it is new enough."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {0 if fits else 1}\n")
    path.chmod(0o755)
    return path


def bin_without_python(folder: Path) -> str:
    """A search path on which everything is found but Python."""
    tools = folder / "tools"
    tools.mkdir()
    for name in ("sh", "cat", "tr", "id", "printf", "mkdir", "rm", "sleep", "tail", "umask"):
        if found := shutil.which(name, path=SYSTEM):
            (tools / name).symlink_to(found)
    return str(tools)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_is_plain_posix_shell(script: Path) -> None:
    assert subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True).stderr == ""
    assert re.findall(r"\[\[|\bfunction \w|\blocal \w|<<<|(?<!\w)\$'|&>|\bsource \w|==\s*\]", script.read_text()) == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--prot", "3"], "--prot is not known here"),
        (["--port", "many"], "the port must be a number, not 'many'"),
        (["--port"], "--port needs a number"),
        (["--host"], "--host needs a name or an address"),
    ],
)
def test_server_says_what_to_type(checkout: Path, arguments: list[str], reason: str) -> None:
    done = subprocess.run(["sh", "script/server", *arguments], cwd=checkout, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"\nStopped: {reason}\nDo this: script/server [--port N] [--host H] [--empty]\n"
    assert not (checkout / "var").exists()


def test_python_on_the_path_is_tried_before_it_is_taken(checkout: Path) -> None:
    """A launcher of a version manager may be there and start nothing."""
    put_python(checkout / "shims/python3.13", fits=False)
    put_python(checkout / "shims/python3.12", fits=True)
    path = f"{checkout}/shims:{bin_without_python(checkout)}"

    assert sh(checkout, 'find_python; echo "$python"', path=path).stdout == "python3.12\n"


def test_python_of_pyenv_is_found(checkout: Path) -> None:
    put_python(checkout / "pyenv/versions/3.11.9/bin/python", fits=True)
    wanted = put_python(checkout / "pyenv/versions/3.12.4/bin/python", fits=True)
    path = bin_without_python(checkout)

    done = sh(checkout, 'find_python; echo "$python"', path=path, PYENV_ROOT=str(checkout / "pyenv"))

    assert done.stdout == f"{wanted}\n"


def test_python_of_pyenv_is_found_in_the_home(checkout: Path) -> None:
    wanted = put_python(checkout / "home/.pyenv/versions/3.13.1/bin/python", fits=True)

    assert sh(checkout, 'find_python; echo "$python"', path=bin_without_python(checkout)).stdout == f"{wanted}\n"


def test_python_is_found_beside_the_launchers_when_the_home_is_another(checkout: Path) -> None:
    wanted = put_python(checkout / "elsewhere/versions/3.13.1/bin/python", fits=True)
    path = f"{checkout}/elsewhere/shims:{bin_without_python(checkout)}"

    assert sh(checkout, 'find_python; echo "$python"', path=path).stdout == f"{wanted}\n"


def test_no_python_is_told_in_one_clear_line(checkout: Path) -> None:
    done = sh(checkout, "find_python", path=bin_without_python(checkout))

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "",
        "Stopped: no Python 3.12 or newer with its venv module was found",
        "Do this: apt-get install python3 python3-venv (or: pyenv install 3.13; or: install uv), then this again",
    ]


def test_keys_are_made_once_and_for_the_owner_only(checkout: Path) -> None:
    sh(checkout, "set_up_alone; make_secrets; set_up_done")
    keys = (checkout / "var/env").read_text()
    sh(checkout, "set_up_alone; make_secrets; set_up_done")

    assert (checkout / "var/env").read_text() == keys
    assert stat.S_IMODE((checkout / "var/env").stat().st_mode) == 0o600
    assert [line.partition("=")[0] for line in keys.splitlines()] == [
        "SECRET_KEY",
        "CONTACT_KEYS",
        "BLIND_INDEX_KEY",
        "PIN_PEPPER",
        "SEALING_KEYS",
        "ISSUER_KEY_SECRET",
    ]
    assert all(len(line.partition("=")[2]) >= 40 for line in keys.splitlines())


def test_key_that_a_later_release_needs_is_added_and_the_others_stay(checkout: Path) -> None:
    (checkout / "var").mkdir(exist_ok=True)
    (checkout / "var/env").write_text("SECRET_KEY=a\nCONTACT_KEYS=b\nBLIND_INDEX_KEY=c\nPIN_PEPPER=d\n")
    sh(checkout, "set_up_alone; make_secrets; set_up_done")
    *before, sealing, issuing = (checkout / "var/env").read_text().splitlines()
    assert before == ["SECRET_KEY=a", "CONTACT_KEYS=b", "BLIND_INDEX_KEY=c", "PIN_PEPPER=d"]
    assert sealing.startswith("SEALING_KEYS=")
    assert issuing.startswith("ISSUER_KEY_SECRET=")


def test_keys_kept_elsewhere_are_not_made_again(checkout: Path) -> None:
    sh(checkout, "set_up_alone; make_secrets; set_up_done", SECRET_KEY="in a safe")

    assert not (checkout / "var/env").exists()


def test_step_is_done_again_only_when_its_content_changes(checkout: Path) -> None:
    (checkout / "packs").mkdir()
    (checkout / "packs/one.toml").write_text("a")
    content = "content_of packs"

    first = sh(checkout, content).stdout
    same = sh(checkout, content).stdout
    (checkout / "packs/one.toml").write_text("b")
    changed = sh(checkout, content).stdout
    (checkout / "packs/two.toml").write_text("")
    more = sh(checkout, content).stdout

    assert first == same
    assert len({first, changed, more}) == 3


def test_what_a_step_makes_is_not_its_content(checkout: Path) -> None:
    """Otherwise each start would find the files of the one before, and do them again."""
    (checkout / "people/static").mkdir(parents=True)
    (checkout / "people/static/a.css").write_text("a")
    before = sh(checkout, "content_of ./*/static").stdout
    (checkout / "var/static").mkdir(parents=True)
    (checkout / "var/static/a.12345678.css").write_text("a")

    assert sh(checkout, "content_of ./*/static").stdout == before


def test_failed_step_shows_its_last_lines_and_what_to_type(checkout: Path) -> None:
    done = sh(
        checkout, 'set_up_alone; long_step "doing a thing" "type that" sh -c "echo the reason; exit 3"; echo never'
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "  doing a thing ...",
        "the reason",
        "",
        f"Stopped: doing a thing (the whole text is in {checkout}/var/setup.log)",
        "Do this: type that",
    ]
    assert not (checkout / "var/setup.lock").exists()


def test_lock_of_a_set_up_that_was_killed_is_taken_over(checkout: Path) -> None:
    (checkout / "var/setup.lock").mkdir(parents=True)
    gone = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True).stdout
    (checkout / "var/setup.lock/pid").write_text(gone)

    done = sh(checkout, "set_up_alone; echo mine; set_up_done")

    assert (done.returncode, done.stdout) == (0, "mine\n")


def a_manage(folder: Path) -> None:
    """A ``manage.py`` that makes the database that it is told, as the real one would, and writes down why."""
    (folder / "requirements.txt").touch()
    (folder / "manage.py").write_text(
        "import os, pathlib, sqlite3, sys\n"
        "url = os.environ.get('DATABASE_URL', '')\n"
        "print(sys.argv[1], pathlib.Path(url).name, file=open('asked', 'a'))\n"
        "if url: sqlite3.connect(url[len('sqlite:///'):]).execute('CREATE TABLE IF NOT EXISTS kept (id)')\n"
        "sys.exit(sys.argv[1] == os.environ.get('BREAKS'))\n"
    )


MAKE = "set_up_alone; begin_database; set_up_database; set_up_real_work; finish_database; set_up_done"


def test_new_database_gets_its_name_when_it_is_whole_and_is_not_made_again(checkout: Path) -> None:
    a_manage(checkout)

    done = [sh(checkout, MAKE).stderr.splitlines() for _ in range(2)]

    assert done == [["  preparing the database ...", "  deciding that this database is for real work ..."], []]
    assert (checkout / "asked").read_text() == "migrate thuto.sqlite3.new\nbegin thuto.sqlite3.new\n"
    assert sorted(path.name for path in (checkout / "var").glob("*sqlite3*")) == ["thuto.sqlite3"]


def test_database_that_was_broken_off_is_begun_again(checkout: Path) -> None:
    a_manage(checkout)

    assert sh(checkout, MAKE, BREAKS="begin").returncode == 1
    assert not (checkout / "var/thuto.sqlite3").exists()
    assert sh(checkout, MAKE).returncode == 0
    assert (checkout / "asked").read_text().split()[::2] == ["migrate", "begin", "migrate", "begin"]
    assert (checkout / "var/thuto.sqlite3").exists()


@pytest.mark.parametrize("chosen_in", ["environment", "file"])
def test_database_of_the_operator_is_used_as_it_is(checkout: Path, chosen_in: str) -> None:
    a_manage(checkout)
    (checkout / "var").mkdir()
    url = f"sqlite:///{checkout}/own.sqlite3"
    (checkout / "var/env").write_text(f"DATABASE_URL={url}\n" if chosen_in == "file" else "")

    done = sh(checkout, MAKE, **({"DATABASE_URL": url} if chosen_in == "environment" else {}))

    assert done.returncode == 0
    assert ".new" not in (checkout / "asked").read_text()
    assert list((checkout / "var").glob("*sqlite3*")) == []


@pytest.mark.parametrize(("name", "waits"), [("thuto.sqlite3", "FULL"), ("thuto.sqlite3.new", "OFF")])
def test_only_a_database_that_is_being_made_does_not_wait_for_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, waits: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / name}")

    chosen = runpy.run_path(str(ROOT / "config/settings.py"))["DATABASES"]["default"]

    assert f"synchronous={waits};" in chosen["OPTIONS"]["init_command"]


def test_missing_library_is_named_to_whoever_may_not_install_it(checkout: Path) -> None:
    tools = checkout / "few"
    for name in ("apt-get", "id"):
        put_python(tools / name, fits=True)
    (tools / "id").write_text("#!/bin/sh\necho 1000\n")

    done = sh(checkout, 'install_system "Pango" "libpango-1.0-0 libharfbuzz-subset0"', path=f"{tools}:{SYSTEM}")

    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [
        "Stopped: Pango is missing",
        "Do this: sudo apt-get install libpango-1.0-0 libharfbuzz-subset0",
    ]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_requirements_are_pinned_with_hashes_and_name_no_address(name: str) -> None:
    pinned = (ROOT / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", pinned.partition("\n#\n")[2].strip())
    wanted = re.findall(r"^([a-z0-9][a-z0-9-]+)", (ROOT / f"{name}.in").read_text(), re.MULTILINE)

    assert [block for block in blocks if "==" in block and "--hash=sha256:" not in block] == []
    assert re.findall(r"https?:|--index-url|--find-links|file:|@ ", pinned) == []
    assert set(wanted) - {block.partition("==")[0] for block in blocks} == set()


def test_continuous_integration_runs_the_checks_and_nothing_else() -> None:
    commands = [
        line
        for line in (ROOT / ".ci/run").read_text().splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]

    assert commands == ["script/test", "script/test --postgres", "script/test -m whole"]


def test_taken_port_is_told_before_anything_is_loaded() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "config.serve", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert (done.returncode, done.stdout) == (1, "")
    assert f"Stopped: port {port} on 127.0.0.1 cannot be used" in done.stderr
    assert f"Do this: script/server --port {port + 1}\n" in done.stderr


def test_server_keeps_no_list_of_who_reads_what() -> None:
    from config import gunicorn

    assert gunicorn.accesslog is None


def test_what_is_sent_is_compressed_under_its_name_of_content_and_nothing_else_is(
    settings: Any, tmp_path: Path
) -> None:
    from config.static_files import ServedFiles

    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("p { color: red }\n" * 99)
    (source / "a.js.map").write_text("{}" * 999)
    storage = ServedFiles(location=str(tmp_path / "served"), base_url="/static/")
    files = {}
    for name in ("a.css", "a.js.map"):
        with (source / name).open("rb") as opened:
            storage.save(name, File(opened))
        files[name] = (storage, name)
    list(storage.post_process(files))

    served = re.sub(r"\.[0-9a-f]{12}\.", ".HASH.", " ".join(sorted(p.name for p in (tmp_path / "served").iterdir())))
    assert set(served.split()) - {"staticfiles.json"} == {
        *("a.css", "a.HASH.css", "a.HASH.css.br", "a.HASH.css.gz"),
        *("a.js.map", "a.js.HASH.map"),
    }
