"""What is kept of the programme: sessions, their slots, who comes, bookings, learning paths, access codes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.tables import Resident, Table
from helpdesk.telephone import may_get_sms

ACTIVE = ("waiting", "offered", "booked")
"""States in which a person has, or waits for, a place."""
SEATED = ("offered", "booked", "attended", "missed")
"""States that hold a seat of a slot."""
STATES = (*ACTIVE, "attended", "missed", "cancelled", "declined", "expired", "skipped")
_ACTIVE = text("state IN ('waiting', 'offered', 'booked')")


class Offering(Table):
    """One session of the year's programme: a class, a consultation or an event at a place and time."""

    __tablename__ = "offerings"
    __table_args__ = (
        CheckConstraint("kind IN ('class', 'consultation', 'event')", name="kind"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("ends_at > starts_at", name="ends"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    level: Mapped[str] = mapped_column(String(8), default="")
    """``basic`` or ``applied`` of a class; ``game``, ``quiz`` or ``walk`` of an event; empty for a consultation."""
    title: Mapped[str] = mapped_column(String(80))
    venue: Mapped[str] = mapped_column(String(40), active_history=True)
    starts_at: Mapped[datetime] = mapped_column(index=True, active_history=True)
    ends_at: Mapped[datetime] = mapped_column(active_history=True)
    capacity: Mapped[int]
    """Places; of a consultation the one-to-one slots that its time is cut into."""
    bring: Mapped[str] = mapped_column(String(120), default="")
    published: Mapped[bool] = mapped_column(default=True)
    cancelled: Mapped[str] = mapped_column(String(120), default="", active_history=True)
    """Why it does not take place; empty when it does."""
    sample: Mapped[bool] = mapped_column(default=False)
    """Made up for trying the service out."""
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    """Counted up with every change of time, place or state, whoever makes it: calendars take the entry with the highest."""
    changed_at: Mapped[datetime | None]
    """When an import last changed it."""

    @property
    def offer(self) -> str:
        """What it is, as learning paths name it: ``class:basic``, ``consultation``."""
        return f"{self.kind}:{self.level}" if self.level else self.kind

    slots: Mapped[list["Slot"]] = relationship(back_populates="offering", order_by="Slot.number", cascade="all, delete-orphan")


@event.listens_for(Offering, "before_update")
def _count_up(_mapper: object, _connection: object, offering: Offering) -> None:
    """A change that somebody's calendar has to hear of."""
    changed = inspect(offering).attrs
    if any(changed[name].history.has_changes() for name in ("venue", "starts_at", "ends_at", "cancelled")):
        offering.sequence += 1


class Slot(Table):
    """A time of a session with its seats: classes and events have one, a consultation is cut into several.

    ``taken`` is changed by guarded statements alone (``helpdesk/booking/seats.py``); the table itself refuses to be overbooked.
    """

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("offering_id", "number"),
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("extra >= 0", name="extra"),
        CheckConstraint("taken <= capacity + extra", name="seats"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id", ondelete="CASCADE"))
    number: Mapped[int]
    """0 is the first of the session."""
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    extra: Mapped[int] = mapped_column(default=0)
    """Seats beyond the capacity that staff gave on purpose, or that remain when the capacity was made smaller."""
    offering: Mapped[Offering] = relationship(back_populates="slots")


class Attendee(Table):
    """Somebody who comes: known by the name under the record through which the booking was made (a family may share a number)."""

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
        Index("uq_bookings_person_session", "attendee_id", "offering_id", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
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
        told = self.channel == "voice" and self.attendee.resident_id is None
        return self.contact if self.contact is not None and self.contact_kind == "phone" and not told and may_get_sms(self.contact) else None


class LearningPath(Table):
    """The steps proposed to a person, newest last; a new plan puts the old one aside."""

    __tablename__ = "learning_paths"
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    hearing: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the person told."""
    steps: Mapped[list[Any]] = mapped_column(default=list)
    """What is proposed, each with its reason and how it went."""
    why: Mapped[str] = mapped_column(String(40), default="asked")
    """``asked``, or what made a new plan necessary: attended, missed, refused, full."""
    replaced_at: Mapped[datetime | None]


class AccessCode(Table):
    """A code for the practice app; one for each person."""

    __tablename__ = "access_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id", ondelete="SET NULL"), unique=True)
    given_at: Mapped[datetime | None]


class Attempt(Table):
    """How many tries to find a booking found nothing: by call, by telephone or friend, and over all, a day."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("scope", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(40))
    """``call:ID``, ``resident:ID``, ``withheld`` or ``all``: no number and no name."""
    day: Mapped[date]
    tries: Mapped[int] = mapped_column(default=0)
