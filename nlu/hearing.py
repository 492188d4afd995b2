"""What a person told about herself for a learning path, found in her own words (``nlu/words/ja/hearing.yml``)."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from nlu.text import comparable

WORDS = Path(__file__).parent / "words" / "ja" / "hearing.yml"


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return found


def told_in(text: str, asked: str | None = None) -> dict[str, str]:
    """The values that the words tell. ``asked``: the question that is open; only there a bare 「ない」 means something."""
    said = comparable(text)
    found: dict[str, str] = {}
    for key, values in _words()["values"].items():
        for value, word in values.items():
            cues = [
                cue
                for cue in (*word["cues"], *(word.get("when", ()) if key == asked else ()))
                if comparable(cue) in said
            ]
            if (
                cues
                and not any(comparable(no) in said for no in word.get("not", ()))
                and _allowed(key, value, cues, asked)
            ):
                found[key] = value
                break
    if "skill" in found and "phone" not in found and asked != "phone":
        found["phone"] = "own"
    return found


def _allowed(key: str, value: str, cues: list[str], asked: str | None) -> bool:
    """Words that answer whatever is asked count for that question alone."""
    only_shared = all(cue in _words()["shared"] for cue in cues)
    if asked and only_shared and value == "none":
        return key == asked
    return not (asked is None and only_shared and key == "worry")


def words_for(key: str, value: str) -> tuple[str, ...]:
    """Ways to say a value when it is offered as a choice."""
    return tuple(_words()["values"][key][value]["cues"])
