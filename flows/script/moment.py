"""What every flow is given: the talk, its casebook, what was heard and understood, and the deployment's facts."""

from dataclasses import dataclass
from datetime import datetime

from flows.script.talk import Talk
from flows.script.turns import Turn
from helpdesk.casebook import Casebook
from helpdesk.limits import Limits
from helpdesk.telephone import is_mobile
from helpdesk.ward.hours import is_open
from nlu.understanding import Understanding


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
