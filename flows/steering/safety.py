"""A sign of fraud, loss or emergency goes before everything, in the same turn (S1, S2)."""

import re

from flows.script.asking import ask, conclude
from flows.script.moment import Moment
from flows.script.replies import CallButton, Reply, yes_no
from flows.script.wording import say
from flows.steering.handover import hand_over

_CRIME = re.compile(r"泥棒|強盗|襲われ|殺され|刺され|110番?して")
_WORRY = re.compile(r"(?:詐欺|だまされ|騙され|お金を取られ).{0,12}(?:心配|怖|こわ|不安|気にな)|^詐欺(?:です|かな|が)?[。ね]*$")
_HAPPENED = re.compile(r"来た|来て|来ました|届い|出て|出た|払|押し|かかって|言われ|入力|入れ|教えて|教えた")
_POLICE_ADVICE = CallButton(label="#9110 警察の相談", number="#9110")
_POLICE = CallButton(label="110 警察", number="110")
_AMBULANCE = CallButton(label="119 火事・救急", number="119")
_CONSUMER = CallButton(label="188 契約・請求の相談", number="188")
_CAUSES = {
    "safety_scam": ("scam", "safety.paid"),
    "safety_lost_phone": ("lost", "safety.home"),
}


def danger(at: Moment) -> Reply | None:
    """The safety answer when the text shows a sign that was not answered yet."""
    label = at.understood.safety
    if label == "safety_scam" and at.talk.ask.startswith("path.ask:") and _WORRY.search(at.turn.text) and not _HAPPENED.search(at.turn.text):
        return None  # asked what worries her, somebody says so; nothing has happened
    if label is None or at.talk.facts.get("safety") == label:
        return None
    current = at.case.current()
    if current is not None and current.topic not in (None, label):
        at.talk.tell("waiting", current.topic)
    at.case.flag(label)
    at.talk.drop("safety.")
    at.talk.tell("safety", label)
    at.talk.tell("topic", label)
    at.talk.silent = at.talk.unclear = 0
    if label == "safety_emergency":
        at.talk.tell("crime", bool(_CRIME.search(at.turn.text)))
    return safety(at)


def take(at: Moment) -> None:
    if at.talk.ask in ("safety.paid", "safety.home") and at.understood.choice in ("yes", "no"):
        at.talk.tell(at.talk.ask, at.understood.choice)
    elif at.talk.ask in ("safety.paid", "safety.home") and at.understood.intent == "dont_know":
        # Money may be gone, the phone may be outside: the answer that protects more.
        at.talk.tell(at.talk.ask, "yes" if at.talk.ask == "safety.paid" else "no")
    elif at.talk.ask == "safety.person" and at.understood.choice in ("yes", "no"):
        at.talk.tell("safety.person", at.understood.choice)


def safety(at: Moment) -> Reply:
    """Ask for what decides the advice, give it, then offer a person."""
    facts = at.talk.facts
    label = facts["safety"]
    if facts.get("safety.person") == "yes":
        return hand_over(at)
    if facts.get("safety.person") == "no":
        return conclude(at, say("anything_else"), "safety")
    if label == "safety_emergency":
        crime = facts.get("crime")
        reply = ask(say("crime" if crime else "emergency"), "safety.person", "yes_no", yes_no("人と話す", "大丈夫です"))
        return reply.with_(calls=(_POLICE,) if crime else (_AMBULANCE, _POLICE))
    line, name = _CAUSES[label]
    answer = facts.get(name)
    calls: tuple[CallButton, ...]
    if answer is None:
        calls = (_POLICE_ADVICE,) if label == "safety_scam" else ()
        return ask(say(line), name, "yes_no", yes_no()).with_(calls=calls)
    if label == "safety_scam":
        after = "scam.paid" if answer == "yes" else "scam.not_paid"
        calls = (_POLICE,) if answer == "yes" else (_POLICE_ADVICE, _CONSUMER)
    else:
        after, calls = ("lost.home", ()) if answer == "yes" else ("lost.outside", ())
    return ask(say(after), "safety.person", "yes_no", yes_no("はい、話します", "いいえ")).with_(calls=calls)
