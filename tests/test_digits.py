"""Numbers, keys and places in a list as people say them."""

import time

import pytest

from nlu.digits import digits_in
from nlu.list_places import entry_said, key_said
from nlu.rules import pressed, settle
from nlu.understanding import Expected, ExpectedChoice

DAYS = (
    ExpectedChoice("s:1", "3", ("12/1 午後2時", "12月1日")), ExpectedChoice("s:2", "4", ("1/5 午前10時", "1月5日")),
    ExpectedChoice("s:3", "5", ("2/9 午後2時", "2月9日")), ExpectedChoice("none", "6", ("ほかの日を見る", "ほか", "別の日")),
)  # fmt: skip
LIST = Expected("choice", DAYS)
YES_NO = Expected(
    "yes_no", (ExpectedChoice("yes", "1", ("はい",), "affirm"), ExpectedChoice("no", "2", ("いいえ",), "deny"))
)
NUMBERS = {
    "ゼロキューゼロのイチニーサンヨンのゴーロクナナハチ": "09012345678", "03-1234-5678": "0312345678", "０３ー１２３４ー５６７８": "0312345678",
    "ぜろさんのいちにさんよんのごーろくななはち": "0312345678", "ゼロ九〇の一二三四の五六七八です": "09012345678",
    "まるきゅうまるの、えーと、いちにさんよんの、ごろくななはちです": "09012345678", "電話番号は090 1234 5678 です お願いします": "09012345678",
    "じたくは ぜろさん、さんにーろくよんの、ななごーいちに です": "0332647512", "ｾﾞﾛｷｭｳｾﾞﾛ ｲﾁﾆｻﾝﾖﾝ ｺﾞﾛｸﾅﾅﾊﾁ": "09012345678",
    "携帯は〇九〇、はい、一二三四の、五六七八": "09012345678", "ぜろはちぜろ、いちいちいちいち、にーにーにーにー": "08011112222",
    "090、じゃなくて080の1234の5678です": "08012345678", "ごーろくのななはち": "5678", "ごじゅうろくのななじゅうはち": "5678", "はちじゅうきゅうのさんじゅう": "8930",
    "五十六七十八": "5678", "下4桁は1234です": "1234", "下四けたはいちにさんよん": "1234", "最後は9012です": "9012", "②③④": "234",
    "予約番号は12345です": "12345", "番号12345番ですお願いします": "12345", "一二三四五": "12345", "いちにさんよんご": "12345", "まるさんいちに": "0312",
    "ゼロさん": "03", "れいさん れいご": "0305", "しちはちくぜろ": "7890", "よんよんにーにー": "4422", "確か5678だと思います": "5678",
}  # fmt: skip
NO_NUMBERS = [
    "わかりません",
    "しりません",
    "12月22日です",
    "3時です",
    "٢٣٤",
    "こどもが三人います",
    "くじです",
    "さんかげつ",
    "人と話したい",
    "ここです",
    "ごめんなさい",
    "いいえ",
    "ありません",
    "",
    "。",
    "72歳です",
]


@pytest.mark.parametrize(("said", "digits"), NUMBERS.items())
def test_a_number_is_read_in_any_writing(said, digits):
    assert digits_in(said) == digits


@pytest.mark.parametrize("said", NO_NUMBERS)
def test_what_is_no_number_gives_no_digits(said):
    assert digits_in(said) == ""


@pytest.mark.parametrize("keys", ["²", "1²", "٢٣", "①②③", "１", "九", "12²34"])
@pytest.mark.parametrize("kind", ["digits", "number", "choice", "open"])
def test_no_key_is_read_as_a_digit_that_it_is_not(keys, kind):
    found = pressed(keys, Expected(kind, DAYS)).digits or ""
    assert set(found) <= set("0123456789")


@pytest.mark.parametrize(
    ("said", "key"),
    [*((said, "3") for said in ("3番", "三番", "３番", "さんばん", "サンバン", "三", "さん", "3番でお願いします", "さんばんでお願いします", "じゃあ3で",
                                "はい、三番です", "3番がいいです", "3番にします", "さんで", "3番のボタン")),
     *((said, "4") for said in ("よん", "４", "四", "よんばん", "よんでお願いします", "4番ね")), ("5番を押す", "5"), ("ごばん", "5"), ("0番", "0"),
     ("きゅうばん", "9")],
)  # fmt: skip
def test_a_key_is_heard_in_whatever_letters(said, key):
    assert key_said(said) == key


@pytest.mark.parametrize(
    ("said", "chosen"),
    [*((said, "s:1") for said in ("三番", "3番", "３番", "さんばん", "三", "三番目のやつ", "最初の", "最初のでお願いします", "一番上", "一つ目", "一番目",
                                  "1つ目の日がいい", "上のほう", "一番早いの", "はじめの")),
     *((said, "s:2") for said in ("4番目", "よん", "真ん中の", "真ん中で", "二つ目", "2番目", "ふたつめ", "下から2番目", "最後から二つ目")),
     *((said, "s:3") for said in ("最後の", "さいごので", "後のほう", "一番下のにします", "三つ目で", "5番")), ("6番", "none"), ("別の日", "none")],
)  # fmt: skip
def test_a_list_is_answered_by_key_or_by_place(said, chosen):
    assert settle(said, LIST).choice == chosen


@pytest.mark.parametrize("said", ["最初から", "はじめから", "最初に戻る"])
def test_starting_over_is_no_place_in_a_list(said):
    assert settle(said, LIST).intent == "start_over"


@pytest.mark.parametrize("said", ["前に戻る", "あとで", "最後に行った時", "12月1日の次", "三時", "にわとり"])
def test_other_words_are_no_place_in_a_list(said):
    assert entry_said(said, DAYS) is None and key_said(said) is None


def test_a_key_that_is_not_offered_chooses_nothing():
    assert settle("一番", LIST).choice is None and settle("1番", LIST).choice is None


def test_the_last_of_two_and_the_waiting_list_beside_them():
    two = Expected("choice", (DAYS[0], ExpectedChoice("w:7", "4", ("空きを待つ",)), DAYS[1], DAYS[3]))
    assert [settle(said, two).choice for said in ("最初の", "後のほう", "下の")] == ["s:1", "s:2", "s:2"]


def test_where_no_keys_are_shown_a_number_is_a_place():
    shown = Expected("choice", tuple(ExpectedChoice(one.id, None, one.words) for one in DAYS))
    assert [settle(said, shown).choice for said in ("一番", "3番", "二番目")] == ["s:1", "s:3", "s:2"]


@pytest.mark.parametrize(("said", "choice"), [("いち", "yes"), ("1番", "yes"), ("二番", "no"), ("にばんです", "no")])
def test_keys_of_a_yes_or_no_can_be_said(said, choice):
    assert settle(said, YES_NO).choice == choice


@pytest.mark.parametrize("said", ["はいばらです", "うんのです", "いえきです", "いやまです"])
def test_a_name_that_begins_like_a_yes_or_no_is_neither(said):
    assert settle(said, YES_NO) is None


def test_a_whole_telephone_number_is_taken_where_its_end_is_asked_for():
    assert settle("090-1234-5678です", Expected("number")).digits == "09012345678"


@pytest.mark.parametrize("unit", ["いちにの", "1", "は", "ー", "にい", "しいしち", "えーと"])
def test_reading_a_number_takes_no_longer_for_longer_texts(unit):
    took = []
    for count in (5_000, 40_000):
        start = time.perf_counter()
        digits_in(unit * count)
        took.append(time.perf_counter() - start)
    assert took[1] < max(8 * 4 * took[0], 0.05)


@pytest.mark.parametrize(
    "said",
    [
        "番号がわかりません",
        "番号はわからない",
        "予約番号を忘れました",
        "番号は控えてないです",
        "わかりません",
        "覚えてないんです",
        "番号が手元にありません",
        "番号なんてもう忘れた",
        "ばんごうがわからない",
    ],
)
def test_not_knowing_the_number_is_an_answer_to_the_question_for_it(said):
    assert settle(said, Expected("number")).intent == "dont_know"


@pytest.mark.parametrize("said", ["講習会を予約したい", "スマホの暗証番号を忘れて開けない", "人と話したい"])
def test_other_things_are_no_not_knowing(said):
    meant = settle(said, Expected("number"))
    assert meant is None or meant.intent != "dont_know"
