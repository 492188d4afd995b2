"""Who comes: somebody is a name under a record, or under those joined to it.

A family may share a number, a person may use several.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpdesk.booking.same_name import is_same, name_key
from helpdesk.booking.tables import Attendee, Booking
from helpdesk.booking.values import ACTIVE
from helpdesk.people.residents import joined
from helpdesk.people.tables import Resident
from helpdesk.programme.tables import Slot
from helpdesk.store.database import insert_unless_there, rows_changed

SELF = "self"
"""Key of a LINE friend who comes in person: the account is hers alone."""
LONGEST_KEY = 100


def attendee(
    session: Session, resident: Resident | None, key: str, name: str | None = None, reading: str | None = None
) -> Attendee:
    """The person of this key under the record or one joined to it; made when nobody is.

    A name that was unknown is filled in.
    """
    family = joined(session, resident)
    found = _called(session, family, key, name, reading)
    if reading is not None:
        key = name_key(reading)[:LONGEST_KEY]
    find = select(Attendee).where(Attendee.resident_id.in_(family), Attendee.key == key).order_by(Attendee.id)
    if found is None:
        values = {
            "resident_id": resident.id if resident else None,
            "key": key,
            "name": name,
            "reading": reading,
            "turn": 0,
        }
        if resident is None:
            found = Attendee(**values)
            session.add(found)
            session.flush()
        else:
            insert_unless_there(session, Attendee, values)
            found = session.scalars(find).one()
    if name and not found.name:
        found.name, found.reading = name, reading
    return found


def _called(session: Session, family: list[int], key: str, name: str | None, reading: str | None) -> Attendee | None:
    """Who has this key, or is known by this name however it is written (a key of before may be any reading)."""
    if not family:
        return None
    known = session.scalars(select(Attendee).where(Attendee.resident_id.in_(family)).order_by(Attendee.id)).all()
    if reading is None:
        return next((one for one in known if one.key == key), None)
    named = [one for one in known if one.key != SELF and not one.key.startswith("call:")]
    exact = next((one for one in named if one.key in (key, name_key(reading))), None)
    return exact or next((one for one in named if is_same(one.name, one.reading, name, reading)), None)


def persons(session: Session, one: Attendee) -> list[int]:
    """The ids of the attendees who are this person: the same name, however it is written, under joined records."""
    if one.resident_id is None or not one.reading:
        return [one.id]
    family = joined(session, session.get(Resident, one.resident_id))
    known = session.scalars(select(Attendee).where(Attendee.resident_id.in_(family)))
    return sorted({one.id, *(other.id for other in known if is_same(one.name, one.reading, other.name, other.reading))})


def lock_person(session: Session, one: Attendee) -> list[int]:
    """Whoever books for this person waits until the other who does has finished. The person's attendee ids."""
    ids = persons(session, one)
    for attendee_id in ids:
        rows_changed(session, update(Attendee).where(Attendee.id == attendee_id).values(turn=Attendee.turn + 1))
    return ids


def in_session(session: Session, ids: list[int], offering_id: int, but: int | None = None) -> Booking | None:
    """This person's place in a session, or wish for one; ``but`` is a booking that is looked away from."""
    found = select(Booking).where(
        Booking.attendee_id.in_(ids), Booking.offering_id == offering_id, Booking.state.in_(ACTIVE)
    )
    if but is not None:
        found = found.where(Booking.id != but)
    return session.scalars(found.limit(1)).first()


def overlapping(
    session: Session, ids: list[int], starts_at: datetime, ends_at: datetime, but: int | None = None
) -> Booking | None:
    """A booking of this person at the same time; ``but`` is the booking that is being changed."""
    found = (
        select(Booking).join(Slot, Booking.slot_id == Slot.id)
        .where(Booking.attendee_id.in_(ids), Booking.state.in_(("booked", "offered")),
               Slot.starts_at < ends_at, Slot.ends_at > starts_at)
    )  # fmt: skip
    if but is not None:
        found = found.where(Booking.id != but)
    return session.scalars(found.limit(1)).first()
