"""What was booked before: reading it, cancelling it, answering an offer of the waiting list.

Whose it is, ``identifying`` finds out.
"""

from itertools import product

from flows.booking import booking, naming
from flows.booking.identifying import OwnFacts, find
from flows.booking.identifying import begin as begin_identifying
from flows.booking.identifying import hear as hear_identity
from flows.booking.proposals import propose
from flows.booking.telling import values_of, with_slip
from flows.booking.wish import BookingFacts
from flows.booking.wish import hear as hear_wish
from flows.script.asking import EAR, ask, conclude, ear_length
from flows.script.dates import mark, when
from flows.script.flow import Flow, Heard, Switch
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import Reply
from flows.script.wording import Saying
from flows.steering.handover import hand_over
from helpdesk.booking.outcomes import Booked, Cancelled, Over
from helpdesk.booking.values import Held
from helpdesk.whole import whole
from nlu.cues import heard
from nlu.entities import named

CHANGE, CANCEL = "booking_change", "booking_cancel"
YES_NO_QUESTIONS = {"booking.cancel": "cancel", "booking.none": "none", "booking.is_cancelled": "is_cancelled"}


def begin(at: Moment, facts: OwnFacts, before: str = "") -> None:
    """What the first words tell: which booking is meant, and for a change what it is to become."""
    if at.talk.topic == CHANGE:
        booking.begin(at, at.talk.of(BookingFacts), before)
    begin_identifying(at, facts)


def hear(at: Moment, facts: OwnFacts, question: Question) -> Heard:
    """The answers by which a booking is found, and to what was asked about it."""
    found = hear_identity(at, facts, question)
    if found:
        return found
    meant, name = at.understood, YES_NO_QUESTIONS.get(question.name)
    refused = meant.intent == "deny" or heard("own.not_now", at.turn.text)
    if name in ("none", "is_cancelled") and meant.choice is None and refused:
        setattr(facts, name, "no")
        return True
    offer = named(at.turn.text, "offer") and meant.intent not in ("ask_conditions", "ask_venue")
    if name == "none" and meant.choice is None and offer:
        return Switch("book", hears=True)
    if question.name == "booking.offered" and meant.choice in ("yes", "no"):
        facts.offered = (meant.choice, question.about)
        return True
    if name is not None and meant.choice in ("yes", "no"):
        setattr(facts, name, meant.choice)
        return True
    wish = at.talk.of(BookingFacts)
    return bool(at.said) and meant.choice is None and hear_wish(at, wish, at.said)


def answer(at: Moment, facts: OwnFacts) -> Reply | Switch:
    """From the top: which booking, then what is to happen with it."""
    wish = at.talk.of(BookingFacts)
    settled = booking.early(at, wish)
    if settled is not None:
        return settled
    if facts.none is not None:
        return conclude(at, at.say("anything_else"), "guided") if facts.none == "no" else Switch("book")
    found = find(at, facts)
    if isinstance(found, Reply):
        return found
    if found.place.cancelled:
        return _session_cancelled(at, facts, found)
    if found.state == "offered":
        return _offered(at, facts, found)
    if at.talk.topic == CHANGE:
        return booking.go_on(at, wish, found)
    return _cancel(at, facts, found) if at.talk.topic == CANCEL else _check(at, found)


def _check(at: Moment, held: Held) -> Reply:
    at.talk.of(BookingFacts).last = held.id
    values = values_of(at.ward, held.place)
    line = (
        at.say("booking.is.waiting", position=str(at.case.reservations.position(held)), **values)
        if held.state == "waiting"
        else at.say("booking.is", **values)
    )
    return with_slip(at, held, conclude(at, line, "guided"))


def _cancel(at: Moment, facts: OwnFacts, held: Held) -> Reply:
    if facts.cancel is None:
        return ask(_whose(at, held), "booking.cancel", "yes_no")
    if facts.cancel == "no":
        return conclude(at, at.say("booking.kept"), "guided")
    outcome, wish = at.case.reservations.cancel(held), at.talk.of(BookingFacts)
    if isinstance(outcome, Over):
        return hand_over(at, at.say("booking.begun"))
    if isinstance(outcome, Cancelled):
        name = at.ward.level(held.place.kind, held.place.level).name
        wish.summary = at.label(
            "summary.cancelled", name=name, start=when(held.place.starts_at), number=held.number
        ).eye
        naming.send_text(at, wish, outcome.booking, "booking.sms.cancelled")
    wish.last = None
    return conclude(at, at.say("booking.cancelled"), "guided")


def _whose(at: Moment, held: Held) -> Saying:
    """The name, what, when and where: the place by its short name when the whole one is too long for the ear."""
    values = values_of(at.ward, held.place) | {"called": held.name or ""}
    shown = at.say("booking.cancel", **values)
    named_line = "booking.cancel.named" if held.name else "booking.cancel"
    ear = shown.ear
    for name, venue in product((named_line, "booking.cancel"), (values["venue"], values["hall"])):
        ear = at.say(name, **(values | {"venue": venue})).ear
        if ear_length(ear) <= EAR:
            break
    return Saying(ear, shown.eye, shown.choices)


def _session_cancelled(at: Moment, facts: OwnFacts, held: Held) -> Reply | Switch:
    if facts.is_cancelled is None:
        line = at.say("booking.is.cancelled", reason=held.place.cancelled, **values_of(at.ward, held.place))
        return ask(line, "booking.is_cancelled", "yes_no")
    at.case.reservations.cancel(held)
    if facts.is_cancelled == "no":
        return conclude(at, at.say("anything_else"), "guided")
    at.talk.of(BookingFacts).forget()
    return Switch("book", BookingFacts(kind=held.place.kind, level=held.place.level or None))


def _offered(at: Moment, facts: OwnFacts, held: Held) -> Reply:
    """The offer is asked about by its time: a yes is one to that time, not to a later one."""
    said, agreed = facts.offered or (None, "")
    if said is None or (said == "yes" and agreed != mark(held.place.starts_at)):
        moved = at.say("booking.moved") if said == "yes" else None
        line = at.say("booking.offered", **values_of(at.ward, held.place))
        return ask(line, f"booking.offered:{mark(held.place.starts_at)}", "yes_no", first=moved)
    return _answer_offer(at, held, said == "yes")


def _answer_offer(at: Moment, held: Held, takes: bool) -> Reply:
    """Yes or no to a place that became free."""
    at.case.open("book")
    start = when(held.place.starts_at)
    if takes:
        outcome = at.case.reservations.accept(held)
        if isinstance(outcome, Booked):
            wish, name = at.talk.of(BookingFacts), at.ward.level(held.place.kind, held.place.level).name
            at.talk.topic, wish.last, wish.summary = (
                "book",
                held.id,
                at.label("summary.accepted", name=name, start=start).eye,
            )
            line = at.say("booking.accepted", start=start, venue=held.place.venue)
            return with_slip(at, outcome.booking, conclude(at, line, "booked"))
    elif at.case.reservations.decline(held) or held.state == "declined":
        return conclude(at, at.say("booking.declined"), "guided")
    at.case.settle("guided")
    at.talk.new_concern()
    at.talk.topic, at.talk.of(BookingFacts).kind = "book", held.place.kind
    return ask(at.say("booking.offer_over"), "booking.again", "yes_no")


def stray(at: Moment, facts: OwnFacts, question: Question) -> Reply | Switch | None:
    """A button under the message about a free place, whatever else is being talked about."""
    known, _, agreed = question.about.partition(":")
    number = whole(known)
    held = at.case.reservations.booking(number) if number is not None else None
    if held is None or held.contact != at.turn.address:
        return None
    at.case.settle("guided")
    at.talk.new_concern()
    takes = at.turn.tapped == "yes"
    if held.place.cancelled and takes:
        return _others_instead(at, held)
    if held.state == "offered" and takes:
        at.case.open("book")
        at.talk.topic, at.talk.of(BookingFacts).own, facts.offered = "booking_check", held.id, ("yes", agreed)
        return _offered(at, facts, held)
    return _answer_offer(at, held, takes)


def _others_instead(at: Moment, held: Held) -> Reply:
    """The session of an offer is off: nothing is booked, the next days are shown."""
    at.case.reservations.cancel(held)
    at.case.open("book")
    wish = at.talk.of(BookingFacts)
    at.talk.topic, wish.kind, wish.level = "book", held.place.kind, held.place.level or None
    return propose(at, wish, prelude=at.say("booking.off"))


OWN = Flow(
    name="own", facts=OwnFacts, answer=answer, begin=begin, hear=hear, at_stake=True,
    strays=frozenset({"offer"}), stray=stray,
    topics=frozenset({"booking_check", CHANGE, CANCEL}), comes_back=lambda _facts: True,
    asks=frozenset(
        {"booking.number", "booking.whose", "booking.last_four", "booking.which", "booking.offered", *YES_NO_QUESTIONS}
    ),
)  # fmt: skip
