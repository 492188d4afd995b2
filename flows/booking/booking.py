"""Booking a place and changing it: whatever was said is used, in whatever order; a yes books exactly what it was said to."""

import re
from dataclasses import replace
from typing import Any

from flows.booking import naming as booking_name
from flows.booking import own_bookings
from flows.booking.proposals import confirm, pick_list, propose, wish_of
from flows.booking.telling import time_in_name
from flows.booking.wish import RULED_OUT, hear, is_introduction
from flows.script.asking import another, ask
from flows.script.moment import Moment
from flows.script.replies import OPTION_KEYS, Choice, Reply
from flows.script.wording import say
from flows.steering.handover import hand_over
from helpdesk.booking.outcomes import AlreadyBooked, Booked, Full, Gone, Over, Overlaps, TooMany, Waiting
from helpdesk.booking.values import Held
from helpdesk.whole import whole
from nlu.entities import named
from nlu.time_words import WEEKDAYS, time_words

TOPICS = ("book", "booking_change", "ask_schedule")
_STOP = re.compile(r"やめ(?:ます|る|て|とく|た)|予約(?:は|し)(?:いい|なくて|ません|ない)|いらない|けっこう|結構")
_RATHER = re.compile(r"やっぱ|じゃなくて|ではなくて|でなくて|変え|間違|ほうが|方が|にして|違")
_DATES = re.compile(r"日にち|日程|いつ|知らせ|教えて|聞きたい|予約|申し込")
KINDS_ASKED = {"ask_class": "class", "ask_consultation": "consultation", "ask_event": "event"}
"""Labels that ask about one kind of session."""
_KINDS = (
    Choice(id="class", label="講習会", key=OPTION_KEYS[0], ear="講習会", words=("講習", "教室", "講座"), intent="ask_class"),
    Choice(id="consultation", label="相談会", key=OPTION_KEYS[1], ear="相談会", words=("相談", "一対一"), intent="ask_consultation"),
    Choice(id="event", label="体験会", key=OPTION_KEYS[2], ear="体験会", words=("体験", "イベント"), intent="ask_event"),
)


def begin(at: Moment, topic: str, before: str = "") -> None:
    """What the first words tell is not asked again."""
    if topic in TOPICS:
        hear(at, f"{before} {at.turn.text}" if before else at.turn.text)
    own_bookings.begin(at, topic)


def take(at: Moment) -> None:
    """The answer to one of this flow's questions, or a correction of what was just booked."""
    talk, meant = at.talk, at.understood
    name, _, rest = talk.ask.partition(":")
    if at.heard_facts:
        return
    if talk.facts.get("topic") not in (*TOPICS, *own_bookings.TOPICS) and not name.startswith(("booking.", "answer.next")):
        _correction(at)
        return
    if own_bookings.take(at, name, rest) or booking_name.take(at, name, rest):
        at.heard_facts = True
        return
    said = at.turn.text if at.turn.heard == "said" else ""
    if name == "booking.confirm":
        _answer_confirm(at, rest, said)
    elif name == "booking.pick":
        _answer_pick(at, said)
    elif name == "answer.next" and said and (hear(at, said) or (meant.choice is None and _DATES.search(said))):
        talk.tell("book.kind", talk.facts.get("book.kind") or KINDS_ASKED.get(str(talk.facts.get("topic"))))
        talk.tell("topic", "book")
        at.heard_facts = True
    elif name == "booking.ruled_out" and meant.choice in ("yes", "no"):
        _answer_ruled_out(at)
    elif name == "booking.kind" and meant.choice in ("class", "consultation", "event"):
        talk.tell("book.kind", meant.choice)
        hear(at, said)
        at.heard_facts = True
    elif said and meant.choice is None:
        at.heard_facts = hear(at, said)
    if talk.facts.get("topic") == "book" and not talk.facts.get("book.made") and meant.intent == "booking_cancel":
        talk.tell("book.stop", True)
        at.heard_facts = True


def tapped_earlier(at: Moment) -> Reply | None:
    """A session's button in a list from before, while nothing else is talked about: that session is meant."""
    talk, asked, slot = at.talk, at.turn.tapped_ask or "", at.turn.tapped or ""
    if (
        asked == talk.ask
        or talk.facts.get("topic")
        or not slot.startswith("s:")
        or whole(slot[2:]) is None
        or not asked.startswith(("booking.pick", "path.first", "path.practice"))
    ):
        return None
    talk.tell("topic", "book")
    at.case.open("book")
    talk.pick("slot", whole(slot[2:]))
    return run(at)


def _correction(at: Moment) -> None:
    """「やっぱり次の週にして」 right after it was booked."""
    last = at.talk.facts.get("book.last")
    if last is None or at.turn.heard != "said" or at.talk.facts.get("topic") or at.understood.choice or not _RATHER.search(at.turn.text):
        return
    if hear(at, at.turn.text):
        at.talk.tell("topic", "booking_change")
        at.talk.tell("book.own", last)
        at.case.open("booking_change")
        at.heard_facts = True


def _answer_confirm(at: Moment, rest: str, said: str) -> None:
    """``rest`` of the question's name is the slot and its time: a yes is one to that time, not to one to which it was moved since."""
    talk, meant = at.talk, at.understood
    known, _, start = rest.partition(":")
    slot_id, place = int(known), at.case.reservations.place(int(known))
    agrees, refuses = meant.choice == "yes", meant.choice == "no" or meant.intent in ("deny", "not_solved")
    if said and _STOP.search(said) and not agrees:
        talk.tell("book.stop", True)
        at.heard_facts = True
    elif said and (not agrees or _RATHER.search(said)) and hear(at, said):
        at.heard_facts = True  # 「はい、でも15日がいい」 agrees to nothing yet
    elif agrees:
        as_asked = place is None or start in ("", time_in_name(place.starts_at))
        talk.pick("agreed" if as_asked else "slot", slot_id)
        at.heard_facts = True
    elif said and is_introduction(said):
        at.heard_facts = True  # asked for later; the same place is offered again
    elif refuses or re.search(r"ほかの|別の|違う日", said):
        _refuse(at, [slot_id])


def _answer_ruled_out(at: Moment) -> None:
    """Nothing is left of the hours and days that were not ruled out: all others, or none."""
    if at.understood.choice == "no":
        at.talk.tell("book.stop", True)
    else:
        for name in RULED_OUT:
            at.talk.tell(f"book.{name}", None)
    at.heard_facts = True


def _answer_pick(at: Moment, said: str) -> None:
    talk, choice = at.talk, at.understood.choice
    shown = [int(one.id[2:]) for one in talk.choices if one.id.startswith("s:")]
    picked = _among_shown(at, said, shown) if said and choice is None else None
    if choice and choice.startswith("s:"):
        picked = int(choice[2:])
    if picked is not None:
        talk.pick("slot", picked)
        at.heard_facts = True
    elif choice and choice.startswith("w:"):
        talk.pick("wait", int(choice[2:]))
        at.heard_facts = True
    elif said and _STOP.search(said):
        talk.tell("book.stop", True)
        at.heard_facts = True
    elif said and (hear(at, said) or (choice is None and is_introduction(said))):
        at.heard_facts = True
    elif choice in ("none", "no") or at.understood.intent == "deny":
        _refuse(at, shown)


def _among_shown(at: Moment, said: str, shown: list[int]) -> int | None:
    """The one of those shown that the words name: by its day, weekday, time or place."""
    words, venue = time_words(said, at.now), named(said, "place")
    weekday = re.search(rf"([{WEEKDAYS}])曜", said)
    found = []
    for slot_id in shown:
        place = at.case.reservations.place(slot_id)
        if place is None:
            continue
        start = place.starts_at
        fits = [
            words.day == start.date() if words.day and not (weekday and "日" not in said.replace("曜日", "")) else None,
            start.weekday() == WEEKDAYS.index(weekday.group(1)) if weekday else None,
            words.time == f"{start:%H:%M}" if words.time else None,
            (start.hour < 12) == (words.part == "am") if words.part else None,
            place.venue == venue if venue else None,
            place.level == named(said, "level") if named(said, "level") else None,
        ]
        if any(fit is not None for fit in fits) and all(fit in (None, True) for fit in fits):
            found.append(slot_id)
    return found[0] if len(found) == 1 else None


def _refuse(at: Moment, slots: list[int]) -> None:
    at.talk.tell("book.refused", sorted({*at.talk.facts.get("book.refused", ()), *slots}))
    at.heard_facts = True


def run(at: Moment) -> Reply:
    """From the top: what is agreed is done, what is open is asked with concrete sessions."""
    facts, picks = at.talk.facts, at.talk.picks
    if facts.get("book.made"):
        return booking_name.run(at)
    if facts.get("book.stop"):
        at.case.settle("abandoned")
        at.talk.new_concern()
        return another(say("anything_else"), say("booking.stopped"))
    own: Held | None = None
    if facts["topic"] in own_bookings.TOPICS:
        found = own_bookings.run(at)
        if isinstance(found, Reply):
            return found
        own = found
        _as_before(facts, own)
    asked = _which_day(at)
    if asked is not None:
        return asked
    if "agreed" in picks:
        return _commit(at, picks["agreed"], own)
    if "wait" in picks:
        return _wait(at, picks["wait"])
    own_slot = own.slot if own else None
    if "slot" in picks:
        place = at.case.reservations.place(picks["slot"])
        if place is not None and place.free:
            return confirm(at, place, own is not None)
        _lost(at, picks["slot"])
        return propose(at, own_slot, say("booking.lost"))
    if facts["topic"] == "book" and not any(facts.get(f"book.{name}") for name in ("kind", "venue", "days", "part")):
        return ask(say("booking.kind"), "booking.kind", "choice", _KINDS)
    if own is None and facts.get("book.kind") == "consultation" and facts.get("book.refused"):
        times = _other_times(at)
        if times is not None:
            return times
    return propose(at, own_slot)


def _as_before(facts: dict[str, Any], own: Held) -> None:
    """What is not to be changed stays as it was booked. Set without clearing picks: it was not said, it is the booking's own."""
    if not facts.get("book.kind"):
        facts["book.kind"], facts["book.level"] = own.place.kind, own.place.level or None
    another_time = any(facts.get(f"book.{name}") for name in ("time", "part", "since", "until", "edge"))
    same_kind = facts["book.kind"] == own.place.kind
    if facts.get("book.same_day") or (another_time and same_kind and not facts.get("book.days")):
        facts["book.days"] = [own.place.starts_at.date().isoformat()]
        if same_kind and not facts.get("book.venue"):
            facts["book.venue"] = own.place.venue
    facts.pop("book.same_day", None)


def _which_day(at: Moment) -> Reply | None:
    """A day that does not exist, or words that do not agree: asked back, nothing is guessed."""
    facts = at.talk.facts
    missing, clash = facts.pop("book.missing", None), facts.pop("book.clash", None)
    if missing:
        return ask(say("booking.day.missing", day=missing), "booking.day")
    return ask(say("booking.day.clash", day=clash), "booking.day") if clash else None


def _other_times(at: Moment) -> Reply | None:
    """Of a consultation on a day that was wished for, the other times of the same day come first."""
    refused = at.talk.facts["book.refused"]
    place = at.case.reservations.place(refused[-1])
    if place is None or not at.talk.facts.get("book.days"):
        return None
    wish = replace(wish_of(at), time=None)
    left = [one for one in at.case.reservations.slots_of(place.offering, wish) if one.slot not in refused]
    return pick_list(at, left[:3], "booking.several") if len(left) > 1 else None


def _lost(at: Moment, slot_id: int) -> None:
    at.talk.tell("book.lost", sorted({*at.talk.facts.get("book.lost", ()), slot_id}))


def _commit(at: Moment, slot_id: int, own: Held | None) -> Reply:
    desk = at.case.reservations
    moving = own is not None and own.state == "booked"
    outcome = desk.change(own, slot_id) if own is not None and moving else desk.book(slot_id, at.talk.facts.get("book.other"))
    at.talk.pick("agreed", None)
    at.talk.pick("slot", None)
    if isinstance(outcome, Booked):
        if own is not None and not moving:
            desk.cancel(own)
        return booking_name.booked(at, outcome.booking, changed=moving)
    if isinstance(outcome, AlreadyBooked):
        return booking_name.already(at, outcome.booking)
    if isinstance(outcome, Gone):
        return hand_over(at, say("booking.not_found"))
    if isinstance(outcome, TooMany):
        return booking_name.kept_wish(at, outcome.place)
    assert isinstance(outcome, Full | Over | Overlaps)
    _lost(at, slot_id)
    return propose(at, own.slot if own else None, say("booking.overlaps" if isinstance(outcome, Overlaps) else "booking.lost"))


def _wait(at: Moment, offering_id: int) -> Reply:
    reached = booking_name.way_to_reach(at)
    if reached is not None:
        return reached
    outcome = at.case.reservations.wait(offering_id, at.talk.facts.get("book.other"))
    at.talk.pick("wait", None)
    if isinstance(outcome, Waiting):
        return booking_name.waits(at, outcome.booking, outcome.position)
    if isinstance(outcome, AlreadyBooked):
        return booking_name.already(at, outcome.booking)
    if isinstance(outcome, TooMany):
        return booking_name.kept_wish(at, outcome.place)
    return propose(at, None, say("booking.lost"))
