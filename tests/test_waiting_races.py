"""The waiting list from many sides at once, on SQLite and PostgreSQL; each guard has a twin that fails without it."""

import time
from collections import Counter
from datetime import timedelta

from sqlalchemy import select, update

from helpdesk.booking import bookings, seats, waiting
from helpdesk.booking.outcomes import Booked
from helpdesk.booking.tables import Attendee, Booking
from helpdesk.programme.tables import Slot
from tests.conftest import OPEN
from tests.racing import VIA, at_once, book, person, session_of, sound, transaction, truth


def queue(database, people=12, places=6):
    """``places`` people have a place, the others wait."""
    slot = session_of(database, "K1", places)
    ids = [person(database, n) for n in range(people)]
    for one in ids[:places]:
        assert isinstance(book(database, one, slot), Booked)
    with database.transaction() as session:
        offering = session.get(Slot, slot).offering_id
    for one in ids[places:]:
        with database.transaction() as session:
            waiting.wait(session, OPEN, session.get(Attendee, one), offering, VIA)
    with database.reading() as session:
        return slot, list(session.scalars(select(Booking.id).where(Booking.state == "booked").order_by(Booking.id)))


def give_up(database, booking):
    with transaction(database) as session:
        return bookings.cancel(session, OPEN, session.get(Booking, booking))


def test_seats_given_up_at_once_are_offered_to_different_people_once_each(any_database):
    slot, held = queue(any_database)
    at_once(lambda booking: give_up(any_database, booking), held * 2)  # each cancellation arrives twice
    with any_database.reading() as session:
        states = Counter(session.scalars(select(Booking.state)))
    assert states == {"cancelled": 6, "offered": 6}
    assert truth(any_database) == {slot: (6, 6, 6)}


def test_an_offer_that_is_accepted_declined_and_expired_at_once_ends_once(any_database):
    slot, held = queue(any_database, people=8)
    at_once(lambda booking: give_up(any_database, booking), held)
    with any_database.reading() as session:
        offered = list(session.scalars(select(Booking.id).where(Booking.state == "offered")))
    later = OPEN + timedelta(hours=23)

    def answer(what):
        kind, booking = what
        with transaction(any_database) as session:
            found = session.get(Booking, booking)
            if kind == "accept":
                return waiting.accept(session, later, found)
            return (
                waiting.decline(session, later, found)
                if kind == "decline"
                else waiting.expire(session, later + timedelta(days=1), booking)
            )

    at_once(answer, [(kind, booking) for booking in offered for kind in ("accept", "decline", "expire") * 2])
    assert len(offered) == 2 and sound(any_database)


def test_twin_without_the_guard_one_person_is_offered_two_seats_and_one_is_lost(any_database, monkeypatch):
    def unguarded(session, now, booking, slot):
        session.commit()
        time.sleep(0.1)
        session.execute(
            update(Booking).where(Booking.id == booking.id).values(state="offered", slot_id=slot.id, offered_until=now)
        )
        return True

    monkeypatch.setattr(waiting, "_offer", unguarded)
    slot, held = queue(any_database)
    monkeypatch.setattr(bookings, "lock_slots", lambda session, ids: None)
    at_once(lambda booking: give_up(any_database, booking), held)
    assert not sound(any_database)


def test_twin_without_the_guard_a_cancellation_that_arrives_twice_frees_two_seats(any_database, monkeypatch):
    slot, held = queue(any_database, people=6)

    def unguarded(booking):
        with transaction(any_database) as session:
            found = session.get(Booking, booking)
            if found.state != "booked":
                return
            session.commit()
            time.sleep(0.1)
            session.execute(update(Booking).where(Booking.id == booking).values(state="cancelled"))
            seats.give_back(session, slot)

    at_once(unguarded, [held[0]] * 4)
    assert not sound(any_database)


def test_whoever_books_while_the_waiting_list_offers_holds_one_seat(any_database):
    """A larger room: the free seats are offered to those who wait, who try to book at the same moment."""
    slot, _ = queue(any_database, people=30, places=6)
    with any_database.transaction() as session:
        session.get(Slot, slot).capacity = 40
        waiting_people = list(session.scalars(select(Booking.attendee_id).where(Booking.state == "waiting")))

    def act(what):
        kind, one = what
        if kind == "book":
            return book(any_database, one, slot)
        with transaction(any_database) as session:
            return waiting.offer_free_seat(session, OPEN, slot)

    at_once(act, [(kind, one) for one in waiting_people for kind in ("book", "offer")])
    assert sound(any_database), truth(any_database)
