"""The calendar file of a session: what calendars take, what they hear of changes, how it is opened from LINE."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from bot.calendar_file import calendar_file
from helpdesk.clock import TOKYO
from helpdesk.programme.slots import cut
from helpdesk.programme.tables import Offering
from helpdesk.programme_file import importing
from tests.conftest import OPEN
from tests.people import actions
from tests.wards import CHIYODA

START = datetime(2026, 12, 22, 10, 0, tzinfo=TOKYO)
ROW = {
    "code": "K1", "kind": "class", "level": "applied", "title": "基礎; 入門", "venue": "区役所", "starts_at": START,
    "ends_at": START + timedelta(hours=2), "capacity": 20, "cancelled": "", "published": True,
    "bring": "スマートフォン、充電器; 筆記具, 老眼鏡\n（あれば）お薬手帳\\メモ帳",
}  # fmt: skip


@pytest.fixture
def opened(any_database):
    """Imports a row and opens the session's file, as a telephone does."""
    app = Flask(__name__)
    app.register_blueprint(calendar_file(any_database, lambda: OPEN, CHIYODA))

    def open_(minutes=30, slot=1, hour=0, **change):
        with any_database.transaction() as session:
            importing.keep(session, [ROW | change], minutes, OPEN + timedelta(hours=hour))
        return app.test_client().get(f"/calendar/{slot}.ics?openExternalBrowser=1")

    return open_


def event(response):
    (found,) = Calendar.from_ical(response.data).walk("VEVENT")
    return found


def test_long_lines_signs_and_line_breaks_reach_the_calendar_whole(opened):
    response = opened()
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.data.split(b"\r\n")
    assert all(len(line) <= 75 and line.decode("utf-8") is not None for line in lines) and b"\n" not in b"".join(lines)
    text = response.data.replace(b"\r\n ", b"").decode()
    assert all(sign in text for sign in ("\\;", "\\,", "\\n", "\\\\"))
    assert ROW["bring"] in str(event(response)["description"]) and "STATUS" not in text


CHANGES = [
    {"starts_at": START + timedelta(hours=3), "ends_at": START + timedelta(hours=5)},
    {"ends_at": START + timedelta(hours=1)}, {"venue": "和泉橋出張所"}, {"cancelled": "講師の急病"},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_time_place_or_state_counts_up(opened, change):
    first = event(opened())
    assert first["sequence"] == 0 and event(opened(hour=1))["sequence"] == 0
    changed = opened(hour=2, **change)
    assert b"SEQUENCE:1\r\n" in changed.data and event(changed)["uid"] == first["uid"]
    assert event(changed)["last-modified"].dt == OPEN + timedelta(hours=2)
    assert (event(changed).get("status") == "CANCELLED") == ("cancelled" in change)
    assert event(opened(hour=3, **change))["sequence"] == 1 and event(opened(hour=3, **change))[
        "last-modified"
    ].dt == OPEN + timedelta(hours=2)
    back = event(opened(hour=4))
    assert back["sequence"] == 2 and "status" not in back


def test_what_is_no_news_for_a_calendar_does_not_count(opened):
    opened()
    assert event(opened(title="ほか", bring="何も", capacity=10))["sequence"] == 0


def test_a_change_by_anybody_else_counts_as_well(opened, any_database):
    opened()
    with any_database.transaction() as session:
        offering = session.scalars(select(Offering)).one()
        offering.cancelled = "大雪"
    with any_database.reading() as session:
        assert session.scalars(select(Offering)).one().sequence == 1


def test_slots_of_another_length_count_as_a_move(opened):
    consultation = {"kind": "consultation", "level": "", "capacity": 4}
    opened(**consultation)
    assert event(opened(40, 2, **consultation))["sequence"] == 1
    assert event(opened(40, 2, **consultation))["sequence"] == 1


def test_a_hidden_session_has_no_file(opened):
    assert opened().status_code == 200 and opened(published=False).status_code == 404


def test_on_line_what_another_app_opens_leaves_lines_browser(desk):
    with desk.database.transaction() as session:
        offering = Offering(**{**ROW, "bring": ""})
        session.add(offering)
        session.flush()
        cut(session, offering)
    friend = desk.friend()
    friend.writes("応用の講習会を12月22日に予約したい")
    friend.taps("予約する")
    uris = {action["label"]: action["uri"] for action in actions(friend.last) if action["type"] == "uri"}
    assert "?openExternalBrowser=1" in uris["カレンダーに入れる"] and "&openExternalBrowser=1" in uris["地図を見る"]
    assert desk.web.get(uris["カレンダーに入れる"].removeprefix("https://desk.example.jp")).status_code == 200
