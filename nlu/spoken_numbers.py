"""Spoken and kanji numbers around time as digits, weekdays in one spelling: what time words are read from."""

import re

from nlu.text import clean

_KANJI = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十百]+(?=月|日|時|じ|分|年|週間|か月|ヶ月|カ月|ヵ月|ケ月|回目|番目)|(?<=第)[一二三四五]")
_KANA_TENS = (("さんじゅう", 30), ("さんじゅっ", 30), ("にじゅう", 20), ("じゅう", 10))
_KANA_UNITS = (
    ("いち", 1), ("に", 2), ("さん", 3), ("よん", 4), ("よ", 4), ("し", 4), ("ご", 5), ("ろく", 6), ("なな", 7), ("しち", 7), ("はち", 8), ("きゅう", 9), ("く", 9),
)  # fmt: skip
_DAY_NAMES = {"ついたち": 1, "ふつか": 2, "みっか": 3, "よっか": 4, "むいか": 6, "なのか": 7, "ようか": 8, "ここのか": 9, "とおか": 10, "はつか": 20}
_KANA_TEN_DAYS = re.compile(
    r"(にじゅう|じゅう)(よっか|くにち|しちにち|はちにち|ろくにち|ごにち|さんにち|ににち|いちにち)|(さんじゅう)(いちにち|にち)|(にじゅう|じゅう)にち"
)
_ENDINGS = {"よっか": 4, "くにち": 9, "しちにち": 7, "はちにち": 8, "ろくにち": 6, "ごにち": 5, "さんにち": 3, "ににち": 2, "いちにち": 1, "にち": 0}
_TENS = {"じゅう": 10, "にじゅう": 20, "さんじゅう": 30}
_KANA_COUNT = re.compile(r"((?:さん|に)?じゅう)?(いち|に|さん|よん|よ|し|ご|ろく|なな|しち|はち|きゅう|く)?(がつ|じ(?=はん|半|に|ご|から|の|$|で|が|ぐらい|くらい))")
_WEEKDAY_KANA = (("げつ", "月"), ("かよう", "火よう"), ("か曜", "火曜"), ("すい", "水"), ("もく", "木"), ("きん", "金"), ("にち", "日"), ("ど", "土"))
_SPELLINGS = (
    ("あした", "明日"), ("あす", "明日"), ("みょうにち", "明日"), ("しあさって", "明々後日"), ("明明後日", "明々後日"), ("あさって", "明後日"), ("きょう", "今日"), ("ほんじつ", "本日"),
    ("さ来週", "再来週"), ("さらいしゅう", "再来週"), ("さらい週", "再来週"), ("らいしゅう", "来週"), ("らい週", "来週"), ("こんしゅう", "今週"), ("翌週", "来週"),
    ("さ来月", "再来月"), ("さらいげつ", "再来月"), ("らいげつ", "来月"), ("らい月", "来月"), ("こんげつ", "今月"), ("らいねん", "来年"), ("ことし", "今年"),
    ("ごぜん", "午前"), ("ごご", "午後"), ("あさ", "朝"), ("ゆうがた", "夕方"), ("おひる", "昼"), ("お昼", "昼"), ("しょうご", "正午"), ("こんど", "今度"), ("つぎの", "次の"),
    ("ヶ月", "か月"), ("カ月", "か月"), ("ヵ月", "か月"), ("ケ月", "か月"), ("箇月", "か月"), ("かげつ", "か月"),
)  # fmt: skip
_FILLER = re.compile(r"えーっと|えーと|えっと|ええと|あのー|あのう|あのですねえ?|そのー|うーんと?|まあ|[\s。．]")


def with_digits(text: str) -> str:
    """The text without gaps and fillers, numbers before 月 日 時 分 年 as digits, weekdays as 月曜 … 日曜."""
    said = _FILLER.sub("", clean(text)).replace("その", "")
    said = re.sub(r"しあさって", "明々後日", said)
    for spoken, written in _SPELLINGS:
        said = said.replace(spoken, written)
    said = re.sub(r"(?<=月)(の?)ようか(?!び)", r"\g<1>8日", said)
    said = _weekdays(said)
    said = _KANA_TEN_DAYS.sub(_ten_days, said)
    for name, number in sorted(_DAY_NAMES.items(), key=lambda pair: -len(pair[0])):
        said = said.replace(name, f"{number}日")
    said = re.sub(r"(?<=月)(の?)いつか", r"\g<1>5日", said)
    said = re.sub(r"いつか(?=の(?:午|朝|昼|夕))", "5日", said)
    said = _KANA_COUNT.sub(_counted, said)
    return _KANJI_NUMBER.sub(lambda match: str(kanji_number(match.group())), said)


def kanji_number(written: str) -> int:
    """「二十四」 as 24; also digit by digit, 「二〇二七」 as 2027."""
    if "十" not in written and "百" not in written:
        return int("".join(str(_KANJI[letter]) for letter in written))
    total, unit = 0, 0
    for letter in written:
        if letter == "百":
            total, unit = total + (unit or 1) * 100, 0
        elif letter == "十":
            total, unit = total + (unit or 1) * 10, 0
        else:
            unit = _KANJI[letter]
    return total + unit


def _ten_days(match: re.Match[str]) -> str:
    groups = [part for part in match.groups() if part]
    return f"{_TENS[groups[0]] + (_ENDINGS[groups[1]] if len(groups) > 1 else 0)}日"


def _counted(match: re.Match[str]) -> str:
    tens, unit, what = match.groups()
    if not tens and not unit:
        return match.group()
    number = (_TENS[tens] if tens else 0) + (dict(_KANA_UNITS)[unit] if unit else 0)
    return f"{number}{'月' if what == 'がつ' else '時'}"


def _weekdays(said: str) -> str:
    for kana, kanji in _WEEKDAY_KANA:
        said = re.sub(rf"{kana}(?=曜|よう)" if not kana.endswith(("よう", "曜")) else kana, kanji, said)
    return re.sub(r"([月火水木金土日])よう(?:日|び)?", r"\1曜", said)
