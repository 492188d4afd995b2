"""What the ward has to tell everybody today (``ward_notice.today``, written anew in the ward's own lines)."""

from typing import ClassVar

from flows.script.asking import ask, conclude
from flows.script.facts import Facts
from flows.script.flow import Flow, Switch
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import Reply
from flows.steering.handover import hand_over
from nlu.cues import heard

TOPIC = "ward_notice"


class NoticeFacts(Facts):
    """Whether a person is wanted about it."""

    FLOW: ClassVar[str] = "ward_notice"

    person: bool | None = None


def correct(at: Moment, _facts: NoticeFacts) -> Switch | None:
    """Asked for in words, while nothing else is talked about."""
    if at.talk.topic is not None or not at.said or not heard("ward_notice.asked", at.said):
        return None
    at.case.open(TOPIC)
    return Switch(TOPIC)


def hear(at: Moment, facts: NoticeFacts, _question: Question) -> bool:
    """Whether somebody is to be talked to."""
    if at.understood.choice not in ("yes", "no"):
        return False
    facts.person = at.understood.choice == "yes"
    return True


def answer(at: Moment, facts: NoticeFacts) -> Reply:
    """The notice, then a person for who wants one."""
    if facts.person:
        return hand_over(at)
    if facts.person is False:
        return conclude(at, at.say("anything_else"), "guided")
    return ask(at.say("ward_notice.today"), "ward_notice.person", "yes_no")


WARD_NOTICE = Flow(
    name="ward_notice", facts=NoticeFacts, answer=answer, hear=hear, correct=correct, topics=frozenset({TOPIC}),
    asks=frozenset({"ward_notice.person"}),
)  # fmt: skip
