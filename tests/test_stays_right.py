"""Kinds of faults from other systems that this one has not.

Holidays that moved, events of every kind, other tools' buttons, signs read aloud.
"""

import logging
from datetime import date

import pytest

from tests.wards import CHIYODA
from tests.wording import spoken

CLOSED = [
    "2021-07-22",
    "2021-07-23",
    "2021-08-09",
    "2026-05-06",
    "2026-09-22",
    "2027-03-22",
    "2026-12-29",
    "2026-12-31",
    "2027-01-01",
    "2027-01-03",
    "2026-11-23",
]
OPEN_DAYS = ["2021-07-19", "2021-08-11", "2021-10-11", "2026-12-28", "2027-01-04", "2026-11-24"]
EVENTS = [
    "join", "memberJoined", "memberLeft", "leave", "membership", "accountLink", "beacon", "videoPlayComplete",
    "botSuspended", "botResumed", "activated", "deactivated", "module", "delivery", "a-type-that-does-not-exist-yet",
]  # fmt: skip
TEXT = {"message": {"id": "1", "type": "text", "text": "音が出ません"}}


def test_holidays_that_the_law_moved_substitutes_and_the_turn_of_the_year():
    assert [day for day in CLOSED if CHIYODA.hours.is_open_day(date.fromisoformat(day))] == []
    assert [day for day in OPEN_DAYS if not CHIYODA.hours.is_open_day(date.fromisoformat(day))] == []
    assert CHIYODA.hours.next_open_day(date(2026, 12, 28)) == date(2027, 1, 4)


def quiet(desk, caplog, event):
    """Deliver an event: accepted, and nobody has to look into a log."""
    with caplog.at_level(logging.WARNING):
        assert desk.friend().deliver(*([] if event is None else [event])).status_code == 200
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_of_any_kind_is_accepted(desk, caplog, kind):
    quiet(desk, caplog, desk.friend().event(kind))


@pytest.mark.parametrize(
    "source",
    [
        {"type": "group", "groupId": "C1"},
        {"type": "room", "roomId": "R1"},
        {"type": "group", "groupId": "C1", "userId": "U" + "1" * 32},
        {"type": "user"},
    ],
)
def test_who_is_not_alone_with_the_bot_gets_no_reply(desk, caplog, source):
    quiet(desk, caplog, {**desk.friend().event("message", **TEXT), "source": source})
    assert desk.line.sent == []


def test_another_system_has_the_talk_in_standby(desk, caplog):
    quiet(desk, caplog, {**desk.friend().event("message", **TEXT), "mode": "standby"})
    assert desk.line.sent == []


def test_a_message_that_is_null_and_no_events_at_all(desk, caplog):
    quiet(desk, caplog, desk.friend().event("message", message=None))
    quiet(desk, caplog, None)


@pytest.mark.parametrize(
    "data", ["action=buy&itemid=123", '{"x":1}', "m=does_not_exist&t=x", "a=open&c=x", "a=&c=", "%00=%ff", "=&=&="]
)
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"params": {"newRichMenuAliasId": "a", "status": "SUCCESS"}},
        {"params": {"datetime": "2026-12-08T14:00"}},
        {"params": None},
    ],
)
def test_buttons_of_another_tool_do_no_harm(desk, caplog, data, more):
    quiet(desk, caplog, desk.friend().event("postback", postback={"data": data, **more}))


def test_no_sign_that_a_voice_reads_wrong_is_said():
    said = [
        *spoken(),
        *(("venue", venue.way) for venue in CHIYODA.venues.values()),
        *(("venue", venue.short) for venue in CHIYODA.venues.values()),
    ]
    wrong = [
        (name, sentence, sign)
        for name, sentence in said
        for sign in ("JR", "〜", "～", "(", "（", "/", "#", "%", "％")
        if sign in sentence
    ]
    assert len(said) > 100 and wrong == []
