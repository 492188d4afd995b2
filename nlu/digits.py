"""Digits as people say them: 「ゼロキューゼロの、イチニーサンヨンの…」, 「５の６」, 「ごじゅうろく」."""

import re
import unicodedata

import jaconv

LONGEST = 300
"""Letters that are looked at: nobody says a number longer than that."""
_WRITTEN = {
    "〇": "0",
    "零": "0",
    "丸": "0",
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}
_WRITTEN |= {digit: digit for digit in "0123456789"}
_SPOKEN = {
    "0": r"ぜーろー?|ぜろ|れい|れー|まーるー?|まる", "1": r"いー?ちー?|いっ",
    "2": r"にい(?!ち)|にー|に", "3": r"さーん|さん",
    "4": r"よーん|よん|よー|し(?:い(?!ち)|ー)|し(?!ち)",
    "5": r"ごお|ごう|ごー|ご", "6": r"ろーく|ろく|ろっ", "7": r"なーな|なな|し[ー]?ち|ひち", "8": r"はーち|はち|はっ", "9": r"きゅうう?|きゅー|きゅ|くー|く",
}  # fmt: skip
DIGIT = "|".join([*_SPOKEN.values(), "[" + "".join(_WRITTEN) + "]"])
TEN = "じゅうう?|じゅー|じゅっ|じゅ|十"
BETWEEN = (
    r"[\s、。，．,.…・\-‐−–—ー〜~()/]|えーっと|えーと|えっと|ええと|えと|あのー?|はい|ええ|うん|それから|つぎ(?:が|は)|次(?:が|は)|はいふん|かっこ|とじ(?:て|る)?"
    r"|の(?:ね)?|です(?:ね)?|は(?:ね)?(?![ちっー])|で|ね|え|と|あ|が(?!つ)"
)
"""What people put between the groups of a number."""
_TOKEN = re.compile(rf"(?P<ten>{TEN})|(?P<digit>{DIGIT})|(?P<between>{BETWEEN})")
_ONE = {digit: re.compile(pattern) for digit, pattern in _SPOKEN.items()}
_COUNTED = re.compile(
    r"番目|ばんめ|[月日時分秒年歳才円人回つ個枚台本週度階]|がつ|にち|かい(?!せん)|さい|えん|か月|けた|桁|ケタ|ごう(?=しつ)"
)
"""A number before one of these counts something: it is no part of a telephone or booking number."""
_ABOUT = re.compile(
    r"(?:下|しも|末尾|まつび|最後|さいご|後ろ|うしろ)の?[0-9一二三四五よご]?(?:よん)?(?:桁|けた|ケタ)?(?:の?(?:番号|数字|すうじ|ばんごう))?(?:は|が|、)"
    r"|[0-9一二三四五](?:桁|けた|ケタ)の?"
    r"|(?:電話|でんわ|携帯|けいたい|自宅|じたく|予約|よやく|受付|固定)?(?:電話)?の?(?:番号|ばんごう|なんばー)(?:は|が|、)?ね?"
    r"|(?:電話|でんわ|携帯|けいたい|自宅|じたく|うち|家|私|わたし)(?:の(?:電話|ほう|方)?)?(?:は|が|、)"
)
_COURTESY = re.compile(
    r"(?:よろしく)?(?:お願い|おねがい)(?:いた|致)?し(?:ます|たい)|で(?:ございます|した)|(?:申|もう)します|(?:と|って)(?:いい|言い|思い|おもい)ます|けれども|ですけど|もしもし"
    r"|わたし|たしか|します"
)
_RATHER = re.compile(
    r"(?:じゃ|では|で)な(?:くて?|い(?:です)?)|違(?:う|い(?:ます|ました))|ちが(?:う|い(?:ます|ました))|まちがえ(?:た|ました)|間違え(?:た|ました)|訂正|もとい|いや[、 ]"
)
"""「…じゃなくて」: what follows is meant."""


def flat(text: str) -> str:
    """The text in the letters that numbers are looked for in: NFKC, hiragana."""
    return str(jaconv.kata2hira(unicodedata.normalize("NFKC", text[:LONGEST]))).replace("\u30fc", "ー")


def only_digits(text: str) -> str:
    """The digits 0 to 9 among these letters and no others (「²」 is none)."""
    return "".join(letter for letter in text if letter in "0123456789")


def digits_in(text: str) -> str:
    """Digits said or typed, as ``0312 …``.

    The longest number when several are said; empty when something else is in the way.
    """
    said = flat(text)
    last = [part for part in _RATHER.split(said) if _longest(part)]
    return _longest(last[-1]) if last else ""


def _longest(said: str) -> str:
    said = _COURTESY.sub(" ", _ABOUT.sub(" ", said))
    runs, rest = _runs(said)
    if not runs:
        return ""
    best = max(runs, key=len)
    if len(best) >= 9:
        return best
    # A short number is one only when nothing but politeness stands beside it.
    return best if not rest or _POLITE.fullmatch(rest) else ""


_POLITE = re.compile(
    r"(?:番|ばん|です|でした|だ|よ|ね|けど|けれども|が|と|思います|おもいます|だと|かな|お願い(?:いた)?します|おねがいします|になります|でございます|もしもし|たしか|確か|あの|その|じゃあ|それで"
    r"|たぶん|多分)+"
)


def _runs(said: str) -> tuple[list[str], str]:
    """Every number, and the letters that belong to none."""
    runs: list[str] = []
    rest, found, at = "", "", 0
    while at < len(said):
        match = _TOKEN.match(said, at)
        if match is None or (match["between"] and not found and match["between"] not in " "):
            if found:
                runs, found = _with_run(runs, found, said, at), ""
            rest, at = rest + said[at], at + 1
            if match is not None and match.end() > at:
                rest, at = rest + said[at : match.end()], match.end()
            continue
        if match["ten"]:
            found, at = _ten(found, said, match.end())
        else:
            found, at = found + (_value(match["digit"]) if match["digit"] else ""), match.end()
    if found:
        runs = _with_run(runs, found, said, at)
    return runs, re.sub(r"[\s、。・,.!?]+", "", rest)


def _with_run(runs: list[str], found: str, said: str, at: int) -> list[str]:
    return runs if _COUNTED.match(said, at) else [*runs, found]


def _ten(found: str, said: str, at: int) -> tuple[str, int]:
    """「ごじゅうろく」 is 56, 「じゅう」 10, 「にじゅう」 20."""
    tens = "" if found else "1"
    unit = re.compile(DIGIT).match(said, at)
    if unit is None:
        return found + tens + "0", at
    return found + tens + _value(unit.group()), unit.end()


def _value(word: str) -> str:
    if word in _WRITTEN:
        return _WRITTEN[word]
    return next(digit for digit, pattern in _ONE.items() if pattern.fullmatch(word))


def one_digit(text: str) -> str | None:
    """The digit that a word is, 「さん」, 「三」 or 「３」; None for anything longer."""
    word = flat(text)
    return _value(word) if re.compile(rf"(?:{DIGIT})").fullmatch(word) else None
