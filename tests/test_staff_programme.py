"""Staff at the programme's pages."""

import re

import pytest
from sqlalchemy import select

from admin.app import create_admin
from helpdesk.booking.tables import Booking
from helpdesk.learning.tables import LearningPath
from helpdesk.people.tables import Resident
from helpdesk.programme.tables import Offering, Slot
from helpdesk.staff import accounts
from helpdesk.staff.tables import Reading
from tests.conftest import OPEN
from tests.small_programme import fill, free
from tests.test_admin import PASSWORD, page, sign_in, token


@pytest.fixture
def staff(programme):
    with programme.database.transaction() as session:
        accounts.add(session, "田中", "staff", PASSWORD, OPEN)
    browser = create_admin(programme.service.settings, programme.database, programme.watch).test_client()
    sign_in(browser, "田中", PASSWORD)
    return browser


def send(browser, path, **fields):
    """A form of the programme's pages; the page that follows."""
    fields["csrf_token"] = token(browser.get("/programme/1"))
    response = browser.post(path, data=fields, follow_redirects=True)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def ids(desk, code):
    with desk.database.reading() as session:
        offering = session.scalars(select(Offering).where(Offering.code == code)).one()
        return offering.id, session.scalars(
            select(Slot.id).where(Slot.offering_id == offering.id).order_by(Slot.number)
        ).all()


def states(desk):
    with desk.database.reading() as session:
        return [
            (one.offering.code, one.state, one.attendee.name)
            for one in session.scalars(select(Booking).order_by(Booking.id))
        ]


def test_staff_book_for_a_caller_change_and_cancel(programme, staff):
    offering, (slot,) = ids(programme, "K1")
    done = send(
        staff,
        f"/programme/{offering}/book",
        name="高橋 よし",
        reading="タカハシ ヨシ",
        phone="03-1234-5678",
        slot=str(slot),
    )
    assert re.search(r"予約番号は \d{5} です", done) and "高橋 よし" in done and "03-****-5678" in done
    assert "もうこの会の予約があります" in send(
        staff,
        f"/programme/{offering}/book",
        name="高橋よし",
        reading="たかはしよし",
        phone="03-1234-5678",
        slot=str(slot),
    )
    later, (other,) = ids(programme, "K2")
    assert "変えました" in send(staff, "/programme/bookings/1/move", slot=str(other), offering=str(offering))
    assert "取り消しました" in send(staff, "/programme/bookings/1/cancel", offering=str(later))
    assert states(programme) == [("K2", "cancelled", "高橋 よし")]


def test_a_full_session_is_overbooked_only_on_purpose_and_the_extra_seat_goes_again(programme, staff):
    fill(programme, "K1")
    offering, (slot,) = ids(programme, "K1")
    form = {"name": "林", "reading": "はやし", "phone": "0312345678", "slot": str(slot)}
    assert "満席です" in send(staff, f"/programme/{offering}/book", **form)
    assert "予約しました" in send(staff, f"/programme/{offering}/book", overbook="1", **form)
    with programme.database.reading() as session:
        assert (session.get(Slot, slot).taken, session.get(Slot, slot).extra) == (3, 1)
    free(programme, "K1")
    with programme.database.reading() as session:
        assert (session.get(Slot, slot).taken, session.get(Slot, slot).extra) == (2, 0)


def test_whoever_waits_on_a_landline_is_on_the_list_of_calls_and_staff_note_the_answer(programme, staff):
    fill(programme, "K1")
    offering, _ = ids(programme, "K1")
    for name, reading, phone in (("林", "はやし", "0312345678"), ("森", "もり", "0312345679")):
        assert "空き待ちに入れました" in send(
            staff, f"/programme/{offering}/book", name=name, reading=reading, phone=phone, wait="1"
        )
    free(programme, "K1")
    listed = page(staff, "/programme/")
    assert "お電話するかた" in listed and "林さん" in listed and "森さん" not in listed
    waiting = [number for number, (_, state, _) in enumerate(states(programme), 1) if state == "offered"]
    assert "次のかたにご案内します" in send(staff, f"/programme/bookings/{waiting[0]}/decline", offering=str(offering))
    assert "森さん" in page(staff, "/programme/")
    again = [number for number, (_, state, _) in enumerate(states(programme), 1) if state == "offered"]
    assert "予約にしました" in send(staff, f"/programme/bookings/{again[0]}/accept", offering=str(offering))
    assert ("K1", "booked", "森") in states(programme) and ("K1", "declined", "林") in states(programme)


def test_a_name_that_nobody_understood_is_filled_in(programme, staff):
    caller = programme.caller("anonymous")
    caller.rings()
    for words in (
        "基礎の講習会を来週の午後に神保町で予約したい",
        "はい",
        "ええと予約の名前ですか",
        "ちょっと待ってくださいね",
    ):
        caller.says(words)
    assert "お名前を確かめる予約" in page(staff, "/programme/")
    offering, _ = ids(programme, "K1")
    assert "お名前を入れました" in send(
        staff, "/programme/bookings/1/name", name="今井 とし", reading="いまい とし", offering=str(offering)
    )
    assert states(programme) == [("K1", "booked", "今井 とし")] and "お名前を確かめる予約" not in page(
        staff, "/programme/"
    )


def test_attendance_plans_the_learning_path_anew(programme, staff):
    friend = programme.friend()
    for words in (
        "何から始めたらいいですか",
        "持っています",
        "孫と話したい",
        "ない",
        "電話だけ",
        "神保町で午後",
        "はい",
        "山田花子",
    ):
        friend.writes(words)
    offering, _ = ids(programme, "K1")
    assert "始まる前" in send(staff, "/programme/bookings/1/attended", offering=str(offering))
    programme.watch.forward(days=8)
    sign_in(staff, "田中", PASSWORD)
    assert "参加" in send(staff, "/programme/bookings/1/attended", offering=str(offering))
    with programme.database.reading() as session:
        old, new = session.scalars(select(LearningPath).order_by(LearningPath.id))
        assert old.replaced_at and new.why == "attended" and all(row["level"] != "basic" for row in new.steps)
        assert new.steps[0]["kind"] == "practice_app"
    send(staff, "/programme/bookings/1/unmark", offering=str(offering))
    assert "欠席" in send(staff, "/programme/bookings/1/missed", offering=str(offering))


def test_the_path_is_made_shown_and_printed(programme, staff):
    caller = programme.caller("+819012345678")
    caller.rings()
    caller.says("音が出ないんです")
    fields = {"phone": "own", "skill": "calls", "aim": "photo", "worry": "forget", "venue": "神保町出張所"}
    printed = send(staff, "/residents/1/path", **fields)
    assert (
        "おすすめの進めかた" in printed
        and "12月1日（火曜日）午後2時" in printed
        and "「写真を楽しみたい」" in printed
        and "03-5555-0000" in printed
    )
    shown = page(staff, "/residents/1")
    assert "講習会 基礎編 → 練習アプリ" in shown and "写真を楽しみたい" in shown
    assert staff.get("/residents/999/path").status_code == 404


def test_records_are_joined_and_taken_apart_and_every_reading_is_logged(programme, staff):
    caller = programme.caller("+819012345678")
    caller.rings()
    caller.says("音が出ないんです")
    programme.friend().writes("ワイファイにつながらない")
    with programme.database.transaction() as session:
        accounts.set_role(session, "田中", "manager")
    assert "合わせました" in send(staff, "/residents/2/join", other="090-1234-5678")
    shown = page(staff, "/residents/2")
    assert "音・着信音" in shown and "Wi-Fi・電波" in shown and "記録番号 1" in shown
    assert "もう同じかた" in send(staff, "/residents/2/join", other="1")
    assert "ありません" in send(staff, "/residents/2/join", other="09099999999")
    with programme.database.reading() as session:
        follower = session.scalars(select(Resident.id).where(Resident.joined_to_id.is_not(None))).one()
    assert "別の記録に戻しました" in send(staff, f"/residents/{follower}/apart")
    assert "ほかの記録と合わせられていません" in send(staff, f"/residents/{follower}/apart")
    page(staff, "/programme/2")
    with programme.database.reading() as session:
        assert {"resident", "session"} <= set(session.scalars(select(Reading.kind)))


def test_bad_forms_get_a_reason_and_lose_nothing(programme, staff):
    offering, (slot,) = ids(programme, "K1")
    for fields, reason in (
        ({"name": "", "reading": ""}, "お名前と"),
        ({"name": "林", "reading": "HAYASHI"}, "ふりがな"),
        ({"name": "林", "reading": "はやし", "phone": "12"}, "電話番号が読み取れません"),
        ({"name": "林", "reading": "はやし", "slot": "99999"}, "もう始まったか"),
    ):
        assert reason in send(staff, f"/programme/{offering}/book", **{"slot": str(slot), **fields})
    assert "その予約はありません" in send(staff, "/programme/bookings/99/cancel")
    assert states(programme) == []
    assert staff.get("/programme/99999").status_code == 404


def test_without_signing_in_nothing_is_shown(programme):
    browser = create_admin(programme.service.settings, programme.database, programme.watch).test_client()
    for path in ("/programme/", "/programme/1", "/residents/1/path"):
        assert browser.get(path).status_code == 302


def test_a_cancelled_booking_is_not_revived(programme, staff):
    """BOOK-06: one seat, A cancelled, B has it; no button on A's booking brings A back."""
    with programme.database.transaction() as session:
        slot = session.scalars(select(Slot).join(Offering).where(Offering.code == "K1")).one()
        slot.capacity, session_id, slot_id = 1, slot.offering_id, slot.id
    send(staff, f"/programme/{session_id}/book", name="甲", reading="こう", phone="03-1111-1111", slot=slot_id)
    send(staff, "/programme/bookings/1/cancel", offering=session_id)
    send(staff, f"/programme/{session_id}/book", name="乙", reading="おつ", phone="03-2222-2222", slot=slot_id)
    for button in ("attended", "unmark", "accept", "move"):
        send(staff, f"/programme/bookings/1/{button}", offering=session_id, slot=slot_id)
    with programme.database.reading() as session:
        states = session.scalars(select(Booking.state).order_by(Booking.id)).all()
        taken = session.scalars(select(Slot.taken).where(Slot.id == slot_id)).one()
    assert states == ["cancelled", "booked"] and taken == 1
