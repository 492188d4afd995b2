"""What others see of a booking: a value as it was read, with its place and its person."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.programme.values import Place

ACTIVE = ("waiting", "offered", "booked")
"""States in which a person has, or waits for, a place."""


@dataclass(frozen=True, slots=True)
class Held:
    """A booking, or a wish on the waiting list, as a talk sees it; read in one statement with its place."""

    id: int
    number: str
    state: str
    place: Place
    """Of a wish on the waiting list the first slot of the session."""
    slot: int | None
    """The seat that is held; None while waiting."""
    name: str | None
    """None while staff have to confirm it."""
    reading: str | None
    contact_kind: str | None
    """``phone`` or ``line``; None when nobody can be reached."""
    contact: str | None
    mobile: str | None
    """The telephone number (E.164) that an SMS may go to."""
    offered_until: datetime | None
    """Until when the place that became free is kept for this person."""
    changed_at: datetime
    itself: bool
    """Whether it is the LINE friend's own entry."""

    @property
    def active(self) -> bool:
        """Whether the person has, or waits for, a place."""
        return self.state in ACTIVE
