"""Japanese words for every label of the shared list of intents."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("topics.yml").read_text(encoding="utf-8"))
    return found


def topics() -> dict[str, dict[str, str]]:
    """For each topic: ``ear``, ``eye`` (plain words for it) and ``short`` (at most 8 characters, for lists by ear)."""
    found: dict[str, dict[str, str]] = _words()["topics"]
    return found


def name_of(label: str | None) -> str:
    """How staff read a label; also of those that are no topic."""
    if label is None:
        return "まだ不明"
    topic = topics().get(label)
    return topic["eye"] if topic else str(_words()["conversation"].get(label, label))
