"""What a telephone recogniser makes of speech: a seeded noise channel to measure with, and to train against.

Wrong homophones (another word of the same reading), kana where kanji would be normal, dropped particles, a clipped
beginning and fillers, until a wanted share of the characters differs.
"""

import random
from collections import defaultdict
from collections.abc import Iterable

from nlu.text import clean, morphemes

FILLERS = ("えーと ", "あのう ", "そのね ", "まあ ", "うーん ")
PARTICLES = frozenset(["が", "を", "に", "は", "の", "で", "と", "も", "へ"])


class NoiseChannel:
    """Spoils text. The same seed and the same texts in the same order give the same noise."""

    def __init__(self, vocabulary: Iterable[str], seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (nothing secret)
        by_reading: dict[str, set[str]] = defaultdict(set)
        for text in vocabulary:
            for word, reading in morphemes(text):
                if len(reading) >= 2:
                    by_reading[reading].add(word)
        self._homophones = {reading: sorted(words) for reading, words in by_reading.items() if len(words) > 1}

    def spoil(self, text: str, rate: float) -> str:
        """``text`` with about ``rate`` (0 to 1) of its characters wrong, by edit distance."""
        said = clean(text)
        pieces = [[word, reading] for word, reading in morphemes(said)]
        if not pieces or rate <= 0:
            return said
        wanted, spoiled = rate * len("".join(word for word, _ in pieces)), 0.0
        order = list(range(len(pieces)))
        self._random.shuffle(order)
        for index in order:
            if spoiled >= wanted:
                break
            word, reading = pieces[index]
            spoiled += self._spoil_piece(pieces, index, word, reading)
        heard = "".join(word for word, _ in pieces)
        if self._random.random() < rate:
            heard = self._random.choice(FILLERS) + heard
        return heard

    def _spoil_piece(self, pieces: list[list[str]], index: int, word: str, reading: str) -> float:
        if word in PARTICLES:
            pieces[index][0] = ""
            return 1.0
        others = [other for other in self._homophones.get(reading, ()) if other != word]
        if others and self._random.random() < 0.5:
            new = self._random.choice(others)
        elif index == 0 and len(word) > 2:
            new = word[1:]
        elif reading != word and self._random.random() < 0.6:
            new = reading
        elif len(reading) > 1:
            place = self._random.randrange(len(reading))
            new = reading[:place] + self._random.choice("あいうえおかきくしすたちつてとなにのはまみもらりるれわん") + reading[place + 1 :]
        else:
            new = ""
        pieces[index][0] = new
        return float(max(len(word), len(new)) if new not in (reading,) else max(len(word) / 2, 1))
