"""Who waits for the database's file is served in the order of coming, and nobody is forgotten."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from helpdesk.store.database import Database, Locked
from helpdesk.store.turnstile import Turnstile


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_who_comes_first_goes_first():
    stile, served = Turnstile(), []
    assert stile.enter(1)

    def come(number):
        assert stile.enter(10)
        served.append(number)
        stile.leave()

    threads = []
    for number in range(12):
        threads.append(threading.Thread(target=come, args=(number,)))
        threads[-1].start()
        until(lambda wanted=number + 1: stile.waiting == wanted)
    stile.leave()
    for thread in threads:
        thread.join(10)
    assert served == list(range(12))


def test_who_leaves_and_comes_back_at_once_does_not_overtake():
    """A lock would let the busy one in again and again."""
    stile, served = Turnstile(), []
    assert stile.enter(1)

    def wait():
        assert stile.enter(10)
        served.append("the one who waited")
        stile.leave()

    thread = threading.Thread(target=wait)
    thread.start()
    until(lambda: stile.waiting == 1)
    stile.leave()
    assert stile.enter(10)
    served.append("the busy one")
    stile.leave()
    thread.join(10)
    assert served == ["the one who waited", "the busy one"]


def test_whose_patience_ends_leaves_the_queue_and_blocks_nobody():
    stile = Turnstile()
    assert stile.enter(1)
    assert not stile.enter(0.01)
    assert stile.waiting == 0
    stile.leave()
    assert stile.enter(0)
    stile.leave()


def test_nobody_is_let_through_beside_another():
    """Many who are impatient: those who are let in are alone, and at the end the way is free."""
    stile, inside, met = Turnstile(), [0], []

    def come(number):
        if not stile.enter(0.0005 * (number % 5)):
            return 0
        inside[0] += 1
        met.append(inside[0])
        time.sleep(0.0002)
        inside[0] -= 1
        stile.leave()
        return 1

    with ThreadPoolExecutor(16) as threads:
        came = sum(threads.map(come, range(2000)))
    assert set(met) == {1} and len(met) == came > 100
    assert stile.enter(0)


@pytest.mark.parametrize("patience", [0.05])
def test_a_writer_that_waits_too_long_says_so_and_the_next_one_writes(database: Database, patience):
    with database.transaction() as session:
        session.execute(text("SELECT 1"))
        with ThreadPoolExecutor(1) as other:

            def write():
                with database.transaction(patience=patience):
                    return "written"

            with pytest.raises(Locked):
                other.submit(write).result(5)
    with database.transaction(patience=patience) as session:
        assert session.execute(text("SELECT 1")).scalar() == 1
