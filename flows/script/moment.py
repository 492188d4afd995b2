"""What every flow is given: the talk, its casebook, what was heard and understood, and the deployment's facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flows.script.facts import Facts, PersonFacts
from flows.script.talk import Talk
from flows.script.turns import Turn
from flows.script.wording import Label, Saying, label, say
from helpdesk.casebook import Casebook
from helpdesk.limits import Limits
from helpdesk.telephone import is_mobile
from helpdesk.ward.profile import Ward
from nlu.understanding import Understanding

F = TypeVar("F", bound=Facts)


@dataclass(frozen=True)
class Deployment:
    """The deployment's own facts that answers need."""

    ward: Ward
    staff_phone: str | None = None
    helpdesk_phone: str | None = None
    practice_app_url: str | None = None
    public_url: str = ""
    """Where people's telephones open the calendar file of a booking."""
    limits: Limits = Limits()

    def say(self, name: str, /, **values: str) -> Saying:
        """The line of this name, with the ward's own words filled in, or as the ward says it."""
        return say(name, {**self.ward.words, **values}, otherwise=self.ward.lines)


@dataclass
class Moment:
    """One turn as a flow sees it."""

    turn: Turn
    understood: Understanding
    talk: Talk
    case: Casebook
    deployment: Deployment
    now: datetime

    @property
    def ward(self) -> Ward:
        return self.deployment.ward

    @property
    def voice(self) -> bool:
        return self.turn.channel == "voice"

    @property
    def said(self) -> str:
        """The words of this turn; empty when keys, a button or nothing came."""
        return self.turn.text if self.turn.heard == "said" else ""

    @property
    def person(self) -> PersonFacts:
        return self.talk.of(PersonFacts)

    @property
    def mobile(self) -> str | None:
        """The mobile telephone that calls: an SMS reaches it, and one person carries it."""
        return (
            self.turn.address if self.voice and self.turn.address is not None and is_mobile(self.turn.address) else None
        )

    @property
    def can_transfer(self) -> bool:
        """Somebody can be put on the line now."""
        return self.voice and self.deployment.staff_phone is not None and self.ward.is_open(self.now)

    def say(self, name: str, /, **values: str) -> Saying:
        """The line of this name in the talk's language, with the ward's own words filled in."""
        return self.deployment.say(name, **values)

    def saying(self, ear: Iterable[str], eye: Iterable[str]) -> Saying:
        """Words that were put together already."""
        return Saying(tuple(ear), tuple(eye))

    def label(self, name: str, /, **values: str) -> Label:
        """A short name in the talk's language."""
        return label(name, {**self.ward.words, **values})
