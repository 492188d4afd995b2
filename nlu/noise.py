"""What a telephone recogniser makes of speech: a seeded noise channel to measure with, and to train against.

Words are spoiled as they were said, never put together again from a dictionary: another word that sounds the same or
nearly so, borders in the wrong place, kana for kanji, a particle that was swallowed, a clipped beginning, fillers,
numbers written in another way, a word said twice; until a wanted share of the characters differs. A hundred lines of
it: ``docs/noise.md``.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import jaconv
import yaml

from nlu.text import clean, tagged

FILLERS = ("えーと", "あのー", "あのう", "えっと", "そのー", "まあ", "なんか", "うーんと")
SWALLOWED = frozenset(["が", "を", "に", "は", "で", "も", "と", "の", "へ", "ね", "よ"])
_SOUNDS_LIKE = (
    "かがは", "きぎひ", "くぐふ", "けげへ", "こごほ", "さざた", "しじち", "すずつ", "せぜて", "そぞと", "ただら", "ちじき", "てでれ",
    "とどろ", "なまら", "にみり", "ぬむる", "ねめれ", "のもろ", "はばぱ", "ひびし", "ふぶす", "へべえ", "ほぼぽ", "いえり", "うおん", "やあ", "ゆう", "よお", "わあ",
)  # fmt: skip
_DIGITS = {
    "0": ("〇", "ゼロ", "れい"), "1": ("一", "いち"), "2": ("二", "に"), "3": ("三", "さん"), "4": ("四", "よん"),
    "5": ("五", "ご"), "6": ("六", "ろく"), "7": ("七", "なな"), "8": ("八", "はち"), "9": ("九", "きゅう"),
    "10": ("十", "じゅう"),
}  # fmt: skip
_TURNED = {kanji: digit for digit, (kanji, *_) in _DIGITS.items()}
_NUMBER = re.compile(r"(?<!\d)(?:10|\d)(?!\d)|(?<![一-龥])[一二三四五六七八九十](?![一-龥])")
_KANA = re.compile(r"[\u3040-\u30ffー]+\Z")
_KANJI = re.compile(r"[\u4e00-\u9fff]")
_NEVER_FIRST = "ーっゃゅょんッャュョン"
LONGEST_JOINT = 8


@dataclass
class _Word:
    """A word as it was said, what stands before it, and what it was heard as."""

    said: str
    reading: str
    kind: str
    before: str
    heard: str


class NoiseChannel:
    """Spoils text. The same seed and the same texts in the same order give the same noise."""

    def __init__(self, vocabulary: Iterable[str], seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (nothing secret)
        by_reading: dict[str, set[str]] = defaultdict(set)
        for text in vocabulary:
            for word, kind, reading in tagged(clean(text)):
                if kind[0] not in ("記号", "感動詞") and len(reading) >= 2 and not word.isascii():
                    by_reading[jaconv.kata2hira(reading)].add(word)
        self._words = {reading: sorted(words) for reading, words in by_reading.items()}
        self._by_hand = _by_hand()
        self._ways: tuple[tuple[Callable[[list[_Word], int], str | None], int], ...] = (
            (self._homophone, 30), (self._border, 18), (self._nearly, 18), (self._kana, 12),
            (self._swallowed, 12), (self._twice, 4), (self._filler, 6),
        )  # fmt: skip

    def spoil(self, text: str, rate: float) -> str:
        """``text`` with about ``rate`` (0 to 1) of its characters wrong, by edit distance."""
        said = clean(text)
        words, rest = _words(said)
        if not words or rate <= 0:
            return said
        wanted = rate * len(said)
        spoiled = self._numbers(words) + self._clipped(words, rate)
        for _ in range(6 * len(words)):
            # The last error is made only as often as its part of the wanted share asks for.
            if self._random.random() * 1.6 > wanted - spoiled:
                break
            spoiled += self._one_error(words)
        heard = "".join(word.before + word.heard for word in words) + rest
        return heard.strip() or said

    def _one_error(self, words: list[_Word]) -> float:
        place = self._random.randrange(len(words))
        word = words[place]
        if word.heard != word.said:
            return 0.0
        way = self._random.choices([way for way, _ in self._ways], [weight for _, weight in self._ways])[0]
        heard = way(words, place)
        if heard is None or heard == word.said:
            return 0.0
        word.heard = heard
        return float(distance(word.said, heard))

    def _homophone(self, words: list[_Word], place: int) -> str | None:
        """Another word of the same reading."""
        word = words[place]
        others = [
            *self._by_hand.get(word.said, ()),
            *(self._words.get(word.reading, ()) if len(word.reading) > 1 else ()),
        ]
        others = [other for other in others if other != word.said]
        return self._random.choice(others) if others else None

    def _border(self, words: list[_Word], place: int) -> str | None:
        """Two words heard as two others, or as one: the border is elsewhere."""
        if place + 1 >= len(words) or words[place + 1].before or words[place + 1].heard != words[place + 1].said:
            return None
        first, second = words[place], words[place + 1]
        joint = first.reading + second.reading
        if len(joint) > LONGEST_JOINT:
            return None
        cuts = [(joint, "")] + [(joint[:cut], joint[cut:]) for cut in range(1, len(joint)) if cut != len(first.reading)]
        found = [(a, b) for a, b in cuts if a in self._words and (b in self._words or len(b) <= 1)]
        if not found:
            return None
        before, after = self._random.choice(found)
        second.heard = self._random.choice(self._words.get(after, [after]))
        return self._random.choice(self._words[before])

    def _nearly(self, words: list[_Word], place: int) -> str | None:
        """One sound misheard: a word that has it, where there is one, else the sounds in kana."""
        word = words[place]
        if len(word.reading) < 2 or word.kind == "助詞":
            return None
        found = [near for near in _near(word.reading) if near in self._words and len(near) > 1]
        if found:
            return self._random.choice(self._words[self._random.choice(found)])
        if not _KANA.match(word.said) or len(word.reading) < 3:
            return None
        misheard = self._random.choice(_near(word.reading))
        return jaconv.hira2kata(misheard) if word.said[0] > "\u30a0" else misheard

    def _kana(self, words: list[_Word], place: int) -> str | None:
        """Kana where kanji or katakana would be written."""
        word = words[place]
        if _KANJI.search(word.said) or (word.said[0] > "\u30a0" and self._random.random() < 0.3):
            return word.reading
        return None

    def _swallowed(self, words: list[_Word], place: int) -> str | None:
        """A particle that was not heard."""
        return "" if words[place].said in SWALLOWED and words[place].kind == "助詞" and place else None

    def _twice(self, words: list[_Word], place: int) -> str | None:
        """Said twice, or begun and said again."""
        said, kind = words[place].said, words[place].kind
        if kind not in ("名詞", "代名詞", "副詞") or len(said) > 4:
            return None
        return said + said if self._random.random() < 0.5 else words[place].reading[0] + " " + said

    def _filler(self, words: list[_Word], place: int) -> str | None:
        """A sound of thinking, before a word that can begin a part of the sentence."""
        if words[place].kind not in ("名詞", "代名詞", "副詞", "動詞", "形容詞"):
            return None
        return self._random.choice(FILLERS) + " " + words[place].said

    def _clipped(self, words: list[_Word], rate: float) -> float:
        """The first sounds are gone because the line opened late."""
        first = words[0]
        if self._random.random() > rate or len(words) < 3 or not first.reading:
            return 0.0
        lost = self._random.choice((1, 1, 2))
        left = first.reading[lost:]
        if left and _KANA.match(first.said) and len(first.said) == len(first.reading):
            left = first.said[lost:]
        left = left.lstrip(_NEVER_FIRST)
        first.heard = self._random.choice(self._words.get(left, [left]))
        return float(distance(first.said, first.heard))

    def _numbers(self, words: list[_Word]) -> float:
        """Numbers in figures, in kanji or in kana, as it comes."""
        spoiled = 0.0
        for word in words:
            if _NUMBER.search(word.said) and self._random.random() < 0.4:
                word.heard = _NUMBER.sub(self._other_number, word.said)
                spoiled += distance(word.said, word.heard)
        return spoiled

    def _other_number(self, found: re.Match[str]) -> str:
        digit = _TURNED.get(found[0], found[0])
        return self._random.choice([way for way in (digit, *_DIGITS[digit]) if way != found[0]])


def distance(one: str, other: str) -> int:
    """How many characters have to be changed, added or taken away."""
    row = list(range(len(other) + 1))
    for place, character in enumerate(one, 1):
        last, row[0] = row[0], place
        for other_place, other_character in enumerate(other, 1):
            last, row[other_place] = (
                row[other_place],
                min(row[other_place] + 1, row[other_place - 1] + 1, last + (character != other_character)),
            )
    return row[-1]


def _words(said: str) -> tuple[list[_Word], str]:
    found, at = [], 0
    for word, kind, reading in tagged(said):
        start = said.find(word, at)
        if start < 0 or not word:
            continue
        kana = jaconv.kata2hira(reading if reading and reading != "キゴウ" else word)
        found.append(_Word(word, kana, kind[0], said[at:start], word))
        at = start + len(word)
    return found, said[at:]


def _near(reading: str) -> list[str]:
    """Readings with one sound misheard: another voice, a long or a doubled sound lost."""
    found = []
    for place, sound in enumerate(reading):
        for group in _SOUNDS_LIKE:
            found += [
                reading[:place] + other + reading[place + 1 :] for other in group if sound in group and other != sound
            ]
        if sound in "ーっうん" and len(reading) > 2:
            found.append(reading[:place] + reading[place + 1 :])
    return found or [reading]


def _by_hand() -> dict[str, tuple[str, ...]]:
    groups = yaml.safe_load(Path(__file__).with_name("homophones.yml").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        words = group.split()
        for word in words:
            found[word].update(other for other in words if other != word)
    return {word: tuple(sorted(others)) for word, others in found.items()}
