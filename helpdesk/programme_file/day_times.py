"""Reads a day with a time as officers and spreadsheets write it; what could be meant in two ways is not read."""

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from helpdesk.clock import TOKYO
from helpdesk.programme_file.widths import half_width

FORM = "2026-11-24T14:00 か 2026/11/24 14:00 の形です"
YEARS = range(2000, 2101)
_REIWA = 2018
_WEEKDAYS = "月火水木金土日"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))
_DAYS = [
    re.compile(r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
    re.compile(r"(?:令和|R)\s*(?P<e>\d{1,2}|元)\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日", re.IGNORECASE),
    re.compile(r"(?:令和|R)\s*(?P<e>\d{1,2}|元)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)", re.IGNORECASE),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"),
    re.compile(r"(?P<y>\d{4})-?W(?P<w>\d{2})-?(?P<n>[1-7])(?!\d)", re.IGNORECASE),
]
_WEEKDAY = re.compile(rf"\s*\(([{_WEEKDAYS}])(?:曜日?)?\)|\s*([{_WEEKDAYS}])(?:曜日?)?")
_HALF = r"午前|午後|AM|PM|A\.M\.|P\.M\."
_CLOCK = re.compile(
    rf"(?P<before>{_HALF})?\s*(?P<h>\d{{1,2}})"
    r"(?::(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,6})0*)?)?"
    r"|\s*時\s*(?:(?P<half>半)|(?:(?P<jm>\d{1,2})\s*分\s*(?:(?P<js>\d{1,2})\s*秒)?)?))"
    rf"\s*(?P<after>{_HALF})?\s*(?P<zone>Z|[+-]\d{{2}}(?::?\d{{2}})?)?",
    re.IGNORECASE,
)
_BASIC = re.compile(r"(\d{2})(?:(\d{2})(\d{2})?)?((?:Z|[+-]\d{2}(?::?\d{2})?)?)", re.IGNORECASE)
"""A time of ISO 8601 without colons, as it may stand after a T."""


class NoDayTime(Exception):
    """These letters name no moment. ``str()`` says why, in Japanese, to follow the column's name."""


def day_time(cell: str) -> datetime:
    """The moment, in Tokyo's time unless the cell has an offset. Raises NoDayTime."""
    text = half_width(cell)
    if re.fullmatch(r"\d{5}(\.\d*)?", text):
        raise NoDayTime(
            "が日時ではなく数になっています。列の書式を「2026/11/24 14:00」の形の日時にして保存し直してください"
        )
    text = text.translate(_DASHES)
    found = next((match for pattern in _DAYS if (match := pattern.match(text))), None)
    if found is None:
        raise NoDayTime(f"は {FORM}")
    day, rest = _day(found), text[found.end() :]
    if weekday := _WEEKDAY.match(rest):
        if _WEEKDAYS[day.weekday()] != (weekday[1] or weekday[2]):
            raise NoDayTime(f"の曜日が日付と合いません。{day.month}月{day.day}日は{_WEEKDAYS[day.weekday()]}曜日です")
        rest = rest[weekday.end() :]
    if not rest.strip():
        raise NoDayTime("に時刻がありません。" + FORM)
    return _at(day, rest)


def _day(found: re.Match[str]) -> date:
    part = found.groupdict()
    year = int(part["y"]) if part.get("y") else _REIWA + (1 if part["e"] == "元" else int(part["e"]))
    try:
        in_week = part.get("w") and date.fromisocalendar(year, int(part["w"]), int(part["n"]))
        day = in_week or date(year, int(part["m"]), int(part["d"]))
    except ValueError:
        raise NoDayTime("は暦にない日です") from None
    if day.year not in YEARS:
        raise NoDayTime(f"の年は{YEARS[0]}年から{YEARS[-1]}年までです")
    return day


def _at(day: date, rest: str) -> datetime:
    basic = _BASIC.fullmatch(rest[1:]) if rest[:1] in "Tt" else None
    if basic:
        hour, minute, second, fraction, zone = int(basic[1]), int(basic[2] or 0), int(basic[3] or 0), "", basic[4]
    else:
        clock = _CLOCK.fullmatch(re.sub(r"^[T\s,、]+", "", rest.replace("正午", "12:00"), flags=re.IGNORECASE))
        if clock is None:
            raise NoDayTime(f"の時刻が読めません。{FORM}")
        minute = 30 if clock["half"] else int(clock["m"] or clock["jm"] or 0)
        second = int(clock["s"] or clock["js"] or 0)
        hour, fraction, zone = _hour(clock), clock["f"] or "", clock["zone"]
    try:
        at = time(hour, minute, second, int(fraction.ljust(6, "0")), _zone(zone))
        return datetime.combine(day, at).astimezone(TOKYO)
    except ValueError:
        raise NoDayTime("は時計にない時刻です") from None


def _hour(clock: re.Match[str]) -> int:
    """The hour of 24. Twelve o'clock with 午前 or 午後 is noon for some and midnight for others."""
    hour, words = int(clock["h"]), [word.upper().replace(".", "") for word in (clock["before"], clock["after"]) if word]
    if not words:
        return hour
    if len(words) == 2 or hour > 12 or (hour == 12 and words[0] in ("午前", "午後")):
        raise NoDayTime("の時刻が、午前か午後かはっきりしません。14:00 のように24時間で書いてください")
    return hour % 12 + (12 if words[0] in ("午後", "PM") else 0)


def _zone(zone: str | None) -> tzinfo:
    if not zone:
        return TOKYO
    if zone in "Zz":
        return timezone(timedelta())
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return timezone((1 if zone[0] == "+" else -1) * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
