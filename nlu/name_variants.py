"""Letters and kana in which one person's name is written: 髙 and 高, ー and the vowel that it stands for."""

import re
import unicodedata
from functools import lru_cache
from itertools import product
from pathlib import Path

import jaconv
import yaml

_LETTERS = Path(__file__).parent / "words" / "ja" / "name_letters.yml"
MOST_MARKS = 2
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""They choose among drawings of one letter (葛, 辻)."""
_KEPT = re.compile(r"([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
"""Letters of their own in family names (﨑, 神 with 示), which NFKC would replace."""


@lru_cache(maxsize=1)
def _common() -> dict[int, str]:
    found: dict[int, str] = {}
    for letters in yaml.safe_load(_LETTERS.read_text(encoding="utf-8")):
        for letter in letters[1:]:
            if letter != letters[0]:
                found.setdefault(ord(letter), letters[0])
    return found


def as_written(text: str) -> str:
    """The text in full-width kana with joined voicing marks; old letters of names stay as they are."""
    parts = _KEPT.split(_SELECTORS.sub("", text))
    return "".join(part if number % 2 else unicodedata.normalize("NFKC", part) for number, part in enumerate(parts))


def in_common_letters(written: str) -> str:
    """「髙﨑邉」 as 「高崎辺」: the letters that dictionaries know."""
    return unicodedata.normalize("NFKC", _SELECTORS.sub("", written)).translate(_common())


def in_kana(text: str) -> str:
    """Hiragana without gaps and dots."""
    return re.sub(r"[\s・=＝\-‐]+", "", str(jaconv.kata2hira(text)))


def spelled_out(kana: str) -> list[str]:
    """What ー may stand for: 「おーたに」 as 「おおたに」, 「おうたに」 and so on; nothing for kana without it."""
    marks = kana.count("ー")
    if not 1 <= marks <= MOST_MARKS:
        return []
    parts = kana.split("ー")
    return [
        "".join(part + vowel for part, vowel in zip(parts, (*vowels, ""), strict=True))
        for vowels in product("あいうえお", repeat=marks)
    ]
