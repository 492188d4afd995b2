"""What was booked before: reading it, cancelling it, answering an offer of the waiting list; whose it is, ``identifying`` finds out."""

import re
from itertools import product

from flows.booking import identifying
from flows.booking import naming as booking_name
from flows.booking.proposals import propose
from flows.booking.telling import name_of, time_in_name, values_of
from flows.script.asking import EAR, ask, conclude, ear_length
from flows.script.dates import when
from flows.script.moment import Moment
from flows.script.replies import Reply, yes_no
from flows.script.wording import Line, say
from flows.steering.handover import hand_over
from helpdesk.booking.outcomes import Booked, Cancelled, Over
from helpdesk.booking.values import Held
from helpdesk.ward.venues import venues
from helpdesk.whole import whole
from nlu.entities import named

TOPICS = ("booking_check", "booking_change", "booking_cancel")
_NOT_NOW = re.compile(r"(?:なくて|しなくて|もう)いい|いらない|けっこう|結構|やめ")
_OFFERED = re.compile(r"(?:キャンセル待ち|空き待ち).*(?:連絡|空い|空き|出た|来た|もらっ)|空きが(?:出|で)た")


def is_about_offer(text: str) -> bool:
    """「キャンセル待ちの空きが出たと連絡をもらいました」."""
    return bool(_OFFERED.search(text))


def begin(at: Moment, topic: str) -> None:
    """What the first words tell about which booking is meant."""
    if topic in TOPICS:
        identifying.begin(at)


def take(at: Moment, name: str, rest: str) -> bool:
    """The answers by which a booking is found, and to what was asked about it. Whether this turn was one."""
    talk, meant = at.talk, at.understood
    if identifying.take(at, name):
        return True
    if name in ("booking.none", "booking.is_cancelled") and meant.choice is None and (meant.intent == "deny" or _NOT_NOW.search(at.turn.text)):
        talk.pick(name, "no")
        return True
    if name == "booking.none" and meant.choice is None and named(at.turn.text, "offer") and meant.intent not in ("ask_conditions", "ask_venue"):
        talk.tell("topic", "book")
        return False
    if name == "booking.again" and (meant.choice == "no" or meant.intent == "deny"):
        talk.tell("book.stop", True)
        return True
    if name == "booking.offered" and meant.choice in ("yes", "no"):
        talk.pick(name, [meant.choice, rest])
        return True
    if name in ("booking.cancel", "booking.none", "booking.is_cancelled") and meant.choice in ("yes", "no"):
        talk.pick(name, meant.choice)
        return True
    return False


def run(at: Moment) -> Reply | Held:
    """The booking that is to be changed, or the next thing to say."""
    answer = at.talk.picks.get("booking.none")
    if answer is not None:
        return _none(at, answer)
    found = identifying.find(at)
    if isinstance(found, Reply):
        return found
    if found.place.cancelled:
        return _session_cancelled(at, found)
    if found.state == "offered":
        return _offered(at, found)
    topic = at.talk.facts["topic"]
    if topic == "booking_change":
        return found
    return _cancel(at, found) if topic == "booking_cancel" else _check(at, found)


def _none(at: Moment, answer: str) -> Reply:
    """Who has no booking wants one, or does not."""
    if answer == "no":
        return conclude(at, say("anything_else"), "guided")
    at.talk.tell("topic", "book")
    from flows.booking import booking

    return booking.run(at)


def _check(at: Moment, booking: Held) -> Reply:
    at.talk.facts["book.last"] = booking.id
    if booking.state == "waiting":
        line = say("booking.is.waiting", position=str(at.case.reservations.position(booking)), **values_of(booking))
    else:
        line = say("booking.is", **values_of(booking))
    return booking_name.with_slip(at, booking, conclude(at, line, "guided"))


def _cancel(at: Moment, booking: Held) -> Reply:
    answer = at.talk.picks.get("booking.cancel")
    if answer is None:
        return ask(_whose(booking), "booking.cancel", "yes_no", yes_no("取り消す", "そのままにする"))
    if answer == "no":
        return conclude(at, say("booking.kept"), "guided")
    place = booking.place
    outcome = at.case.reservations.cancel(booking)
    if isinstance(outcome, Over):
        return hand_over(at, say("booking.begun"))
    if isinstance(outcome, Cancelled):
        at.talk.facts["book.summary"] = f"取り消し: {name_of(booking.place)} {when(place.starts_at)} 予約番号{booking.number}"
        booking_name.send_text(at, outcome.booking, "booking.sms.cancelled")
    at.talk.facts.pop("book.last", None)
    return conclude(at, say("booking.cancelled"), "guided")


def _whose(booking: Held) -> Line:
    """The name, what, when and where: the place by its short name when the whole one is too long for the ear."""
    values = values_of(booking)
    hall = venues()[booking.place.venue].short
    named = "booking.cancel.named" if booking.name else "booking.cancel"
    for name, venue in product((named, "booking.cancel"), (values["venue"], hall)):
        line = say(name, **(values | {"venue": venue, "called": booking.name or ""}))
        if ear_length(line.ear) <= EAR:
            return Line(line.ear, say("booking.cancel", **values).eye)
    return line


def _session_cancelled(at: Moment, booking: Held) -> Reply:
    answer = at.talk.picks.get("booking.is_cancelled")
    if answer == "yes":
        kind, level = booking.place.kind, booking.place.level or None
        at.case.reservations.cancel(booking)
        at.talk.drop("book.")
        at.talk.tell("topic", "book")
        at.talk.tell("book.kind", kind)
        at.talk.tell("book.level", level)
        from flows.booking import booking as booking_flow

        return booking_flow.run(at)
    if answer == "no":
        at.case.reservations.cancel(booking)
        return conclude(at, say("anything_else"), "guided")
    return ask(say("booking.is.cancelled", reason=booking.place.cancelled, **values_of(booking)), "booking.is_cancelled", "yes_no", yes_no())


def _offered(at: Moment, booking: Held) -> Reply:
    """The offer is asked about by its time: a yes is one to that time, not to the one to which the session was moved meanwhile."""
    answer, agreed = at.talk.picks.get("booking.offered") or (None, "")
    if answer is None or (answer == "yes" and agreed != start_of(booking)):
        moved = say("booking.moved") if answer == "yes" else None
        name = f"booking.offered:{start_of(booking)}"
        return ask(say("booking.offered", **values_of(booking)), name, "yes_no", yes_no("予約する", "見送る"), first=moved)
    return answer_offer(at, booking, answer == "yes")


def start_of(booking: Held) -> str:
    """The time of a booking within the name of a question: what a yes agrees to."""
    return time_in_name(booking.place.starts_at)


def answer_offer(at: Moment, booking: Held, takes: bool) -> Reply:
    """Yes or no to a place that became free."""
    at.case.open("book")
    place = booking.place
    if takes:
        outcome = at.case.reservations.accept(booking)
        if isinstance(outcome, Booked):
            summary = f"空き待ちから予約: {name_of(booking.place)} {when(place.starts_at)}"
            at.talk.facts |= {"book.last": booking.id, "topic": "book", "book.summary": summary}
            line = say("booking.accepted", start=when(place.starts_at), venue=booking.place.venue)
            return booking_name.with_slip(at, outcome.booking, conclude(at, line, "booked"))
    elif at.case.reservations.decline(booking):
        return conclude(at, say("booking.declined"), "guided")
    at.case.settle("guided")
    at.talk.new_concern()
    at.talk.tell("topic", "book")
    at.talk.tell("book.kind", booking.place.kind)
    return ask(say("booking.offer_over"), "booking.again", "yes_no", yes_no("探す", "いいえ"))


def tapped_offer(at: Moment) -> Reply | None:
    """A button under the message about a free place, whatever else is being talked about."""
    name, _, rest = (at.turn.tapped_ask or "").partition(":")
    known, _, agreed = rest.partition(":")
    number = whole(known) if name == "offer" else None
    booking = at.case.reservations.booking(number) if number is not None else None
    if booking is None or booking.contact != at.turn.address:
        return None
    at.case.settle("guided")
    at.talk.new_concern()
    takes = at.turn.tapped == "yes"
    if booking.place.cancelled and takes:
        return _others_instead(at, booking)
    if booking.state == "offered" and takes:
        at.case.open("book")
        at.talk.tell("topic", "booking_check")
        at.talk.tell("book.own", booking.id)
        at.talk.pick("booking.offered", ["yes", agreed])
        return _offered(at, booking)
    return answer_offer(at, booking, takes)


def _others_instead(at: Moment, booking: Held) -> Reply:
    """The session of an offer is off: nothing is booked, the next days are shown."""
    at.case.reservations.cancel(booking)
    at.case.open("book")
    at.talk.tell("topic", "book")
    at.talk.tell("book.kind", booking.place.kind)
    at.talk.tell("book.level", booking.place.level or None)
    return propose(at, prelude=say("booking.off"))
