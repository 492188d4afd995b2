"""Finds the record behind a number or a LINE id, and all records of one person."""

from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.people.tables import Address, Resident
from helpdesk.store.database import insert_unless_there


def resident_at(session: Session, kind: str, value: str, now: datetime) -> Resident:
    """The resident known by this telephone number or LINE id; a new record when nobody is.

    Two first turns at the same time make one record: the unique address decides, the loser's empty record goes.
    """
    find = select(Address).where(Address.kind == kind, Address.value == value).options(joinedload(Address.resident))
    found = session.scalar(find)
    if found is not None:
        return found.resident
    resident = Resident(created_at=now)
    session.add(resident)
    session.flush()
    if not insert_unless_there(session, Address, {"resident_id": resident.id, "kind": kind, "value": value}):
        session.delete(resident)
        session.flush()
    return session.scalars(find).one().resident


def known_at(session: Session, kind: str, value: str) -> int | None:
    """The id of the record known by this telephone number or LINE id."""
    return session.scalar(select(Address.resident_id).where(Address.kind == kind, Address.value == value))


def joined(session: Session, resident: Resident | None) -> list[int]:
    """The ids of all records that staff joined with this one, itself among them."""
    if resident is None:
        return []
    return sorted(session.scalars(family(resident)))


def family(resident: Resident) -> Select[int]:
    """The same ids as part of another statement: ``column.in_(family(resident))``."""
    root = resident.joined_to_id or resident.id
    return select(Resident.id).where(or_(Resident.id == root, Resident.joined_to_id == root))
