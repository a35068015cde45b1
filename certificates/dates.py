"""How long a certificate lasts: months from the day of issue, moved on by leave. Plain values only."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later; the last of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def moved_by_leave(last: date, since: date, leaves: Iterable[tuple[date, date]]) -> date:
    """``last``, moved on by every day of leave after ``since`` that begins before it is over.

    ``leaves`` are (first day, last day), in any order: the clock of the term stands still, and so
    does that of her certificate.
    """
    for first, end in sorted(leaves):
        begins = max(first, since + timedelta(days=1))
        if begins <= end and begins <= last:
            last += end - begins + timedelta(days=1)
    return last
