"""Sentences with and without danger, and how they are understood (``tests/danger.jsonl``)."""

import json
from dataclasses import dataclass
from pathlib import Path

from nlu.embedded import Embedded
from nlu.understand import Understander
from nlu.understanding import Expected

SENTENCES = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True)
class Heard:
    """One sentence, the danger in it, and the danger that was found."""

    text: str
    danger: str | None
    kind: str
    channel: str
    found: str | None = None


def told() -> list[Heard]:
    """All sentences of the file."""
    return [Heard(**json.loads(line)) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]


def heard(embedded: Embedded) -> list[Heard]:
    """All sentences with what is found in them."""
    understander = Understander(None, embedded)
    return [
        Heard(one.text, one.danger, one.kind, one.channel, understander.text(one.text, Expected()).safety)
        for one in told()
    ]
