"""Leaves out of the published encoder what this desk does not need: pieces of other scripts, and half of the layers."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from nlu.encoder.package_weights import Unpacked
from nlu.encoder.pieces import SPACE, Pieces, Special
from nlu.encoder.weights import Weights, in_eight_bits, marks

LAYERS = (0, 1, 2, 3, 10, 11)
"""Of twelve: half the time of a parse and of a training.

The two on top know what is near what: with them a head over the untrained rows is right in 54 of 100 sentences, with
the six lowest in 49, with every other in 46 to 49, with all twelve in 60.
"""
PLACES = 66
"""Positions that are kept; ``pieces.LONGEST`` are read."""
_COMMON_LATIN = 20_000
"""Latin pieces up to this rank are kept whatever their length, rarer ones only when they are short."""
_SHORT = 4
_JAPANESE = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u4e00-\u9fff\u3001-\u303f\uff01-\uffef]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_SIGNS = frozenset(["So", "Sm", "Sc", "Sk", "Po", "Pd", "Ps", "Pe", "Pi", "Pf", "Pc", "No", "Mn"])


def pruned(whole: Unpacked, texts: Iterable[str], layers: Sequence[int] = LAYERS) -> Weights:
    """The encoder that training begins with. Pieces that ``texts`` are cut into are kept whatever their script."""
    used = _used(whole, texts)
    kept = [place for place, piece in enumerate(whole.pieces) if place in used or _is_needed(piece, place)]
    at = {place: new for new, place in enumerate(kept)}
    size = whole.numbers["emb.ln.w"].shape[0]
    words, scales = in_eight_bits(whole.numbers["emb.word"].reshape(-1, size)[kept])
    about = {
        "layers": len(layers), "heads": whole.heads, "epsilon": whole.epsilon, "rarest": float(whole.scores.min()),
        "special": {name: at[place] for name, place in _special(whole).items()},
    }  # fmt: skip
    numbers = {
        "places": whole.numbers["emb.pos"].reshape(-1, size)[:PLACES] + whole.numbers["emb.type"][:size],
        "norm.w": whole.numbers["emb.ln.w"], "norm.b": whole.numbers["emb.ln.b"],
    }  # fmt: skip
    for place, layer in enumerate(layers):
        numbers.update(_layer(whole, layer, place, size))
    return Weights(
        about,
        tuple(whole.pieces[place] for place in kept),
        whole.scores[kept],
        whole.folding,
        words,
        scales,
        numbers,
        marks([]),
    )


def _used(whole: Unpacked, texts: Iterable[str]) -> set[int]:
    """Pieces of ``texts``, and of their Latin words however written (Zoom, ZOOM, zoom; after a space or not)."""
    vocabulary = Pieces(
        whole.pieces, whole.scores.tolist(), whole.folding, Special(**_special(whole)), float(whole.scores.min())
    )
    found = set(_special(whole).values())
    latin = set()
    for text in texts:
        found.update(vocabulary.cut(text))
        latin.update(_LATIN.findall(text))
    for word in latin:
        for written in (word, word.lower(), word.upper(), word.capitalize()):
            found.update(vocabulary.cut(written))
            found.update(vocabulary.cut("の" + written))
    return found


def _special(whole: Unpacked) -> dict[str, int]:
    return {"begin": whole.bos, "end": whole.eos, "pad": whole.pad, "unknown": whole.unknown}


def _layer(whole: Unpacked, layer: int, place: int, size: int) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    old = {name.partition(".")[2]: value for name, value in whole.numbers.items() if name.startswith(f"l{layer}.")}
    return {
        f"{place}.ask.w": np.concatenate([old[part].reshape(size, size) for part in ("q.w", "k.w", "v.w")]),
        f"{place}.ask.b": np.concatenate([old[part] for part in ("q.b", "k.b", "v.b")]),
        f"{place}.out.w": old["ao.w"].reshape(size, size), f"{place}.out.b": old["ao.b"],
        f"{place}.norm1.w": old["aln.w"], f"{place}.norm1.b": old["aln.b"],
        f"{place}.wide.w": old["fi.w"].reshape(-1, size), f"{place}.wide.b": old["fi.b"],
        f"{place}.back.w": old["fo.w"].reshape(size, -1), f"{place}.back.b": old["fo.b"],
        f"{place}.norm2.w": old["oln.w"], f"{place}.norm2.b": old["oln.b"],
    }  # fmt: skip


def _is_needed(piece: str, rank: int) -> bool:
    text = piece.replace(SPACE, "")
    if not text:
        return piece == SPACE
    if text.isascii():
        return rank < _COMMON_LATIN or len(text) <= _SHORT
    return all(character.isascii() or _is_written_in_japan(character) for character in text)


def _is_written_in_japan(character: str) -> bool:
    if _JAPANESE.match(character):
        return any(_has(character, codec) for codec in ("euc_jisx0213", "cp932"))
    return unicodedata.category(character) in _SIGNS


def _has(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
