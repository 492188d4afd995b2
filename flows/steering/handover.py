"""A person: put through inside opening hours, otherwise a call-back whose number is read back."""

from datetime import date, datetime
from typing import ClassVar, Literal

from flows.script.asking import another, ask
from flows.script.dates import day
from flows.script.flow import Flow
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import CallButton, Reply
from flows.script.wording import Saying
from flows.steering.numbers import NumberFacts, digits_said, note_trouble, number_told, once_more
from helpdesk.callbacks.due import callback_due
from helpdesk.telephone import may_be_called, national, spoken
from helpdesk.ward.topics import topics
from nlu.time_words import TimeWords, time_words

TRIES = 2
"""After so many numbers that cannot be rung the caller is asked no more."""
SHORTEST = 4
"""From so many digits on words are an attempt to say a number."""


class HandoverFacts(NumberFacts):
    """What a person or a call-back needs."""

    FLOW: ClassVar[str] = "handover"

    wanted: bool = False
    """A person is wanted, or needed."""
    dialled: str | None = None
    """How the attempt to put the caller through ended."""
    number: str | None = None
    """Where to ring (E.164), confirmed."""
    rings_here: Literal["yes", "no"] | None = None
    """Whether the number that calls now is the one."""
    wish: Literal["am", "pm", "any"] | None = None
    wish_day: date | None = None
    seat: bool = False
    """Staff confirm a wish for a seat: it is no booking yet."""


def spoken_day(at: Moment, due: datetime, wish: str) -> str:
    """「11月25日水曜日の午前」: a date with its weekday (P10)."""
    return at.label("part.of_day", day=day(due), part=at.label(f"part.{wish}").eye).eye


def whisper(at: Moment) -> str:
    """One sentence for the member of staff who picks up."""
    inquiry = at.case.current() or at.case.latest()
    topic = topics().get(inquiry.topic or "", {}).get("ear") if inquiry else None
    before = at.case.inquiries_before()
    known = at.label("whisper.known", count=str(before)).eye if before else ""
    return at.label("whisper", known=known, topic=topic or at.label("whisper.unknown").eye).eye


def hand_over(at: Moment, first: Saying | None = None) -> Reply:
    """Start the way to a person (P12)."""
    facts = at.talk.of(HandoverFacts)
    at.case.open(at.talk.topic)
    facts.wanted = True
    if at.can_transfer and facts.dialled is None:
        at.case.settle("handed_over", close=False)
        line, transfer = first or at.say("transfer"), at.say("transfer")
        ear = (line.ear + transfer.ear)[-1:] if first else line.ear
        return Reply(ear=ear, eye=line.eye, then="transfer", whisper=whisper(at))
    return call_back(at, first)


def call_back(at: Moment, first: Saying | None = None) -> Reply:
    """Ask for what the call-back lacks, in order: number, part of the day; then promise it."""
    facts = at.talk.of(HandoverFacts)
    facts.wanted = True
    number = facts.number or (_rings(at) if facts.rings_here == "yes" else None)
    if number is None:
        return _ask_number(at, facts, first)
    if facts.wish is None:
        return ask(at.say("wish"), "handover.wish", "choice", first=first)
    return _promise(at, facts, number, facts.wish)


def _rings(at: Moment) -> str | None:
    """The number that calls now, when staff can ring it."""
    return at.turn.address if at.voice and at.turn.address is not None and may_be_called(at.turn.address) else None


def _ask_number(at: Moment, facts: HandoverFacts, first: Saying | None) -> Reply:
    """This number, the one that was told, or another one; never the same question in the same words."""
    rings, seat = _rings(at), ".seat" if facts.seat else ""
    if facts.told:
        line = at.say("number.told", number=spoken(facts.told))
        return ask(line, "handover.told", "yes_no", first=first).with_(calls=_desk_call(at))
    if rings is not None and facts.rings_here != "no" and not facts.tries:
        line = at.say(f"number.confirm{seat}", number=spoken(rings))
        return ask(line, "handover.caller_number", "yes_no", first=first).with_(calls=_desk_call(at))
    if facts.tries >= TRIES:
        return _without_number(at)
    line = once_more(at, facts) if facts.tries else at.say(f"number.ask{seat}")
    return ask(line, "handover.number", "digits", first=first).with_(calls=_desk_call(at))


def _without_number(at: Moment) -> Reply:
    """Nobody can be rung: said so. Whose record is known is still shown to staff."""
    if at.case.resident is not None:
        at.case.owe_call(None, "any", callback_due(at.ward.hours, at.now, "any"))
    at.case.settle("callback" if at.case.resident is not None else "abandoned")
    at.talk.new_concern()
    line = at.say("no_number")
    return Reply(ear=line.ear, eye=line.eye, ask="open", calls=_desk_call(at), then="hang_up" if at.voice else "listen")


def _promise(at: Moment, facts: HandoverFacts, number: str, wish: str) -> Reply:
    due = callback_due(at.ward.hours, at.now, wish, facts.wish_day)
    callback = at.case.owe_call(number, wish, due)
    when = spoken_day(at, due, wish)
    texted = None
    if at.voice:
        body = at.say("promise.sms", when=when).eye[0]
        texted = at.case.text(f"callback:{callback.inquiry_id}:{due:%Y%m%d%H}", number, body)
    at.case.settle("callback")
    at.talk.new_concern()
    # P14: a mobile phone gets it in writing; on a landline, and where no SMS may go (yet), it is said twice.
    return another(at, at.say("promise" if texted == "sent" or not at.voice else "promise.twice", when=when))


def hear(at: Moment, facts: HandoverFacts, question: Question) -> bool:
    """What the person answered to one of this flow's questions becomes a fact."""
    choice = at.understood.choice
    if question.name == "handover.wish":
        return _hear_wish(at, facts)
    if question.name == "handover.caller_number" and choice in ("yes", "no"):
        facts.rings_here = "yes" if choice == "yes" else "no"
        return True
    if question.name == "handover.told" and choice in ("yes", "no"):
        if choice == "yes":
            facts.number = facts.told
        else:
            facts.rings_here = "no"
            note_trouble(facts, None)
        facts.told = None
        return True
    return _hear_number(at, facts, question)


def _hear_wish(at: Moment, facts: HandoverFacts) -> bool:
    meant = at.understood
    said = time_words(at.said, at.now) if at.said else TimeWords()
    days = [one for one in (said.day, *said.days) if one is not None and one >= at.now.date()]
    if days:
        facts.wish_day = days[0]
    if said.part or days:
        facts.wish = "am" if said.part == "am" else "pm" if said.part == "pm" else "any"
        return True
    told = meant.choice or ("any" if meant.intent in ("dont_know", "affirm") else None)
    if told not in ("am", "pm", "any"):
        return False
    facts.wish = told  # type: ignore[assignment]
    return True


def _hear_number(at: Moment, facts: HandoverFacts, question: Question) -> bool:
    """A number that was said or keyed: read back on the telephone, refused kindly when nobody can ring it."""
    digits = at.understood.digits or (digits_said(at.said) if at.said else "")
    if len(digits) < SHORTEST:
        if question.name == "handover.number":
            note_trouble(facts, None)
            return True
        return False
    number, trouble = number_told(digits)
    if number is None:
        note_trouble(facts, trouble, digits)
    else:
        facts.trouble = None
        if at.voice:
            facts.told = number
        else:
            facts.number = number
    return True


def solved_meanwhile(at: Moment, question: Question) -> bool:
    """While a call-back was agreed upon, it turned out to be over."""
    return question.name in HANDOVER.asks and at.understood.intent == "solved"


def owe_silently(at: Moment) -> datetime | None:
    """A caller who wanted a person and is gone is called back when the number is known. By when, or None."""
    facts = at.talk.of(HandoverFacts)
    number = facts.number or facts.told or _rings(at)
    if number is None:
        return None
    due = callback_due(at.ward.hours, at.now, "any")
    at.case.open(at.talk.topic)
    at.case.owe_call(number, "any", due)
    at.case.settle("callback")
    return due


def promise_without_answer(at: Moment) -> Reply:
    """Nothing more can be asked: who can be called back is, and is told so."""
    due = owe_silently(at)
    line = at.say("noted", when=spoken_day(at, due, "any")) if due else at.say("no_number")
    at.talk.new_concern()
    return Reply(ear=line.ear, eye=line.eye, ask="open", then="hang_up" if at.voice else "listen")


def _desk_call(at: Moment) -> tuple[CallButton, ...]:
    phone = at.deployment.helpdesk_phone
    if not phone or at.voice:
        return ()
    return (CallButton(label=at.label("call.desk", number=national(phone)).eye[:20], number=phone),)


def answer(at: Moment, facts: HandoverFacts) -> Reply:
    """On the way to a call-back it goes on; otherwise a person is put on the line."""
    return call_back(at) if at.talk.question.name in HANDOVER.asks or facts.dialled else hand_over(at)


def summary(at: Moment, facts: HandoverFacts) -> str:
    """That a person is wanted."""
    return at.label("summary.person").eye if facts.wanted else ""


HANDOVER = Flow(
    name="handover", facts=HandoverFacts, answer=answer, hear=hear, summary=summary,
    asks=frozenset({"handover.number", "handover.caller_number", "handover.told", "handover.wish"}),
)  # fmt: skip
