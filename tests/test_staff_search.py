"""Whoever types finds, however it is written: widths, hyphens, kana kinds, readings, ends of numbers."""

import re

import pytest
from sqlalchemy import literal, select

from helpdesk.booking.attendees import attendee
from helpdesk.booking.tables import Booking
from helpdesk.callbacks.tables import Callback
from helpdesk.people import joining
from helpdesk.people.residents import resident_at
from helpdesk.people.tables import Resident
from helpdesk.search import for_staff as talks_door
from helpdesk.search import searching
from helpdesk.staff.tables import StaffMember
from helpdesk.store.folding import fold, folded
from helpdesk.talks.tables import Conversation, Inquiry
from tests.conftest import OPEN
from tests.racing import session_of


@pytest.fixture
def hanako(programme, manager):
    """The setup of the field's case: a call from 090-1234-0001 about sound; a booking of 佐藤花子."""
    caller = programme.caller("+819012340001")
    caller.rings()
    caller.says("スマホの音が出ません")
    form = {"name": "佐藤 花子", "reading": "サトウ ハナコ", "phone": "090-1234-0001", "slot": "2"}
    assert "予約しました" in manager.post(
        "/programme/2/book", form, token=manager.token("/"), follow_redirects=True
    ).get_data(as_text=True)
    other = programme.caller("+81312345678")
    other.rings()
    other.says("Ｗｉ－Ｆｉにつながらない")
    return manager


def hits(browser, words):
    response = browser.get("/", query_string={"text": words})
    assert response.status_code == 200
    return int(re.search(r'role="status">(\d+)件', response.get_data(as_text=True)).group(1))


FOUND = ["09012340001", "０９０１２３４０００１", "０９０－１２３４－０００１", "090ー1234ー0001", "090‐1234‐0001", "090−1234−0001",
         "(090) 1234 0001", "+81 90 1234 0001", "+819012340001", "12340001", "0001", "０００１", "090-1234", "さとうはなこ",
         "サトウ", "ｻﾄｳ", "さとう　はなこ", "サトウ・ハナコ", "はなこ", "佐藤花子", "佐藤 花子", "花子",
         "すまほ", "スマホ", "ｽﾏﾎ", "音が出ません"]  # fmt: skip


def test_staff_01_it_is_found_however_it_is_written(hanako):
    assert {words: hits(hanako, words) for words in FOUND} == dict.fromkeys(FOUND, 1)


def test_the_other_call_is_found_too(hanako):
    for words in ["wi-fi", "WiFi", "Ｗｉ－Ｆｉ", "wi fi", "5678", "０３-1234"]:
        assert hits(hanako, words) == 1, words


def test_what_is_not_there_is_not_found(hanako):
    for words in ["さいとう", "0002", "000", "090-9999", "%", "_", "％", "\\", "'", "' OR 1=1 --", "-", "・", "\u3000"]:
        assert hits(hanako, words) == (2 if not words.strip() else 0), words


def test_the_booking_is_shown_beside_the_inquiries(hanako):
    for words in ["さとうはなこ", "サトウ", "佐藤花子", "0001"]:
        shown = hanako.get("/", query_string={"text": words}).get_data(as_text=True)
        assert "この言葉に合う予約（1件）" in shown and "佐藤 花子さん" in shown, words


def test_a_booking_number_finds_the_booking(programme, hanako):
    with programme.database.reading() as session:
        number = session.scalars(select(Booking.number)).one()
    assert "この言葉に合う予約（1件）" in hanako.page(f"/?text={number}")


def test_whoever_booked_without_a_number_is_found_by_reading(programme, manager):
    form = {"name": "森 みどり", "reading": "もりみどり", "phone": "", "slot": "2"}
    manager.post("/programme/2/book", form, token=manager.token("/"))
    assert "森 みどりさん" in manager.page("/?text=モリミドリ")


def inquiry_of(session, resident, key, summary):
    talk = Conversation(
        channel="voice",
        key=key,
        resident_id=resident.id if resident else None,
        started_at=OPEN,
        last_at=OPEN,
        ended_at=OPEN,
        talk={},
    )
    session.add(talk)
    session.flush()
    made = Inquiry(
        conversation_id=talk.id,
        resident_id=talk.resident_id,
        channel="voice",
        opened_at=OPEN,
        last_at=OPEN,
        closed_at=OPEN,
        summary=summary,
    )
    session.add(made)
    session.flush()
    return made


def test_the_reading_finds_inquiries_of_joined_records_on_both_databases(any_database):
    session_of(any_database, "K1", 5)
    with any_database.transaction() as session:
        telephone, other = (resident_at(session, "phone", number, OPEN) for number in ("+819012340001", "+81312345678"))
        friend = resident_at(session, "line", "U1", OPEN)
        attendee(session, telephone, "さとうはなこ", "佐藤花子", "さとうはなこ")
        friend.name = "ハナちゃん"
        for number, person in enumerate((telephone, friend, other, None)):
            inquiry_of(session, person, f"C{number}", f"相談 Ｎｏ．{number}")
        owed = inquiry_of(session, None, "C9", "折り返し")
        session.add(Callback(inquiry_id=owed.id, number="+81398765432", created_at=OPEN, due_at=OPEN))
        for words, found in (
            ("サトウ", 1),
            ("はなちゃん", 1),
            ("0001", 1),
            ("5432", 1),
            ("03-9876-5432", 1),
            ("no.2", 1),
            ("相談", 4),
        ):
            assert talks_door.inquiries(session, talks_door.Filters(text=words)).total == found, words
        joining.join(session, OPEN, telephone.id, friend.id, StaffMember(name="林"))
        for words in ("サトウハナコ", "0001", "ハナちゃん"):
            assert talks_door.inquiries(session, talks_door.Filters(text=words)).total == 2, words
        assert searching.bookings(session, "サトウ") == [] and session.get(Resident, other.id) is not None


SAMPLES = [
    "０９０－１２３４",
    "サトウ ﾊﾅｺ",
    "Wi-Fi",
    "ヴァイオリン",
    "ゔ",
    "スーパー・マーケット",
    "ＡＢＣ　ｄｅｆ",
    "①",
    "㍻",
    "がぎぐ",
    "ヽヾ",
    "ﾊﾟﾋﾟﾌﾟ",
    "'\\%_",
    "—–‐‑",
    "",
]


def test_text_and_column_are_folded_alike_on_both_databases(any_database):
    with any_database.reading() as session:
        assert {text: session.scalar(select(folded(literal(text)))) for text in SAMPLES} == {
            text: fold(text) for text in SAMPLES
        }


def test_folding():
    assert (
        fold("０９０－１２３４") == "0901234"
        and fold("サトウ ﾊﾅｺ") == "さとうはなこ"
        and fold("Ｗｉ－Ｆｉ") == "wifi"
        and fold(None) == ""
    )
