"""Finds the places that fit a wish: what, where, when, and whether a seat is free."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from helpdesk.clock import TOKYO
from helpdesk.programme.columns import PLACE
from helpdesk.programme.tables import Offering, Slot
from helpdesk.programme.values import Place

NOON = 12


@dataclass(frozen=True)
class Wish:
    """What somebody wants to come to. None, or empty, is open."""

    kind: str | None = None
    level: str | None = None
    venue: str | None = None
    days: tuple[date, ...] = ()
    part: str | None = None
    """``am`` or ``pm``."""
    time: str | None = None
    """``HH:MM``."""
    not_days: tuple[date, ...] = ()
    not_weekdays: tuple[int, ...] = ()
    """0 is Monday. What is excluded, and ``since`` and ``until``, hold whatever else is given up."""
    since: str | None = None
    """``HH:MM``: it begins then or later."""
    until: str | None = None
    """``HH:MM``: it is over by then."""
    edge: str | None = None
    """``early`` or ``late``: the first or the last time of a day."""
    nearby: tuple[str, ...] = ()
    """Places at the same station as ``venue``, which do as well."""


def fitting(
    session: Session,
    now: datetime,
    wish: Wish,
    free: bool = True,
    limit: int = 3,
    without: frozenset[int] = frozenset(),
    towards: str | None = None,
) -> list[Place]:
    """The soonest places that fit in everything, one a session.

    Of a consultation it is the first slot that fits, or the one nearest to ``towards`` (``HH:MM``). ``without``: slots
    left out.
    """
    found: dict[int, Place] = {}
    one_day = wish.edge is not None and len(wish.days) == 1
    for one in _read(session, _query(now, wish, free).execution_options(yield_per=100)):
        if one.slot in without or not at_time(one, wish):
            continue
        if one.offering not in found and len(found) == limit and not one_day:
            break
        if one.offering not in found or _better(one, found[one.offering], wish, towards):
            found[one.offering] = one
    places = list(found.values())
    if one_day:
        return [(max if wish.edge == "late" else min)(places, key=lambda one: one.starts_at)] if places else []
    return places


def _better(one: Place, than: Place, wish: Wish, towards: str | None) -> bool:
    """Whether this later slot of the same session is wished for more."""
    if towards is None:
        return wish.edge == "late"
    return _distance(one, towards) < _distance(than, towards)


def _distance(one: Place, time_of_day: str) -> timedelta:
    return abs(one.starts_at - datetime.combine(one.starts_at.date(), time.fromisoformat(time_of_day), TOKYO))


def slots_of(session: Session, now: datetime, offering_id: int, wish: Wish, limit: int = 3) -> list[Place]:
    """The free slots of one session, soonest first."""
    query = _query(now, Wish(), True).where(Slot.offering_id == offering_id)
    return [one for one in _read(session, query) if at_time(one, wish)][:limit]


def place(session: Session, slot_id: int) -> Place | None:
    """One slot with its session."""
    return places(session, (slot_id,)).get(slot_id)


def places(session: Session, slot_ids: Collection[int]) -> dict[int, Place]:
    """These slots with their sessions, by id; read in one statement, in none when none is asked for."""
    if not slot_ids:
        return {}
    query = select(*PLACE).join(Offering, Slot.offering_id == Offering.id).where(Slot.id.in_(slot_ids))
    return {one.slot: one for one in _read(session, query)}


def first_place(session: Session, offering_id: int) -> Place | None:
    """The first slot of a session: where its waiting list is told about."""
    query = select(*PLACE).join(Offering, Slot.offering_id == Offering.id).where(Slot.offering_id == offering_id)
    return next(_read(session, query.order_by(Slot.number).limit(1)), None)


def ahead(session: Session, now: datetime, kinds: Collection[str], most: int) -> tuple[list[Place], bool]:
    """The next free slots of these kinds, soonest first, at most so many; and whether these are all."""
    query = _query(now, Wish(), True).where(Offering.kind.in_(kinds)).limit(most)
    found = list(_read(session, query))
    return found, len(found) < most


def _read(session: Session, query: Select[Any]) -> Iterator[Place]:
    for row in session.execute(query):
        yield Place(*row)


def nearest(
    session: Session, now: datetime, wish: Wish, limit: int = 3, without: frozenset[int] = frozenset()
) -> list[Place]:
    """What comes closest when nothing fits: one thing is given up at a time, the least important first."""
    for easier in easier_wishes(wish):
        found = fitting(session, now, easier, True, limit, without, towards=wish.time)
        if found:
            return found
    return []


def easier_wishes(wish: Wish) -> Iterator[Wish]:
    """Given up are first the time of day, then the place for one nearby, the day by a week, the place, day and level.

    Never given up: what is excluded, and from when and until when somebody can come.
    """
    seen = {wish}
    timeless = replace(wish, time=None, part=None)
    near_days = tuple(sorted({day + timedelta(days=n) for day in wish.days for n in range(-7, 8)}))
    for easier in (
        replace(wish, time=None),
        timeless,
        *(replace(timeless, venue=venue) for venue in wish.nearby),
        replace(timeless, days=near_days),
        replace(wish, days=()),
        replace(timeless, days=()),
        replace(timeless, venue=None),
        replace(wish, venue=None, days=()),
        replace(timeless, venue=None, days=()),
        replace(timeless, venue=None, days=(), level=None),
    ):
        if easier not in seen:
            seen.add(easier)
            yield easier


def _query(now: datetime, wish: Wish, free: bool) -> Select[Any]:
    query = select(*PLACE).join(Offering, Slot.offering_id == Offering.id)
    query = query.where(Slot.starts_at > now, Offering.published, Offering.cancelled == "")
    for column, value in ((Offering.kind, wish.kind), (Offering.level, wish.level), (Offering.venue, wish.venue)):
        if value is not None:
            query = query.where(column == value)
    if free:
        query = query.where(Slot.taken < Slot.capacity)
    if wish.days:
        query = query.where(
            or_(
                *(
                    and_(Slot.starts_at >= _midnight(first), Slot.starts_at < _midnight(last + timedelta(days=1)))
                    for first, last in _runs(wish.days)
                )
            )
        )
    return query.order_by(Slot.starts_at, Slot.id)


def _runs(days: tuple[date, ...]) -> Iterator[tuple[date, date]]:
    """Days in a row as (first, last)."""
    ordered = sorted(days)
    first = last = ordered[0]
    for day in ordered[1:]:
        if day - last > timedelta(days=1):
            yield first, last
            first = day
        last = day
    yield first, last


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), TOKYO)


def at_time(one: Place, wish: Wish) -> bool:
    """Whether a place is at a day and time that the wish allows (``days`` apart)."""
    begins, ends = one.starts_at, one.ends_at
    if begins.date() in wish.not_days or begins.weekday() in wish.not_weekdays:
        return False
    if (wish.since and f"{begins:%H:%M}" < wish.since) or (wish.until and f"{ends:%H:%M}" > wish.until):
        return False
    if wish.time:
        return f"{begins:%H:%M}" == wish.time
    return wish.part is None or (begins.hour < NOON) == (wish.part == "am")
