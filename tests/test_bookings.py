"""Bookings, waiting lists, codes and joined records, beyond the scripted talks."""

from datetime import datetime

from sqlalchemy import select

from helpdesk import forgetting
from helpdesk.booking.tables import Booking
from helpdesk.learning import access_codes
from helpdesk.learning.tables import AccessCode
from helpdesk.people import joining
from helpdesk.people.residents import resident_at
from helpdesk.people.tables import Joining, Resident
from helpdesk.programme.tables import Offering, Slot
from helpdesk.staff import accounts
from helpdesk.staff.tables import StaffMember
from helpdesk.store.database import is_collision
from tests.conftest import OPEN
from tests.people import actions
from tests.small_programme import fill, happens


def test_a_call_back_later_needs_the_number_or_the_name_with_a_part_of_the_telephone_number(programme):
    caller = programme.caller("+819012345678")
    caller.rings()
    for words in ("基礎の講習会を来週の午後に神保町で予約したい", "はい", "やまだはなこです", "はい"):
        caller.says(words)
    with programme.database.reading() as session:
        number = session.scalars(select(Booking.number)).one()
    again = programme.caller("+819012345678")
    again.rings()
    assert (
        "12月1日" not in again.says("予約を確認したいんですけど").said
    )  # P13: the number that calls identifies nobody
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
    from tests.racing import at_once

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
        assert [one.state for one in session.scalars(select(Booking).order_by(Booking.id))] == [
            "booked",
            "booked",
            "cancelled",
        ]


def test_on_line_what_was_booked_is_a_card_with_map_and_calendar(programme):
    friend = programme.friend()
    friend.writes("基礎の講習会を来週の午後に神保町で予約したい")
    friend.taps("予約する")
    uris = [action["uri"] for action in actions(friend.last) if action["type"] == "uri"]
    assert "神保町出張所" in friend.shown and uris[0].startswith("https://www.google.com/maps/search/")
    path = uris[1].removeprefix("https://desk.example.jp")
    file = programme.web.get(path)
    assert (
        file.mimetype == "text/calendar"
        and "DTSTART:20261201T050000Z" in file.text
        and "基礎の講習会" in file.text.replace("\r\n ", "")
    )
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
        forgetting.forget(
            session, session.scalars(select(Resident.id).where(Resident.name == "山田花子")).one(), programme.watch()
        )
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
