"""When people answer the telephone: weekdays 10:00-17:00, no holidays, not 29 December to 3 January."""

from datetime import date, datetime, time, timedelta

import jpholiday

from helpdesk.clock import TOKYO

OPENS = time(10, 0)
CLOSES = time(17, 0)


def is_open_day(day: date) -> bool:
    """Whether the helpdesk answers on this day (source: the ward's report, closed days)."""
    if day.weekday() >= 5 or jpholiday.is_holiday(day):
        return False
    return (day.month, day.day) not in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def is_open(now: datetime) -> bool:
    """Whether somebody can be put through now; 10:00:00 is open, 17:00:00 is closed."""
    local = now.astimezone(TOKYO)
    return is_open_day(local.date()) and OPENS <= local.time() < CLOSES


def next_open_day(after: date) -> date:
    """The first open day later than ``after``."""
    day = after + timedelta(days=1)
    while not is_open_day(day):
        day += timedelta(days=1)
    return day
