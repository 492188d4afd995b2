"""Bookings from many sides at once, on SQLite and PostgreSQL; each guard has a twin that fails without it."""

import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from helpdesk.booking import bookings, waiting
from helpdesk.booking.outcomes import AlreadyBooked, Booked, Full, Overlaps
from helpdesk.booking.tables import Attendee, Booking
from helpdesk.programme.tables import Slot
from tests.conftest import OPEN
from tests.racing import VIA, at_once, book, person, session_of, sound, transaction, truth


def look_first(session, slot_id, now):
    """The guard taken away: count, think, then take a seat whatever happened meanwhile."""
    with_seat = session.scalar(select(Slot.taken < Slot.capacity).where(Slot.id == slot_id))
    session.commit()
    time.sleep(0.02)
    if with_seat:
        session.execute(update(Slot).where(Slot.id == slot_id).values(taken=Slot.taken + 1, extra=Slot.extra + 1))
    return with_seat


@pytest.mark.slow
def test_200_callers_for_20_places_are_20_bookings(any_database):
    slot = session_of(any_database, "K1", 20)
    people = [person(any_database, number) for number in range(200)]
    outcomes = Counter(type(outcome) for outcome in at_once(lambda one: book(any_database, one, slot), people))
    assert outcomes == {Booked: 20, Full: 180}
    assert truth(any_database) == {slot: (20, 20, 20)}
    with any_database.reading() as session:
        assert session.scalar(select(func.count(func.distinct(Booking.number)))) == 20


def test_twin_counting_first_sells_more_than_there_is(any_database, monkeypatch):
    monkeypatch.setattr(bookings, "take_seat", look_first)
    slot = session_of(any_database, "K1", 20)
    people = [person(any_database, number) for number in range(60)]
    at_once(lambda one: book(any_database, one, slot), people)
    assert not sound(any_database)


def test_one_person_many_times_has_one_place(any_database):
    slot, one = session_of(any_database, "K1", 20), person(any_database, 1)
    outcomes = Counter(type(outcome) for outcome in at_once(lambda _: book(any_database, one, slot), range(30)))
    assert outcomes == {Booked: 1, AlreadyBooked: 29}
    assert truth(any_database) == {slot: (20, 1, 1)}


def test_one_person_cannot_be_in_two_places(any_database):
    slots, one = [session_of(any_database, f"K{n}", 20) for n in range(8)], person(any_database, 1)
    outcomes = Counter(type(outcome) for outcome in at_once(lambda slot: book(any_database, one, slot), slots))
    assert outcomes == {Booked: 1, Overlaps: 7}
    assert sum(held for _, _, held in truth(any_database).values()) == 1


def test_twin_without_the_persons_lock_somebody_sits_in_two_places(any_database, monkeypatch):
    def unlocked(session, one):
        session.commit()
        return [one.id]

    real = bookings.overlapping

    def slowly(session, *more, **named):
        found = real(session, *more, **named)
        session.commit()
        time.sleep(0.1)
        return found

    monkeypatch.setattr(bookings, "lock_person", unlocked)
    monkeypatch.setattr(bookings, "overlapping", slowly)
    slots, one = [session_of(any_database, f"K{n}", 20) for n in range(8)], person(any_database, 1)
    at_once(lambda slot: book(any_database, one, slot), slots)
    assert sum(held for _, _, held in truth(any_database).values()) > 1


def circle(database, threads=6):
    """Six people in six sessions of one place each, all full; a seventh session is free."""
    slots = [session_of(database, f"K{n}", 1, days=7 + n) for n in range(threads)]
    people = [person(database, n) for n in range(threads)]
    for one, slot in zip(people, slots, strict=True):
        assert isinstance(book(database, one, slot), Booked)
    return slots, people


def moves(database, people, slots, move, rounds=15):
    """Everybody changes again and again, to the next place of the circle or the free one."""

    def one(number):
        chance = random.Random(number)
        for _ in range(rounds):
            with database.reading() as session:
                found = session.scalars(
                    select(Booking).where(Booking.attendee_id == people[number], Booking.state == "booked")
                ).first()
                at = slots.index(found.slot_id) if found else 0
            move(number, slots[(at + chance.choice((1, 1, 2))) % len(slots)])

    at_once(one, list(range(len(people))))


def test_changes_in_a_circle_lose_no_place_and_block_nobody(any_database):
    slots, people = circle(any_database)
    slots.append(session_of(any_database, "frei", 1, days=30))
    changed = Counter()

    def move(number, slot):
        with transaction(any_database) as session:
            found = session.scalars(
                select(Booking).where(Booking.attendee_id == people[number], Booking.state == "booked")
            ).one()
            changed[type(bookings.change(session, OPEN, found, slot))] += 1

    moves(any_database, people, slots, move)
    with any_database.reading() as session:
        assert sorted(session.scalars(select(Booking.attendee_id).where(Booking.state == "booked"))) == sorted(people)
    assert sound(any_database) and changed[Booked] > 0 and changed[Full] > 0


def test_twin_giving_up_the_old_place_first_loses_it(any_database):
    slots, people = circle(any_database)
    slots.append(session_of(any_database, "frei", 1, days=30))

    def move(number, slot):
        with transaction(any_database) as session:
            found = session.scalars(
                select(Booking).where(Booking.attendee_id == people[number], Booking.state == "booked")
            ).first()
            if found is None:
                return
            bookings.cancel(session, OPEN, found)
        time.sleep(0.01)
        book(any_database, people[number], slot)

    moves(any_database, people, slots, move)
    with any_database.reading() as session:
        assert sorted(session.scalars(select(Booking.attendee_id).where(Booking.state == "booked"))) != sorted(people)


def test_a_change_and_a_cancellation_of_one_booking_at_once_count_right(any_database):
    """The person changes by telephone while staff cancel: whichever comes first, every seat is counted once."""
    slots = [session_of(any_database, f"K{n}", 40, days=7 + n) for n in range(2)]
    people = [person(any_database, n) for n in range(40)]
    for one in people:
        assert isinstance(book(any_database, one, slots[0]), Booked)

    def act(what):
        kind, one = what
        with transaction(any_database) as session:
            found = session.scalars(select(Booking).where(Booking.attendee_id == one)).one()
            return (
                bookings.change(session, OPEN, found, slots[1])
                if kind == "change"
                else bookings.cancel(session, OPEN, found)
            )

    at_once(act, [(kind, one) for one in people for kind in ("change", "cancel")])
    assert sound(any_database), truth(any_database)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_everything_at_once_keeps_the_count(any_database, seed):
    """Bookings, waits, changes, cancellations, answers and expiries in any order: seats and bookings always agree."""
    slots = [session_of(any_database, f"K{n}", 3, days=5 + n) for n in range(4)]
    people = [person(any_database, n) for n in range(16)]

    def live(number):
        chance = random.Random(seed * 1000 + number)
        for step in range(8):
            now, late, free = OPEN + timedelta(hours=6 * step), [], []
            with transaction(any_database) as session:
                one = session.get(Attendee, people[number])
                mine = session.scalars(
                    select(Booking).where(Booking.attendee_id == one.id, Booking.state.in_(("booked", "offered")))
                ).all()
                what = chance.choice(("book", "book", "wait", "change", "cancel", "answer", "expire"))
                slot = chance.choice(slots)
                if what == "book":
                    bookings.book(session, now, one, slot, VIA)
                elif what == "wait":
                    waiting.wait(session, now, one, session.get(Slot, slot).offering_id, VIA)
                elif what == "expire":
                    late, free = waiting.late_offers(session, now), waiting.free_seats(session, now)
                    waiting.close_lists(session, now)
                elif mine and what == "change":
                    bookings.change(session, now, mine[0], slot)
                elif mine and what == "cancel":
                    bookings.cancel(session, now, mine[0])
                elif mine:
                    chance.choice((waiting.accept, waiting.decline))(session, now, mine[-1])
            for work, ids in ((waiting.expire, late), (waiting.offer_free_seat, free)):
                for one_id in ids:
                    with transaction(any_database) as session:
                        work(session, now, one_id)

    at_once(live, list(range(len(people))))
    assert sound(any_database), truth(any_database)
