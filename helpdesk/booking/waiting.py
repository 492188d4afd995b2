"""The waiting list: a seat that becomes free is kept for the next person, who is told and has time to answer.

The seat stays taken while it is offered, so that nobody else can have it. Whoever declines, does not answer or
cannot come is passed over with a reason, and the next one is asked; with nobody left the seat is free.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from helpdesk.booking import allowance
from helpdesk.booking.attendees import in_session, lock_person, overlapping, persons
from helpdesk.booking.notices import tell_of_place
from helpdesk.booking.outcomes import AlreadyBooked, Booked, Gone, Over, Overlaps, TooMany, Via, Waiting
from helpdesk.booking.seats import give_back, is_beyond, lock_slots, take_seat
from helpdesk.booking.spoken_number import draw_number
from helpdesk.booking.tables import Attendee, Booking
from helpdesk.clock import TOKYO
from helpdesk.people.tables import Address
from helpdesk.programme import finding
from helpdesk.programme.tables import Offering, Slot
from helpdesk.store.database import rows_changed

OFFER_LASTS = timedelta(hours=24)
LAST_OFFER = timedelta(hours=2)
"""Closer to the start nobody is asked any more: there would be no time to answer and to come."""
DAY_BEGINS, DAY_ENDS = time(9, 0), time(20, 0)


def wait(
    session: Session, now: datetime, attendee: Attendee, offering_id: int, via: Via
) -> Waiting[Booking] | AlreadyBooked[Booking] | TooMany | Over:
    """Put a person on the list of a session; once, however often it is asked for."""
    place = finding.first_place(session, offering_id)
    if place is None or place.cancelled or not place.published or place.starts_at <= now:
        return Over()
    known = in_session(session, lock_person(session, attendee), offering_id)
    if known is not None:
        return Waiting(known, position(session, known)) if known.state == "waiting" else AlreadyBooked(known)
    if (refused := allowance.too_many(session, now, attendee, place, via)) is not None:
        return refused
    booking = Booking(
        number=draw_number(session), attendee_id=attendee.id, offering_id=offering_id, state="waiting",
        channel=via.channel, contact_kind=via.contact_kind, contact=via.contact,
        created_at=now, changed_at=now, by=via.by,
    )  # fmt: skip
    session.add(booking)
    session.flush()
    return Waiting(booking, position(session, booking))


def position(session: Session, booking: Booking) -> int:
    """1 is the next."""
    return (
        session.scalar(
            select(func.count()).where(
                Booking.offering_id == booking.offering_id, Booking.state == "waiting", Booking.id <= booking.id
            )
        )
        or 1
    )


def pass_on(session: Session, now: datetime, slot_id: int) -> Booking | None:
    """A seat of the slot, still taken, goes to the next on the list; with nobody it becomes free. Who was asked."""
    slot = session.get(Slot, slot_id, populate_existing=True)
    if slot is None:
        return None
    if is_beyond(session, slot_id):
        give_back(session, slot_id)
        return None
    for booking in session.scalars(
        select(Booking).where(Booking.offering_id == slot.offering_id, Booking.state == "waiting").order_by(Booking.id)
    ):
        reason = why_not(session, now, booking, slot)
        if reason is not None:
            _pass_over(session, now, booking.id, reason)
            continue
        if _offer(session, now, booking, slot):
            return booking
    give_back(session, slot_id)
    return None


def why_not(session: Session, now: datetime, booking: Booking, slot: Slot) -> str | None:
    """Why this person is not asked; None when she is."""
    if offered_until(now, slot.starts_at) is None or slot.offering.cancelled:
        return "開始が近いため、ご案内できませんでした"
    if booking.contact is None:
        return "連絡先が分からないため"
    if booking.contact_kind == "line" and session.scalar(
        select(Address.blocked_at).where(Address.kind == "line", Address.value == booking.contact)
    ):
        return "LINEがブロックされているため"
    if overlapping(session, persons(session, booking.attendee), slot.starts_at, slot.ends_at):
        return "同じ時間に別の予約があるため"
    return None


def offered_until(now: datetime, starts_at: datetime) -> datetime | None:
    """By when an answer is needed; None when it is too late to ask.

    It is a day from when the message may leave (9-20 o'clock), and never after the start.
    """
    local = now.astimezone(TOKYO)
    told = local
    if local.time() < DAY_BEGINS:
        told = datetime.combine(local.date(), DAY_BEGINS, TOKYO)
    elif local.time() >= DAY_ENDS:
        told = datetime.combine(local.date() + timedelta(days=1), DAY_BEGINS, TOKYO)
    if starts_at - told < LAST_OFFER:
        return None
    return min(told + OFFER_LASTS, starts_at - LAST_OFFER / 2)


def _offer(session: Session, now: datetime, booking: Booking, slot: Slot) -> bool:
    """Keep the seat for this person unless somebody else just gave her another one."""
    until = offered_until(now, slot.starts_at)
    kept = {"state": "offered", "slot_id": slot.id, "offered_until": until, "changed_at": now}
    if not rows_changed(
        session, update(Booking).where(Booking.id == booking.id, Booking.state == "waiting").values(kept)
    ):
        return False
    session.refresh(booking)
    tell_of_place(session, now, booking)
    return True


def _pass_over(session: Session, now: datetime, booking_id: int, reason: str) -> None:
    """Not this time; the wish stays, with the reason for staff."""
    rows_changed(
        session,
        update(Booking)
        .where(Booking.id == booking_id, Booking.state == "waiting")
        .values(reason=reason, changed_at=now),
    )


def _close(session: Session, now: datetime, booking_id: int, was: str, state: str, reason: str) -> bool:
    statement = (
        update(Booking)
        .where(Booking.id == booking_id, Booking.state == was)
        .values(state=state, reason=reason, changed_at=now)
    )
    return bool(rows_changed(session, statement))


def accept(session: Session, now: datetime, booking: Booking) -> Booked[Booking] | Gone | Overlaps[Booking]:
    """The person takes the place that was offered."""
    ids = lock_person(session, booking.attendee)
    slot = booking.slot
    if booking.offering.cancelled:
        return Gone()
    if slot is not None:
        other = overlapping(session, ids, slot.starts_at, slot.ends_at, but=booking.id)
        if other is not None:
            return Overlaps(other)
    in_time = (Booking.id == booking.id, Booking.state == "offered", Booking.offered_until > now)
    taken = rows_changed(
        session, update(Booking).where(*in_time).values(state="booked", changed_at=now, offered_until=None)
    )
    session.refresh(booking)
    return Booked(booking) if taken or booking.state == "booked" else Gone()


def decline(
    session: Session, now: datetime, booking: Booking, state: str = "declined", reason: str = "本人が見送り"
) -> bool:
    """The person does not take it, or did not answer: the next one is asked. Once, however often it arrives."""
    if booking.slot_id is not None:
        lock_slots(session, [booking.slot_id])
    if not _close(session, now, booking.id, "offered", state, reason):
        session.refresh(booking)
        return False
    session.refresh(booking)
    if booking.slot_id is not None:
        pass_on(session, now, booking.slot_id)
    return True


def late_offers(session: Session, now: datetime) -> list[int]:
    """Ids of offers that nobody answered in time."""
    return list(
        session.scalars(
            select(Booking.id).where(Booking.state == "offered", Booking.offered_until <= now).order_by(Booking.id)
        )
    )


def expire(session: Session, now: datetime, booking_id: int) -> bool:
    """One such offer goes to the next. In a transaction of its own, so that two seats are never locked at once."""
    booking = session.get(Booking, booking_id)
    late = booking is not None and booking.offered_until is not None and booking.offered_until <= now
    return late and booking is not None and decline(session, now, booking, "expired", "期限までにお返事がなかったため")


def close_lists(session: Session, now: datetime) -> int:
    """Waiting lists of sessions that have begun are closed. How many people were still waiting."""
    over = select(Offering.id).where(Offering.starts_at <= now)
    ids = list(
        session.scalars(
            select(Booking.id)
            .where(Booking.state == "waiting", Booking.offering_id.in_(over))
            .order_by(Booking.id)
            .with_for_update(skip_locked=True)
        )
    )
    reason = case((Booking.reason == "", "空きが出ないまま始まったため"), else_=Booking.reason)
    rows_changed(
        session,
        update(Booking)
        .where(Booking.id.in_(ids), Booking.state == "waiting")
        .values(state="skipped", reason=reason, changed_at=now),
    )
    return len(ids)


def free_seats(session: Session, now: datetime) -> list[int]:
    """Ids of slots with a free seat although people wait (a capacity that was raised, two events that crossed)."""
    waiting = select(Booking.offering_id).where(Booking.state == "waiting")
    found = select(Slot.id).where(
        Slot.offering_id.in_(waiting), Slot.taken < Slot.capacity, Slot.starts_at > now + LAST_OFFER
    )
    return list(session.scalars(found.order_by(Slot.id)))


def offer_free_seat(session: Session, now: datetime, slot_id: int) -> bool:
    """One such seat is offered, in a transaction of its own."""
    return take_seat(session, slot_id, now) and pass_on(session, now, slot_id) is not None
