"""Whose booking it is, before anything of it is said (P13).

The name, and beside it the number, the last four digits of the telephone that booked, or that telephone itself; on LINE
the friend who booked. Each way is tried once, then a person.

Of each fact ``None`` is "not told" and ``UNKNOWN`` is "told, but unknown".
"""

from typing import ClassVar

from flows.booking.same_name import is_called
from flows.booking.telling import label_of
from flows.booking.wish import BookingFacts
from flows.script.asking import ask
from flows.script.dates import short_day
from flows.script.facts import Facts
from flows.script.flow import Heard, Switch
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import OPTION_KEYS, Choice, Reply
from flows.steering.handover import hand_over
from helpdesk.booking.attempts import NoTriesLeft
from helpdesk.booking.for_talks import LAST_FOUR, Claim
from helpdesk.booking.spoken_number import is_number
from helpdesk.booking.values import Held
from nlu.cues import cue, heard
from nlu.entities import named
from nlu.names import name_in
from nlu.text import clean

UNKNOWN = "?"
AGAIN = 1
"""How often what could not be used is asked for once more."""
SURE = 0.60


class OwnFacts(Facts):
    """What was told about a booking of before."""

    FLOW: ClassVar[str] = "own"
    PICKS: ClassVar[frozenset[str]] = frozenset({"cancel", "none", "is_cancelled", "offered"})
    SIDE: ClassVar[frozenset[str]] = frozenset({"tried", "found", "again"})

    number: str | None = None
    name: str | None = None
    reading: str = ""
    four: str | None = None
    again: dict[str, int] = {}
    """How often each fact was asked for once more."""
    tried: tuple[tuple[str | None, str | None, str], ...] = ()
    found: tuple[int, ...] = ()
    cancel: str | None = None
    none: str | None = None
    is_cancelled: str | None = None
    offered: tuple[str, str] | None = None
    """(yes or no, the time that it was said to)."""


def begin(at: Moment, facts: OwnFacts) -> None:
    """What the first words tell: a number, or in a call in which something was just booked that it is meant."""
    booking = at.talk.of(BookingFacts)
    held = at.case.reservations.booking(booking.last) if booking.last and at.voice else None
    told = number_within(at, facts)
    if held is not None and held.active and (not told or facts.number == held.number):
        booking.own = held.id


def number_within(at: Moment, facts: OwnFacts) -> bool:
    """A booking number among other words."""
    found = cue("own.number").findall(clean(at.turn.text))
    if len(found) == 1:
        _number_told(facts, found[0])
    return len(found) == 1


def hear(at: Moment, facts: OwnFacts, question: Question) -> Heard:
    """The answers by which a booking is found. Whether this turn was one."""
    if question.name in _HEARS:
        return _HEARS[question.name](at, facts)
    if question.name == "booking.which":
        choice = at.understood.choice or ""
        if choice.startswith("b:") and choice in [one.id for one in at.talk.choices]:
            at.talk.of(BookingFacts).own = int(choice[2:])
            return True
    may_name_it = question.name in ("booking.which", "booking.none") and not at.voice and bool(at.said)
    return may_name_it and number_within(at, facts)


def _hear_number(at: Moment, facts: OwnFacts) -> Heard:
    meant = at.understood
    if meant.digits:
        _number_told(facts, meant.digits)
    elif _is_unsure(at):
        facts.number = UNKNOWN
    elif named(at.turn.text, "offer") and at.talk.topic != "booking_change":
        # Whoever names what to come to wants a new place.
        at.case.withdraw_topic()
        at.case.open("book")
        return Switch("book", hears=True)
    else:
        return _not_understood(at, facts, "number")
    return True


def _number_told(facts: OwnFacts, digits: str) -> None:
    """A number that no booking can have was misheard; that says nothing about those that there are."""
    if is_number(digits):
        facts.number = digits
    else:
        _once_more(facts, "number")


def _hear_name(at: Moment, facts: OwnFacts) -> Heard:
    meant = at.understood
    found = name_in(at.said) if at.said and meant.choice is None and meant.intent == "nlu_fallback" else None
    if found is not None:
        facts.name, facts.reading = found.written, found.reading
    elif _is_unsure(at):
        facts.name = UNKNOWN
    else:
        return _not_understood(at, facts, "name")
    return True


def _hear_four(at: Moment, facts: OwnFacts) -> Heard:
    digits = at.understood.digits or ""
    if LAST_FOUR.fullmatch(digits):
        facts.four = digits
    elif digits:
        _once_more(facts, "four")
    elif _is_unsure(at):
        facts.four = UNKNOWN
    else:
        return _not_understood(at, facts, "four")
    return True


_HEARS = {"booking.number": _hear_number, "booking.whose": _hear_name, "booking.last_four": _hear_four}


def _is_unsure(at: Moment) -> bool:
    return at.understood.intent in ("dont_know", "deny") or heard("own.unsure", at.said)


def _not_understood(at: Moment, facts: OwnFacts, fact: str) -> bool:
    """Neither an answer nor clearly something else: asked once more, then it counts as unknown."""
    meant = at.understood
    if meant.intent != "nlu_fallback" and meant.confidence >= SURE:
        return False
    _once_more(facts, fact)
    return True


def _once_more(facts: OwnFacts, fact: str) -> None:
    times = facts.again.get(fact, 0)
    if times >= AGAIN:
        setattr(facts, fact, UNKNOWN)
    else:
        facts.again = {**facts.again, fact: times + 1}


def find(at: Moment, facts: OwnFacts) -> Held | Reply:
    """The booking, or what to say next on the way to it."""
    desk, own = at.case.reservations, at.talk.of(BookingFacts).own
    held = desk.booking(own) if own is not None else None
    if held is not None and held.active:
        return held
    if facts.number not in (None, UNKNOWN):
        through_here = [one for one in desk.mine() if one.number == facts.number]
        if through_here:
            return through_here[0]
    return _by_telephone(at, facts) if at.voice else _on_line(at, facts)


def _on_line(at: Moment, facts: OwnFacts) -> Held | Reply:
    """The friend's own bookings; what was booked elsewhere by its number and the name."""
    if facts.number not in (None, UNKNOWN):
        return _named(at, facts)
    mine = at.case.reservations.mine()
    return _one_of(at, mine) if mine else ask(at.say("booking.none"), "booking.none", "yes_no")


def _by_telephone(at: Moment, facts: OwnFacts) -> Held | Reply:
    if not at.case.reservations.tries_left():
        return _person(at, facts, too_many=True)
    if facts.number is None:
        return _question(at, facts, "booking.number", "number")
    return _named(at, facts)


def _named(at: Moment, facts: OwnFacts) -> Held | Reply:
    """The name is told or asked for; then each way is tried once."""
    if facts.name is None:
        return _question(at, facts, "booking.whose", "name")
    if facts.name == UNKNOWN:
        return _person(at, facts)
    found = _claimed(at, facts, facts.name)
    if isinstance(found, NoTriesLeft):
        return _person(at, facts, too_many=True)
    if found:
        return _one_of(at, found)
    if at.voice and facts.four is None:
        return _question(at, facts, "booking.last_four", "four")
    return _person(at, facts)


def _claimed(at: Moment, facts: OwnFacts, name: str) -> list[Held] | NoTriesLeft:
    """What was found by one of the ways. What was tried is not tried, nor counted, again."""
    desk = at.case.reservations
    kept = [one for one in (desk.booking(number) for number in facts.found) if one is not None and one.active]
    if kept:
        return kept
    ways = [Claim(number=facts.number)] if facts.number not in (None, UNKNOWN) else []
    if at.voice:
        ways += [Claim(), *([Claim(last_four=facts.four)] if facts.four not in (None, UNKNOWN) else [])]
    for way in ways:
        words = (way.number, way.last_four, facts.reading)
        if words in facts.tried:
            continue
        facts.tried = (*facts.tried, words)
        found = desk.claimed(way, lambda one: is_called(one, name, facts.reading))
        if isinstance(found, NoTriesLeft):
            return found
        if found:
            facts.found = tuple(one.id for one in found)
            return found
    return []


def _question(at: Moment, facts: OwnFacts, line: str, fact: str) -> Reply:
    again = f"{line}.again" if facts.again.get(fact) else line
    return ask(at.say(again), line, "name" if fact == "name" else "number")


def _one_of(at: Moment, found: list[Held]) -> Held | Reply:
    """The only one, or the question which."""
    if len(found) == 1:
        return found[0]
    labels = [label_of(at.ward, one.place) for one in found]
    choices = []
    for one, label, key in zip(found, labels, OPTION_KEYS, strict=False):
        text = label
        if labels.count(label) > 1:
            text = at.label(
                "booking.of", name=one.name or at.label("booking.no_name").eye, day=label.split(" ")[0]
            ).eye[:20]
        words = (at.ward.level(one.place.kind, one.place.level).name, one.place.venue)
        choices.append(Choice(id=f"b:{one.id}", label=text, key=key, ear=short_day(one.place.starts_at), words=words))
    return ask(at.say("booking.which"), "booking.which", "choice", tuple(choices))


def _person(at: Moment, facts: OwnFacts, too_many: bool = False) -> Reply:
    """The same words whatever was wrong: nothing is told about what there is. Staff hear and read why."""
    wish = at.label(f"own.wish.{at.talk.topic}").eye
    why = at.label("own.why", wish=wish, reason=_reason(at, facts, too_many)).eye
    at.talk.of(BookingFacts).summary = why
    line = at.say("booking.not_found")
    reply = hand_over(at, line)
    return reply.with_(ear=(*line.ear, *reply.ear), whisper=f"{why}。") if reply.then == "transfer" else reply


def _reason(at: Moment, facts: OwnFacts, too_many: bool) -> str:
    if too_many:
        return at.label("own.too_many").eye
    told = {name: getattr(facts, name) for name in ("number", "name", "four")}
    unknown = [at.label(f"own.fact.{name}").eye for name, value in told.items() if value == UNKNOWN]
    wrong = [at.label(f"own.fact.{name}").eye for name, value in told.items() if value not in (None, UNKNOWN)]
    joint = at.label("own.and").eye
    parts = [at.label("own.unknown", what=joint.join(unknown)).eye] if unknown else []
    return "、".join([*parts, *([at.label("own.wrong", what=joint.join(wrong)).eye] if wrong else [])])
