"""What a talk may do with bookings, for who calls or writes. Flows use this: values go out, ids or values come in."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.booking import allowance, attempts, bookings, waiting
from helpdesk.booking.attempts import NoTriesLeft
from helpdesk.booking.attendees import SELF, attendee
from helpdesk.booking.outcomes import (
    AlreadyBooked,
    Booked,
    Cancelled,
    Gone,
    Outcome,
    Over,
    Overlaps,
    TooMany,
    Via,
    Waiting,
)
from helpdesk.booking.reading import all_held, held
from helpdesk.booking.tables import Attendee, Booking
from helpdesk.booking.values import ACTIVE, Held
from helpdesk.limits import Limits
from helpdesk.people.residents import family
from helpdesk.people.tables import Address, Resident
from helpdesk.programme import finding as search
from helpdesk.programme.finding import Wish
from helpdesk.programme.tables import Slot
from helpdesk.programme.values import Place

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

    def fitting(
        self, wish: Wish, free: bool = True, without: frozenset[int] = frozenset(), limit: int = 3
    ) -> list[Place]:
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

    def book(self, slot_id: int, other: str | None) -> Outcome[Held]:
        """A place for the caller, or for ``other`` (「母」)."""
        return self._told(bookings.book(self.session, self.now, self._somebody(other), slot_id, self._via()))

    def wait(self, offering_id: int, other: str | None) -> Waiting[Held] | AlreadyBooked[Held] | TooMany | Over:
        """Onto the waiting list."""
        outcome = waiting.wait(self.session, self.now, self._somebody(other), offering_id, self._via())
        if isinstance(outcome, Waiting):
            return Waiting(self._held(outcome.booking.id), outcome.position)
        return AlreadyBooked(self._held(outcome.booking.id)) if isinstance(outcome, AlreadyBooked) else outcome

    def change(self, booking: Held | int, slot_id: int) -> Outcome[Held]:
        """Move to another slot, in one step."""
        row = self._row(booking)
        refused = allowance.too_many_there(self.session, row, slot_id, self.limits)
        return refused or self._told(bookings.change(self.session, self.now, row, slot_id))

    def position(self, booking: Held | int) -> int:
        """How far from the front of the waiting list; 1 is the next."""
        return waiting.position(self.session, self._row(booking))

    def cancel(self, booking: Held | int) -> Cancelled[Held] | Over | Gone:
        """Give the place, or the wish for one, up."""
        outcome = bookings.cancel(self.session, self.now, self._row(booking))
        return Cancelled(self._held(outcome.booking.id)) if isinstance(outcome, Cancelled) else outcome

    def accept(self, booking: Held | int) -> Booked[Held] | Gone | Overlaps[Held]:
        """Take what the waiting list offered."""
        outcome = waiting.accept(self.session, self.now, self._row(booking))
        if isinstance(outcome, Booked):
            return Booked(self._held(outcome.booking.id))
        return Overlaps(self._held(outcome.booking.id)) if isinstance(outcome, Overlaps) else outcome

    def decline(self, booking: Held | int) -> bool:
        """Leave it to the next. Whether it is left, now or by the same answer before."""
        row = self._row(booking)
        return waiting.decline(self.session, self.now, row) or row.state == "declined"

    def give_name(
        self, booking: Held | int, name: str, reading: str
    ) -> Booked[Held] | AlreadyBooked[Held] | Overlaps[Held]:
        """Say whose booking it is. A LINE friend's own record gets the name; elsewhere the person named has it."""
        row = self._row(booking)
        itself = row.attendee.key == SELF
        named = bookings.give_name(self.session, row, self.resident, name, reading, self.now)
        if itself and self.resident is not None and not self.resident.name:
            self.resident.name = name
        one = self._held(named.booking.id)
        if isinstance(named, Booked):
            return Booked(one)
        return AlreadyBooked(one) if isinstance(named, AlreadyBooked) else Overlaps(one)

    def booking(self, booking_id: int) -> Held | None:
        """One booking as it is now."""
        return held(self.session, booking_id)

    def mine(self) -> list[Held]:
        """Everything active that was made through this record or one joined to it, soonest first."""
        return self._ahead(Attendee.resident_id.in_(family(self.resident))) if self.resident is not None else []

    def _somebody(self, other: str | None) -> Attendee:
        """For whom it is, before a name is known: a LINE friend herself, somebody else of hers, or who calls now."""
        if self.channel == "line" and other is None:
            return attendee(self.session, self.resident, SELF)
        return attendee(self.session, self.resident, f"call:{self.conversation}:{other or ''}"[:100])

    def _row(self, booking: Held | int) -> Booking:
        """The row to work on, as it is now, read with what belongs to it."""
        wanted = booking if isinstance(booking, int) else booking.id
        query = select(Booking).where(Booking.id == wanted).execution_options(populate_existing=True)
        at_once = (joinedload(Booking.attendee), joinedload(Booking.slot), joinedload(Booking.offering))
        return self.session.scalars(query.options(*at_once)).one()

    def _held(self, booking_id: int) -> Held:
        """What was just done to a booking, read anew."""
        one = held(self.session, booking_id)
        assert one is not None
        return one

    def _told(self, outcome: Outcome[Booking]) -> Outcome[Held]:
        if isinstance(outcome, Booked):
            return Booked(self._held(outcome.booking.id))
        if isinstance(outcome, AlreadyBooked):
            return AlreadyBooked(self._held(outcome.booking.id))
        return Overlaps(self._held(outcome.booking.id)) if isinstance(outcome, Overlaps) else outcome

    def tries_left(self) -> bool:
        """Whether this call, and this telephone or friend, may try again to find a booking."""
        left = attempts.left(self.session, self.now, self._scopes(own=True))
        if not left:
            self._log_too_many()
        return left

    def claimed(self, claim: Claim, belongs: Callable[[Held], bool]) -> list[Held] | NoTriesLeft:
        """The bookings that somebody claims who names their person (``belongs``), soonest first.

        A try that finds nothing is counted.
        """
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

    def _elsewhere(self, claim: Claim) -> list[Held]:
        """What is booked under this number, or from a telephone with these last digits."""
        if claim.number is not None:
            return self._ahead(Booking.number == claim.number)
        if claim.last_four is None or not LAST_FOUR.fullmatch(claim.last_four):
            return []
        reached = select(Address.resident_id).where(Address.kind == "phone", Address.value.like(f"%{claim.last_four}"))
        told = and_(Booking.contact_kind == "phone", Booking.contact.like(f"%{claim.last_four}"))
        return self._ahead(or_(Attendee.resident_id.in_(reached), told))

    def _scopes(self, own: bool) -> list[tuple[str, int]]:
        """Whose tries count, in the order in which they are locked.

        What was booked through this telephone or friend stays within reach when others have used up everybody's tries.
        """
        call = [(f"call:{self.conversation}", self.limits.booking_tries_per_call)] if self.channel == "voice" else []
        who = f"resident:{self.resident.id}" if self.resident else attempts.WITHHELD
        return [
            *call,
            (who, self.limits.booking_tries_per_day),
            *([] if own else [(attempts.EVERYBODY, self.limits.booking_tries_per_day_all)]),
        ]

    def _ahead(self, whose: ColumnElement[bool]) -> list[Held]:
        """The active ones that have not begun, soonest first."""
        return all_held(self.session, whose, Booking.state.in_(ACTIVE), Slot.starts_at > self.now)

    def _via(self) -> Via:
        if self.channel == "line":
            return Via("line", "line", self.address, limits=self.limits)
        number = self.address or self.phone
        return Via("voice", "phone" if number else None, number, limits=self.limits)
