"""The telephone, through Twilio's webhooks with real signatures and the real classifier."""

import pytest
from sqlalchemy import func, select

from helpdesk.callbacks.tables import Callback
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.talks.tables import Inquiry, TurnRecord
from tests.conftest import CLOSED, STAFF_PHONE


def newest(desk) -> Inquiry:
    with desk.database.reading() as session:
        return session.scalars(select(Inquiry).order_by(Inquiry.id.desc())).first()


def count(desk, table) -> int:
    with desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_call_about_wifi_is_understood_helped_and_solved(desk):
    caller = desk.caller()
    assert "何にお困り" in caller.rings().said
    assert "ワイファイ" in caller.says("えーと ワイファイにつながらないんですけど").said
    caller.presses("3")
    caller.says("ほかはつながる")
    assert "設定" in caller.says("アイフォンです").said
    while "直りましたか" not in caller.heard.said:
        caller.says("できました")
    assert "直ってよかった" in caller.says("はい").said
    assert caller.says("いいえ").find("Hangup") is not None
    kept = newest(desk)
    assert (kept.topic, kept.outcome, kept.device) == ("trouble_network", "solved", "iphone")
    assert "Wi-Fi" in kept.summary


def test_a_person_is_dialled_with_a_whisper_and_a_call_back_is_taken_when_nobody_answers(desk):
    caller = desk.caller()
    caller.rings()
    caller.says("音が出ないんです")
    heard = caller.presses("0")
    number = heard.find("Number")
    assert number.text == STAFF_PHONE
    whispered = caller.post(number.get("url"))
    assert "音のことでお困りです" in whispered.get_data(as_text=True)
    assert "よろしいですか" in caller.dialled("no-answer").said
    caller.presses("1")
    assert "お電話します" in caller.presses("3").said
    assert newest(desk).outcome == "callback"


def test_a_call_that_reached_a_person_counts_as_handed_over(desk):
    caller = desk.caller()
    caller.rings()
    caller.says("担当者をお願いします")
    assert caller.dialled("completed").find("Hangup") is not None
    assert newest(desk).outcome == "handed_over"


def test_outside_opening_hours_it_says_so_still_helps_and_takes_a_call_back(desk):
    desk.watch.now = CLOSED
    caller = desk.caller()
    assert "時間外" in caller.rings().said
    caller.says("音が出ないんです")
    assert newest(desk).topic == "trouble_sound"
    heard = caller.presses("0")
    assert heard.find("Dial") is None and "よろしいですか" in heard.said


def test_a_withheld_number_works_and_is_asked_for_before_a_call_back(desk):
    desk.watch.now = CLOSED
    caller = desk.caller("anonymous")
    caller.rings()
    assert "電話番号" in caller.presses("0").said
    assert caller.heard.find("Gather").get("finishOnKey") == "#"
    assert "0 3、1 2 3 4、5 6 7 8" in caller.says("ぜろさんのいちにさんよんのごーろくななはち").said
    assert "いつがよい" in caller.says("はい").said
    caller.presses("5")
    with desk.database.reading() as session:
        kept = session.scalars(select(Callback)).one()
    assert kept.number == "+81312345678"


def test_the_same_request_twice_gives_the_same_document_and_acts_once(desk):
    caller = desk.caller()
    assert caller.rings().text == caller.rings().text
    action = caller.action
    first = caller.says("音が出ないんです").text
    turns = count(desk, TurnRecord)
    caller.action = action
    assert caller.says("音が出ないんです").text == first
    assert count(desk, TurnRecord) == turns and count(desk, Inquiry) == 1


def test_a_turn_that_comes_late_changes_nothing(desk):
    caller = desk.caller()
    caller.rings()
    caller.says("音が出ないんです")
    late = caller.action
    caller.presses("4")
    after = newest(desk).summary
    caller.action = late
    caller.presses("5")
    assert newest(desk).summary == after


def test_speech_that_was_hardly_heard_is_confirmed_first(desk):
    caller = desk.caller()
    caller.rings()
    assert "音のことで、お困りですか" in caller.says("音が出ないんです", confidence="0.2").said
    caller.presses("1")
    assert newest(desk).topic == "trouble_sound"


def test_a_call_has_a_wall_clock_limit_and_ends_with_a_promise(desk):
    caller = desk.caller()
    caller.rings()
    caller.says("音が出ないんです")
    desk.watch.forward(minutes=21)
    heard = caller.presses("3")
    assert heard.find("Hangup") is not None and "お電話します" in heard.said
    assert count(desk, Callback) == 1


def test_hanging_up_on_the_way_to_a_person_leaves_a_call_back(desk):
    caller = desk.caller()
    caller.rings()
    caller.presses("0")
    caller.dialled("busy")
    assert caller.hangs_up().status_code == 204
    caller.hangs_up()
    with desk.database.reading() as session:
        assert session.scalars(select(Callback)).one().number == "+81312345678"


def test_a_status_of_an_unknown_call_leaves_no_trace(desk):
    assert desk.caller().hangs_up().status_code == 204
    assert count(desk, TurnRecord) == 0


def test_when_a_step_fails_the_fallback_apologises_and_leads_to_a_person(desk):
    caller = desk.caller()
    caller.rings()
    heard = caller._step("/voice/fallback", ErrorCode="11200", ErrorUrl="https://desk.example.jp/voice/turn?n=1")
    assert heard.find("Number").text == STAFF_PHONE
    assert "よろしいですか" in caller.dialled("failed").said


def test_p14_a_promise_goes_to_a_mobile_phone_in_writing(desk):
    desk.watch.now = CLOSED
    caller = desk.caller("+819012345678")
    caller.rings()
    caller.presses("0")
    caller.presses("1")
    caller.presses("3")
    desk.service.delivering.deliver_due()
    assert [to for to, body in desk.sms.sent] == ["+819012345678"] and "午前" in desk.sms.sent[0][1]


def test_p14_on_a_landline_the_promise_is_said_twice(desk):
    desk.watch.now = CLOSED
    caller = desk.caller()
    caller.rings()
    caller.presses("0")
    caller.presses("1")
    assert caller.presses("3").said.count("11月25日水曜日の午前") == 2
    assert count(desk, OutboxMessage) == 0


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer", "canceled", "strange"])
def test_whatever_ends_the_dialling_the_caller_is_not_left_alone(desk, status):
    caller = desk.caller()
    caller.rings()
    caller.presses("0")
    assert caller.dialled(status).listens
