"""A person: put through inside opening hours, otherwise a call-back whose number is read back."""

from datetime import date, datetime

from flows.desk import Moment, another, ask
from flows.guidebook import OPTION_KEYS
from flows.replies import CallButton, Choice, Reply, yes_no
from flows.sessions import day
from flows.wording import Line, say, topics
from helpdesk.hours import callback_due
from helpdesk.telephone import is_mobile, national, spoken, to_e164
from nlu.time_words import TimeWords, time_words

WISHES = (
    Choice(id="am", label="午前", key=OPTION_KEYS[0], ear="午前", words=("午前", "ごぜん", "朝", "午前中"), intent=None),
    Choice(id="pm", label="午後", key=OPTION_KEYS[1], ear="午後", words=("午後", "ごご", "昼", "夕方")),
    Choice(id="any", label="いつでも", key=OPTION_KEYS[2], ear="いつでも", words=("いつでも", "どちらでも", "どっちでも", "なんでも")),
)


def spoken_day(due: datetime, wish: str) -> str:
    """「11月25日水曜日の午前」: a date with its weekday (P10)."""
    part = {"am": "午前", "pm": "午後"}.get(wish, "17時まで")
    return f"{day(due)}の{part}"


def whisper(at: Moment) -> str:
    """One sentence for the member of staff who picks up."""
    inquiry = at.case.current() or at.case.latest()
    topic = topics().get(inquiry.topic or "", {}).get("ear") if inquiry else None
    before = at.case.inquiries_before()
    known = f"以前のご相談が{before}件あるかたで、" if before else ""
    return f"{known}{topic or 'まだ内容の分からないこと'}でお困りです。"


def hand_over(at: Moment, first: Line | None = None) -> Reply:
    """Start the way to a person (P12)."""
    at.case.open(at.talk.facts.get("topic"))
    at.talk.tell("person", "wanted")
    if at.can_transfer and at.talk.facts.get("dialled") is None:
        at.case.settle("handed_over", close=False)
        line = first or say("transfer")
        return Reply(ear=(line.ear + say("transfer").ear)[-1:] if first else line.ear, eye=line.eye, then="transfer", whisper=whisper(at))
    return call_back(at, first)


def call_back(at: Moment, first: Line | None = None) -> Reply:
    """Ask for what the call-back lacks, in order: number, part of the day; then promise it."""
    facts = at.talk.facts
    number = facts.get("number")
    if number is None and at.voice and at.turn.address and facts.get("caller_number") != "no":
        if facts.get("caller_number") == "yes":
            number = at.turn.address
        else:
            line = say("number.confirm", number=spoken(at.turn.address))
            return ask(line, "handover.caller_number", "yes_no", yes_no(), first).with_(calls=_desk_call(at))
    if number is None:
        if facts.get("number_tries", 0) >= 2:
            at.case.owe_call(None, "any", callback_due(at.now, "any"))
            at.case.settle("callback")
            at.talk.new_concern()
            line = say("no_number")
            return Reply(ear=line.ear, eye=line.eye, ask="open", calls=_desk_call(at), then="hang_up" if at.voice else "listen")
        name = "number.again" if facts.get("number_tries") else "number.ask"
        return ask(say(name), "handover.number", "digits", (), first).with_(calls=_desk_call(at))
    wish = facts.get("wish")
    if wish is None:
        return ask(say("wish"), "handover.wish", "choice", WISHES, first)
    due = callback_due(at.now, wish, date.fromisoformat(facts["wish_day"]) if facts.get("wish_day") else None)
    callback = at.case.owe_call(number, wish, due)
    when = spoken_day(due, wish)
    by_sms = at.voice and is_mobile(number)
    if by_sms:
        body = say("promise.sms", when=when).eye[0]
        at.case.send(f"callback:{callback.inquiry_id}:{due:%Y%m%d%H}", "sms", number, {"body": body})
    at.case.settle("callback")
    at.talk.new_concern()
    # P14: a mobile phone gets it in writing, on a landline it is said twice.
    line = say("promise" if by_sms or not at.voice else "promise.twice", when=when)
    return another(line)


def take(at: Moment) -> None:
    """What the person answered to one of this flow's questions becomes a fact."""
    meant, talk = at.understood, at.talk
    if talk.ask == "handover.caller_number" and meant.choice in ("yes", "no"):
        talk.tell("caller_number", meant.choice)
    if talk.ask in ("handover.number", "handover.caller_number") and meant.digits:
        number = to_e164(meant.digits)
        if number is not None and len(meant.digits) in (10, 11):
            talk.tell("number", number)
        else:
            talk.tell("number_tries", talk.facts.get("number_tries", 0) + 1)
    elif talk.ask == "handover.number":
        talk.tell("number_tries", talk.facts.get("number_tries", 0) + 1)
    if talk.ask == "handover.wish":
        said = time_words(at.turn.text, at.now) if at.turn.heard == "said" else TimeWords()
        wished = said.day or (said.days[0] if said.days else None)
        if wished is not None:
            talk.tell("wish_day", wished.isoformat())
        if said.part or wished is not None:
            talk.tell("wish", said.part or "any")
            at.heard_facts = True
            return
        talk.tell("wish", meant.choice or ("any" if meant.intent in ("dont_know", "affirm") else None))


def owe_silently(at: Moment) -> datetime | None:
    """A caller who wanted a person and is gone is called back when the number is known. By when, or None."""
    number = at.talk.facts.get("number") or (at.turn.address if at.voice else None)
    if number is None:
        return None
    due = callback_due(at.now, "any")
    at.case.open(at.talk.facts.get("topic"))
    at.case.owe_call(number, "any", due)
    at.case.settle("callback")
    return due


def _desk_call(at: Moment) -> tuple[CallButton, ...]:
    phone = at.place.helpdesk_phone
    return (CallButton(label=f"電話する {national(phone)}"[:20], number=phone),) if phone and not at.voice else ()
