"""After the place is held: whose it is, and telling once more what was agreed (P9, P14)."""

from collections.abc import Callable

from flows.booking.telling import in_text, with_slip
from flows.booking.wish import BookingFacts
from flows.booking.wish import hear as hear_wish
from flows.script.asking import EAR, ask, conclude, ear_length
from flows.script.dates import day, when
from flows.script.flow import Switch
from flows.script.moment import Moment
from flows.script.replies import Reply
from flows.script.wording import Saying
from flows.steering.handover import HandoverFacts, call_back
from flows.steering.numbers import note_trouble, number_told, once_more
from helpdesk.booking.outcomes import AlreadyBooked, Overlaps
from helpdesk.booking.spoken_number import spoken_number
from helpdesk.booking.values import Held
from helpdesk.programme.values import Place
from helpdesk.telephone import spoken
from nlu.names import instead, name_in

TRIES = 2
"""After so many the name is left to staff: no third question."""
SURE = 0.80
ELSEWHERE = ("booking_cancel", "handoff_human", "callback_request", "goodbye")
"""What is clearly one of these, or a trouble, is no attempt to say a name."""


def hear_name(at: Moment, facts: BookingFacts, about: str) -> bool:
    """The name of whoever comes, or something else instead of it."""
    meant = at.understood
    found = name_in(at.said) if at.said and meant.choice is None and meant.intent == "nlu_fallback" else None
    if found is not None:
        facts.heard = (found.written, found.reading)
    elif at.said and hear_wish(at, facts, at.said):
        # Not the name but another wish: what was just booked is changed.
        facts.own, facts.made = int(about), None
        at.talk.topic = "booking_change"
    elif meant.intent in ("dont_know", "deny"):
        facts.name_tries = TRIES
    elif meant.confidence >= SURE and (meant.intent in ELSEWHERE or meant.intent.startswith("trouble_")):
        return False
    else:
        facts.name_tries += 1
    return True


def hear_called(at: Moment, facts: BookingFacts, _about: str) -> bool:
    """Whether the name was heard right, or another name instead."""
    meant = at.understood
    again = instead(at.said) if at.said else None
    other = again is not None and (again.written, again.reading) != facts.heard
    if again is not None and other and (meant.choice is None or meant.engine == "rules"):
        facts.heard = (again.written, again.reading)
    elif (
        meant.choice == "yes" or meant.intent == "affirm" or (again and meant.choice != "no" and meant.intent != "deny")
    ):
        facts.named = True
    elif meant.choice == "no" or meant.intent in ("deny", "dont_know", "not_solved"):
        facts.heard, facts.name_tries = None, facts.name_tries + 1
    else:
        return False
    return True


def hear_party(at: Moment, facts: BookingFacts, about: str) -> bool:
    """Whether the person who comes along is booked, too."""
    if at.understood.choice not in ("yes", "no"):
        return False
    facts.party = False
    if at.understood.choice == "yes":
        facts.for_one_more()
        facts.other, facts.agreed = at.label("booking.companion").eye, int(about)
    return True


def hear_phone(at: Moment, facts: BookingFacts, _about: str) -> bool:
    """Where news of a free place goes."""
    digits = at.understood.digits or ""
    number, trouble = number_told(digits)
    if number is None:
        note_trouble(facts, trouble, digits)
        facts.unreachable = facts.tries >= TRIES
    else:
        facts.told = number
    return True


def hear_told(at: Moment, facts: BookingFacts, _about: str) -> bool:
    """Whether that number was heard right."""
    if at.understood.choice not in ("yes", "no"):
        return False
    told = facts.told
    if at.understood.choice == "yes":
        facts.phone, facts.told = told, None
    else:
        note_trouble(facts, None)
        facts.unreachable = facts.tries >= TRIES
    return True


HEARS: dict[str, Callable[[Moment, BookingFacts, str], bool]] = {
    "booking.name": hear_name, "booking.called": hear_called, "booking.party": hear_party, "booking.phone": hear_phone,
    "booking.told": hear_told,
}  # fmt: skip


def way_to_reach(at: Moment, facts: BookingFacts) -> Reply | None:
    """Who waits has to be told: a withheld number is asked for, and read back."""
    if at.turn.address is not None or facts.unreachable:
        return None
    if facts.phone:
        at.case.reservations.reach_at(facts.phone)
        return None
    if facts.told:
        return ask(at.say("number.told", number=spoken(facts.told)), "booking.told", "yes_no")
    return ask(once_more(at, facts) if facts.tries else at.say("booking.phone"), "booking.phone", "digits")


def _for_other(at: Moment, facts: BookingFacts) -> str:
    return at.label("summary.for_other", other=facts.other).eye if facts.other else ""


def _plain(at: Moment, place: Place) -> dict[str, str]:
    name = at.ward.level(place.kind, place.level).name
    return {"name": name, "day": day(place.starts_at), "venue": place.venue, "start": when(place.starts_at)}


def kept_wish(at: Moment, facts: BookingFacts, place: Place) -> Reply:
    """More seats than one person may hold: no seat is taken, staff confirm the wish and call back; said plainly."""
    facts.summary = at.label("summary.seat", other=_for_other(at, facts), **_plain(at, place)).eye
    at.talk.of(HandoverFacts).seat = True
    at.case.open(at.talk.topic)
    return call_back(at, at.say("booking.too_many"))


def booked(at: Moment, facts: BookingFacts, held: Held, changed: bool) -> Reply | Switch:
    """The place is held: say so with the number, then ask whose it is unless that is known."""
    named = _name_told_before(at, facts, held)
    if isinstance(named, Reply):
        return named
    held = named
    _remember(at, facts, held, "summary.changed" if changed else "summary.booked")
    if changed:
        send_text(at, facts, held, "booking.sms.changed")
        return _changed(at, facts, held)
    send_text(at, facts, held, "booking.sms")
    return _then_name(at, facts, held, "booking.done")


def waits(at: Moment, facts: BookingFacts, held: Held, position: int) -> Reply:
    """On the waiting list."""
    named = _name_told_before(at, facts, held)
    if isinstance(named, Reply):
        return named
    _remember(at, facts, named, "summary.waits")
    return _then_name(at, facts, named, "booking.waiting", position=str(position))


def _then_name(at: Moment, facts: BookingFacts, held: Held, line: str, **values: str) -> Reply:
    number = spoken_number(held.number)
    if held.name and facts.party and held.state == "booked":
        return with_slip(at, held, _end(at, facts, held))
    if held.name:
        return with_slip(at, held, conclude(at, at.say(f"{line}.known", code=number, **values), "booked"))
    return with_slip(at, held, ask(at.say(line, code=number, **values), f"booking.name:{held.id}", "name"))


def _name_told_before(at: Moment, facts: BookingFacts, held: Held) -> Held | Reply:
    """Within one talk a name is told once: the booking is that person's at once."""
    called = facts.called
    if held.name or not called or called[2] != facts.other:
        return held
    return _give_name(at, facts, held, called[0], called[1])


def _give_name(at: Moment, facts: BookingFacts, held: Held, written: str, reading: str) -> Held | Reply:
    """The booking with its name; a reply when the person has that place, or sits elsewhere then.

    The new place was given back in that case.
    """
    outcome = at.case.reservations.give_name(held, written, reading)
    if isinstance(outcome, AlreadyBooked):
        return already(at, facts, outcome.booking)
    if isinstance(outcome, Overlaps):
        return conclude(at, at.say("booking.elsewhere"), "guided")
    return outcome.booking


def _changed(at: Moment, facts: BookingFacts, held: Held) -> Reply:
    line = at.say("booking.changed", start=when(held.place.starts_at))
    if held.name is None and facts.name_tries < TRIES:
        asked = at.say("booking.done", code=spoken_number(held.number))
        both = Saying((line.ear[0], asked.ear[-1]), (line.eye[0], asked.eye[-1]))
        return with_slip(at, held, ask(both, f"booking.name:{held.id}", "name"))
    return with_slip(at, held, conclude(at, line, "booked"))


def already(at: Moment, facts: BookingFacts, held: Held) -> Reply:
    """The person has this place: that is what is said, with its number."""
    facts.last = held.id
    return conclude(
        at, at.say("booking.already", code=spoken_number(held.number) if at.voice else held.number), "booked"
    )


def settle_name(at: Moment, facts: BookingFacts) -> Reply:
    """The name where it is missing, then the end."""
    held = at.case.reservations.booking(facts.made) if facts.made is not None else None
    if held is None:
        at.talk.new_concern()
        return ask(at.say("tell_me"), "open")
    if facts.heard and (facts.named or not at.voice):
        written, reading = facts.heard
        named = _give_name(at, facts, held, written, reading)
        if isinstance(named, Reply):
            return named
        facts.called = (written, reading, facts.other)
        return _end(at, facts, named)
    if facts.heard:
        return ask(at.say("booking.called", called=facts.heard[0]), f"booking.called:{held.id}", "yes_no")
    if held.name is None and facts.name_tries < TRIES:
        return ask(at.say("booking.name.again"), f"booking.name:{held.id}", "name")
    return _end(at, facts, held)


def _end(at: Moment, facts: BookingFacts, held: Held) -> Reply:
    place = held.place
    if facts.party and held.state == "booked" and place.free:
        return ask(at.say("booking.party"), f"booking.party:{place.slot}", "yes_no")
    values = {"start": when(place.starts_at), "hall": at.ward.venues[place.venue].short}
    if not at.voice:
        name = "booking.end.line"
    elif held.state == "waiting":
        name = "booking.end.waiting.sms" if held.mobile else "booking.end.waiting.call"
    elif facts.texted == "sent":
        name = "booking.end.sms"
    else:
        # P14: on a landline, and where the limit of SMS is reached, it is said twice.
        twice = at.say("booking.end.twice", **values)
        name = "booking.end.twice" if ear_length(twice.ear) <= EAR else "booking.end.once"
    return conclude(at, at.say(name, **values), "booked")


def _remember(at: Moment, facts: BookingFacts, held: Held, what: str) -> None:
    """For the history and for what comes next in this talk."""
    facts.made = facts.last = held.id
    at.talk.irreversible()
    facts.summary = at.label(what, other=_for_other(at, facts), number=held.number, **_plain(at, held.place)).eye
    at.case.open(at.talk.topic)
    at.case.settle("booked", close=False)
    if held.state == "booked":
        at.case.learning.booked(held)


def send_text(at: Moment, facts: BookingFacts, held: Held, line: str) -> None:
    """P14: in writing to a mobile phone."""
    if at.voice and held.mobile:
        body = at.say(line, what=in_text(at.ward, held.place, held.number)).eye[0]
        key = f"{line}:{held.id}:{held.changed_at:%Y%m%d%H%M%S%f}"
        facts.texted = at.case.text(key, held.mobile, body, confirmed=True)
