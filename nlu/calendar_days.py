"""Days by the calendar: the next tenth, the second Tuesday of a month, holidays by name. Nothing is spoken here."""

from datetime import date, timedelta
from functools import lru_cache

import jpholiday

WEEKDAYS = "月火水木金土日"
SATURDAY = 5


def month_after(base: date, offset: int) -> tuple[int, int]:
    """(year, month) so many months after the one of ``base``."""
    index = base.year * 12 + base.month - 1 + offset
    return index // 12, index % 12 + 1


def last_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(*month_after(date(year, month, 1), 1), 1) - timedelta(days=1)


def day_in(year: int, month: int, day: int) -> list[date]:
    """That day, or none when the month does not have it."""
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def next_month_called(today: date, month: int) -> tuple[int, int] | None:
    """(year, month) of the month of that number that is now or comes next."""
    if not 1 <= month <= 12:
        return None
    return (today.year if month >= today.month else today.year + 1), month


def coming_date(today: date, month: int, day: int) -> list[date]:
    """The next such day of that month; today counts. None when the month of that year does not have it."""
    found = day_in(today.year, month, day)
    if found and found[0] >= today:
        return found
    past = date(today.year, month, 1) < today.replace(day=1) if 1 <= month <= 12 else False
    return day_in(today.year + 1, month, day) if found or past else []


def coming_day(today: date, day: int) -> list[date]:
    """The next such day of any month that has it; today counts."""
    if not 1 <= day <= 31:
        return []
    for offset in range(4):
        for found in day_in(*month_after(today, offset), day):
            if found >= today:
                return [found]
    return []


def next_weekday(today: date, weekday: int) -> date:
    """The next such weekday after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def last_weekday_before(today: date, weekday: int) -> date:
    """The last such weekday before today."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def in_week(today: date, offset: int, weekday: int) -> date:
    """That weekday in the week so many weeks after this one; weeks start on Monday."""
    return today - timedelta(days=today.weekday()) + timedelta(weeks=offset, days=weekday)


def weekdays_of(year: int, month: int, weekday: int) -> list[date]:
    """All such weekdays of a month."""
    first = date(year, month, 1)
    start = first + timedelta(days=(weekday - first.weekday()) % 7)
    return [day for day in (start + timedelta(weeks=n) for n in range(5)) if day.month == month]


def span(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def month_days(year: int, month: int, first: int = 1, last: int = 31) -> list[date]:
    """The days of a month, or those between two numbers."""
    return span(date(year, month, first), date(year, month, min(last, last_of(year, month).day)))


def same_day(today: date, months: int) -> date:
    """The same day so many months later, or the last of that month when it is shorter."""
    year, month = month_after(today, months)
    return date(year, month, min(today.day, last_of(year, month).day))


def is_working_day(day: date) -> bool:
    """Neither weekend nor holiday."""
    return day.weekday() < SATURDAY and not jpholiday.is_holiday(day)


def last_office_day(today: date) -> date:
    """When offices close for the year: 28 December, or the Friday before."""
    for year in (today.year, today.year + 1):
        day = date(year, 12, 28)
        while not is_working_day(day):
            day -= timedelta(days=1)
        if day >= today:
            break
    return day


def first_office_day(today: date) -> date:
    """When offices open again after the new year: 4 January, or the Monday after."""
    for year in (today.year, today.year + 1):
        day = date(year, 1, 4)
        while not is_working_day(day):
            day += timedelta(days=1)
        if day >= today:
            break
    return day


@lru_cache(maxsize=8)
def holidays(today: date) -> dict[str, date]:
    """The next holiday of each name within a year."""
    names: dict[str, date] = {}
    for day, name in jpholiday.between(today, today + timedelta(days=365)):
        names.setdefault(name.split(" ")[0], day)
    return {name: day for name, day in names.items() if "振替" not in name and "国民の休日" not in name}
