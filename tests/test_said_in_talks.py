"""Names, numbers and places in a list as they are said in a talk, through the webhooks."""

from datetime import datetime

import pytest
from sqlalchemy import select

from helpdesk.booking.tables import Attendee, Booking
from helpdesk.clock import TOKYO
from helpdesk.people.tables import Resident
from helpdesk.programme_file.importing import keep
from helpdesk.programme_file.sample import fiscal_year
from helpdesk.programme_file.sample import sample as made_up
from helpdesk.talks.tables import Conversation
from tests.wards import CHIYODA

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=TOKYO)
"""A day on which people answer."""
APPLIED = "応用の講習会を12月22日に予約したい"


@pytest.fixture
def sample(desk):
    desk.watch.now = NOW
    with desk.database.transaction() as session:
        keep(session, list(made_up(fiscal_year(NOW.date()), CHIYODA)))
    return desk


def names(desk):
    with desk.database.reading() as session:
        return [
            (one.attendee.name, one.attendee.reading)
            for one in session.scalars(select(Booking).where(Booking.channel != "staff").order_by(Booking.id))
        ]


def call(desk, *turns, number="+819055557777"):
    caller = desk.caller(number)
    caller.rings()
    for turn in turns:
        caller.plays(turn)
    return caller.heard.said


def write(desk, *turns, friend=1):
    one = desk.friend(friend)
    for turn in turns:
        one.plays(turn)
    return one.shown


@pytest.mark.parametrize(
    ("said", "name"),
    [("山﨑です", "山﨑"), ("こんどうです", "こんどう"), ("くどうです", "くどう"), ("ないとうと申します", "ないとう"), ("日野です", "日野"), ("春日花子です", "春日花子"),
     ("たなかです。よろしくお願いします。", "たなか"), ("はしごだかの高橋です", "高橋"), ("わたなべ、渡すに辺りの渡辺です", "渡辺"), ("はいばらです", "はいばら"),
     ("十時と申します", "十時"), ("さとうじゃなくて、かとうです", "かとう")],
)  # fmt: skip
def test_a_name_on_the_telephone_is_read_back_and_kept(sample, said, name):
    assert f"{name}さん" in call(sample, APPLIED, "#1", said)
    assert call(sample, APPLIED, "#1", said, "#1", number="+819055550001")
    assert (name in [one for one, _ in names(sample)]) is True


@pytest.mark.parametrize(
    ("said", "name", "reading"),
    [("神﨑です", "神﨑", "かんざき"), ("こんどうです", "こんどう", "こんどう"), ("佐藤（さとう）", "佐藤", "さとう"), ("佐藤花子（72歳）", "佐藤花子", "さとうはなこ"),
     ("佐藤花子です、よろしくお願いします", "佐藤花子", "さとうはなこ"), ("グエンテーヴィン", "グエンテーヴィン", "ぐえんてーゔぃん"), ("ｻﾄｳ ﾊﾅｺ", "サトウ ハナコ", "さとうはなこ"),
     ("カ\u3099リコ", "ガリコ", "がりこ")],
)  # fmt: skip
def test_a_name_on_line_is_kept_at_the_first_answer(sample, said, name, reading):
    write(sample, APPLIED, "［予約する］", said)
    assert names(sample) == [(name, reading)]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("髙橋花子です", "高橋花子です"),
        ("オータニです", "オオタニです"),
        ("渡邉よーこです", "渡辺ようこです"),
        ("齋藤です", "斉藤です"),
        ("大谷です", "おーたにです"),
    ],
)
def test_the_booking_is_found_again_however_the_name_is_written(sample, first, then):
    call(sample, APPLIED, "#1", first, "#1")
    assert "12月22日" in call(sample, "予約を取り消したい", "番号がわかりません", then)


def test_a_booking_that_was_kept_with_the_reading_of_before_is_found(sample):
    call(sample, APPLIED, "#1", "おおたにです", "#1")
    with sample.database.transaction() as session:
        one = session.scalars(select(Attendee).where(Attendee.name == "おおたに")).one()
        one.key, one.reading = "おおたに", "おおたに"
    assert "12月22日" in call(sample, "予約を取り消したい", "番号がわかりません", "オータニです")
    call(sample, "基礎の講習会を予約したい", "三番", "#1", "オータニです", "#1")
    with sample.database.reading() as session:
        assert (
            len(
                session.scalars(
                    select(Attendee).where(Attendee.name.is_not(None), Attendee.resident_id.is_not(None))
                ).all()
            )
            == 1
        )


def test_a_wrong_name_is_put_right(sample):
    assert "さとうさん" in call(sample, APPLIED, "#1", "かとうです", "いえ、さとうです")
    call(sample, APPLIED, "#1", "かとうです", "いえ、さとうです", "はい", number="+819055550002")
    assert "さとう" in [name for name, _ in names(sample)]


@pytest.mark.parametrize(
    ("said", "day"),
    [("三番", "12月1日"), ("3番", "12月1日"), ("３番", "12月1日"), ("さんばん", "12月1日"), ("サンバン", "12月1日"), ("さんばんでお願いします", "12月1日"),
     ("よん", "1月5日"), ("4番目", "1月5日"), ("三", "12月1日"), ("最初のでお願いします", "12月1日"), ("最初の", "12月1日"), ("最後の", "2月9日"),
     ("真ん中の", "1月5日"), ("二つ目", "1月5日"), ("一番下の", "2月9日")],
)  # fmt: skip
def test_a_day_is_chosen_from_the_list(sample, said, day):
    told = call(sample, "基礎の講習会を予約したい", said)
    assert day in told and "聞き取れず" not in told and "何にお困りですか" not in told


def test_a_number_said_in_kana_is_understood(sample):
    caller = sample.caller("anonymous")
    caller.rings()
    caller.says("折り返し電話をください")
    caller.says("ゼロキューゼロのイチニーサンヨンのゴーロクナナハチ")
    with sample.database.reading() as session:
        assert "+819012345678" in str(session.scalars(select(Conversation)).one().talk)


def test_two_callers_whose_number_exists_nowhere_share_no_record(sample):
    for _ in range(2):
        call(sample, "折り返し電話をください", number="+8656696")
    with sample.database.reading() as session:
        assert session.scalars(select(Resident)).all() == []


@pytest.mark.parametrize("said", ["すまほがこわれました", "すまほ　が　こわれた", "スマホが壊れた"])
def test_a_broken_phone_in_kana_is_not_called_lost(sample, said):
    assert "なくした" not in write(sample, said)
