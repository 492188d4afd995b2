"""Whether two names are one person's, however they were heard: オータニ and おおたに, ようこ and よーこ, gaps or none."""

import re
import unicodedata

import jaconv

_ROWS = {
    "a": "あかがさざただなはばぱまやらわぁゃゎ", "i": "いきぎしじちぢにひびぴみりぃ", "u": "うくぐすずつづぬふぶぷむゆるぅゅっゔ",
    "e": "えけげせぜてでねへべぺめれぇ", "o": "おこごそぞとどのほぼぽもよろをぉょ",
}  # fmt: skip
_VOWEL = {kana: vowel for vowel, row in _ROWS.items() for kana in row}
_LENGTHENS = {"a": "あぁー", "i": "いぃー", "u": "うぅー", "e": "えぇいー", "o": "おぉうをー"}
_GAPS = re.compile(r"[\s・=＝\-‐.'’]+")


def name_key(reading: str) -> str:
    """The same for every way of writing one reading: ー and the vowel that it stands for are one."""
    kana = _GAPS.sub("", unicodedata.normalize("NFKC", _GAPS.sub("", unicodedata.normalize("NFKC", reading)).lower()))
    kana = str(jaconv.kata2hira(kana))
    kana = kana.replace("づ", "ず").replace("ぢ", "じ").replace("ゐ", "い").replace("ゑ", "え")
    key, vowel = "", ""
    for letter in kana:
        if vowel and letter in _LENGTHENS[vowel]:
            key += "ー"
        else:
            key, vowel = key + letter, _VOWEL.get(letter, "")
    return key


def is_same(name: str | None, reading: str | None, other_name: str | None, other_reading: str | None) -> bool:
    """Read alike, or written alike (staff may know a rarer reading than a dictionary does)."""
    if reading and other_reading and name_key(reading) == name_key(other_reading):
        return True
    return bool(name and other_name) and _written(name or "") == _written(other_name or "")


def _written(name: str) -> str:
    return _GAPS.sub("", unicodedata.normalize("NFKC", name))
