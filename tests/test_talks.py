"""Whole talks through the real flows and the real store; only what the model would say is given."""

from datetime import datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from flows.converse import converse, expected
from flows.script.moment import Deployment
from flows.script.stored import talk_from
from flows.script.talk import Talk
from flows.script.turns import Turn
from helpdesk.callbacks.tables import Callback
from helpdesk.clock import TOKYO
from helpdesk.store.database import Database
from helpdesk.talks.tables import Conversation, Inquiry, TurnRecord
from nlu.rules import pressed, settle
from nlu.safety import sign_of_danger
from nlu.understanding import NOTHING, Understanding
from tests.wards import CHIYODA

OPEN = datetime(2026, 11, 24, 11, 0, tzinfo=TOKYO)
CLOSED = datetime(2026, 11, 24, 20, 0, tzinfo=TOKYO)


class Person:
    """Acts like somebody who calls or writes."""

    def __init__(self, database, channel="voice", address="+81312345678", now=OPEN, staff="+81399999999"):
        self.database, self.channel, self.address, self.now = database, channel, address, now
        self.place = Deployment(CHIYODA, staff_phone=staff)
        self.numbers = count()
        self.key = "CA1" if channel == "voice" else address

    def turn(self, heard, text="", intent=None, number=None, **more):
        n = next(self.numbers) if number is None else number
        with self.database.reading() as session:
            found = session.scalar(select(Conversation).where(Conversation.key == self.key))
            talk = talk_from(found.talk) if found else Talk()
        if heard == "pressed":
            meant = pressed(text, expected(talk))
        elif text and heard == "said":
            meant = settle(text, expected(talk)) or (
                Understanding(intent, 0.9, "embedded", ((intent, 0.9),)) if intent else NOTHING
            )
            danger = sign_of_danger(text)
            meant = Understanding(**{**meant.__dict__, "safety": danger})
        else:
            meant = NOTHING
        voice = self.channel == "voice"
        turn = Turn(f"{self.key}:{n}", self.channel, self.key, self.address, heard, text, n if voice else None, **more)
        return converse(self.database, lambda: self.now, self.place, turn, meant)

    def says(self, text, intent=None):
        return self.turn("said", text, intent)

    def presses(self, key):
        return self.turn("pressed", key)


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/desk.db")
    made.upgrade()
    yield made
    made.close()


def inquiry(database):
    with database.reading() as session:
        return session.scalars(select(Inquiry).order_by(Inquiry.id.desc())).first()


def test_wifi_by_telephone_to_solved(database):
    caller = Person(database)
    assert "何にお困り" in caller.turn("arrived").ear[-1]
    assert caller.says("えーと ワイファイにつながらないんですけど", "trouble_network").ask == "guide.question:kind"
    assert caller.presses("3").ask == "guide.question:reach"
    assert caller.says("ほかはつながる").ask == "guide.device:"
    reply = caller.says("アイフォンです")
    assert reply.ask == "guide.step:wifi" and "設定" in reply.ear[0]
    for _ in range(4):
        reply = caller.says("できました")
    assert reply.ask == "guide.helped:wifi"
    assert caller.presses("1").ask == "else"
    assert caller.says("いいえ").then == "hang_up"
    kept = inquiry(database)
    assert (kept.topic, kept.outcome, kept.device) == ("trouble_network", "solved", "iphone")
    assert "Wi-Fiを入れ直す（直った）" in kept.summary


def test_the_same_on_line_as_a_card(database):
    friend = Person(database, "line", "U" + "0" * 32)
    friend.says("ワイファイにつながらない", "trouble_network")
    friend.says("家")
    friend.says("どれもだめ")
    reply = friend.says("まだです")
    assert inquiry(database).topic == "trouble_network"
    assert reply.ask.startswith("handover.") or reply.card


@pytest.mark.parametrize("before", [[], ["trouble_network"], ["trouble_network", "3"]])
def test_p12_zero_leads_to_a_person_from_every_state(database, before):
    caller = Person(database)
    caller.turn("arrived")
    for word in before:
        caller.presses(word) if word.isdigit() else caller.says("困った", word)
    assert caller.presses("0").then == "transfer"
    reply = caller.turn("dialled", "no-answer")
    assert reply.ask == "handover.caller_number"
    assert caller.presses("1").ask == "handover.wish"
    assert "午後" in caller.presses("4").ear[0]
    with database.reading() as session:
        assert session.scalars(select(Callback)).one().number == "+81312345678"


def test_p7_three_silences_end_with_a_call_back_after_hours_never_silently(database):
    caller = Person(database, now=CLOSED)
    caller.turn("arrived")
    replies = [caller.turn("silent") for _ in range(3)]
    assert [reply.then for reply in replies] == ["listen", "listen", "hang_up"]
    assert replies[1].keys_only and "お電話します" in replies[2].ear[0]
    with database.reading() as session:
        assert session.scalars(select(Callback)).one().due_at.day == 25


def test_p8_the_third_not_understood_hands_over(database):
    caller = Person(database)
    caller.turn("arrived")
    said = [caller.says("ごにょごにょ") for _ in range(3)]
    assert len({reply.ear for reply in said}) == 3 and said[2].then == "transfer"


@pytest.mark.parametrize("channel", ["voice", "line"])
def test_s1_fraud_goes_before_everything_in_the_middle_of_a_guide(database, channel):
    person = Person(database, channel, "+81312345678" if channel == "voice" else "U" + "1" * 32)
    person.says("ワイファイ", "trouble_network")
    reply = person.says("画面にウイルスに感染したと出て電話しろと")
    assert reply.ear[0].startswith("シャープ、9、1、1、0") and reply.calls[0].number == "#9110"
    assert inquiry(database).safety == "safety_scam" and inquiry(database).outcome == "safety"
    assert person.says("はい").ask == "safety.person"


def test_the_same_turn_twice_acts_once_and_an_old_one_changes_nothing(database):
    caller = Person(database)
    caller.turn("arrived")
    first = caller.turn("said", "音が出ない", "trouble_sound", number=1)
    assert caller.turn("said", "音が出ない", "trouble_sound", number=1) == first
    second = caller.turn("pressed", "3", number=3)
    assert caller.turn("pressed", "4", number=2) == second
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TurnRecord)) == 3


def test_p15_a_mobile_caller_is_asked_before_steps_on_the_screen(database):
    caller = Person(database, address="+819012345678")
    caller.turn("arrived")
    caller.says("音が出ない", "trouble_sound")
    assert caller.presses("4").ask == "guide.same_phone:"


def test_back_undoes_the_last_answer(database):
    caller = Person(database)
    caller.turn("arrived")
    caller.says("音が出ない", "trouble_sound")
    caller.presses("4")
    assert caller.says("一つ前に戻って").ask == "guide.question:kind"


def test_a_bug_becomes_an_apology_that_leads_to_a_person(database):
    not_a_number: Any = "one"
    turn = Turn("x", "voice", "CA2", "+81312345678", "said", "a", number=not_a_number)
    reply = converse(database, lambda: OPEN, Deployment(CHIYODA, staff_phone="+81399999999"), turn, NOTHING)
    assert reply.then == "transfer" and "申し訳" in reply.ear[0]


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        ("ほかはつながります", "guide.device:"),
        ("ほかもつながりません", "guide.step:router"),
        ("どれもだめなんです", "guide.step:router"),
        ("つながらないです", "guide.step:router"),
    ],
)
def test_a_choice_is_understood_with_other_endings_and_with_its_negation(database, said, leads):
    caller = Person(database)
    caller.turn("arrived")
    caller.says("ワイファイにつながらない", "trouble_network")
    caller.presses("3")
    assert caller.says(said).ask == leads


def test_a_trouble_that_solves_itself_on_the_way_to_a_person_is_solved(database):
    caller = Person(database, now=CLOSED)
    caller.turn("arrived")
    caller.says("音が出ない", "trouble_sound")
    caller.presses("0")
    assert caller.says("はい直りました").ask == "else"
    assert inquiry(database).outcome == "solved"


def test_p8_also_on_the_way_to_a_person_the_third_not_understood_ends_with_a_promise(database):
    caller = Person(database, now=CLOSED)
    caller.turn("arrived")
    caller.presses("0")
    said = [caller.says("ごにょごにょ") for _ in range(3)]
    assert said[2].then == "hang_up" and "お電話します" in said[2].ear[0]
    with database.reading() as session:
        assert session.scalars(select(Callback)).one().number == "+81312345678"


def test_a_phone_in_the_sink_gets_first_aid_at_once_and_nobody_asks_whether_it_is_lost(database):
    caller = Person(database, address="+819012345678")
    caller.turn("arrived")
    reply = caller.says("流しにスマホを落としちゃって動かないの", "trouble_freeze")
    assert reply.ask == "guide.step:wet" and "電源を切って" in reply.ear[0]
    for _ in range(4):
        reply = caller.says("はい")
    assert reply.ask == "else" and "一日" in reply.ear[0]
    assert inquiry(database).outcome == "guided" and "水" in inquiry(database).summary


def test_what_the_first_words_tell_is_not_asked_again(database):
    caller = Person(database)
    caller.turn("arrived")
    assert caller.says("いらないアプリを消したい", "trouble_app").ask == "guide.device:"


def test_who_wants_to_be_called_back_is_not_put_through(database):
    caller = Person(database)
    caller.turn("arrived")
    assert caller.says("折り返しお電話をいただけますか", "callback_request").ask == "handover.caller_number"
    assert caller.presses("1").ask == "handover.wish"


def test_goodbye_in_the_middle_of_a_guide_ends_the_call_kindly(database):
    caller = Person(database)
    caller.turn("arrived")
    caller.says("音が出ない", "trouble_sound")
    reply = caller.says("もう切りますね", "goodbye")
    assert reply.then == "hang_up" and inquiry(database).outcome == "abandoned"


def test_thanks_in_the_middle_of_a_guide_keeps_the_question_open(database):
    caller = Person(database)
    caller.turn("arrived")
    caller.says("音が出ない", "trouble_sound")
    reply = caller.says("ありがとうございます")
    assert reply.ask == "guide.question:kind" and reply.ear[0] == "どういたしまして。"


def test_a_concern_that_was_left_for_another_is_offered_afterwards(database):
    caller = Person(database)
    caller.turn("arrived")
    caller.says("音が出ない", "trouble_sound")
    assert caller.says("それよりワイファイがつながらない", "trouble_network").ask == "guide.question:kind"
    caller.presses("3")
    caller.presses("4")
    for _ in range(3):
        caller.says("できました")
    reply = caller.says("直りました")
    assert reply.ask == "triage.waiting" and "音のこと" in reply.ear[-1]
    assert caller.says("はい").ask == "guide.question:kind"
    assert inquiry(database).topic == "trouble_sound"


def test_the_left_concern_is_offered_once(database):
    caller = Person(database)
    caller.turn("arrived")
    caller.says("音が出ない", "trouble_sound")
    caller.says("画面にウイルスに感染したと出て電話しろと")
    caller.says("いいえ")
    assert caller.says("いいえ").ask == "triage.waiting"
    assert caller.says("いいえ").ask == "else"
    assert caller.says("いいえ").then == "hang_up"


@pytest.mark.parametrize("channel", ["voice", "line"])
def test_what_is_not_sure_is_named_in_passing_and_a_wrong_guess_is_taken_back(database, channel):
    def unsure(words, intent, confidence):
        with database.reading() as session:
            found = session.scalar(select(Conversation))
        talk = talk_from(found.talk) if found else Talk()
        meant = settle(words, expected(talk)) or Understanding(intent, confidence, "embedded", ((intent, confidence),))
        turn = Turn(words, channel, "CA1", "+81312345678", "said", words)
        return converse(database, lambda: OPEN, Deployment(CHIYODA, staff_phone="+81399999999"), turn, meant)

    reply = unsure("電話のあれがどうも", "trouble_network", 0.4)
    assert "のことですね" in "".join(reply.ear if channel == "voice" else reply.eye)
    assert unsure("ちがうちがう それじゃないの", "deny", 0.9).ask == "open"
    with database.reading() as session:
        assert session.scalars(select(Inquiry)).one().topic is None
    reply = unsure("音が鳴らない", "trouble_sound", 0.9)
    assert "のことですね" not in "".join(reply.ear + reply.eye)
    assert inquiry(database).topic == "trouble_sound"
    with database.reading() as session:
        assert len(session.scalars(select(Inquiry)).all()) == 1
