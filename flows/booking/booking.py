"""Booking a place and changing it: what was said is used in any order; a yes books exactly what it was said to."""

from dataclasses import replace

from flows.booking import naming
from flows.booking.proposals import confirm, pick_list, propose
from flows.booking.shown import among_shown
from flows.booking.wish import KINDS, RULED_OUT, BookingFacts
from flows.booking.wish import hear as hear_wish
from flows.script.asking import another, ask
from flows.script.dates import mark
from flows.script.facts import Facts
from flows.script.flow import Flow, Switch
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import Reply
from flows.script.thresholds import SURE
from flows.steering.handover import hand_over
from helpdesk.booking.outcomes import AlreadyBooked, Booked, Gone, Overlaps, TooMany, Waiting
from helpdesk.booking.values import Held
from helpdesk.whole import whole
from nlu.cues import heard
from nlu.name_parts import is_introduction

MOST_TIMES = 3


def begin(at: Moment, facts: BookingFacts, before: str = "") -> None:
    """What the first words tell is not asked again."""
    hear_wish(at, facts, f"{before} {at.turn.text}" if before else at.turn.text)


def hear(at: Moment, facts: BookingFacts, question: Question) -> bool:
    """The answer to one of this flow's questions."""
    own = _HEARS.get(question.name) or naming.HEARS.get(question.name)
    taken = (
        own(at, facts, question.about)
        if own is not None
        else bool(at.said) and at.understood.choice is None and hear_wish(at, facts, at.said)
    )
    gives_up = at.understood.intent == "booking_cancel" and not (taken and at.understood.confidence < SURE)
    if at.talk.topic == "book" and facts.made is None and gives_up:
        facts.stop = True
        return True
    return taken


def _hear_confirm(at: Moment, facts: BookingFacts, about: str) -> bool:
    """The question's name has the slot and its time: a yes is one to that time, not to a later one."""
    meant, said = at.understood, at.said
    known, _, start = about.partition(":")
    slot, place = int(known), at.case.reservations.place(int(known))
    agrees, refuses = meant.choice == "yes", meant.choice == "no" or meant.intent in ("deny", "not_solved")
    if said and heard("booking.stop", said) and not agrees:
        facts.stop = True
    elif said and (not agrees or heard("booking.rather", said)) and hear_wish(at, facts, said):
        pass  # 「はい、でも15日がいい」 agrees to nothing yet
    elif agrees:
        as_asked = place is None or start in ("", mark(place.starts_at))
        setattr(facts, "agreed" if as_asked else "slot", slot)
    elif said and is_introduction(said):
        pass  # asked for later; the same place is offered again
    elif refuses or heard("booking.another_day", said):
        _refuse(facts, [slot])
    else:
        return False
    return True


def _hear_ruled_out(at: Moment, facts: BookingFacts, _about: str) -> bool:
    """Nothing is left of the hours and days that were not ruled out: all others, or none."""
    if at.understood.choice == "no":
        facts.stop = True
    elif at.understood.choice == "yes":
        for name in RULED_OUT:
            setattr(facts, name, BookingFacts.model_fields[name].default)
    else:
        return bool(at.said) and hear_wish(at, facts, at.said)
    return True


def _hear_kind(at: Moment, facts: BookingFacts, _about: str) -> bool:
    if at.understood.choice in KINDS:
        facts.kind = at.understood.choice
        hear_wish(at, facts, at.said)
        return True
    return bool(at.said) and at.understood.choice is None and hear_wish(at, facts, at.said)


def _hear_again(at: Moment, facts: BookingFacts, _about: str) -> bool:
    """Whether other days are looked for."""
    if at.understood.choice == "no" or at.understood.intent == "deny":
        facts.stop = True
        return True
    return at.understood.choice == "yes" or (bool(at.said) and hear_wish(at, facts, at.said))


def _hear_pick(at: Moment, facts: BookingFacts, _about: str) -> bool:
    choice, said = at.understood.choice, at.said
    shown = [int(one.id[2:]) for one in at.talk.choices if one.id.startswith("s:")]
    picked = among_shown(at, said, shown) if said and choice is None else None
    if choice and choice.startswith("s:"):
        picked = int(choice[2:])
    if picked is not None:
        facts.slot = picked
    elif choice and choice.startswith("w:"):
        facts.wait = int(choice[2:])
    elif said and heard("booking.stop", said):
        facts.stop = True
    elif said and (hear_wish(at, facts, said) or (choice is None and is_introduction(said))):
        pass
    elif choice in ("none", "no") or at.understood.intent == "deny":
        _refuse(facts, shown)
    else:
        return False
    return True


_HEARS = {
    "booking.confirm": _hear_confirm, "booking.pick": _hear_pick, "booking.ruled_out": _hear_ruled_out,
    "booking.kind": _hear_kind, "booking.again": _hear_again,
}  # fmt: skip


def _refuse(facts: BookingFacts, slots: list[int]) -> None:
    facts.refused = tuple(sorted({*facts.refused, *slots}))


def answer(at: Moment, facts: BookingFacts) -> Reply | Switch:
    """From the top: what is agreed is done, what is open is asked with concrete sessions."""
    return early(at, facts) or go_on(at, facts)


def early(at: Moment, facts: BookingFacts) -> Reply | None:
    """What comes before everything else: the name of what is held, and giving up."""
    if facts.made is not None:
        return naming.settle_name(at, facts)
    if facts.stop:
        at.case.settle("abandoned")
        at.talk.new_concern()
        return another(at, at.say("anything_else"), at.say("booking.stopped"))
    return None


def go_on(at: Moment, facts: BookingFacts, own: Held | None = None) -> Reply | Switch:
    """Search, offer, commit; ``own`` is the booking that is changed."""
    if own is not None:
        _as_before(facts, own)
    asked = _which_day(at, facts)
    if asked is not None:
        return asked
    if facts.agreed is not None:
        return _commit(at, facts, facts.agreed, own)
    if facts.wait is not None:
        return _wait(at, facts, facts.wait)
    own_slot = own.slot if own else None
    if facts.slot is not None:
        place = at.case.reservations.place(facts.slot)
        if place is not None and place.free:
            return confirm(at, place, own is not None)
        _lost(facts, facts.slot)
        return propose(at, facts, own_slot, at.say("booking.lost"))
    if own is None and at.talk.topic == "book" and not any((facts.kind, facts.venue, facts.days, facts.part)):
        return ask(at.say("booking.kind"), "booking.kind", "choice")
    if own is None and facts.kind == "consultation" and facts.refused:
        times = _other_times(at, facts)
        if times is not None:
            return times
    return propose(at, facts, own_slot)


def _as_before(facts: BookingFacts, own: Held) -> None:
    """What is not to be changed stays as it was booked."""
    if not facts.kind:
        facts.kind, facts.level = own.place.kind, own.place.level or None
    another_time = any((facts.time, facts.part, facts.since, facts.until, facts.edge))
    same_kind = facts.kind == own.place.kind
    if facts.same_day or (another_time and same_kind and not facts.days):
        facts.days = (own.place.starts_at.date(),)
        if same_kind and not facts.venue:
            facts.venue = own.place.venue
    facts.same_day = False


def _which_day(at: Moment, facts: BookingFacts) -> Reply | None:
    """A day that does not exist, or words that do not agree: asked back, nothing is guessed."""
    missing, clash = facts.missing, facts.clash
    facts.missing = facts.clash = None
    if missing:
        return ask(at.say("booking.day.missing", day=missing), "booking.day")
    return ask(at.say("booking.day.clash", day=clash), "booking.day") if clash else None


def _other_times(at: Moment, facts: BookingFacts) -> Reply | None:
    """Of a consultation on a day that was wished for, the other times of the same day come first."""
    place = at.case.reservations.place(facts.refused[-1])
    if place is None or not facts.days:
        return None
    wish = replace(facts.wish(), time=None)
    left = [one for one in at.case.reservations.slots_of(place.offering, wish) if one.slot not in facts.refused]
    return pick_list(at, left[:MOST_TIMES], "booking.several") if len(left) > 1 else None


def _lost(facts: BookingFacts, slot: int) -> None:
    facts.lost = tuple(sorted({*facts.lost, slot}))
    facts.agreed = facts.slot = None


def _commit(at: Moment, facts: BookingFacts, slot: int, own: Held | None) -> Reply | Switch:
    desk = at.case.reservations
    moving = own is not None and own.state == "booked"
    outcome = desk.change(own, slot) if own is not None and moving else desk.book(slot, facts.other)
    facts.agreed = facts.slot = None
    if isinstance(outcome, Booked):
        if own is not None and not moving:
            desk.cancel(own)
        return naming.booked(at, facts, outcome.booking, changed=moving)
    if isinstance(outcome, AlreadyBooked):
        return naming.already(at, facts, outcome.booking)
    if isinstance(outcome, Gone):
        return hand_over(at, at.say("booking.not_found"))
    if isinstance(outcome, TooMany):
        return naming.kept_wish(at, facts, outcome.place)
    _lost(facts, slot)
    lost = at.say("booking.overlaps" if isinstance(outcome, Overlaps) else "booking.lost")
    return propose(at, facts, own.slot if own else None, lost)


def _wait(at: Moment, facts: BookingFacts, offering: int) -> Reply:
    reached = naming.way_to_reach(at, facts)
    if reached is not None:
        return reached
    outcome = at.case.reservations.wait(offering, facts.other)
    facts.wait = None
    if isinstance(outcome, Waiting):
        return naming.waits(at, facts, outcome.booking, outcome.position)
    if isinstance(outcome, AlreadyBooked):
        return naming.already(at, facts, outcome.booking)
    if isinstance(outcome, TooMany):
        return naming.kept_wish(at, facts, outcome.place)
    return propose(at, facts, None, at.say("booking.lost"))


def stray(at: Moment, _facts: Facts, _question: Question) -> Switch | None:
    """A session's button in a list from before, while nothing else is talked about: that session is meant."""
    tapped = at.turn.tapped or ""
    slot = whole(tapped[2:]) if tapped.startswith("s:") else None
    if slot is None or at.talk.topic is not None:
        return None
    at.case.open("book")
    return Switch("book", BookingFacts(slot=slot))


def correct(at: Moment, facts: BookingFacts) -> Switch | None:
    """「やっぱり次の週にして」 right after it was booked."""
    if (
        facts.last is None
        or at.talk.topic
        or not at.said
        or at.understood.choice
        or not heard("booking.rather", at.said)
    ):
        return None
    if not hear_wish(at, facts, at.said):
        return None
    at.case.open("booking_change")
    return Switch("booking_change", BookingFacts(own=facts.last))


def summary(_at: Moment, facts: BookingFacts) -> str:
    """What was booked, or wished for."""
    return facts.summary


BOOKING = Flow(
    name="booking", facts=BookingFacts, answer=answer, begin=begin, hear=hear, correct=correct, stray=stray,
    summary=summary, sums_up=True,
    topics=frozenset({"book", "ask_schedule"}), at_stake=True, comes_back=lambda facts: facts.made is None,
    strays=frozenset({"booking.pick"}), beside_lists=frozenset({"booking.pick", "booking.confirm", "booking.kind"}),
    asks=frozenset({*_HEARS, *naming.HEARS, "booking.day"}),
)  # fmt: skip
