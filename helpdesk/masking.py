"""Hides what must never be stored, in whatever letters it was said.

That is passwords, PINs, card numbers and My Numbers (elder-ux S3).

Every search looks at a short window or never goes back, so that the time grows with the length alone.
"""

import re
import unicodedata

_NARROW = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF20, 0xFF0D, 0xFF0E, 0xFF3F)
}
"""Full-width digits, letters and @-._ become half-width, so that one pattern finds both."""
_HALF_KANA = re.compile(r"[\uff66-\uff9f]+")
_FLAT: dict[int, int | str] = {code: code - 0x60 for code in range(0x30A1, 0x30F5)}
_FLAT |= {
    ord(letter): str(number % 10)
    for start in (0x2460, 0x2776, 0x24F5)
    for number, letter in enumerate(map(chr, range(start, start + 9)), 1)
}
_FLAT |= {ord(letter): str(number) for number, letter in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
"""One letter for one letter: hiragana for katakana, figures for those in rings; places in both texts stay the same."""
MASK = "＊＊＊＊"

_SECRET = re.compile(
    r"(?:暗[証唱](?:番号|コード|ばんごう)?|あんしょう(?:番号|ばんごう)?|ぱすわーど|ぱすこーど|合言葉|あいことば|password|passcode"
    r"|せきゅりてぃ(?:番号|こーど|ばんごう)|(?:認証|確認|解除|承認)(?:番号|こーど)"
    r"|(?:にんしょう|かくにん|かいじょ)(?:ばんごう|こーど)|わんたいむ(?:ぱすわーど)?|ろっく(?:解除)?の?(?:番号|ばんごう)"
    r"|(?<![a-z])pin(?![a-z])|ぴん(?:番号|こーど|なんばー)|ぴん(?=[はがを])|(?<![a-z])(?:cvv|cvc)"
    r"|(?:裏|うら|後ろ|うしろ)の?(?:3|三|みっつの|さん)(?:桁|けた)(?:の(?:番号|数字))?|(?:裏|うら)の?(?:番号|数字|すうじ)"
    r"|(?:かーど|くれじっと(?:かーど)?|きゃっしゅかーど|口座|こうざ|まいなんばー(?:かーど)?|まいな(?:かーど)?|個人)"
    r"の?(?:番号|ばんごう|なんばー|ばんごー)"
    r"|まいなんばー(?:かーど)?)"
    r"(?:の?(?:番号|ばんごう|暗証番号|4桁|四桁|よんけた))?",
    re.IGNORECASE,
)
_DIGIT = (
    r"(?:\d|[〇零一二三四五六七八九]|ぜろ|れい|れー|まる|いち|いっ|にい(?!ち)|にー|に|さーん|さん|よーん|よん|よー"
    r"|しーち|しち|しい(?!ち)|しー|し|ごう|ごー|ごお|ご|ろーく|ろく|ろっ|なーな|なな|ひち|はーち|はち|はっ"
    r"|きゅーう|きゅう|きゅー|きゅ|くー|く)"
)
_GAP = r"(?:[\s、。，,.・\-‐−ー〜~/]|えーっと|えーと|えっと|ええと|あのー?|はい|それから|次が|です(?=ね)|ね|の|と|で(?!す)){0,6}"
_RUN = re.compile(rf"(?>{_DIGIT})(?>(?:{_GAP}(?>{_DIGIT}))*)")
_COUNTS = re.compile(r"[年月日時分秒回桁歳才円人個つ枚台週]|けた|かい|ねん|がつ|にち|番目")
"""A number before one of these counts something."""
_FILLED = re.compile(
    r"(?>(?:はい|が?(?:届|とど)(?:いて|きまして|いた(?:ん)?)|が?(?:来|き)(?:て|まして)"
    r"|は|が|を|って(?:いうの(?:は|が))?|っていうのは|も|:|：|＝|=|、|。|\s|ね|の|です(?:ね|が|けど)?|なん(?:です)?(?:が|けど)?|けど"
    r"|えーっと|えーと|えっと|ええと|あのー?|確か|たしか|多分|たぶん|これ(?:で|が|は)?|言います(?:ね|と)?|いいます(?:ね|と)?"
    r"|「|『|(?:数字|すうじ)で|(?:4|四|よん|よ)(?:桁|けた)で?|全部で?){0,12})"
)
_WINDOW, MOST_CONNECTED = 120, 6
_WORD = re.compile(r"[A-Za-z0-9!-/:-@\[-`{-~]{3,40}(?:[\s\-ー][A-Za-z0-9]{1,12}){0,6}")
_MIXED = re.compile(r"[ぁ-ゖァ-ヺー一-鿿A-Za-z]{1,12}\d{2,12}[A-Za-z!-/:-@]{0,12}")
_PLAIN = re.compile(r"[ぁ-ゖァ-ヺーA-Za-z]{2,16}?(?=(?:です(?!か)|だよ|だわ|なの|にして(?:い)?ます|。|$))")
_NO_SECRET = re.compile(
    r"わすれ|わから|わかり|しらな|しりま|ない|いりま|いら|ひつよう|だいじょうぶ|ちが|まちが|どこ|どう|どれ|どの|なに|なん|いくつ"
    r"|おなじ|それ|これ|あれ|だめ|むり|いや|はい|おしえ|いれ|へんこう|かえ|かわ|つか|みつ|さが|ただし|あって|とお|わす"
    r"|うまく|できな|でき|むずか|おぼえ|めも|のーと|かみ|かいて|すまほ|あぷり|らいん"
)
_CONNECTS = (
    "っていう",
    "という",
    "って",
    "が",
    "は",
    "、",
    "。",
    "これが",
    "それが",
    "これ",
    "それ",
    "の",
    "です",
    "私の",
    "わたしの",
    "うちの",
    "すまほの",
    "かーどの",
    "から",
    "だから",
) + (" ", "\u3000")
"""What may stand between a secret and the word for it that follows."""
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,80}\.[A-Za-z]{2,10}")
_PHONE = re.compile(r"(?<!\d)(?:\+81[\s\-ー‐]?|0)\d{1,4}[\s\-ー‐]?\d{1,4}[\s\-ー‐]?\d{3,4}(?!\d)")
_LONG_RUN = 9
"""From so many digits on it is a telephone number, a card, an account or a My Number."""
_FEWEST = 3


def mask(text: str) -> str:
    """The text as it may be stored: secrets, card numbers, My Numbers, telephone numbers and addresses hidden."""
    text = _HALF_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana.group()), text)
    text = text.translate(_NARROW).replace("\0", "")
    text = _MAIL.sub(MASK, text)
    flat = text.translate(_FLAT)
    runs = [found.span() for found in _RUN.finditer(flat)]
    ends = {end: start for start, end in runs}
    hidden = [span for span in runs if _count(flat, *span) >= _LONG_RUN]
    hidden += [found.span() for found in _PHONE.finditer(flat)]
    for word in _SECRET.finditer(flat):
        hidden += _told_after(text, flat, word.end()) or _told_before(flat, word.start(), ends)
    return _without(text, hidden)


def _told_after(text: str, flat: str, start: int) -> list[tuple[int, int]]:
    """What is said behind the word for a secret, when it looks like one."""
    stop = min(len(flat), start + _WINDOW)
    filled = _FILLED.match(flat, start, stop)
    at = filled.end() if filled else start
    run = _RUN.match(flat, at, stop)
    if run is not None and _count(flat, *run.span()) >= _FEWEST:
        return [] if _COUNTS.match(flat, run.end()) else [run.span()]
    for pattern in (_WORD, _MIXED):
        found = pattern.match(text, at, stop)
        if found is not None and not (_COUNTS.match(flat, found.end()) and found.group()[-1].isdigit()):
            return [found.span()] if not _NO_SECRET.search(flat, *found.span()) else []
    found = _PLAIN.match(text, at, stop) if at > start else None
    return [found.span()] if found is not None and not _NO_SECRET.search(flat, *found.span()) else []


def _told_before(flat: str, end: int, ends: dict[int, int]) -> list[tuple[int, int]]:
    """「1234が暗証番号です」: a run of digits (``ends`` has the start of each by its end) just before the word."""
    stop = end
    for _ in range(MOST_CONNECTED):
        connecting = next((word for word in _CONNECTS if flat.endswith(word, 0, stop)), None)
        if connecting is None:
            break
        stop -= len(connecting)
        if stop in ends and _count(flat, ends[stop], stop) >= _FEWEST:
            return [(ends[stop], stop)]
    return []


_ONE = re.compile(_DIGIT)


def _count(flat: str, start: int, end: int) -> int:
    return sum(1 for _ in _ONE.finditer(flat, start, end))


def _without(text: str, hidden: list[tuple[int, int]]) -> str:
    """The text with a mask in place of these parts."""
    pieces, at = [], 0
    for start, end in sorted(hidden):
        if start >= at:
            pieces += [text[at:start], MASK]
        at = max(at, end)
    return "".join([*pieces, text[at:]])
