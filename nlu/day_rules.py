"""One rule for each way to name a day: its pattern, its kind, and the days that it means seen from today."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from nlu.calendar_days import (
    WEEKDAYS,
    coming_date,
    coming_day,
    day_in,
    first_office_day,
    in_week,
    is_working_day,
    last_of,
    last_office_day,
    last_weekday_before,
    month_after,
    month_days,
    next_month_called,
    next_weekday,
    same_day,
    weekdays_of,
)

Match = re.Match[str]
_OFFSETS = {"一昨": -2, "先々": -2, "去": -1, "先": -1, "今": 0, "来": 1, "再来": 2, "再々来": 3}
_NEAR = {
    "一昨々日": -3, "一昨日": -2, "昨日": -1, "昨夜": -1, "昨晩": -1, "今日": 0, "本日": 0, "今朝": 0,
    "今夜": 0, "明日": 1, "明朝": 1, "明晩": 1, "明後日": 2, "明々後日": 3, "弥明後日": 4,
}  # fmt: skip
_WD = r"(?P<wd>[月火水木金土日])曜"
_MONTH = r"(?P<month>先々月|先月|今月|再来月|来月)"
_WEEK = r"(?P<week>先々週|先週|今週|再々来週|再来週|来週)"
_YEAR = r"(?:(?P<era>令和)(?P<eray>\d{1,2}|元)年|(?P<year>\d{4})年|(?P<rel>一昨年|去年|今年|再来年|来年))"
_OF_MONTH = rf"(?:{_MONTH}|(?:{_YEAR}の?)?(?<!\d)(?P<m>\d{{1,2}})月)"
_LAST_DAY = r"(?:末日|月末|末(?!の?[月火水木金土日]曜)|(?:終わり|おわり)(?:の日)?(?=$|[のにでは、])|最後の日)"
_WHICH = (
    r"第?\d(?:[・、とか]第?\d)*(?:回|番)?目?週?目?|最後|最終|末|月末|終わり|おわり|おしまい|最初|はじめ|初め|頭|あたま"
)
_OF = r"(?:の(?:ねえ?|さ|な)?、?)?"
_NEAR_WORD = r"(?P<near>一昨々日|一昨日|昨日|昨夜|昨晩|今日|本日|今朝|今夜|弥明後日|明々後日|明後日|明日|明朝|明晩)"
_NOT_SINCE = r"(?!から|まで|以来|より)"


@dataclass(frozen=True)
class Rule:
    """A way to name days. ``needs`` is one of the letters without which it cannot match."""

    needs: str
    pattern: re.Pattern[str]
    kind: str
    """``date``, ``day`` (its month is open), ``weekday`` (its week is open), ``month``, ``range``."""
    days: Callable[[Match, date], list[date]]


def _year_of(match: Match, today: date) -> int | None:
    parts = match.groupdict()
    if parts.get("era"):
        return 2019 if parts["eray"] == "元" else 2018 + int(parts["eray"])
    if parts.get("year"):
        return int(parts["year"])
    if parts.get("rel"):
        return today.year + _OFFSETS[parts["rel"].removesuffix("年")]
    return None


def _is_near(year: int, today: date) -> bool:
    """Whether somebody may speak of a day of that year: not of a birthday, not of another century."""
    return today.year - 2 <= year <= today.year + 20


def month_of(match: Match, today: date) -> tuple[int, int] | None:
    """(year, month) that the words name."""
    parts = match.groupdict()
    if parts.get("month"):
        return month_after(today, _OFFSETS[parts["month"].removesuffix("月")])
    if not parts.get("m") or not 1 <= int(parts["m"]) <= 12:
        return None
    year = _year_of(match, today)
    if year is None:
        return next_month_called(today, int(parts["m"]))
    return (year, int(parts["m"])) if _is_near(year, today) else None


def _month_day(match: Match, today: date) -> list[date]:
    year, month, day = _year_of(match, today), int(match["m"]), int(match["d"])
    if year is None:
        return coming_date(today, month, day)
    return day_in(year, month, day) if _is_near(year, today) else []


def _day_of_month(match: Match, today: date) -> list[date]:
    named = month_of(match, today)
    return day_in(*named, int(match["d"])) if named else []


def _last_day(match: Match, today: date) -> list[date]:
    named = month_of(match, today)
    return [last_of(*named)] if named else []


def _picked(days: list[date], which: str) -> list[date]:
    if which in ("最後", "最終", "末", "月末", "終わり", "おわり", "おしまい", "月の最後", "月の終わり"):
        return days[-1:]
    numbers = [int(one) for one in re.findall(r"\d", which)] or [1]
    return [days[number - 1] for number in numbers if 0 < number <= len(days)]


def _nth(match: Match, today: date) -> list[date]:
    weekday = WEEKDAYS.index(match["wd"])
    named = month_of(match, today)
    if named is None:
        return []
    days = _picked(weekdays_of(*named, weekday), match["which"])
    if match["m"] and not _year_of(match, today) and days and days[-1] < today:
        return _picked(weekdays_of(named[0] + 1, named[1], weekday), match["which"])
    return days


def _coming_nth(match: Match, today: date) -> list[date]:
    """The next second Tuesday of any month; of 「第2・第4」 the next of each."""
    found = []
    for which in re.findall(r"\d", match["which"]) or [match["which"]]:
        for offset in range(8):
            days = [
                day
                for day in _picked(weekdays_of(*month_after(today, offset), WEEKDAYS.index(match["wd"])), which)
                if day >= today
            ]
            if days:
                found.append(days[0])
                break
    return sorted(found)


def _new_year(today: date) -> int:
    return today.year if today.month == 1 else today.year + 1


def _after_new_year(match: Match, today: date) -> list[date]:
    return [next_weekday(max(date(_new_year(today), 1, 1), today - timedelta(days=1)), WEEKDAYS.index(match["wd"]))]


def _last_of_year(match: Match, today: date) -> list[date]:
    return weekdays_of(today.year, 12, WEEKDAYS.index(match["wd"]))[-1:]


def _later(match: Match, today: date) -> list[date]:
    number, unit = int(match["n"]), match["unit"]
    if unit == "日":
        return [today + timedelta(days=number)]
    if unit == "年" or unit == "か月":
        return [same_day(today, number * (12 if unit == "年" else 1))]
    if match["wd"]:
        return [in_week(today, number, WEEKDAYS.index(match["wd"]))]
    return [today + timedelta(weeks=number)]


def _ago(match: Match, today: date) -> list[date]:
    return [today - timedelta(days=int(match["n"]) * (7 if match["unit"] == "週間" else 1))]


def _week_offset(match: Match) -> int:
    return _OFFSETS[(match["week"] or "今").removesuffix("週")]


def _working_week(match: Match, today: date) -> list[date]:
    days = [in_week(today, _week_offset(match), weekday) for weekday in range(5)]
    return [day for day in days if day >= today and is_working_day(day)]


def _whole_week(match: Match, today: date) -> list[date]:
    days = [in_week(today, _week_offset(match), weekday) for weekday in range(7)]
    return [day for day in days if day >= today]


def _whole_month(match: Match, today: date) -> list[date]:
    named = month_of(match, today)
    return [day for day in month_days(*named) if day >= today] if named else []


def _third_of_month(match: Match, today: date) -> list[date]:
    named = month_of(match, today)
    first, last = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}[match["third"]]
    return [day for day in month_days(*named, first, last) if day >= today] if named else []


def _weekend(match: Match, today: date) -> list[date]:
    offset = _week_offset(match)
    days = [in_week(today, offset, 5), in_week(today, offset, 6)]
    if days[1] >= today:
        return [day for day in days if day >= today] if offset == 0 else days
    return [] if offset < 0 else [day + timedelta(weeks=1) for day in days]


def _named_weekday(match: Match, today: date) -> list[date]:
    weekday, how = WEEKDAYS.index(match["wd"]), match["how"] or ""
    if how.startswith(("この前", "前", "先日", "こないだ", "この間")):
        return [last_weekday_before(today, weekday)]
    return [next_weekday(today, weekday) + timedelta(weeks=how.count("次の次") or how.count("今度の今度"))]


def _near(match: Match, today: date) -> list[date]:
    day = today + timedelta(days=_NEAR[match["near"]])
    parts = match.groupdict()
    if parts.get("week"):
        day += timedelta(weeks=_week_offset(match))
    if parts.get("month"):
        day = same_day(day, _OFFSETS[parts["month"].removesuffix("月")])
    return [day]


def _rule(needs: str, pattern: str, kind: str, days: Callable[[Match, date], list[date]]) -> Rule:
    return Rule(needs, re.compile(pattern), kind, days)


RULES: tuple[Rule, ...] = (
    _rule("月", rf"(?:{_YEAR}[の、]?)?(?<!\d)(?P<m>\d{{1,2}})月の?(?P<d>\d{{1,2}})日(?![間後])", "date", _month_day),
    _rule("/-.", r"(?<![\d/:.-])(?:(?P<year>20\d\d)(?P<sep>[/.-])|(?P<era>[rR])(?P<eray>\d{1,2})[/.])"
          r"(?P<m>\d{1,2})[/.-](?P<d>\d{1,2})(?![\d/.-])", "date", _month_day),
    _rule("/", r"(?<![\d/:])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/:])日?", "date", _month_day),
    _rule("年正", rf"(?:年明け|新年|年始|正月明け|正月|来年)(?:早々|すぐ|一番|て|た|てから|たら|まして)?[の、]?(?:最初|初め|はじめ|一番)の?{_WD}"
          r"|(?:年明け|新年|正月明け)(?:早々|すぐ|て|た|てから|たら|まして)?[の、]?(?P<wd2>[月火水木金土日])曜", "date",
          lambda m, t: _after_new_year(m, t) if m["wd"] else
          [next_weekday(max(date(_new_year(t), 1, 1), t), WEEKDAYS.index(m["wd2"]))]),
    _rule("年正", r"(?:年明け|新年|正月明け|正月|三が日)(?:早々)?[の、]?(?P<d>\d{1,2})日", "date", lambda m, t:
          day_in(_new_year(t) if t <= date(t.year, 1, min(int(m["d"]), 31) or 1) else t.year + 1, 1, int(m["d"]))),
    _rule("年暮", r"(?:年末|暮れ|年の暮れ|年の瀬|年内)[の、]?(?P<d>\d{1,2})日", "date", lambda m, t: day_in(t.year, 12, int(m["d"]))),
    _rule("年", rf"(?:年末|年内|今年)の?(?:最後|最終)の?{_WD}", "date", _last_of_year),
    _rule("曜", rf"{_OF_MONTH}{_OF}(?P<which>{_WHICH})の?{_WD}", "date", _nth),
    _rule("曜", rf"(?P<which>第\d(?:[・、とか]?第?\d)*週?目?|最後|最終|月末|月の最後|月の終わり|月初め|月はじめ|月の初め|月の最初)の?{_WD}",
          "date", _coming_nth),
    _rule("月", rf"{_OF_MONTH}{_OF}{_LAST_DAY}", "date", _last_day),
    _rule("月", rf"{_OF_MONTH}{_OF}(?P<third>[上中下])旬", "month", _third_of_month),
    _rule("月", rf"{_MONTH}{_OF}(?P<d>\d{{1,2}})日(?![間後])", "date", _day_of_month),
    _rule("年", rf"(?:一昨年|去年)の?{_NEAR_WORD}", "date", lambda m, t: []),
    _rule("月", rf"{_MONTH}の?{_NEAR_WORD}", "date", _near),
    _rule("週", rf"{_WEEK}{_OF}{_NEAR_WORD}", "date", _near),
    _rule("後先らのちて", r"中(?P<n>\d)日(?P<unit>)(?!の)|(?<!\d)(?P<n2>\d{1,2})日(?:おいて|置いて|あけて)", "date",
          lambda m, t: [t + timedelta(days=int(m["n"] or m["n2"]) + 1)]),
    _rule("後先らち", rf"(?<!\d)(?P<n>\d{{1,3}})(?P<unit>日|週間|か月|年|月(?=後))(?:の?後(?!半)|先(?!月|週)|の?のち|"
          rf"(?:した|たった|経った)ら)(?:の?(?:今日|本日|{_WD}))?", "date", lambda m, t: _later(m, t)),
    _rule("前", r"(?<![\dの月])(?P<n>\d{1,3})(?P<unit>日|週間)前(?=$|[、]|の?(?:午|朝|昼|夕|夜))", "date", _ago),
    _rule("週", rf"{_WEEK}{_OF}{_WD}", "weekday", lambda m, t: [in_week(t, _week_offset(m), WEEKDAYS.index(m["wd"]))]),
    _rule("平", rf"{_WEEK}{_OF}平日", "range", _working_week),
    _rule("週土", r"(?P<week>先々|先|今|再来|来)週末|(?:今度の|次の)?(?:週末|土日)", "range", _weekend),
    _rule("土", rf"{_WEEK}{_OF}土日", "range", _weekend),
    _rule("週", r"週明け(?!の?[月火水木金土日]曜)", "date", lambda m, t: [in_week(t, 1, 0)]),
    _rule("週", r"週明けの?(?P<wd>[月火水木金土日])曜", "date", lambda m, t: [in_week(t, 1, WEEKDAYS.index(m["wd"]))]),
    _rule("週", _WEEK, "range", _whole_week),
    _rule("今昨明本", _NEAR_WORD + _NOT_SINCE.replace("から|まで|以来|より", "以来"), "date", _near),
    _rule("曜", rf"(?P<how>(?:次の|今度の){{1,2}}|この前の|前の|先日の|こないだの|この間の|前回の)?{_WD}", "weekday", _named_weekday),
    _rule("ク", r"クリスマス(?P<eve>イ[ブヴ])?(?!会|カード|ツリー|ケーキ|プレゼント|ソング|の(?:歌|曲|写真|飾))", "date",
          lambda m, t: coming_date(t, 12, 24 if m["eve"] else 25)),
    _rule("大", r"大晦日", "date", lambda m, t: coming_date(t, 12, 31)),
    _rule("元", r"元日", "date", lambda m, t: coming_date(t, 1, 1)),
    _rule("仕", r"仕事納め", "date", lambda m, t: [last_office_day(t)]),
    _rule("仕", r"仕事始め", "date", lambda m, t: [first_office_day(t)]),
    _rule("日", r"(?<![何\d/月])(?P<d>\d{1,2})日(?![間後前])", "day", lambda m, t: coming_day(t, int(m["d"]))),
    _rule("月末", r"(?<!\d)月末(?!の?[月火水木金土日]曜)|末日", "date", lambda m, t: [last_of(t.year, t.month)]),
    _rule("月", _OF_MONTH + r"(?!\d)", "month", _whole_month),
)  # fmt: skip
