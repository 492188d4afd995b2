"""LINE, through its webhook with real signatures and the real classifier."""

import json

import pytest
from sqlalchemy import func, select

from bot.gateways.protocols import Refused
from bot.web import create_web
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.people.tables import Address
from helpdesk.talks.tables import Inquiry, TurnRecord
from tests.people import actions
from tests.test_voice import count, newest


def test_a_friend_with_wifi_trouble_gets_a_card_and_it_is_solved(desk):
    friend = desk.friend()
    assert "お書きください" in friend.does("follow").shown
    assert "どちら" in friend.writes("ワイファイにつながりません").shown
    friend.taps("家のWi-Fi")
    friend.taps("ほかはつながる")
    shown = friend.taps("iPhone").shown
    assert "Wi-Fiを入れ直す" in shown and "iPhoneの場合" in shown
    assert "よかった" in friend.taps("直りました").shown
    assert (newest(desk).topic, newest(desk).outcome, newest(desk).channel) == ("trouble_network", "solved", "line")


def test_what_did_not_help_leads_to_another_way_then_to_a_person(desk):
    friend = desk.friend()
    friend.writes("ワイファイにつながりません")
    friend.writes("家")
    friend.writes("ほかはつながる")
    friend.writes("アンドロイド")
    assert "電源を入れ直す" in friend.taps("まだです").shown
    assert "電話番号" in friend.taps("まだです").shown
    friend.writes("03-1234-5678")
    assert "お電話します" in friend.taps("午後").shown
    assert newest(desk).outcome == "callback"


@pytest.mark.parametrize("kind", ["sticker", "image", "video", "audio", "file", "location", "something-new"])
def test_l3_everything_is_answered_and_logged_and_a_sticker_is_understood(desk, kind):
    friend = desk.friend()
    friend.message(kind)
    assert friend.last and "わかりません" not in friend.shown and "分かりません" not in friend.shown
    assert count(desk, TurnRecord) == 1


def test_l3_a_picture_in_the_middle_of_a_guide_keeps_the_question_open(desk):
    friend = desk.friend()
    friend.writes("ワイファイにつながりません")
    assert "どちら" in friend.message("image").shown
    friend.taps("家のWi-Fi")
    assert "ほかの機械" in friend.shown


def test_l5_back_and_start_over_work_in_every_state(desk):
    friend = desk.friend()
    friend.writes("音が出ません")
    question = friend.shown
    friend.taps("相手の声")
    assert friend.taps("前に戻る").shown == question
    assert "何にお困り" in friend.taps("最初から").shown


def test_l5_a_talk_that_is_picked_up_a_day_later_goes_on_where_it_stopped(desk):
    friend = desk.friend()
    friend.writes("音が出ません")
    desk.watch.forward(days=1)
    assert "穴" in friend.taps("相手の声").shown


def test_l2_what_a_button_does_can_be_typed_in_kana_too(desk):
    friend = desk.friend()
    friend.writes("ワイファイにつながりません")
    friend.writes("うち")
    assert "ほかの機械" in friend.shown


def test_a_button_of_an_older_question_takes_nothing_from_it(desk):
    friend = desk.friend()
    friend.writes("音が出ません")
    old = friend.last
    friend.taps("相手の声")
    now = friend.shown
    friend.last = old
    friend.taps("着信の音")
    assert "直りましたか" in friend.shown and "直りましたか" in now and "着信の音" not in newest(desk).summary


def test_a_redelivered_event_acts_once_and_is_answered_once(desk):
    friend = desk.friend()
    event = friend.event("message", message={"id": "1", "type": "text", "text": "音が出ません"})
    friend.deliver(event)
    friend.deliver({**event, "deliveryContext": {"isRedelivery": True}})
    assert len(desk.line.sent) == 1 and count(desk, Inquiry) == 1


def test_a_reply_whose_token_is_gone_becomes_a_push(desk):
    desk.line.failures = [Refused("LINE 400", again=False)]
    friend = desk.friend()
    friend.writes("音が出ません")
    assert desk.line.sent == []
    assert desk.service.delivering.deliver_due() == 1
    assert [(kind, to) for kind, to, _ in desk.line.sent] == [("push", friend.user)]


def test_a_reply_that_no_process_delivered_is_pushed_by_the_scheduler_once(desk):
    desk.web = create_web(desk.service, deliver=lambda key: None).test_client()
    desk.friend().writes("音が出ません")
    assert desk.service.delivering.deliver_due() == 0
    desk.watch.forward(seconds=70)
    assert desk.service.delivering.deliver_due() == 1 and desk.service.delivering.deliver_due() == 0
    assert desk.line.sent[0][0] == "push"


def test_a_push_is_tried_again_later_and_given_up_when_it_is_refused(desk):
    desk.line.failures = [
        Refused("LINE 400", again=False),
        Refused("LINE 500", again=True),
        Refused("LINE 400", again=False),
    ]
    desk.friend().writes("音が出ません")
    assert desk.service.delivering.deliver_due() == 0
    assert desk.service.delivering.deliver_due() == 0  # not due yet
    desk.watch.forward(minutes=5)
    assert desk.service.delivering.deliver_due() == 0
    with desk.database.reading() as session:
        assert session.scalars(select(OutboxMessage)).one().given_up_at is not None


def test_nothing_is_sent_to_somebody_who_blocked_the_account(desk):
    desk.line.failures = [Refused("LINE 400", again=False)]
    friend = desk.friend()
    friend.writes("音が出ません")
    friend.does("unfollow")
    desk.service.delivering.deliver_due()
    assert desk.line.sent == []
    with desk.database.reading() as session:
        assert session.scalars(select(Address)).one().blocked_at is not None


def test_a_message_that_was_taken_back_disappears_from_the_history(desk):
    friend = desk.friend()
    friend.writes("音が出ません、田中花子です")
    with desk.database.reading() as session:
        message = session.scalars(select(TurnRecord)).one().message_id
    friend.does("unsend", unsend={"messageId": message})
    with desk.database.reading() as session:
        assert "田中" not in " ".join(turn.text for turn in session.scalars(select(TurnRecord)))


@pytest.mark.parametrize(
    "area", ["start_over", "handoff_human", "callback_request", "ask_class", "ask_consultation", "ask_event"]
)
def test_every_area_of_the_rich_menu_is_answered(desk, area):
    friend = desk.friend()
    friend.writes("音が出ません")
    friend.menu(area)
    assert friend.last
    if area.startswith("ask_"):
        assert {"ask_class": "講習会", "ask_consultation": "相談会", "ask_event": "体験会"}[area] in friend.shown


def test_s1_fraud_shows_a_button_that_calls_the_police_first(desk):
    friend = desk.friend()
    friend.writes("ワイファイにつながりません")
    friend.writes("画面にウイルスに感染したと出て電話しろと書いてあります")
    first = friend.last[0]
    assert [a["uri"] for a in actions(first) if a["type"] == "uri"] == ["tel:%239110"]
    assert newest(desk).safety == "safety_scam"


def test_events_of_groups_are_left_alone(desk):
    friend = desk.friend()
    event = {
        **friend.event("message", message={"id": "1", "type": "text", "text": "音"}),
        "source": {"type": "group", "groupId": "C1", "userId": friend.user},
    }
    assert friend.deliver(event).status_code == 200
    assert desk.line.sent == [] and count(desk, TurnRecord) == 0


def test_l1_the_rich_menu_has_six_areas_one_of_them_the_telephone():
    from bot.channels.line.rich_menu import HEIGHT, PICTURE, WIDTH, rich_menu

    menu = rich_menu("+81355550000")
    assert len(menu["areas"]) == 6
    assert [a["action"]["uri"] for a in menu["areas"] if a["action"]["type"] == "uri"] == ["tel:+81355550000"]
    picture = PICTURE.read_bytes()
    assert len(picture) < 1_000_000
    assert (int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")) == (WIDTH, HEIGHT)


def test_one_request_may_hold_events_of_several_people(desk):
    one, two = desk.friend(1), desk.friend(2)
    text = {"type": "text", "text": "音が出ません"}
    one.deliver(one.event("message", message={"id": "1", **text}), two.event("message", message={"id": "2", **text}))
    with desk.database.reading() as session:
        assert session.scalar(select(func.count(func.distinct(Inquiry.resident_id)))) == 2
    assert len(desk.line.sent) == 2
    json.dumps(desk.line.sent)
