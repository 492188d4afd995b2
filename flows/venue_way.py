"""How to get to a place: the one that was named, or the one of the own booking on LINE."""

from flows.desk import Moment, ask
from flows.replies import Reply, yes_no
from flows.wording import say
from helpdesk.venues import venues
from nlu.entities import named


def answer(at: Moment) -> Reply | None:
    """The way in one sentence; None when no place is known."""
    name = named(at.turn.text, "place")
    if name is None and not at.voice:
        mine = at.case.reservations.mine()
        name = mine[0].offering.venue if mine else None
    if name is None:
        return None
    venue = venues()[name]
    step_free = "段差のない入口があります。" if venue.step_free else ""
    line = say("venue.way", way=venue.way, venue=venue.name, address=venue.address, step_free=step_free)
    at.case.settle("guided")
    at.talk.new_concern()
    return ask(line, "else", "yes_no", yes_no("はい、あります", "いいえ"))
