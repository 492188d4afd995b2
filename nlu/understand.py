"""The path of every text: keys and rules, then Rasa, or the same reading in this process without it; danger always."""

import logging
import re
from dataclasses import replace

from nlu.embedded import Embedded
from nlu.kana_only import usual_spelling
from nlu.names import name_in
from nlu.rasa_client import RasaClient, RasaSilent
from nlu.rules import pressed, settle
from nlu.safety import Sign, find_sign, is_broken, is_happening, is_taken_back
from nlu.text import clean, comparable, without_fillers
from nlu.understanding import NOTHING, Expected, Understanding

log = logging.getLogger("helpdesk.nlu")
DANGER = 0.20
"""The chance from which a safety label counts as a sign of danger, also when another label is likelier."""
CLEARLY_ELSE = 0.60
"""From this chance of another label on, only the phrases tell of danger (「音が出ません 助けて」)."""
OUTWEIGHS = 0.90
"""From this chance of another label on, a single weak word counts only where something is said to have happened."""
SURELY_ELSE = 0.99
"""From this chance of another label on, words of danger count only where something is said to have happened."""
SURE_OF_DANGER = 0.60
"""From this chance of danger on, loose words such as a past do not take it back."""
SURE_OF_NAME = 0.90
"""From this chance on, the model and not the words says which danger it is."""
SHORTEST_STORY = 6
"""Fewer characters tell no story: there only the phrases count."""

SURE_OF_TWO = 0.5
_COURTESY = ("greet", "thanks", "goodbye")
_SENTENCES = re.compile(r"(?<=[。！？!?\n])")
_RATHER = re.compile(r"^.*(?:では|じゃ|で)(?:なくて|なくって|なく)[、\s]*")
"""「地図ではなくて検索のしかたです」: what follows is meant."""
LONG_ENOUGH = 8
MOST_SENTENCES = 20
"""A text of more is read as a whole: each sentence costs a look of the model."""
LONGEST_HALF = 10
"""Characters of a text that may be the other half of what was said before it (「写真が」「見つからないの」)."""
_ALONG = re.compile(
    r"[、。\s]*(?:のと、?\s*)?(?:あと(?!で|ろ)は?ね?|それと|それから|そのほかに|ついでに|もう一つ|もうひとつ)[、\s]*"
)


class Understander:
    """Understands what people say. ``rasa`` and ``embedded`` may each be missing; without both, rules remain."""

    def __init__(self, rasa: RasaClient | None, embedded: Embedded | None) -> None:
        self.rasa, self.embedded = rasa, embedded

    def keys(self, keys: str, expected: Expected) -> Understanding:
        """What pressed keys mean."""
        return pressed(keys, expected)

    def text(self, text: str, expected: Expected) -> Understanding:
        """What words mean, with a sign of danger found in every state. Never raises for any text."""
        found = find_sign(text)
        phrase = found.label if found else None
        settled = settle(text, expected)
        if settled is not None:
            return replace(settled, safety=phrase)
        if expected.kind == "name" and phrase is None and name_in(text) is not None:
            return NOTHING  # the flow reads the name itself
        half = expected.before and len(comparable(text)) <= LONGEST_HALF
        meant = self.ask_model(f"{expected.before} {text}" if half else self._the_point(text))
        sign = _weighed(found, meant, text) or _danger(meant, text)
        if sign is None:
            meant = self._two_troubles(text) or meant
        return replace(meant if sign else _without_alarm(meant), safety=sign)

    def ask_model(self, text: str) -> Understanding:
        """Rasa's reading; our own, which is the same one, when Rasa is silent."""
        words = usual_spelling(without_fillers(clean(text)))
        if not words:
            return NOTHING
        if self.rasa is not None:
            try:
                theirs = self.rasa.understand(words)
            except RasaSilent as error:
                log.info("rasa is silent: %s", error)
            else:
                if self.embedded is None or theirs.intent in self.embedded.labels:
                    return theirs
                log.warning("rasa serves a model of other labels")
        return self.embedded.understand(words) if self.embedded is not None else NOTHING

    def _the_point(self, text: str) -> str:
        """The text without courtesies and without what is said not to be meant; all of it when nothing remains."""
        corrected = _RATHER.sub("", text)
        if len(comparable(corrected)) < LONG_ENOUGH:
            corrected = text
        sentences = [part for part in _SENTENCES.split(corrected) if part.strip()]
        if not 2 <= len(sentences) <= MOST_SENTENCES or self.embedded is None:
            return corrected
        kept = [
            part for part in sentences if self.embedded.understand(without_fillers(clean(part))).intent not in _COURTESY
        ]
        return "".join(kept) if len(comparable("".join(kept))) >= LONG_ENOUGH else corrected

    def _two_troubles(self, text: str) -> Understanding | None:
        """「音が出ないのと あと字も小さくて」: the first is meant, the second told along with it."""
        parts = [part for part in _ALONG.split(clean(text)) if len(comparable(part)) >= SHORTEST_STORY]
        if len(parts) != 2 or self.embedded is None:
            return None
        first, second = (self.embedded.understand(without_fillers(part)) for part in parts)
        sure = all(one.intent.startswith("trouble_") and one.confidence >= SURE_OF_TWO for one in (first, second))
        return replace(first, also=second.intent) if sure and first.intent != second.intent else None

    def state(self) -> str:
        """``rasa``, ``embedded`` or ``down``: who would answer now."""
        if self.rasa is not None and self.rasa.alive():
            return "rasa"
        return "embedded" if self.embedded is not None else "down"


def _weighed(found: Sign | None, meant: Understanding, text: str) -> str | None:
    """What the words say, unless the model is clear about something else; its own name for a danger it is sure of."""
    if found is None:
        return None
    if meant.intent.startswith("safety_"):
        return meant.intent if meant.confidence >= SURE_OF_NAME else found.label
    outweighed = meant.confidence >= (OUTWEIGHS if found.weak else SURELY_ELSE) and not is_happening(text)
    return None if outweighed else found.label


def _danger(meant: Understanding, text: str) -> str | None:
    if len(comparable(text)) < SHORTEST_STORY:
        return None
    if _is_clearly_else(meant):
        return None
    for label, chance in meant.likeliest:
        if label.startswith("safety_") and chance >= DANGER:
            gone = label != "safety_lost_phone" or not is_broken(text)
            return label if gone and not is_taken_back(text, label, chance >= SURE_OF_DANGER) else None
    return None


def _is_clearly_else(meant: Understanding) -> bool:
    return not meant.intent.startswith("safety_") and meant.confidence >= CLEARLY_ELSE


def _without_alarm(meant: Understanding) -> Understanding:
    """What is not sure enough to be danger is not called so: the likeliest other label is meant.

    What the alarm weighed is shared out among the others.
    """
    others = [pair for pair in meant.likeliest if not pair[0].startswith("safety_")]
    if not meant.intent.startswith("safety_") or not others:
        return meant
    rest = max(1 - sum(chance for label, chance in meant.likeliest if label.startswith("safety_")), others[0][1])
    shared = tuple((label, chance / rest) for label, chance in others)
    return replace(meant, intent=shared[0][0], confidence=shared[0][1], likeliest=shared)
