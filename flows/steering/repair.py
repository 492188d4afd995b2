"""Tried before every flow: a person, again, slower, start over, thanks, goodbye, silence; pictures."""

from collections.abc import Callable
from typing import ClassVar

from flows.script.asking import EAR, ask, ear_length, goodbye
from flows.script.facts import Facts
from flows.script.moment import Moment
from flows.script.replies import Reply
from flows.script.turns import PICTURES_AND_SUCH
from flows.steering.handover import HandoverFacts, call_back, hand_over, promise_without_answer

LAST_RUNG = 3
SURE = 0.5
"""From this confidence on words steer the talk away from what it is about."""


class RepairFacts(Facts):
    """Where steering the talk stands."""

    FLOW: ClassVar[str] = "repair"

    leaving: str | None = None
    """The question at which the caller was asked whether to stop."""


def repair(at: Moment, at_stake: bool) -> Reply | None:
    """The answer when the turn steers the talk rather than tells something; None otherwise.

    ``at_stake``: a place or a call-back hangs on the open question, a good-bye there is asked about.
    """
    if at.turn.heard == "silent":
        return silence(at)
    if at.turn.heard in PICTURES_AND_SUCH:
        return _picture(at)
    facts, meant = at.talk.of(RepairFacts), at.understood
    asked_to_stop, facts.leaving = facts.leaving == at.talk.ask, None
    if meant.choice is not None:
        return None
    if meant.intent == "goodbye" and meant.confidence >= SURE:
        return _goodbye(at, at_stake and not asked_to_stop)
    steer, sure = _STEERS.get(meant.intent, (None, 0.0))
    return steer(at) if steer is not None and meant.confidence >= sure else None


def _picture(at: Moment) -> Reply:
    line, last = at.say("sticker" if at.turn.heard == "sticker" else "picture"), at.talk.last_reply
    if last is None:
        return ask(at.say("again.shorter"), "open", first=line)
    return last.with_(eye=(*line.eye, *last.eye[-1:]), card=None)


def _call_back(at: Moment) -> Reply:
    at.case.open(at.talk.topic)
    return call_back(at)


def _complaint(at: Moment) -> Reply:
    return hand_over(at, at.say("complaint"))


def _goodbye(at: Moment, asked_about: bool) -> Reply:
    if at.voice and asked_about and at.talk.last_reply is not None:
        return _really_stop(at, at.talk.last_reply)
    at.case.settle("abandoned")
    at.talk.new_concern()
    return goodbye(at)


def _really_stop(at: Moment, last: Reply) -> Reply:
    """Whether to stop is put to the caller, the question asked again: recognisers invent good-byes from silence."""
    at.talk.of(RepairFacts).leaving = at.talk.ask
    ear = (*at.say("goodbye.sure").ear, *last.ear[-1:])
    if ear_length(ear) > EAR:
        ear = (*at.say("goodbye.sure.short").ear, *last.ear[-1:])
    return last.with_(ear=ear, announce_keys=True)


def _thanks(at: Moment) -> Reply | None:
    last = at.talk.last_reply
    if at.talk.topic is None or last is None:
        return None
    line = at.say("thanks.only")
    return last.with_(ear=(*line.ear, *last.ear[-1:]), eye=(*line.eye, *last.eye[-1:]), card=None, announce_keys=True)


def _slower(at: Moment) -> Reply:
    at.talk.slow = True
    at.case.speak_slowly()
    return _again(at)


def _again(at: Moment) -> Reply:
    last = at.talk.last_reply
    return last.with_(announce_keys=True) if last else ask(at.say("tell_me"), "open")


def _start_over(at: Moment) -> Reply:
    at.talk.start_over()
    at.case.settle("abandoned")
    return ask(at.say("tell_me"), "open")


_STEERS: dict[str, tuple[Callable[[Moment], Reply | None], float]] = {
    "handoff_human": (hand_over, 0.0), "callback_request": (_call_back, SURE),
    "complaint": (_complaint, SURE), "thanks": (_thanks, 0.0),
    "speak_slower": (_slower, 0.0), "repeat": (_again, 0.0), "start_over": (_start_over, 0.0),
}  # fmt: skip


def silence(at: Moment) -> Reply:
    """P7: a shorter repeat, then keys only, then a person or a call-back; never more than three rungs."""
    talk = at.talk
    talk.silent += 1
    last = talk.last_reply
    if talk.silent < LAST_RUNG and last is not None and last.choices:
        return last.with_(ear=last.ear[-1:], announce_keys=True, keys_only=talk.silent == 2)
    if talk.silent == 1:
        return last.with_(ear=last.ear[-1:]) if last is not None else ask(at.say("again.shorter"), "open")
    if talk.silent == 2:
        line = at.say("silence.keys")
        return ask(line, last.ask if last else "open", last.listening if last else "open").with_(keys_only=True)
    if at.can_transfer and not talk.of(HandoverFacts).dialled:
        return hand_over(at)
    return promise_without_answer(at)
