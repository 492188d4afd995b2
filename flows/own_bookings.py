"""What was booked before: finding it (P13), reading it, cancelling it, answering an offer of the waiting list."""

import re

from flows import booking_name
from flows.desk import Moment, ask, conclude
from flows.guidebook import OPTION_KEYS
from flows.handover import hand_over
from flows.proposals import label_of
from flows.replies import Choice, Reply, yes_no
from flows.sessions import name_of, place_of, sample_word, when, when_eye
from flows.wording import say
from helpdesk.booking.numbers import is_number
from helpdesk.booking.outcomes import Booked, Cancelled, Over
from helpdesk.programme.tables import ACTIVE, Booking
from helpdesk.whole import whole
from nlu.entities import named
from nlu.names import name_in

TOPICS = ("booking_check", "booking_change", "booking_cancel")
TRIES = 2
_NO_NUMBER = re.compile(r"番号.*(?:分か|わか|忘れ|ない|なくし|覚え|控え)|(?:分か|わか)(?:ら|ん)|忘れ|覚えて(?:い)?ない|手元に")
_NOT_NOW = re.compile(r"(?:なくて|しなくて|もう)いい|いらない|けっこう|結構|やめ")
_OFFERED = re.compile(r"(?:キャンセル待ち|空き待ち).*(?:連絡|空い|空き|出た|来た|もらっ)|空きが(?:出|で)た")


def is_about_offer(text: str) -> bool:
    """「キャンセル待ちの空きが出たと連絡をもらいました」."""
    return bool(_OFFERED.search(text))


def begin(at: Moment, topic: str) -> None:
    """In a talk in which something was just booked, that is what is meant."""
    last = at.talk.facts.get("book.last")
    booking = at.case.reservations.booking(last) if topic in TOPICS and last else None
    if booking is not None and booking.state in ACTIVE and at.voice:
        at.talk.tell("book.own", booking.id)
    digits = re.search(r"(?<!\d)\d{5}(?!\d)", at.turn.text)
    if topic in TOPICS and digits:
        _by_number(at, digits.group())


def take(at: Moment, name: str, rest: str) -> bool:
    """The answers by which a booking is found, and to what was asked about it. Whether this turn was one."""
    talk, meant = at.talk, at.understood
    if name == "booking.number":
        if meant.digits:
            _by_number(at, meant.digits)
        elif meant.intent in ("dont_know", "deny") or _NO_NUMBER.search(at.turn.text):
            talk.tell("own.tries", TRIES)
        elif named(at.turn.text, "offer") and talk.facts.get("topic") != "booking_change":
            # Whoever names what to come to wants a new place.
            at.case.withdraw_topic()
            talk.tell("topic", "book")
            at.case.open("book")
            return False
        else:
            return False
        return True
    if name == "booking.whose":
        found = name_in(at.turn.text) if at.turn.heard == "said" and meant.intent == "nlu_fallback" else None
        if found is None and meant.intent not in ("dont_know", "deny", "nlu_fallback"):
            return False
        talk.tell("own.reading", found.reading if found else "")
        return True
    if name == "booking.last_four":
        talk.tell("own.four", (meant.digits or "")[-4:])
        return True
    if name == "booking.which" and meant.choice and meant.choice.startswith("b:"):
        talk.tell("book.own", int(meant.choice[2:]))
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
    if name in ("booking.cancel", "booking.offered", "booking.none", "booking.is_cancelled") and meant.choice in ("yes", "no"):
        talk.pick(name, meant.choice)
        return True
    return False


def _by_number(at: Moment, digits: str) -> None:
    found = at.case.reservations.by_number(digits) if is_number(digits) else None
    if found is not None:
        at.talk.tell("book.own", found.id)
    else:
        at.talk.tell("own.tries", at.talk.facts.get("own.tries", 0) + 1)


def run(at: Moment) -> Reply | Booking:
    """The booking that is to be changed, or the next thing to say."""
    found = _find(at)
    if isinstance(found, Reply):
        return found
    if found.state == "offered":
        return _offered(at, found)
    topic = at.talk.facts["topic"]
    if found.offering.cancelled:
        return _session_cancelled(at, found)
    if topic == "booking_change":
        return found
    return _cancel(at, found) if topic == "booking_cancel" else _check(at, found)


def _find(at: Moment) -> Reply | Booking:
    facts, desk = at.talk.facts, at.case.reservations
    own = desk.booking(facts["book.own"]) if facts.get("book.own") else None
    if own is not None and own.state in ACTIVE:
        return own
    if not at.voice:
        mine = desk.mine()
    elif facts.get("own.reading"):
        mine = desk.by_name(facts["own.reading"], facts.get("own.four"))
        if not mine and facts.get("own.four") is None:
            return ask(say("booking.last_four"), "booking.last_four", "number")
    elif facts.get("own.tries", 0) >= TRIES and facts.get("own.reading") is None:
        return ask(say("booking.whose"), "booking.whose", "name")
    elif facts.get("own.reading") == "":
        mine = []
    else:
        return ask(say("booking.number.again" if facts.get("own.tries") else "booking.number"), "booking.number", "number")
    if len(mine) == 1:
        return mine[0]
    if not mine:
        return hand_over(at, say("booking.not_found")) if at.voice else _none(at)
    labels = [label_of(place_of(one)) for one in mine]
    choices = tuple(
        Choice(id=f"b:{one.id}", label=label if labels.count(label) == 1 else f"{one.attendee.name or 'お名前なし'}さん {label.split(' ')[0]}"[:20], key=key, ear=f"{place_of(one).slot.starts_at.month}月{place_of(one).slot.starts_at.day}日",
               words=(name_of(one.offering), one.offering.venue))
        for one, label, key in zip(mine, labels, OPTION_KEYS, strict=False)
    )  # fmt: skip
    return ask(say("booking.which"), "booking.which", "choice", choices)


def _none(at: Moment) -> Reply:
    answer = at.talk.picks.get("booking.none")
    if answer == "yes":
        at.talk.tell("topic", "book")
        from flows import booking

        return booking.run(at)
    if answer == "no":
        return conclude(at, say("anything_else"), "guided")
    return ask(say("booking.none"), "booking.none", "yes_no", yes_no("予約する", "いいえ"))


def values_of(booking: Booking) -> dict[str, str]:
    """What lines say about a booking."""
    place = place_of(booking)
    what = sample_word(booking.offering) + name_of(booking.offering)
    return {"what": what, "start": when(place.slot.starts_at), "when_eye": when_eye(place), "venue": booking.offering.venue}


def _check(at: Moment, booking: Booking) -> Reply:
    at.talk.facts["book.last"] = booking.id
    if booking.state == "waiting":
        line = say("booking.is.waiting", position=str(at.case.reservations.position(booking)), **values_of(booking))
    else:
        line = say("booking.is", **values_of(booking))
    return booking_name.with_slip(at, booking, conclude(at, line, "guided"))


def _cancel(at: Moment, booking: Booking) -> Reply:
    answer = at.talk.picks.get("booking.cancel")
    if answer is None:
        return ask(say("booking.cancel", **values_of(booking)), "booking.cancel", "yes_no", yes_no("取り消す", "そのままにする"))
    if answer == "no":
        return conclude(at, say("booking.kept"), "guided")
    place = place_of(booking)
    outcome = at.case.reservations.cancel(booking)
    if isinstance(outcome, Over):
        return hand_over(at, say("booking.begun"))
    if isinstance(outcome, Cancelled):
        at.talk.facts["book.summary"] = f"取り消し: {name_of(booking.offering)} {when(place.slot.starts_at)} 予約番号{booking.number}"
        booking_name.send_text(at, booking, "booking.sms.cancelled")
    at.talk.facts.pop("book.last", None)
    return conclude(at, say("booking.cancelled"), "guided")


def _session_cancelled(at: Moment, booking: Booking) -> Reply:
    answer = at.talk.picks.get("booking.is_cancelled")
    if answer == "yes":
        kind, level = booking.offering.kind, booking.offering.level or None
        at.case.reservations.cancel(booking)
        at.talk.drop("book.")
        at.talk.tell("topic", "book")
        at.talk.tell("book.kind", kind)
        at.talk.tell("book.level", level)
        from flows import booking as booking_flow

        return booking_flow.run(at)
    if answer == "no":
        at.case.reservations.cancel(booking)
        return conclude(at, say("anything_else"), "guided")
    return ask(say("booking.is.cancelled", reason=booking.offering.cancelled, **values_of(booking)), "booking.is_cancelled", "yes_no", yes_no())


def _offered(at: Moment, booking: Booking) -> Reply:
    answer = at.talk.picks.get("booking.offered")
    if answer is None:
        return ask(say("booking.offered", **values_of(booking)), "booking.offered", "yes_no", yes_no("予約する", "見送る"))
    return answer_offer(at, booking, answer == "yes")


def answer_offer(at: Moment, booking: Booking, takes: bool) -> Reply:
    """Yes or no to a place that became free."""
    at.case.open("book")
    place = place_of(booking)
    if takes:
        outcome = at.case.reservations.accept(booking)
        if isinstance(outcome, Booked):
            at.talk.facts |= {"book.last": booking.id, "topic": "book", "book.summary": f"空き待ちから予約: {name_of(booking.offering)} {when(place.slot.starts_at)}"}
            line = say("booking.accepted", start=when(place.slot.starts_at), venue=booking.offering.venue)
            return booking_name.with_slip(at, booking, conclude(at, line, "booked"))
    elif at.case.reservations.decline(booking) or booking.state == "declined":
        return conclude(at, say("booking.declined"), "guided")
    at.case.settle("guided")
    at.talk.new_concern()
    at.talk.tell("topic", "book")
    at.talk.tell("book.kind", booking.offering.kind)
    return ask(say("booking.offer_over"), "booking.again", "yes_no", yes_no("探す", "いいえ"))


def tapped_offer(at: Moment) -> Reply | None:
    """A button under the message about a free place, whatever else is being talked about."""
    name, _, rest = (at.turn.tapped_ask or "").partition(":")
    number = whole(rest) if name == "offer" else None
    booking = at.case.reservations.booking(number) if number is not None else None
    if booking is None or booking.contact != at.turn.address:
        return None
    at.case.settle("guided")
    at.talk.new_concern()
    return answer_offer(at, booking, at.turn.tapped == "yes")
