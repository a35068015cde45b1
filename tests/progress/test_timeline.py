"""Her term as a line."""

from __future__ import annotations

from datetime import timedelta

from progress.standing import Facts, stand
from progress.timeline import timeline_of
from tests.progress.test_standing import START, milestones, term_with


def test_timeline_runs_from_the_first_day_to_the_planned_end() -> None:
    facts = Facts({1: frozenset({11})}, [(11, START)], [(1, START)])
    line = timeline_of(stand(term_with(), START, milestones(), facts))
    assert (line.now, [(mark.x, mark.state) for mark in line.marks]) == (
        0,
        [(25, "done"), (107, "next"), (162, "later")],
    )
    later = stand(term_with(), START + timedelta(days=365), milestones(), facts)
    assert timeline_of(later).now == 1000
    assert timeline_of(stand(term_with(), START + timedelta(days=999), milestones(), facts)).now == 1000


def test_timeline_of_an_open_ended_term_reaches_past_today() -> None:
    term = term_with(planned_end_on=None)
    assert 0 < timeline_of(stand(term, START + timedelta(days=200), milestones(), Facts())).now < 1000


def test_timeline_without_milestones_has_a_mark_for_now_only() -> None:
    line = timeline_of(stand(term_with(), START, [], Facts()))
    assert (line.now, line.marks) == (0, [])
