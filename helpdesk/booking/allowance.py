"""How many seats one person may hold, and callers whose number is withheld together: what is above, staff confirm."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from helpdesk.booking.outcomes import TooMany, Via
from helpdesk.booking.tables import Attendee, Booking
from helpdesk.booking.values import ACTIVE
from helpdesk.limits import Limits
from helpdesk.people.residents import joined
from helpdesk.people.tables import Resident
from helpdesk.programme import finding
from helpdesk.programme.tables import Offering, Slot
from helpdesk.programme.values import Place
from helpdesk.store.queueing import queue_up


def too_many(
    session: Session, now: datetime, attendee: Attendee, place: Place, via: Via, but: Booking | None = None
) -> TooMany | None:
    """Whether this place is beyond what the person is allowed; ``but`` is a wish that it fulfils. Staff: never."""
    if via.limits is None:
        return None
    if attendee.resident_id is None:
        return _beyond_share(session, place, via.limits, but)
    family = joined(session, session.get(Resident, attendee.resident_id))
    queue_up(session, f"seats:{family[0]}")
    held = (
        _active(but)
        .join(Attendee)
        .join(Offering, Booking.offering_id == Offering.id)
        .outerjoin(Slot, Booking.slot_id == Slot.id)
    )
    ahead = or_(Slot.starts_at > now, Slot.id.is_(None) & (Offering.starts_at > now))
    count = session.scalar(held.where(Attendee.resident_id.in_(family), ahead)) or 0
    return TooMany(place) if count >= via.limits.seats_per_person else None


def too_many_there(session: Session, booking: Booking, slot_id: int, limits: Limits | None) -> TooMany | None:
    """Whether moving this booking to another session takes more of it than callers without a number may have."""
    if limits is None or booking.attendee.resident_id is not None:
        return None
    there = finding.place(session, slot_id)
    if there is None or there.offering == booking.offering_id:
        return None
    return _beyond_share(session, there, limits, booking)


def _beyond_share(session: Session, place: Place, limits: Limits, but: Booking | None) -> TooMany | None:
    queue_up(session, f"without number:{place.offering}")
    held = (
        _active(but)
        .join(Attendee)
        .where(Attendee.resident_id.is_(None), Booking.offering_id == place.offering, Booking.channel != "staff")
    )
    capacity = session.scalars(select(Offering.capacity).where(Offering.id == place.offering)).one()
    share = max(1, capacity * limits.percent_without_number // 100)
    return TooMany(place) if (session.scalar(held) or 0) >= share else None


def _active(but: Booking | None) -> Select[int]:
    found = select(func.count(Booking.id)).where(Booking.state.in_(ACTIVE))
    return found if but is None else found.where(Booking.id != but.id)
