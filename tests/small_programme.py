"""A small programme for talks, and what happens in it outside a talk."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from helpdesk.booking import bookings
from helpdesk.booking.attendees import attendee
from helpdesk.booking.outcomes import Via
from helpdesk.booking.tables import Booking
from helpdesk.clock import TOKYO
from helpdesk.programme.slots import cut
from helpdesk.programme.tables import Offering, Slot
from scheduler import jobs

PROGRAMME = [
    ("T1", "event", "walk", "和泉橋出張所", (11, 27, 10), 15), ("K1", "class", "basic", "神保町出張所", (12, 1, 14), 2),
    ("S1", "consultation", "", "区役所", (12, 2, 14), 4), ("K3", "class", "applied", "麹町出張所", (12, 3, 10), 20),
    ("T2", "event", "game", "富士見出張所", (12, 4, 10), 15), ("K2", "class", "basic", "区役所", (12, 8, 10), 20),
    ("S2", "consultation", "", "神保町出張所", (12, 9, 10), 4), ("T3", "event", "quiz", "岩本町ほほえみプラザ", (12, 11, 14), 15),
    ("K4", "class", "basic", "神保町出張所", (12, 15, 14), 20),
]  # fmt: skip


def plant(desk):
    """Put the small programme into an empty desk."""
    with desk.database.transaction() as session:
        for code, kind, level, venue, (month, day, hour), capacity in PROGRAMME:
            start = datetime(2026, month, day, hour, tzinfo=TOKYO)
            one = Offering(
                code=code,
                kind=kind,
                level=level,
                title=code,
                venue=venue,
                starts_at=start,
                ends_at=start + timedelta(hours=2),
                capacity=capacity,
                bring="スマートフォン",
            )
            session.add(one)
            session.flush()
            cut(session, one)


@pytest.fixture
def programme(desk):
    plant(desk)
    return desk


def fill(desk, code):
    """Strangers take every seat that is left."""
    with desk.database.transaction() as session:
        slot = session.scalars(select(Slot).join(Offering).where(Offering.code == code)).first()
        for number in range(slot.capacity - slot.taken):
            stranger = attendee(session, None, f"filler:{number}", "ほかのかた", "ほかのかた")
            bookings.book(session, desk.watch(), stranger, slot.id, Via("staff"))


def free(desk, code):
    with desk.database.transaction() as session:
        filler = session.scalars(
            select(Booking)
            .join(Offering)
            .where(Offering.code == code, Booking.channel == "staff", Booking.state == "booked")
        ).first()
        bookings.cancel(session, desk.watch(), filler)


def happens(desk, what):
    """Something outside the talk."""
    if "fill" in what:
        fill(desk, what["fill"])
    if "free" in what:
        free(desk, what["free"])
    if "hours" in what:
        desk.watch.forward(hours=what["hours"])
        jobs.pass_places_on(desk.service)
        jobs.send_due(desk.service)
