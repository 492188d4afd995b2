"""Cuts a session into its slots: classes and events have one, a consultation several one after the other."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from helpdesk.programme.tables import Offering, Slot

CONSULTATION_MINUTES = 30


def _times(offering: Offering, minutes: int) -> Iterator[tuple[int, datetime, datetime, int]]:
    """(number, start, end, seats) of each slot; the seats together are the session's capacity."""
    if offering.kind != "consultation":
        yield 0, offering.starts_at, offering.ends_at, offering.capacity
        return
    length = timedelta(minutes=minutes)
    count = max((offering.ends_at - offering.starts_at) // length, 1)
    for number in range(min(count, offering.capacity)):
        start = offering.starts_at + number * length
        yield (
            number,
            start,
            min(start + length, offering.ends_at),
            offering.capacity // count + (number < offering.capacity % count),
        )


def _slots_of(offering: Offering) -> Select[Slot]:
    """Locked, and as the database has them now: seats are taken by statements that this session may not have seen."""
    return (
        select(Slot)
        .where(Slot.offering_id == offering.id)
        .order_by(Slot.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def cut(session: Session, offering: Offering, minutes: int = CONSULTATION_MINUTES) -> bool:
    """Make the slots what the session says: whether one that was there has another time now.

    Seats that are taken stay: what no longer fits becomes a seat beyond the capacity.
    """
    moved = False
    known = {slot.number: slot for slot in session.scalars(_slots_of(offering))}
    for number, start, end, seats in _times(offering, minutes):
        slot = known.pop(number, None)
        if slot is None:
            session.add(
                Slot(
                    offering_id=offering.id,
                    number=number,
                    starts_at=start,
                    ends_at=end,
                    capacity=seats,
                    taken=0,
                    extra=0,
                )
            )
            continue
        moved = moved or (slot.starts_at, slot.ends_at) != (start, end)
        slot.starts_at, slot.ends_at, slot.capacity = start, end, seats
        slot.extra = max(slot.taken - seats, 0)
    for slot in known.values():
        if slot.taken:
            slot.capacity, slot.extra = 0, slot.taken
        else:
            session.delete(slot)
    session.flush()
    return moved
