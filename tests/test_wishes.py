"""A wish for a day or time: what fits is offered first, what is ruled out never.

Anything else is said to be another.
"""

import re
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from flows.booking import wish as booking_words
from flows.booking.proposals import confirm
from flows.script.asking import EAR, ear_length
from flows.script.moment import Deployment, Moment
from flows.script.talk import Talk
from flows.script.turns import Turn
from helpdesk.booking import bookings
from helpdesk.booking.attendees import attendee
from helpdesk.booking.outcomes import Via
from helpdesk.booking.tables import Booking
from helpdesk.clock import TOKYO
from helpdesk.programme.finding import Wish, fitting, nearest
from helpdesk.programme.slots import cut
from helpdesk.programme.tables import Offering, Slot
from helpdesk.programme.values import Place
from nlu.time_words import TimeWords
from nlu.understanding import NOTHING
from tests.small_programme import happens
from tests.wards import CHIYODA
from tests.wording import FILL

TEN = date(2026, 12, 10)


@pytest.fixture
def consultations(programme):
    """On 10 December from 10 to 12, on 12 December from 14 to 17, in half hours."""
    with programme.database.transaction() as session:
        for code, venue, start, hours in (
            ("S7", "区役所", (2026, 12, 10, 10), 2),
            ("S8", "神保町出張所", (2026, 12, 12, 14), 3),
        ):
            at = datetime(*start, tzinfo=TOKYO)
            one = Offering(
                code=code,
                kind="consultation",
                level="",
                title=code,
                venue=venue,
                starts_at=at,
                ends_at=at + timedelta(hours=hours),
                capacity=hours * 2,
            )
            session.add(one)
            session.flush()
            cut(session, one)
    return programme


def take(desk, hour, minute=0, day=TEN):
    """Somebody else has that time."""
    with desk.database.transaction() as session:
        slot = session.scalars(
            select(Slot).where(Slot.starts_at == datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO))
        ).one()
        other = attendee(session, None, f"other:{slot.id}", "ほか", "ほか")
        bookings.book(session, desk.watch(), other, slot.id, Via("staff"))


def says(desk, channel, words):
    """What is answered on this channel to these words, as the first."""
    if channel == "line":
        friend = desk.friend()
        friend.writes(words)
        return friend.shown, friend
    caller = desk.caller()
    caller.rings()
    return caller.says(words).said, caller


@pytest.mark.parametrize("channel", ["voice", "line"])
@pytest.mark.parametrize("wished", ["11時", "11時半", "10時半", "10時"])
def test_a_wished_time_that_is_free_is_offered_first(consultations, channel, wished):
    shown, _ = says(consultations, channel, f"相談会を12月10日の{wished}に予約したい")
    assert re.search(rf"午前{wished}(?!半)", shown) and "埋まって" not in shown and "なく" not in shown


@pytest.mark.parametrize("channel", ["voice", "line"])
def test_another_time_is_offered_as_another(consultations, channel):
    take(consultations, 11)
    shown, _ = says(consultations, channel, "相談会を12月10日の11時に予約したい")
    assert "午前11時は埋まっています" in shown and ("午前10時半" in shown or "午前11時半" in shown)
    shown, _ = says(consultations, channel, "相談会を12月10日の10時15分に予約したい")
    assert "午前10時15分" in shown and ("はなく" in shown or "ありません" in shown)


@pytest.mark.parametrize(
    "name", ["booking.near.one", "booking.near.time.one", "booking.time.taken", "booking.lost", "booking.overlaps"]
)
@pytest.mark.parametrize("changing", [False, True])
def test_what_is_offered_as_another_fits_the_ear(name, changing):
    at = datetime(2026, 12, 28, 10, 30, tzinfo=TOKYO)
    moment = Moment(Turn("a", "voice", "a", None, "said", ""), NOTHING, Talk(), None, Deployment(CHIYODA), at)
    offers = [(kind, level) for kind, offer in CHIYODA.offers.items() for level in offer.levels]
    for (kind, level), venue in product(offers, CHIYODA.venues):
        place = Place(
            1,
            1,
            0,
            kind,
            level,
            venue,
            at,
            at + timedelta(hours=2),
            5,
            "お使いのスマートフォン",
            True,
            "",
            True,
            0,
            None,
        )
        ear = confirm(moment, place, changing, moment.say(name, **FILL)).ear
        assert len(ear) == 2 and ear_length(ear) <= EAR, ear


@pytest.mark.parametrize(
    "words", ["予約を同じ日の11時に変えたい", "予約を11時に変えたい", "予約の時間を11時に変更したいです"]
)
def test_a_change_of_time_stays_on_the_day(consultations, words):
    friend = consultations.friend()
    friend.writes("相談会を12月10日の10時に予約したい")
    friend.taps("予約する")
    friend.writes("山田花子")
    friend.writes("いいえ")
    friend.writes(words)
    assert "12月10日" in friend.shown and "午前11時" in friend.shown and "午前10時〜" not in friend.shown
    friend.taps("変える")
    with consultations.database.reading() as session:
        slot = session.scalars(select(Slot).join(Booking, Booking.slot_id == Slot.id)).one()
        assert slot.starts_at == datetime(2026, 12, 10, 11, tzinfo=TOKYO)


def offered(desk, wish, find=fitting, **more):
    with desk.database.reading() as session:
        return [one.starts_at for one in find(session, desk.watch(), wish, **more)]


def test_what_is_ruled_out_is_never_offered(consultations):
    for find, days in ((fitting, ()), (nearest, (date(2026, 12, 6),))):
        starts = offered(consultations, Wish("class", days=days, not_weekdays=(1,)), find, limit=20)
        assert starts and all(one.weekday() != 1 for one in starts)
        starts = offered(consultations, Wish("class", days=days, not_days=(date(2026, 12, 1),)), find, limit=20)
        assert starts and all(one.date() != date(2026, 12, 1) for one in starts)
        starts = offered(consultations, Wish("consultation", days=days, since="15:00"), find, limit=20)
        assert starts and all(one.hour >= 15 for one in starts)
        starts = offered(consultations, Wish("consultation", days=days, until="11:00"), find, limit=20)
        assert starts and all(one.strftime("%H:%M") <= "10:30" for one in starts)


def test_the_first_and_the_last_of_the_days_meant(consultations):
    day = (TEN,)
    assert [one.strftime("%H:%M") for one in offered(consultations, Wish("consultation", days=day, edge="late"))] == [
        "11:30"
    ]
    assert [one.strftime("%H:%M") for one in offered(consultations, Wish("consultation", days=day, edge="early"))] == [
        "10:00"
    ]
    days = (TEN, date(2026, 12, 12))
    assert [
        one.strftime("%d %H:%M") for one in offered(consultations, Wish("consultation", days=days, edge="late"))
    ] == ["10 11:30", "12 16:30"]
    assert [one.strftime("%H:%M") for one in offered(consultations, Wish("consultation", edge="late"))] == [
        "15:30",
        "11:30",
        "11:30",
    ]


@pytest.fixture
def understood(monkeypatch):
    """What the words about time tell, until their reader knows them all."""
    told = {}
    real = booking_words.time_words
    monkeypatch.setattr(
        booking_words,
        "time_words",
        lambda text, now: next((words for key, words in told.items() if key in text), None) or real(text, now),
    )
    return told


@pytest.mark.parametrize("channel", ["voice", "line"])
def test_a_weekday_that_is_ruled_out_at_the_list_stays_out(programme, understood, channel):
    understood["火曜"] = TimeWords(not_weekdays=(1,))
    _, person = says(programme, channel, "講習会を予約したい")
    answer = person.says("火曜はだめなんです").said if channel == "voice" else person.writes("火曜はだめなんです").shown
    assert "12月3日" in answer and "12月1日" not in answer and "12月8日" not in answer and "12月15日" not in answer


@pytest.mark.parametrize("channel", ["voice", "line"])
def test_from_three_on_or_it_is_said_that_there_is_none(consultations, understood, channel):
    understood["3時以降"] = TimeWords(part="pm", time="15:00", since="15:00")
    understood["10時以降"] = TimeWords(part="am", time="10:00", since="10:00")
    shown, _ = says(consultations, channel, "相談会を午後3時以降で予約したい")
    assert "午後3時" in shown and "午後2時" not in shown.replace("午後2時〜", "")
    shown, _ = says(consultations, channel, "基礎の講習会を10時以降で予約したい")
    assert "12月1日" in shown and "12月8日" in shown  # the afternoon is after ten, too
    shown, person = says(consultations, channel, "基礎の講習会を午後3時以降で予約したい")
    assert "ありません" in shown and "12月" not in shown
    answer = person.says("はい").said if channel == "voice" else person.taps("ほかの日時を見る").shown
    assert "12月1日" in answer


@pytest.mark.parametrize("channel", ["voice", "line"])
@pytest.mark.parametrize(
    "words,says_", [(TimeWords(missing="2月30日"), "2月30日は"), (TimeWords(clash="12月8日の水曜"), "12月8日の水曜は")]
)
def test_a_day_that_cannot_be_is_asked_back(programme, understood, channel, words, says_):
    understood["その日"] = words
    shown, person = says(programme, channel, "基礎の講習会をその日に予約したい")
    assert says_ in shown and "何月何日" in shown and "予約しますか" not in shown
    answer = person.says("12月8日です").said if channel == "voice" else person.writes("12月8日です").shown
    assert "12月8日" in answer and "予約しますか" in answer


@pytest.mark.parametrize("name", ["近藤です", "日野です", "佐藤と申します", "やまだはなこです", "高橋でございます"])
def test_a_name_said_at_the_list_of_days_refuses_none(programme, name):
    caller = programme.caller()
    caller.rings()
    before = caller.says("基礎の講習会を予約したい").said
    days = re.findall(r"12月\d+日", before)
    after = caller.says(name).said
    assert re.findall(r"12月\d+日", after) == days and "ご希望の日がなく" not in after


@pytest.mark.parametrize("words", ["おやすみなさい", "失礼します", "さようなら", "では失礼します"])
def test_a_good_bye_at_an_open_question_is_asked_about_once(programme, words):
    caller = programme.caller()
    caller.rings()
    caller.says("応用の講習会を12月3日に予約したい")
    heard = caller.says(words)
    assert heard.listens and "予約しますか" in heard.said and "1を押して" in heard.said and "終わり" in heard.said
    assert "予約できました" in caller.says("はい").said
    other = programme.caller("+81399991111")
    other.rings()
    other.says("基礎の講習会を予約したい")
    assert "12月1日" in other.says(words).said
    assert other.says(words).find("Hangup") is not None


@pytest.mark.parametrize(
    "words", ["ご視聴ありがとうございました", "ご清聴ありがとうございました", "おやすみなさい", "失礼します"]
)
@pytest.mark.parametrize(
    "before",
    [
        ["応用の講習会を12月3日に予約したい"],
        ["応用の講習会を12月3日に予約したい", "はい"],
        ["予約を取り消したい"],
        ["予約を取り消したい", "わからない"],
    ],
)
def test_what_is_heard_into_silence_ends_no_call_and_is_no_answer(programme, before, words):
    caller = programme.caller()
    caller.rings()
    for one in before:
        question = caller.says(one).sentences
    heard = caller.says(words)
    assert heard.listens and question[-1 if "押して" not in question[-1] or len(question) < 3 else -2] in heard.said


def waits_for(desk, code):
    friend = desk.friend()
    happens(desk, {"fill": code})
    friend.writes("基礎の講習会を12月1日に予約したい")
    friend.taps("空きを待つ")
    friend.writes("高橋")
    happens(desk, {"free": code, "hours": 0})
    friend.last = desk.line.sent[-1][2]
    return friend


def changes(desk, code, **values):
    with desk.database.transaction() as session:
        offering = session.scalars(select(Offering).where(Offering.code == code)).one()
        for name, value in values.items():
            setattr(offering, name, value)
        session.flush()
        cut(session, offering)


def states(desk):
    with desk.database.reading() as session:
        return [one.state for one in session.scalars(select(Booking).where(Booking.channel == "line"))]


def test_an_offer_of_a_session_that_was_cancelled_books_nothing(programme):
    friend = waits_for(programme, "K1")
    changes(programme, "K1", cancelled="講師急病のため")
    friend.taps("予約する")
    assert "中止" in friend.shown and "予約できました" not in friend.shown and "12月8日" in friend.shown
    assert states(programme) == ["cancelled"]
    assert not [one for one in str(friend.last).split('"') if one.endswith(".ics")]


def test_an_offer_of_a_session_that_was_moved_names_the_new_time_first(programme):
    friend = waits_for(programme, "K1")
    start = datetime(2026, 12, 2, 10, tzinfo=TOKYO)
    changes(programme, "K1", starts_at=start, ends_at=start + timedelta(hours=2))
    friend.taps("予約する")
    assert "12月2日" in friend.shown and "予約できました" not in friend.shown and states(programme) == ["offered"]
    friend.taps("予約する")
    assert states(programme) == ["booked"]


def test_by_telephone_an_offer_that_was_moved_while_it_was_asked_about_is_asked_again(programme):
    happens(programme, {"fill": "K1"})
    caller = programme.caller("+819012345678")
    caller.rings()
    for words in ("基礎の講習会を12月1日に予約したい", "空きを待ちます", "高橋です", "はい"):
        caller.says(words)
    happens(programme, {"free": "K1"})
    assert "12月1日" in caller.says("キャンセル待ちの空きが出たと連絡をもらいました").said
    start = datetime(2026, 12, 2, 10, tzinfo=TOKYO)
    changes(programme, "K1", starts_at=start, ends_at=start + timedelta(hours=2))
    assert "12月2日" in caller.says("はい").said
    assert "予約できました" in caller.says("はい").said


@pytest.mark.parametrize("channel", ["voice", "line"])
def test_a_yes_to_a_time_is_none_to_the_time_to_which_it_was_moved(programme, channel):
    shown, person = says(programme, channel, "応用の講習会を12月3日に予約したい")
    assert "12月3日" in shown
    start = datetime(2026, 12, 4, 15, tzinfo=TOKYO)
    changes(programme, "K3", starts_at=start, ends_at=start + timedelta(hours=2))
    shown = person.says("はい").said if channel == "voice" else person.taps("予約する").shown
    assert "12月4日" in shown and "午後3時" in shown and "予約できました" not in shown
    shown = person.says("はい").said if channel == "voice" else person.taps("予約する").shown
    assert "予約できました" in shown
