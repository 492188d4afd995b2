"""What is kept of bookings."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.booking.values import ACTIVE
from helpdesk.people.tables import Resident
from helpdesk.programme.tables import Offering, Slot
from helpdesk.store.base import Table
from helpdesk.telephone import may_get_sms

SEATED = ("offered", "booked", "attended", "missed")
"""States that hold a seat of a slot."""


STATES = (*ACTIVE, "attended", "missed", "cancelled", "declined", "expired", "skipped")


_ACTIVE = text("state IN ('waiting', 'offered', 'booked')")


class Attendee(Table):
    """Somebody who comes: a name under the record through which the booking was made (a family may share a number)."""

    __tablename__ = "attendees"
    __table_args__ = (UniqueConstraint("resident_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), index=True)
    """None when the number was withheld."""
    key: Mapped[str] = mapped_column(String(100))
    """The reading of the name; ``self`` for a LINE friend, ``call:…`` while the name is not known."""
    name: Mapped[str | None] = mapped_column(String(80))
    """As it was told; None while staff have to confirm it."""
    reading: Mapped[str | None] = mapped_column(String(100), index=True)
    """The name's reading without spaces: the same under joined records is the same person."""
    turn: Mapped[int] = mapped_column(default=0)
    """Counted up by whoever books for this person: that row lock is what makes overlapping bookings impossible."""
    resident: Mapped[Resident | None] = relationship()


class Booking(Table):
    """A place, or a wish for one (the waiting list), of one person in one session."""

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("state IN (" + ", ".join(f"'{state}'" for state in STATES) + ")", name="state"),
        CheckConstraint("state NOT IN ('offered', 'booked', 'attended', 'missed') OR slot_id IS NOT NULL", name="seat"),
        Index(
            "uq_bookings_person_session",
            "attendee_id",
            "offering_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("uq_bookings_number", "number", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(5))
    """Four digits and a check digit, to be spoken; unique among those that are active."""
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id", ondelete="CASCADE"))
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id", ondelete="RESTRICT"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id", ondelete="RESTRICT"), index=True)
    """The seat that is held; None on the waiting list."""
    state: Mapped[str] = mapped_column(String(12), index=True)
    channel: Mapped[str] = mapped_column(String(8))
    """``voice``, ``line`` or ``staff``: where it was made."""
    contact_kind: Mapped[str | None] = mapped_column(String(8))
    """``phone`` or ``line``; None when nobody can be reached."""
    contact: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    offered_until: Mapped[datetime | None]
    """Until when the place that became free is kept for this person."""
    reason: Mapped[str] = mapped_column(String(120), default="")
    """Why it was cancelled, skipped or put off."""
    by: Mapped[str] = mapped_column(String(80), default="bot")
    """``bot`` or the member of staff who booked."""
    attendee: Mapped[Attendee] = relationship()
    offering: Mapped[Offering] = relationship()
    slot: Mapped[Slot | None] = relationship()

    @property
    def mobile(self) -> str | None:
        """The telephone number (E.164) that an SMS may go to: one that rang here, or that staff wrote down."""
        return mobile_of(self.channel, self.attendee.resident_id, self.contact_kind, self.contact)


def mobile_of(channel: str, resident_id: int | None, contact_kind: str | None, contact: str | None) -> str | None:
    """The number that an SMS may go to.

    One that somebody whose own was withheld only told is not: it may be anybody's.
    """
    told = channel == "voice" and resident_id is None
    return contact if contact is not None and contact_kind == "phone" and not told and may_get_sms(contact) else None


class Attempt(Table):
    """How many tries to find a booking found nothing: by call, by telephone or friend, and over all, a day."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("scope", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(40))
    """``call:ID``, ``resident:ID``, ``withheld`` or ``all``: no number and no name."""
    day: Mapped[date]
    tries: Mapped[int] = mapped_column(default=0)
