"""Parts of the day and clock times: 午後2:30, 3時15分前, 10時から12時の間, なるべく遅い時間.

Hours from 1 to 5 without 午前 or 午後 are afternoon. Of a correction the last counts.
"""

import re
from dataclasses import dataclass

_CLOCK = re.compile(
    r"(?P<part>午前中?|午後|朝|夜|夕方|昼)?[の、]?(?<![\d:/.])(?P<h>\d{1,2})(?:時(?:(?P<half>半)|(?P<m>\d{1,2})分)?|"
    r":(?P<mm>[0-5]\d)(?![\d:]))(?:の?(?P<to>\d{1,2})分前|(?P<before>前(?![後日])))?(?!間)"
)
_PM_WORDS = re.compile(r"午後|昼過ぎ|昼すぎ|昼から|昼以降|夕方|夜|明晩|昨晩|晩|昼(?!前|まえ|まで|間)")
_AM_WORDS = re.compile(r"午前中?|朝|昼前|昼まえ|昼まで")
_SINCE = re.compile(
    r"(?:ちょっと|少し|ちょい|ごろ|頃|ころ|くらい|ぐらい|ちょうど)?(?:以降|以後|より(?:も)?(?:後|あと|遅)|を?過ぎ|すぎ|を?回っ|をまわっ|から)"
)
_UNTIL = re.compile(r"(?:ごろ|頃|ころ|くらい|ぐらい|ちょうど)?(?:まで|以前|より(?:も)?(?:前|早)|までに|まえ)")
_TO = re.compile(r"(?:ごろ|頃|ころ)?(?:から|〜|~|-|ー|―)、?$")
_NOT = re.compile(
    r"(?:中)?(?:の(?:ほう|方|時間))?(?:以外(?!は)|じゃ(?:なく|な[いか](?!と))|で(?:は)?なく|(?:は|が|も|だと)(?:ちょっと|どうも)?(?:だめ|無理|"
    r"都合が?悪|行けな|行けませ|困|嫌|できな|病院|用事|仕事|避け))(?!の?(?:です|でしょう)?か)"
)
_EARLY = re.compile(r"朝(?:いち|一番|1番|一|イチ)|(?:早い|早め|はやい|はやめ)の?(?:時間|枠|回)|最初の(?:時間|枠|回)")
_LATE = re.compile(
    r"(?:遅い|おそい|遅め|おそめ)の?(?:時間|枠|回|ほう|方)|(?:なるべく|できるだけ|できれば|出来るだけ|一番|いちばん)(?:遅|おそ)[くいめ]|(?:遅|おそ)め(?:が|で|"
    r"に)|最後の(?:時間|枠|回)|夕方近く"
)
_OF_A_DAY = re.compile(r"[日曜]の?$")
_EITHER = re.compile(
    r"中?(?:でも|か|も|と|とか|または|や)、?(?:[月火水木金土日]曜|\d{1,2}[月日/]|\d{1,2}|明日|明後日|(?:今|再?来)週|の)*"
)
NOON = "12:00"


@dataclass(frozen=True)
class Clock:
    """What was said about the time of a day."""

    part: str | None = None
    time: str | None = None
    since: str | None = None
    until: str | None = None
    edge: str | None = None


@dataclass(frozen=True)
class _Said:
    minutes: int
    start: int
    end: int
    ends_there: bool
    """「3時まで」, 「3時前」: not later than that."""
    begins_there: bool


def clock(said: str) -> Clock:
    """The part of the day and the time of ``said``, which is spelled already."""
    said = said.replace("正午", "昼12時") if "正" in said else said
    edge = _edge(said)
    times = _times(said) if "時" in said or ":" in said else []
    if not times:
        if "昼まで" in said or "午前中まで" in said:
            return Clock("am", None, None, NOON, edge)
        if "夕方まで" in said:
            return Clock(None, None, None, "17:00", edge)
        return Clock(_part(said), edge=edge)
    last, first = times[-1], times[-2] if len(times) > 1 else None
    if first and (_TO.match(said[first.end : last.start]) or (first.begins_there and last.ends_there)):
        return _between(first.minutes, last.minutes, edge)
    if last.ends_there:
        rest = said[: last.start] + said[last.end :]
        return Clock(_part(rest) or ("am" if last.minutes <= 720 else None), None, None, _written(last.minutes), edge)
    time = _written(last.minutes)
    if (
        first
        and re.fullmatch(r"(?:ごろ|頃)?(?:か|と|または|もしくは|、)", said[first.end : last.start])
        and not said[last.start :].startswith("、")
    ):
        alike = _half(first.minutes) == _half(last.minutes)
        return Clock(_half(last.minutes) if alike else None, time if alike else None, edge=edge)
    return Clock(_half(last.minutes), time, time if last.begins_there else None, None, edge)


def _between(first: int, last: int, edge: str | None) -> Clock:
    if last <= first and last + 720 <= 1440:
        last += 720
    if last <= first:
        return Clock(_half(first), _written(first), _written(first), None, edge)
    part = _half(first) if _half(first) == _half(last - 1) else None
    return Clock(part, _written(first), _written(first), _written(last), edge)


def _half(minutes: int) -> str:
    return "am" if minutes < 720 else "pm"


def _written(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _times(said: str) -> list[_Said]:
    found: list[_Said] = []
    morning = _AM_WORDS.search(said) is not None
    afternoons = [match.end() for match in _PM_WORDS.finditer(said)]
    for match in _CLOCK.finditer(said):
        hour, minute = int(match["h"]), 30 if match["half"] else int(match["m"] or match["mm"] or 0)
        if hour > 24 or minute >= 60 or _NOT.match(said, match.end()):
            continue
        word, told = match["part"] or "", any(end <= match.start() for end in afternoons[:1])
        if word:
            afternoon = word in ("午後", "夜", "夕方", "昼") and (word != "昼" or hour < 6)
        elif morning and not told:
            afternoon = False
        else:
            afternoon = 1 <= hour <= 5 or told or (hour < 9 and any(end > match.end() for end in afternoons[-1:]))
        hour = (hour + 12 if afternoon and hour < 12 else hour) % 24
        minutes = max(hour * 60 + minute - int(match["to"] or 0), 0)
        if match["m"] and match["before"]:
            minutes = max(hour * 60 - minute, 0)
        ends = bool(match["before"] and not match["m"]) or _UNTIL.match(said, match.end()) is not None
        found.append(_Said(minutes, match.start(), match.end(), ends, _SINCE.match(said, match.end()) is not None))
    return found


def _edge(said: str) -> str | None:
    if not ("早" in said or "遅" in said or "朝" in said or "最" in said or "はや" in said or "おそ" in said):
        return None
    early, late = _EARLY.search(said), _LATE.search(said)
    if early and late:
        return "early" if early.start() > late.start() else "late"
    return "early" if early else "late" if late else None


def _part(said: str) -> str | None:
    """``am`` or ``pm`` of what was said last; a part that is refused leaves the other."""
    words = [(match.start(), "am", match) for match in _AM_WORDS.finditer(said)] + [
        (match.start(), "pm", match) for match in _PM_WORDS.finditer(said)
    ]
    words.sort(key=lambda word: word[0])
    wanted, refused = [], None
    for _, part, match in words:
        if not _NOT.match(said, match.end()):
            wanted.append((part, match))
        elif match.group().startswith(("午前", "午後")) and not _OF_A_DAY.search(
            said, max(match.start() - 2, 0), match.start()
        ):
            refused = part
    if not wanted:
        return {"am": "pm", "pm": "am", None: None}[refused]
    part, last = wanted[-1]
    if len(wanted) > 1 and wanted[-2][0] != part and _EITHER.fullmatch(said[wanted[-2][1].end() : last.start()]):
        return None
    return part
