"""Words to listen for, by name: what flows ask of a text beside its label.

They stand in ``nlu/words/ja/cues.yml`` and ``choices.yml``.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).parent / "words" / "ja"


@lru_cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((WORDS / name).read_text(encoding="utf-8"))
    return found


@lru_cache
def _cues() -> dict[str, Any]:
    """All cues: ``cues.yml``, and one file beside it for each flow that brings its own (``cues_FLOW.yml``)."""
    found: dict[str, Any] = {}
    for path in sorted(WORDS.glob("cues*.yml")):
        for name, parts in _read(path.name).items():
            if name in found:
                raise ValueError(f"{path.name}: the cue {name} exists twice")
            found[name] = parts
    return found


@lru_cache
def cue(name: str) -> re.Pattern[str]:
    """The pattern of this name: its parts, any of which counts. Raises KeyError for an unknown name."""
    parts = _cues()[name]
    return re.compile("|".join([parts] if isinstance(parts, str) else parts))


def heard(name: str, text: str) -> bool:
    """Whether the text has such words."""
    return cue(name).search(text) is not None


@lru_cache
def choice_words(question: str) -> Mapping[str, tuple[str, ...]]:
    """Further ways to say or type each choice of a line, by the choice's id."""
    return {choice: tuple(found) for choice, found in _read("choices.yml").get(question, {}).items()}


@lru_cache(maxsize=1)
def open_hints() -> tuple[str, ...]:
    """Words that callers use at the open question, for the speech recogniser."""
    return tuple(yaml.safe_load((WORDS / "hints.yml").read_text(encoding="utf-8")))
