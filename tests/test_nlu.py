"""Understanding: rules first, then Rasa, or the same reading in this process where Rasa is silent; danger always."""

import time
from collections import Counter

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from helpdesk.ward.topics import topics
from nlu import evaluation
from nlu.embedded import Embedded
from nlu.entities import entities, named
from nlu.evaluation import read
from nlu.rasa_client import RasaClient, RasaSilent
from nlu.rules import digits_in, settle
from nlu.safety import sign_of_danger
from nlu.text import clean
from nlu.training_data import DATA, labels, sentences
from nlu.understand import Understander
from nlu.understanding import Expected, ExpectedChoice
from tests.places import ROOT

SENTENCES = ROOT / "bench" / "sentences.jsonl"
YES_NO = Expected(
    "yes_no", (ExpectedChoice("yes", "1", ("はい",), "affirm"), ExpectedChoice("no", "2", ("いいえ",), "deny"))
)
RANKING = [
    {"name": "trouble_sound", "confidence": 0.8},
    {"name": "trouble_call", "confidence": 0.1},
    {"name": "affirm", "confidence": 0.05},
]


def test_there_are_63_labels_with_forty_different_sentences_each():
    found = sentences()
    assert len(labels()) == 63
    assert {label: n for label in labels() if (n := sum(other == label for _, other in found)) < 40} == {}
    assert set(topics()) <= set(labels())


def test_the_embedded_classifier_knows_plain_sentences(embedded: Embedded):
    right = {
        "ワイファイにつながらない": "trouble_network",
        "講習会を予約したい": "book",
        "文字を大きくしたい": "trouble_display",
        "人が倒れた救急車": "safety_emergency",
    }
    assert {text: embedded.understand(text).intent for text in right} == right


@pytest.mark.parametrize("said", ["はい", "はい、そうです。", "えーと はい", "うん", "ハイ", "そうです"])
def test_a_yes_is_settled_without_a_model(said):
    meant = settle(said, YES_NO)
    assert meant is not None and meant.choice == "yes" and meant.engine == "rules"


@pytest.mark.parametrize("said", ["いいえ", "違います", "ちがう", "いや"])
def test_a_no_is_settled_without_a_model(said):
    meant = settle(said, YES_NO)
    assert meant is not None and meant.choice == "no"


def test_a_choice_is_settled_by_its_words_its_key_and_a_spoken_key():
    expected = Expected(
        "choice", (ExpectedChoice("home", "3", ("家のワイファイ", "うち")), ExpectedChoice("out", "4", ("外の電波",)))
    )
    assert [
        settle(said, expected).choice for said in ("家のワイファイです", "うち", "3番", "４", "外の電波のほう")
    ] == ["home", "home", "home", "out", "out"]


@pytest.mark.parametrize(
    ("said", "digits"),
    [("03-1234-5678", "0312345678"), ("０３ー１２３４ー５６７８", "0312345678"), ("ぜろさんのいちにさんよんのごーろくななはち", "0312345678"),
     ("ゼロ九〇の一二三四の五六七八です", "09012345678"), ("電話番号は090 1234 5678 です お願いします", "09012345678"), ("わかりません", "")],
)  # fmt: skip
def test_spoken_and_typed_digits_are_read(said, digits):
    assert digits_in(said) == digits


@given(st.text(max_size=300))
def test_no_text_breaks_the_rules(text):
    settle(text, YES_NO)
    settle(text, Expected("digits"))
    sign_of_danger(text)


@given(st.text(max_size=200))
def test_no_text_breaks_the_classifier(embedded, text):
    meant = Understander(None, embedded).text(text, Expected())
    assert 0 <= meant.confidence <= 1


@pytest.mark.parametrize(
    ("said", "label"),
    [("お金を振り込んでしまった", "safety_scam"), ("画面から警告音が鳴りやまない", "safety_scam"), ("スマホをどこかに置き忘れた", "safety_lost_phone"),
     ("火事です", "safety_emergency"), ("父の意識がない", "safety_emergency"), ("スマホから煙が出てる", "safety_emergency")],
)  # fmt: skip
def test_signs_of_danger_are_seen_without_any_model(said, label):
    assert sign_of_danger(said) == label


@pytest.mark.parametrize(
    "said",
    [
        "お風呂にスマホを落として画面が割れた",
        "詐欺ではないんですけど",
        "音が出ない",
        "火災保険のアプリ",
        "写真が見つからない",
    ],
)
def test_ordinary_troubles_are_no_danger(said):
    assert sign_of_danger(said) is None


def test_rasa_answers_when_it_is_there_and_the_embedded_classifier_when_it_is_not(
    httpserver: HTTPServer, embedded: Embedded
):
    httpserver.expect_request("/model/parse").respond_with_json({"intent_ranking": RANKING})
    rasa = RasaClient(httpserver.url_for(""))
    understander = Understander(rasa, embedded)
    assert understander.text("音が出ない", Expected()).engine == "rasa"
    assert Understander(rasa, None).text("音が出ない", Expected()).likeliest[0] == ("trouble_sound", 0.8)
    httpserver.clear()
    httpserver.expect_request("/model/parse").respond_with_data("broken", status=500)
    assert understander.text("音が出ない", Expected()).engine == "embedded"


def test_the_circuit_breaker_stops_asking_and_asks_again_later(httpserver: HTTPServer):
    asked = []

    def slow(request: Request) -> Response:
        asked.append(request.path)
        time.sleep(0.3)
        return Response("{}")

    httpserver.expect_request("/model/parse").respond_with_handler(slow)
    rasa = RasaClient(httpserver.url_for(""), timeout=0.1, seconds_open=0.5)
    for _ in range(6):
        with pytest.raises(RasaSilent):
            rasa.understand("音")
    assert len(asked) <= 3
    time.sleep(0.6)
    httpserver.clear()
    httpserver.expect_request("/model/parse").respond_with_json({"intent_ranking": RANKING})
    assert rasa.understand("音").intent == "trouble_sound"


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", '{"intent_ranking": []}', '{"intent_ranking": [{"name": 1}]}', "null"]
)
def test_answers_that_make_no_sense_count_as_silence(httpserver: HTTPServer, body):
    httpserver.expect_request("/model/parse").respond_with_data(body, content_type="application/json")
    with pytest.raises(RasaSilent):
        RasaClient(httpserver.url_for("")).understand("音")


def test_nobody_listening_counts_as_silence():
    with pytest.raises(RasaSilent):
        RasaClient("http://127.0.0.1:9").understand("音")
    assert not RasaClient("http://127.0.0.1:9").alive()
    assert httpx.codes.OK == 200


def test_the_evaluation_counts_what_was_understood(tmp_path, embedded: Embedded):
    file = tmp_path / "cases.jsonl"
    file.write_text(
        '{"text":"音が出ない","intent":"trouble_sound","channel":"voice"}\n{"text":"火事です","intent":"greet","channel":"line"}\n'
    )
    lines = list(evaluation.report(evaluation.predict(Understander(None, embedded), evaluation.read(file))))
    assert "accuracy 0.500" in lines[0] and any("greet taken for safety_emergency" in line for line in lines)
    file.write_text("no json\n")
    with pytest.raises(evaluation.Unreadable, match="line 1"):
        evaluation.read(file)


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [("着信音が鳴らないのと あと文字が小さくて読めないの", "trouble_sound", "trouble_display"),
     ("ワイファイがつながらなくて、それから電池もすぐなくなるんです", "trouble_network", "trouble_battery")],
)  # fmt: skip
def test_two_troubles_in_one_breath_are_both_heard(embedded: Embedded, said, first, second):
    meant = Understander(None, embedded).text(said, Expected())
    assert (meant.intent, meant.also) == (first, second)


@pytest.mark.parametrize("said", ["あとで電話をください", "ワイファイがつながらない", "写真を撮ったあと見つからない"])
def test_one_trouble_stays_one(embedded: Embedded, said):
    assert Understander(None, embedded).text(said, Expected()).also is None


def test_entities_are_found_and_the_data_is_annotated_with_them():
    found = {(one.kind, one.value) for one in entities("基礎の講習会を神保町で、アイフォンです")}
    assert found == {("level", "basic"), ("offer", "class"), ("place", "神保町出張所"), ("device", "iphone")}
    assert named("神保町じゃなくて麹町で", "place") == "麹町出張所"
    assert named("スマホ相談会", "place") is None
    raw = (DATA / "book.yml").read_text(encoding="utf-8")
    assert '[基礎編]{"entity": "level", "value": "basic"}' in raw
    assert not any("{" in text and "entity" in text for text, _ in sentences())


def test_each_label_has_enough_sentences():
    count = Counter(label for _, label in sentences())
    assert len(count) == 63 and min(count.values()) >= 120
    assert (
        min(
            count[label]
            for label in count
            if label.startswith("safety_") or label in ("out_of_scope", "ward_other_service")
        )
        >= 250
    )


@pytest.mark.parametrize(
    "text",
    [
        "教室で詐欺対策もやるの",
        "父が倒れたときのためにワンタッチでかかるようにしたい",
        "池にスマホを落として拾ったけど反応がない",
        "救急車が通って聞こえなかった",
    ],
)
def test_talk_about_danger_is_no_danger(text):
    assert sign_of_danger(text) is None


def test_courtesies_and_what_is_not_meant_do_not_decide(embedded):
    polite = "お世話になっております。先日はありがとうございました。電話帳に新しい名前を登録する方法をお教えください。よろしくお願いいたします。"
    assert Understander(None, embedded).text(polite, Expected()).intent == "trouble_contacts"
    assert (
        Understander(None, embedded).text("地図ではなくて調べもののしかたを検索したいです", Expected()).intent
        == "trouble_search"
    )


def test_a_short_text_is_read_as_the_other_half_of_what_came_before(embedded):
    assert (
        Understander(None, embedded).text("見つからないの", Expected("yes_no", before="写真が")).intent
        == "trouble_camera"
    )


def test_cannot_means_what_the_question_makes_of_it():
    step = Expected(
        "step",
        (ExpectedChoice("yes", "1", ("できた",), "next_step"), ExpectedChoice("no", "2", ("できない",), "not_solved")),
    )
    helped = Expected(
        "yes_no",
        (ExpectedChoice("yes", "1", ("はい",), "solved"), ExpectedChoice("no", "2", ("いいえ",), "not_solved")),
    )
    assert [settle("できません", asked).intent for asked in (step, helped, YES_NO)] == [
        "not_solved",
        "not_solved",
        "deny",
    ]
    assert settle("わかりません", YES_NO).intent == "dont_know"


def test_the_set_to_measure_with_has_every_label_and_nothing_that_was_learnt():
    cases = read(SENTENCES)
    learnt = {clean(text) for text, _ in sentences()}
    assert {intent for _, intent, _ in cases} == set(labels())
    assert [text for text, _, _ in cases if clean(text) in learnt] == []
    assert (
        Counter(channel for _, _, channel in cases).keys() == {"voice", "line"}
        and len({text for text, _, _ in cases}) == len(cases) >= 120
    )
