"""Rasa that answers nonsense or drop by drop: a small server on loopback that answers as it is told."""

import socket
import threading
import time
from contextlib import closing

import pytest
from sqlalchemy import select

from helpdesk.talks.tables import Inquiry, TurnRecord
from nlu.rasa_client import RasaClient, RasaSilent
from nlu.understand import Understander
from tests.conftest import make_desk

WORDS = "着信音が鳴らなくなりました"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Talking:
    """A server that sends each connection the same pieces, with a pause before each of them."""

    def __init__(self, pieces, pause: float) -> None:
        self.pieces, self.pause, self.asked, self.open = pieces, pause, 0, True
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while self.open:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.asked += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection) -> None:
        with closing(connection):
            try:
                connection.recv(65536)
                for piece in self.pieces:
                    time.sleep(self.pause)
                    if not self.open:
                        return
                    connection.sendall(piece)
            except OSError:
                return

    def close(self) -> None:
        self.open = False
        self.listening.close()


def drops(text: bytes):
    return [bytes([one]) for one in text]


SLOW = {
    "the body": ([HEAD % 1000, *drops(b"{" * 1000)], 0.3),
    "the head": (drops(HEAD % 1000), 0.3),
    "endless heads": ([b"HTTP/1.1 200 OK\r\n", *[b"X-More: 1\r\n"] * 500], 0.2),
    "chunks": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\n \r\n"] * 500], 0.2),
    "nothing": ([b""] * 500, 0.2),
}


@pytest.fixture(params=SLOW, ids=[name.replace(" ", "-") for name in SLOW])
def slow(request):
    server = Talking(*SLOW[request.param])
    yield server
    server.close()


@pytest.mark.slow
def test_an_answer_that_comes_drop_by_drop_is_not_waited_for_and_the_breaker_counts_it(slow):
    client = RasaClient(slow.url)
    took = []
    for _ in range(5):
        started = time.monotonic()
        with pytest.raises(RasaSilent):
            client.chances(WORDS)
        took.append(time.monotonic() - started)
    assert max(took) < 2, took
    assert max(took[3:]) < 0.1, "after three failures nobody waits"
    assert slow.asked == 3


def test_a_caller_is_answered_in_time_by_the_embedded_classifier(settings, database, embedded):
    server = Talking(*SLOW["the body"])
    desk = make_desk(settings, database, Understander(RasaClient(server.url), embedded))
    caller = desk.caller()
    caller.rings()
    started = time.monotonic()
    heard = caller.says(WORDS)
    assert time.monotonic() - started < 3 and heard.listens
    server.close()
    with desk.database.reading() as session:
        assert session.scalars(select(Inquiry)).one().topic == "trouble_sound"
        assert session.scalars(select(TurnRecord.engine).where(TurnRecord.heard == "said")).all() == ["embedded"]


def test_whether_it_is_alive_is_told_in_time(slow):
    started = time.monotonic()
    assert not RasaClient(slow.url).alive()
    assert time.monotonic() - started < 1.2


def whole(body: bytes):
    return [HEAD % len(body) + body]


NONSENSE = {
    "html": whole(b"<html>Bad Gateway</html>"),
    "empty object": whole(b"{}"),
    "a list": whole(b"[]"),
    "empty ranking": whole(b'{"intent_ranking": []}'),
    "null": whole(b'{"intent_ranking": [{"name": null, "confidence": null}]}'),
    "not a number": whole(b'{"intent_ranking": [{"name": "greet", "confidence": NaN}]}'),
    "infinite": whole(b'{"intent_ranking": [{"name": "greet", "confidence": 1e999}]}'),
    "deep": whole(b"[" * 200_000),
    "endless": whole(b'{"intent_ranking": "' + b"x" * 5_000_000 + b'"}'),
    "no text": whole(b"\xff\xfe\x00"),
    "another status": [b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"],
    "half an answer": [(HEAD % 1000) + b"{"],
    "no answer": [],
    "no HTTP": [b"hello\r\n\r\n"],
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_no_answer_and_the_embedded_classifier_answers(embedded, name):
    server = Talking(NONSENSE[name], 0)
    client = RasaClient(server.url)
    with pytest.raises(RasaSilent):
        client.chances(WORDS)
    found = Understander(client, embedded).ask_model(WORDS)
    assert (found.intent, found.engine) == ("trouble_sound", "embedded")
    server.close()


@pytest.mark.parametrize("label", ["nlu_fallback", "label_of_an_old_model"])
def test_a_label_that_nobody_knows_does_not_win_over_the_classifier(embedded, label):
    body = b'{"intent_ranking": [{"name": "%s", "confidence": 1.0}]}' % label.encode()
    server = Talking(whole(body), 0)
    found = Understander(RasaClient(server.url), embedded).ask_model(WORDS)
    assert found.intent == "trouble_sound"
    server.close()
