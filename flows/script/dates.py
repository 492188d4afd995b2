"""Dates and times as they are said and shown (P10); the forms are lines (``dates.yml``)."""

from datetime import date, datetime, time

from flows.script.wording import words

NOON = 12


def weekday(day: date) -> str:
    """「火」."""
    return words("date.weekdays")[day.weekday()]


def clock(at: datetime | time) -> str:
    """「午後2時」, 「午前10時半」 (P10)."""
    minutes = (
        ""
        if at.minute == 0
        else words("clock.half")
        if at.minute == 30
        else words("clock.minutes", {"minute": str(at.minute)})
    )
    name = "clock.am" if at.hour < NOON else "clock.noon" if at.hour == NOON else "clock.pm"
    return words(name, {"hour": str(at.hour if at.hour <= NOON else at.hour - NOON), "minutes": minutes})


def spoken_clock(time_of_day: str) -> str:
    """「午前11時」 of ``11:00``."""
    return clock(time.fromisoformat(time_of_day))


def day(at: date) -> str:
    """「12月8日火曜日」: a date with its weekday (P10)."""
    return words("date.day", {"month": str(at.month), "day": str(at.day), "weekday": weekday(at)})


def short_day(at: date) -> str:
    """「12月8日」, for lists by ear."""
    return words("date.short", {"month": str(at.month), "day": str(at.day)})


def when(at: datetime) -> str:
    """「12月8日火曜日の午後2時」."""
    return words("date.when", {"day": day(at), "clock": clock(at)})


def span(start: datetime, end: datetime) -> str:
    """「12月8日(火) 午後2時〜4時」, for the eye."""
    begins, ends = clock(start), clock(end)
    part = len(words("clock.part_of_day"))
    finish = ends[part:] if ends[:part] == begins[:part] else ends
    return words(
        "date.span",
        {"month": str(start.month), "day": str(start.day), "weekday": weekday(start), "start": begins, "end": finish},
    )


def mark(at: datetime) -> str:
    """A time within the name of a question: what a yes to it agrees to."""
    return f"{at:%Y%m%d%H%M}"
