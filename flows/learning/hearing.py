"""The short hearing for a learning path: what is known, what is lacking, what an answer tells."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flows.booking.wish import BookingFacts
from flows.booking.wish import hear as hear_wish
from flows.script.facts import Facts
from flows.script.moment import Moment
from flows.script.replies import Choice
from nlu.cues import heard
from nlu.hearing import told_in, words_for

ORDER = ("phone", "aim", "worry", "skill", "place")
"""Asked in this order, at most five; ``skill`` only of who has a smartphone."""


class HearingFacts(Facts):
    """What a person told about herself; the values are those of ``helpdesk/learning/rules.yml``."""

    FLOW: ClassVar[str] = "hearing"
    SIDE: ClassVar[frozenset[str]] = frozenset({"asked"})

    phone: str | None = None
    aim: str | None = None
    worry: str | None = None
    skill: str | None = None
    place: bool = False
    """Where and when was answered, whatever the answer was."""
    venue: str | None = None
    part: str | None = None
    done: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    skipped: frozenset[str] = frozenset()
    """Questions that she would rather not, or could not, answer."""
    asked: bool = False

    def for_planner(self, wish: BookingFacts) -> dict[str, Any]:
        """As the planner wants them."""
        told = self.model_dump(include={"phone", "aim", "worry", "skill", "done", "refused"})
        return told | {"venue": wish.venue or self.venue, "part": wish.part or self.part}


def tell(facts: HearingFacts, told: Mapping[str, Any]) -> bool:
    """Take over what is told. Whether any of it is new."""
    before = facts.model_copy()
    for key, value in told.items():
        if key in HearingFacts.model_fields:
            setattr(facts, key, tuple(value) if key in ("done", "refused") else value)
    return facts != before


def hear_words(facts: HearingFacts, text: str, asked: str | None = None) -> bool:
    """What the words tell becomes facts. Whether they told anything new."""
    return tell(facts, told_in(text, asked))


def missing(facts: HearingFacts, venue: str | None) -> str | None:
    """The next question; None when enough is known."""
    not_asked = set(facts.skipped)
    if facts.phone != "own" or facts.aim == "none":
        not_asked.add("skill")
    if facts.aim == "none":
        not_asked.add("worry")
    if venue or facts.venue:
        not_asked.add("place")
    return next((key for key in ORDER if not getattr(facts, key) and key not in not_asked), None)


def answer_to(at: Moment, facts: HearingFacts, key: str) -> bool:
    """The answer to one question of the hearing."""
    meant, said, before = at.understood, at.said, facts.model_copy()
    if said:
        hear_words(facts, said, key)
    if key == "place":
        hear_wish(at, at.talk.of(BookingFacts), said)
        facts.place = True
        return True
    if getattr(facts, key) != getattr(before, key):
        return True
    value = None if heard("path.skip", said) else _value(at, key)
    if value is not None:
        setattr(facts, key, value)
        return True
    if meant.intent in ("dont_know", "deny") or heard("path.skip", said) or at.talk.unclear >= 1:
        facts.skipped = facts.skipped | {key}
        return True
    return facts != before


def _value(at: Moment, key: str) -> str | None:
    """What a choice, or a plain no, means here."""
    meant = at.understood
    if meant.choice in ("yes", "no") and key == "phone":
        return "own" if meant.choice == "yes" else "none"
    if meant.choice in [choice.id for choice in at.talk.choices]:
        return meant.choice
    refused = meant.choice == "no" or meant.intent == "deny" or heard("path.nothing", at.said)
    return "none" if refused and key in ("aim", "worry") else None


def choices(at: Moment, key: str) -> tuple[Choice, ...]:
    """The options of a question, with keys and buttons: at most four; whatever else is said is heard, too."""
    line = at.say(f"path.{key}")
    return tuple(
        choice.model_copy(update={"words": (choice.label, *words_for(key, choice.id))}) for choice in line.choices
    )
