"""The encoder's forward pass, with numpy alone: twelve heads, a few layers, the mean of what stands at each piece."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from nlu.encoder.weights import Floats, Weights

TOGETHER = 64
"""Sentences of one length that go through at once when there are many."""
_GELU = float(np.sqrt(2 / np.pi))


class Encoder:
    """Turns sentences into rows of numbers. Safe to use from several threads."""

    def __init__(self, weights: Weights) -> None:
        self.about, self.known = weights.about, weights.known
        self.pieces = weights.vocabulary()
        self._words, self._word_scales = weights.words, weights.word_scales
        self._numbers = {name: _for_products(value) for name, value in weights.numbers.items()}
        self._places = weights.numbers["places"]
        self.size = int(self._places.shape[1])

    def rows(self, texts: Sequence[str]) -> Floats:
        """A row for each text. Sentences of the same length go through together, so nothing is filled up."""
        by_length: dict[int, list[int]] = defaultdict(list)
        cut = [self.pieces.numbers(text) for text in texts]
        for place, numbers in enumerate(cut):
            by_length[len(numbers)].append(place)
        found = np.zeros((len(texts), self.size), np.float32)
        for places in by_length.values():
            for start in range(0, len(places), TOGETHER):
                some = places[start : start + TOGETHER]
                found[some] = self._read(np.array([cut[place] for place in some]))
        return found

    def head(self, label: str) -> Floats | None:
        """The weights and, last, the bias that this label had in training; None for a label that came later."""
        labels = self.about.get("labels", [])
        if label not in labels:
            return None
        place = labels.index(label)
        return np.append(self._numbers["head.w"][:, place], self._numbers["head.b"][place])

    def _read(self, numbers: np.ndarray) -> Floats:  # type: ignore[type-arg]
        """The mean over the pieces of each of several texts with equally many."""
        texts, length = numbers.shape
        flat = numbers.reshape(-1)
        seen = self._words[flat].astype(np.float32) * self._word_scales[flat][:, None]
        seen = self._norm(seen + np.tile(self._places[:length], (texts, 1)), "norm")
        for layer in range(self.about["layers"]):
            seen = self._norm(seen + self._attend(seen, layer, texts, length), f"{layer}.norm1")
            wide = _gelu(self._times(seen, f"{layer}.wide"))
            seen = self._norm(seen + self._times(wide, f"{layer}.back"), f"{layer}.norm2")
        return np.asarray(seen.reshape(texts, length, self.size).mean(axis=1), dtype=np.float32)

    def _attend(self, seen: Floats, layer: int, texts: int, length: int) -> Floats:
        heads = self.about["heads"]
        asked = self._times(seen, f"{layer}.ask").reshape(texts, length, 3, heads, -1).transpose(2, 0, 3, 1, 4)
        query, key, value = asked
        weight = np.matmul(query, key.transpose(0, 1, 3, 2)) / np.float32(np.sqrt(query.shape[-1]))
        weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
        weight /= weight.sum(axis=-1, keepdims=True)
        mixed = np.matmul(weight, value).transpose(0, 2, 1, 3).reshape(texts * length, self.size)
        return self._times(mixed, f"{layer}.out")

    def _times(self, seen: Floats, name: str) -> Floats:
        found: Floats = seen @ self._numbers[name + ".w"]
        found += self._numbers[name + ".b"]
        return found

    def _norm(self, seen: Floats, name: str) -> Floats:
        seen = seen - seen.mean(axis=-1, keepdims=True)
        spread = np.einsum("ij,ij->i", seen, seen)[:, None] / seen.shape[-1]
        seen /= np.sqrt(spread + self.about["epsilon"])
        seen *= self._numbers[name + ".w"]
        seen += self._numbers[name + ".b"]
        return seen


def _for_products(value: Floats) -> Floats:
    return np.ascontiguousarray(value.T) if value.ndim == 2 else value


def _gelu(value: Floats) -> Floats:
    inner = value * value
    inner *= np.float32(0.044715)
    inner += 1
    inner *= value
    inner *= np.float32(_GELU)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= value
    inner *= np.float32(0.5)
    return inner
