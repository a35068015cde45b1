from datetime import date

import pytest

from certificates.dates import add_months, moved_by_leave


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 6, 15), 12, date(2027, 6, 15)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_last(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("leaves", "last"),
    [
        ([], date(2026, 6, 30)),
        ([(date(2026, 6, 10), date(2026, 6, 19))], date(2026, 7, 10)),
        # Only the part after the day of issue counts.
        ([(date(2026, 5, 20), date(2026, 6, 5))], date(2026, 7, 4)),
        # A leave that begins on the last day still moves it, the day after no more.
        ([(date(2026, 6, 30), date(2026, 7, 9))], date(2026, 7, 10)),
        ([(date(2026, 7, 1), date(2026, 7, 9))], date(2026, 6, 30)),
        # The first leave moves the end over the beginning of the second.
        ([(date(2026, 7, 3), date(2026, 7, 4)), (date(2026, 6, 10), date(2026, 6, 19))], date(2026, 7, 12)),
    ],
)
def test_leave_moves_the_last_day(leaves: list[tuple[date, date]], last: date) -> None:
    assert moved_by_leave(date(2026, 6, 30), date(2026, 6, 1), leaves) == last
