"""What the encoder learns from: every sentence once a round, some as a recogniser would write them, in batches."""

import random
from collections.abc import Iterator, Sequence

import torch

from nlu.encoder.pieces import Pieces
from nlu.noise import NoiseChannel
from nlu.text import readable

BATCH, BATCHES_MIXED = 16, 100
PIECES_LOST = 0.05
NOISY, NOISE = 1 / 3, (0.05, 0.2)
Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class Sentences:
    """What is learnt, anew for each round: another third is noisy, other pieces are lost."""

    def __init__(self, examples: Sequence[tuple[str, str]], labels: Sequence[str], pieces: Pieces, seed: int) -> None:
        self._examples, self._pieces = list(examples), pieces
        self._numbers = {label: number for number, label in enumerate(labels)}
        self._clean = [pieces.numbers(readable(text)) for text, _ in examples]
        self._channel = NoiseChannel((text for text, _ in examples), seed)
        self._random = random.Random(seed)  # noqa: S311  (nothing secret)

    def batches(self) -> list[Batch]:
        """One round: each sentence as it is and a share of them spoiled, in batches of like length, shuffled."""
        chance = self._random
        read = [(numbers, label) for numbers, (_, label) in zip(self._clean, self._examples, strict=True)]
        for text, label in chance.sample(self._examples, round(NOISY * len(self._examples))):
            spoiled = readable(self._channel.spoil(text, chance.uniform(*NOISE)))
            read.append((self._pieces.numbers(spoiled), label))
        read = [(self._with_losses(numbers), label) for numbers, label in read]
        chance.shuffle(read)
        found = [
            batch
            for some in _chunks(read, BATCH * BATCHES_MIXED)
            for batch in _chunks(sorted(some, key=lambda pair: len(pair[0])), BATCH)
        ]
        chance.shuffle(found)
        return [self._together(batch) for batch in found]

    def _with_losses(self, numbers: list[int]) -> list[int]:
        unknown = self._pieces.special.unknown
        ends = numbers[:1], numbers[-1:]
        return [
            *ends[0],
            *(unknown if self._random.random() < PIECES_LOST else number for number in numbers[1:-1]),
            *ends[1],
        ]

    def _together(self, batch: Sequence[tuple[list[int], str]]) -> Batch:
        longest = max(len(numbers) for numbers, _ in batch)
        pad = self._pieces.special.pad
        pieces = torch.tensor([numbers + [pad] * (longest - len(numbers)) for numbers, _ in batch])
        return pieces, pieces != pad, torch.tensor([self._numbers[label] for _, label in batch])


def _chunks(items: Sequence[tuple[list[int], str]], size: int) -> Iterator[Sequence[tuple[list[int], str]]]:
    return (items[start : start + size] for start in range(0, len(items), size))
