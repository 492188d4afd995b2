"""A person: put through inside opening hours, otherwise a call-back whose number is read back."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from flows.script.asking import another, ask
from flows.script.dates import day
from flows.script.moment import Moment
from flows.script.replies import OPTION_KEYS, CallButton, Choice, Reply, yes_no
from flows.script.wording import Line, say, topics
from helpdesk.callbacks.due import callback_due
from helpdesk.telephone import lacks, may_be_called, national, spoken, to_e164
from nlu.digits import digits_in
from nlu.time_words import TimeWords, time_words

WISHES = (
    Choice(id="am", label="午前", key=OPTION_KEYS[0], ear="午前", words=("午前", "ごぜん", "朝", "午前中"), intent=None),
    Choice(id="pm", label="午後", key=OPTION_KEYS[1], ear="午後", words=("午後", "ごご", "昼", "夕方")),
    Choice(id="any", label="いつでも", key=OPTION_KEYS[2], ear="いつでも", words=("いつでも", "どちらでも", "どっちでも", "なんでも")),
)
TRIES = 2
"""After so many numbers that cannot be rung the caller is asked no more."""
_WRITTEN = re.compile(r"0[0-9]{1,4}[-－ー ]?[0-9]{1,4}[-－ー ]?[0-9]{3,4}(?![0-9])")
SHORTEST = 4
"""From so many digits on words are an attempt to say a number."""


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
    number = facts.get("number") or (_rings(at) if facts.get("caller_number") == "yes" else None)
    if number is None:
        return _ask_number(at, first)
    wish = facts.get("wish")
    if wish is None:
        return ask(say("wish"), "handover.wish", "choice", WISHES, first)
    return _promise(at, number, wish)


def _rings(at: Moment) -> str | None:
    """The number that calls now, when staff can ring it."""
    return at.turn.address if at.voice and at.turn.address is not None and may_be_called(at.turn.address) else None


def _ask_number(at: Moment, first: Line | None) -> Reply:
    """This number, the one that was told, or another one; never the same question in the same words."""
    facts, rings = at.talk.facts, _rings(at)
    seat = ".seat" if facts.get("book.kept") else ""
    if facts.get("told"):
        line = say("number.told", number=spoken(facts["told"]))
        return ask(line, "handover.told", "yes_no", yes_no(), first).with_(calls=_desk_call(at))
    if rings is not None and facts.get("caller_number") != "no" and not facts.get("number_tries"):
        line = say(f"number.confirm{seat}", number=spoken(rings))
        return ask(line, "handover.caller_number", "yes_no", yes_no(), first).with_(calls=_desk_call(at))
    if facts.get("number_tries", 0) >= TRIES:
        return _without_number(at)
    line = once_more(facts) if facts.get("number_tries") else say(f"number.ask{seat}")
    return ask(line, "handover.number", "digits", (), first).with_(calls=_desk_call(at))


def once_more(facts: dict[str, Any]) -> Line:
    """Ask again for a number, naming what was wrong with the one that was told."""
    return say(f"number.{facts.get('number_trouble') or 'again'}", missing=facts.get("number_lacks") or "")


def _without_number(at: Moment) -> Reply:
    """Nobody can be rung: said so. Whose record is known is still shown to staff."""
    if at.case.resident is not None:
        at.case.owe_call(None, "any", callback_due(at.now, "any"))
    at.case.settle("callback" if at.case.resident is not None else "abandoned")
    at.talk.new_concern()
    line = say("no_number")
    return Reply(ear=line.ear, eye=line.eye, ask="open", calls=_desk_call(at), then="hang_up" if at.voice else "listen")


def _promise(at: Moment, number: str, wish: str) -> Reply:
    wished = at.talk.facts.get("wish_day")
    due = callback_due(at.now, wish, date.fromisoformat(wished) if wished else None)
    callback = at.case.owe_call(number, wish, due)
    when = spoken_day(due, wish)
    texted = None
    if at.voice:
        body = say("promise.sms", when=when).eye[0]
        texted = at.case.text(f"callback:{callback.inquiry_id}:{due:%Y%m%d%H}", number, body)
    at.case.settle("callback")
    at.talk.new_concern()
    # P14: a mobile phone gets it in writing; on a landline, and where no SMS may go (yet), it is said twice.
    line = say("promise" if texted == "sent" or not at.voice else "promise.twice", when=when)
    return another(line)


def take(at: Moment) -> None:
    """What the person answered to one of this flow's questions becomes a fact."""
    meant, talk = at.understood, at.talk
    if talk.ask == "handover.caller_number" and meant.choice in ("yes", "no"):
        talk.tell("caller_number", meant.choice)
    elif talk.ask == "handover.told" and meant.choice in ("yes", "no"):
        talk.tell("number" if meant.choice == "yes" else "said_no", talk.facts.get("told"))
        talk.tell("told", None)
        if meant.choice == "no":
            talk.tell("caller_number", "no")
            _no_number(at, None)
    elif talk.ask in ("handover.number", "handover.caller_number", "handover.told"):
        _take_number(at)
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


def _take_number(at: Moment) -> None:
    """A number that was said or keyed: read back on the telephone, refused kindly when nobody can ring it."""
    talk = at.talk
    digits = at.understood.digits or (_digits_said(at.turn.text) if at.turn.heard == "said" else "")
    if len(digits) < SHORTEST:
        if talk.ask == "handover.number":
            _no_number(at, None)
        return
    number, trouble = number_told(digits)
    if number is None:
        talk.tell("number_lacks", missing_in(digits))
        _no_number(at, trouble)
    else:
        talk.tell("number_trouble", None)
        talk.tell("told" if at.voice else "number", number)
    at.heard_facts = True


def number_told(digits: str) -> tuple[str | None, str | None]:
    """(the number as E.164, None), or (None, what is wrong with it: ``short``, ``cannot`` or ``again``)."""
    number = to_e164(digits)
    if number is not None and not number.startswith("+81"):
        return None, "cannot"
    if lacks(digits):
        return None, "short"
    if number is not None and not may_be_called(number):
        return None, "cannot"
    return (number, None) if number is not None else (None, "again")


def missing_in(digits: str) -> str:
    """What a number lacks, as one sentence that another one follows (P2)."""
    return (lacks(digits) or "").rstrip("。").replace("。", "、")


def _digits_said(text: str) -> str:
    """A number written within a sentence (「携帯の090-1234-5678にお願いします」), or said as words."""
    written = _WRITTEN.search(unicodedata.normalize("NFKC", text))
    return re.sub("[^0-9]", "", written.group()) if written else digits_in(text)


def _no_number(at: Moment, trouble: str | None) -> None:
    at.talk.tell("number_trouble", trouble)
    at.talk.tell("told", None)
    at.talk.tell("number_tries", at.talk.facts.get("number_tries", 0) + 1)


def owe_silently(at: Moment) -> datetime | None:
    """A caller who wanted a person and is gone is called back when the number is known. By when, or None."""
    number = at.talk.facts.get("number") or at.talk.facts.get("told") or _rings(at)
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
