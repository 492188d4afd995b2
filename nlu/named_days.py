"""The days that are named in a text, each at its place, before it is asked which of them are meant."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from nlu.calendar_days import WEEKDAYS, holidays
from nlu.day_rules import RULES, Match, month_of

_BESIDE = re.compile(r"の?(?P<to>翌日|次の日|あくる日|前日|前の日)")
_SAME = re.compile(r"(?:の|、|\(|で|は、?)?$")


@dataclass
class Found:
    """Days that were named at one place of the text."""

    days: list[date]
    start: int
    end: int
    kind: str
    week: bool = False
    month: tuple[int, int] | None = None
    missing: str | None = None
    clash: str | None = None
    dated: date | None = None
    """Of a clash the day that the date alone would be."""


def named_in(said: str, today: date) -> list[Found]:
    """Every day that is named, from left to right; no letter counts twice."""
    found: list[Found] = []
    taken = bytearray(len(said))

    def take(start: int, end: int, one: Found) -> None:
        if any(taken[start:end]):
            return
        taken[start:end] = b"\1" * (end - start)
        beside = _BESIDE.match(said, end)
        if beside and len(one.days) == 1:
            one.days = [one.days[0] + timedelta(days=1 if beside["to"] in ("翌日", "次の日", "あくる日") else -1)]
            one.end = beside.end()
        found.append(one)

    if "日" in said or "の" in said or "節" in said:
        for name, day in holidays(today).items():
            place = said.find(name)
            if place >= 0:
                take(place, place + len(name), Found([day], place, place + len(name), "date"))
    letters = set(said)
    for rule in RULES:
        if letters.isdisjoint(rule.needs):
            continue
        for match in rule.pattern.finditer(said):
            if any(taken[match.start() : match.end()]):
                continue
            parts = match.groupdict()
            days = rule.days(match, today)
            one = Found(days, match.start(), match.end(), rule.kind, bool(parts.get("week")))
            if parts.get("month") or parts.get("m"):
                one.month = (days[0].year, days[0].month) if days else month_of(match, today)
            if not days and parts.get("d"):
                one.missing = _missing(match, today)
            take(match.start(), match.end(), one)
    return sorted(found, key=lambda one: one.start)


def _missing(match: Match, today: date) -> str | None:
    """「2月30日」 when the words name a day that does not exist."""
    parts = match.groupdict()
    if not (parts.get("m") or parts.get("month")):
        return None
    named = month_of(match, today)
    if named is None and parts.get("year"):
        return None
    month = named[1] if named else int(match["m"])
    if "/" in match.group() and not (1 <= month <= 12 and 1 <= int(match["d"]) <= 31):
        return None
    return f"{month}月{int(match['d'])}日"


def restated(found: list[Found], said: str) -> list[Found]:
    """A weekday right behind a date, or a date behind a weekday, only says it again, unless they disagree."""
    merged: list[Found] = []
    for one in found:
        before = merged[-1] if merged else None
        if (
            before is None
            or not _SAME.match(said[before.end : one.start])
            or not {before.kind, one.kind} <= {"date", "day", "weekday"}
        ):
            merged.append(one)
            continue
        dated, weekday = (before, one) if one.kind == "weekday" else (one, before)
        if (
            weekday.kind != "weekday"
            or dated.kind == "weekday"
            or (weekday is one and one.week)
            or not (dated.days or dated.missing)
        ):
            merged.append(one)
            continue
        before.end = one.end
        _agree(before, dated, weekday)
    return merged


def _agree(before: Found, dated: Found, weekday: Found) -> None:
    said_weekday = weekday.days[0].weekday()
    before.missing, before.clash = dated.missing, dated.clash
    if dated.days and (dated.days[0].weekday() != said_weekday or (weekday.week and weekday.days != dated.days)):
        day = dated.days[0]
        before.clash = f"{day.month}月{day.day}日の{WEEKDAYS[said_weekday]}曜"
        before.days, before.kind, before.month, before.dated = [], "date", dated.month, day
        return
    before.days, before.kind, before.month = dated.days, "date", dated.month
