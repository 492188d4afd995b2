"""After the place is held: whose it is, and telling once more what was agreed (P9, P14)."""

from flows.booking.telling import in_text, links, name_of, slip
from flows.booking.wish import hear
from flows.script.asking import EAR, ask, conclude, ear_length
from flows.script.dates import day, when
from flows.script.moment import Moment
from flows.script.replies import Reply, yes_no
from flows.script.wording import Line, say
from flows.steering.handover import call_back, missing_in, number_told, once_more
from helpdesk.booking.outcomes import AlreadyBooked, Booked, Overlaps
from helpdesk.booking.spoken_number import spoken_number
from helpdesk.booking.values import Held
from helpdesk.programme.values import Place
from helpdesk.telephone import spoken
from helpdesk.ward.venues import venues
from nlu.names import instead, name_in

TRIES = 2
"""After so many the name is left to staff: no third question."""
SURE = 0.80
ELSEWHERE = ("booking_cancel", "handoff_human", "callback_request", "goodbye")
"""What is clearly one of these, or a trouble, is no attempt to say a name."""


def take(at: Moment, name: str, rest: str) -> bool:
    """The name, or the yes to it, or the telephone number for news. Whether this turn was about one of them."""
    talk, meant = at.talk, at.understood
    if name == "booking.phone":
        _take_phone(at)
        return True
    if name == "booking.told":
        if meant.choice not in ("yes", "no"):
            return False
        told = talk.facts.pop("book.told", None)
        if meant.choice == "yes":
            talk.facts["book.phone"] = told
        else:
            _not_this_phone(at, None)
        return True
    if name == "booking.name":
        found = name_in(at.turn.text) if at.turn.heard == "said" and meant.choice is None and meant.intent == "nlu_fallback" else None
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
        again = instead(at.turn.text) if at.turn.heard == "said" else None
        other = again is not None and [again.written, again.reading] != (talk.facts.get("book.heard") or [])[:2]
        if again is not None and other and (meant.choice is None or meant.engine == "rules"):
            talk.tell("book.heard", [again.written, again.reading])
        elif meant.choice == "yes" or meant.intent == "affirm" or (again is not None and meant.choice != "no" and meant.intent != "deny"):
            talk.tell("book.named", True)
        elif meant.choice == "no" or meant.intent in ("deny", "dont_know", "not_solved"):
            talk.tell("book.heard", None)
            talk.tell("book.name_tries", talk.facts.get("book.name_tries", 0) + 1)
        else:
            return False
        return True
    return False


def _take_phone(at: Moment) -> None:
    """Facts are set without clearing picks: the wish to wait is meant."""
    digits = at.understood.digits or ""
    number, trouble = number_told(digits)
    if number is None:
        at.talk.facts["number_lacks"] = missing_in(digits)
        _not_this_phone(at, trouble)
    else:
        at.talk.facts["book.told"] = number


def _not_this_phone(at: Moment, trouble: str | None) -> None:
    facts = at.talk.facts
    facts["number_trouble"], facts["number_tries"] = trouble, facts.get("number_tries", 0) + 1
    if facts["number_tries"] >= TRIES:
        facts["book.unreachable"] = True


def way_to_reach(at: Moment) -> Reply | None:
    """Who waits has to be told: a withheld number is asked for, and read back."""
    facts = at.talk.facts
    if at.turn.address is not None or facts.get("book.unreachable"):
        return None
    if facts.get("book.phone"):
        at.case.reservations.reach_at(facts["book.phone"])
        return None
    if facts.get("book.told"):
        return ask(say("number.told", number=spoken(facts["book.told"])), "booking.told", "yes_no", yes_no())
    return ask(once_more(facts) if facts.get("number_tries") else say("booking.phone"), "booking.phone", "digits")


def kept_wish(at: Moment, place: Place) -> Reply:
    """More seats than one person may hold: no seat is taken, staff confirm the wish and call back; said plainly."""
    other = f"（{at.talk.facts['book.other']}の分）" if at.talk.facts.get("book.other") else ""
    at.talk.facts["book.summary"] = f"席の希望（まだ予約ではない・上限を超えるため担当者の確認待ち）: {name_of(place)} {day(place.starts_at)} {place.venue}{other}"
    at.talk.facts["book.kept"] = True
    at.case.open(at.talk.facts.get("topic"))
    at.talk.tell("person", "wanted")
    return call_back(at, say("booking.too_many"))


def booked(at: Moment, booking: Held, changed: bool) -> Reply:
    """The place is held: say so with the number, then ask whose it is unless that is known."""
    named = _name_told_before(at, booking)
    if isinstance(named, AlreadyBooked | Overlaps):
        return _given_back(at, named)
    booking = named.booking if named is not None else booking
    _remember(at, booking, "変更" if changed else "予約")
    if changed:
        send_text(at, booking, "booking.sms.changed")
        return _changed(at, booking)
    send_text(at, booking, "booking.sms")
    return _then_name(at, booking, "booking.done")


def waits(at: Moment, booking: Held, position: int) -> Reply:
    """On the waiting list."""
    named = _name_told_before(at, booking)
    if isinstance(named, AlreadyBooked | Overlaps):
        return _given_back(at, named)
    booking = named.booking if named is not None else booking
    _remember(at, booking, "空き待ち")
    return _then_name(at, booking, "booking.waiting", position=str(position))


def _then_name(at: Moment, booking: Held, line: str, **values: str) -> Reply:
    known = booking.name
    number = spoken_number(booking.number)
    if known and at.talk.facts.get("book.party") and booking.state == "booked":
        return with_slip(at, booking, _end(at, booking))
    if known:
        return with_slip(at, booking, conclude(at, say(f"{line}.known", code=number, **values), "booked"))
    reply = ask(say(line, code=number, **values), f"booking.name:{booking.id}", "name")
    return with_slip(at, booking, reply)


def _name_told_before(at: Moment, booking: Held) -> Booked[Held] | AlreadyBooked[Held] | Overlaps[Held] | None:
    """Within one talk a name is told once: the booking is that person's at once. None when no name was told for this person."""
    called = at.talk.facts.get("book.called")
    if booking.name or not called or called[2] != at.talk.facts.get("book.other"):
        return None
    return at.case.reservations.give_name(booking, called[0], called[1])


def _given_back(at: Moment, outcome: AlreadyBooked[Held] | Overlaps[Held]) -> Reply:
    """The person has that place, or sits elsewhere then: the new place was given back."""
    if isinstance(outcome, AlreadyBooked):
        return already(at, outcome.booking)
    return conclude(at, say("booking.elsewhere"), "guided")


def _changed(at: Moment, booking: Held) -> Reply:
    line = say("booking.changed", start=when(booking.place.starts_at))
    if booking.name is None and at.talk.facts.get("book.name_tries", 0) < TRIES:
        asked = say("booking.done", code=spoken_number(booking.number))
        reply = ask(Line((line.ear[0], asked.ear[-1]), (line.eye[0], asked.eye[-1])), f"booking.name:{booking.id}", "name")
        return with_slip(at, booking, reply)
    return with_slip(at, booking, conclude(at, line, "booked"))


def already(at: Moment, booking: Held) -> Reply:
    """The person has this place: that is what is said, with its number."""
    at.talk.facts["book.last"] = booking.id
    return conclude(at, say("booking.already", code=spoken_number(booking.number) if at.voice else booking.number), "booked")


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
    if booking.name is None and facts.get("book.name_tries", 0) < TRIES:
        return ask(say("booking.name.again"), f"booking.name:{booking.id}", "name")
    return _end(at, booking)


def _end(at: Moment, booking: Held) -> Reply:
    place = booking.place
    if at.talk.facts.get("book.party") and booking.state == "booked" and place.free:
        return ask(say("booking.party"), f"booking.party:{place.slot}", "yes_no", yes_no("予約する", "いいえ"))
    values = {"start": when(place.starts_at), "hall": venues()[place.venue].short}
    if not at.voice:
        name = "booking.end.line"
    elif booking.state == "waiting":
        name = "booking.end.waiting.sms" if booking.mobile else "booking.end.waiting.call"
    elif at.talk.facts.get("book.texted") == "sent":
        name = "booking.end.sms"
    else:
        # P14: on a landline, and where the limit of SMS is reached, it is said twice.
        name = "booking.end.twice" if ear_length(say("booking.end.twice", **values).ear) <= EAR else "booking.end.once"
    return conclude(at, say(name, **values), "booked")


def _remember(at: Moment, booking: Held, what: str) -> None:
    """For the history and for what comes next in this talk."""
    place = booking.place
    at.talk.tell("book.made", booking.id)
    at.talk.trail, at.talk.changed = [], []  # what is done is not undone by 「戻る」
    at.talk.facts["book.last"] = booking.id
    other = f"（{at.talk.facts['book.other']}の分）" if at.talk.facts.get("book.other") else ""
    at.talk.facts["book.summary"] = f"{what}: {name_of(place)} {day(place.starts_at)} {place.venue}{other} 予約番号{booking.number}"
    at.case.open(at.talk.facts.get("topic"))
    at.case.settle("booked", close=False)
    if booking.state == "booked":
        at.case.learning.booked(booking)


def send_text(at: Moment, booking: Held, line: str) -> None:
    """P14: in writing to a mobile phone."""
    if at.voice and booking.mobile:
        body = say(line, what=in_text(booking.place, booking.number)).eye[0]
        key = f"{line}:{booking.id}:{booking.changed_at:%Y%m%d%H%M%S%f}"
        at.talk.facts["book.texted"] = at.case.text(key, booking.mobile, body, confirmed=True)


def with_slip(at: Moment, booking: Held, reply: Reply) -> Reply:
    """On LINE with the card of a place that is held."""
    if at.voice or booking.state == "waiting":
        return reply
    place = booking.place
    return reply.with_(slip=slip("ご予約", place, booking.number), links=links(at, place))
