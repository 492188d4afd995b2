"""The one file that is kept of the encoder: its vocabulary, its matrices in eight bits, what it was trained on."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.encoder.pieces import Pieces, Special

Floats = NDArray[np.float32]
KEPT = Path(__file__).with_name("desk-encoder.npz")
_STEPS = 127.0
_SCALES = ".scales"


@dataclass(frozen=True)
class Weights:
    """An encoder in plain numbers. A matrix has a row for each number that it gives."""

    about: dict[str, Any]
    """Layers, heads, epsilon, special pieces, labels, what it was trained on."""
    pieces: tuple[str, ...]
    scores: Floats
    folding: dict[str, str]
    words: NDArray[np.int8]
    """A row for each piece, in eight bits; ``word_scales`` has the size of its steps."""
    word_scales: Floats
    numbers: dict[str, Floats]
    known: NDArray[np.uint32]
    """The marks of the sentences that it was trained on."""

    def vocabulary(self) -> Pieces:
        """The vocabulary, ready to cut text."""
        special = Special(*(self.about["special"][name] for name in ("begin", "end", "pad", "unknown")))
        return Pieces(self.pieces, self.scores.tolist(), self.folding, special, self.about["rarest"])


def marks(texts: Iterable[str]) -> NDArray[np.uint32]:
    """A number for each text by which it is known again."""
    return np.array([int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little") for text in texts], np.uint32)


def in_eight_bits(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Steps from -127 to 127 and the size of a step, a row at a time."""
    scales = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / _STEPS
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def write(weights: Weights, file: Path) -> None:
    """Keep ``weights``; matrices lose what eight bits cannot hold."""
    arrays: dict[str, NDArray[Any]] = {
        "about": _text(json.dumps(weights.about, ensure_ascii=False)),
        "pieces": _text("\n".join(weights.pieces)),
        "folding": _text(json.dumps(weights.folding, ensure_ascii=False)),
        "scores": weights.scores,
        "words": weights.words,
        "words" + _SCALES: weights.word_scales,
        "known": weights.known,
    }
    for name, value in weights.numbers.items():
        if value.ndim == 2 and not name.startswith("places"):
            arrays[name], arrays[name + _SCALES] = in_eight_bits(value)
        else:
            arrays[name] = value
    draft = file.with_name(file.name + ".draft")
    with draft.open("wb") as out:
        # numpy's own annotation takes every name for one of its options.
        np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    draft.replace(file)


def read(file: Path = KEPT) -> Weights:
    """The encoder as it is kept, its matrices as numbers again (the words stay in eight bits)."""
    with np.load(file) as kept:
        arrays = {name: kept[name] for name in kept.files}
    numbers = {}
    for name, value in arrays.items():
        if value.dtype == np.int8 and name != "words":
            numbers[name] = value.astype(np.float32) * arrays[name + _SCALES][:, None]
        elif value.dtype == np.float32 and not name.endswith(_SCALES) and name != "scores":
            numbers[name] = value
    return Weights(
        json.loads(_read(arrays["about"])), tuple(_read(arrays["pieces"]).split("\n")), arrays["scores"],
        json.loads(_read(arrays["folding"])), arrays["words"], arrays["words" + _SCALES], numbers, arrays["known"],
    )  # fmt: skip


def _text(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _read(array: NDArray[Any]) -> str:
    return array.tobytes().decode()
