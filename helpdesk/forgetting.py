"""Deletes a person for good, on request."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from helpdesk.booking.bookings import release_all
from helpdesk.booking.tables import Attempt, Attendee, Booking
from helpdesk.outbox.tables import OutboxMessage, ShortMessage
from helpdesk.people.tables import Resident
from helpdesk.staff.tables import Reading
from helpdesk.talks.tables import Conversation, Inquiry


def forget(session: Session, resident_id: int, now: datetime) -> int | None:
    """Delete the resident and all that hangs on the record; how many inquiries, None without such a resident.

    With it go talks, inquiries, turns, call-backs, bookings, learning paths and messages.
    """
    resident = session.get(Resident, resident_id)
    if resident is None:
        return None
    inquiries = list(session.scalars(select(Inquiry.id).where(Inquiry.resident_id == resident_id)))
    numbers = [address.value for address in resident.addresses]
    theirs = select(Attendee.id).where(Attendee.resident_id == resident_id)
    release_all(session, now, list(session.scalars(select(Booking).where(Booking.attendee_id.in_(theirs)))))
    session.execute(delete(Booking).where(Booking.attendee_id.in_(theirs)))
    session.execute(delete(OutboxMessage).where(OutboxMessage.recipient.in_(numbers)))
    session.execute(delete(ShortMessage).where(ShortMessage.number.in_(numbers)))
    session.execute(delete(Reading).where(Reading.kind == "resident", Reading.target_id == resident_id))
    session.execute(delete(Reading).where(Reading.kind == "inquiry", Reading.target_id.in_(inquiries)))
    session.execute(delete(Conversation).where(Conversation.resident_id == resident_id))
    session.execute(delete(Inquiry).where(Inquiry.resident_id == resident_id))
    session.execute(delete(Attempt).where(Attempt.scope == f"resident:{resident_id}"))
    session.delete(resident)
    session.flush()
    return len(inquiries)


def count_residents(session: Session) -> int:
    """How many residents are known."""
    return session.scalar(select(func.count()).select_from(Resident)) or 0
