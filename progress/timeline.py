"""Her term as a line: where she is, and where the milestones stand. Plain numbers for a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from progress.standing import MilestoneState, Standing

WIDTH = 1000


@dataclass(frozen=True)
class Mark:
    """A milestone on the line."""

    x: int
    state: MilestoneState


@dataclass(frozen=True)
class Timeline:
    """Positions from 0 (the first day) to ``WIDTH`` (the last); ``now`` stays inside."""

    now: int
    marks: list[Mark]


def timeline_of(standing: Standing) -> Timeline:
    """The line from the first day to the planned end with leave, or to the last date known when open-ended."""
    start = standing.term.start_on
    last_due = max((item.due_on for item in standing.items), default=start)
    end = standing.term.end_with_leave() or max(last_due, standing.on) + timedelta(days=30)
    days = max((end - start).days, 1)

    def place(day: date) -> int:
        return min(max(round((day - start).days * WIDTH / days), 0), WIDTH)

    return Timeline(place(standing.on), [Mark(place(item.due_on), item.state) for item in standing.items])
