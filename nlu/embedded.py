"""The classifier inside the process: answers whenever Rasa does not. Trains in seconds from the same sentences."""

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import joblib
import sklearn
from scipy.sparse import csr_matrix, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu import noise as noise_module
from nlu import text as text_module
from nlu.noise import NoiseChannel
from nlu.text import clean, without_fillers, words_and_reading
from nlu.training_data import fingerprint, sentences
from nlu.understanding import Understanding, from_chances

ITERATIONS = 25
NOISE, NOISE_SEED = 0.10, 7


def with_noise(examples: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each sentence once as it is and once as a telephone might hear it."""
    channel = NoiseChannel((text for text, _ in examples), NOISE_SEED)
    return [*examples, *((channel.spoil(text, NOISE), label) for text, label in examples)]


def _itself(value: Any) -> Any:
    return value


class Embedded:
    """Words, pairs of words and character runs of the reading, weighted by TF-IDF; a linear model over them."""

    def __init__(self) -> None:
        self._words = TfidfVectorizer(analyzer="word", tokenizer=_itself, preprocessor=_itself, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        self._kana = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, min_df=3)
        self._model = LogisticRegression(C=20.0, max_iter=ITERATIONS, class_weight="balanced")

    def train(self, examples: Sequence[tuple[str, str]]) -> "Embedded":
        """Learn from (text, label) pairs."""
        words, kana = self._read([text for text, _ in examples])
        features = hstack([self._words.fit_transform(words), self._kana.fit_transform(kana)], format="csr")
        with warnings.catch_warnings():
            # Stopped early on purpose: further rounds cost seconds and gain nothing on sentences that were not seen.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._model.fit(features, [label for _, label in examples])
        return self

    def chances(self, text: str) -> dict[str, float]:
        """The chance of every label; empty for a text without a word."""
        words, kana = self._read([text])
        if not words[0]:
            return {}
        features = csr_matrix(hstack([self._words.transform(words), self._kana.transform(kana)]))
        found = self._model.predict_proba(features)[0]
        return {str(label): float(chance) for label, chance in zip(self._model.classes_, found, strict=True)}

    def understand(self, text: str) -> Understanding:
        """The three likeliest labels; ``NOTHING`` for a text without a word."""
        return from_chances(self.chances(text), "embedded")

    @staticmethod
    def _read(texts: Sequence[str]) -> tuple[list[list[str]], list[str]]:
        pairs = [words_and_reading(without_fillers(clean(text))) for text in texts]
        return [words for words, _ in pairs], [kana for _, kana in pairs]


def model_path(folder: Path) -> Path:
    """Where the model of the present data, code and library is kept."""
    mark = fingerprint(Path(__file__), Path(text_module.__file__), Path(noise_module.__file__))
    return folder / f"embedded-{mark}-{sklearn.__version__}.joblib"


def load_or_train(folder: Path) -> Embedded:
    """The up-to-date model of ``folder``; trained and kept when there is none. Two processes may do it at the same time."""
    path = model_path(folder)
    if path.exists():
        found: Embedded = joblib.load(path)
        return found
    made = Embedded().train(with_noise(sentences()))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    joblib.dump(made, draft)
    draft.replace(path)
    return made
