"""Wording is data: every line has words for the ear and words for the eye (``flows/lines/ja/*.yml``)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from helpdesk.ward.topics import topics

__all__ = ["LINES", "WORDS", "Line", "every_line", "open_hints", "say", "topics"]

LINES = Path(__file__).parent.parent / "lines"
WORDS = Path(__file__).parent.parent.parent / "nlu" / "words" / "ja"


@dataclass(frozen=True)
class Line:
    """One thing to say, in both forms."""

    ear: tuple[str, ...]
    eye: tuple[str, ...]


def _several(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@lru_cache(maxsize=1)
def _lines() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((LINES / "ja").glob("*.yml")):
        for name, line in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if name in found:
                raise ValueError(f"{path.name}: the line {name} exists twice")
            found[name] = line
    return found


def say(name: str, **values: str) -> Line:
    """The line of this name, its ``{places}`` filled. Raises KeyError for an unknown name or a missing value."""
    line = _lines()[name]
    return Line(
        tuple(sentence.format(**values) for sentence in _several(line["ear"])),
        tuple(bubble.format(**values) for bubble in _several(line["eye"])),
    )


def every_line() -> Iterator[tuple[str, dict[str, Any]]]:
    """All lines as they stand in the files, for the lint."""
    yield from _lines().items()


@lru_cache(maxsize=1)
def open_hints() -> tuple[str, ...]:
    """Words that callers use at the open question."""
    return tuple(yaml.safe_load((WORDS / "hints.yml").read_text(encoding="utf-8")))
