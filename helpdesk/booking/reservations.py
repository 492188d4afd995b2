"""What a talk may do with bookings, for the person who calls or writes. Flows use this and never see SQL."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.booking import bookings, waiting
from helpdesk.booking.attendees import SELF, attendee, joined
from helpdesk.booking.outcomes import AlreadyBooked, Booked, Cancelled, Gone, Outcome, Over, Overlaps, Via, Waiting
from helpdesk.booking.same_name import is_same
from helpdesk.programme import search
from helpdesk.programme.search import Place, Wish
from helpdesk.programme.tables import ACTIVE, Attendee, Booking
from helpdesk.tables import Address, Resident


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

    def wait(self, offering_id: int, other: str | None) -> Waiting | AlreadyBooked | Over:
        """Onto the waiting list."""
        return waiting.wait(self.session, self.now, self.somebody(other), offering_id, self._via())

    def change(self, booking: Booking, slot_id: int) -> Outcome:
        """Move to another slot, in one step."""
        return bookings.change(self.session, self.now, booking, slot_id)

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
        return sorted((one for one in found if self._ahead(one)), key=lambda one: (one.slot or one.offering).starts_at)

    def by_number(self, number: str) -> Booking | None:
        """The active booking of this number that is still ahead."""
        found = self.session.scalars(select(Booking).where(Booking.number == number, Booking.state.in_(ACTIVE))).first()
        return found if found is not None and self._ahead(found) else None

    def by_name(self, reading: str, last_digits: str | None, written: str | None = None) -> list[Booking]:
        """Active bookings of somebody of this name, reached at the calling number or one that ends in ``last_digits``."""
        query = select(Booking).join(Attendee).where(Attendee.reading.is_not(None), Booking.state.in_(ACTIVE))
        if last_digits is None:
            query = query.where(Attendee.resident_id.in_(joined(self.session, self.resident)))
        else:
            numbers = select(Address.resident_id).where(Address.kind == "phone", Address.value.like(f"%{last_digits}"))
            query = query.where(Attendee.resident_id.in_(numbers))
        theirs = (one for one in self.session.scalars(query) if is_same(one.attendee.name, one.attendee.reading, written, reading))
        return sorted((one for one in theirs if self._ahead(one)), key=lambda one: (one.slot or one.offering).starts_at)

    def _ahead(self, booking: Booking) -> bool:
        return (booking.slot or booking.offering).starts_at > self.now

    def _via(self) -> Via:
        if self.channel == "line":
            return Via("line", "line", self.address)
        number = self.address or self.phone
        return Via("voice", "phone" if number else None, number)
