"""What is answered from data at once, and honestly handed to a person where nothing is known."""

from typing import ClassVar

from flows.booking.wish import BookingFacts
from flows.booking.wish import hear as hear_wish
from flows.script.asking import ask, conclude
from flows.script.facts import Facts
from flows.script.flow import Flow, Heard, Switch
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import Reply
from flows.steering.handover import hand_over
from flows.triage import about_place
from helpdesk.ward.topics import topics
from nlu.cues import heard

KINDS_ASKED = {"ask_class": "class", "ask_consultation": "consultation", "ask_event": "event"}
"""Labels that ask about one kind of session."""
WITH_PERSON = ("ask_venue", "ask_conditions")


class AnswerFacts(Facts):
    """What was said to the offer behind an answer."""

    FLOW: ClassVar[str] = "answers"

    person: str | None = None
    next: str | None = None


def hear(at: Moment, facts: AnswerFacts, question: Question) -> Heard:
    """Yes or no to a person, or to the next days; or at once what they are to be."""
    choice = at.understood.choice
    if question.name == "answer.person":
        facts.person = choice if choice in ("yes", "no") else None
        return facts.person is not None
    if choice == "no":
        facts.next = "no"
        return True
    wish = at.talk.of(BookingFacts)
    tells = bool(at.said) and (hear_wish(at, wish, at.said) or (choice is None and heard("answer.dates", at.said)))
    if choice != "yes" and not tells:
        return False
    return Switch("book", BookingFacts(kind=wish.kind or KINDS_ASKED[str(at.talk.topic)]))


def answer(at: Moment, facts: AnswerFacts) -> Reply | Switch:
    """By the topic."""
    topic = str(at.talk.topic)
    if facts.person == "yes":
        return hand_over(at)
    if "no" in (facts.person, facts.next):
        return conclude(at, at.say("anything_else"), "guided")
    if topic in KINDS_ASKED:
        return ask(at.say(topic), "answer.next", "yes_no")
    found = _from_data(at, topic)
    if found is not None:
        return found
    if topic in WITH_PERSON:
        return ask(at.say(topic), "answer.person", "yes_no")
    return hand_over(at, at.say("honest", ear=topics()[topic]["ear"], eye=topics()[topic]["eye"]))


def _from_data(at: Moment, topic: str) -> Reply | None:
    if topic == "ask_venue":
        return about_place.way(at)
    if topic == "ask_conditions":
        return about_place.step_free(at) or about_place.bring(at)
    if topic == "ask_helpdesk":
        at.case.settle("guided")
        at.talk.new_concern()
        return ask(at.say("ask_helpdesk"), "open")
    return None


ANSWERS = Flow(
    name="answers", facts=AnswerFacts, answer=answer, hear=hear, asks=frozenset({"answer.person", "answer.next"}),
    topics=frozenset({*KINDS_ASKED, *WITH_PERSON, "ask_helpdesk", "purchase_contract"}),
)  # fmt: skip
