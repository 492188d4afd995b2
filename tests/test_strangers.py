"""Strangers who try to hear, move or cancel what others booked (P13), played through the webhooks on both databases."""

import logging

import pytest
from sqlalchemy import select
from stdnum import damm

from helpdesk.booking import bookings
from helpdesk.booking.attendees import attendee
from helpdesk.booking.outcomes import Booked, Via
from helpdesk.booking.tables import Attempt, Booking
from helpdesk.people.residents import resident_at
from helpdesk.programme.tables import Slot
from helpdesk.talks.tables import Inquiry
from nlu.understand import Understander
from tests.conftest import make_desk
from tests.small_programme import plant

HERS = "+819012345678"
THEIRS = "+81311112222"
BOOKED = "基礎の講習会"


@pytest.fixture
def desk(settings, any_database, embedded):
    made = make_desk(settings, any_database, Understander(None, embedded))
    plant(made)
    return made


def booked(desk, name="山田花子", reading="やまだはなこ", phone=HERS, code="K2"):
    """The number of a booking that was made by telephone."""
    with desk.database.transaction() as session:
        slot = session.scalars(select(Slot).join(Slot.offering).where(Slot.offering.has(code=code))).first()
        resident = resident_at(session, "phone", phone, desk.watch()) if phone else None
        person = attendee(session, resident, reading or f"call:{phone}", name, reading)
        outcome = bookings.book(session, desk.watch(), person, slot.id, Via("voice", "phone" if phone else None, phone))
        assert isinstance(outcome, Booked)
        return outcome.booking.number


def states(desk):
    with desk.database.reading() as session:
        return [one.state for one in session.scalars(select(Booking).order_by(Booking.id))]


def tells(said):
    return BOOKED in said or "12月8日" in said


def numbers_that_can_be(but):
    return [
        number
        for number in (f"{four:04d}{damm.calc_check_digit(f'{four:04d}')}" for four in range(400))
        if number not in but
    ]


def calls(desk, *answers, number=THEIRS):
    """One call: everything that is heard, and the caller."""
    caller = desk.caller(number)
    said = [caller.rings().said]
    for answer in answers:
        if not caller.heard.listens:
            break
        said.append((caller.presses(answer) if answer.isdigit() else caller.says(answer)).said)
    return said, caller


def test_the_name_alone_and_i_do_not_know_is_nobody(desk):
    booked(desk)
    for number in (THEIRS, HERS.replace("5678", "9999"), "anonymous"):
        said, caller = calls(
            desk, "予約を取り消したい", "番号はわからない", "やまだはなこです", "わかりません", "はい", number=number
        )
        assert not any(tells(one) for one in said), said
        assert states(desk) == ["booked"]
        assert caller.heard.find("Dial") is not None and "確かめられない" in caller.heard.said


@pytest.mark.parametrize("digits", ["567", "56789", "5", "%", "____"])
def test_four_digits_are_four(desk, digits):
    booked(desk)
    said, _ = calls(desk, "予約を取り消したい", "わかりません", "山田花子です")
    assert "4けた" in said[-1]
    said, _ = calls(desk, "予約を取り消したい", "わかりません", "山田花子です", digits, digits, "はい")
    assert not any(tells(one) for one in said) and states(desk) == ["booked"]


def test_name_and_last_four_and_number_and_name_are_enough(desk):
    number = booked(desk)
    for told in (
        ["わかりません", "山田です", "5678"],
        [number, "花子山田です"],
        [number, "山田です"],
        ["わかりません", "やまだはなこ", "5678"],
    ):
        said, _ = calls(desk, "予約を確認したい", *told)
        assert tells(said[-1]), said
    said, _ = calls(desk, "予約を取り消したい", number, "山田です", "はい")
    assert "取り消しました" in said[-1] and states(desk) == ["cancelled"]


def test_from_the_telephone_that_booked_the_name_is_enough_and_another_name_is_not(desk):
    number = booked(desk)
    said, _ = calls(desk, "予約を確認したい", "わかりません", "山田です", number=HERS)
    assert tells(said[-1])
    said, _ = calls(desk, "予約を確認したい", number, number=HERS)
    assert tells(said[-1])  # her telephone and her number
    said, caller = calls(desk, "予約を確認したい", "わかりません", "佐藤です", "1111", number=HERS)
    assert not any(tells(one) for one in said) and caller.heard.find("Dial") is not None


@pytest.mark.parametrize("told", ["花子です", "やまです", "や", "山本です", "だはなこです"])
def test_a_part_that_is_no_surname_is_not_the_name(desk, told):
    number = booked(desk)
    said, _ = calls(desk, "予約を確認したい", number, told, "0000")
    assert not any(tells(one) for one in said), said


def test_a_booking_without_a_name_belongs_to_no_name(desk):
    number = booked(desk, None, None)
    said, _ = calls(desk, "予約を取り消したい", number, "山田です", "5678", "はい")
    assert not any(tells(one) for one in said) and states(desk) == ["booked"]


@pytest.mark.slow
def test_counting_numbers_through_ends_with_a_person_over_many_calls(desk):
    number = booked(desk)
    heard = []
    for guess in numbers_that_can_be({number})[:30]:
        said, caller = calls(desk, "予約を確認したい", guess, "やまだはなこ", "0001", "はい")
        heard += said
        assert caller.heard.find("Dial") is not None
    assert not any(tells(one) for one in heard)
    said, caller = calls(desk, "予約を確認したい", number, "山田花子")
    assert (
        not any(tells(one) for one in said) and caller.heard.find("Dial") is not None
    )  # even the right one is not heard any more
    said, _ = calls(desk, "予約を確認したい", number, "山田花子", number="+81322223333")
    assert tells(said[-1])  # others are not kept out
    with desk.database.reading() as session:
        assert {one.tries for one in session.scalars(select(Attempt).where(Attempt.scope.like("resident:%")))} == {
            20,
            0,
        }


def test_in_one_call_three_tries_then_a_person(desk):
    number = booked(desk)
    guesses = numbers_that_can_be({number})
    caller = desk.caller(THEIRS)
    caller.rings()
    looked = 0
    for guess in guesses[:6]:
        caller.says("予約を確認したい")
        if not caller.heard.listens:
            break
        caller.presses(guess)
        caller.says("山田花子です")
        looked += 1
        if not caller.heard.listens:
            break
        assert "4けた" in caller.heard.said
        caller.says("最初から")
    with desk.database.reading() as session:
        assert session.scalars(select(Attempt.tries).where(Attempt.scope.like("call:%"))).one() == 3
    assert looked == 3 and caller.heard.find("Dial") is not None


def test_withheld_callers_count_together_and_with_a_number_alone_cancel_nothing(desk):
    number = booked(desk)
    said, _ = calls(desk, "予約を取り消したい", number, "はい", "はい", "はい", number="anonymous")
    assert not any(tells(one) for one in said) and states(desk) == ["booked"]
    for guess in numbers_that_can_be({number})[:20]:
        calls(desk, "予約を確認したい", guess, "山田花子です", "0001", number="anonymous")
    said, caller = calls(desk, "予約を確認したい", number, "山田花子です", number="anonymous")
    assert not any(tells(one) for one in said) and caller.heard.find("Dial") is not None
    with desk.database.reading() as session:
        assert session.scalars(select(Attempt.tries).where(Attempt.scope == "withheld")).one() == 20


def test_guessing_the_last_four_digits_ends_too(desk):
    booked(desk)
    for guess in range(1000, 1030):
        said, _ = calls(desk, "予約を取り消したい", "わかりません", "山田花子です", str(guess), "はい")
        assert not any(tells(one) for one in said)
    said, _ = calls(desk, "予約を取り消したい", "わかりません", "山田花子です", "5678", "はい")
    assert not any(tells(one) for one in said) and states(desk) == ["booked"]


@pytest.mark.slow
def test_from_ever_new_telephones_a_hundred_a_day_and_whoever_booked_still_gets_through(desk):
    number = booked(desk)
    for guess, caller in zip(numbers_that_can_be({number}), range(60), strict=False):
        calls(desk, "予約を確認したい", guess, "山田花子です", "0001", number=f"+8131234{caller:04d}")
    said, _ = calls(desk, "予約を確認したい", number, "山田花子です", "5678", number="+81355556666")
    assert not any(tells(one) for one in said)
    said, _ = calls(desk, "予約を確認したい", "わかりません", "山田花子です", number=HERS)
    assert tells(said[-1])
    desk.watch.forward(days=1)
    said, _ = calls(desk, "予約を確認したい", number, "山田花子です", number="+81355556666")
    assert tells(said[-1])
    with desk.database.reading() as session:
        day = desk.watch.now.date()
        assert [
            one.tries for one in session.scalars(select(Attempt).where(Attempt.scope == "all").order_by(Attempt.day))
        ] == [100, 0]
        assert session.scalars(select(Attempt.day).where(Attempt.tries == 0, Attempt.scope == "all")).one() == day


def test_a_friend_with_a_number_hears_and_moves_nothing_without_the_name(desk):
    number = booked(desk)
    friend = desk.friend()
    for words in (f"予約番号{number}の予約を12月15日に変えたい", "はい", "はい"):
        friend.writes(words)
        assert not tells(friend.shown), friend.shown
    friend = desk.friend(2)
    friend.writes("予約を確認したい")
    friend.writes(number)
    assert "お名前" in friend.shown and not tells(friend.shown)
    friend.writes("佐藤一郎")
    assert not tells(friend.shown)
    owner = desk.friend(3)
    owner.writes(f"予約番号{number}を確認したい")
    owner.writes("やまだはなこ")
    assert tells(owner.shown)
    assert states(desk) == ["booked"]


@pytest.mark.slow
def test_a_friend_who_counts_numbers_through_gets_twenty_tries_a_day(desk):
    number = booked(desk)
    friend = desk.friend()
    for guess in numbers_that_can_be({number})[:40]:
        friend.writes(f"予約番号{guess}を確認したい")
        friend.writes("山田花子")
        assert not tells(friend.shown)
        friend.writes("最初から")
        desk.watch.forward(seconds=20)
    friend.writes(f"予約番号{number}を確認したい")
    friend.writes("山田花子")
    assert not tells(friend.shown)
    with desk.database.reading() as session:
        assert session.scalars(select(Attempt.tries).where(Attempt.scope.like("resident:%"))).one() == 20


def test_a_number_that_exists_and_one_that_does_not_are_answered_alike(desk):
    number = booked(desk)
    other = numbers_that_can_be({number})[0]
    answers = [calls(desk, "予約を確認したい", guess, "佐藤一郎です", "0000")[0] for guess in (number, other)]
    assert answers[0] == answers[1]


def test_staff_hear_and_read_why(desk, caplog):
    number = booked(desk)
    _, caller = calls(desk, "予約を取り消したい", number, "佐藤です", "0000")
    whispered = caller.post(f"/voice/whisper?call={caller.call}").get_data(as_text=True)
    assert "予約の取り消し" in whispered and "名前" in whispered and "合わない" in whispered
    with desk.database.reading() as session:
        summary = session.scalars(select(Inquiry.summary).order_by(Inquiry.id.desc())).first()
    assert "確かめられず" in summary and "合わない" in summary and number not in summary
    with caplog.at_level(logging.WARNING, "helpdesk.bookings"):
        for guess in numbers_that_can_be({number})[:30]:
            calls(desk, "予約を確認したい", guess, "やまだはなこ", "0001")
    lines = [record.getMessage() for record in caplog.records if record.name == "helpdesk.bookings"]
    assert lines and not any("3111" in line or "やまだ" in line for line in lines)
    with desk.database.reading() as session:
        assert "上限" in session.scalars(select(Inquiry.summary).order_by(Inquiry.id.desc())).first()
