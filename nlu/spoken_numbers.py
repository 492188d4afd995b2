"""Numbers around time as digits, however they were said or written: 二十四日, にじゅうよっか, 廿四日, 20 4日."""

import re

GONE = "\ue000"
"""Stands where words were that look like time and are none."""
_KANJI = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "壱": 1,
    "弐": 2,
    "参": 3,
}
_TEN = {"十": 10, "拾": 10, "廿": 20, "卅": 30}
_UNITS = "月|日|時|分|年|週|か月|回目|番目"
_KANJI_NUMBER = re.compile(
    rf"(?:\d{{1,2}}(?=十))?[〇零一二三四五六七八九十百壱弐参拾廿卅]+(?:(?<=十)\d)?(?={_UNITS})|(?<=第)[一二三四五]"
)
_KANA_TENS = {"じゅう": 10, "にじゅう": 20, "さんじゅう": 30}
_KANA_UNITS = {
    "いち": 1, "に": 2, "さん": 3, "よん": 4, "よ": 4, "し": 4, "ご": 5, "ろく": 6, "なな": 7, "しち": 7, "はち": 8, "きゅう": 9, "く": 9,
}  # fmt: skip
_KANA_MINUTES = re.compile(
    r"(?<=時)(さんじゅう|さんじゅっ|さんじっ|にじゅう|にじゅっ|よんじゅう|よんじゅっ|ごじゅう|ごじゅっ|じゅう|じゅっ|じっ)?(ご)?[ふぷ]ん"
)
_MINUTE_TENS = {"じ": 10, "に": 20, "さ": 30, "よ": 40, "ご": 50}
_DAYS = {
    "ついたち": 1,
    "ふつか": 2,
    "みっか": 3,
    "よっか": 4,
    "いつか": 5,
    "むいか": 6,
    "なのか": 7,
    "ようか": 8,
    "ここのか": 9,
    "とおか": 10,
    "とうか": 10,
    "はつか": 20,
}
_NEXT = r"(?=の|に|で|から|まで|は|も|が|と|か|、|ご|後|以|だ|$|[^ぁ-ん])"
_START = r"(?:^|(?<=[、月])|(?<=月の)|(?<=週の)|(?<=度の))"
_KANA_DAY = re.compile(
    rf"(?:ついたち(?!あが|くら)|ふつか(?!よい)|みっか|よっか(?!か)|むいか(?!な)|はつか(?!ね))|(?:(?<![とお])とおか(?!った|な|ら)|(?:^|(?<=[、月])|"
    rf"(?<=月の))とうか)"
    rf"{_NEXT}|ここのか(?![かたばな]){_NEXT}|{_START}(?:なのか|ようか)(?!で(?:し|き)|な|も){_NEXT}|(?<=\d月)いつか{_NEXT}|(?:^|"
    rf"(?<=[、月])|(?<=月の))いつか(?=の(?:午|朝|昼|夕|\d))"
)
_KANA_TEN_DAYS = re.compile(
    r"(にじゅう|じゅう)(よっか|くにち|しちにち|はちにち|ろくにち|ごにち|さんにち|ににち|いちにち)|(さんじゅう)(いちにち|にち)|(にじゅう|じゅう)にち"
)
_ENDINGS = {
    "よっか": 4,
    "くにち": 9,
    "しちにち": 7,
    "はちにち": 8,
    "ろくにち": 6,
    "ごにち": 5,
    "さんにち": 3,
    "ににち": 2,
    "いちにち": 1,
    "にち": 0,
}
_COUNT = r"(?P<tens>(?:さん|に)?じゅう)?(?P<unit>いち|に|さん|よん|よ|し|ご|ろく|なな|しち|はち|きゅう|く)?"
_KANA_MONTH = re.compile(rf"{_COUNT}(?:がつ|月(?=の?\d))")
_KANA_HOUR = re.compile(
    rf"(?:^|(?<=[、前後朝昼夜方曜日明のにとかは]))(?<!ので){_COUNT}(?<!し)じ(?=はん|半|に(?![ゃゅょ])|ご|から|まで|の|$|で(?!き)|ぐらい|くらい|すぎ|"
    rf"過ぎ|前|まえ|以|、|\d|さん|じゅ|よん)"
)
_DIGIT_HOUR = re.compile(r"(?<=\d)じ(?![ゃゅょっかっ])")
_SPLIT = re.compile(r"(?<!\d)([23]0)([1-9])(?=日)")
_PAIR = re.compile(
    r"(?<![\d月の/:十])([1-9一二三四五六七八九])(?:、|,|〜|~|-|・)([1-9一二三四五六七八九])(?=日|週|か月|年|時間)"
)
_KANA_PAIR = re.compile(r"(?:いち、?に|に、?さん|さん、?し|し、?ご|ご、?ろく)にち")
_KANA_LATER = re.compile(r"(?<=\d日)ご(?=$|[のにで、])")
_LIST = re.compile(r"(?<![\d/:])(\d{1,2})[、,・](?=(\d{1,2})日)")


def digits_for_numbers(said: str) -> str:
    """Spoken and kanji numbers before 月 日 時 分 年 週 as digits; 「四五日」 and 「2、3日」 are no number at all."""
    said = _KANA_PAIR.sub(GONE, _PAIR.sub(_vague, said))
    said = _KANA_TEN_DAYS.sub(_ten_days, said)
    said = _KANA_MONTH.sub(lambda match: _counted(match, "月"), said)
    said = _KANJI_NUMBER.sub(_number, said)
    if "か" in said or "たち" in said:
        said = _KANA_DAY.sub(lambda match: f"{_DAYS[match.group()]}日", said)
        said = _KANA_LATER.sub("後", said)
    if "じ" in said:
        said = _DIGIT_HOUR.sub("時", said)
        said = _KANA_HOUR.sub(lambda match: _counted(match, "時"), said)
    if "ん" in said and "時" in said:
        said = _KANA_MINUTES.sub(_minutes, said)
    said = _LIST.sub(r"\1日、", said)
    return _SPLIT.sub(lambda match: str(int(match[1]) + int(match[2])), said)


def kanji_number(written: str) -> int:
    """「二十四」 as 24; also digit by digit, 「二〇二七」 as 2027, and mixed, 「2十4」."""
    if not any(letter in "十百拾廿卅" for letter in written):
        return int("".join(str(_KANJI[letter]) for letter in written))
    total, unit = 0, 0
    for letter in written:
        if letter == "百":
            total, unit = total + (unit or 1) * 100, 0
        elif letter in _TEN:
            total, unit = total + (unit or 1) * _TEN[letter], 0
        else:
            unit = unit * 10 + int(letter) if letter.isdigit() else _KANJI[letter]
    return total + unit


def _vague(match: re.Match[str]) -> str:
    first, second = (int(one) if one.isdigit() else _KANJI[one] for one in match.groups())
    return GONE if second == first + 1 else match.group()


def _number(match: re.Match[str]) -> str:
    written = match.group()
    vague = (
        len(written) == 2
        and all(letter in _KANJI for letter in written)
        and _KANJI[written[1]] == _KANJI[written[0]] + 1
    )
    if vague and match.string[match.end()] in "日年週か" and not match.string[: match.start()].endswith(("月", "月の")):
        return GONE
    return str(kanji_number(written))


def _ten_days(match: re.Match[str]) -> str:
    groups = [part for part in match.groups() if part]
    return f"{_KANA_TENS[groups[0]] + (_ENDINGS[groups[1]] if len(groups) > 1 else 0)}日"


def _counted(match: re.Match[str], what: str) -> str:
    tens, unit = match["tens"], match["unit"]
    if not tens and not unit:
        return match.group()
    return f"{(_KANA_TENS[tens] if tens else 0) + (_KANA_UNITS[unit] if unit else 0)}{what}"


def _minutes(match: re.Match[str]) -> str:
    tens, five = match.groups()
    if not tens and not five:
        return match.group()
    return f"{(_MINUTE_TENS[tens[0]] if tens else 0) + (5 if five else 0)}分"
