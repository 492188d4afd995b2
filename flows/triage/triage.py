"""Finds out what it is about: which label begins a concern, which one replaces another."""

from typing import Any, ClassVar

from flows.booking.wish import is_new
from flows.guides.guidebook import guides
from flows.script.asking import EAR, another, ask, ear_length, goodbye
from flows.script.facts import Facts
from flows.script.flow import Begin, Flow, Heard
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import Reply
from flows.script.thresholds import ACT, CLEARLY, POOR_HEARING, SURE, SWITCH
from flows.triage.clarifying import UnsureFacts, confirm, unknown
from helpdesk.ward.topics import topics
from nlu.cues import heard

OWN = ("booking_check", "booking_change", "booking_cancel")
SAYS_NOTHING_NEW = ("book", "booking_check", "booking_change", "ask_schedule")
"""Beside a list of days 「予約する」 says nothing new."""


class TriageFacts(Facts):
    """What is not settled about the topic."""

    FLOW: ClassVar[str] = "triage"
    KEPT: ClassVar[frozenset[str]] = frozenset({"left"})
    LEFT: ClassVar[str] = "left"

    left: str | None = None
    """The concern that was left for another one: offered when that ends."""
    confirming: str | None = None
    """Heard badly: to be confirmed before it is taken up."""
    passing: bool = False
    """Taken up though not sure: named in passing, so that a wrong guess can be told at once."""
    wrong_guess: bool = False


def hear(at: Moment, facts: TriageFacts, question: Question) -> Heard:
    """The answer to what was asked back. The concern that it settles, or whether it was an answer."""
    choice = at.understood.choice
    if question.name == "triage.which":
        return _chosen(at, choice) if choice and choice != "none" else bool(choice)
    if question.name == "triage.waiting":
        left, facts.left = facts.left, None
        return Begin(left) if choice == "yes" and left else True
    if question.name == "triage.confirm":
        return _confirmed(at, question.about)
    return False


def _confirmed(at: Moment, topic: str) -> Heard:
    meant = at.understood
    if meant.choice == "yes":
        return _chosen(at, topic)
    agrees = meant.intent == topic or (meant.confidence < SURE and topic in [label for label, _ in meant.likeliest])
    if meant.choice is None and agrees:
        # Told in pieces (「写真が」「見つからないの」): the second fits the first.
        return Begin(topic, at.talk.of(UnsureFacts).words)
    return True


def _chosen(at: Moment, topic: str) -> Begin:
    """Asked back, the person told what was meant: that is a labelled example for staff to confirm."""
    facts = at.talk.of(UnsureFacts)
    words, offered = facts.words, list(facts.offered)
    facts.forget()
    if words:
        at.case.open(topic)  # the example belongs to the inquiry that it begins
        at.case.keep_example(words, offered, topic)
    return Begin(topic, words)


def notice(at: Moment, owner: Flow[Any] | None, taken: bool) -> Begin | None:
    """The concern that this turn names; ``taken``: its words answered what ``owner`` had asked."""
    facts, meant, question = at.talk.of(TriageFacts), at.understood, at.talk.question
    passing, facts.passing = facts.passing, False
    if taken and not (meant.intent.startswith("trouble_") and meant.confidence >= CLEARLY):
        facts.passing = passing
        return None
    if owner is not None and question.name in owner.beside_lists and meant.intent in SAYS_NOTHING_NEW:
        return None
    if at.said and meant.choice is None:
        if heard("own.offered", at.said):
            return Begin("booking_check")
        if meant.intent in OWN and is_new(at.said):
            return Begin("book")
    guessed = passing and owner is not None and question.name in owner.after_guesses
    if guessed and meant.intent == "deny" and meant.choice is None:
        at.case.withdraw_topic()
        at.talk.new_concern()
        facts.wrong_guess = True
        return None
    return _by_label(at, facts)


def _by_label(at: Moment, facts: TriageFacts) -> Begin | None:
    meant, talk = at.understood, at.talk
    from_menu = at.turn.heard == "tapped" and at.turn.tapped_ask is None
    if meant.choice is not None or (meant.engine == "rules" and not from_menu) or meant.intent not in topics():
        return None
    needed = ACT if talk.topic is None else SWITCH
    if talk.topic == meant.intent or meant.confidence < needed:
        return None
    hearing = at.turn.recogniser_confidence
    if hearing is not None and hearing < POOR_HEARING:
        facts.confirming = meant.intent
        return None
    facts.passing = meant.confidence < SURE
    return Begin(meant.intent)


def answer(at: Moment, facts: TriageFacts) -> Reply:
    """What to say while nothing is known to be talked about."""
    meant, question = at.understood, at.talk.question
    wrong, facts.wrong_guess = facts.wrong_guess, False
    if wrong:
        return ask(at.say("wrong_guess"), "open")
    if facts.confirming:
        label, facts.confirming = facts.confirming, None
        return confirm(at, label)
    if question.name == "triage.waiting":
        return another(at, at.say("anything_else"))
    if question.name == "else":
        if meant.choice == "no" or meant.intent in ("deny", "goodbye", "thanks"):
            return goodbye(at)
        if meant.choice == "yes" or meant.intent == "affirm":
            return ask(at.say("tell_me"), "open")
    return unknown(at)


def in_passing(at: Moment, reply: Reply) -> Reply:
    """What was understood is named before the first question, so that a wrong guess can be told at once."""
    facts, topic = at.talk.of(TriageFacts), at.talk.topic
    if not facts.passing or topic not in guides():
        return reply
    line = at.say("passing", ear=topics()[topic]["short"], eye=topics()[topic]["eye"])
    if not at.voice:
        return reply.with_(eye=(*line.eye, *reply.eye)) if reply.card is None else reply
    ear = (line.ear[0] + reply.ear[0], *reply.ear[1:])
    told = "、".join(
        at.label("keys.one", what=choice.ear or choice.label, key="3").eye for choice in reply.choices if choice.key
    )
    return reply.with_(ear=ear) if ear_length((*ear, at.label("keys.all", keys=told).eye)) <= EAR else reply


def offer_left(at: Moment, reply: Reply) -> Reply:
    """Where "anything else?" would be asked, the concern that was left for another one is offered instead."""
    left = at.talk.of(TriageFacts).left
    if reply.ask != "else" or left not in topics() or at.talk.topic:
        return reply
    line = at.say("waiting", ear=topics()[left]["ear"], eye=topics()[left]["eye"])
    offered = ask(line, "triage.waiting", "yes_no")
    if len(reply.ear) > 1:
        before = at.saying(reply.ear[:-1][-1:], reply.eye[:-1])
        offered = ask(line, "triage.waiting", "yes_no", first=before)
    return offered.with_(card=reply.card)


TRIAGE = Flow(
    name="triage", facts=TriageFacts, answer=answer, hear=hear,
    asks=frozenset({"open", "else", "triage.which", "triage.waiting", "triage.confirm"}),
)  # fmt: skip
