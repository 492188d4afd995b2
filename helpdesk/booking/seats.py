"""Seats are taken and given back by guarded statements, so that no number of callers at once can sell one twice."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from helpdesk.programme.tables import Offering, Slot
from helpdesk.store.database import rows_changed


def take_seat(session: Session, slot_id: int, now: datetime) -> bool:
    """Take a free seat of a slot that has not begun, of a session that takes place. Whether there was one."""
    happens = select(Offering.id).where(Offering.published, Offering.cancelled == "")
    free = (Slot.id == slot_id, Slot.taken < Slot.capacity, Slot.starts_at > now, Slot.offering_id.in_(happens))
    return bool(rows_changed(session, update(Slot).where(*free).values(taken=Slot.taken + 1)))


def add_seat(session: Session, slot_id: int) -> None:
    """Take a seat beyond the capacity: staff decided to."""
    rows_changed(session, update(Slot).where(Slot.id == slot_id).values(taken=Slot.taken + 1, extra=Slot.extra + 1))


def give_back(session: Session, slot_id: int) -> None:
    """A seat is free again; one beyond the capacity is gone with it."""
    fewer = case((Slot.extra > 0, Slot.extra - 1), else_=0)
    rows_changed(session, update(Slot).where(Slot.id == slot_id).values(taken=Slot.taken - 1, extra=fewer))


def is_beyond(session: Session, slot_id: int) -> bool:
    """Whether more people come than the capacity says: a seat given back is then nobody's."""
    return bool(session.scalar(select(Slot.extra > 0).where(Slot.id == slot_id)))


def lock_slots(session: Session, slot_ids: Iterable[int]) -> None:
    """Lock slots in the order of their ids: two who change places with each other wait, and do not block for ever."""
    session.execute(select(Slot.id).where(Slot.id.in_(list(slot_ids))).order_by(Slot.id).with_for_update())
