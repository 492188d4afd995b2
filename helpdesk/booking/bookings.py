"""Booking, changing and cancelling.

Whatever happens at the same time, a seat is sold once and nobody sits in two places.

Locks are always taken in this order: the person, the slots by id, the booking.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from helpdesk.booking import allowance, waiting
from helpdesk.booking.attendees import SELF, in_session, lock_person, overlapping
from helpdesk.booking.attendees import attendee as attendee_of
from helpdesk.booking.outcomes import AlreadyBooked, Booked, Cancelled, Full, Gone, Outcome, Over, Overlaps, Via
from helpdesk.booking.seats import add_seat, give_back, lock_slots, take_seat
from helpdesk.booking.spoken_number import draw_number
from helpdesk.booking.tables import SEATED, Attendee, Booking
from helpdesk.booking.values import ACTIVE
from helpdesk.people.tables import Resident
from helpdesk.programme import finding
from helpdesk.programme.tables import Slot
from helpdesk.store.database import rows_changed


def book(
    session: Session, now: datetime, attendee: Attendee, slot_id: int, via: Via, overbook: bool = False
) -> Outcome[Booking]:
    """A place for this person; the same person and session twice is one booking."""
    place = finding.place(session, slot_id)
    if place is None or place.cancelled or not place.published or place.starts_at <= now:
        return Over()
    ids = lock_person(session, attendee)
    known = in_session(session, ids, place.offering)
    if known is not None and known.state == "booked":
        return AlreadyBooked(known)
    if known is not None and known.state == "offered" and known.slot_id == slot_id:
        return waiting.accept(session, now, known)
    other = overlapping(session, ids, place.starts_at, place.ends_at)
    if other is not None and other is not known:
        return Overlaps(other)
    if (refused := allowance.too_many(session, now, attendee, place, via, known)) is not None:
        return refused
    if known is not None:
        lock_slots(session, [slot_id, *([known.slot_id] if known.slot_id is not None else [])])
        if not _unchanged(session, known):
            return book(session, now, attendee, slot_id, via, overbook)
    if not _seat(session, now, slot_id, overbook):
        return Full()
    if known is not None:
        freed = known.slot_id
        known.state, known.slot_id, known.changed_at, known.offered_until = "booked", slot_id, now, None
        session.flush()
        if freed is not None:
            waiting.pass_on(session, now, freed)
        return Booked(known)
    booking = Booking(
        number=draw_number(session), attendee_id=attendee.id, offering_id=place.offering, slot_id=slot_id,
        state="booked", channel=via.channel, contact_kind=via.contact_kind, contact=via.contact,
        created_at=now, changed_at=now, by=via.by,
    )  # fmt: skip
    session.add(booking)
    session.flush()
    return Booked(booking)


def _seat(session: Session, now: datetime, slot_id: int, overbook: bool) -> bool:
    if take_seat(session, slot_id, now):
        return True
    if overbook:
        add_seat(session, slot_id)
    return overbook


def _unchanged(session: Session, booking: Booking) -> bool:
    """Lock the booking and look again: whether it is as it was read before the slots were locked.

    The waiting list may have offered it a seat, somebody may have cancelled it.
    """
    before = (booking.state, booking.slot_id)
    session.refresh(booking, with_for_update={"of": Booking})
    return (booking.state, booking.slot_id) == before


def cancel(
    session: Session, now: datetime, booking: Booking, reason: str = "本人の希望"
) -> Cancelled[Booking] | Over | Gone:
    """Give the place up, until the session starts; the next who waits is asked. Once, however often it arrives."""
    session.refresh(booking)
    if booking.slot is not None and booking.slot.starts_at <= now:
        return Over()
    if booking.slot_id is not None:
        lock_slots(session, [booking.slot_id])
    held = booking.slot_id
    as_read = (
        Booking.id == booking.id,
        Booking.state.in_(ACTIVE),
        Booking.slot_id.is_(None) if held is None else Booking.slot_id == held,
    )
    ended = rows_changed(
        session, update(Booking).where(*as_read).values(state="cancelled", reason=reason[:120], changed_at=now)
    )
    session.refresh(booking)
    if not ended:
        return Gone()
    if held is not None:
        waiting.pass_on(session, now, held)
    return Cancelled(booking)


def change(session: Session, now: datetime, booking: Booking, slot_id: int, overbook: bool = False) -> Outcome[Booking]:
    """Move a booking in one step: the new seat is held before the old one is given up, or nothing happens."""
    ids = lock_person(session, booking.attendee)
    session.refresh(booking)
    old, slot = booking.slot, session.get(Slot, slot_id)
    if booking.state != "booked" or old is None or old.starts_at <= now:
        return Gone()
    if slot is None or slot.offering.cancelled or not slot.offering.published or slot.starts_at <= now:
        return Over()
    if slot.id == old.id:
        return AlreadyBooked(booking)
    there = in_session(session, ids, slot.offering_id, but=booking.id)
    if there is not None and there.state == "booked":
        return AlreadyBooked(there)
    other = overlapping(session, ids, slot.starts_at, slot.ends_at, but=booking.id)
    if other is not None and other is not there:
        return Overlaps(other)
    lock_slots(
        session, [old.id, slot.id, *([there.slot_id] if there is not None and there.slot_id is not None else [])]
    )
    if not all(_unchanged(session, one) for one in (booking, there) if one is not None):
        return change(session, now, booking, slot_id, overbook)
    if not _seat(session, now, slot_id, overbook):
        return Full()
    if there is not None:
        # The wish for that session on its waiting list is fulfilled by this change.
        freed, there.state, there.reason, there.changed_at = (
            there.slot_id,
            "cancelled",
            "予約の変更で席が取れたため",
            now,
        )
        session.flush()
        if freed is not None:
            waiting.pass_on(session, now, freed)
    booking.slot_id, booking.offering_id, booking.changed_at = slot.id, slot.offering_id, now
    session.flush()
    waiting.pass_on(session, now, old.id)
    session.refresh(booking)
    return Booked(booking)


def give_name(
    session: Session, booking: Booking, resident: Resident | None, name: str, reading: str, now: datetime
) -> Booked[Booking] | AlreadyBooked[Booking] | Overlaps[Booking]:
    """The booking belongs to the person of this name.

    Who has that place already, or sits elsewhere then, gives the new one back.

    A LINE friend who comes herself keeps her own entry, which gets the name.
    """
    if booking.attendee.key == SELF:
        person = booking.attendee
        person.name, person.reading = name, reading
        session.flush()
    else:
        person = attendee_of(session, resident, reading, name, reading)
    ids = lock_person(session, person)
    same = in_session(session, ids, booking.offering_id, but=booking.id)
    other = same or (
        overlapping(session, ids, booking.slot.starts_at, booking.slot.ends_at, but=booking.id)
        if booking.slot
        else None
    )
    if other is not None:
        cancel(session, now, booking, "同じかたの予約が別にあったため")
        return AlreadyBooked(other) if other is same else Overlaps(other)
    booking.attendee_id = person.id
    session.flush()
    return Booked(booking)


def release_all(session: Session, now: datetime, bookings: list[Booking]) -> None:
    """Before a person is deleted: seats that are held for her are free again."""
    for booking in bookings:
        if booking.slot is None or booking.state not in SEATED:
            continue
        if booking.state in ACTIVE and booking.slot.starts_at > now:
            cancel(session, now, booking, "記録の削除")
        else:
            give_back(session, booking.slot.id)
