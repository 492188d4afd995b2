"""Which of the days that were named are meant: corrections, alternatives, from-to, and days that are refused."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from nlu.calendar_days import day_in, in_week, span
from nlu.named_days import Found, named_in, restated

_TO = re.compile(r"(?:から|〜|~|-|―|ー)、?$")
_HOUR = r"(?:の?(?:午前中?|午後|朝|昼|夕方|\d{1,2}時半?))?"
_OR = re.compile(
    rf"{_HOUR}の?(?:か|と|や|も|とか|なり|または|あるいは|それか|もしくは|でも|・|/|or|,|、)、?(?:と|か|または|あるいは|それか|もしくは|"
    rf"それとも)?、?(?:もし(?:も)?)?(?:(?:だめ|無理|いっぱい|空いてな)(?:いん|い)?(?:なら|だったら|でしたら|かったら|ければ))?、?$|、?(?:もし)?(?:だめ|"
    rf"無理|いっぱい)(?:なら|だったら|でしたら)、?$"
)
_IN_IT = re.compile(
    r"(?:の?(?:頭|あたま|はじめ|初め|真ん中|まんなか|半ば|前半|後半|終わり|おわり)(?:あたり|ごろ|頃|くらい)?の?、?|の?(?:中|うち|間)?(?:は|で|なら|では|だと|"
    r"だったら|でしたら|に)、?|、|の中の|のうちの?)$"
)
_SURE = (
    r"(?!(?:なん|な|の|ん)?(?:です|でしょう|だろう|ます)?か(?:しら|ね|な)?(?![もら])|(?:です|だ)?よね(?:え?$|[?え]))"
)
_SOME = r"(?!(?:が|は|も)?(?:な[いくし]|無|ありません|ございません|なけれ))"
_CANNOT = (
    rf"(?:(?:だめ|無理|×|✕|NG|都合(?:が|は)?(?:ちょっと)?(?:$|、|悪|わる|つか|付か|つきませ|付きませ|合わ|よくな|良くな)|行け(?:な|ま?せ)|行かれ(?:な|ませ)|"
    rf"いけ(?:ない|ません)|来(?:ら)?れ(?:な|ませ)"
    rf"|出(?:か|掛)?け?られ(?:な|ませ)|でき(?:な|ませ)|出来(?:な|ませ)|空いて(?:い)?(?:な|ませ)|あいて(?:い)?(?:な|ませ)|行けん|行かれん|来れん|よう行かん|"
    rf"あかん)(?:い|ん)?(?:です)?{_SURE}"
    rf"|ふさが|塞が|埋ま|うまって|[おご]?(?:用事|用(?!事)|予定|先約|病院|通院|医者|歯医者|透析|デイ|リハビリ|仕事|法事|稽古|旅行|留守|検査|孫の守)(?!が?(?:空|"
    rf"あ[いき]))(?:サービス)?{_SOME}(?:[^か]|$)"
    rf"|ちょっと(?:ねえ?|なあ?|、|$)|(?:行け|来れ|来られ|でき|出来|出られ)そう(?:に|も)?(?:な|あり)|困る|困り|こまる|こまり|いや(?:です|だ|な|で|、|$)|嫌|"
    rf"勘弁|かんべん|容赦|苦手|難し|むずかし|厳し|きびし|やめ|よして|よしと|よしま|避け|さけ|よけて|外し|はずし|除|抜|まずい|遠慮|休みたい|行きたくな|よくない|良くない)"
)
_LINK = r"(?:曜)?(?:いっぱい|一杯|中|じゅう)?(?:の(?:ほう|方|日))?(?:だけ|のみ|ばかり)?"
_WHEN = r"(?:の?(?:午前中?|午後|朝|昼|夕方|夜))?"
_HEDGE = (
    r"(?:どうしても|やっぱり|やはり|あいにく|さすがに|少し|すこし|まず|なかなか|とても|本当に|ほんとに|残念ながら|(?<=[はも])ねえ?(?=、)|ちょっと(?!ねえ?$|なあ?$|、|$)|どうも|ちと|もう"
    r"|たぶん|多分|絶対|全部|いつも|みんな|だけ|、)*"
)
_REFUSED = re.compile(
    rf"{_WHEN}{_LINK}(?:以外(?!(?:の日)?(?:は|だと|では?)、?{_HEDGE}{_CANNOT})|を?(?:だけ)?(?:は)?(?:避け|さけて|よけて|除|のぞ[いき]|"
    rf"外し|はずし|抜き|パス|NG)"
    rf"|(?:は|が|も|だと|では?|じゃ|なら|だったら)?{_HEDGE}(?:{_CANNOT})|(?:は|が)[^、曜\d日月]{{1,14}}(?:ので|から|ため|んで|て)、?(?:だめ|"
    rf"無理|行けな|行けませ|行かれ|来(?:ら)?れ(?:な|ませ)|都合が?悪){_SURE}"
    rf"|に(?:は)?お?(?:病院|用事|予定|先約|通院|透析|デイ)(?:が|の)|(?:じゃ|では?)ない(?:日|ほう|方)|(?:じゃ|では?)な(?:ければ|"
    rf"きゃ)(?!.{{0,3}}(?:だめ|無理|行け|困|でき)))"
)
_NO_PARTICLE = re.compile(
    rf"{_WHEN}{_LINK}(?:やめ|いや|抜|仕事|病院|用|デイ|リハビリ|検査|旅行|法事|稽古|医者|歯医者|予定)"
)
_DENIED = re.compile(r"(?:の?(?:午前|午後|朝|昼|夕方))?(?:じゃ|では?)(?:なく(?!て?は|ちゃ)|な(?:い(?!と|か)|$))")
_THAT_REFUSED = re.compile(r"(?:それ|そこ|その日|その曜日)(?:以外|は(?:だめ|無理|避け)|を?(?:避け|除))")
_JUST_OR = re.compile(r"(?:か|と|や|、|または)、?$")
_CORRECTED = re.compile(r"、?(?:じゃな|では?な|いや|いえ|ちが|違|あ[、っ]|ごめん|間違)")
_FROM = re.compile(r"(?:以降|以後|より(?:後|あと)|(?:を)?過ぎ|すぎ)")
_UNTIL = re.compile(r"(?:まで(?:に|なら|で|の間|$)|以前|より前|中に$)")
_SINCE_PAST = re.compile(r"(?:から|まで|以来|より)")
OPEN_DAYS = 30
"""How far 「10日以降」 reaches."""
LONGEST = timedelta(days=200)
"""The longest from-to that is believed."""


@dataclass
class Group:
    """Days that belong together: 「火曜か木曜」, 「月曜から水曜」."""

    members: list[Found]
    days: list[date]
    end: int
    refused: bool = False
    denied: bool = False


@dataclass
class Days:
    """What was said about days."""

    days: list[date] = field(default_factory=list)
    not_days: list[date] = field(default_factory=list)
    not_weekdays: list[int] = field(default_factory=list)
    missing: str | None = None
    clash: str | None = None


def days_of(said: str, today: date) -> Days:
    """The days that ``said``, which is spelled already, asks for and refuses."""
    found = named_in(said, today)
    return _chosen(_groups(restated(found, said), said, today), today, said) if found else _by_weekday_or_weekend(said)


def _by_weekday_or_weekend(said: str) -> Days:
    """「平日がいい」 names no day, but no Saturday or Sunday is wanted."""
    if "平日" in said and re.search(
        r"平日(?:の?(?:午前|午後|朝|昼|夕方)[中に]?)?(?:$|[、がでにな]|だけ|のみ|希望|は(?:空|大丈夫|行け))(?!き|く)",
        said,
    ):
        return Days(not_weekdays=[5, 6])
    return Days()


def _share(before: Found, one: Found, between: str) -> None:
    """「来週の火曜か木曜」 and 「来月の八日か九日」 share their week or month."""
    joined = _OR.match(between) or _TO.match(between) or _IN_IT.match(between)
    again = (
        one.kind == before.kind
        and one.days[:1]
        and before.days[:1]
        and one.days[0].weekday() == before.days[0].weekday()
        and not between.strip("の、")
    )
    if one.kind == "weekday" and not one.week and before.week and before.days and (joined or again):
        one.days, one.week = [in_week(before.days[0], 0, one.days[0].weekday())], True
    elif (
        one.kind == "weekday"
        and before.dated
        and one.days[0].weekday() == before.dated.weekday()
        and _CORRECTED.match(between)
    ):
        one.days, one.kind = [before.dated], "date"
    elif (
        one.kind == "day" and before.month and one.days and (joined or not before.days or one.days[0] < before.days[0])
    ):
        shared = day_in(*before.month, one.days[0].day)
        one.month, one.missing = before.month, None if shared else f"{before.month[1]}月{one.days[0].day}日"
        one.days = shared


def _share_weekday(found: list[Found], said: str) -> None:
    """Of 「来週か再来週の火曜」 both weeks have the weekday."""
    for before, one in zip(found, found[1:], strict=False):
        if (
            before.kind == "range"
            and before.week
            and before.days
            and one.kind == "weekday"
            and one.week
            and _JUST_OR.match(said[before.end : one.start])
        ):
            before.days, before.kind = [in_week(before.days[-1], 0, one.days[0].weekday())], "weekday"


def _groups(found: list[Found], said: str, today: date) -> list[Group]:
    _share_weekday(found, said)
    groups: list[Group] = []
    for number, one in enumerate(found):
        if number == 0:
            groups.append(Group([one], list(one.days), one.end))
            continue
        before = found[number - 1]
        between = said[before.end : one.start]
        _share(before, one, between)
        if (
            _TO.match(between)
            and before.kind == one.kind == "weekday"
            and not one.week
            and one.days[0] < before.days[0]
        ):
            one.days = [one.days[0] + timedelta(weeks=1)]
        group = groups[-1]
        if said[one.end - 1] in "後先" and between == "から":
            groups[-1] = Group([one], list(one.days), one.end)
            continue
        if _TO.match(between) and before.days and one.days and before.days[0] < one.days[0] <= before.days[0] + LONGEST:
            group.days, group.end = sorted({*group.days, *span(before.days[0], one.days[-1])}), one.end
        elif _OR.match(between) and (not between.startswith("、") or before.kind == one.kind):
            group.days, group.end = sorted({*group.days, *one.days}), one.end
        else:
            groups.append(Group([one], list(one.days), one.end))
            continue
        group.members.append(one)
    for group in groups:
        _refused_or_open(group, said, today)
    if _THAT_REFUSED.search(said, groups[-1].end):
        groups[-1].refused = True
    return groups


def _refused_or_open(group: Group, said: str, today: date) -> None:
    refused = _REFUSED.match(said, group.end)
    if refused and (len(group.members[0].days) or group.members[0].missing):
        group.refused = True
    elif _DENIED.match(said, group.end) or (
        group.days and group.days[-1] < today and _SINCE_PAST.match(said, group.end)
    ):
        group.denied = True
    elif len(group.members) == 1 and len(group.days) == 1 and group.days[0] >= today:
        if _FROM.match(said, group.end):
            group.days = span(group.days[0], group.days[0] + timedelta(days=OPEN_DAYS))
        elif _UNTIL.match(said, group.end):
            group.days = span(today, group.days[0])


def _chosen(groups: list[Group], today: date, said: str) -> Days:
    wanted = [group for group in groups if not group.refused and not group.denied]
    refused = [group for group in groups if group.refused]
    result = Days()
    for group in refused:
        for one in group.members:
            result.not_days += one.days
            if one.kind == "weekday" and not one.week:
                result.not_weekdays.append(one.days[0].weekday())
            elif one.kind == "range" and len(one.days) == 2 and "土日" in said[one.start : one.end]:
                result.not_weekdays += [5, 6]
    if wanted:
        last = wanted[-1]
        result.missing = next((one.missing for one in last.members if one.missing), None)
        result.clash = next((one.clash for one in last.members if one.clash), None)
        if not result.missing and not result.clash:
            result.days = [
                day for day in last.days if day not in result.not_days and day.weekday() not in result.not_weekdays
            ]
            if refused and len(last.days) > 1 and result.not_weekdays:
                first = [
                    next((day for day in last.days if day.weekday() == weekday), None)
                    for weekday in result.not_weekdays
                ]
                result.not_days = [day for day in first if day] or result.not_days
    result.not_days = sorted(set(result.not_days))
    result.not_weekdays = sorted(set(result.not_weekdays))
    return result
