"""What a talk may do with bookings, for the person who calls or writes. Flows use this and never see SQL."""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from helpdesk.booking import allowance, attempts, bookings, waiting
from helpdesk.booking.attempts import NoTriesLeft
from helpdesk.booking.attendees import SELF, attendee
from helpdesk.booking.outcomes import AlreadyBooked, Booked, Cancelled, Gone, Outcome, Over, Overlaps, TooMany, Via, Waiting
from helpdesk.booking.tables import ACTIVE, Attendee, Booking
from helpdesk.limits import Limits
from helpdesk.people.residents import joined
from helpdesk.people.tables import Address, Resident
from helpdesk.programme import finding as search
from helpdesk.programme.finding import Place, Wish

log = logging.getLogger("helpdesk.bookings")
LAST_FOUR = re.compile("[0-9]{4}")


@dataclass(frozen=True)
class Claim:
    """What is told beside the name; nothing when it is booked through the telephone or friend of this talk."""

    number: str | None = None
    last_four: str | None = None
    """Of the telephone that booked: four digits."""


@dataclass
class Reservations:
    """One turn's view of the bookings."""

    session: Session
    resident: Resident | None
    channel: str
    address: str | None
    conversation: str
    now: datetime
    phone: str | None = None
    limits: Limits = Limits()

    def reach_at(self, number: str) -> None:
        """A telephone number (E.164) told by somebody whose own is withheld."""
        self.phone = number

    def fitting(self, wish: Wish, free: bool = True, without: frozenset[int] = frozenset(), limit: int = 3) -> list[Place]:
        """Places that fit in everything."""
        return search.fitting(self.session, self.now, wish, free, limit, without)

    def nearest(self, wish: Wish, without: frozenset[int] = frozenset(), limit: int = 3) -> list[Place]:
        """Places that come closest."""
        return search.nearest(self.session, self.now, wish, limit, without)

    def slots_of(self, offering_id: int, wish: Wish) -> list[Place]:
        """Free times of one consultation."""
        return search.slots_of(self.session, self.now, offering_id, wish)

    def place(self, slot_id: int) -> Place | None:
        """One slot with its session."""
        return search.place(self.session, slot_id)

    def somebody(self, other: str | None) -> Attendee:
        """For whom it is, before a name is known: a LINE friend herself, somebody else of hers, or the caller of this call."""
        if self.channel == "line" and other is None:
            return attendee(self.session, self.resident, SELF)
        return attendee(self.session, self.resident, f"call:{self.conversation}:{other or ''}"[:100])

    def book(self, slot_id: int, other: str | None) -> Outcome:
        """A place for the caller, or for ``other`` (「母」)."""
        return bookings.book(self.session, self.now, self.somebody(other), slot_id, self._via())

    def wait(self, offering_id: int, other: str | None) -> Waiting | AlreadyBooked | TooMany | Over:
        """Onto the waiting list."""
        return waiting.wait(self.session, self.now, self.somebody(other), offering_id, self._via())

    def change(self, booking: Booking, slot_id: int) -> Outcome:
        """Move to another slot, in one step."""
        refused = allowance.too_many_there(self.session, booking, slot_id, self.limits)
        return refused or bookings.change(self.session, self.now, booking, slot_id)

    def position(self, booking: Booking) -> int:
        """How far from the front of the waiting list; 1 is the next."""
        return waiting.position(self.session, booking)

    def cancel(self, booking: Booking) -> Cancelled | Over | Gone:
        """Give the place, or the wish for one, up."""
        return bookings.cancel(self.session, self.now, booking)

    def accept(self, booking: Booking) -> Booked | Gone | Overlaps:
        """Take what the waiting list offered."""
        return waiting.accept(self.session, self.now, booking)

    def decline(self, booking: Booking) -> bool:
        """Leave it to the next."""
        return waiting.decline(self.session, self.now, booking)

    def give_name(self, booking: Booking, name: str, reading: str) -> Booked | AlreadyBooked | Overlaps:
        """Say whose booking it is. A LINE friend's own record gets the name; elsewhere the person named has it."""
        named = bookings.give_name(self.session, booking, self.resident, name, reading, self.now)
        if booking.attendee.key == SELF and self.resident is not None and not self.resident.name:
            self.resident.name = name
        return named

    def booking(self, booking_id: int) -> Booking | None:
        """One booking as it is now."""
        found = self.session.get(Booking, booking_id)
        if found is not None:
            self.session.refresh(found)
        return found

    def mine(self) -> list[Booking]:
        """Everything active that was made through this record or one joined to it, soonest first."""
        family = joined(self.session, self.resident)
        found = self.session.scalars(select(Booking).join(Attendee).where(Attendee.resident_id.in_(family), Booking.state.in_(ACTIVE)))
        return self._soonest_first(found)

    def tries_left(self) -> bool:
        """Whether this call, and this telephone or friend, may try again to find a booking."""
        left = attempts.left(self.session, self.now, self._scopes(own=True))
        if not left:
            self._log_too_many()
        return left

    def claimed(self, claim: Claim, belongs: Callable[[Booking], bool]) -> list[Booking] | NoTriesLeft:
        """The bookings that somebody claims who names their person (``belongs``), soonest first. A try that finds nothing is counted."""
        own = claim == Claim()
        candidates = self.mine() if own else []
        if own and not candidates:
            return []
        scopes = self._scopes(own)
        if not attempts.take(self.session, self.now, scopes):
            self._log_too_many()
            return NoTriesLeft()
        found = [one for one in candidates or self._elsewhere(claim) if belongs(one)]
        if found:
            attempts.give_back(self.session, self.now, scopes)
        return found

    def _log_too_many(self) -> None:
        """For staff, with ids alone."""
        who = self.resident.id if self.resident else None
        log.warning("talk %s, resident %s: the tries to find a booking are used up", self.conversation, who)

    def _elsewhere(self, claim: Claim) -> list[Booking]:
        """What is booked under this number, or from a telephone with these last digits."""
        query = select(Booking).join(Attendee).where(Booking.state.in_(ACTIVE))
        if claim.number is not None:
            query = query.where(Booking.number == claim.number)
        elif claim.last_four is not None and LAST_FOUR.fullmatch(claim.last_four):
            reached = select(Address.resident_id).where(Address.kind == "phone", Address.value.like(f"%{claim.last_four}"))
            told = and_(Booking.contact_kind == "phone", Booking.contact.like(f"%{claim.last_four}"))
            query = query.where(or_(Attendee.resident_id.in_(reached), told))
        else:
            return []
        return self._soonest_first(self.session.scalars(query))

    def _scopes(self, own: bool) -> list[tuple[str, int]]:
        """Whose tries count, in the order in which they are locked. What was booked through this telephone or friend stays within
        reach when others have used up everybody's tries."""
        call = [(f"call:{self.conversation}", self.limits.booking_tries_per_call)] if self.channel == "voice" else []
        who = f"resident:{self.resident.id}" if self.resident else attempts.WITHHELD
        return [*call, (who, self.limits.booking_tries_per_day), *([] if own else [(attempts.EVERYBODY, self.limits.booking_tries_per_day_all)])]

    def _soonest_first(self, bookings: Iterable[Booking]) -> list[Booking]:
        return sorted((one for one in bookings if self._ahead(one)), key=lambda one: (one.slot or one.offering).starts_at)

    def _ahead(self, booking: Booking) -> bool:
        return (booking.slot or booking.offering).starts_at > self.now

    def _via(self) -> Via:
        if self.channel == "line":
            return Via("line", "line", self.address, limits=self.limits)
        number = self.address or self.phone
        return Via("voice", "phone" if number else None, number, limits=self.limits)
