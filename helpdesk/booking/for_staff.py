"""What staff do with the programme: look at it, book and cancel on behalf of somebody, note who came."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import jaconv
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from helpdesk.booking import bookings, waiting
from helpdesk.booking.attendees import attendee
from helpdesk.booking.outcomes import (
    AlreadyBooked,
    Booked,
    Cancelled,
    Full,
    Gone,
    Outcome,
    Over,
    Overlaps,
    Via,
    Waiting,
)
from helpdesk.booking.tables import SEATED, Attendee, Booking
from helpdesk.booking.values import ACTIVE
from helpdesk.people.residents import joined, resident_at
from helpdesk.people.tables import Resident
from helpdesk.programme.tables import Offering, Slot
from helpdesk.staff.tables import StaffMember
from helpdesk.telephone import to_e164

SHOW_PAST = timedelta(days=14)
"""Sessions of the last two weeks stay listed: attendance is noted after them."""
_KANA = re.compile(r"[ぁ-ゖー・]+")
_SHOWN = (selectinload(Booking.slot), selectinload(Booking.offering), selectinload(Booking.attendee))
"""What a page shows of a booking: read at once, because pages are drawn when the database is left alone again."""


class NotDone(Exception):
    """Why not, in Japanese for staff."""


@dataclass(frozen=True)
class Row:
    """One session in the list."""

    offering: Offering
    taken: int
    waiting: int


def sessions(session: Session, now: datetime, kind: str = "") -> list[Row]:
    """The programme from two weeks ago on, with seats and waiting lists."""
    taken = select(Slot.offering_id, func.sum(Slot.taken).label("n")).group_by(Slot.offering_id).subquery()
    queue = (
        select(Booking.offering_id, func.count().label("n"))
        .where(Booking.state.in_(("waiting", "offered")))
        .group_by(Booking.offering_id)
        .subquery()
    )
    query = (
        select(Offering, taken.c.n, queue.c.n)
        .outerjoin(taken, taken.c.offering_id == Offering.id)
        .outerjoin(queue, queue.c.offering_id == Offering.id)
    )
    query = query.where(Offering.starts_at > now - SHOW_PAST).order_by(Offering.starts_at, Offering.code)
    if kind:
        query = query.where(Offering.kind == kind)
    return [Row(offering, seats or 0, waits or 0) for offering, seats, waits in session.execute(query)]


def offering(session: Session, offering_id: int) -> Offering | None:
    """One session with its slots."""
    return session.scalar(select(Offering).where(Offering.id == offering_id).options(selectinload(Offering.slots)))


def attending(session: Session, offering_id: int) -> tuple[list[Booking], list[Booking]]:
    """(who has a seat, by time; everybody else who asked for one: waiting, offered, gone)."""
    found = session.scalars(
        select(Booking)
        .where(Booking.offering_id == offering_id)
        .options(selectinload(Booking.attendee), selectinload(Booking.slot))
        .order_by(Booking.id)
    ).all()
    seated = sorted(
        (one for one in found if one.state in SEATED and one.state != "offered"),
        key=lambda one: ((one.slot or one.offering).starts_at, one.id),
    )
    return seated, [one for one in found if one not in seated]


def to_call(session: Session) -> list[Booking]:
    """Offers of the waiting list to people without LINE and mobile phone: staff ring them, the most urgent first."""
    query = select(Booking).where(Booking.state == "offered", Booking.contact_kind == "phone").options(*_SHOWN)
    found = session.scalars(query.order_by(Booking.offered_until)).all()
    return [one for one in found if one.contact is not None and not one.mobile]


def bookings_of(session: Session, resident: Resident) -> list[Booking]:
    """Everything booked through this record and those joined to it, newest session first."""
    query = select(Booking).join(Attendee).where(Attendee.resident_id.in_(joined(session, resident)))
    found = session.scalars(
        query.options(selectinload(Booking.slot), selectinload(Booking.offering), selectinload(Booking.attendee))
    ).all()
    return sorted(found, key=lambda one: (one.slot or one.offering).starts_at, reverse=True)


def book_for(
    session: Session,
    now: datetime,
    member: StaffMember,
    name: str,
    reading: str,
    phone: str,
    slot_id: int,
    overbook: bool,
) -> Booking:
    """A booking on behalf of a caller. Raises NotDone."""
    written, key = " ".join(name.split()), _key(reading)
    if not written or key is None:
        raise NotDone("お名前と、ひらがなかカタカナのふりがなを入れてください。")
    number = to_e164(phone) if phone.strip() else None
    if phone.strip() and number is None:
        raise NotDone("電話番号が読み取れません。市外局番から入れてください。")
    resident = resident_at(session, "phone", number, now) if number else None
    person = attendee(session, resident, key, written[:80], key)
    return _done(
        bookings.book(
            session, now, person, slot_id, Via("staff", "phone" if number else None, number, member.name), overbook
        )
    )


def wait_for(
    session: Session, now: datetime, booking_name: str, reading: str, phone: str, offering_id: int, member: StaffMember
) -> Booking:
    """Onto the waiting list on behalf of a caller. Raises NotDone."""
    number = to_e164(phone)
    key = _key(reading)
    if number is None or not booking_name.strip() or key is None:
        raise NotDone("空きを待つには、お名前・ふりがな・電話番号が必要です。")
    person = attendee(session, resident_at(session, "phone", number, now), key, booking_name.strip()[:80], key)
    outcome = waiting.wait(session, now, person, offering_id, Via("staff", "phone", number, member.name))
    if isinstance(outcome, Waiting):
        return outcome.booking
    raise NotDone("もう予約があるか、受け付けの終わった会です。")


def move(session: Session, now: datetime, booking_id: int, slot_id: int, overbook: bool) -> Booking:
    """Another time or session for a booking. Raises NotDone."""
    return _done(bookings.change(session, now, booking_of(session, booking_id), slot_id, overbook))


def cancel(session: Session, now: datetime, booking_id: int, member: StaffMember) -> Booking:
    """Cancelled on behalf of the person. Raises NotDone."""
    outcome = bookings.cancel(session, now, booking_of(session, booking_id), f"{member.name}さんが本人の希望で取り消し")
    if isinstance(outcome, Cancelled):
        return outcome.booking
    raise NotDone(
        "始まった会の予約は取り消せません。" if isinstance(outcome, Over) else "この予約は、もう取り消されています。"
    )


def answer_offer(session: Session, now: datetime, booking_id: int, takes: bool) -> Booking:
    """What the person said on the telephone to a place that became free. Raises NotDone."""
    booking = booking_of(session, booking_id)
    if takes:
        return _done(waiting.accept(session, now, booking))
    if not waiting.decline(session, now, booking):
        raise NotDone("この案内は、もう期限が過ぎたか、返事が済んでいます。")
    return booking


def name_it(session: Session, now: datetime, booking_id: int, name: str, reading: str) -> Booking:
    """The name that staff confirmed. Raises NotDone."""
    booking = booking_of(session, booking_id)
    key = _key(reading)
    if not name.strip() or key is None:
        raise NotDone("お名前と、ひらがなかカタカナのふりがなを入れてください。")
    resident = session.get(Resident, booking.attendee.resident_id) if booking.attendee.resident_id else None
    return _done(bookings.give_name(session, booking, resident, name.strip()[:80], key, now))


def names_to_confirm(session: Session, now: datetime) -> list[Booking]:
    """Bookings ahead whose name could not be understood."""
    query = (
        select(Booking)
        .join(Attendee)
        .join(Slot, Booking.slot_id == Slot.id)
        .where(Attendee.name.is_(None), Booking.state.in_(ACTIVE), Slot.starts_at > now)
    )
    return list(session.scalars(query.options(*_SHOWN).order_by(Slot.starts_at)))


def _key(reading: str) -> str | None:
    """The reading as people are known by, in hiragana without gaps; None when it is no kana."""
    kana = jaconv.kata2hira(jaconv.h2z("".join(reading.split())))
    return kana.replace("・", "") if _KANA.fullmatch(kana) else None


def booking_of(session: Session, booking_id: int) -> Booking:
    found = session.get(Booking, booking_id)
    if found is None:
        raise NotDone("その予約はありません。")
    return found


def _done(outcome: Outcome[Booking]) -> Booking:
    match outcome:
        case Booked(booking):
            return booking
        case AlreadyBooked(booking):
            raise NotDone(f"このかたは、もうこの会の予約があります（予約番号 {booking.number}）。")
        case Overlaps(booking):
            raise NotDone(f"このかたは、同じ時間に別の予約があります（予約番号 {booking.number}）。")
        case Full():
            raise NotDone("満席です。定員を超えて入れるときは「定員を超えて予約する」に印を付けてください。")
        case Over():
            raise NotDone("もう始まったか、中止になった会です。")
        case Gone():
            raise NotDone("この予約は、もう変えられません。")
    raise NotDone("できませんでした。")
