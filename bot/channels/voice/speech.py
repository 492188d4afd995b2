"""What is said beside the sentences: the keys, and the words to expect."""

import re

from flows.script.asking import ear_length
from flows.script.replies import Choice, Reply
from nlu.cues import open_hints

EAR_SENTENCES, EAR_CHARACTERS = 2, 60


def key_sentences(reply: Reply) -> tuple[str, ...]:
    """The keys, each after what it means (P3): on the way when they fit the ear, in full when they were asked for."""
    keyed = [choice for choice in reply.choices if choice.key]
    if not keyed:
        return ()
    if reply.announce_keys:
        return tuple(f"{_spoken(choice)}は、{choice.key}を押してください。" for choice in keyed)
    short = "、".join(f"{_spoken(choice)}は{choice.key}" for choice in keyed) + "を押してください。"
    if len(reply.ear) < EAR_SENTENCES and ear_length((*reply.ear, short)) <= EAR_CHARACTERS:
        return (short,)
    return ()


def _spoken(choice: Choice) -> str:
    return choice.ear or choice.label


def hints(reply: Reply) -> str:
    """Words that the recogniser should expect here, separated by ASCII commas."""
    words = [word for choice in reply.choices for word in (choice.label, choice.ear, *choice.words) if word]
    always = ("担当者", "もう一度", "戻る", "最初から", "ゆっくり", "わかりません")
    expected = (*words, *reply.hints, *always, *(open_hints() if reply.listening == "open" else ()))
    return ",".join(dict.fromkeys(re.sub("[,、。]", " ", word)[:100] for word in expected))
