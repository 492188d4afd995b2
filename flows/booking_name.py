"""After the place is held: whose it is, and telling once more what was agreed (P9, P14)."""

import re
from collections.abc import Callable

from flows.desk import Moment, ask, ear_length
from flows.replies import Reply, yes_no
from flows.sessions import day, in_text, links, name_of, place_of, slip, when
from flows.wording import Line, say
from helpdesk.booking.numbers import spoken_number
from helpdesk.booking.outcomes import AlreadyBooked, Booked, Overlaps
from helpdesk.programme.tables import Booking
from helpdesk.programme.venues import venues
from helpdesk.telephone import is_mobile, to_e164
from nlu.names import name_in

TRIES = 2
"""After so many the name is left to staff: no third question."""
_NOT_SO = re.compile(r"^(?:(?:いいえ|いえ|いや|違います|ちがいます|違う|ちがう)[、。\s]*)+")
SURE = 0.80
ELSEWHERE = ("booking_cancel", "handoff_human", "callback_request", "goodbye")
"""What is clearly one of these, or a trouble, is no attempt to say a name."""
ELSE = yes_no("はい、あります", "いいえ")


def take(at: Moment, name: str, rest: str, hear: Callable[[Moment, str], bool]) -> bool:
    """The name, or the yes to it, or the telephone number for news. Whether this turn was about one of them."""
    talk, meant = at.talk, at.understood
    if name == "booking.phone":
        number = to_e164(meant.digits) if meant.digits else None
        talk.facts["book.phone" if number else "book.unreachable"] = number or True  # picks stay: the wish to wait is meant
        return True
    if name == "booking.name":
        found = name_in(at.turn.text) if at.turn.heard == "said" and meant.choice is None and meant.intent in ("nlu_fallback",) else None
        if found is not None:
            talk.tell("book.heard", [found.written, found.reading])
        elif at.turn.heard == "said" and hear(at, at.turn.text):
            # Not the name but another wish: what was just booked is changed.
            talk.tell("book.own", int(rest))
            talk.tell("book.made", None)
            talk.tell("topic", "booking_change")
        elif meant.intent in ("dont_know", "deny"):
            talk.tell("book.name_tries", TRIES)
        elif meant.confidence >= SURE and (meant.intent in ELSEWHERE or meant.intent.startswith("trouble_")):
            return False
        else:
            talk.tell("book.name_tries", talk.facts.get("book.name_tries", 0) + 1)
        return True
    if name == "booking.party":
        if meant.choice not in ("yes", "no"):
            return False
        talk.tell("book.party", None)
        if meant.choice == "yes":
            for key in ("book.made", "book.heard", "book.named", "book.name_tries"):
                talk.tell(key, None)
            talk.tell("book.other", "お連れのかた")
            talk.pick("agreed", int(rest))
        return True
    if name == "booking.called":
        again = name_in(_NOT_SO.sub("", at.turn.text)) if at.turn.heard == "said" and meant.choice != "yes" else None
        if meant.choice == "yes" or meant.intent == "affirm":
            talk.tell("book.named", True)
        elif again is not None and meant.intent in ("deny", "nlu_fallback") and again.reading not in ("いいえ", "いや"):
            talk.tell("book.heard", [again.written, again.reading])
        elif meant.choice == "no" or meant.intent in ("deny", "dont_know", "not_solved"):
            talk.tell("book.heard", None)
            talk.tell("book.name_tries", talk.facts.get("book.name_tries", 0) + 1)
        else:
            return False
        return True
    return False


def way_to_reach(at: Moment) -> Reply | None:
    """Who waits has to be told: a withheld number is asked for, once."""
    facts = at.talk.facts
    if at.turn.address is not None or facts.get("book.unreachable"):
        return None
    if facts.get("book.phone"):
        at.case.reservations.reach_at(facts["book.phone"])
        return None
    return ask(say("booking.phone"), "booking.phone", "digits")


def booked(at: Moment, booking: Booking, changed: bool) -> Reply:
    """The place is held: say so with the number, then ask whose it is unless that is known."""
    named = _name_told_before(at, booking)
    if isinstance(named, AlreadyBooked | Overlaps):
        return _given_back(at, named)
    _remember(at, booking, "変更" if changed else "予約")
    if changed:
        _text(at, booking, "booking.sms.changed")
        return _changed(at, booking)
    _text(at, booking, "booking.sms")
    return _then_name(at, booking, "booking.done")


def waits(at: Moment, booking: Booking, position: int) -> Reply:
    """On the waiting list."""
    named = _name_told_before(at, booking)
    if isinstance(named, AlreadyBooked | Overlaps):
        return _given_back(at, named)
    _remember(at, booking, "空き待ち")
    return _then_name(at, booking, "booking.waiting", position=str(position))


def _then_name(at: Moment, booking: Booking, line: str, **values: str) -> Reply:
    known = booking.attendee.name
    number = spoken_number(booking.number)
    if known and at.talk.facts.get("book.party") and booking.state == "booked":
        return _with_slip(at, booking, _end(at, booking))
    if known:
        reply = _with_slip(at, booking, ask(say(f"{line}.known", code=number, **values), "else", "yes_no", ELSE))
        _close(at, booking)
        return reply
    reply = ask(say(line, code=number, **values), f"booking.name:{booking.id}", "name")
    return _with_slip(at, booking, reply)


def _name_told_before(at: Moment, booking: Booking) -> Booked | AlreadyBooked | Overlaps | None:
    """Within one talk a name is told once: the booking is that person's at once. None when no name was told for this person."""
    called = at.talk.facts.get("book.called")
    if booking.attendee.name or not called or called[2] != at.talk.facts.get("book.other"):
        return None
    return at.case.reservations.give_name(booking, called[0], called[1])


def _given_back(at: Moment, outcome: AlreadyBooked | Overlaps) -> Reply:
    """The person has that place, or sits elsewhere then: the new place was given back."""
    if isinstance(outcome, AlreadyBooked):
        return already(at, outcome.booking)
    at.case.settle("guided")
    at.talk.new_concern()
    return ask(say("booking.elsewhere"), "else", "yes_no", ELSE)


def _changed(at: Moment, booking: Booking) -> Reply:
    if booking.attendee.name is None and at.talk.facts.get("book.name_tries", 0) < TRIES and at.talk.facts.get("book.last") == booking.id:
        line = say("booking.changed", start=when(place_of(booking).slot.starts_at))
        asked = say("booking.done", code=spoken_number(booking.number))
        reply = ask(Line((line.ear[0], asked.ear[-1]), (line.eye[0], asked.eye[-1])), f"booking.name:{booking.id}", "name")
        return _with_slip(at, booking, reply)
    reply = _with_slip(at, booking, ask(say("booking.changed", start=when(place_of(booking).slot.starts_at)), "else", "yes_no", ELSE))
    _close(at, booking)
    return reply


def already(at: Moment, booking: Booking) -> Reply:
    """The person has this place: that is what is said, with its number."""
    reply = ask(say("booking.already", code=spoken_number(booking.number) if at.voice else booking.number), "else", "yes_no", ELSE)
    at.talk.facts["book.last"] = booking.id
    at.case.settle("booked")
    at.talk.new_concern()
    return reply


def run(at: Moment) -> Reply:
    """The name where it is missing, then the end."""
    facts = at.talk.facts
    booking = at.case.reservations.booking(facts["book.made"])
    if booking is None:
        at.talk.new_concern()
        return ask(say("tell_me"), "open")
    heard = facts.get("book.heard")
    if heard and (facts.get("book.named") or not at.voice):
        outcome = at.case.reservations.give_name(booking, heard[0], heard[1])
        if isinstance(outcome, AlreadyBooked | Overlaps):
            return _given_back(at, outcome)
        facts["book.called"] = [heard[0], heard[1], facts.get("book.other")]
        return _end(at, booking)
    if heard:
        return ask(say("booking.called", called=heard[0]), f"booking.called:{booking.id}", "yes_no", yes_no())
    if booking.attendee.name is None and facts.get("book.name_tries", 0) < TRIES:
        return ask(say("booking.name.again"), f"booking.name:{booking.id}", "name")
    return _end(at, booking)


def _end(at: Moment, booking: Booking) -> Reply:
    place = place_of(booking)
    if at.talk.facts.get("book.party") and booking.state == "booked" and place.free:
        return ask(say("booking.party"), f"booking.party:{place.slot.id}", "yes_no", yes_no("予約する", "いいえ"))
    values = {"start": when(place.slot.starts_at), "hall": venues()[place.offering.venue].short}
    mobile = booking.contact is not None and booking.contact_kind == "phone" and is_mobile(booking.contact)
    if not at.voice:
        name = "booking.end.line"
    elif booking.state == "waiting":
        name = "booking.end.waiting.sms" if mobile else "booking.end.waiting.call"
    elif mobile:
        name = "booking.end.sms"
    else:
        # P14: on a landline it is said twice.
        name = "booking.end.twice" if ear_length(say("booking.end.twice", **values).ear) <= 60 else "booking.end.once"
    reply = ask(say(name, **values), "else", "yes_no", ELSE)
    _close(at, booking)
    return reply


def _close(at: Moment, booking: Booking) -> None:
    at.case.settle("booked")
    at.talk.new_concern()


def _remember(at: Moment, booking: Booking, what: str) -> None:
    """For the history and for what comes next in this talk."""
    place = place_of(booking)
    at.talk.tell("book.made", booking.id)
    at.talk.trail, at.talk.changed = [], []  # what is done is not undone by 「戻る」
    at.talk.facts["book.last"] = booking.id
    other = f"（{at.talk.facts['book.other']}の分）" if at.talk.facts.get("book.other") else ""
    at.talk.facts["book.summary"] = f"{what}: {name_of(place.offering)} {day(place.slot.starts_at)} {place.offering.venue}{other} 予約番号{booking.number}"
    at.case.open(at.talk.facts.get("topic"))
    at.case.settle("booked", close=False)
    if booking.state == "booked":
        at.case.learning.booked(booking)


def _text(at: Moment, booking: Booking, line: str) -> None:
    """P14: in writing to a mobile phone."""
    if at.voice and booking.contact is not None and booking.contact_kind == "phone" and is_mobile(booking.contact):
        body = say(line, what=in_text(place_of(booking), booking.number)).eye[0]
        at.case.send(f"{line}:{booking.id}:{booking.changed_at:%Y%m%d%H%M%S%f}", "sms", booking.contact, {"body": body})


def _with_slip(at: Moment, booking: Booking, reply: Reply) -> Reply:
    if at.voice:
        return reply
    place = place_of(booking)
    if booking.state == "waiting":
        return reply
    return reply.with_(slip=slip("ご予約", place, booking.number), links=links(at, place))
