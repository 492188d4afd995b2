"""What races share: sessions, people, many threads that start together, and the truth in the tables."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select

from helpdesk.booking import bookings
from helpdesk.booking.attendees import attendee
from helpdesk.booking.outcomes import Via
from helpdesk.booking.tables import SEATED, Attendee, Booking
from helpdesk.people.residents import resident_at
from helpdesk.programme.slots import cut
from helpdesk.programme.tables import Offering, Slot
from tests.conftest import OPEN

VIA = Via("voice", "phone", "+819012345678")


def session_of(database, code, capacity, days=7, hours=2):
    starts_at = OPEN + timedelta(days=days)
    with database.transaction() as session:
        offering = Offering(
            code=code,
            kind="class",
            level="basic",
            title="基礎",
            venue="区役所",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=hours),
            capacity=capacity,
        )
        session.add(offering)
        session.flush()
        cut(session, offering)
        return offering.slots[0].id


def person(database, number, name="本人"):
    with database.transaction() as session:
        resident = resident_at(session, "phone", f"+8190{number:08d}", OPEN)
        return attendee(session, resident, name, name, name).id


def at_once(work, items, threads=16):
    gate = threading.Barrier(min(threads, len(items)))
    started = threading.local()

    def one(item):
        if not getattr(started, "yes", False):
            started.yes = True
            gate.wait()
        return work(item)

    with ThreadPoolExecutor(min(threads, len(items))) as pool:
        return list(pool.map(one, items))


@contextmanager
def transaction(database):
    """As the database hands it out, but a twin may commit in the middle, which is what the guards exist against."""
    with database._writing() as session:
        yield session
        session.commit()


def book(database, attendee_id, slot_id):
    with transaction(database) as session:
        return bookings.book(session, OPEN, session.get(Attendee, attendee_id), slot_id, VIA)


def truth(database):
    """For each slot: (capacity, seats counted in the table, seats held by bookings)."""
    with database.reading() as session:
        held = Counter(session.scalars(select(Booking.slot_id).where(Booking.state.in_(SEATED))))
        return {slot.id: (slot.capacity, slot.taken, held[slot.id]) for slot in session.scalars(select(Slot))}


def sound(database):
    """Never above the capacity, none lost, none twice."""
    return all(taken == held <= capacity for capacity, taken, held in truth(database).values())
