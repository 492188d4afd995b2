"""Cuts text into the pieces of the encoder's vocabulary: the likeliest way by a unigram model, as its makers cut it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SPACE = "\u2581"
"""How the vocabulary writes a space; each text begins with one."""
LONGEST = 64
"""Pieces of one text that are read, its two ends included; what a person says in one breath has half of that."""
_WORSE_THAN_THE_RAREST = 10.0


@dataclass(frozen=True)
class Special:
    """The pieces that stand for no text."""

    begin: int
    end: int
    pad: int
    unknown: int


class Pieces:
    """A vocabulary with the cost of each piece. Safe to use from several threads."""

    def __init__(
        self,
        pieces: Sequence[str],
        scores: Sequence[float],
        folding: Mapping[str, str],
        special: Special,
        rarest: float,
    ) -> None:
        self.special = special
        apart = (special.begin, special.end, special.pad, special.unknown)
        self._known = {
            piece: (place, float(score))
            for place, (piece, score) in enumerate(zip(pieces, scores, strict=True))
            if place not in apart
        }
        self._longest = max(map(len, self._known))
        self._unknown = rarest - _WORSE_THAN_THE_RAREST
        self._folding = {ord(before): after for before, after in folding.items()}
        self._names = list(pieces)

    def numbers(self, text: str) -> list[int]:
        """The numbers of the pieces of ``text`` between begin and end: what the encoder reads."""
        found = self.cut(text)[: LONGEST - 2]
        return [self.special.begin, *found, self.special.end]

    def names(self, numbers: Sequence[int]) -> list[str]:
        """The pieces with these numbers, as they are written."""
        return [self._names[number] for number in numbers]

    def cut(self, text: str) -> list[int]:
        """The likeliest way to write ``text`` with known pieces; a character without a piece is unknown."""
        written = self._as_written(text)
        best = [0.0] + [float("-inf")] * len(written)
        came: list[tuple[int, int]] = [(0, 0)] * (len(written) + 1)
        for start in range(len(written)):
            so_far = best[start]
            for end in range(start + 1, min(start + self._longest, len(written)) + 1):
                piece = self._known.get(written[start:end])
                if piece is not None and so_far + piece[1] > best[end]:
                    best[end], came[end] = so_far + piece[1], (start, piece[0])
            if so_far + self._unknown > best[start + 1]:
                best[start + 1], came[start + 1] = so_far + self._unknown, (start, self.special.unknown)
        found, at = [], len(written)
        while at > 0:
            at, number = came[at]
            found.append(number)
        return found[::-1]

    def _as_written(self, text: str) -> str:
        folded = text.translate(self._folding)
        while "  " in folded:
            folded = folded.replace("  ", " ")
        return (folded if folded.startswith(" ") else " " + folded).replace(" ", SPACE)
