"""Work in several processes: all of it comes back, whatever becomes of them; and none of them is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path
from unittest import mock

import pytest

from paper import processes
from paper.processes import NOT_DONE, done_by_several

pytestmark = pytest.mark.slow

WITHIN = 20
"""Seconds."""


def nothing() -> None:
    """A new process needs nothing here."""


def twice(number: int) -> int:
    return 2 * number


def is_killed(number: int) -> int:
    """The third takes its process along, every time."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def is_killed_once(told: tuple[str, int]) -> int:
    """The third takes its process along the first time."""
    folder, number = told
    before = Path(folder) / "before"
    if number == 3 and not before.exists():
        before.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def is_always_killed(_number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def stands_still(number: int) -> int:
    if number == 3:
        time.sleep(600)
    return number


def says_who(_number: int) -> int:
    time.sleep(0.2)
    return os.getpid()


def test_all_come_once_and_nobody_is_left_behind() -> None:
    found = list(done_by_several(twice, range(20), begin=nothing, processes=2, within=WITHIN))
    assert sorted(found) == [(number, 2 * number) for number in range(20)]
    assert multiprocessing.active_children() == []


def test_several_work_at_once() -> None:
    who = {pid for _number, pid in done_by_several(says_who, range(12), begin=nothing, processes=2, within=WITHIN)}
    assert len(who) == 2
    assert os.getpid() not in who


def test_what_a_killed_process_had_in_hand_is_done_again(tmp_path: Path) -> None:
    things = [(str(tmp_path), number) for number in range(8)]
    found = dict(done_by_several(is_killed_once, things, begin=nothing, processes=2, within=WITHIN))
    assert found == {thing: thing[1] for thing in things}


def test_what_takes_its_process_along_twice_keeps_nothing_else_back() -> None:
    found = dict(done_by_several(is_killed, range(8), begin=nothing, processes=2, within=WITHIN))
    assert found == {number: NOT_DONE if number == 3 else number for number in range(8)}
    assert multiprocessing.active_children() == []


def test_where_no_process_lives_it_comes_to_an_end() -> None:
    found = dict(done_by_several(is_always_killed, range(40), begin=nothing, processes=2, within=WITHIN))
    assert found == dict.fromkeys(range(40), NOT_DONE)


def test_where_no_process_can_be_begun_it_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = mock.Mock(side_effect=BlockingIOError("no more processes"))
    monkeypatch.setattr(processes.ProcessPoolExecutor, "submit", refused)
    found = dict(done_by_several(twice, range(3), begin=nothing, processes=2, within=WITHIN))
    assert found == dict.fromkeys(range(3), NOT_DONE)
    assert refused.call_count == processes.FRUITLESS


def test_a_process_that_stands_still_hangs_nothing() -> None:
    found = dict(done_by_several(stands_still, range(6), begin=nothing, processes=2, within=3))
    assert found == {number: NOT_DONE if number == 3 else number for number in range(6)}
    assert multiprocessing.active_children() == []


def test_whoever_stops_asking_leaves_nobody_at_work() -> None:
    work = done_by_several(stands_still, [3, 1], begin=nothing, processes=2, within=WITHIN)
    assert next(work) == (1, 1)
    work.close()
    assert multiprocessing.active_children() == []
