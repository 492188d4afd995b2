"""Two records of one person are joined by staff; nothing is moved, so that it can be undone (H3)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from helpdesk.people.residents import joined
from helpdesk.people.tables import Joining, Resident
from helpdesk.staff.tables import StaffMember


class NotJoined(Exception):
    """Why not, in Japanese for staff."""


def join(session: Session, now: datetime, one: int, other: int, member: StaffMember) -> Resident:
    """From now on both records, and all joined with either, are one person's. The one that leads. Raises NotJoined."""
    first, second = (session.get(Resident, number, with_for_update=True) for number in sorted((one, other)))
    if first is None or second is None:
        raise NotJoined("その番号の記録はありません。")
    lead, follower = (root(session, found) for found in (first, second))
    if lead.id == follower.id:
        raise NotJoined("もう同じかたの記録です。")
    for record in session.scalars(select(Resident).where(Resident.id.in_(joined(session, follower)))):
        record.joined_to_id = lead.id
        session.add(Joining(resident_id=record.id, into_id=lead.id, at=now, by=member.name))
    lead.name = lead.name or follower.name
    session.flush()
    return lead


def take_apart(session: Session, now: datetime, resident_id: int, member: StaffMember) -> None:
    """The record stands for itself again. Raises NotJoined."""
    record = session.get(Resident, resident_id, with_for_update=True)
    if record is None or record.joined_to_id is None:
        raise NotJoined("この記録は、ほかの記録と合わせられていません。")
    last = session.scalars(
        select(Joining).where(Joining.resident_id == record.id, Joining.undone_at.is_(None)).order_by(Joining.id.desc())
    ).first()
    if last is not None:
        last.undone_at, last.undone_by = now, member.name
    record.joined_to_id = None
    session.flush()


def root(session: Session, resident: Resident) -> Resident:
    """The record that leads."""
    return session.get(Resident, resident.joined_to_id) or resident if resident.joined_to_id else resident


def records(session: Session, resident: Resident) -> list[Resident]:
    """All records of this person, the leading one first."""
    query = select(Resident).where(Resident.id.in_(joined(session, resident))).options(selectinload(Resident.addresses))
    found = session.scalars(query.order_by(Resident.id)).all()
    lead = root(session, resident).id
    return sorted(found, key=lambda record: (record.id != lead, record.id))
