"""How to get to a session and what to bring: of the one that was named, of the own booking, else of the next of its kind."""

import re

from flows.booking.telling import name_of
from flows.script.asking import conclude
from flows.script.moment import Moment
from flows.script.replies import Reply
from flows.script.wording import say
from helpdesk.programme.finding import Wish
from helpdesk.programme.values import Place
from helpdesk.ward.venues import venues
from nlu.entities import named

_STEPS = re.compile(r"車椅子|車いす|くるまいす|段差|階段|エレベーター|バリアフリー|杖|歩行器|手押し車")
_BRING = re.compile(r"持ち物|持って|持参|もちもの|用意|要るもの|いるもの")


def _own(at: Moment) -> Place | None:
    """The session that was just talked about, or on LINE the next that is booked."""
    last = at.talk.facts.get("book.last")
    booking = at.case.reservations.booking(last) if last else None
    if booking is not None:
        return booking.place
    mine = at.case.reservations.mine() if not at.voice else []
    return mine[0].place if mine else None


def way(at: Moment) -> Reply | None:
    """The way in one sentence; None when no place is known."""
    own = _own(at)
    name = named(at.turn.text, "place") or (own.venue if own else None)
    if name is None:
        return None
    venue = venues()[name]
    step_free = "段差のない入口があります。" if venue.step_free else ""
    line = say("venue.way", way=venue.way, venue=venue.name, address=venue.address, step_free=step_free)
    return conclude(at, line, "guided")


def step_free(at: Moment) -> Reply | None:
    """Whether one gets in without steps; None when something else is asked, or a place has steps."""
    if not _STEPS.search(at.turn.text):
        return None
    name = named(at.turn.text, "place")
    asked = [venues()[name]] if name else list(venues().values())
    if not all(venue.step_free for venue in asked):
        return None
    line = say("venue.step_free", venue=name or "どの会場")
    return conclude(at, line, "guided")


def bring(at: Moment) -> Reply | None:
    """What to bring; None when something else is asked, or nothing is known."""
    if not _BRING.search(at.turn.text):
        return None
    kind = named(at.turn.text, "offer")
    own = _own(at) if kind is None else None
    found = at.case.reservations.fitting(Wish(kind=kind), free=False, limit=1) if own is None and kind in ("class", "consultation", "event") else []
    offering = own or (found[0] if found else None)
    if offering is None or not offering.bring:
        return None
    line = say("session.bring", what=name_of(offering), bring=offering.bring)
    return conclude(at, line, "guided")
