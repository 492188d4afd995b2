"""A sentence letter by letter: its words, pairs of words and runs of its reading, weighed by how rare they are.

A linear model over them, trained with scikit-learn and kept as plain arrays, so that every version of every library
reads it.
"""

import math
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from nlu.text import clean, without_fillers, words_and_reading

Floats = NDArray[np.float32]
LONGEST_RUN = 4
RARE_WORD, RARE_RUN = 2, 3
"""What fewer sentences have is not learnt."""
STRENGTH, ROUNDS, FURTHER_ROUNDS = 20.0, 25, 8


def parts(text: str) -> tuple[Counter[str], Counter[str]]:
    """(words and pairs of words, runs of the reading) with how often each occurs.

    Words begin with a space, so none is a run.
    """
    words, kana = words_and_reading(without_fillers(clean(text)))
    pairs = [f"{one} {other}" for one, other in zip(words, words[1:], strict=False)]
    runs = (
        kana[start : start + length] for length in range(1, LONGEST_RUN + 1) for start in range(len(kana) - length + 1)
    )
    return Counter(f" {word}" for word in [*words, *pairs]), Counter(runs)


class Sparse:
    """Knows which parts speak for which label."""

    def __init__(
        self, labels: Sequence[str], columns: Mapping[str, int], rarity: Floats, weights: Floats, bias: Floats
    ) -> None:
        self.labels, self._columns, self._rarity = tuple(labels), columns, rarity
        self._weights, self._bias = weights, bias

    def scores(self, text: str) -> Floats | None:
        """How much speaks for each label; None for a text without a word."""
        both = parts(text)
        if not both[0]:
            return None
        found = self._bias.copy()
        for counted in both:
            columns, values = _weighed(counted, self._columns, self._rarity)
            if columns:
                found += np.asarray(values, np.float32) @ self._weights[columns].astype(np.float32)
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """As it is kept."""
        names = "\n".join(sorted(self._columns, key=self._columns.__getitem__))
        return {
            "parts": np.frombuffer(names.encode(), np.uint8),
            "rarity": self._rarity,
            "weights": self._weights.astype(np.float16),
            "bias": self._bias,
        }

    @classmethod
    def of(cls, labels: Sequence[str], arrays: Mapping[str, NDArray[Any]]) -> "Sparse":
        """From what ``arrays`` gave."""
        names = arrays["parts"].tobytes().decode().split("\n")
        columns = {name: column for column, name in enumerate(names)}
        return cls(labels, columns, arrays["rarity"], arrays["weights"], arrays["bias"])


class SparseTraining:
    """Learns in two steps: without the sentences on which chances are checked, then with them."""

    def __init__(self, texts: Sequence[str], wanted: Sequence[str]) -> None:
        counted = [parts(text) for text in texts]
        self._columns, self._rarity = _vocabulary(counted)
        self._matrix = _matrix(counted, self._columns, self._rarity)
        self._wanted = np.array(wanted)
        self._model = _model()

    def learn(self, rows: NDArray[np.bool_]) -> Sparse:
        """From these rows; a second time it goes on from what it knows (unless a label came that it does not know)."""
        if set(getattr(self._model, "classes_", self._wanted[rows])) != set(self._wanted[rows]):
            self._model = _model()
        with warnings.catch_warnings():
            # Stopped early on purpose: further rounds cost seconds and gain nothing on sentences that were not seen.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._model.fit(self._matrix[rows], self._wanted[rows])
        self._model.max_iter = FURTHER_ROUNDS
        labels, weights, bias = plain(self._model)
        return Sparse(labels, self._columns, self._rarity, weights.astype(np.float16), bias)


def plain(model: LogisticRegression) -> tuple[list[str], Floats, Floats]:
    """(labels, a column of weights for each, their bias) of a trained model.

    Of two labels scikit-learn keeps one column alone.
    """
    weights: Floats = np.asarray(model.coef_, np.float32)
    bias: Floats = np.asarray(model.intercept_, np.float32)
    if len(weights) == 1:
        weights = np.concatenate([-weights, weights]).astype(np.float32) / np.float32(2)
        bias = np.concatenate([-bias, bias]).astype(np.float32) / np.float32(2)
    return [str(label) for label in model.classes_], np.ascontiguousarray(weights.T), bias


def _model() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=ROUNDS, class_weight="balanced", warm_start=True)


def _vocabulary(counted: Sequence[tuple[Counter[str], Counter[str]]]) -> tuple[dict[str, int], Floats]:
    words: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    for some_words, some_runs in counted:
        words.update(some_words.keys())
        runs.update(some_runs.keys())
    kept = [(part, n) for part, n in words.items() if n >= RARE_WORD] + [
        (part, n) for part, n in runs.items() if n >= RARE_RUN
    ]
    kept.sort()
    rarity = [math.log((1 + len(counted)) / (1 + n)) + 1 for _, n in kept]
    return {part: column for column, (part, _) in enumerate(kept)}, np.array(rarity, np.float32)


def _weighed(counted: Counter[str], columns: Mapping[str, int], rarity: Floats) -> tuple[list[int], list[float]]:
    known = [(columns[part], times) for part, times in counted.items() if part in columns]
    values = [(1 + math.log(times)) * float(rarity[column]) for column, times in known]
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return [column for column, _ in known], [value / length for value in values]


def _matrix(
    counted: Sequence[tuple[Counter[str], Counter[str]]], columns: Mapping[str, int], rarity: Floats
) -> csr_matrix:
    places: list[int] = []
    values: list[float] = []
    ends = [0]
    for both in counted:
        for some in both:
            found = _weighed(some, columns, rarity)
            places += found[0]
            values += found[1]
        ends.append(len(places))
    return csr_matrix(
        (np.array(values, np.float32), np.array(places, np.int32), np.array(ends, np.int64)),
        shape=(len(counted), len(columns)),
    )
