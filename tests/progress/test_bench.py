"""``script/bench``: what it refuses, and how a budget is judged and printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.measures import Measure, table

TOP = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scale"], "the bench 'scale' is not written yet; there is: lesson"),
        (["lesson", "speed"], "no bench is called 'speed'; there is: lesson"),
        (["lesson", "--seconds", "0"], "--seconds takes a number from 0.5 to 60"),
        (["certificates", "--women", "0"], "--women takes a number from 1 to 2000"),
    ],
)
def test_bench_refuses_what_is_not_there_before_measuring(arguments: list[str], said: str) -> None:
    done = subprocess.run([sys.executable, "-m", "bench", *arguments], cwd=TOP, capture_output=True, text=True)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_measure_is_judged_at_its_budget_and_beyond() -> None:
    assert [Measure("b", "m", value, "kB", 12).ok for value in (11.99, 12, 12.01)] == [True, True, False]
    assert [Measure("b", "m", value, "x", 4, at_least=True).ok for value in (3.99, 4, 4.01)] == [False, True, True]
    assert Measure("b", "m", 1, "ms").ok is None


def test_measure_is_written_as_the_design_says() -> None:
    assert Measure("lesson", "queries", 3, "queries", 4).as_json() == {
        "bench": "lesson",
        "measure": "queries",
        "value": 3,
        "unit": "queries",
        "budget": 4,
        "ok": True,
    }


def test_table_shows_the_peers_and_the_verdict() -> None:
    assert table([Measure("b", "pages", 93.4, "/s", 400, at_least=True, peers=("40", "-"))]).splitlines()[2] == (
        "| pages | 40 | - | >= 400 /s | 93.4 /s | **under** |"
    )
