"""Days, parts of the day and clock times as callers say them and recognisers write them.

Weeks start on Monday. A bare weekday or day of the month is the next one to come; days that the words put in the past
are past.
Hours from 1 to 5 without 午前 or 午後 are afternoon. Of a correction the last counts. A day that does not exist is no day.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from nlu.calendar_days import WEEKDAYS, next_weekday
from nlu.clock_times import clock
from nlu.day_choice import days_of
from nlu.text import MAX_CHARACTERS
from nlu.time_spelling import spelled

__all__ = ["WEEKDAYS", "TimeWords", "time_words"]

_ANY = re.compile(
    r"[月日曜時年週朝昼夜晩午夕末早遅最正元暮仕平祝節㊊-㊐㈪-㈰㋀-㋋㏠-㏾/:：／]|よう|じ|がつ|にち|あす|あした|あさ|きょう|きのう|おと|さく|しゅう|げつ|ねん|みそか|つごもり|ひる|ごご|ごぜん"
    r"|ついたち|つか|みっか|よっか|いつか|むいか|なのか|ここのか|とおか|とうか|はつか|はや|おそ|ほんじつ|みょう|しょうご|[火水木金土]|クリスマス|しごと|がん|ひと月|"
    r"\d{4}[.-]|\d-|[rR]\d|[aApP]\.?[mM]"
)


@dataclass(frozen=True)
class TimeWords:
    """What was said about time; ``day`` when it is one day, ``days`` when several or a range."""

    day: date | None = None
    days: tuple[date, ...] = ()
    part: str | None = None
    """``am`` or ``pm``."""
    time: str | None = None
    """``HH:MM``, 24 hours."""
    not_days: tuple[date, ...] = ()
    """Days that are refused; of a weekday the next one."""
    not_weekdays: tuple[int, ...] = ()
    """0 Monday to 6 Sunday: every such weekday is refused."""
    since: str | None = None
    """``HH:MM``: not before."""
    until: str | None = None
    """``HH:MM``: not later than."""
    edge: str | None = None
    """``early`` or ``late``: the first or the last times of a day are wished for."""
    missing: str | None = None
    """Words of a day that does not exist, 「2月30日」."""
    clash: str | None = None
    """Words of a day and a weekday that disagree, 「12月9日の金曜」."""


def time_words(text: str, now: datetime) -> TimeWords:
    """Everything about time in ``text``, seen from ``now``. Words that leave it open give nothing."""
    if not _ANY.search(text, 0, 2 * MAX_CHARACTERS):
        return TimeWords()
    said, today = spelled(text), now.date()
    when, found = clock(said), days_of(said, today)
    not_days = found.not_days or sorted(next_weekday(today, weekday) for weekday in found.not_weekdays)
    return TimeWords(
        day=found.days[0] if len(found.days) == 1 else None,
        days=tuple(found.days) if len(found.days) > 1 else (),
        part=when.part,
        time=when.time,
        not_days=tuple(not_days),
        not_weekdays=tuple(found.not_weekdays),
        since=when.since,
        until=when.until,
        edge=when.edge,
        missing=found.missing,
        clash=found.clash,
    )
