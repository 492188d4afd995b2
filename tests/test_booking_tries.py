"""Tries to find a booking are counted by statements that guard themselves.

On SQLite and PostgreSQL; a twin fails without the guard.
"""

import time
from datetime import timedelta

from sqlalchemy import select, update

from helpdesk.booking import attempts
from helpdesk.booking.tables import Attempt
from tests.conftest import OPEN
from tests.racing import at_once, transaction

SCOPES = (("call:1", 50), ("resident:1", 50), (attempts.EVERYBODY, 10))


def used(database):
    with database.reading() as session:
        return {one.scope: one.tries for one in session.scalars(select(Attempt))}


def tries(database, number=40):
    def one(_):
        with transaction(database) as session:
            return attempts.take(session, OPEN, SCOPES)

    return sum(at_once(one, list(range(number))))


def test_of_forty_tries_at_once_ten_are_allowed_and_each_scope_counts_ten(any_database):
    assert tries(any_database) == 10
    assert used(any_database) == {"call:1": 10, "resident:1": 10, attempts.EVERYBODY: 10}


def test_twin_that_looks_first_allows_more(any_database, monkeypatch):
    def look_first(session, scope, day, most):
        left = session.scalar(select(Attempt.tries).where(Attempt.scope == scope, Attempt.day == day)) < most
        session.commit()
        time.sleep(0.05)
        if left:
            session.execute(
                update(Attempt).where(Attempt.scope == scope, Attempt.day == day).values(tries=Attempt.tries + 1)
            )
        return left

    monkeypatch.setattr(attempts, "_count", look_first)
    assert tries(any_database) > 10


def test_a_try_that_finds_something_is_given_back_and_the_next_day_begins_anew(database):
    with database.transaction() as session:
        assert attempts.take(session, OPEN, SCOPES)
        attempts.give_back(session, OPEN, SCOPES)
    assert set(used(database).values()) == {0}
    for _ in range(10):
        with database.transaction() as session:
            attempts.take(session, OPEN, SCOPES)
    with database.transaction() as session:
        assert not attempts.left(session, OPEN, SCOPES) and not attempts.take(session, OPEN, SCOPES)
        assert attempts.left(session, OPEN, SCOPES[:2])  # what was refused is counted nowhere
        tomorrow = OPEN + timedelta(days=1)
        assert attempts.left(session, tomorrow, SCOPES) and attempts.take(session, tomorrow, SCOPES)


def test_after_a_month_the_counts_are_gone(database):
    with database.transaction() as session:
        attempts.take(session, OPEN, SCOPES)
    with database.transaction() as session:
        attempts.take(session, OPEN + timedelta(days=40), SCOPES)
    with database.reading() as session:
        assert {one.day for one in session.scalars(select(Attempt))} == {(OPEN + timedelta(days=40)).date()}
