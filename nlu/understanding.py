"""What a text was understood to mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ExpectedChoice:
    """One answer that the talk is waiting for."""

    id: str
    key: str | None = None
    words: tuple[str, ...] = ()
    intent: str | None = None


@dataclass(frozen=True)
class Expected:
    """What the talk is waiting for, so that rules can settle the answer before any model is asked."""

    kind: Literal["open", "yes_no", "choice", "step", "digits", "number", "name"] = "open"
    """``digits`` waits for a telephone number, ``number`` for four or five digits."""
    choices: tuple[ExpectedChoice, ...] = ()
    before: str = ""
    """What was said a moment ago and not yet understood: a short text may be its other half."""


@dataclass(frozen=True)
class Understanding:
    """The likeliest meaning, and the next ones."""

    intent: str
    """A label of the shared list; ``nlu_fallback`` when there is no text to understand."""
    confidence: float
    """0 to 1, calibrated as far as the engine allows."""
    engine: Literal["rules", "rasa", "embedded", "none"]
    likeliest: tuple[tuple[str, float], ...] = ()
    """At most three (label, confidence), the best first."""
    choice: str | None = None
    """The id of the expected choice that was meant."""
    digits: str | None = None
    """The digits that were said or typed, when digits are expected."""
    also: str | None = None
    """A second trouble that was told in the same breath."""
    safety: str | None = None
    """A ``safety_*`` label whenever there is a sign of danger, whatever else the text means."""


NOTHING = Understanding("nlu_fallback", 0.0, "none")


def from_chances(chances: Mapping[str, float], engine: Literal["rasa", "embedded"]) -> Understanding:
    """The three likeliest of these labels."""
    best = sorted(chances.items(), key=lambda pair: -pair[1])[:3]
    likeliest = tuple((label, round(chance, 4)) for label, chance in best)
    return Understanding(likeliest[0][0], likeliest[0][1], engine, likeliest) if likeliest else NOTHING
