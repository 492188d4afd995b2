"""How many statements a turn costs.

What is shown of bookings and of a learning path is read at once, not row by row.
"""

import random
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from helpdesk.booking import bookings
from helpdesk.booking.attendees import SELF, attendee
from helpdesk.booking.outcomes import Via
from helpdesk.clock import TOKYO
from helpdesk.learning import paths
from helpdesk.people.residents import resident_at
from helpdesk.programme import finding
from helpdesk.programme.finding import Wish
from helpdesk.programme.tables import Slot
from helpdesk.programme_file import importing as programme_file
from helpdesk.programme_file.sample import sample
from tests.conftest import OPEN
from tests.wards import CHIYODA

BOOKINGS = ("bookings", "attendees", "offerings", "slots")
PATHS = (*BOOKINGS, "learning_paths")
HEARING = ("持っている", "写真を撮りたい", "忘れてしまうこと", "電話とメールはできる", "神保町")


@contextmanager
def statements(database):
    """What is asked of the database in this block."""
    found = []

    def hear(_connection, _cursor, statement, _parameters, _context, _many):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            found.append(" ".join(statement.split()))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def about(found, tables):
    """Those that touch one of these tables."""
    return [
        one
        for one in found
        if any(f"{word} {table}" in one for table in tables for word in ("FROM", "JOIN", "INTO", "UPDATE"))
    ]


def book_six(desk, user):
    """A place on each of the next six days for a friend."""
    days = {}
    with desk.database.transaction() as session:
        resident = resident_at(session, "line", user, desk.watch())
        for slot in session.scalars(select(Slot).order_by(Slot.starts_at)):
            days.setdefault(slot.starts_at.date(), slot.id)
        for slot_id in list(days.values())[:6]:
            person = attendee(session, resident, SELF, "山田花子", "やまだはなこ")
            bookings.book(session, desk.watch(), person, slot_id, Via("line", "line", user))


def test_six_bookings_are_listed_with_one_statement(programme):
    """The whole turn was 31 statements, 14 of them about bookings."""
    friend = programme.friend()
    book_six(programme, friend.user)
    with statements(programme.database) as found:
        friend.writes("予約を確認したい")
    assert friend.shown.count("/") >= 4, friend.shown
    assert len(about(found, BOOKINGS)) == 1, found
    assert len(found) <= 18, found


def test_one_of_them_is_shown_with_two(programme):
    friend = programme.friend()
    book_six(programme, friend.user)
    friend.writes("予約を確認したい")
    with statements(programme.database) as found:
        friend.taps("12/1 午後2時 神保町")
    assert "12月1日" in friend.shown
    assert len(about(found, BOOKINGS)) <= 2, found


def test_a_path_is_planned_with_six_statements(programme):
    """The whole turn was 45 statements, 33 of them about the path and what may be booked."""
    friend = programme.friend()
    friend.writes("スマホの使い方を順番に習いたい")
    for words in HEARING:
        with statements(programme.database) as found:
            friend.writes(words)
    assert "1 練習アプリ" in friend.shown, friend.shown
    assert len(about(found, PATHS)) <= 6, found
    assert len(found) <= 20, found


def test_a_path_that_is_followed_is_shown_with_two(programme):
    friend = programme.friend()
    friend.writes("スマホの使い方を順番に習いたい")
    for words in HEARING:
        friend.writes(words)
    with statements(programme.database) as found:
        friend.writes("スマホの使い方を順番に習いたい")
    assert "1 練習アプリ" in friend.shown, friend.shown
    assert len(about(found, PATHS)) <= 2, found


@pytest.mark.parametrize("most", [400, 25])
def test_the_places_of_a_path_are_those_that_a_search_finds(database, monkeypatch, most):
    """Read at once or, where a programme is larger than what is read at once, one by one: the same places."""
    monkeypatch.setattr(paths, "AHEAD", most)
    chance = random.Random(11)
    with database.transaction() as session:
        programme_file.keep(session, list(sample(2026, CHIYODA)))
        for slot in session.scalars(select(Slot)):
            slot.taken = slot.capacity if chance.random() < 0.4 else 0
    found = 0
    with database.reading() as session:
        for _ in range(150):
            find, now = (
                paths.finder(session),
                datetime(2026, 4, 1, 9, tzinfo=TOKYO) + timedelta(days=chance.randint(0, 340)),
            )
            for after in (now, now + timedelta(days=chance.randint(0, 30))):
                wish = Wish(
                    chance.choice(["class", "consultation", "event"]),
                    None,
                    chance.choice([None, "神保町出張所", "麹町出張所"]),
                    (),
                    chance.choice([None, "am", "pm"]),
                )
                wish = replace(wish, level=chance.choice(["basic", "applied"]) if wish.kind == "class" else None)
                expected = None
                for easier in (
                    wish,
                    replace(wish, part=None),
                    replace(wish, venue=None),
                    replace(wish, venue=None, part=None),
                ):
                    expected = expected or next(iter(finding.fitting(session, after, easier, True, 1)), None)
                assert find(wish, after) == expected
                found += expected is not None
    assert found > 200


def test_what_talks_are_given_cannot_be_written_to(programme):
    friend = programme.friend()
    book_six(programme, friend.user)
    with programme.database.reading() as session:
        found = finding.fitting(session, OPEN, Wish())[0]
    with pytest.raises(AttributeError):
        found.free = 100
