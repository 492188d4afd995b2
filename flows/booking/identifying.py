"""Whose booking it is, before anything of it is said (P13): the name, and beside it the number, the last four digits of the telephone
that booked, or that telephone itself; on LINE the friend who booked. Each way is tried once, then a person.

Of each fact ``None`` is "not told" and ``UNKNOWN`` is "told, but unknown".
"""

import re

from flows.booking.proposals import label_of
from flows.booking.same_name import is_called
from flows.booking.telling import name_of
from flows.script.asking import ask
from flows.script.moment import Moment
from flows.script.replies import OPTION_KEYS, Choice, Reply, yes_no
from flows.script.wording import say
from flows.steering.handover import hand_over
from helpdesk.booking.attempts import NoTriesLeft
from helpdesk.booking.for_talks import LAST_FOUR, Claim
from helpdesk.booking.spoken_number import is_number
from helpdesk.booking.values import ACTIVE, Held
from nlu.entities import named
from nlu.names import name_in
from nlu.text import clean

UNKNOWN = "?"
AGAIN = 1
"""How often what could not be used is asked for once more."""
SURE = 0.60
_NUMBER = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])")
_UNSURE = re.compile(r"番号.*(?:分か|わか|忘れ|ない|なくし|覚え|控え)|(?:分か|わか)(?:ら|ん)|忘れ|覚えて(?:い)?ない|手元に")
_WISHES = {"booking_check": "確認", "booking_change": "変更", "booking_cancel": "取り消し"}


def begin(at: Moment) -> None:
    """What the first words tell: a number, or in a call in which something was just booked that it is meant."""
    last = at.talk.facts.get("book.last")
    booking = at.case.reservations.booking(last) if last and at.voice else None
    told = _number_within(at)
    if booking is not None and booking.state in ACTIVE and (not told or at.talk.facts.get("own.number") == booking.number):
        at.talk.tell("book.own", booking.id)


def _number_within(at: Moment) -> bool:
    """A booking number among other words."""
    found = _NUMBER.findall(clean(at.turn.text))
    if len(found) == 1:
        _number_told(at, found[0])
    return len(found) == 1


def take(at: Moment, name: str) -> bool:
    """The answers by which a booking is found. Whether this turn was one."""
    if name == "booking.number":
        return _take_number(at)
    if name == "booking.whose":
        return _take_name(at)
    if name == "booking.last_four":
        return _take_last_four(at)
    if name == "booking.which":
        choice = at.understood.choice or ""
        if choice.startswith("b:") and choice in [one.id for one in at.talk.choices]:
            at.talk.tell("book.own", int(choice[2:]))
            return True
    return name in ("booking.which", "booking.none") and not at.voice and at.turn.heard == "said" and _number_within(at)


def _take_number(at: Moment) -> bool:
    talk, meant = at.talk, at.understood
    if meant.digits:
        _number_told(at, meant.digits)
    elif _is_unsure(at):
        talk.tell("own.number", UNKNOWN)
    elif named(at.turn.text, "offer") and talk.facts.get("topic") != "booking_change":
        # Whoever names what to come to wants a new place.
        at.case.withdraw_topic()
        talk.tell("topic", "book")
        at.case.open("book")
        return False
    else:
        return _not_understood(at, "own.number")
    return True


def _number_told(at: Moment, digits: str) -> None:
    """A number that no booking can have was misheard; that says nothing about those that there are."""
    if is_number(digits):
        at.talk.tell("own.number", digits)
    else:
        _once_more(at, "own.number")


def _take_name(at: Moment) -> bool:
    talk, meant = at.talk, at.understood
    found = name_in(at.turn.text) if at.turn.heard == "said" and meant.choice is None and meant.intent == "nlu_fallback" else None
    if found is not None:
        talk.tell("own.name", [found.written, found.reading])
    elif _is_unsure(at):
        talk.tell("own.name", UNKNOWN)
    else:
        return _not_understood(at, "own.name")
    return True


def _take_last_four(at: Moment) -> bool:
    digits = at.understood.digits or ""
    if LAST_FOUR.fullmatch(digits):
        at.talk.tell("own.four", digits)
    elif digits:
        _once_more(at, "own.four")
    elif _is_unsure(at):
        at.talk.tell("own.four", UNKNOWN)
    else:
        return _not_understood(at, "own.four")
    return True


def _is_unsure(at: Moment) -> bool:
    said = at.turn.text if at.turn.heard == "said" else ""
    return at.understood.intent in ("dont_know", "deny") or bool(_UNSURE.search(said))


def _not_understood(at: Moment, fact: str) -> bool:
    """Neither an answer nor clearly something else: asked once more, then it counts as unknown."""
    meant = at.understood
    if meant.intent != "nlu_fallback" and meant.confidence >= SURE:
        return False
    _once_more(at, fact)
    return True


def _once_more(at: Moment, fact: str) -> None:
    times = at.talk.facts.get(f"{fact}.again", 0)
    if times >= AGAIN:
        at.talk.tell(fact, UNKNOWN)
    else:
        at.talk.tell(f"{fact}.again", times + 1)


def find(at: Moment) -> Held | Reply:
    """The booking, or what to say next on the way to it."""
    facts, desk = at.talk.facts, at.case.reservations
    own = desk.booking(facts["book.own"]) if facts.get("book.own") else None
    if own is not None and own.state in ACTIVE:
        return own
    number = facts.get("own.number")
    if number not in (None, UNKNOWN):
        through_here = [one for one in desk.mine() if one.number == number]
        if through_here:
            return through_here[0]
    return _by_telephone(at) if at.voice else _on_line(at)


def _on_line(at: Moment) -> Held | Reply:
    """The friend's own bookings; what was booked elsewhere by its number and the name."""
    if at.talk.facts.get("own.number") not in (None, UNKNOWN):
        return _named(at)
    mine = at.case.reservations.mine()
    return _one_of(at, mine) if mine else ask(say("booking.none"), "booking.none", "yes_no", yes_no("予約する", "いいえ"))


def _by_telephone(at: Moment) -> Held | Reply:
    if not at.case.reservations.tries_left():
        return _person(at, too_many=True)
    if at.talk.facts.get("own.number") is None:
        return _question(at, "booking.number", "own.number", "number")
    return _named(at)


def _named(at: Moment) -> Held | Reply:
    """The name is told or asked for; then each way is tried once."""
    name = at.talk.facts.get("own.name")
    if name is None:
        return _question(at, "booking.whose", "own.name", "name")
    if name == UNKNOWN:
        return _person(at)
    found = _claimed(at, name)
    if isinstance(found, NoTriesLeft):
        return _person(at, too_many=True)
    if found:
        return _one_of(at, found)
    if at.voice and at.talk.facts.get("own.four") is None:
        return _question(at, "booking.last_four", "own.four", "number")
    return _person(at)


def _claimed(at: Moment, name: list[str]) -> list[Held] | NoTriesLeft:
    """What was found by one of the ways. What was tried is not tried, nor counted, again."""
    facts, desk = at.talk.facts, at.case.reservations
    kept = [desk.booking(one) for one in facts.get("own.found", ())]
    if any(one is not None and one.state in ACTIVE for one in kept):
        return [one for one in kept if one is not None and one.state in ACTIVE]
    number, four = facts.get("own.number"), facts.get("own.four")
    ways = [Claim(number=number)] if number not in (None, UNKNOWN) else []
    if at.voice:
        ways += [Claim(), *([Claim(last_four=four)] if four not in (None, UNKNOWN) else [])]
    tried = facts.setdefault("own.tried", [])
    for way in ways:
        words = [way.number, way.last_four, name[1]]
        if words in tried:
            continue
        tried.append(words)
        found = desk.claimed(way, lambda one: is_called(one, name[0], name[1]))
        if isinstance(found, NoTriesLeft):
            return found
        if found:
            facts["own.found"] = [one.id for one in found]
            return found
    return []


def _question(at: Moment, line: str, fact: str, listening: str) -> Reply:
    again = f"{line}.again" if at.talk.facts.get(f"{fact}.again") else line
    return ask(say(again), line, "name" if listening == "name" else "number")


def _one_of(at: Moment, found: list[Held]) -> Held | Reply:
    """The only one, or the question which."""
    if len(found) == 1:
        return found[0]
    labels = [label_of(one.place) for one in found]
    choices = []
    for one, label, key in zip(found, labels, OPTION_KEYS, strict=False):
        start = one.place.starts_at
        text = label if labels.count(label) == 1 else f"{one.name or 'お名前なし'}さん {label.split(' ')[0]}"[:20]
        words = (name_of(one.place), one.place.venue)
        choices.append(Choice(id=f"b:{one.id}", label=text, key=key, ear=f"{start.month}月{start.day}日", words=words))
    return ask(say("booking.which"), "booking.which", "choice", tuple(choices))


def _person(at: Moment, too_many: bool = False) -> Reply:
    """The same words whatever was wrong: nothing is told about what there is. Staff hear and read why."""
    why = f"予約の{_WISHES.get(str(at.talk.facts.get('topic')), '確認')}のご希望、ご本人と確かめられず（{_reason(at, too_many)}）"
    at.talk.facts["book.summary"] = why
    line = say("booking.not_found")
    reply = hand_over(at, line)
    return reply.with_(ear=(*line.ear, *reply.ear), whisper=f"{why}。") if reply.then == "transfer" else reply


def _reason(at: Moment, too_many: bool) -> str:
    if too_many:
        return "確かめる回数の上限に達した"
    facts = at.talk.facts
    told = [("own.number", "予約番号"), ("own.name", "名前"), ("own.four", "電話番号の下4けた")]
    unknown = [word for fact, word in told if facts.get(fact) == UNKNOWN]
    wrong = [word for fact, word in told if facts.get(fact) not in (None, UNKNOWN)]
    parts = [f"{'と'.join(unknown)}が不明"] if unknown else []
    return "、".join([*parts, *([f"{'と'.join(wrong)}が合わない"] if wrong else [])])
