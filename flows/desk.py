"""What every flow is given: the talk, its casebook, what was heard and understood, and the deployment's facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flows.replies import Choice, Listening, Reply, yes_no
from flows.talk import Talk
from flows.turns import Turn
from flows.wording import Line
from helpdesk.casebook import Casebook
from helpdesk.limits import Limits
from helpdesk.telephone import is_mobile
from helpdesk.ward.hours import is_open
from nlu.understanding import Understanding

EAR = 60
"""Characters of one prompt for the ear (P2)."""


@dataclass(frozen=True)
class Place:
    """The deployment's own facts that answers need."""

    staff_phone: str | None = None
    helpdesk_phone: str | None = None
    practice_app_url: str | None = None
    public_url: str = ""
    """Where people's telephones open the calendar file of a booking."""
    limits: Limits = Limits()


@dataclass
class Moment:
    """One turn as a flow sees it."""

    turn: Turn
    understood: Understanding
    talk: Talk
    case: Casebook
    place: Place
    now: datetime
    heard_facts: bool = False
    """A flow took facts from this turn's words: no other flow takes them for a new topic."""

    @property
    def voice(self) -> bool:
        return self.turn.channel == "voice"

    @property
    def mobile(self) -> str | None:
        """The mobile telephone that calls: an SMS reaches it, and one person carries it."""
        return self.turn.address if self.voice and self.turn.address is not None and is_mobile(self.turn.address) else None

    @property
    def can_transfer(self) -> bool:
        """Somebody can be put on the line now."""
        return self.voice and self.place.staff_phone is not None and is_open(self.now)


def ear_length(sentences: Iterable[str]) -> int:
    """Characters that are heard; the gaps between single digits are none."""
    return len("".join(sentences).replace(" ", ""))


def ask(line: Line, name: str, listening: Listening = "open", choices: tuple[Choice, ...] = (), first: Line | None = None) -> Reply:
    """A reply that asks one thing; ``first`` is said before it when both fit the ear (P2: 2 sentences, 60 characters)."""
    ear, eye = line.ear, line.eye
    if first is not None:
        eye = (*first.eye, *eye)[-3:]
        if len(first.ear) + len(ear) <= 2 and ear_length((*first.ear, *ear)) <= EAR:
            ear = (*first.ear, *ear)
    return Reply(ear=ear, eye=eye, ask=name, listening=listening, choices=choices)


def another(line: Line, first: Line | None = None) -> Reply:
    """``line`` ends with the question whether there is anything else."""
    return ask(line, "else", "yes_no", yes_no("はい、あります", "いいえ"), first=first)


def conclude(at: Moment, line: Line, outcome: str) -> Reply:
    """The concern ends with this outcome; whether there is another one is asked."""
    at.case.settle(outcome)
    at.talk.new_concern()
    return another(line)
