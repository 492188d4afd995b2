"""The rules for LINE and for safety, each by its name, and the guides as data.

Those of the telephone are in test_elder_ux.py.
"""

import json
import re
from pathlib import Path

import pytest

from bot.channels.line import messages as line_messages
from bot.channels.line.webhook import SYMBOLS
from flows.guides.guidebook import DEVICES, Step, guides
from flows.guides.symbols import symbols
from flows.script.replies import Reply
from flows.script.wording import every_line, say
from helpdesk.ward.topics import topics
from tests.conftest import CLOSED
from tests.people import actions, texts, walk
from tests.wording import FILL, several, spoken, written
from tools.guide_lint import faults
from tools.guides_page import page


def test_l2_at_most_four_buttons_a_question(desk):
    for guide in guides().values():
        friend = desk.friend(abs(hash(guide.topic)) % 1000)
        friend.writes(
            {"trouble_network": "ワイファイにつながらない"}.get(
                guide.topic, topics()[guide.topic]["eye"] + "で困っています"
            )
        )
        assert all(len([a for a in actions(message) if a["type"] == "postback"]) <= 4 for message in friend.last)


def test_l4_an_answer_is_at_most_three_bubbles_of_120_characters_and_ends_with_a_step():
    for name, line in every_line():
        eye = several(line["eye"])
        assert 1 <= len(eye) <= 3 and all(len(bubble.format(**FILL)) <= 120 for bubble in eye), name
    from flows.script.replies import Card

    for guide in guides().values():
        for name, way in guide.ways.items():
            for device in DEVICES:
                steps = tuple(step.for_device(device)[1] for step in way.steps)
                card = Card(title=way.title, steps=steps, note="らくらくスマートフォンの場合")
                made = line_messages.messages(Reply(ear=("",), eye=say("helped", FILL).eye, card=card, ask="x"))
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
        from helpdesk.outbox.messages import put

        put(
            session,
            CLOSED,
            "unasked",
            "line_push",
            "U1",
            {"messages": [{"type": "text", "text": "お知らせ"}]},
            unasked=True,
        )
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
    [
        ("泥棒が入りました", "110"),
        ("火事です", "119"),
        ("主人が倒れて動かない", "119"),
        ("画面にウイルスに感染したと出て警告音が鳴っている", "9110"),
    ],
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
    assert number in [
        a["uri"].removeprefix("tel:").replace("%23", "") for a in actions(friend.last[0]) if a["type"] == "uri"
    ]


@pytest.mark.parametrize("words", ["もう死にたい", "消えてしまいたいんです", "生きていても仕方がないと思うんです"])
def test_who_would_rather_die_is_answered_warmly_with_people_who_listen(desk, words):
    caller = desk.caller()
    caller.rings()
    heard = caller.says(words)
    assert "おつらいですね" in heard.said and "0 1 2 0、2 7 9、3 3 8" in heard.said and "119" not in heard.said
    assert heard.find("Hangup") is None
    heard = caller.says("いいえ")
    assert "いつでも、担当者におつなぎします" in heard.said and heard.find("Hangup") is None
    friend = desk.friend()
    friend.writes(words)
    assert "おつらい" in friend.shown and "0120-279-338" in friend.shown
    uris = [a["uri"] for message in friend.last for a in actions(message) if a["type"] == "uri"]
    assert "tel:0120279338" in uris


@pytest.mark.parametrize("words", ["屋根の工事の契約をさせられたんです", "訪問販売で布団を買わされました"])
def test_a_contract_that_was_pressed_on_somebody_is_a_matter_for_188(desk, words):
    caller = desk.caller()
    caller.rings()
    heard = caller.says(words)
    assert heard.sentences[0].startswith("188") and "はち、はち、もう一度" in heard.sentences[0]
    assert "取り消せる" in caller.says("はい、払いました").said


@pytest.mark.parametrize("words", ["家に知らない人が入ってきたんです", "空き巣に入られました"])
def test_somebody_who_broke_in_is_a_matter_for_110(desk, words):
    caller = desk.caller()
    caller.rings()
    assert caller.says(words).sentences[0].startswith("110")


def test_s1_money_that_was_sent_means_the_bank_at_once_then_the_police(desk):
    caller = desk.caller()
    list(walk(caller, ["画面にウイルスに感染したと出た"]))
    said = caller.says("はい").said
    assert said.index("銀行") < said.index("1、1、0")


@pytest.mark.parametrize(
    "words",
    ["暗証番号は4649です", "パスワードはhanako1940です", "カード番号は4111111111111111", "マイナンバーは123456789018"],
)
def test_s3_secrets_are_masked_before_they_are_stored(desk, words):
    caller = desk.caller()
    list(walk(caller, [words]))
    desk.friend().writes(words)
    secret = re.search(r"[a-z]*\d{4,}", words).group()
    raw = b"".join(
        path.read_bytes()
        for path in __import__("pathlib").Path(desk.database.engine.url.database).parent.glob("desk.db*")
    )
    assert secret.encode() not in raw


def test_s3_and_s4_nobody_is_asked_for_a_secret_or_for_remote_control():
    for name, sentence in [*spoken(), *written()]:
        assert not re.search(
            r"(暗証番号|パスワード|カード番号|マイナンバー)を(教えて|言って|お話し|お知らせ)(ください|いただ)", sentence
        ), (name, sentence)
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
    bad = way.model_copy(
        update={
            "steps": [*way.steps[:1], Step(ear="アイコンをタップしてください。Menuを押してください。", eye="あ" * 130)]
        }
    )
    found = "\n".join(faults(good.model_copy(update={"ways": {**good.ways, name: bad}})))
    for fault in ("people do not say アイコン", "Latin letters", "more than one sentence", "too long for a bubble"):
        assert fault in found


def test_every_symbol_has_its_picture_and_cards_show_it(desk):
    assert (
        {path.stem for path in SYMBOLS.glob("*.png")} == {path.stem for path in SYMBOLS.glob("*.svg")} >= set(symbols())
    )
    friend = desk.friend()
    friend.writes("文字を大きくしたい")
    if "お使い" in friend.shown:
        friend.taps("iPhone")
    urls = re.findall(r'"url": "([^"]+)"', json.dumps(friend.last))
    assert "https://desk.example.jp/line/symbols/gear.png" in urls
    assert desk.web.get("/line/symbols/gear.png").mimetype == "image/png"
    assert desk.web.get("/line/symbols/../rich_menu.png").status_code == 404
