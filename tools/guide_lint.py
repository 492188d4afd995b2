"""Checks every guide for the ear and the eye (``elder-ux`` P2, P3, P11, L4, S3, S4): ``python -m tools.guide_lint``."""

import re
import sys
from collections.abc import Iterator
from functools import lru_cache

import yaml

from flows.guides.guidebook import DEVICES, Guide, Way, guides
from flows.script.asking import EAR, ear_length
from flows.script.wording import LINES, say

"""Characters that are heard before the person may speak."""
BUBBLE, BUBBLES = 120, 2
LABEL = 12
_QUOTED = re.compile("「[^」]*」")
_LATIN = re.compile("[A-Za-z]{2,}")
_SECRET = re.compile("(暗証番号|パスワード|カード番号|マイナンバー)を(教えて|言って|お話し|お知らせ)")
_REMOTE = re.compile("遠隔|リモート")
_NUMBERING = 2
"""Characters that a step's number takes in a bubble."""


@lru_cache(maxsize=1)
def avoided() -> list[str]:
    """Words that people of 75 do not use."""
    found: list[str] = yaml.safe_load((LINES / "avoided.yml").read_text(encoding="utf-8"))
    return found


def faults(guide: Guide) -> Iterator[str]:
    """What is wrong with ``guide``, one line each."""
    if len(guide.questions) > 3:
        yield f"{guide.topic}: more than three questions"
    for name, question in guide.questions.items():
        where = f"{guide.topic}.{name}"
        keys = "、".join(f"{option.ear}は3" for option in question.options) + "を押してください。"
        if ear_length((question.ear, keys)) > EAR:
            yield f"{where}: question and keys take {ear_length((question.ear, keys))} characters"
        for heard in (question.ear, *(option.ear for option in question.options)):
            yield from _heard(where, heard)
        yield from (
            f"{where}: the button {option.label} is too long"
            for option in question.options
            if len(option.label) > LABEL
        )
    for name, way in guide.ways.items():
        yield from _way(f"{guide.topic}.{name}", way)
    yield from (f"{guide.topic}: nothing leads to {name}" for name in sorted(_unreached(guide)))


def _heard(where: str, sentence: str) -> Iterator[str]:
    """What is written on the screen stands in 「」 and is said as it stands there; the rest is plain words."""
    plain = _QUOTED.sub("", sentence)
    yield from (f"{where}: people do not say {word}: {sentence}" for word in avoided() if word in plain)
    if _LATIN.search(plain):
        yield f"{where}: Latin letters are said: {sentence}"
    if sentence.count("。") > 1:
        yield f"{where}: more than one sentence: {sentence}"
    if _SECRET.search(sentence):
        yield f"{where}: asks for a secret: {sentence}"
    if _REMOTE.search(sentence):
        yield f"{where}: remote control: {sentence}"


def _way(where: str, way: Way) -> Iterator[str]:
    if not 2 <= len(way.steps) <= 7:
        yield f"{where}: {len(way.steps)} steps"
    after = "".join(say("step.done").ear)
    for device in DEVICES:
        steps = [step.for_device(device) for step in way.steps]
        for ear, eye in steps:
            yield from _heard(f"{where} ({device})", ear)
            if ear_length((ear, after)) > EAR:
                yield f"{where} ({device}): {ear_length((ear, after))} characters: {ear}"
            if len(eye) + len(way.title) > BUBBLE:
                yield f"{where} ({device}): too long for a bubble: {eye}"
        if sum(len(eye) + _NUMBERING for _, eye in steps) > BUBBLE * BUBBLES - 2 * len(way.title):
            yield f"{where} ({device}): the card needs more than {BUBBLES} bubbles"


def _unreached(guide: Guide) -> set[str]:
    reached: set[str] = set()
    todo = [guide.first]
    while todo:
        place = todo.pop()
        if place in reached:
            continue
        reached.add(place)
        if place in guide.questions:
            todo += [option.leads for option in guide.questions[place].options]
        elif guide.ways[place].otherwise:
            todo.append(str(guide.ways[place].otherwise))
    return (set(guide.questions) | set(guide.ways)) - reached


if __name__ == "__main__":
    found = [fault for guide in guides().values() for fault in faults(guide)]
    print("\n".join(found) or f"{len(guides())} guides, nothing to mend")  # noqa: T201
    sys.exit(bool(found))
