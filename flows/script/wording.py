"""Wording is data (``flows/lines/LANGUAGE/*.yml``): every line has words for the ear, for the eye, and its choices."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from flows.script.replies import NO, OPTION_KEYS, YES, Choice
from nlu.cues import choice_words

LINES = Path(__file__).parent.parent / "lines"
COMPLETE = "ja"
"""The language in which every line exists; another one falls back to it line by line."""
YES_NO = "yes_no"
"""The line with the usual yes and no."""
_NO_VALUES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Saying:
    """One thing to say, in both forms, with the choices that it offers."""

    ear: tuple[str, ...]
    eye: tuple[str, ...]
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Label:
    """A short name of something: on a button, and as it is announced."""

    eye: str
    ear: str


def _several(value: str | list[str] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


@lru_cache
def _lines(language: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((LINES / language).glob("*.yml")):
        for name, line in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if name in found:
                raise ValueError(f"{path.name}: the line {name} exists twice")
            found[name] = line
    return found


def languages() -> tuple[str, ...]:
    """The languages that have lines."""
    return tuple(sorted(path.name for path in LINES.iterdir() if path.is_dir()))


def _line(name: str, language: str) -> dict[str, Any]:
    return _lines(language).get(name) or _lines(COMPLETE)[name]


@lru_cache(maxsize=4096)
def _choices(name: str, language: str) -> tuple[Choice, ...]:
    made: list[Choice] = []
    for number, (choice, label) in enumerate((_line(name, language).get("choices") or {}).items()):
        given = {"label": label} if isinstance(label, str) else dict(label)
        usual = {"yes": YES, "no": NO}.get(choice)
        words = choice_words(name).get(choice, ())
        if usual is not None:
            given["words"] = words or usual.words
            given.setdefault("ear", _line(YES_NO, language)["choices"][choice]["ear"])
            made.append(usual.model_copy(update=given))
            continue
        given.setdefault("key", OPTION_KEYS[number] if number < len(OPTION_KEYS) else None)
        given.setdefault("ear", given["label"])
        made.append(Choice(id=choice, words=(given["label"], *words) if name != "device" else words, **given))
    return tuple(made)


def say(
    name: str,
    values: Mapping[str, str] = _NO_VALUES,
    language: str = COMPLETE,
    otherwise: Mapping[str, Any] = _NO_VALUES,
) -> Saying:
    """The line of this name, its ``{places}`` filled; ``otherwise``: lines that a ward says in its own words.

    Raises KeyError for an unknown name or a missing value.
    """
    line = {**_line(name, language), **otherwise.get(name, {})}
    return Saying(
        tuple(sentence.format_map(values) for sentence in _several(line.get("ear"))),
        tuple(bubble.format_map(values) for bubble in _several(line.get("eye"))),
        _choices(name, language),
    )


def label(name: str, values: Mapping[str, str] = _NO_VALUES, language: str = COMPLETE) -> Label:
    """A short name: ``label`` of a line, and its ``ear`` where it is announced otherwise."""
    line = _line(name, language)
    eye = str(line["label"]).format_map(values)
    return Label(eye, str(line.get("ear", eye)).format_map(values))


def words(name: str, values: Mapping[str, str] = _NO_VALUES, language: str = COMPLETE) -> str:
    """The ``label`` of a line alone: a part of a sentence, or words for staff."""
    return label(name, values, language).eye


def unknown(names: Iterable[str]) -> list[str]:
    """Those that are no line's name."""
    return sorted(set(names) - set(_lines(COMPLETE)))


def every_line(language: str = COMPLETE) -> Iterator[tuple[str, dict[str, Any]]]:
    """All lines that are said or shown, as they stand in the files, for the lint."""
    yield from ((name, line) for name, line in _lines(language).items() if "eye" in line)
