"""The rules of speaking with people of 75, each by its name. Flows are played; wording and guides are linted."""

import re
from itertools import product

import pytest

from bot.channels.voice import twiml
from flows.guides.guidebook import DEVICES, guides
from flows.script.asking import ear_length
from flows.script.replies import Reply
from flows.script.wording import every_line, say
from helpdesk.learning.planner import rules
from tests.conftest import CLOSED
from tests.people import walk
from tests.wording import AVOIDED, FILL, QUOTED, several, spoken

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
    done = "".join(say("step.done", FILL).ear)
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
            line = say("path.first", FILL | {"why": reason["ear"]})
            assert ear_length(line.ear) <= 60, (name, reason["ear"])


def test_p3_at_most_four_options_the_key_last_and_keys_mean_the_same_everywhere(walked):
    for heard in walked:
        for sentence in heard.sentences:
            if "押してください" in sentence and "人と話すかた" not in sentence and "「" not in sentence:
                assert len(re.findall(r"は、?\d", sentence)) <= 4
    for guide in guides().values():
        assert all(2 <= len(question.options) <= 4 for question in guide.questions.values())


def test_p3_menus_name_the_key_last():
    reply = Reply(
        ear=("よろしいですか。",), eye=("？",), listening="yes_no", choices=say("yes_no").choices, announce_keys=True
    )
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
