"""Every sentence that is said or shown, for the rules that hold for all of them."""

import re
from itertools import product

import yaml

from flows.guides.guidebook import DEVICES, guides
from flows.script.wording import LINES, every_line
from helpdesk.learning.planner import rules
from helpdesk.ward.topics import topics
from tests.wards import CHIYODA

FILL = {
    **CHIYODA.words,
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
    "time": "午前10時半",
    "missing": "携帯電話の番号は11けたです、あと1けた足りないようです",
    "called": "さいとうみちこ",
    "code": "1 2、3 4 5",
    "until": "11月25日水曜日の午前10時",
    "phone": "03-1234-5678",
    "reason": "大雪のため。",
    "way": "九段下駅の6番出口を出て、お堀のほうへ歩いて5分です。",
    "address": "千代田区神田佐久間町1-11-7",
    "step_free": "段差のない入口があります。",
}
AVOIDED = yaml.safe_load((LINES / "avoided.yml").read_text(encoding="utf-8"))
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
