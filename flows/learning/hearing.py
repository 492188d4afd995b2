"""What a person told about herself for a learning path, found in her own words (``nlu/words/ja/hearing.yml``)."""

from functools import lru_cache
from typing import Any

import yaml

from flows.script.replies import OPTION_KEYS, Choice
from flows.script.wording import WORDS
from nlu.text import comparable

ORDER = ("phone", "aim", "worry", "skill", "place")
"""Asked in this order, at most five; ``skill`` only of who has a smartphone."""


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load((WORDS / "hearing.yml").read_text(encoding="utf-8"))
    return found


def told_in(text: str, asked: str | None = None) -> dict[str, str]:
    """The values that the words tell. ``asked``: the question that is open; only there a bare 「ない」 means something."""
    said = comparable(text)
    found: dict[str, str] = {}
    for key, values in _words().items():
        for value, word in values.items():
            cues = [cue for cue in (*word["cues"], *(word.get("when", ()) if key == asked else ())) if comparable(cue) in said]
            if cues and not any(comparable(no) in said for no in word.get("not", ())) and _allowed(key, value, cues, asked):
                found[key] = value
                break
    if "skill" in found and "phone" not in found and asked != "phone":
        found["phone"] = "own"
    return found


_SHARED = ("特にない", "別にない", "特にありません", "大丈夫です", "間に合って", "十分です")
"""Words that answer whatever is asked: they count for that question alone."""


def _allowed(key: str, value: str, cues: list[str], asked: str | None) -> bool:
    only_shared = all(cue in _SHARED for cue in cues)
    if asked and only_shared and value == "none":
        return key == asked
    return not (asked is None and only_shared and key == "worry")


def choices(key: str) -> tuple[Choice, ...]:
    """The options of a question, with keys and buttons: at most four; whatever else is said is heard, too."""
    offered = [(value, word) for value, word in _words()[key].items() if "label" in word]
    return tuple(
        Choice(id=value, label=word["label"], key=number, ear=word["ear"], words=(word["label"], *word["cues"]))
        for (value, word), number in zip(offered, OPTION_KEYS, strict=False)
    )
