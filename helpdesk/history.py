"""What staff look at. Every reading of one person's history is logged."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from helpdesk.booking.attendees import joined
from helpdesk.tables import Address, Callback, Example, Inquiry, Reading, Resident, StaffMember, TurnRecord

PAGE = 30


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything."""

    channel: str = ""
    topic: str = ""
    outcome: str = ""
    text: str = ""


@dataclass(frozen=True)
class Page:
    """Some of the inquiries, newest first."""

    inquiries: list[Inquiry]
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
        query = query.where(_contains(filters.text.strip()))
    return query


def _contains(text: str) -> ColumnElement[bool]:
    """In the summary or a turn; digits also find the telephone number of the person."""
    pattern = "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    spoken = select(TurnRecord.inquiry_id).where(TurnRecord.text.like(pattern, escape="\\"))
    found = [Inquiry.summary.like(pattern, escape="\\"), Inquiry.id.in_(spoken)]
    digits = "".join(letter for letter in text if letter.isdigit()).lstrip("0")
    if len(digits) >= 4:
        people = select(Address.resident_id).where(Address.kind == "phone", Address.value.like(f"%{digits}"))
        found.append(Inquiry.resident_id.in_(people))
    return or_(*found)


def inquiries(session: Session, filters: Filters, page: int = 1) -> Page:
    """One page of the list, newest first."""
    query = _narrowed(filters)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE)))
    found = session.scalars(
        query.options(selectinload(Inquiry.resident).selectinload(Resident.addresses)).order_by(Inquiry.opened_at.desc(), Inquiry.id.desc())
        .offset((number - 1) * PAGE).limit(PAGE)
    )  # fmt: skip
    return Page(list(found), number, total)


def inquiry(session: Session, inquiry_id: int, reader: int, now: datetime) -> Inquiry | None:
    """One inquiry with its turns; the reading is logged."""
    found = session.scalar(
        select(Inquiry).where(Inquiry.id == inquiry_id).options(selectinload(Inquiry.turns), selectinload(Inquiry.resident).selectinload(Resident.addresses))
    )
    if found is not None:
        log_reading(session, reader, now, "inquiry", inquiry_id)
    return found


def resident(session: Session, resident_id: int, reader: int, now: datetime) -> tuple[Resident, list[Inquiry]] | None:
    """A person with everything over both channels and all joined records, newest first; the reading is logged."""
    found = session.scalar(select(Resident).where(Resident.id == resident_id).options(selectinload(Resident.addresses)))
    if found is None:
        return None
    log_reading(session, reader, now, "resident", resident_id)
    theirs = session.scalars(
        select(Inquiry).where(Inquiry.resident_id.in_(joined(session, found))).order_by(Inquiry.opened_at.desc()).options(selectinload(Inquiry.turns))
    )
    return found, list(theirs)


def callbacks(session: Session, done: bool, limit: int = 200) -> list[Callback]:
    """Call-backs to do, the most urgent first; or those that are done, newest first."""
    query = select(Callback).options(selectinload(Callback.inquiry).selectinload(Inquiry.resident).selectinload(Resident.addresses))
    if done:
        query = query.where(Callback.done_at.is_not(None)).order_by(Callback.done_at.desc())
    else:
        query = query.where(Callback.done_at.is_(None)).order_by(Callback.due_at, Callback.id)
    return list(session.scalars(query.limit(limit)))


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


def examples(session: Session, limit: int = 100) -> list[Example]:
    """Labelled examples that nobody has confirmed yet, oldest first."""
    return list(session.scalars(select(Example).where(Example.decided_at.is_(None)).order_by(Example.id).limit(limit)))


def decide_example(session: Session, example_id: int, member: StaffMember, now: datetime, label: str | None) -> Example | None:
    """Staff say what the words mean; None as label puts them aside. The first decision stays."""
    found = session.scalar(select(Example).where(Example.id == example_id).with_for_update())
    if found is not None and found.decided_at is None:
        found.decided_at, found.decided_by, found.label = now, member.name, label
    return found


def log_reading(session: Session, reader: int, now: datetime, kind: str, target: int) -> None:
    """Who looked at what, and when."""
    session.add(Reading(staff_id=reader, at=now, kind=kind, target_id=target))
