"""What staff look at. Every reading of one person's history is logged by whoever shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from helpdesk import searching
from helpdesk.booking.attendees import joined
from helpdesk.tables import Callback, Example, Inquiry, Reading, Resident, StaffMember

PAGE = 30
Row = TypeVar("Row")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything."""

    channel: str = ""
    topic: str = ""
    outcome: str = ""
    text: str = ""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list that may be long."""

    rows: list[Row]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def _narrowed(filters: Filters) -> Select[tuple[Inquiry]]:
    query = select(Inquiry)
    if filters.channel:
        query = query.where(Inquiry.channel == filters.channel)
    if filters.topic:
        query = query.where(Inquiry.topic == filters.topic)
    if filters.outcome:
        query = query.where(Inquiry.outcome == filters.outcome)
    if filters.text.strip():
        query = query.where(searching.matching(filters.text))
    return query


def inquiries(session: Session, filters: Filters, page: int = 1) -> Page[Inquiry]:
    """One page of the list, newest first."""
    query = _narrowed(filters).options(selectinload(Inquiry.resident).selectinload(Resident.addresses))
    return _page(session, query, (Inquiry.opened_at.desc(), Inquiry.id.desc()), page)


def _page(session: Session, query: Select[tuple[Row]], order: tuple[Any, ...], page: int) -> Page[Row]:
    """The page of this number, or the nearest that there is."""
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE)))
    return Page(list(session.scalars(query.order_by(*order).offset((number - 1) * PAGE).limit(PAGE))), number, total)


def inquiry(session: Session, inquiry_id: int) -> Inquiry | None:
    """One inquiry with its turns."""
    return session.scalar(
        select(Inquiry).where(Inquiry.id == inquiry_id).options(selectinload(Inquiry.turns), selectinload(Inquiry.resident).selectinload(Resident.addresses))
    )


def resident(session: Session, resident_id: int) -> tuple[Resident, list[Inquiry]] | None:
    """A person with everything over both channels and all joined records, newest first."""
    found = session.scalar(select(Resident).where(Resident.id == resident_id).options(selectinload(Resident.addresses)))
    if found is None:
        return None
    theirs = session.scalars(
        select(Inquiry).where(Inquiry.resident_id.in_(joined(session, found))).order_by(Inquiry.opened_at.desc()).options(selectinload(Inquiry.turns))
    )
    return found, list(theirs)


def callbacks(session: Session, done: bool, page: int = 1) -> Page[Callback]:
    """Call-backs to do, the most urgent first; or those that are done, newest first."""
    query = select(Callback).options(selectinload(Callback.inquiry).selectinload(Inquiry.resident).selectinload(Resident.addresses))
    if done:
        return _page(session, query.where(Callback.done_at.is_not(None)), (Callback.done_at.desc(), Callback.id.desc()), page)
    return _page(session, query.where(Callback.done_at.is_(None)), (Callback.due_at, Callback.id), page)


def open_callbacks(session: Session, now: datetime) -> tuple[int, int]:
    """(to do, of these overdue)."""
    todo = session.scalar(select(func.count()).where(Callback.done_at.is_(None))) or 0
    late = session.scalar(select(func.count()).where(Callback.done_at.is_(None), Callback.due_at < now)) or 0
    return todo, late


def finish_callback(session: Session, callback_id: int, member: StaffMember, now: datetime, note: str) -> Callback | None:
    """The call was made. A call-back that is done already stays as it is; None when there is no such call-back."""
    found = session.scalar(select(Callback).where(Callback.id == callback_id).with_for_update())
    if found is not None and found.done_at is None:
        found.done_at, found.done_by, found.note = now, member.name, note[:400]
        found.inquiry.owner = member.name
    return found


def reopen_callback(session: Session, callback_id: int) -> Callback | None:
    """It was marked as done by mistake."""
    found = session.get(Callback, callback_id)
    if found is not None:
        found.done_at = found.done_by = None
    return found


def examples(session: Session, page: int = 1) -> Page[Example]:
    """Labelled examples that nobody has confirmed yet, oldest first."""
    return _page(session, select(Example).where(Example.decided_at.is_(None)), (Example.id,), page)


def decide_example(session: Session, example_id: int, member: StaffMember, now: datetime, label: str | None) -> Example | None:
    """Staff say what the words mean; None as label puts them aside. The first decision stays."""
    found = session.scalar(select(Example).where(Example.id == example_id).with_for_update())
    if found is not None and found.decided_at is None:
        found.decided_at, found.decided_by, found.label = now, member.name, label
    return found


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
    query = select(Reading, StaffMember.name).join(StaffMember, StaffMember.id == Reading.staff_id).order_by(Reading.id.desc())
    rows = session.execute(query.offset((number - 1) * PAGE).limit(PAGE))
    return Page([ReadingRow(one.at, name, one.kind, one.target_id) for one, name in rows], number, total)
