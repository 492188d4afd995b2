"""Says after an import whom a change concerns.

They are people who have a place, or wait for one, in a session that is not what it was.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.booking.tables import Booking
from helpdesk.booking.values import ACTIVE
from helpdesk.programme.tables import Offering, Slot
from helpdesk.ward.offers import KINDS, LEVELS


@dataclass(frozen=True)
class Before:
    """A session as people booked it."""

    kind: str
    level: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    published: bool
    cancelled: str
    sequence: int
    capacity: int


def before(offering: Offering) -> Before:
    """What is to be compared afterwards."""
    return Before(**{name: getattr(offering, name) for name in Before.__dataclass_fields__})


def people_concerned(session: Session, changes: list[tuple[Before, Offering]]) -> list[str]:
    """One line for each changed session that somebody comes to. Bookings stay as they are."""
    ids = [offering.id for _, offering in changes]
    active = (Booking.offering_id.in_(ids), Booking.state.in_(ACTIVE))
    counted = select(Booking.offering_id, Booking.state, func.count()).where(*active)
    people: Counter[tuple[int, bool]] = Counter()
    for offering_id, state, count in session.execute(counted.group_by(Booking.offering_id, Booking.state)):
        people[offering_id, state == "waiting"] += count
    remarks = []
    for was, offering in changes:
        seated, waiting = people[offering.id, False], people[offering.id, True]
        what = _changes(session, was, offering) if seated or waiting else []
        if what:
            who = f"予約のあるかたが{seated}人" if seated else f"空き待ちのかたが{waiting}人"
            also = f"空き待ちのかたも{waiting}人います。" if seated and waiting else ""
            remarks.append(f"{who}います: {offering.code} は{'、'.join(what)}。{also}")
    return remarks


def _changes(session: Session, was: Before, offering: Offering) -> list[str]:
    found = []
    if offering.cancelled and not was.cancelled:
        found.append("中止になりました")
    if was.cancelled and not offering.cancelled:
        found.append("中止ではなくなりました")
    if was.published and not offering.published:
        found.append("公開されなくなりました")
    if (was.kind, was.level) != (offering.kind, offering.level):
        found.append(f"内容が変わりました（{_kind(was)}→{_kind(offering)}）")
    if (was.starts_at, was.ends_at) != (offering.starts_at, offering.ends_at):
        found.append(f"日時が変わりました（{_when(was)}→{_when(offering)}）")
    if was.venue != offering.venue:
        found.append(f"会場が変わりました（{was.venue}→{offering.venue}）")
    beyond = session.scalar(select(func.sum(Slot.extra)).where(Slot.offering_id == offering.id)) or 0
    if beyond and offering.capacity < was.capacity:
        found.append(f"席が{beyond}人ぶん足りません（定員{was.capacity}人→{offering.capacity}人）")
    elif beyond and (was.starts_at, was.ends_at) != (offering.starts_at, offering.ends_at):
        found.append(f"席が{beyond}人ぶん足りません")
    return found


def _kind(one: Before | Offering) -> str:
    return f"{KINDS[one.kind]} {LEVELS.get(one.level, '')}".strip()


def _when(one: Before | Offering) -> str:
    start, end = one.starts_at, one.ends_at
    return f"{start.year}年{start.month}月{start.day}日 {start:%H:%M}から{end:%H:%M}"
