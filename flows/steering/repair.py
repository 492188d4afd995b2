"""Tried before every flow: a person, again, slower, back, start over, silence, not understood."""

from flows.learning.hearing import told_in
from flows.script.asking import EAR, ask, ear_length
from flows.script.moment import Moment
from flows.script.replies import OPTION_KEYS, Choice, Reply
from flows.script.turns import PICTURES_AND_SUCH
from flows.script.wording import say, topics
from flows.steering.handover import call_back, hand_over, owe_silently, spoken_day

LAST_RUNG = 3
AT_STAKE = ("booking.", "path.", "handover.")
"""Questions on which a place or a call-back hangs: a good-bye there is asked about."""
SURE = 0.5
"""From this confidence on words steer the talk away from what it is about."""


def repair(at: Moment) -> Reply | None:
    """The answer when the turn steers the talk rather than tells something; None otherwise."""
    meant, talk = at.understood, at.talk
    if at.turn.heard == "silent":
        return silence(at)
    if at.turn.heard in PICTURES_AND_SUCH:
        line = say("sticker" if at.turn.heard == "sticker" else "picture")
        last = talk.last_reply
        return last.with_(eye=(*line.eye, *last.eye[-1:]), card=None) if last else ask(say("again.shorter"), "open", first=line)
    asked_to_stop = talk.facts.pop("leaving", None) == talk.ask
    if meant.choice is not None:
        return None
    if talk.ask.startswith("path.ask:") and meant.engine != "rules" and told_in(at.turn.text, talk.ask.partition(":")[2]):
        return None  # 「孫と話したい」 is what she would like to do, not a wish for a person
    if meant.intent == "handoff_human":
        return hand_over(at)
    if meant.intent == "callback_request" and meant.confidence >= SURE:
        at.case.open(talk.facts.get("topic"))
        talk.tell("person", "wanted")
        return call_back(at)
    if meant.intent == "complaint" and meant.confidence >= SURE:
        return hand_over(at, say("complaint"))
    if meant.intent == "goodbye" and meant.confidence >= SURE:
        if at.voice and not asked_to_stop and _waits_for_answer(at):
            return _really_stop(at)
        at.case.settle("abandoned")
        talk.new_concern()
        line = say("goodbye")
        return Reply(ear=line.ear, eye=line.eye, ask="open", then="hang_up" if at.voice else "listen")
    if meant.intent == "thanks" and talk.facts.get("topic") and talk.last_reply is not None:
        last = talk.last_reply
        return last.with_(ear=(*say("thanks.only").ear, *last.ear[-1:]), eye=(*say("thanks.only").eye, *last.eye[-1:]), card=None, announce_keys=True)
    if meant.intent == "speak_slower":
        talk.slow = True
        if at.case.resident is not None:
            at.case.resident.speaks_slowly = True
        return _again(at)
    if meant.intent == "repeat":
        return _again(at)
    if meant.intent == "start_over":
        talk.new_concern()
        talk.tell("waiting", None)
        at.case.settle("abandoned")
        return ask(say("tell_me"), "open")
    return None


def _waits_for_answer(at: Moment) -> bool:
    """A question is open that something hangs on. Recognisers invent good-byes from silence: one alone ends no call then."""
    return at.talk.last_reply is not None and at.talk.ask.startswith(AT_STAKE)


def _really_stop(at: Moment) -> Reply:
    """Whether to stop is put to the caller, and the question is asked once more with its keys."""
    talk, last = at.talk, at.talk.last_reply
    assert last is not None
    talk.facts["leaving"] = talk.ask
    line = say("goodbye.sure")
    ear = (*line.ear, *last.ear[-1:])
    if ear_length(ear) > EAR:
        ear = (*say("goodbye.sure.short").ear, *last.ear[-1:])
    return last.with_(ear=ear, announce_keys=True)


def _again(at: Moment) -> Reply:
    last = at.talk.last_reply
    return last.with_(announce_keys=True) if last else ask(say("tell_me"), "open")


def silence(at: Moment) -> Reply:
    """P7: a shorter repeat, then keys only, then a person or a call-back; never more than three rungs."""
    talk = at.talk
    talk.silent += 1
    last = talk.last_reply
    if talk.silent < LAST_RUNG and last is not None and last.choices:
        return last.with_(ear=last.ear[-1:], announce_keys=True, keys_only=talk.silent == 2)
    if talk.silent == 1:
        return last.with_(ear=last.ear[-1:]) if last is not None else ask(say("again.shorter"), "open")
    if talk.silent == 2:
        return ask(say("silence.keys"), last.ask if last else "open", last.listening if last else "open").with_(keys_only=True)
    if at.can_transfer and not talk.facts.get("dialled"):
        return hand_over(at)
    return _promise_without_answer(at)


def _promise_without_answer(at: Moment) -> Reply:
    """Nothing more can be asked: who can be called back is, and is told so."""
    due = owe_silently(at)
    line = say("noted", when=spoken_day(due, "any")) if due else say("no_number")
    at.talk.new_concern()
    return Reply(ear=line.ear, eye=line.eye, ask="open", then="hang_up" if at.voice else "listen")


def unclear(at: Moment) -> Reply:
    """P8: three rungs, each worded differently, never blaming the caller; the third hands over."""
    talk = at.talk
    talk.unclear += 1
    last = talk.last_reply
    if talk.unclear >= LAST_RUNG and talk.ask.startswith("handover."):
        return _promise_without_answer(at)
    if talk.unclear >= LAST_RUNG:
        return hand_over(at, say("guide.over"))
    if last is not None and last.choices:
        first = say("unclear.choice") if talk.unclear == 1 else say("unclear.second")
        ear = (first.ear[0], last.ear[-1]) if ear_length((first.ear[0], last.ear[-1])) <= EAR else last.ear[-1:]
        return last.with_(ear=ear, eye=(first.eye[0], last.eye[-1]), card=None, announce_keys=True)
    if talk.unclear == 2:
        return offer(at, ("trouble_network", "trouble_sound", "trouble_display"))
    return ask(say("unclear.first"), "open")


def offer(at: Moment, labels: tuple[str, ...]) -> Reply:
    """The likeliest meanings in plain words, and none of them."""
    choices = [
        Choice(id=label, label=topics()[label]["eye"], key=key, ear=topics()[label]["short"],
               words=(topics()[label]["ear"], topics()[label]["eye"], topics()[label]["short"]), intent=label)
        for label, key in zip(labels[:3], OPTION_KEYS, strict=False)
    ]  # fmt: skip
    choices.append(Choice(id="none", label="どれでもない", key=OPTION_KEYS[len(choices)], ear="ほかのこと", words=("ほか", "どれでもない", "違う", "その他")))
    return ask(say("which"), "triage.which", "choice", tuple(choices))
