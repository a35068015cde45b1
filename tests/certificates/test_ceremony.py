"""A ceremony that a full disk or a killed worker breaks off: nothing is half done, and it goes on.

Real processes, a real file, SQLite's own refusal to write. A few women in the ordinary run; 1 500 with ``-m whole``.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from certificates.batches import TOGETHER
from tests.certificates.ceremony import Ceremony, prepare

pytestmark = pytest.mark.slow

FEW, MANY = 12, 1_500
SIZES = [FEW, pytest.param(MANY, marks=pytest.mark.whole)]
NO_ROOM = "There is no room to write now. Nothing is lost."


@pytest.fixture
def schema(schema_folder: Path, db: None) -> Path:
    """The migrated database that the tests of this run share."""
    kept = schema_folder / "kept"
    return Path(kept.read_text()) if kept.exists() else schema_folder / "schema.sqlite3"


def reasons(ceremony: Ceremony) -> list[str]:
    return [reason for (reason,) in ceremony.rows("SELECT reason FROM certificates_issuebatchitem WHERE reason <> ''")]


@pytest.mark.parametrize("women", SIZES)
def test_a_full_disk_leaves_nothing_half_issued_and_it_goes_on_to_the_last(
    women: int, schema: Path, tmp_path: Path
) -> None:
    ceremony = prepare(tmp_path, women, schema)

    ceremony.go_on(room=women // 3)  # a certificate takes about a page
    first = ceremony.numbers()
    assert 0 < len(first) < women
    assert ceremony.results() == {"issued": len(first), "stopped": 1, "waiting": women - len(first) - 1}
    assert reasons(ceremony) == [NO_ROOM]
    assert ceremony.papers() < len(first)

    ceremony.go_on(papers=False)
    assert len(ceremony.numbers()) == women
    assert reasons(ceremony) == []

    before = ceremony.papers()
    ceremony.go_on(room=3 * women)  # a paper takes eight pages
    assert before < ceremony.papers() < women

    ceremony.go_on()
    ceremony.is_whole()
    assert ceremony.numbers().items() >= first.items()


@pytest.mark.parametrize("women", SIZES)
def test_a_killed_worker_is_followed_by_two_at_once(women: int, schema: Path, tmp_path: Path) -> None:
    ceremony = prepare(tmp_path, women, schema)

    killed = ceremony.start(killed_at=women - 1)
    assert killed.wait(600) == -signal.SIGKILL
    issued = (women - 2) // TOGETHER * TOGETHER
    assert ceremony.results() == {"issued": issued, "waiting": women - issued}
    first = ceremony.numbers()

    killed = ceremony.start(killed_at_paper=women // 3, several=True)
    assert killed.wait(600) == -signal.SIGKILL
    assert ceremony.papers() == women // 3 - 1
    until = time.monotonic() + 30
    while is_at_work(killed.pid) and time.monotonic() < until:
        time.sleep(0.2)
    assert not is_at_work(killed.pid), "those who drew for it wait for ever"

    followers = [ceremony.start(several=True), ceremony.start()]
    assert [follower.wait(1_800) for follower in followers] == [0, 0]
    ceremony.is_whole()
    assert ceremony.numbers().items() >= first.items()


def is_at_work(group: int) -> bool:
    """Whether anybody of this group of processes is still there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
