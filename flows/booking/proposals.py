"""Which sessions are proposed, and how: one that fits, several side by side, else the nearest and the waiting list."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from flows.booking.telling import label_of, name_of, short_name, values_of, when_eye
from flows.booking.wish import RULED_OUT, BookingFacts
from flows.script.asking import EAR, ask, ear_length
from flows.script.dates import clock, day, mark, short_day, spoken_clock
from flows.script.moment import Moment
from flows.script.replies import OPTION_KEYS, Choice, Offer, Reply
from flows.script.wording import Saying
from flows.steering.handover import hand_over
from helpdesk.programme.finding import Wish
from helpdesk.programme.values import Place
from nlu.cues import choice_words

MOST = 3
FEW = 3
"""So few seats are told by their number."""


def propose(at: Moment, facts: BookingFacts, own_slot: int | None = None, prelude: Saying | None = None) -> Reply:
    """The next thing to offer; ``own_slot`` is the place that is being changed, ``prelude`` is said before it."""
    wish, desk = replace(facts.wish(), nearby=at.ward.nearby(facts.venue)), at.case.reservations
    refused = frozenset([*facts.refused, *([own_slot] if own_slot else [])])
    without = refused | frozenset(facts.lost)
    exact = desk.fitting(wish, without=without)
    if not exact and facts.fresh and not prelude and not refused:
        # What was said last counts more than what was said before it.
        exact = desk.fitting(_only(wish, (*facts.fresh, "kind", "level")), without=without)
    if len(exact) == 1:
        return confirm(at, exact[0], own_slot is not None, prelude)
    if exact:
        return pick_list(at, exact, "booking.several", prelude=prelude)
    taken = [place for place in desk.fitting(wish, free=False, without=refused) if place.free == 0][:1]
    near = desk.nearest(wish, without, MOST)
    if taken and near and near[0].offering == taken[0].offering:
        # Another time of the same consultation, named as another.
        other = at.say("booking.time.taken", time=clock(taken[0].starts_at))
        return confirm(at, near[0], own_slot is not None, prelude or other)
    if taken:
        return pick_list(at, near[: MOST - 1], "booking.full", taken[0], prelude)
    return _nearest(at, wish, near, own_slot, prelude)


def _nearest(at: Moment, wish: Wish, near: Sequence[Place], own_slot: int | None, prelude: Saying | None) -> Reply:
    """Nothing is as it was wished: what is offered is said to be something else."""
    if not near:
        return _nothing(at, wish)
    on_the_day = wish.time is not None and all(not wish.days or place.starts_at.date() in wish.days for place in near)
    if len(near) == 1:
        other = at.say("booking.near.one")
        if on_the_day and wish.time:
            other = at.say("booking.near.time.one", time=spoken_clock(wish.time))
        return confirm(at, near[0], own_slot is not None, prelude or other)
    return pick_list(at, near, "booking.near.time" if on_the_day else "booking.near", prelude=prelude)


def _nothing(at: Moment, wish: Wish) -> Reply:
    """No place at all; where hours or days were ruled out, whether they are to be."""
    if any(getattr(wish, name) for name in RULED_OUT):
        return ask(at.say("booking.ruled_out"), "booking.ruled_out", "yes_no")
    return hand_over(at, at.say("booking.nothing"))


def _only(wish: Wish, names: Sequence[str]) -> Wish:
    """The wish with these parts; what is ruled out stays so."""
    return replace(Wish(), **{name: getattr(wish, name) for name in {*names, *RULED_OUT}})


def confirm(at: Moment, place: Place, changing: bool = False, prelude: Saying | None = None) -> Reply:
    """P9: everything once, right before it is done. The yes names the slot, and the time, that it agrees to."""
    lines = ["booking.one.change", "booking.one.change.short"] if changing else ["booking.one"]
    if place.bring and not changing:
        lines.insert(0, "booking.one.bring")
    values = values_of(at.ward, place)
    ear: tuple[str, ...] = ()
    # What to bring counts more than naming the keys, which are named when nobody answers;
    # the whole name of the place counts more than the short one.
    for name, venue in product(lines, (place.venue, values["hall"])):
        line = at.say(name, **(values | {"venue": venue, "hall": venue}))
        ear = (prelude.ear[0] + line.ear[0], *line.ear[1:]) if prelude else line.ear
        if ear_length(ear) <= EAR:
            break
    shown = at.say(lines[0], **values)
    line = Saying(ear, (*(prelude.eye if prelude else ()), *shown.eye)[-3:], shown.choices)
    return ask(line, f"booking.confirm:{place.slot}:{mark(place.starts_at)}", "yes_no")


def pick_list(
    at: Moment, places: Sequence[Place], name: str, full: Place | None = None, prelude: Saying | None = None
) -> Reply:
    """Several sessions: keys by ear, a carousel on LINE; what is full can be waited for."""
    values = {"when_eye": when_eye(full), "venue": full.venue} if full else {}
    line = at.say(name, what=_together(at, places), **values)
    if prelude is not None:
        how = at.label("booking.list.how" if full else "booking.list.which").eye
        line = Saying((prelude.ear[0] + how,), (*prelude.eye, *line.eye)[-3:])
    ears, with_other = _ears(at, places, EAR - ear_length(line.ear), full is not None)
    choices = [
        Choice(id=f"s:{place.slot}", label=label_of(at.ward, place), key=key, ear=ear)
        for place, key, ear in zip(places, OPTION_KEYS, ears, strict=False)
    ]
    if full is not None:
        choices.append(_also(at, f"w:{full.offering}", "booking.wait", OPTION_KEYS[len(choices)]))
    if len(choices) < len(OPTION_KEYS):
        choices.append(_also(at, "none", "booking.other", OPTION_KEYS[len(choices)] if with_other else None))
    reply = ask(line, "booking.pick", "choice", tuple(choices))
    if at.voice:
        return reply
    offers = (
        Offer(choice=f"s:{p.slot}", title=day(p.starts_at), rows=_rows(at, p), button=at.label("offer.this").eye)
        for p in places
    )
    return reply.with_(offers=tuple(offers))


def _also(at: Moment, choice: str, name: str, key: str | None) -> Choice:
    label = at.label(name)
    return Choice(id=choice, label=label.eye, key=key, ear=label.ear, words=choice_words("booking.pick")[name])


def _together(at: Moment, places: Sequence[Place]) -> str:
    """What these sessions are called together."""
    names = {at.ward.level(place.kind, place.level).name for place in places}
    if len(names) == 1:
        return names.pop()
    kinds = {place.kind for place in places}
    return at.ward.kind(kinds.pop()).staff if len(kinds) == 1 else at.label("session.any").eye


def _rows(at: Moment, place: Place) -> tuple[str, ...]:
    free = at.label("session.few", count=str(place.free)) if place.free <= FEW else at.label("session.free")
    return (name_of(at.ward, place), when_eye(place).split(" ", 1)[1], place.venue, free.eye)


def _ears(at: Moment, places: Sequence[Place], room: int, waiting: bool) -> tuple[list[str], bool]:
    """How each is announced before its key: as much as fits the ear; and whether "others" is announced, too."""
    times = len({place.starts_at.date() for place in places}) < len(places) or any(place.number for place in places)
    names = len({(place.kind, place.level) for place in places}) > 1
    halls = len({place.venue for place in places}) > 1
    wait, other = [at.label("booking.wait").ear] if waiting else [], at.label("booking.other").ear
    found: list[str] = []
    for name, hall, with_other in (
        (names, halls, True), (names, halls, False), (names, False, True), (names, False, False), (False, False, False),
    ):  # fmt: skip
        found = [_ear(at, place, times, name, hall) for place in places]
        told = [
            at.label("keys.one", what=words, key="3").eye for words in (*found, *wait, *([other] if with_other else []))
        ]
        if len(at.label("keys.all", keys="、".join(told)).eye) <= room:
            return found, with_other
    return found, False


def _ear(at: Moment, place: Place, time: bool, name: bool, hall: bool) -> str:
    words = short_day(place.starts_at) + (clock(place.starts_at) if time else "")
    if name:
        words = at.label("session.of_day", day=words, name=short_name(at.ward, place)).eye
    return words + (at.ward.venues[place.venue].short if hall else "")
