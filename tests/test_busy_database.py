"""The database held by another program.

A caller is put through in good time, LINE gets its 200, and nothing is lost when a process dies.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text

from flows import converse as converse_module
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.store.database import Database, is_locked, is_out_of_reach
from helpdesk.talks.tables import TurnRecord
from nlu.understand import Understander
from tests.conftest import make_desk
from tests.people import Caller, Friend

ROOT = Path(__file__).parent.parent


@contextmanager
def locked(path):
    """Another program holds the write lock."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def locked_for(path, seconds):
    held = threading.Event()

    def hold():
        with locked(path):
            held.set()
            time.sleep(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    return thread


def file_of(desk):
    return desk.database.engine.url.database


def wait(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def count(desk, table):
    with desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.mark.slow
def test_a_caller_is_put_through_within_eight_seconds_when_the_database_stays_locked(desk):
    thread = locked_for(file_of(desk), 9)
    began = time.monotonic()
    heard = desk.caller().rings()
    assert time.monotonic() - began < 8
    assert "申し訳ありません" in heard.said and heard.find("Dial") is not None
    thread.join()


def test_a_caller_who_meets_a_short_lock_notices_nothing(desk):
    thread = locked_for(file_of(desk), 2)
    assert "何にお困りですか" in desk.caller().rings().said
    thread.join()


@pytest.mark.slow
def test_many_callers_behind_a_lock_are_all_answered_in_time(desk):
    thread = locked_for(file_of(desk), 9)
    took = []

    def calls(number):
        caller = desk.caller(f"+8131234{number:04d}")
        caller.web = desk.web.application.test_client()
        began = time.monotonic()
        heard = caller.rings()
        took.append((time.monotonic() - began, heard.find("Dial") is not None))

    threads = [threading.Thread(target=calls, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    thread.join()
    assert len(took) == 12 and all(seconds < 8 and through for seconds, through in took)


@pytest.mark.slow
def test_line_gets_its_200_within_two_seconds_and_the_answer_afterwards(desk):
    friend = desk.friend()
    friend.does("follow")
    turns = count(desk, TurnRecord)
    thread = locked_for(file_of(desk), 6)
    events = [
        friend.event("message", message={"id": str(n), "type": "text", "text": words})
        for n, words in enumerate(("音が出ない", "iPhoneです"))
    ]
    for event in events:
        began = time.monotonic()
        assert friend.deliver(event).status_code == 200
        assert time.monotonic() - began < 2
    assert count(desk, TurnRecord) == turns
    thread.join()
    wait(lambda: count(desk, TurnRecord) == turns + 2)
    with desk.database.reading() as session:
        texts = list(session.scalars(select(TurnRecord.text).order_by(TurnRecord.id)))[-2:]
    assert texts == ["音が出ない", "iPhoneです"]
    wait(lambda: len(desk.line.sent) == 3)


def test_a_redelivery_of_an_event_that_is_kept_is_answered_once(desk):
    friend = desk.friend()
    thread = locked_for(file_of(desk), 3)
    event = friend.event("message", message={"id": "1", "type": "text", "text": "音が出ない"})
    for _ in range(2):
        assert friend.deliver(event).status_code == 200
    thread.join()
    wait(lambda: desk.line.sent)
    time.sleep(1)
    assert count(desk, TurnRecord) == 1 and len(desk.line.sent) == 1


def test_a_database_that_is_away_loses_no_event(settings, any_database, embedded, monkeypatch):
    desk = make_desk(settings, any_database, Understander(None, embedded))
    friend = desk.friend()
    real = Database.transaction
    monkeypatch.setattr(Database, "transaction", away)
    event = friend.event("message", message={"id": "1", "type": "text", "text": "音が出ない"})
    assert friend.deliver(event).status_code == 200
    assert count(desk, TurnRecord) == 0
    monkeypatch.setattr(Database, "transaction", real)
    wait(lambda: count(desk, TurnRecord) == 1)
    wait(lambda: desk.line.sent)


@contextmanager
def away(self, patience=0.0):
    from sqlalchemy.exc import OperationalError

    raise OperationalError("BEGIN", None, Exception("server closed the connection unexpectedly"))
    yield


def test_a_collision_with_another_writer_is_tried_again(desk, monkeypatch):
    """As it reached a caller under load: the lock could not be had at once."""
    calls, real = [], converse_module._turn

    def once_locked(*arguments):
        calls.append(1)
        if len(calls) < 3:
            from sqlalchemy.exc import OperationalError

            raise OperationalError("INSERT", None, sqlite3.OperationalError("database is locked"))
        return real(*arguments)

    monkeypatch.setattr(converse_module, "_turn", once_locked)
    assert "何にお困りですか" in desk.caller().rings().said
    assert len(calls) == 3


def test_a_lock_is_told_from_a_bug(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    database.upgrade()
    with (
        locked(tmp_path / "desk.db"),
        pytest.raises(Exception) as locked_out,
        database.transaction(patience=0.1) as session,
    ):
        session.execute(text("SELECT 1"))
    assert is_locked(locked_out.value) and is_out_of_reach(locked_out.value)
    assert not is_out_of_reach(ValueError("a bug"))


SERVER = """
import sys
from pathlib import Path
from bot.web import create_web
from bot.wiring import wire
from helpdesk.operations.serving import serve
from helpdesk.settings import settings
serve(lambda: create_web(wire(settings(), models=False)), settings().bind)
"""


class Web:
    """The real web process on loopback, with rules alone to understand."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HELPDESK_", "TWILIO_", "LINE_", "RASA_"))
        }
        self.public_url = f"http://127.0.0.1:{self.port}"
        self.environment = kept | {
            "HELPDESK_BIND": f"127.0.0.1:{self.port}", "HELPDESK_PUBLIC_URL": self.public_url, "PYTHONPATH": str(ROOT),
            "HELPDESK_CLOCK": "2026-11-24T11:00:00+09:00", "RASA_URL": "http://127.0.0.1:9",
            "HELPDESK_STAFF_PHONE": "+81399990000",
        }  # fmt: skip

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER], cwd=self.folder, env=self.environment, start_new_session=True
        )
        wait(self.alive, 40)

    def alive(self):
        try:
            return httpx.get(self.public_url + "/healthz", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def post(self, path, data=None, headers=None):
        response = httpx.post(self.public_url + path, data=data if isinstance(data, dict) else None,
                              content=None if isinstance(data, dict) else data,
                              headers=headers, timeout=20, trust_env=False)  # fmt: skip
        return Response(response)

    def voice_signing_token(self):
        return (self.folder / "var" / "console_twilio_token").read_text()

    def line_signing_secret(self):
        return (self.folder / "var" / "console_line_secret").read_text()


class Response:
    """An answer of the real server as the people of the tests read it."""

    def __init__(self, response):
        self.status_code, self._text = response.status_code, response.text
        self.mimetype = response.headers.get("content-type", "").partition(";")[0]

    def get_data(self, as_text):
        return self._text


@pytest.fixture
def web(tmp_path):
    (tmp_path / "var").mkdir()
    database = Database(f"sqlite:///{tmp_path}/var/helpdesk.db")
    database.upgrade()
    database.close()
    one = Web(tmp_path)
    one.start()
    yield one
    one.kill()


@pytest.mark.processes
def test_a_process_that_dies_after_its_200_loses_no_event(web):
    path = web.folder / "var" / "helpdesk.db"
    friend = Friend(web, web, None, "U" + "1" * 32)
    event = friend.event("message", message={"id": "1", "type": "text", "text": "人と話したい"})
    with locked(path):
        began = time.monotonic()
        assert friend.deliver(event).status_code == 200
        assert time.monotonic() - began < 2
        web.kill()
    assert [
        json.loads(one.read_text())["webhookEventId"] for one in (web.folder / "var" / "line_events").glob("*.json")
    ] == [event["webhookEventId"]]
    web.start()
    database = Database(f"sqlite:///{path}")

    def answered():
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(OutboxMessage))

    wait(answered)
    assert friend.deliver(event).status_code == 200  # and LINE's redelivery changes nothing
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TurnRecord)) == 1
    database.close()
    wait(lambda: not list((web.folder / "var" / "line_events").glob("*.json")))


BEGUN = (
    b"POST /voice/incoming HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 500\r\n\r\nC"
)
"""A request whose body never comes."""


@pytest.mark.processes
@pytest.mark.parametrize(
    "slow",
    [
        b"",
        BEGUN,
        b"POST /vo",
    ],
)
def test_slow_clients_do_not_keep_a_call_from_being_answered(web, slow):
    open_ones = []
    for _ in range(20):
        one = socket.create_connection(("127.0.0.1", web.port))
        one.sendall(slow)
        open_ones.append(one)
    time.sleep(0.3)
    caller = Caller(web, web, "+81312345678", "CA" + "2" * 32)
    began = time.monotonic()
    assert "何にお困りですか" in caller.rings().said
    assert time.monotonic() - began < 5
    for one in open_ones:
        one.close()


@pytest.mark.processes
def test_even_more_slow_clients_than_threads_are_cut_off(web):
    open_ones = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(120)]
    for one in open_ones:
        one.sendall(BEGUN)
    stop = threading.Event()

    def drips():
        while not stop.wait(0.5):
            for one in open_ones:
                try:
                    one.send(b"x")
                except OSError:
                    continue

    dripping = threading.Thread(target=drips)
    dripping.start()
    time.sleep(8)
    caller = Caller(web, web, "+81312345678", "CA" + "3" * 32)
    began = time.monotonic()
    heard = caller.rings()
    took = time.monotonic() - began
    stop.set()
    dripping.join()
    for one in open_ones:
        one.close()
    assert "何にお困りですか" in heard.said and took < 5
