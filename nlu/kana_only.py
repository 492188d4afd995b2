"""Who writes everything in kana is understood like any other: 「すまほがこわれました」 in the usual spelling."""

import re
from functools import lru_cache
from pathlib import Path

import jaconv
import yaml

from nlu.text import spelled

_KANJI = re.compile(r"[一-鿿㐀-䶿]")
_KANA_GAP = re.compile(r"(?<=[ぁ-ゖァ-ヺー])[ 　]+(?=[ぁ-ゖァ-ヺー])")
_WORDS = Path(__file__).parent / "words" / "ja" / "kana_words.yml"
_RESPELLED = ("動詞", "形容詞", "名詞")
SHORTEST_NOUN = 3
"""Shorter ones are often parts of other words (「よ」「やく」)."""


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], dict[str, str]]:
    words: dict[str, str] = {
        str(jaconv.kata2hira(word)): word for word in yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    }
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True))), words


def usual_spelling(text: str) -> str:
    """The text as most people write it, when there is no kanji in it; any other text as it is."""
    if _KANJI.search(text) or not re.search(r"[ぁ-ゖ]", text):
        return text
    pattern, words = _words()
    joined = pattern.sub(lambda match: words[match.group()], _KANA_GAP.sub("", text))
    return "".join(_respelled(*word) for word in spelled(joined))


def _respelled(surface: str, kind: str, plain: str, normal: str) -> str:
    """「こわれ」 as 「壊れ」: what the dictionary form shares with its usual spelling stays."""
    if (
        kind not in _RESPELLED
        or len(plain) < (SHORTEST_NOUN if kind == "名詞" else 2)
        or not re.fullmatch(r"[ぁ-ゖー]+", surface)
        or not _KANJI.search(normal)
    ):
        return surface
    shared = 0
    while shared < min(len(plain), len(normal)) and plain[-1 - shared] == normal[-1 - shared]:
        shared += 1
    stem, usual = plain[: len(plain) - shared], normal[: len(normal) - shared]
    return usual + surface[len(stem) :] if stem and surface.startswith(stem) else surface
