"""Reads bookings with their person and place as values, in one statement however many they are."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from helpdesk.booking.attendees import SELF
from helpdesk.booking.tables import Attendee, Booking, mobile_of
from helpdesk.booking.values import Held
from helpdesk.programme.columns import PLACE
from helpdesk.programme.tables import Offering, Slot
from helpdesk.programme.values import Place

_OWN = (
    Booking.id, Booking.number, Booking.state, Booking.slot_id, Booking.channel,
    Booking.contact_kind, Booking.contact, Booking.offered_until, Booking.changed_at,
    Attendee.key, Attendee.name, Attendee.reading, Attendee.resident_id,
)  # fmt: skip


def held(session: Session, booking_id: int) -> Held | None:
    """One booking as it is now."""
    return next(iter(all_held(session, Booking.id == booking_id)), None)


def all_held(session: Session, *where: ColumnElement[bool]) -> list[Held]:
    """The bookings for which this holds, by the start of their place."""
    return [_as_held(row) for row in session.execute(_query().where(*where).order_by(Slot.starts_at, Booking.id))]


def _query() -> Select[*tuple[Any, ...]]:
    """Of a wish on the waiting list the place is the session's first slot."""
    other = Slot.__table__.alias("first")
    at = select(other.c.id).where(other.c.offering_id == Booking.offering_id, other.c.number == 0).scalar_subquery()
    query = select(*_OWN, *PLACE).select_from(Booking).join(Attendee, Booking.attendee_id == Attendee.id)
    return query.join(Offering, Booking.offering_id == Offering.id).join(
        Slot, Slot.id == func.coalesce(Booking.slot_id, at)
    )


def _as_held(row: Any) -> Held:
    (
        booking_id,
        number,
        state,
        slot,
        channel,
        contact_kind,
        contact,
        offered_until,
        changed_at,
        key,
        name,
        reading,
        resident_id,
        *place,
    ) = row
    return Held(
        booking_id, number, state, Place(*place), slot, name, reading, contact_kind, contact,
        mobile_of(channel, resident_id, contact_kind, contact), offered_until, changed_at, key == SELF,
    )  # fmt: skip
