"""A sign of fraud, loss or emergency goes before everything, in the same turn (S1, S2)."""

from typing import ClassVar, Literal

from flows.script.asking import ask, conclude
from flows.script.facts import Facts
from flows.script.flow import Flow
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import CallButton, Reply
from flows.steering.handover import hand_over
from nlu.cues import heard

LABELS = ("safety_scam", "safety_lost_phone", "safety_emergency")
YesNo = Literal["yes", "no"]
Kind = Literal["crime", "despair", "contract"]
KINDS: dict[str, tuple[Kind, ...]] = {"safety_emergency": ("despair", "crime"), "safety_scam": ("contract",)}
"""Kinds with an answer of their own, by their label; the first whose words are heard counts."""
EMERGENCY = {"emergency": ("119", "110"), "crime": ("110",), "despair": ("0120279338",)}
"""Whom to call at once."""


class SafetyFacts(Facts):
    """What was told about the danger."""

    FLOW: ClassVar[str] = "safety"

    label: str | None = None
    """The sign that was answered last."""
    kind: Kind | None = None
    """What it is within its label, where that has an answer of its own."""
    paid: YesNo | None = None
    home: YesNo | None = None
    person: YesNo | None = None


def danger(at: Moment) -> bool:
    """Whether the text shows a sign that was not answered yet. Then it is what the talk is about."""
    facts, label = at.talk.of(SafetyFacts), at.understood.safety
    if label is None or facts.label == label:
        return False
    at.case.flag(label)
    at.talk.silent = at.talk.unclear = 0
    facts.label, facts.paid, facts.home, facts.person = label, None, None, None
    facts.kind = next((kind for kind in KINDS.get(label, ()) if heard(f"safety.{kind}", at.turn.text)), None)
    at.talk.topic = label
    return True


def hear(at: Moment, facts: SafetyFacts, question: Question) -> bool:
    """The answer that decides the advice, or whether a person is wanted."""
    meant = at.understood
    told: YesNo | None = "yes" if meant.choice == "yes" else "no" if meant.choice == "no" else None
    if told is None and meant.intent == "dont_know":
        # Money may be gone, the phone may be outside: the answer that protects more.
        told = {"safety.paid": "yes", "safety.home": "no"}.get(question.name)  # type: ignore[assignment]
    if told is None:
        return False
    setattr(facts, question.name.removeprefix("safety."), told)
    return True


def answer(at: Moment, facts: SafetyFacts) -> Reply:
    """Ask for what decides the advice, give it, then offer a person."""
    if facts.person == "yes":
        return hand_over(at)
    if facts.person == "no":
        return conclude(at, at.say("despair.here" if facts.kind == "despair" else "anything_else"), "safety")
    if facts.label == "safety_emergency":
        line = facts.kind or "emergency"
        return ask(at.say(line), "safety.person", "yes_no").with_(calls=_calls(at, *EMERGENCY[line]))
    if facts.label == "safety_scam":
        return _scam(at, facts)
    if facts.home is None:
        return ask(at.say("lost"), "safety.home", "yes_no")
    return ask(at.say("lost.home" if facts.home == "yes" else "lost.outside"), "safety.person", "yes_no")


def _scam(at: Moment, facts: SafetyFacts) -> Reply:
    if facts.kind == "contract":
        line = "contract" if facts.paid is None else "contract.paid" if facts.paid == "yes" else "contract.not_paid"
        asks = "safety.paid" if facts.paid is None else "safety.person"
        return ask(at.say(line), asks, "yes_no").with_(calls=_calls(at, "188"))
    if facts.paid is None:
        return ask(at.say("scam"), "safety.paid", "yes_no").with_(calls=_calls(at, "#9110"))
    if facts.paid == "yes":
        return ask(at.say("scam.paid"), "safety.person", "yes_no").with_(calls=_calls(at, "110"))
    return ask(at.say("scam.not_paid"), "safety.person", "yes_no").with_(calls=_calls(at, "#9110", "188"))


def _calls(at: Moment, *numbers: str) -> tuple[CallButton, ...]:
    return tuple(CallButton(label=at.label(f"call.{number}").eye, number=number) for number in numbers)


def summary(at: Moment, facts: SafetyFacts) -> str:
    """What staff must know at once."""
    return at.label("summary.paid").eye if facts.paid == "yes" else ""


SAFETY = Flow(
    name="safety", facts=SafetyFacts, answer=answer, hear=hear, summary=summary, topics=frozenset(LABELS),
    asks=frozenset({"safety.paid", "safety.home", "safety.person"}),
)  # fmt: skip
