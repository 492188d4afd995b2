"""What a sentence means to the encoder: a linear head over its rows. The encoder itself stays as it is kept.

The encoder has brought the sentences that it knows to their labels' places already, so some of each are enough for
the head; what it has not seen (kept back, or new since it was trained) is read in full.
"""

import hashlib
import os
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from nlu.encoder.network import Encoder
from nlu.encoder.weights import marks
from nlu.sparse import plain
from nlu.text import readable

Floats = NDArray[np.float32]
OF_EACH = 60
"""Sentences of a label that the encoder knows and the head learns from."""
STRENGTH, ROUNDS = 0.03, 10
"""The head begins as the encoder's training left it and moves a little: trained anew from some of each, it is two
points worse."""


class Dense:
    """Knows where in the encoder's space which label lies."""

    def __init__(self, encoder: Encoder, labels: Sequence[str], weights: Floats, bias: Floats) -> None:
        self.labels, self._encoder = tuple(labels), encoder
        self._weights, self._bias = weights, bias

    def scores(self, texts: Sequence[str]) -> Floats:
        """How much speaks for each label, a row for each text."""
        return self.of_rows(self._encoder.rows([readable(text) for text in texts]))

    def of_rows(self, rows: Floats) -> Floats:
        """The same from rows that the encoder gave before."""
        return np.asarray(rows @ self._weights + self._bias, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """As it is kept; the encoder is not among it."""
        return {"weights": self._weights, "bias": self._bias}

    @classmethod
    def of(cls, encoder: Encoder, labels: Sequence[str], arrays: Mapping[str, NDArray[Any]]) -> "Dense":
        """From what ``arrays`` gave."""
        return cls(encoder, labels, arrays["weights"], arrays["bias"])

    @classmethod
    def learn(cls, encoder: Encoder, rows: Floats, wanted: Sequence[str]) -> "Dense":
        """From rows of the encoder and their labels, beginning with the head that the encoder was trained with."""
        model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, warm_start=True)
        labels = sorted(set(wanted))
        if len(labels) > 2:
            known = [encoder.head(label) for label in labels]
            begun = np.stack([np.zeros(encoder.size + 1) if one is None else one for one in known])
            model.coef_, model.intercept_, model.classes_ = begun[:, :-1], begun[:, -1], np.array(labels)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(rows, wanted)
        return cls(encoder, *plain(model))


def worth_reading(examples: Sequence[tuple[str, str]], known: NDArray[np.uint32]) -> list[int]:
    """The places of those examples that the head learns from."""
    mark = marks(text for text, _ in examples)
    seen = np.isin(mark, known)
    count: Counter[str] = Counter()
    chosen = [place for place in range(len(examples)) if not seen[place]]
    for place in np.argsort(mark, kind="stable"):
        label = examples[place][1]
        if seen[place] and count[label] < OF_EACH:
            count[label] += 1
            chosen.append(int(place))
    return sorted(chosen)


class Rows:
    """Rows that the encoder gave before, kept in a file of their own for each encoder."""

    def __init__(self, encoder: Encoder, file: Path) -> None:
        self._encoder, self._file = encoder, file
        self._kept: dict[bytes, Floats] = {}
        if file.exists():
            with np.load(file) as kept:
                self._kept = {key.tobytes(): row for key, row in zip(kept["keys"], kept["rows"], strict=True)}

    def of(self, texts: Sequence[str]) -> Floats:
        """A row for each text; those that are not known yet are read and kept."""
        keys = [hashlib.sha256(readable(text).encode()).digest()[:16] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}
        if new:
            self._kept.update(zip(new, self._encoder.rows([readable(text) for text in new.values()]), strict=True))
            self._keep()
        return np.stack([self._kept[key] for key in keys])

    def _keep(self) -> None:
        keys = np.frombuffer(b"".join(self._kept), np.uint8).reshape(-1, 16)
        draft = self._file.with_suffix(f".{os.getpid()}")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as out:
            np.savez(out, keys=keys, rows=np.stack(list(self._kept.values())))
        draft.replace(self._file)
