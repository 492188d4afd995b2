"""Bad input: nothing lost, nothing acted on twice, no 500."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.metrics import REFUSED
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.people.tables import Resident
from helpdesk.talks.tables import Conversation, Inquiry, TurnRecord
from nlu.understand import Understander
from tests.conftest import make_desk
from tests.people import Heard

KEPT = (Conversation, Inquiry, OutboxMessage, Resident, TurnRecord)
ODD = [
    "👵📱💦",
    "\x00\x01\x02\x7f",
    "\u202e\u200b\ufeff",
    "ー" * 50,
    "'; DROP TABLE turns; --",
    "<Response><Hangup/></Response>",
    "{{7*7}}",
    "あ" * 100_000,
    "%s%n%d",
    "\ud83d",
]


def kept(desk) -> int:
    with desk.database.reading() as session:
        return sum(session.scalar(select(func.count()).select_from(table)) for table in KEPT)


@pytest.mark.parametrize(
    "path",
    [
        "/voice/incoming",
        "/voice/turn?n=1",
        "/voice/dialled?n=1",
        "/voice/status",
        "/voice/fallback",
        "/voice/whisper?call=CA1",
    ],
)
@pytest.mark.parametrize("signature", ["", "forged", "あ", "A" * 5000])
def test_a_forged_call_gets_403_and_leaves_a_counter_only(desk, path, signature):
    before = REFUSED.labels("voice", "signature")._value.get()
    response = desk.web.post(
        path, data={"CallSid": "CA1"}, headers={"X-Twilio-Signature": signature.encode("utf-8").decode("latin-1")}
    )
    assert response.status_code == 403 and kept(desk) == 0
    assert REFUSED.labels("voice", "signature")._value.get() == before + 1


@pytest.mark.parametrize("signature", ["", "forged", "あ", "A" * 5000])
def test_a_forged_line_event_gets_403_and_leaves_nothing(desk, signature):
    friend = desk.friend()
    response = friend.deliver(friend.event("follow"), signature=signature.encode("utf-8").decode("latin-1"))
    assert response.status_code == 403 and kept(desk) == 0 and desk.line.sent == []


def test_a_missing_signature_is_a_bad_one(desk):
    assert desk.web.post("/voice/incoming", data={"CallSid": "CA1"}).status_code == 403
    assert desk.web.post("/line/webhook", data=b'{"events":[]}').status_code == 403


def test_a_signature_over_other_words_or_another_address_is_forged(desk):
    caller = desk.caller()
    from twilio.request_validator import RequestValidator

    form = {"CallSid": "CA1", "SpeechResult": "音"}
    signed = RequestValidator(desk.service.settings.voice_signing_token()).compute_signature(
        "https://desk.example.jp/voice/turn?n=1", form
    )
    for path, sent in (("/voice/turn?n=1", {**form, "SpeechResult": "声"}), ("/voice/turn?n=2", form)):
        assert desk.web.post(path, data=sent, headers={"X-Twilio-Signature": signed}).status_code == 403
    assert caller.rings().status == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"garbage", b"\xff\xfe\x00", b"[]", b"{}", b'{"events":5}', b"[" * 20_000, b'{"events":null}', b"null"],
)
def test_a_signed_body_that_cannot_be_read_gets_400(desk, body):
    assert desk.friend().deliver(body=body).status_code == 400 and kept(desk) == 0


@pytest.mark.parametrize(
    "event",
    [
        1,
        None,
        "x",
        {},
        {"type": "message"},
        {"source": 5},
        {"type": "message", "source": {"type": "user", "userId": 5}},
    ],
)
def test_events_without_shape_are_accepted_and_ignored(desk, event):
    assert desk.friend().deliver(event).status_code == 200 and desk.line.sent == []


@pytest.mark.parametrize(
    "kind",
    [
        "join",
        "leave",
        "memberJoined",
        "beacon",
        "accountLink",
        "things",
        "membership",
        "videoPlayComplete",
        "module",
        "never-heard-of",
        "",
    ],
)
def test_unknown_events_are_logged_and_answered_with_200(desk, kind):
    friend = desk.friend()
    assert friend.deliver(friend.event(kind)).status_code == 200
    with desk.database.reading() as session:
        assert session.scalars(select(TurnRecord)).one().heard == "other"


@pytest.mark.parametrize(
    "message",
    [None, 5, {}, {"type": None}, {"type": "text"}, {"type": "text", "text": 5}, {"type": "text", "text": ""}],
)
def test_messages_without_shape_are_answered(desk, message):
    friend = desk.friend()
    assert friend.deliver(friend.event("message", message=message)).status_code == 200
    assert len(desk.line.sent) == 1


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "",
        "a=&c=",
        "c=yes",
        "a=guide.step%3Avoice&c=%00",
        "m=",
        "m=nonsense",
        "m=safety_scam",
        "x" * 300,
        "a=else&c=maybe",
    ],
)
def test_postbacks_that_nobody_made_are_answered(desk, data):
    friend = desk.friend()
    friend.writes("音が出ません")
    assert friend.deliver(friend.event("postback", postback={"data": data})).status_code == 200
    friend.writes("音が出ません")
    assert friend.last


@pytest.mark.parametrize("words", ODD, ids=[repr(words[:12]) for words in ODD])
def test_odd_words_are_answered_on_both_channels(desk, words):
    friend = desk.friend()
    raw = json.dumps({"events": [friend.event("message", message={"id": "1", "type": "text", "text": words})]}).encode()
    assert friend.deliver(body=raw).status_code == 200 and len(desk.line.sent) == 1
    caller = desk.caller()
    caller.rings()
    sayable = words.encode("utf-8", "ignore").decode()
    heard = caller.says(sayable or "。")
    assert heard.status == 200 and heard.said


@pytest.mark.parametrize("words", ODD, ids=[repr(words[:12]) for words in ODD])
def test_odd_words_are_kept_on_every_database(settings, any_database, embedded, words):
    desk = make_desk(settings, any_database, Understander(None, embedded))
    friend = desk.friend()
    raw = json.dumps({"events": [friend.event("message", message={"id": "1", "type": "text", "text": words})]}).encode()
    assert friend.deliver(body=raw).status_code == 200
    caller = desk.caller()
    caller.rings()
    caller.says(words.encode("utf-8", "ignore").decode() or "。")
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TurnRecord)) == 3


@pytest.mark.parametrize("keys", ["0", "#", "*", "12345678901234567890" * 10, "１", "abc", "11"])
@pytest.mark.parametrize("before", [[], ["音が出ないんです"], ["3"]])
def test_odd_keys_are_answered(desk, keys, before):
    caller = desk.caller()
    caller.rings()
    for words in before:
        caller.says(words)
    assert caller.presses(keys).said


@pytest.mark.parametrize("n", ["", "x", "-1", "99999999999", "0", "1.5", "%E3%81%82"])
def test_a_turn_number_that_nobody_gave_continues_the_call(desk, n):
    caller = desk.caller()
    caller.rings()
    caller.action = f"/voice/turn?n={n}"
    assert "どれ" in caller.says("音が出ないんです").said or caller.heard.listens


def test_turns_out_of_order_act_once_each(desk):
    caller = desk.caller()
    caller.rings()
    caller.action = "/voice/turn?n=2"
    caller.says("音が出ないんです")
    caller.action = "/voice/turn?n=1"
    assert caller.says("ワイファイにつながらない").listens
    with desk.database.reading() as session:
        assert session.scalars(select(Inquiry)).one().topic == "trouble_sound"


@pytest.mark.parametrize("confidence", ["", "x", "-1", "nan", "inf", "5", "0.0"])
def test_a_confidence_that_is_no_number_is_none(desk, confidence):
    caller = desk.caller()
    caller.rings()
    caller.says("音が出ないんです", confidence=confidence)
    with desk.database.reading() as session:
        assert session.scalars(select(Inquiry)).one().topic == "trouble_sound"


def test_a_call_without_an_id_gets_400(desk):
    caller = desk.caller()
    for call in ("", "C" * 65):
        caller.call = call
        assert caller.post("/voice/incoming").status_code == 400
    assert kept(desk) == 0


def test_a_body_that_is_too_large_is_refused(desk):
    assert desk.web.post("/line/webhook", data=b"x" * 3_000_000).status_code == 413


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/voice/incoming"), ("put", "/line/webhook"), ("get", "/nothing"), ("get", "/line/webhook")],
)
def test_other_methods_and_addresses_are_refused_shortly(desk, method, path):
    response = getattr(desk.web, method)(path)
    assert response.status_code in (403, 404, 405) and len(response.data) < 100


def test_a_reply_to_a_dummy_token_is_not_sent_with_it(desk):
    friend = desk.friend()
    friend.deliver(
        {**friend.event("message", message={"id": "1", "type": "text", "text": "音"}), "replyToken": "0" * 32}
    )
    assert [kind for kind, _, _ in desk.line.sent] == ["push"]


def test_when_the_database_is_gone_a_caller_is_put_through_and_a_friend_is_told(desk, monkeypatch):
    caller, friend = desk.caller(), desk.friend()
    caller.rings()
    desk.database.engine.dispose()
    monkeypatch.setattr(type(desk.database), "transaction", lambda self: (_ for _ in ()).throw(OSError("disk is gone")))
    heard = Heard(caller.post("/voice/turn?n=1", SpeechResult="音が出ない"))
    assert heard.find("Dial") is not None and "申し訳" in heard.said
    assert friend.deliver(friend.event("message", message={"id": "1", "type": "text", "text": "音"})).status_code == 200


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.text(max_size=12),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=8,
        ),
        max_size=5,
    )
)
def test_no_event_makes_the_webhook_fail(desk, part):
    friend = desk.friend()
    assert friend.deliver({**friend.event("message"), **part}).status_code == 200


def test_logs_carry_neither_words_nor_numbers(desk, caplog, monkeypatch):
    caplog.set_level("DEBUG")
    caller, friend = desk.caller("+819011112222"), desk.friend()
    caller.rings()
    caller.says("ひみつのはなし")
    friend.writes("ひみつのはなし")
    monkeypatch.setattr("flows.converse.answer", lambda at: 1 / 0)
    caller.says("ひみつのはなし")
    written = "\n".join(record.getMessage() + (record.exc_text or "") for record in caplog.records)
    assert "failed" in written, "the error itself is logged"
    assert "ひみつ" not in written and "11112222" not in written and friend.user not in written
