"""The things that flows need from a text: kind of phone, app, offer, level, place (``entities.yml``)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

WORDS = Path(__file__).parent / "words" / "ja" / "entities.yml"


@dataclass(frozen=True)
class Entity:
    """One thing that a text names, ``text[start:end]``."""

    kind: str
    """``device``, ``app``, ``offer``, ``level`` or ``place``."""
    value: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], dict[str, list[tuple[str, str]]]]:
    meanings: dict[str, list[tuple[str, str]]] = {}
    for kind, values in yaml.safe_load(WORDS.read_text(encoding="utf-8")).items():
        for value, words in values.items():
            for word in words:
                meanings.setdefault(word, []).append((kind, value))
    longest_first = sorted(meanings, key=lambda word: (-len(word), word))
    return re.compile("|".join(re.escape(word) for word in longest_first)), meanings


def entities(text: str) -> Iterator[Entity]:
    """Everything named, from left to right, the longest word at each place.

    One word may name two things (「ゲーム大会」: event and game).
    """
    pattern, meanings = _words()
    for match in pattern.finditer(text):
        for kind, value in meanings[match.group()]:
            yield Entity(kind, value, match.start(), match.end())


def named(text: str, kind: str) -> str | None:
    """The last value of ``kind`` that is named: who corrects himself says the right one last. None without any."""
    found = [entity.value for entity in entities(text) if entity.kind == kind]
    return found[-1] if found else None


PlaceWords = tuple[tuple[str, tuple[str, ...]], ...]
"""The words for each place; hashable, for they differ from ward to ward."""


@lru_cache(maxsize=8)
def _places(words: PlaceWords) -> tuple[re.Pattern[str], dict[str, str]]:
    meanings = {word: place for place, theirs in words for word in theirs}
    longest_first = sorted(meanings, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first))), meanings


def place_named(text: str, words: PlaceWords) -> str | None:
    """The last place that is named, by these words. None without any."""
    pattern, meanings = _places(words)
    found = pattern.findall(text)
    return meanings[found[-1]] if found else None
