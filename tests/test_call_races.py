"""Many callers at once through the webhooks, on SQLite and PostgreSQL, with a twin without the guard."""

import threading

import pytest

from helpdesk.booking import bookings, seats
from nlu.understand import Understander
from tests.conftest import make_desk
from tests.racing import at_once, session_of, truth


@pytest.fixture
def open_desk(any_database, settings, embedded):
    """The web process on this database."""
    return make_desk(settings, any_database, Understander(None, embedded))


@pytest.mark.slow
def test_200_calls_at_once_through_the_webhook_get_20_places(open_desk):
    slot = session_of(open_desk.database, "K1", 20)
    session_of(open_desk.database, "K2", 500, days=20)
    callers = [open_desk.caller(f"+8190{number:08d}") for number in range(200)]

    def calls(caller):
        caller.web = open_desk.web.application.test_client()
        caller.rings()
        asked = caller.says("基礎の講習会を12月1日に予約したい").said
        return asked, caller.says("はい").said

    heard = at_once(calls, callers)
    assert not any("申し訳ありません、担当者が" in words for pair in heard for words in pair)
    capacity, taken, held = truth(open_desk.database)[slot]
    assert (capacity, taken, held) == (20, 20, 20)
    assert sum("予約できました" in answer and "12月1日" in asked for asked, answer in heard) == 20
    # Whoever came too late was told so, and was offered another day or the waiting list: nobody was booked unasked.
    assert all("予約できました" in answer or "埋まりました" in answer or "満員" in asked for asked, answer in heard)


@pytest.mark.slow
def test_twin_two_hundred_calls_without_the_guard_are_sold_too_much(open_desk, monkeypatch):
    monkeypatch.setattr(bookings, "take_seat", seen_before)
    slot = session_of(open_desk.database, "K1", 20)
    callers = [open_desk.caller(f"+8190{number:08d}") for number in range(60)]
    gate = threading.Barrier(60)

    def calls(caller):
        caller.web = open_desk.web.application.test_client()
        caller.rings()
        caller.says("基礎の講習会を12月1日に予約したい")
        gate.wait()
        caller.says("はい")

    at_once(calls, callers, threads=60)
    _, taken, _ = truth(open_desk.database)[slot]
    assert taken > 20


def seen_before(session, slot_id, now):
    """The guard taken away: the place was free when it was proposed, so it is taken."""
    seats.add_seat(session, slot_id)
    return True


def test_one_caller_pressing_yes_many_times_through_the_webhook_has_one_place(open_desk):
    session_of(open_desk.database, "K1", 20)
    caller = open_desk.caller("+819012345678")
    caller.rings()
    caller.says("基礎の講習会を12月1日に予約したい")
    path = caller.action

    def presses(_):
        one = open_desk.caller("+819012345678")
        one.call, one.action, one.web = caller.call, path, open_desk.web.application.test_client()
        return one.presses("1").said

    heard = at_once(presses, range(16))
    assert len(set(heard)) == 1 and "予約できました" in heard[0]
    assert [held for _, _, held in truth(open_desk.database).values()] == [1]
