"""Days, parts of the day and clock times as callers say them and recognisers write them.

Weeks start on Monday. A bare weekday or day of the month is the next one to come. Hours from 1 to 5 without 午前 or 午後 are
afternoon. Of a correction the last counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

import jpholiday

from nlu.spoken_numbers import with_digits

WEEKDAYS = "月火水木金土日"
_DAY = r"(?P<wd>[月火水木金土日])曜日?"
_MONTH = r"(?P<month>今月|来月|再来月)"
_WEEK = r"(?P<week>今週|来週|再来週)"
_LAST_DAY = r"(?:末日|月末|末|終わり|最後の日|みそか)"
_YEAR = r"(?:(?P<era>令和)(?P<eray>\d{1,2})年|(?P<year>\d{4})年|(?P<rel>今年|来年|再来年))"
_OFFSETS = {"今": 0, "来": 1, "再来": 2}
_NEAR = {"今日": 0, "本日": 0, "明日": 1, "明後日": 2, "明々後日": 3}
_JOINS = re.compile(r"^の?(?:か|と|や|または|あるいは|それか|もしくは|でも)?、?$")
_UNTIL = re.compile(r"^(?:から|〜|~)$")
_SAME = re.compile(r"^(?:の|、)?$")


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
    not_weekdays: tuple[int, ...] = ()
    since: str | None = None
    until: str | None = None
    edge: str | None = None
    missing: str | None = None
    clash: str | None = None


@dataclass
class _Found:
    days: list[date]
    start: int
    end: int
    kind: str
    week: str | None = None
    month: tuple[int, int] | None = None
    more: dict[str, str] = field(default_factory=dict)


def time_words(text: str, now: datetime) -> TimeWords:
    """Everything about time in ``text``, seen from ``now``. Words that leave it open give nothing."""
    said = with_digits(text)
    part, clock = _part_and_time(said)
    found = _merged(_days(said, now.date()), said)
    days = _chosen(found, said)
    if len(days) == 1:
        return TimeWords(day=days[0], part=part, time=clock)
    return TimeWords(days=tuple(days), part=part, time=clock)


def _month(base: date, offset: int) -> tuple[int, int]:
    index = base.year * 12 + base.month - 1 + offset
    return index // 12, index % 12 + 1


def _last(year: int, month: int) -> date:
    following = _month(date(year, month, 1), 1)
    return date(*following, 1) - timedelta(days=1)


def _day_in(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _coming(today: date, month: int | None, day: int) -> list[date]:
    """The next such day of the month, or of any month that has it; today counts."""
    for offset in range(60):
        year, number = _month(today, offset)
        if month is None or number == month:
            for found in _day_in(year, number, day):
                if found >= today:
                    return [found]
    return []


def _next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _in_week(today: date, week: str, weekday: int) -> date:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_OFFSETS[week.removesuffix("週")])
    return monday + timedelta(days=weekday)


def _weekdays_of(year: int, month: int, weekday: int) -> list[date]:
    first = date(year, month, 1)
    start = first + timedelta(days=(weekday - first.weekday()) % 7)
    return [day for day in (start + timedelta(weeks=n) for n in range(5)) if day.month == month]


@lru_cache(maxsize=8)
def _holidays(today: date) -> dict[str, date]:
    """The next holiday of each name within a year."""
    names: dict[str, date] = {}
    for day, name in jpholiday.between(today, today + timedelta(days=365)):
        names.setdefault(name.split(" ")[0], day)
    return {name: day for name, day in names.items() if "振替" not in name and "国民の休日" not in name}


_Rule = tuple[re.Pattern[str], str, Callable[[re.Match[str], date], list[date]]]


def _year_of(match: re.Match[str], today: date) -> int | None:
    parts = match.groupdict()
    if parts.get("era"):
        return 2018 + int(parts["eray"])
    if parts.get("year"):
        return int(parts["year"])
    if parts.get("rel"):
        return today.year + _OFFSETS[parts["rel"].removesuffix("年")]
    return None


def _month_day(match: re.Match[str], today: date) -> list[date]:
    year, month, day = _year_of(match, today), int(match["m"]), int(match["d"])
    return _day_in(year, month, day) if year else _coming(today, month, day)


def _of_month(match: re.Match[str], today: date) -> tuple[int, int]:
    return _month(today, _OFFSETS[match["month"].removesuffix("月")])


def _nth(match: re.Match[str], today: date) -> list[date]:
    days = _weekdays_of(*_of_month(match, today), WEEKDAYS.index(match["wd"]))
    if match["which"] in ("最後", "最終"):
        return days[-1:]
    number = 1 if match["which"] in ("最初", "はじめ", "初め") else int(re.sub(r"\D", "", match["which"]) or 1)
    return days[number - 1 : number]


def _later(match: re.Match[str], today: date) -> list[date]:
    number, unit = int(match["n"]), match["unit"]
    if unit == "日":
        return [today + timedelta(days=number)]
    if unit == "週間":
        return [today + timedelta(weeks=number)]
    year, month = _month(today, number * (12 if unit == "年" else 1))
    return [min(date(year, month, min(today.day, _last(year, month).day)), _last(year, month))]


def _whole_week(match: re.Match[str], today: date) -> list[date]:
    days = [_in_week(today, match["week"], weekday) for weekday in range(7)]
    return [day for day in days if day >= today]


def _whole_month(year: int, month: int, today: date) -> list[date]:
    days = [date(year, month, 1) + timedelta(days=n) for n in range(_last(year, month).day)]
    return [day for day in days if day >= today]


def _weekend(match: re.Match[str], today: date) -> list[date]:
    week = match["week"] or "今週"
    days = [_in_week(today, week, 5), _in_week(today, week, 6)]
    return days if days[1] >= today else [day + timedelta(weeks=1) for day in days]


def _rule(pattern: str, kind: str, days: Callable[[re.Match[str], date], list[date]]) -> _Rule:
    return re.compile(pattern), kind, days


_RULES: tuple[_Rule, ...] = (
    _rule(rf"(?:{_YEAR}の?)?(?P<m>\d{{1,2}})月の?(?P<d>\d{{1,2}})日", "date", _month_day),
    _rule(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?!\d)", "date", _month_day),
    _rule(rf"{_MONTH}の?{_LAST_DAY}", "date", lambda m, t: [_last(*_of_month(m, t))]),
    _rule(rf"(?P<m>\d{{1,2}})月の?{_LAST_DAY}", "date", lambda m, t: [_last(_coming(t, int(m["m"]), 28)[0].year, int(m["m"]))]),
    _rule(rf"{_MONTH}の?(?P<which>最後|最終|最初|はじめ|初め|第\d|\d(?:回|番)目)の?{_DAY}", "date", _nth),
    _rule(rf"{_MONTH}の?(?P<d>\d{{1,2}})日(?!間|後)", "date", lambda m, t: _day_in(*_of_month(m, t), int(m["d"]))),
    _rule(r"(?P<n>\d{1,3})(?P<unit>日|週間|か月|年)(?:後|先)", "date", _later),
    _rule(rf"{_WEEK}の?{_DAY}", "weekday", lambda m, t: [_in_week(t, m["week"], WEEKDAYS.index(m["wd"]))]),
    _rule(rf"(?:{_WEEK}の?)?(?:週末|土日)", "range", _weekend),
    _rule(_WEEK, "range", _whole_week),
    _rule(r"(?P<near>今日|本日|明々後日|明後日|明日)", "date", lambda m, t: [t + timedelta(days=_NEAR[m["near"]])]),
    _rule(rf"(?:今度|次)の?{_DAY}", "weekday", lambda m, t: [_next_weekday(t, WEEKDAYS.index(m["wd"]))]),
    _rule(_DAY, "weekday", lambda m, t: [_next_weekday(t, WEEKDAYS.index(m["wd"]))]),
    _rule(r"大晦日|大みそか|おおみそか", "date", lambda m, t: _coming(t, 12, 31)),
    _rule(r"元日|元旦", "date", lambda m, t: _coming(t, 1, 1)),
    _rule(rf"(?<![何\d])(?:{_YEAR}の?)?(?P<d>\d{{1,2}})日(?![間後])", "day", lambda m, t: _coming(t, None, int(m["d"]))),
    _rule(r"(?<!\d)月末|末日", "date", lambda m, t: [_last(t.year, t.month)]),
    _rule(_MONTH, "month", lambda m, t: _whole_month(*_of_month(m, t), t)),
    _rule(r"(?P<m>\d{1,2})月(?!\d)", "month", lambda m, t: _whole_month(_coming(t, int(m["m"]), 28)[0].year, int(m["m"]), t) if 1 <= int(m["m"]) <= 12 else []),
)  # fmt: skip
_BESIDE = re.compile(r"の?(?P<to>翌日|次の日|あくる日|前日|前の日)")


def _days(said: str, today: date) -> list[_Found]:
    found: list[_Found] = []
    taken = [False] * len(said)

    def take(start: int, end: int, days: list[date], kind: str, parts: dict[str, str | None]) -> None:
        if days and not any(taken[start:end]):
            taken[start:end] = [True] * (end - start)
            beside = _BESIDE.match(said, end)
            if beside and len(days) == 1:
                days = [days[0] + timedelta(days=1 if beside["to"] in ("翌日", "次の日", "あくる日") else -1)]
                end = beside.end()
            found.append(_Found(days, start, end, kind, week=parts.get("week"), month=(days[0].year, days[0].month) if parts.get("month") or parts.get("m") else None))

    for name, day in _holidays(today).items():
        for match in re.finditer(re.escape(name), said):
            take(match.start(), match.end(), [day], "date", {})
    for pattern, kind, days in _RULES:
        for match in pattern.finditer(said):
            take(match.start(), match.end(), days(match, today), kind, match.groupdict())
    return sorted(found, key=lambda one: one.start)


def _merged(found: list[_Found], said: str) -> list[_Found]:
    """A weekday right behind a date only says it again; 「来週の火曜か木曜」 and 「来月の八日か九日」 share their week or month."""
    merged: list[_Found] = []
    for one in found:
        before = merged[-1] if merged else None
        if before is None:
            merged.append(one)
            continue
        between = said[before.end : one.start]
        if one.kind == "weekday" and one.week is None and before.kind in ("date", "day") and _SAME.match(between):
            before.end = one.end
            continue
        if _JOINS.match(between) or _UNTIL.match(between):
            if one.kind == "weekday" and one.week is None and before.week:
                monday = before.days[0] - timedelta(days=before.days[0].weekday())
                one.days, one.week = [monday + timedelta(days=one.days[0].weekday())], before.week
            elif one.kind == "day" and before.month:
                one.days, one.month = _day_in(*before.month, one.days[0].day) or one.days, before.month
        elif one.kind == "day" and before.month and one.days[0] < before.days[0]:
            one.days = _day_in(*before.month, one.days[0].day) or one.days
        merged.append(one)
    return merged


def _chosen(found: list[_Found], said: str) -> list[date]:
    if not found:
        return []
    days = list(found[-1].days)
    for before, one in zip(found[-2::-1], found[:0:-1], strict=True):
        between = said[before.end : one.start]
        if _UNTIL.match(between) and before.days[0] < days[0]:
            span = (days[-1] - before.days[0]).days
            days = [before.days[0] + timedelta(days=n) for n in range(span + 1)]
        elif re.search(r"か|と|や|または|あるいは|もしくは|でも", between) and _JOINS.match(between):
            days = [*before.days, *days]
        else:
            break
    return sorted(set(days))


_CLOCK = re.compile(r"(?P<part>午前|午後|朝|夜|夕方|昼)?の?(?P<h>\d{1,2})(?:時|じ(?!ゃ))(?:(?P<half>半|はん)|(?P<m>\d{1,2})分)?(?!間)")
_PM_WORDS = re.compile(r"午後|昼過ぎ|昼すぎ|昼から|夕方|夜|晩|お昼(?!前)|昼(?!前)")
_AM_WORDS = re.compile(r"午前|朝|昼前|午前中|昼まえ")


def _part_and_time(said: str) -> tuple[str | None, str | None]:
    """(part of the day, HH:MM) of what was said last."""
    if re.search(r"正午|昼の?12時", said):
        return "pm", "12:00"
    clocks = list(_CLOCK.finditer(said))
    if clocks:
        match = clocks[-1]
        hour, minute = int(match["h"]), 30 if match["half"] else int(match["m"] or 0)
        word = match["part"] or ""
        if hour <= 24 and minute < 60:
            afternoon = word in ("午後", "夜", "夕方", "昼") or (not word and not _AM_WORDS.search(said) and (1 <= hour <= 5 or _PM_WORDS.search(said) is not None))
            if afternoon and hour < 12:
                hour += 12
            hour %= 24
            return ("am" if hour < 12 else "pm"), f"{hour:02d}:{minute:02d}"
    am, pm = list(_AM_WORDS.finditer(said)), list(_PM_WORDS.finditer(said))
    last_am, last_pm = (am[-1].start() if am else -1), (pm[-1].start() if pm else -1)
    if last_am == last_pm == -1:
        return None, None
    return ("am" if last_am >= last_pm else "pm"), None
