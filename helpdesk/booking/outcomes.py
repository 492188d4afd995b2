"""How an attempt to book, change or cancel ended: with rows inside this room, with values at the talks' door."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from helpdesk.limits import Limits
from helpdesk.programme.values import Place

B = TypeVar("B")
"""A booking: ``Booking`` inside and for staff, ``Held`` for talks."""


@dataclass(frozen=True)
class Via:
    """Through whom and how a booking is made, and where its person is reached."""

    channel: str
    """``voice``, ``line`` or ``staff``."""
    contact_kind: str | None = None
    contact: str | None = None
    by: str = "bot"
    limits: Limits | None = None
    """What one person may hold; None when staff book."""


@dataclass(frozen=True)
class Booked(Generic[B]):
    """The place is held."""

    booking: B


@dataclass(frozen=True)
class AlreadyBooked(Generic[B]):
    """This person has a place in this session, or waits for one."""

    booking: B


@dataclass(frozen=True)
class Overlaps(Generic[B]):
    """This person is somewhere else at that time."""

    booking: B


@dataclass(frozen=True)
class Full:
    """The last seat is gone."""


@dataclass(frozen=True)
class TooMany:
    """More than one person, or callers without a number, may hold: staff confirm it first."""

    place: Place
    """What was wished for; of a waiting list the first slot of the session."""


@dataclass(frozen=True)
class Over:
    """It has begun, was cancelled, or is not published."""


@dataclass(frozen=True)
class Waiting(Generic[B]):
    """On the waiting list, as the ``position``-th."""

    booking: B
    position: int


@dataclass(frozen=True)
class Cancelled(Generic[B]):
    """The place is given up."""

    booking: B


@dataclass(frozen=True)
class Gone:
    """The booking or the offer is no longer active."""


Outcome = Booked[B] | AlreadyBooked[B] | Overlaps[B] | Full | TooMany | Over | Gone
