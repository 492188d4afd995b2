"""What is not clear is asked back: three rungs, each worded otherwise (P8), or the likeliest meanings."""

from typing import ClassVar

from flows.script.asking import EAR, another, ask, ear_length, goodbye
from flows.script.facts import Facts
from flows.script.moment import Moment
from flows.script.replies import OPTION_KEYS, Choice, Reply
from flows.script.thresholds import CHATTER, OFFER
from flows.steering.handover import HANDOVER, hand_over, promise_without_answer
from helpdesk.masking import mask
from helpdesk.ward.topics import topics
from nlu.cues import choice_words

LAST_RUNG = 3
EXAMPLES = ("trouble_network", "trouble_sound", "trouble_display")
LONGEST_KEPT = 200


class UnsureFacts(Facts):
    """What was said before asking back, and what was offered."""

    FLOW: ClassVar[str] = "unsure"

    words: str = ""
    offered: tuple[str, ...] = ()


def unclear(at: Moment) -> Reply:
    """P8: three rungs, never blaming the caller; the third hands over."""
    talk, last = at.talk, at.talk.last_reply
    talk.unclear += 1
    if talk.unclear >= LAST_RUNG:
        return (
            promise_without_answer(at) if talk.question.name in HANDOVER.asks else hand_over(at, at.say("guide.over"))
        )
    if last is not None and last.choices:
        first = at.say("unclear.choice") if talk.unclear == 1 else at.say("unclear.second")
        ear: tuple[str, ...] = (first.ear[0], last.ear[-1])
        ear = ear if ear_length(ear) <= EAR else last.ear[-1:]
        return last.with_(ear=ear, eye=(first.eye[0], last.eye[-1]), card=None, announce_keys=True)
    return offer(at, EXAMPLES) if talk.unclear == LAST_RUNG - 1 else ask(at.say("unclear.first"), "open")


def offer(at: Moment, labels: tuple[str, ...]) -> Reply:
    """The likeliest meanings in plain words, and none of them."""
    choices = []
    for label, key in zip(labels[:3], OPTION_KEYS, strict=False):
        topic = topics()[label]
        words = (topic["ear"], topic["eye"], topic["short"])
        choices.append(Choice(id=label, label=topic["eye"], key=key, ear=topic["short"], words=words, intent=label))
    none = at.label("which.none")
    key = OPTION_KEYS[len(choices)]
    choices.append(Choice(id="none", label=none.eye, key=key, ear=none.ear, words=choice_words("triage.which")["none"]))
    return ask(at.say("which"), "triage.which", "choice", tuple(choices))


def confirm(at: Moment, label: str) -> Reply:
    """One meaning, to be confirmed."""
    remember_unsure(at, (label,))
    return ask(
        at.say("confirm.topic", ear=topics()[label]["ear"], eye=topics()[label]["eye"]),
        f"triage.confirm:{label}",
        "yes_no",
    )


def remember_unsure(at: Moment, labels: tuple[str, ...]) -> None:
    """What was said and offered: the choice makes it a labelled example."""
    if at.said:
        facts = at.talk.of(UnsureFacts)
        facts.words, facts.offered = mask(at.said)[:LONGEST_KEPT], labels


def unknown(at: Moment) -> Reply:
    """No topic yet: courtesy, chatter, the likeliest meanings, or once more in other words."""
    return _refused(at) or _courtesy(at) or _chatter(at) or _likeliest(at) or unclear(at)


def _refused(at: Moment) -> Reply | None:
    name, choice = at.talk.question.name, at.understood.choice
    if name == "triage.which" and choice == "none":
        at.talk.unclear = LAST_RUNG - 1
        return unclear(at)
    return ask(at.say("tell_me"), "open") if name == "triage.confirm" and choice == "no" else None


def _courtesy(at: Moment) -> Reply | None:
    intent = at.understood.intent
    if intent == "greet":
        return ask(at.say("tell_me"), "open")
    if intent in ("thanks", "solved"):
        return another(at, at.say("thanks"))
    return goodbye(at) if intent == "goodbye" else None


def _chatter(at: Moment) -> Reply | None:
    meant = at.understood
    if meant.confidence < CHATTER or meant.intent not in ("ward_other_service", "out_of_scope"):
        return None
    if meant.intent == "out_of_scope":
        # Chatter may as well be a trouble that was not understood: it is a rung of the ladder (P8).
        at.talk.unclear += 1
        if at.talk.unclear >= LAST_RUNG:
            return unclear(at)
    return another(at, at.say("other_service" if meant.intent == "ward_other_service" else "out_of_scope"))


def _likeliest(at: Moment) -> Reply | None:
    likely = tuple(
        label
        for label, p in at.understood.likeliest
        if label in topics() and not label.startswith("safety") and p >= OFFER
    )
    if len(likely) >= 2 and at.talk.question.name != "triage.which":
        remember_unsure(at, likely)
        return offer(at, likely)
    return confirm(at, likely[0]) if len(likely) == 1 else None
