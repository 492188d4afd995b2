"""The training sentences, in Rasa's own format under ``nlu/rasa/data``: one file a label."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

import yaml

RASA = Path(__file__).parent / "rasa"
DATA = RASA / "data"
KEPT_BACK = 20
"""One sentence in so many is kept back from the encoder."""


class TrainingDataError(Exception):
    """A data file is not what it should be. ``str()`` is one line that names it."""


_ANNOTATED = re.compile(r"\[([^\]]+)\]\{[^}]*\}")


def plain(example: str) -> str:
    """The sentence without the annotation of its entities."""
    return _ANNOTATED.sub(r"\1", example)


def sentences(folder: Path = DATA) -> list[tuple[str, str]]:
    """Every (text, label). Raises TrainingDataError when a file cannot be read or a text has two labels."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            parts = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
            examples = [
                (plain(line.removeprefix("- ").strip()), part["intent"])
                for part in parts
                for line in part["examples"].splitlines()
            ]
        except (yaml.YAMLError, KeyError, TypeError, AttributeError, OSError) as error:
            raise TrainingDataError(f"{path.name}: {str(error).splitlines()[0]}") from error
        for text, label in examples:
            if text and found.setdefault(text, label) != label:
                raise TrainingDataError(f"{path.name}: 「{text}」 has the labels {found[text]} and {label}")
    if not found:
        raise TrainingDataError(f"{folder}: no training sentences")
    return [(text, label) for text, label in found.items() if text]


@lru_cache(maxsize=1)
def labels() -> tuple[str, ...]:
    """All labels that the data knows, sorted."""
    return tuple(sorted({label for _, label in sentences()}))


def fingerprint(*code: Path) -> str:
    """Sixteen hex digits that change whenever the data or one of the ``code`` files does."""
    digest = hashlib.sha256()
    for path in [*sorted(DATA.glob("*.yml")), *code]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def is_kept_back(text: str) -> bool:
    """Whether the encoder never learns this sentence, so that chances can be checked on it.

    One in twenty, by its own letters.
    """
    return hashlib.sha256(text.encode()).digest()[0] * KEPT_BACK < 256
