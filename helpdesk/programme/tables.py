"""What is kept of the programme: sessions, their slots, who comes, bookings, learning paths, access codes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.programme.values import offer_of
from helpdesk.store.base import Table


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
    """Counted up with every change of time, place or state: calendars take the entry with the highest."""
    changed_at: Mapped[datetime | None]
    """When an import last changed it."""

    @property
    def offer(self) -> str:
        """What it is, as learning paths name it: ``class:basic``, ``consultation``."""
        return offer_of(self.kind, self.level)

    slots: Mapped[list["Slot"]] = relationship(
        back_populates="offering", order_by="Slot.number", cascade="all, delete-orphan"
    )


@event.listens_for(Offering, "before_update")
def _count_up(_mapper: object, _connection: object, offering: Offering) -> None:
    """A change that somebody's calendar has to hear of."""
    changed = inspect(offering).attrs
    if any(changed[name].history.has_changes() for name in ("venue", "starts_at", "ends_at", "cancelled")):
        offering.sequence += 1


class Slot(Table):
    """A time of a session with its seats: classes and events have one, a consultation is cut into several.

    ``taken`` is changed by guarded statements alone (``helpdesk/booking/seats.py``); the table itself refuses to be
    overbooked.
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
