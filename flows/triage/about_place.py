"""How to get to a session and what to bring: of the one named, of the own booking, else of the next of its kind."""

from flows.booking.wish import KINDS, BookingFacts
from flows.script.asking import conclude
from flows.script.moment import Moment
from flows.script.replies import Reply
from helpdesk.programme.finding import Wish
from helpdesk.programme.values import Place
from nlu.cues import heard
from nlu.entities import named, place_named


def _own(at: Moment) -> Place | None:
    """The session that was just talked about, or on LINE the next that is booked."""
    last = at.talk.of(BookingFacts).last
    held = at.case.reservations.booking(last) if last else None
    if held is not None:
        return held.place
    mine = at.case.reservations.mine() if not at.voice else []
    return mine[0].place if mine else None


def way(at: Moment) -> Reply | None:
    """The way in one sentence; None when no place is known."""
    name, own = place_named(at.turn.text, at.ward.place_words), _own(at)
    name = name or (own.venue if own else None)
    if name is None:
        return None
    venue = at.ward.venues[name]
    step_free = at.label("venue.no_steps").eye if venue.step_free else ""
    line = at.say("venue.way", way=venue.way, venue=venue.name, address=venue.address, step_free=step_free)
    return conclude(at, line, "guided")


def step_free(at: Moment) -> Reply | None:
    """Whether one gets in without steps; None when something else is asked, or a place has steps."""
    if not heard("place.steps", at.turn.text):
        return None
    name = place_named(at.turn.text, at.ward.place_words)
    asked = [at.ward.venues[name]] if name else list(at.ward.venues.values())
    if not all(venue.step_free for venue in asked):
        return None
    return conclude(at, at.say("venue.step_free", venue=name or at.label("venue.any").eye), "guided")


def bring(at: Moment) -> Reply | None:
    """What to bring; None when something else is asked, or nothing is known."""
    if not heard("session.bring", at.turn.text):
        return None
    kind = named(at.turn.text, "offer")
    own = _own(at) if kind is None else None
    if own is None and kind in KINDS:
        found = at.case.reservations.fitting(Wish(kind=kind), free=False, limit=1)
        own = found[0] if found else None
    if own is None or not own.bring:
        return None
    name = at.ward.level(own.kind, own.level).name
    return conclude(at, at.say("session.bring", what=name, bring=own.bring), "guided")
