"""Who looked at what, and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.staff.tables import Reading, StaffMember
from helpdesk.store.paging import PAGE, Page


def log_reading(session: Session, reader: int, now: datetime, kind: str, target: int) -> None:
    """Who looked at what, and when."""
    session.add(Reading(staff_id=reader, at=now, kind=kind, target_id=target))


@dataclass(frozen=True)
class ReadingRow:
    """One look at somebody's history."""

    at: datetime
    reader: str
    kind: str
    target: int


def readings(session: Session, page: int = 1) -> Page[ReadingRow]:
    """The log of readings, newest first."""
    total = session.scalar(select(func.count()).select_from(Reading)) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE)))
    query = (
        select(Reading, StaffMember.name)
        .join(StaffMember, StaffMember.id == Reading.staff_id)
        .order_by(Reading.id.desc())
    )
    rows = session.execute(query.offset((number - 1) * PAGE).limit(PAGE))
    return Page([ReadingRow(one.at, name, one.kind, one.target_id) for one, name in rows], number, total)
