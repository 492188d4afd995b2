"""By when a call-back is owed."""

from datetime import date, datetime, time, timedelta

from helpdesk.clock import TOKYO
from helpdesk.ward.hours import Hours


def callback_due(hours: Hours, now: datetime, wish: str, day: date | None = None) -> datetime:
    """By when a call-back is owed.

    ``wish`` is ``am``, ``pm`` or ``any``; ``day`` is the day that was asked for, if any: a closed one moves to the next
    open day.

    In the morning: by 12:00; in the afternoon, or any time: by closing. A part of the day that is already over, or too
    close to its end to be kept (30 minutes), moves to the next open day.
    """
    local = now.astimezone(TOKYO)
    end = {"am": time(12, 0)}.get(wish, hours.closes)
    if day is not None and day > local.date():
        return datetime.combine(day if hours.is_open_day(day) else hours.next_open_day(day), end, TOKYO)
    due = datetime.combine(local.date(), end, TOKYO)
    if not hours.is_open_day(local.date()) or local > due - timedelta(minutes=30):
        due = datetime.combine(hours.next_open_day(local.date()), end, TOKYO)
    return due
