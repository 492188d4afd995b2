"""The rules of speaking with people of 75, each by its name. Flows are played; wording and guides are linted as data."""

import json
import re
from itertools import product
from pathlib import Path

import pytest
import yaml

from bot.channels import line_messages, twiml
from bot.channels.line import SYMBOLS
from flows.desk import ear_length
from flows.guide_lint import faults
from flows.guide_page import page
from flows.guidebook import DEVICES, Step, guides
from flows.replies import Reply
from flows.symbols import symbols
from flows.wording import WORDS, every_line, say, topics
from helpdesk.learning.planner import rules
from tests.conftest import CLOSED
from tests.people import actions, texts

FILL = {
    "ear": "ワイファイや電波のこと",
    "eye": "マイナンバー・申請",
    "number": "0 9 0、1 2 3 4、5 6 7 8",
    "when": "11月25日水曜日の午前",
    "what": "見本の応用の講習会",
    "venue": "いきいきプラザ一番町",
    "when_eye": "12月28日(月) 午前10時〜12時",
    "start": "12月28日月曜日の午前10時半",
    "hall": "神田公園",
    "why": "電話のほかは初めてとのことなので",
    "day": "12月28日月曜日",
    "steps": "基礎の講習会、練習アプリ、クイズの体験会、相談会",
    "link": "https://example.jp/renshu",
    "secret": "ABCD-1234",
    "bring": "お使いのスマートフォン",
    "position": "3",
    "called": "さいとうみちこ",
    "code": "1 2、3 4 5",
    "until": "11月25日水曜日の午前10時",
    "phone": "03-1234-5678",
    "reason": "大雪のため。",
    "way": "九段下駅の6番出口を出て、お堀のほうへ歩いて5分です。",
    "address": "千代田区神田佐久間町1-11-7",
    "step_free": "段差のない入口があります。",
}
AVOIDED = yaml.safe_load((WORDS / "avoided.yml").read_text(encoding="utf-8"))
QUOTED = re.compile(r"「[^」]*」")
"""What stands on the phone's own screen is read as it is."""


def several(value):
    return [value] if isinstance(value, str) else value


def spoken():
    """Every sentence for the ear, with where it comes from."""
    for name, line in every_line():
        for sentence in several(line["ear"]):
            yield name, sentence.format(**FILL)
    for guide in guides().values():
        for name, question in guide.questions.items():
            yield f"{guide.topic}.{name}", question.ear
            for option in question.options:
                yield f"{guide.topic}.{name}.{option.id}", option.ear
        for name, way in guide.ways.items():
            for step, device in product(way.steps, DEVICES):
                yield f"{guide.topic}.{name}", step.for_device(device)[0]
    for name, step in rules()["steps"].items():
        for reason in step["reasons"]:
            yield f"path.{name}", reason["ear"]
    for label, words in topics().items():
        yield label, words["ear"]
        yield label, words["short"]


def written():
    for name, line in every_line():
        for bubble in several(line["eye"]):
            yield name, bubble.format(**FILL)
    for guide in guides().values():
        for name, way in guide.ways.items():
            for step, device in product(way.steps, DEVICES):
                yield f"{guide.topic}.{name}", step.for_device(device)[1]


def walk(caller, answers):
    """Everything the caller hears while giving these answers."""
    yield caller.rings()
    for answer in answers:
        yield caller.presses(answer) if answer.isdigit() else caller.waits() if answer == "…" else caller.says(answer)


WALKS = [
    ["ワイファイにつながらない", "3", "3", "3", "1", "1", "1", "1", "2"],
    ["音が出ないんです", "4", "1", "1", "1", "2"],
    ["画面の調子がおかしくて読めない", "3", "3", "3"],
    ["流しにスマホを落としちゃって動かないの", "1", "1", "1", "1"],
    ["…", "…"],
    ["ごにょごにょ", "むにゃむにゃ"],
    ["画面にウイルスに感染したと出た", "2", "2"],
    ["人が倒れた救急車", "2"],
]


@pytest.fixture(params=WALKS, ids=lambda answers: answers[0])
def walked(request, desk):
    return list(walk(desk.caller(), request.param))


def test_p1_the_first_chance_to_speak_comes_within_ten_seconds(desk):
    for now in (desk.watch.now, CLOSED):
        desk.watch.now = now
        said = desk.caller().rings().said
        # 7 morae a second at full speed; a character is at most 1.9 of them here. The pauses are added.
        assert len(said) * 1.3 / (7 * 0.88) + 0.4 * 2 <= 12, said
        assert len(said) <= 50


def test_p2_one_prompt_asks_one_thing_in_two_sentences_and_sixty_characters(walked):
    for heard in walked:
        if heard.listens:
            announced = [s for s in heard.sentences if "を押してください" in s]
            rest = [s for s in heard.sentences if s not in announced]
            assert len(rest) <= 2 and ear_length(rest) <= 60, heard.sentences
            assert ear_length(heard.sentences) <= 60 or len(announced) >= 2, heard.sentences


def test_p2_every_line_and_step_fits_the_ear():
    for name, line in every_line():
        ear = several(line["ear"])
        assert len(ear) <= 2 and ear_length(ear_.format(**FILL) for ear_ in ear) <= 60, name
    done = "".join(say("step.done").ear)
    for guide in guides().values():
        for name, question in guide.questions.items():
            menu = "、".join(f"{option.ear}は3" for option in question.options) + "を押してください。"
            assert ear_length((question.ear, menu)) <= 60, (guide.topic, name, "question and keys have to fit together")
        for name, way in guide.ways.items():
            for step, device in product(way.steps, DEVICES):
                assert len(step.for_device(device)[0] + done) <= 60, (guide.topic, name, step)


def test_p2_a_reason_of_a_learning_path_leaves_room_for_the_session():
    for name, step in rules()["steps"].items():
        for reason in step["reasons"]:
            line = say("path.first", **FILL | {"why": reason["ear"]})
            assert ear_length(line.ear) <= 60, (name, reason["ear"])


def test_p3_at_most_four_options_the_key_last_and_keys_mean_the_same_everywhere(walked):
    for heard in walked:
        for sentence in heard.sentences:
            if "押してください" in sentence and "人と話すかた" not in sentence and "「" not in sentence:
                assert len(re.findall(r"は、?\d", sentence)) <= 4
    for guide in guides().values():
        assert all(2 <= len(question.options) <= 4 for question in guide.questions.values())


def test_p3_menus_name_the_key_last():
    from flows.replies import YES_NO

    reply = Reply(ear=("よろしいですか。",), eye=("？",), listening="yes_no", choices=YES_NO, announce_keys=True)
    assert twiml.key_sentences(reply) == ("はいは、1を押してください。", "いいえは、2を押してください。")


def test_p4_every_listening_point_takes_speech_and_keys_in_japanese_with_hints(walked):
    for heard in walked:
        gather = heard.find("Gather")
        if gather is not None:
            keys_only = gather.get("input") == "dtmf"
            assert gather.get("input") == "dtmf speech" or keys_only
            assert gather.get("language") == "ja-JP" and gather.get("actionOnEmptyResult") == "true"
            assert keys_only or len(gather.get("hints").split(",")) >= 6


def test_p5_speech_is_slowed_with_a_pause_after_each_sentence_and_slower_on_request(desk):
    caller = desk.caller()
    for heard in (caller.rings(), caller.says("もっとゆっくり話して"), caller.says("音が出ないんです")):
        rates = {prosody.get("rate") for prosody in heard.xml.iter("prosody")}
        assert all(say_.find("break").get("time") == "400ms" for say_ in heard.xml.iter("Say"))
    assert rates == {"75%"}
    assert {p.get("rate") for p in desk.caller().rings().xml.iter("prosody")} == {"75%"}, "the next call starts slow"
    assert {p.get("rate") for p in desk.caller("+81300001111").rings().xml.iter("prosody")} == {"88%"}


def test_p6_it_waits_for_the_first_word_and_longer_for_digits(desk, walked):
    for heard in walked:
        gather = heard.find("Gather")
        if gather is not None:
            assert int(gather.get("timeout")) >= 6
            assert gather.get("input") == "dtmf" or int(gather.get("speechTimeout")) >= 2
    desk.watch.now = CLOSED
    caller = desk.caller("anonymous")
    caller.rings()
    assert int(caller.presses("0").find("Gather").get("speechTimeout")) >= 3


@pytest.mark.parametrize("before", [[], ["音が出ないんです"]])
def test_p7_silence_has_three_rungs_and_never_ends_silently(desk, before):
    caller = desk.caller()
    list(walk(caller, before))
    first, second, third = caller.waits(), caller.waits(), caller.waits()
    assert first.listens and second.listens
    assert second.find("Gather").get("input") == "dtmf"
    assert third.find("Dial") is not None and third.said


def test_p7_outside_hours_the_third_silence_promises_a_call_back(desk):
    desk.watch.now = CLOSED
    caller = desk.caller()
    list(walk(caller, ["…", "…"]))
    third = caller.waits()
    assert third.find("Hangup") is not None and "お電話します" in third.said


def test_p8_not_understood_is_worded_differently_without_blame_and_the_third_hands_over(desk):
    caller = desk.caller()
    caller.rings()
    caller.says("ワイファイにつながらない")
    said = [caller.says("ほげほげぴよ").said for _ in range(3)]
    assert len(set(said)) == 3
    assert caller.heard.find("Dial") is not None
    for _, sentence in spoken():
        assert not re.search(r"あなたの|聞こえません|ちゃんと|はっきり話", sentence), sentence


def test_p9_it_confirms_the_number_before_it_promises_a_call(desk):
    desk.watch.now = CLOSED
    caller = desk.caller()
    caller.rings()
    assert "よろしいですか" in caller.presses("0").said


def test_p10_digits_are_said_in_groups_and_twice_and_dates_with_their_weekday(desk):
    desk.watch.now = CLOSED
    caller = desk.caller()
    caller.rings()
    assert caller.presses("0").said.count("0 3、1 2 3 4、5 6 7 8") == 2
    caller.presses("1")
    assert re.search(r"\d+月\d+日[月火水木金土日]曜日の午[前後]", caller.presses("3").said)


def test_p11_no_word_is_said_that_people_of_75_do_not_use():
    for name, sentence in spoken():
        plain = QUOTED.sub("", sentence)
        assert not [word for word in AVOIDED if word in plain], (name, sentence)


def test_p11_nothing_spoken_is_written_in_latin_letters():
    for name, sentence in spoken():
        assert not re.search(r"[A-Za-z]{2,}", QUOTED.sub("", sentence)), (name, sentence)


@pytest.mark.parametrize("answers", WALKS, ids=lambda answers: answers[0])
@pytest.mark.parametrize("wish", ["0", "人と話したい"])
def test_p12_a_wish_for_a_person_leads_to_one_within_one_turn_from_every_state(desk, answers, wish):
    for length in range(len(answers) + 1):
        caller = desk.caller()
        for heard in walk(caller, answers[:length]):
            last = heard
        if not last.listens:
            continue
        heard = caller.presses(wish) if wish == "0" else caller.says(wish)
        assert heard.find("Dial") is not None, answers[:length]


def test_p13_the_number_identifies_nobody_and_a_withheld_one_works(desk):
    first = desk.caller()
    list(walk(first, ["音が出ないんです"]))
    again = desk.caller()
    assert "音" not in again.rings().said, "nothing of an earlier call is read out to whoever calls from this number"
    assert desk.caller("anonymous").rings().listens


def test_p15_a_caller_who_may_hold_the_phone_in_trouble_is_asked_before_steps(desk):
    caller = desk.caller("+819012345678")
    list(walk(caller, ["音が出ないんです"]))
    assert "お電話中" in caller.presses("4").said
    assert "スピーカー" in caller.says("はい").said


def test_l2_at_most_four_buttons_a_question(desk):
    for guide in guides().values():
        friend = desk.friend(abs(hash(guide.topic)) % 1000)
        friend.writes({"trouble_network": "ワイファイにつながらない"}.get(guide.topic, topics()[guide.topic]["eye"] + "で困っています"))
        assert all(len([a for a in actions(message) if a["type"] == "postback"]) <= 4 for message in friend.last)


def test_l4_an_answer_is_at_most_three_bubbles_of_120_characters_and_ends_with_a_step():
    for name, line in every_line():
        eye = several(line["eye"])
        assert 1 <= len(eye) <= 3 and all(len(bubble.format(**FILL)) <= 120 for bubble in eye), name
    from flows.replies import Card

    for guide in guides().values():
        for name, way in guide.ways.items():
            for device in DEVICES:
                steps = tuple(step.for_device(device)[1] for step in way.steps)
                card = Card(title=way.title, steps=steps, note="らくらくスマートフォンの場合")
                made = line_messages.messages(Reply(ear=("",), eye=say("helped").eye, card=card, ask="x"))
                assert len(made) <= 3, (guide.topic, name, device)
                for message in made:
                    shown = [text for text in texts(message) if not text.isdigit()]
                    assert len("".join(shown)) <= 120, (guide.topic, name, device, len("".join(shown)))


def test_l5_back_start_over_and_a_person_are_offered_with_every_answer(desk):
    friend = desk.friend()
    for words in ("こんにちは", "音が出ません", "ほげほげ"):
        friend.writes(words)
        offered = [item["action"]["label"] for item in friend.last[-1]["quickReply"]["items"]]
        assert {"前に戻る", "最初から", "人に相談"} <= set(offered)


def test_l6_nothing_unasked_leaves_at_night(desk):
    with desk.database.transaction() as session:
        from helpdesk.outbox import put

        put(session, CLOSED, "unasked", "line_push", "U1", {"messages": [{"type": "text", "text": "お知らせ"}]}, unasked=True)
        put(session, CLOSED, "asked", "line_push", "U1", {"messages": [{"type": "text", "text": "お知らせ"}]})
    desk.watch.now = CLOSED.replace(hour=20, minute=0)
    assert desk.service.delivering.deliver_due() == 1
    desk.watch.now = CLOSED.replace(hour=9, minute=0) + (CLOSED - CLOSED.replace(day=23))
    assert desk.service.delivering.deliver_due() == 1


def test_l7_a_confirmation_on_line_shows_neither_number_nor_trouble(desk):
    friend = desk.friend()
    for words in ("音が出ません", "人と話したい", "03-1234-5678", "午後"):
        friend.writes(words)
    assert "お電話します" in friend.shown and "1234" not in friend.shown and "音" not in friend.shown


@pytest.mark.parametrize(
    ("words", "number"),
    [("泥棒が入りました", "110"), ("火事です", "119"), ("主人が倒れて動かない", "119"), ("画面にウイルスに感染したと出て警告音が鳴っている", "9110")],
)
@pytest.mark.parametrize("before", [[], ["音が出ないんです"], ["音が出ないんです", "4"]])
def test_s1_danger_goes_before_everything_with_its_number_first_and_twice(desk, words, number, before):
    caller = desk.caller()
    list(walk(caller, before))
    first = caller.says(words).sentences[0]
    digits = re.sub(r"[、]", "", first.replace("いち", "1").replace("きゅう", "9").replace("ぜろ", "0"))
    assert digits.startswith(("シャープ", number)) and digits.count(number) >= 2, first
    friend = desk.friend()
    friend.writes(words)
    assert number in [a["uri"].removeprefix("tel:").replace("%23", "") for a in actions(friend.last[0]) if a["type"] == "uri"]


def test_s1_money_that_was_sent_means_the_bank_at_once_then_the_police(desk):
    caller = desk.caller()
    list(walk(caller, ["画面にウイルスに感染したと出た"]))
    said = caller.says("はい").said
    assert said.index("銀行") < said.index("1、1、0")


@pytest.mark.parametrize("words", ["暗証番号は4649です", "パスワードはhanako1940です", "カード番号は4111111111111111", "マイナンバーは123456789018"])
def test_s3_secrets_are_masked_before_they_are_stored(desk, words):
    caller = desk.caller()
    list(walk(caller, [words]))
    desk.friend().writes(words)
    secret = re.search(r"[a-z]*\d{4,}", words).group()
    raw = b"".join(path.read_bytes() for path in __import__("pathlib").Path(desk.database.engine.url.database).parent.glob("desk.db*"))
    assert secret.encode() not in raw


def test_s3_and_s4_nobody_is_asked_for_a_secret_or_for_remote_control():
    for name, sentence in [*spoken(), *written()]:
        assert not re.search(r"(暗証番号|パスワード|カード番号|マイナンバー)を(教えて|言って|お話し|お知らせ)(ください|いただ)", sentence), (name, sentence)
        assert not re.search(r"遠隔|リモート|チームビューア|エニーデスク", sentence), (name, sentence)


def test_the_page_of_all_guides_is_up_to_date():
    written = (Path(__file__).parent.parent / "docs" / "guides.md").read_text(encoding="utf-8")
    assert written.splitlines() == list(page())


def test_every_trouble_has_a_guide_and_every_guide_passes_the_lint():
    assert {label for label in topics() if label.startswith("trouble_")} == set(guides())
    assert [fault for guide in guides().values() for fault in faults(guide)] == []


def test_the_lint_finds_what_it_is_made_for():
    good = next(iter(guides().values()))
    name, way = next(iter(good.ways.items()))
    bad = way.model_copy(update={"steps": [*way.steps[:1], Step(ear="アイコンをタップしてください。Menuを押してください。", eye="あ" * 130)]})
    found = "\n".join(faults(good.model_copy(update={"ways": {**good.ways, name: bad}})))
    for fault in ("people do not say アイコン", "Latin letters", "more than one sentence", "too long for a bubble"):
        assert fault in found


def test_every_symbol_has_its_picture_and_cards_show_it(desk):
    assert {path.stem for path in SYMBOLS.glob("*.png")} == {path.stem for path in SYMBOLS.glob("*.svg")} >= set(symbols())
    friend = desk.friend()
    friend.writes("文字を大きくしたい")
    if "お使い" in friend.shown:
        friend.taps("iPhone")
    urls = re.findall(r'"url": "([^"]+)"', json.dumps(friend.last))
    assert "https://desk.example.jp/line/symbols/gear.png" in urls
    assert desk.web.get("/line/symbols/gear.png").mimetype == "image/png"
    assert desk.web.get("/line/symbols/../rich_menu.png").status_code == 404
