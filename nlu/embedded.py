"""The understanding of a sentence, for both homes: this process itself, and Rasa's pipeline.

Two readings see every sentence: the encoder's, which knows that words are near each other, and one letter by letter,
which knows the words of the desk. How much each counts, and what a chance is worth, is learnt from the sentences kept
back from both.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from threadpoolctl import ThreadpoolController

from nlu import noise as noise_module
from nlu import text as text_module
from nlu.dense import Dense, Rows, worth_reading
from nlu.encoder.network import Encoder
from nlu.encoder.weights import KEPT, read
from nlu.noise import NoiseChannel
from nlu.sparse import Sparse, SparseTraining
from nlu.training_data import is_kept_back, sentences
from nlu.understanding import Understanding, from_chances

EVENLY = (0.5, 0.5)
"""How both readings count when there is nothing to learn it from."""
NOISE, NOISE_SEED, NOISY_OF_HUNDRED = 0.10, 7, 34
CODE = [Path(module) for module in (__file__, text_module.__file__, noise_module.__file__)]
CODE += [
    Path(__file__).parent / name
    for name in ("dense.py", "sparse.py", "homophones.yml", "encoder/network.py", "encoder/pieces.py")
]
Floats = NDArray[np.float32]
Examples = Sequence[tuple[str, str]]


def with_noise(examples: Examples) -> list[tuple[str, str]]:
    """Each sentence as it is, and a third of them once more as a telephone might hear it."""
    channel = NoiseChannel((text for text, _ in examples), NOISE_SEED)
    chosen = [pair for pair in examples if hashlib.sha256(pair[0].encode()).digest()[1] % 100 < NOISY_OF_HUNDRED]
    return [*examples, *((channel.spoil(text, NOISE), label) for text, label in chosen)]


class Embedded:
    """Both readings and how they are weighed."""

    def __init__(self, dense: Dense, sparse: Sparse, weighing: tuple[float, float]) -> None:
        self._dense, self._sparse, self.weighing = dense, sparse, weighing

    def chances(self, text: str) -> dict[str, float]:
        """The chance of every label; empty for a text without a word."""
        letters = self._sparse.scores(text)
        if letters is None:
            return {}
        found = together(self._dense.scores([text]), letters[None, :], self.weighing)[0]
        return {label: float(chance) for label, chance in zip(self._sparse.labels, found, strict=True)}

    def understand(self, text: str) -> Understanding:
        """The three likeliest labels; ``NOTHING`` for a text without a word."""
        return from_chances(self.chances(text), "embedded")

    @property
    def labels(self) -> Sequence[str]:
        """All labels that it knows."""
        return self._sparse.labels

    def by_letters(self, text: str) -> list[str]:
        """The three likeliest labels when the encoder is not asked: for measuring."""
        scores = self._sparse.scores(text)
        return [] if scores is None else [self._sparse.labels[place] for place in np.argsort(-scores)[:3]]

    def by_meaning(self, text: str) -> list[str]:
        """The three likeliest labels when the encoder alone is asked: for measuring."""
        return [self._dense.labels[place] for place in np.argsort(-self._dense.scores([text])[0])[:3]]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """As it is kept, for every version of every library."""
        found = {f"dense.{name}": value for name, value in self._dense.arrays().items()}
        found.update({f"sparse.{name}": value for name, value in self._sparse.arrays().items()})
        labels = np.frombuffer("\n".join(self._sparse.labels).encode(), np.uint8)
        return {**found, "labels": labels, "weighing": np.array(self.weighing)}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> "Embedded":
        """From what ``arrays`` gave, with the encoder that is kept."""
        labels = arrays["labels"].tobytes().decode().split("\n")
        parts = {
            name: {key.partition(".")[2]: value for key, value in arrays.items() if key.startswith(name)}
            for name in ("dense.", "sparse.")
        }
        one, other = arrays["weighing"].tolist()
        return cls(Dense.of(encoder(), labels, parts["dense."]), Sparse.of(labels, parts["sparse."]), (one, other))


def train(examples: Examples, folder: Path) -> Embedded:
    """Learn from (text, label) pairs: both readings without what is kept back, the weighing on that, then both on all.

    What the encoder read is kept in ``folder`` for the next time.
    """
    chosen = [examples[place] for place in worth_reading(examples, encoder().known)]
    with ThreadPoolExecutor(1) as beside:
        # The encoder reads while the letters are learnt: each has a core.
        reading = beside.submit(Rows(encoder(), folder / f"rows-{encoder_mark()}.npz").of, [text for text, _ in chosen])
        shown = with_noise(examples)
        letters = SparseTraining([text for text, _ in shown], [label for _, label in shown])
        heard = np.array([not is_kept_back(text) for text, _ in examples])
        # What is kept back is kept back as the telephone would hear it, too.
        sparse = letters.learn(np.concatenate([heard, _noisy_of_heard(examples)]))
        rows = reading.result()
    inside = np.array([not is_kept_back(text) for text, _ in chosen])
    dense = Dense.learn(encoder(), rows[inside], [label for text, label in chosen if not is_kept_back(text)])
    weighing = _weigh(dense, sparse, rows[~inside], [(text, label) for text, label in chosen if is_kept_back(text)])
    return Embedded(
        Dense.learn(encoder(), rows, [label for _, label in chosen]), letters.learn(np.ones(len(shown), bool)), weighing
    )


def together(one: Floats, other: Floats, weighing: tuple[float, float]) -> Floats:
    """Chances from the scores of both readings: their logarithms, weighed."""
    mixed = weighing[0] * _chances(one, logarithm=True) + weighing[1] * _chances(other, logarithm=True)
    return _chances(mixed)


def _chances(scores: Floats, logarithm: bool = False) -> Floats:
    shifted = scores - scores.max(axis=1, keepdims=True)
    total = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.asarray(shifted - total if logarithm else np.exp(shifted - total))


def _noisy_of_heard(examples: Examples) -> NDArray[np.bool_]:
    chosen = [text for text, _ in examples if hashlib.sha256(text.encode()).digest()[1] % 100 < NOISY_OF_HUNDRED]
    return np.array([not is_kept_back(text) for text in chosen], bool)


def _weigh(dense: Dense, sparse: Sparse, rows: Floats, checked: Examples) -> tuple[float, float]:
    """The weights under which the right labels of sentences that neither reading knows are likeliest."""
    if dense.labels != sparse.labels:
        return EVENLY
    told = [(place, sparse.scores(text)) for place, (text, label) in enumerate(checked) if label in sparse.labels]
    scored = [(place, scores) for place, scores in told if scores is not None]
    if not scored:
        return EVENLY
    right = np.array([sparse.labels.index(checked[place][1]) for place, _ in scored])
    one, other = dense.of_rows(rows[[place for place, _ in scored]]), np.stack([scores for _, scores in scored])

    def wrong(weighing: NDArray[np.float64]) -> float:
        chances = together(one, other, (float(weighing[0]), float(weighing[1])))
        return float(-np.log(chances[np.arange(len(right)), right] + 1e-12).mean())

    found = minimize(wrong, np.array(EVENLY), method="Nelder-Mead", bounds=[(0.05, 5), (0.05, 5)])
    return float(found.x[0]), float(found.x[1])


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The encoder that is kept with the project, read once."""
    return Encoder(read())


@lru_cache(maxsize=1)
def encoder_mark() -> str:
    """Changes whenever the kept encoder does."""
    return hashlib.sha256(KEPT.read_bytes()).hexdigest()[:12]


def model_path(folder: Path, examples: Examples | None = None) -> Path:
    """Where the model of these examples (the project's own by default), the present code and encoder is kept."""
    digest = hashlib.sha256(encoder_mark().encode())
    for text, label in sorted(sentences() if examples is None else examples):
        digest.update(f"{label}\t{text}\n".encode())
    for file in CODE:
        digest.update(file.read_bytes())
    return folder / f"embedded-{digest.hexdigest()[:16]}.npz"


def load_or_train(folder: Path, examples: Examples | None = None) -> Embedded:
    """The up-to-date model of ``folder``; trained and kept when there is none. Two processes may do it at once."""
    path = model_path(folder, examples)
    if not path.exists():
        keep_in(train(sorted(sentences() if examples is None else examples), folder), path)
    with np.load(path) as kept:
        found = Embedded.of({name: kept[name] for name in kept.files})
    on_one_core()
    return found


def on_one_core() -> None:
    """A sentence is too small to be shared out among cores; callers are served side by side instead."""
    ThreadpoolController().limit(limits=1, user_api="blas")


def keep_in(made: Embedded, path: Path) -> None:
    """Write the model where others find it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as out:
        # numpy's own annotation takes every name for one of its options.
        np.savez(out, **made.arrays())  # type: ignore[arg-type]
    draft.replace(path)
