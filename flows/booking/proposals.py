"""Which sessions are proposed, and how: one that fits at once, several side by side, else the nearest and the waiting list."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import product

from flows.booking.telling import name_of, sample_word, short_name, time_in_name, when_eye
from flows.script.asking import EAR, ask, ear_length
from flows.script.dates import clock, day, when
from flows.script.moment import Moment
from flows.script.replies import OPTION_KEYS, Choice, Offer, Reply, yes_no
from flows.script.wording import Line, say
from flows.steering.handover import hand_over
from helpdesk.programme.finding import Wish
from helpdesk.programme.values import Place
from helpdesk.ward.offers import KINDS
from helpdesk.ward.venues import venues

MOST = 3
_WAIT, _OTHER = "空きを待つの", "ほか"
_WAITING_WORDS = ("空き待ち", "キャンセル待ち", "空きを待つ", "待つ", "待ちます", "待ってます", "空いたら教えて")
_OTHER_WORDS = ("ほかの日", "別の日", "どれも合わない", "どれもだめ", "どれもちょっと", "ほかにありますか")


def wish_of(at: Moment) -> Wish:
    """What was said so far."""
    facts = at.talk.facts
    days, not_days = (tuple(date.fromisoformat(one) for one in facts.get(key) or ()) for key in ("book.days", "book.not_days"))
    return Wish(
        facts.get("book.kind"), facts.get("book.level"), facts.get("book.venue"), days, facts.get("book.part"), facts.get("book.time"),
        not_days=not_days, not_weekdays=tuple(facts.get("book.not_weekdays") or ()),
        since=facts.get("book.since"), until=facts.get("book.until"), edge=facts.get("book.edge"),
    )  # fmt: skip


def propose(at: Moment, own_slot: int | None = None, prelude: Line | None = None) -> Reply:
    """The next thing to offer; ``own_slot`` is the place that is being changed, ``prelude`` is said before it."""
    facts, wish, desk = at.talk.facts, wish_of(at), at.case.reservations
    refused = frozenset([*facts.get("book.refused", ()), *([own_slot] if own_slot else [])])
    without = refused | frozenset(facts.get("book.lost", ()))
    exact = desk.fitting(wish, without=without)
    fresh = facts.get("book.fresh") or ()
    if not exact and fresh and not prelude and not refused:
        # What was said last counts more than what was said before it.
        exact = desk.fitting(_only(wish, (*fresh, "kind", "level")), without=without)
    if len(exact) == 1:
        return confirm(at, exact[0], own_slot is not None, prelude)
    if exact:
        return pick_list(at, exact, "booking.several", prelude=prelude)
    taken = [place for place in desk.fitting(wish, free=False, without=refused) if place.free == 0][:1]
    near = desk.nearest(wish, without, MOST)
    if taken and near and near[0].offering == taken[0].offering:
        # Another time of the same consultation, named as another.
        return confirm(at, near[0], own_slot is not None, prelude or say("booking.time.taken", time=clock(taken[0].starts_at)))
    if taken:
        return pick_list(at, near[: MOST - 1], "booking.full", taken[0], prelude)
    return _nearest(at, wish, near, own_slot, prelude)


def _nearest(at: Moment, wish: Wish, near: list[Place], own_slot: int | None, prelude: Line | None) -> Reply:
    """Nothing is as it was wished: what is offered is said to be something else."""
    if not near:
        return _nothing(at, wish)
    on_the_day = wish.time is not None and all(not wish.days or place.starts_at.date() in wish.days for place in near)
    if len(near) == 1:
        other = say("booking.near.time.one", time=spoken_clock(wish.time)) if on_the_day and wish.time else say("booking.near.one")
        return confirm(at, near[0], own_slot is not None, prelude or other)
    return pick_list(at, near, "booking.near.time" if on_the_day else "booking.near", prelude=prelude)


def _nothing(at: Moment, wish: Wish) -> Reply:
    """No place at all; where hours or days were ruled out, whether they are to be."""
    if wish.since or wish.until or wish.not_days or wish.not_weekdays:
        return ask(say("booking.ruled_out"), "booking.ruled_out", "yes_no", yes_no("ほかの日時を見る", "いいえ"))
    return hand_over(at, say("booking.nothing"))


def spoken_clock(time_of_day: str) -> str:
    """「午前11時」 of ``11:00``."""
    return clock(datetime.combine(date.min, time.fromisoformat(time_of_day)))


def _only(wish: Wish, names: Sequence[str]) -> Wish:
    """The wish with these parts; what is ruled out stays so."""
    return Wish(**{name: getattr(wish, name) for name in {*names, "not_days", "not_weekdays", "since", "until"}})


def confirm(at: Moment, place: Place, changing: bool = False, prelude: Line | None = None) -> Reply:
    """P9: everything once, right before it is done. The yes names the slot that it agrees to."""
    offering = place
    first = prelude
    lines = [] if changing or not offering.bring else ["booking.one.bring"]
    lines += ["booking.one.change", "booking.one.change.short"] if changing else ["booking.one"]
    values = {"what": sample_word(offering) + name_of(offering), "start": when(place.starts_at), "when_eye": when_eye(place), "bring": offering.bring}
    hall = venues()[offering.venue].short
    ear: tuple[str, ...] = ()
    # What to bring counts more than naming the keys, which are named when nobody answers; the place's whole name more than its short one.
    for name, venue in product(lines, (offering.venue, hall)):
        line = say(name, venue=venue, hall=venue, **values)
        ear = (first.ear[0] + line.ear[0], *line.ear[1:]) if first else line.ear
        if ear_length(ear) <= EAR:
            break
    eye = say(lines[0], venue=offering.venue, hall=hall, **values).eye
    line = Line(ear, (*(first.eye if first else ()), *eye)[-3:])
    return ask(line, f"booking.confirm:{place.slot}:{time_in_name(place.starts_at)}", "yes_no", yes_no("変える" if changing else "予約する", "ほかの日にする"))


def pick_list(at: Moment, places: Sequence[Place], name: str, full: Place | None = None, prelude: Line | None = None) -> Reply:
    """Several sessions: keys by ear, a carousel on LINE; what is full can be waited for."""
    kinds = {place.kind for place in places}
    names = {name_of(place) for place in places}
    what = names.pop() if len(names) == 1 else KINDS[kinds.pop()] if len(kinds) == 1 else "会"
    values = {"when_eye": when_eye(full), "venue": full.venue} if full else {}
    line = say(name, what=what, **values)
    if prelude is not None:
        before = prelude
        line = Line((before.ear[0] + ("どうしますか。" if full else "どれにしますか。"),), (*before.eye, *line.eye)[-3:])
    ears, with_other = _ears(places, EAR - ear_length(line.ear), full is not None)
    choices = [Choice(id=f"s:{place.slot}", label=label_of(place), key=key, ear=ear) for place, key, ear in zip(places, OPTION_KEYS, ears, strict=False)]
    if full is not None:
        choices.append(Choice(id=f"w:{full.offering}", label="空きを待つ", key=OPTION_KEYS[len(choices)], ear=_WAIT, words=_WAITING_WORDS))
    if len(choices) < len(OPTION_KEYS):
        choices.append(Choice(id="none", label="ほかの日を見る", key=OPTION_KEYS[len(choices)] if with_other else None, ear=_OTHER, words=_OTHER_WORDS))
    reply = ask(line, "booking.pick", "choice", tuple(choices))
    if at.voice:
        return reply
    return reply.with_(offers=tuple(Offer(choice=f"s:{place.slot}", title=day(place.starts_at), rows=_rows(place)) for place in places))


def label_of(place: Place) -> str:
    """On a button: 「12/8 午後2時 神保町」."""
    start = place.starts_at
    return f"{start.month}/{start.day} {clock(start)} {venues()[place.venue].short}"[:20]


def _rows(place: Place) -> tuple[str, ...]:
    free = f"あと{place.free}席" if place.free <= 3 else "空きがあります"
    return (sample_word(place) + name_of(place), when_eye(place).split(" ", 1)[1], place.venue, free)


def _ears(places: Sequence[Place], room: int, waiting: bool) -> tuple[list[str], bool]:
    """How each is announced before its key: as much as fits the ear; and whether "others" is announced, too."""
    times = len({place.starts_at.date() for place in places}) < len(places) or any(place.number for place in places)
    names = len({name_of(place) for place in places}) > 1
    halls = len({place.venue for place in places}) > 1
    found: list[str] = []
    for name, venue, other in ((names, halls, True), (names, halls, False), (names, False, True), (names, False, False), (False, False, False)):
        found = []
        for place in places:
            start = place.starts_at
            words = f"{start.month}月{start.day}日" + (clock(start) if times else "")
            found.append(words + (f"の{short_name(place)}" if name else "") + (venues()[place.venue].short if venue else ""))
        told = [f"{words}は3" for words in (*found, *([_WAIT] if waiting else []), *([_OTHER] if other else []))]
        if len("、".join(told) + "を押してください。") <= room:
            return found, other
    return found, False
