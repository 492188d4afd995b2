"""The real Rasa server: trained from the data, asked in the middle of talks, killed in the middle of them."""

import os
import signal
import socket
import subprocess
import time

import pytest
from sqlalchemy import select

from helpdesk.talks.tables import Inquiry, TurnRecord
from nlu import rasa_server
from nlu.embedded import model_path
from nlu.rasa_client import RasaClient
from nlu.text import clean, without_fillers
from nlu.training_data import sentences
from nlu.understand import Understander
from tests.conftest import make_desk
from tests.places import MODELS
from tests.test_admin import page, staff  # noqa: F401  (a fixture)
from tests.test_voice import newest


class Server:
    """Rasa on a port of its own."""

    def __init__(self) -> None:
        model = rasa_server.train(MODELS)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        self.process = subprocess.Popen(
            rasa_server.server_command(model, self.url), env=rasa_server.environment(), start_new_session=True, **quiet
        )
        client, end = RasaClient(self.url), time.monotonic() + 180
        while not client.alive():
            assert time.monotonic() < end and self.process.poll() is None, "Rasa did not start"
            time.sleep(0.5)
        client.close()

    def kill(self) -> None:
        """As kill -9 does; its port refuses from then on."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def rasa():
    server = Server()
    yield server
    server.kill()


@pytest.fixture
def desk(settings, database, embedded, rasa):
    made = make_desk(settings, database, Understander(RasaClient(rasa.url), embedded))
    # The first parse of a fresh server is slow; nobody waits for it in a talk.
    made.service.answering.understander.ask_model("音が出ない")
    return made


def engines(desk):
    with desk.database.reading() as session:
        return [
            turn.engine
            for turn in session.scalars(select(TurnRecord).where(TurnRecord.heard == "said").order_by(TurnRecord.id))
        ]


def test_both_channels_are_helped_by_rasa_and_go_on_when_it_is_killed_in_the_middle(desk, rasa, staff):  # noqa: F811
    caller, friend = desk.caller(), desk.friend()
    caller.rings()
    assert "家のワイファイ" in caller.says("えーと ワイファイにつながらないんですけど").said
    assert "どちら" in friend.writes("えーと ワイファイにつながらないんですけど").shown
    assert engines(desk) == ["rasa", "rasa"]

    rasa.kill()

    assert "どのこと" in caller.says("あのう さっき言ったやつなんですけどもねえ").said or caller.heard.listens
    caller.presses("3")
    caller.presses("3")
    caller.presses("3")
    while "直りましたか" not in caller.heard.said:
        caller.says("できました")
    assert "直ってよかった" in caller.says("はい").said
    assert caller.says("写真を孫に送りたいんです").status == 200
    for label in ("家のWi-Fi", "ほかはつながる", "iPhone", "直りました"):
        friend.taps(label)
    friend.writes("写真を孫に送りたいんです")

    after = engines(desk)[2:]
    assert "embedded" in after and "rasa" not in after
    with desk.database.reading() as session:
        topics = [
            (inquiry.channel, inquiry.topic, inquiry.outcome)
            for inquiry in session.scalars(select(Inquiry).order_by(Inquiry.id).limit(2))
        ]
    assert topics == [("voice", "trouble_network", "solved"), ("line", "trouble_network", "solved")]
    shown = page(staff, "/inquiries/1")
    assert "えーと ワイファイにつながらないんですけど" in shown and "Wi-Fi・電波" in shown and "解決" in shown
    assert newest(desk).channel in ("voice", "line")


def test_rasa_that_hangs_holds_a_caller_no_longer_than_its_time_out(desk, rasa):
    caller = desk.caller()
    caller.rings()
    os.killpg(rasa.process.pid, signal.SIGSTOP)
    started = time.monotonic()
    assert "音" in caller.says("音が出ないんです").said or caller.heard.listens
    waited = time.monotonic() - started
    os.killpg(rasa.process.pid, signal.SIGCONT)
    assert engines(desk) == ["embedded"]
    assert waited < 10  # far below Twilio's 15 s; the time-out itself is 1.5 s


def test_both_homes_give_two_hundred_sentences_the_same_meaning(rasa, embedded):
    client = RasaClient(rasa.url, timeout=10)
    said = [text for text, _ in sentences()][:: len(sentences()) // 200][:200]
    ours = [embedded.understand(without_fillers(clean(text))) for text in said]
    theirs = [client.understand(without_fillers(clean(text))) for text in said]
    assert [meant.intent for meant in theirs] == [meant.intent for meant in ours]
    assert max(abs(one.confidence - other.confidence) for one, other in zip(ours, theirs, strict=True)) < 0.01


def test_a_text_without_a_word_is_an_answer_and_no_silence_of_rasa(rasa):
    client = RasaClient(rasa.url, timeout=10)
    assert [client.understand(text).intent for text in ("🌀", "♪♪", "。。。")] == ["nlu_fallback"] * 3


def test_what_one_home_has_learnt_the_other_does_not_learn_again(rasa, embedded):
    newest = model_path(MODELS)
    since = newest.stat().st_mtime
    assert [path.name for path in MODELS.glob("embedded-*.npz") if path.stat().st_mtime >= since] == [newest.name]


def test_a_model_that_is_up_to_date_is_not_trained_again(rasa):
    assert rasa_server.train(MODELS) == rasa_server.model_path(MODELS)
