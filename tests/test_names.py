"""Names as real people say and write them (``tests/names.yml``)."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.booking.same_name import is_same, name_key
from nlu.name_variants import in_common_letters
from nlu.names import instead, name_in, was_not

SAID = yaml.safe_load((Path(__file__).parent / "names.yml").read_text(encoding="utf-8"))
NAMES = [*SAID["kanji"], *SAID["kana"]]


def test_there_are_enough_of_both():
    assert len(NAMES) >= 400 and len(SAID["said"]) >= 100 and len(SAID["none"]) >= 200


@pytest.mark.parametrize(
    "ending", ["", "です", "と申します。よろしくお願いします", "でございます", "といいますけれども"]
)
@pytest.mark.parametrize("opening", ["", "はい、", "すみません、", "えーと、"])
def test_every_frequent_name_is_taken_with_politeness_around_it(opening, ending):
    missed = [name for name in NAMES if (found := name_in(opening + name + ending)) is None or found.written != name]
    assert missed == []


@pytest.mark.parametrize("given_name", ["花子", "はなこ", "一郎", " ひろし", "　太郎"])
def test_every_frequent_name_is_taken_with_a_given_name(given_name):
    missed = [
        name
        for name in NAMES
        if (found := name_in(f"{name}{given_name}です")) is None
        or found.written != name + given_name.replace("　", " ")
    ]
    assert missed == []


@pytest.mark.parametrize(("said", "name"), SAID["said"], ids=[said for said, _ in SAID["said"]])
def test_the_name_in_an_answer(said, name):
    found = name_in(said)
    assert found is not None and found.written == name


@pytest.mark.parametrize("said", SAID["none"])
def test_what_is_no_name_stays_none(said):
    assert name_in(said) is None


@pytest.mark.parametrize(
    ("said", "reading"),
    [("佐藤（さとう）", "さとう"), ("佐藤花子（72歳）", "さとうはなこ"), ("河野太郎（かわのたろう）", "かわのたろう"), ("髙橋花子です", "たかはしはなこ"),
     ("ｻﾄｳ ﾊﾅｺ", "さとうはなこ"), ("春日花子", "かすがはなこ"), ("十時です", "ととき"), ("渡邉です", "わたなべ"), ("安田花子(ヤスダ ハナコ)", "やすだはなこ"),
     ("𠮷田です", "よしだ"), ("山﨑です", "やまざき")],
)  # fmt: skip
def test_how_a_name_is_read(said, reading):
    assert name_in(said).reading == reading


@pytest.mark.parametrize(
    "written",
    ["髙橋/高橋", "山﨑/山崎", "濵田/浜田/濱田", "栁田/柳田", "渡邉/渡邊/渡辺", "齋藤/斎藤/齊藤/斉藤", "德永/徳永", "𠮷田/吉田", "桒原/桑原", "廣瀬/広瀬/廣瀨", "國分/国分",
     "嶋田/島田", "櫻井/桜井", "澤田/沢田", "眞田/真田", "惠子/恵子", "神崎/神﨑", "福田/福田", "オータニ/おおたに/オオタニ/おーたに/大谷", "ようこ/よーこ/ヨウコ/ﾖｰｺ",
     "さとう/さとー/サトウ/佐藤", "さとう はなこ/サトウハナコ/佐藤花子", "がりこ/か\u3099りこ/ガリコ", "けいこ/けーこ"],
)  # fmt: skip
def test_one_person_however_the_name_is_written(written):
    first, *others = (name_in(one) for one in written.split("/"))
    assert all(is_same(first.written, first.reading, other.written, other.reading) for other in others)


@pytest.mark.parametrize(
    "pair",
    [
        "おおの/おの",
        "おおたに/おたに",
        "かとう/さとう",
        "ゆうこ/ゆこ",
        "ようこ/ゆうこ",
        "さとうはなこ/さとうはなえ",
        "おおさわ/おさわ",
        "いいだ/いだ",
    ],
)
def test_other_people_stay_others(pair):
    one, other = (name_in(name) for name in pair.split("/"))
    assert not is_same(one.written, one.reading, other.written, other.reading)


def test_staff_may_know_a_rarer_reading():
    assert is_same("河野花子", "かわのはなこ", "河野 花子", "こうのはなこ") and not is_same(
        None, "かわの", None, "こうの"
    )


@given(st.text(max_size=40))
def test_no_text_breaks_names(text):
    name_in(text)
    instead(text)
    assert name_key(name_key(text)) == name_key(text) or not text.isalpha()


def test_every_letter_of_the_compatibility_block_is_a_letter():
    for code in (0xFA0E, 0xFA11, 0xFA12, 0xFA15, 0xFA19, 0xFA1A, 0xFA1B, 0xFA1F, 0xFA26, 0xFA29):
        found = name_in(f"山{chr(code)}です")
        assert found is not None and found.written == f"山{chr(code)}"
    assert in_common_letters("髙﨑邉") == "高崎辺"


@pytest.mark.parametrize(
    ("said", "name"),
    [("いえ、さとうです", "さとう"), ("いいえ、加藤です", "加藤"), ("違います、佐藤花子です", "佐藤花子"), ("さとうじゃなくて、かとうです", "かとう"), ("いや、たかはしです", "たかはし"),
     ("はいばらです", "はいばら"), ("いえきです", "いえき"), ("ちがいます。さとうといいます", "さとう"), ("はい、加藤です", "加藤")],
)  # fmt: skip
def test_the_right_name_behind_a_no(said, name):
    assert instead(said).written == name


@pytest.mark.parametrize(
    "said",
    [
        "はい",
        "はい、そうです",
        "いいえ",
        "違います",
        "そうですね",
        "合ってます",
        "いえ、違います",
        "はいお願いします",
        "もう一度",
    ],
)
def test_a_bare_yes_or_no_has_no_other_name(said):
    assert instead(said) is None


def test_a_name_that_is_taken_back():
    assert name_in("佐藤ではなく加藤です").was_not == "佐藤"
    assert was_not("佐藤じゃありません") and not was_not("佐藤じゃなくて加藤です") and not was_not("佐藤です")


@pytest.mark.parametrize("unit", ["佐藤", "はい、", "（さとう）", "じゃなくて", "の", "さとう ", "にんべんの", "です"])
def test_long_texts_cost_no_more(unit):
    start = time.perf_counter()
    for _ in range(5):
        name_in(unit * 10_000)
        name_in((unit * 200)[:400])
    assert time.perf_counter() - start < 1
