"""The path of every text: keys and rules first, then Rasa, then the embedded classifier; danger always."""

import logging
from dataclasses import replace
from typing import Literal

from nlu.embedded import Embedded
from nlu.rasa_client import RasaClient, RasaSilent
from nlu.rules import pressed, settle
from nlu.safety import is_no_loss, sign_of_danger
from nlu.text import clean, comparable, without_fillers
from nlu.understanding import NOTHING, Expected, Understanding

log = logging.getLogger("helpdesk.nlu")
DANGER = {"safety_emergency": 0.35, "safety_scam": 0.30, "safety_lost_phone": 0.50}
"""The chance from which a model's label counts as a sign of danger, also when another label is likelier."""

SHORTEST_STORY = 6
"""Fewer characters tell no story: there only the phrases count."""

Engine = Literal["rasa", "embedded", "both"]


class Understander:
    """Understands what people say. ``rasa`` and ``embedded`` may each be missing; without both, rules remain."""

    def __init__(self, rasa: RasaClient | None, embedded: Embedded | None) -> None:
        self.rasa, self.embedded = rasa, embedded

    def keys(self, keys: str, expected: Expected) -> Understanding:
        """What pressed keys mean."""
        return pressed(keys, expected)

    def text(self, text: str, expected: Expected) -> Understanding:
        """What words mean, with a sign of danger found in every state. Never raises for any text."""
        phrase = sign_of_danger(text)
        settled = settle(text, expected)
        if settled is not None:
            return replace(settled, safety=phrase)
        meant = self.ask_model(text)
        return replace(meant, safety=phrase or _danger(meant, text))

    def ask_model(self, text: str) -> Understanding:
        """Rasa's answer, or the embedded classifier's when Rasa gives none."""
        words = without_fillers(clean(text))
        if not words:
            return NOTHING
        if self.rasa is not None:
            try:
                return self.rasa.understand(words)
            except RasaSilent as error:
                log.info("rasa is silent: %s", error)
        return self.embedded.understand(words) if self.embedded is not None else NOTHING

    def state(self) -> str:
        """``rasa``, ``embedded`` or ``down``: who would answer now."""
        if self.rasa is not None and self.rasa.alive():
            return "rasa"
        return "embedded" if self.embedded is not None else "down"


def _danger(meant: Understanding, text: str) -> str | None:
    if len(comparable(text)) < SHORTEST_STORY:
        return None
    for label, chance in meant.likeliest:
        if label in DANGER and chance >= DANGER[label] and not (label == "safety_lost_phone" and is_no_loss(text)):
            return label
    return None
