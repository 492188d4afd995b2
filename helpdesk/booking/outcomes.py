"""How an attempt to book, change or cancel ended."""

from dataclasses import dataclass

from helpdesk.booking.tables import Booking
from helpdesk.limits import Limits
from helpdesk.programme.tables import Offering


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
class Booked:
    """The place is held."""

    booking: Booking


@dataclass(frozen=True)
class AlreadyBooked:
    """This person has a place in this session, or waits for one."""

    booking: Booking


@dataclass(frozen=True)
class Overlaps:
    """This person is somewhere else at that time."""

    booking: Booking


@dataclass(frozen=True)
class Full:
    """The last seat is gone."""


@dataclass(frozen=True)
class TooMany:
    """More than one person, or callers without a number, may hold: staff confirm it first."""

    offering: Offering


@dataclass(frozen=True)
class Over:
    """It has begun, was cancelled, or is not published."""


@dataclass(frozen=True)
class Waiting:
    """On the waiting list, as the ``position``-th."""

    booking: Booking
    position: int


@dataclass(frozen=True)
class Cancelled:
    """The place is given up."""

    booking: Booking


@dataclass(frozen=True)
class Gone:
    """The booking or the offer is no longer active."""


Outcome = Booked | AlreadyBooked | Overlaps | Full | TooMany | Over | Gone
