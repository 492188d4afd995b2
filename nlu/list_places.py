"""Which entry of a list is meant: by its key in any letters (「三番」, 「よん」) or by its place (「最初の」, 「真ん中の」)."""

import re
from collections.abc import Sequence

from nlu.digits import DIGIT, flat, one_digit
from nlu.text import clean, without_fillers
from nlu.understanding import ExpectedChoice

LONGEST = 40
_ESCAPES = ("none", "other", "else", "unknown")
"""Choices that lead away from a list are no entries of it; so is waiting for one that is full (``w:``)."""
_BEFORE = re.compile(
    r"^(?:(?:はい|ええ|うん|じゃあ?|では|でしたら|それなら|それじゃあ?|そしたら|そうね|そうですね|えーと|えっと|ええと|やっぱり|やはり|なら)[、。\s]*)+"
)
_AFTER = re.compile(
    r"(?:の)?(?:やつ|ほう|方|もの|日|ひ|会|とき|時間|ところ)?(?:を|が|に|で|は)?(?:選|えら)?(?:お願い(?:いた)?します|おねがいします|お願い|おねがい|ください|下さい|いいです|いいわ"
    r"|いいかな|いい|よいです|良いです"
    r"|します|しようかな|しよう|する|決めます|行きます|いきます|です|だ|押します|押す|押した|びます|ぶ|希望(?:です|します)?)?(?:ね|よ|わ|かな|けど|が)*$"
)
_KEY = re.compile(rf"(?P<digit>{DIGIT}|[0-9])(?:番|ばん)?(?:の?(?:ボタン|ぼたん|キー|きー))?")
_KEY_TH = re.compile(rf"(?P<digit>{DIGIT}|[0-9])(?:番目|ばんめ)")
_COUNT = (
    ("一つ", "ひとつ", "1つ", "一個", "一番", "1番", "1個", "いっこ"),
    ("二つ", "ふたつ", "2つ", "二個", "二番", "2番", "2個", "にこ"),
    ("三つ", "みっつ", "3つ", "三個", "三番", "3番", "3個", "さんこ"),
    ("四つ", "よっつ", "4つ", "四個", "四番", "4番", "4個", "よんこ"),
)
_FIRST = re.compile(
    r"(?:一番|いちばん|1番)?(?:最初|さいしょ|はじめ|初め|始め|上|うえ|前|まえ|先|さき|先頭|トップ|とっぷ|初っ端)|前者|(?:一番|いちばん|1番)(?:早い|はやい)"
)
_LAST = re.compile(
    r"(?:一番|いちばん|1番)?(?:最後|さいご|ラスト|らすと|終わり|おわり|下|した|後|あと|後ろ|うしろ|しまい)|後者|(?:一番|いちばん|1番)(?:遅い|おそい)"
)
_MIDDLE = re.compile(r"(?:真ん中|まん中|まんなか|真中|中間|中|間|あいだ)(?:へん|あたり)?")
_OF_THE_END = re.compile(r"(?:後ろ|うしろ|下|した|最後)から(?P<word>.+)")
_AGAIN = re.compile(r"(?:最初|さいしょ|はじめ|初め|始め)(?:から|に(?:戻|もど))|前に|(?:前|後|あと)で")
"""Words for starting over, for going back and for later: no place in a list."""


def key_said(text: str) -> str | None:
    """The key that the words name, 「三番でお願いします」, 「じゃあ3で」, 「よん」; None when they say anything else."""
    core = _core(text)
    match = _KEY.fullmatch(core)
    return one_digit(match["digit"]) if match else None


def entry_said(text: str, choices: Sequence[ExpectedChoice]) -> ExpectedChoice | None:
    """The entry of the list that the words point at: 「4番目」 the one with that key, else the place as it was read."""
    if _AGAIN.match(_flat(text)):
        return None
    core = _core(text)
    entries = [choice for choice in choices if choice.id not in _ESCAPES and not choice.id.startswith("w:")]
    if not core or len(entries) < 2:
        return None
    nth = _KEY_TH.fullmatch(core)
    if nth:
        digit = one_digit(nth["digit"]) or "0"
        keyed = next((choice for choice in choices if choice.key == digit), None)
        return keyed or _at(entries, int(digit) - 1)
    place = _place(core, len(entries))
    return None if place is None else _at(entries, place)


def _place(core: str, count: int) -> int | None:
    from_end = _OF_THE_END.fullmatch(core)
    word = re.sub(r"(?:目|め)$", "", from_end["word"] if from_end else core)
    for number, names in enumerate(_COUNT):
        if word in names and (word != core or from_end):
            return count - 1 - number if from_end else number
    if _FIRST.fullmatch(core):
        return 0
    if _LAST.fullmatch(core):
        return count - 1
    return count // 2 if _MIDDLE.fullmatch(core) and count % 2 else None


def _at(entries: Sequence[ExpectedChoice], place: int) -> ExpectedChoice | None:
    return entries[place] if 0 <= place < len(entries) else None


def _flat(text: str) -> str:
    return flat(without_fillers(clean(text))) if len(text) <= LONGEST else ""


def _core(text: str) -> str:
    """The words without a little word before and politeness behind."""
    said = _BEFORE.sub("", _flat(text), count=1).strip(" 、。")
    said = re.sub(r"(?:よろしく)?(?:お願い(?:いた)?し|おねがい(?:いた)?し)ます$", "お願いします", said)
    return _AFTER.sub("", said, count=1).strip(" 、。") or said
