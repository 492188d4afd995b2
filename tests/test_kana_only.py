"""Kana-only input is understood like any other; a message of pictures only is none."""

import pytest

from nlu.kana_only import usual_spelling
from nlu.safety import sign_of_danger
from nlu.text import only_emoji
from nlu.understand import Understander
from nlu.understanding import Expected


@pytest.mark.parametrize(
    ("kana", "usual"),
    [("すまほがこわれました", "スマホが壊れました"), ("すまほ が こわれた", "スマホが壊れた"), ("わいふぁいがつながらない", "ワイファイが繋がらない"),
     ("でんわばんごうをとうろくしたい", "電話番号を登録したい"), ("ねっとがおそい", "ネットが遅い"), ("スマホが壊れた", "スマホが壊れた"), ("写真 が きえた", "写真 が きえた"),
     ("", ""), ("スマホ", "スマホ"), ("hello", "hello")],
)  # fmt: skip
def test_kana_are_read_in_the_usual_spelling(kana, usual):
    assert usual_spelling(kana) == usual


@pytest.mark.parametrize(
    "said",
    [
        "すまほがこわれました",
        "すまほ　が　こわれた",
        "スマホが壊れた",
        "けいたいがこわれた",
        "すまほがつかえない",
        "すまほがうごかない",
        "すまほのがめんがわれました",
        "すまほがかたまった",
        "スマホがこわれてしまって",
    ],
)
def test_a_broken_phone_is_not_a_lost_one(embedded, said):
    meant = Understander(None, embedded).text(said, Expected())
    assert meant.safety is None and not meant.intent.startswith("safety_")


@pytest.mark.parametrize(
    "said",
    [
        "すまほをなくしました",
        "すまほをおとしました",
        "けいたいをぬすまれた",
        "すまほがみつからない",
        "すまほ を おとした",
        "スマホを落として壊れたかもしれない、見つからない",
    ],
)
def test_a_lost_phone_is_seen_in_kana_too(said):
    assert sign_of_danger(said) == "safety_lost_phone"


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("しゅじんがたおれました", "safety_emergency"),
        ("おかねをふりこんでしまった", "safety_scam"),
        ("ははのいしきがない", "safety_emergency"),
        ("きゅうきゅうしゃをよんで", "safety_emergency"),
    ],
)
def test_other_signs_of_danger_are_seen_in_kana(embedded, said, label):
    assert Understander(None, embedded).text(said, Expected()).safety == label


@pytest.mark.parametrize(
    ("text", "spans"),
    [("👍", ()), ("🙏", ()), ("👍👍👍", ()), ("(love)", ()), ("()", ()), ("(love)(heart)", ()), ("👨‍👩‍👧", ()), ("1️⃣", ()),
     ("❤️", ()), ("🇯🇵", ()), ("♡", ()), ("👍！", ()), ("(brown angry)", ()), ("($)", ((0, 3),)), ("👍(x)", ((2, 3),)),
     ("ok", ((0, 2),))],
)  # fmt: skip
def test_a_message_of_pictures_only(text, spans):
    assert only_emoji(text, spans)


@pytest.mark.parametrize(
    ("text", "spans"), [("ありがとう👍", ()), ("", ()), ("。", ()), ("1", ()), ("(はい)", ()), ("はい(love)", ((2, 6),)),
     ("𠮷(love)", ((2, 6),)), ("\ud83d", ()), ("(90歳)", ()), ("はい", ((0, 0),)), ("はい", ((99, 3), (-5, 2)))]
)  # fmt: skip
def test_a_message_with_words_is_more_than_pictures(text, spans):
    assert not only_emoji(text, spans)
