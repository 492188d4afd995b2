"""Bookings by talk on both channels (``tests/talks/bookings.yml``), graded by what is in the database."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from helpdesk import accounts, forgetting, joining
from helpdesk.booking import bookings
from helpdesk.booking.attendees import attendee
from helpdesk.booking.outcomes import Via
from helpdesk.casebook import resident_at
from helpdesk.clock import TOKYO
from helpdesk.database import is_collision
from helpdesk.learning import access_codes
from helpdesk.programme.slots import cut
from helpdesk.programme.tables import AccessCode, Booking, LearningPath, Offering, Slot
from helpdesk.tables import Inquiry, Joining, Resident, StaffMember
from scheduler import jobs
from tests.conftest import OPEN
from tests.people import actions

TALKS = [talk for name in ("bookings", "paths") for talk in yaml.safe_load((Path(__file__).parent / "talks" / f"{name}.yml").read_text(encoding="utf-8"))]
PROGRAMME = [
    ("T1", "event", "walk", "和泉橋出張所", (11, 27, 10), 15), ("K1", "class", "basic", "神保町出張所", (12, 1, 14), 2),
    ("S1", "consultation", "", "区役所", (12, 2, 14), 4), ("K3", "class", "applied", "麹町出張所", (12, 3, 10), 20),
    ("T2", "event", "game", "富士見出張所", (12, 4, 10), 15), ("K2", "class", "basic", "区役所", (12, 8, 10), 20),
    ("S2", "consultation", "", "神保町出張所", (12, 9, 10), 4), ("T3", "event", "quiz", "岩本町ほほえみプラザ", (12, 11, 14), 15),
    ("K4", "class", "basic", "神保町出張所", (12, 15, 14), 20),
]  # fmt: skip


@pytest.fixture
def programme(desk):
    with desk.database.transaction() as session:
        for code, kind, level, venue, (month, day, hour), capacity in PROGRAMME:
            start = datetime(2026, month, day, hour, tzinfo=TOKYO)
            one = Offering(
                code=code, kind=kind, level=level, title=code, venue=venue, starts_at=start, ends_at=start + timedelta(hours=2), capacity=capacity, bring="スマートフォン"
            )
            session.add(one)
            session.flush()
            cut(session, one)
    return desk


def fill(desk, code):
    """Strangers take every seat that is left."""
    with desk.database.transaction() as session:
        slot = session.scalars(select(Slot).join(Offering).where(Offering.code == code)).first()
        for number in range(slot.capacity - slot.taken):
            stranger = attendee(session, None, f"filler:{number}", "ほかのかた", "ほかのかた")
            bookings.book(session, desk.watch(), stranger, slot.id, Via("staff"))


def free(desk, code):
    with desk.database.transaction() as session:
        filler = session.scalars(select(Booking).join(Offering).where(Offering.code == code, Booking.channel == "staff", Booking.state == "booked")).first()
        bookings.cancel(session, desk.watch(), filler)


def happens(desk, what):
    """Something outside the talk."""
    if "fill" in what:
        fill(desk, what["fill"])
    if "free" in what:
        free(desk, what["free"])
    if "hours" in what:
        desk.watch.forward(hours=what["hours"])
        jobs.pass_places_on(desk.service)
        jobs.send_due(desk.service)


def graded(desk, talk, said, channel):
    with desk.database.reading() as session:
        mine = session.scalars(select(Booking).where(Booking.channel != "staff").order_by(Booking.id)).all()
        found = [f"{one.offering.code} {one.state} {one.attendee.name or '-'}" for one in mine]
        ends = [f"{i.topic or 'none'} {i.outcome}" for i in session.scalars(select(Inquiry).order_by(Inquiry.id))]
        seats = {slot.id: slot.taken for slot in session.scalars(select(Slot))}
        held = session.scalars(select(Booking.slot_id).where(Booking.state.in_(("booked", "offered")))).all()
    told = "\n".join(str(line) for line in said)
    assert found == talk["booked"], f"{found}\n{told}"
    assert {slot: held.count(slot) for slot in seats} == seats, told
    if "ends" in talk:
        assert ends == talk["ends"], f"{ends}\n{told}"
    if "path" in talk:
        with desk.database.reading() as session:
            followed = session.scalars(select(LearningPath).where(LearningPath.replaced_at.is_(None))).all()
        assert len(followed) <= 1, told
        rows = [row for path in followed for row in path.steps]
        offers = [row["kind"] + (f":{row['level']}" if row["level"] else "") + ("" if row["state"] == "planned" else "*") for row in rows]
        assert offers == talk["path"], f"{offers}\n{told}"
    if "says" in talk:
        assert talk["says"] in said[-1], told
    if "sms" in talk:
        jobs.send_due(desk.service)
        wanted = talk["sms"][channel] if isinstance(talk["sms"], dict) else talk["sms"]
        assert len(desk.sms.sent) == wanted, told


def talks(channel):
    return [pytest.param(talk, id=talk["name"]) for talk in TALKS if channel in talk]


@pytest.mark.parametrize("talk", talks("voice"))
def test_on_the_telephone(programme, talk):
    caller = programme.caller(talk.get("from", "+819012345678"))
    said = [caller.rings().said]
    for turn in talk["voice"]:
        if isinstance(turn, dict):
            if turn.get("again"):
                assert caller.repeats().said == said[-1]
            happens(programme, turn)
            continue
        if turn == "…":
            heard = caller.waits()
        elif turn[0] == "#":
            heard = caller.presses(turn[1:])
        else:
            heard = caller.says(turn)
        said += [f"> {turn}", heard.said]
    graded(programme, talk, said, "voice")


@pytest.mark.parametrize("talk", talks("line"))
def test_on_line(programme, talk):
    friend = programme.friend()
    friend.does("follow")
    said = [friend.shown]
    for turn in talk["line"]:
        if isinstance(turn, dict):
            if turn.get("again"):
                before = len(programme.line.sent)
                friend.redelivers()
                assert len(programme.line.sent) == before
            sent = len(programme.line.sent)
            happens(programme, turn)
            if len(programme.line.sent) > sent:
                friend.last = programme.line.sent[-1][2]
            continue
        if turn.startswith("［"):
            friend.taps(turn.strip("［］"))
        elif turn.startswith("<"):
            friend.message(turn.strip("<>"))
        else:
            friend.writes(turn)
        said += [f"> {turn}", friend.shown]
    graded(programme, talk, said, "line")


def test_a_call_back_later_needs_the_number_or_the_name_with_a_part_of_the_telephone_number(programme):
    caller = programme.caller("+819012345678")
    caller.rings()
    for words in ("基礎の講習会を来週の午後に神保町で予約したい", "はい", "やまだはなこです", "はい"):
        caller.says(words)
    with programme.database.reading() as session:
        number = session.scalars(select(Booking.number)).one()
    again = programme.caller("+819012345678")
    again.rings()
    assert "12月1日" not in again.says("予約を確認したいんですけど").said  # P13: the number that calls identifies nobody
    assert "12月1日" in again.presses(number).said
    wrong = programme.caller("+81311112222")
    wrong.rings()
    wrong.says("予約を確認したいんですけど")
    misheard = str((int(number[0]) + 1) % 10) + number[1:]
    assert "ありませんでした" in wrong.presses(misheard).said
    wrong.says("わからない")
    wrong.says("山田花子です")
    assert "12月1日" in wrong.presses("5678").said
    stranger = programme.caller("+81311112222")
    stranger.rings()
    stranger.says("予約を取り消したいんです")
    stranger.says("わかりません")
    stranger.says("山田花子です")
    assert stranger.presses("0000").find("Dial") is not None
    lost = programme.caller("+819012345678")
    lost.rings()
    lost.says("予約を取り消したいんだけど")
    lost.says("番号が分からないの")
    assert "取り消しますか" in lost.says("やまだはなこ").said


def test_phone_first_and_line_later_are_joined_by_staff_and_can_be_taken_apart(programme):
    caller = programme.caller("+819012345678")
    caller.rings()
    for words in ("基礎の講習会を来週の午後に神保町で予約したい", "はい", "山田花子", "はい"):
        caller.says(words)
    friend = programme.friend()
    friend.writes("予約を確認したい")
    assert "ありません" in friend.shown
    friend.taps("いいえ")
    with programme.database.transaction() as session:
        accounts.add(session, "田中", "staff", "a long password", OPEN)
        member = session.scalars(select(StaffMember)).one()
        phone, line = session.scalars(select(Resident.id).order_by(Resident.id))
        joining.join(session, OPEN, line, phone, member)
    friend.writes("予約を確認したい")
    assert "12月1日" in friend.shown
    friend.writes("12月1日の基礎の講習会を予約したい")
    friend.taps("予約する")
    friend.writes("やまだはなこ")  # the same person: nobody sits on two seats
    with programme.database.reading() as session:
        assert [one.state for one in session.scalars(select(Booking).order_by(Booking.id))].count("booked") == 1
        member = session.scalars(select(StaffMember)).one()
    with programme.database.transaction() as session:
        joining.take_apart(session, OPEN, line, session.get(StaffMember, member.id))
    friend.writes("予約を確認したい")
    assert "12月1日" not in friend.shown
    with programme.database.reading() as session:
        log = session.scalars(select(Joining)).one()
        assert (log.by, log.undone_by) == ("田中", "田中")


def test_each_person_gets_one_code_for_the_practice_app(programme):
    with programme.database.transaction() as session:
        assert access_codes.add(session, ["AAAA-1", "BBBB-2"]) == 2 and access_codes.add(session, ["AAAA-1"]) == 0
    shown = []
    for name in (1, 1, 2, 3):
        friend = programme.friend(name)
        friend.writes("練習アプリがほしいです")
        friend.taps("案内を見る")
        shown.append(friend.shown)
        assert actions(friend.last)[0]["uri"] == "https://renshu.example.jp"
    assert "AAAA-1" in shown[0] and "AAAA-1" in shown[1] and "BBBB-2" in shown[2] and "コード" not in shown[3]
    with programme.database.reading() as session:
        assert len({code.resident_id for code in session.scalars(select(AccessCode))}) == 2


def test_codes_given_out_at_once_are_given_once(any_database):
    from tests.test_booking_races import at_once

    with any_database.transaction() as session:
        access_codes.add(session, [f"CODE-{n}" for n in range(20)])
        people = [resident_at(session, "phone", f"+8190{n:08d}", OPEN).id for n in range(20)]

    def take(number):
        while True:
            try:
                with any_database.transaction() as session:
                    return access_codes.give(session, OPEN, session.get(Resident, number))
            except Exception as error:
                if not is_collision(error):
                    raise

    codes = at_once(take, people * 2)
    assert len(set(codes)) == 20 and None not in codes and codes[:20] == codes[20:]


def test_a_family_on_one_landline_has_bookings_by_name(programme):
    for name in ("山田花子", "山田太郎"):
        caller = programme.caller("+81312345678")
        caller.rings()
        for words in ("基礎の講習会を来週の午後に神保町で予約したい", "はい", name, "はい"):
            caller.says(words)
    with programme.database.reading() as session:
        assert sorted(one.attendee.name for one in session.scalars(select(Booking))) == ["山田太郎", "山田花子"]
    caller = programme.caller("+81312345678")
    caller.rings()
    for words in ("基礎の講習会を12月1日に予約したい", "空きを待ちます", "やまだはなこ"):
        caller.says(words)
    assert "もう予約があります" in caller.says("はい").said  # the same person, whichever way her name is written
    with programme.database.reading() as session:
        assert [one.state for one in session.scalars(select(Booking).order_by(Booking.id))] == ["booked", "booked", "cancelled"]


def test_on_line_what_was_booked_is_a_card_with_map_and_calendar(programme):
    friend = programme.friend()
    friend.writes("基礎の講習会を来週の午後に神保町で予約したい")
    friend.taps("予約する")
    uris = [action["uri"] for action in actions(friend.last) if action["type"] == "uri"]
    assert "神保町出張所" in friend.shown and uris[0].startswith("https://www.google.com/maps/search/")
    path = uris[1].removeprefix("https://desk.example.jp")
    file = programme.web.get(path)
    assert file.mimetype == "text/calendar" and "DTSTART:20261201T050000Z" in file.text and "基礎の講習会" in file.text.replace("\r\n ", "")
    assert programme.web.get("/calendar/99999.ics").status_code == 404


def test_the_message_about_a_free_place_waits_for_the_day(programme):
    friend = programme.friend()
    fill(programme, "K1")
    friend.writes("基礎の講習会を12月1日に予約したい")
    friend.taps("空きを待つ")
    friend.writes("高橋")
    programme.watch.forward(hours=11)  # 22 o'clock
    sent = len(programme.line.sent)
    happens(programme, {"free": "K1", "hours": 0})
    assert len(programme.line.sent) == sent  # L6
    happens(programme, {"hours": 11})  # 9 o'clock
    assert "空きが出ました" in str(programme.line.sent[-1][2]) and len(programme.line.sent) == sent + 1
    with programme.database.reading() as session:
        offer = session.scalars(select(Booking).where(Booking.state == "offered")).one()
        assert offer.offered_until.hour == 9 and offer.offered_until.date() == datetime(2026, 11, 26).date()


def test_whoever_is_forgotten_leaves_the_seat_to_the_next(programme):
    friend, other = programme.friend(1), programme.friend(2)
    fill(programme, "K2")
    for words in ("基礎の講習会を来週の午後に神保町で予約したい", "はい", "山田花子"):
        friend.writes(words)
    fill(programme, "K1")
    other.writes("基礎の講習会を12月1日に予約したい")
    other.taps("空きを待つ")
    with programme.database.transaction() as session:
        forgetting.forget(session, session.scalars(select(Resident.id).where(Resident.name == "山田花子")).one(), programme.watch())
    with programme.database.reading() as session:
        mine = session.scalars(select(Booking).where(Booking.channel != "staff")).all()
        assert [(one.state, one.contact) for one in mine] == [("offered", other.user)]
        assert session.scalars(select(Slot).join(Offering).where(Offering.code == "K1")).one().taken == 2


def test_a_card_from_before_still_books_when_nothing_else_is_talked_about(programme):
    friend = programme.friend()
    friend.writes("基礎の講習会を予約したい")
    cards = friend.last
    friend.writes("やめます")
    friend.writes("いいえ")
    friend.last = cards
    friend.taps("これにする")
    assert "12月1日" in friend.shown and "予約しますか" in friend.shown
    friend.taps("予約する")
    friend.writes("前に戻る")
    assert "お名前" in friend.shown  # what is booked is not undone by going back
    friend.writes("音が出ません")
    assert "音" in friend.shown
    with programme.database.reading() as session:
        assert [one.state for one in session.scalars(select(Booking))] == ["booked"]
