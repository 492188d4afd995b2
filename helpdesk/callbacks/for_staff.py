"""What staff see and do of call-backs."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from helpdesk.callbacks.tables import Callback
from helpdesk.people.tables import Resident
from helpdesk.staff.tables import StaffMember
from helpdesk.store.paging import Page, page_of
from helpdesk.talks.tables import Inquiry


def callbacks(session: Session, done: bool, page: int = 1) -> Page[Callback]:
    """Call-backs to do, the most urgent first; or those that are done, newest first."""
    query = select(Callback).options(
        selectinload(Callback.inquiry).selectinload(Inquiry.resident).selectinload(Resident.addresses)
    )
    if done:
        return page_of(
            session, query.where(Callback.done_at.is_not(None)), (Callback.done_at.desc(), Callback.id.desc()), page
        )
    return page_of(session, query.where(Callback.done_at.is_(None)), (Callback.due_at, Callback.id), page)


def open_callbacks(session: Session, now: datetime) -> tuple[int, int]:
    """(to do, of these overdue)."""
    todo = session.scalar(select(func.count()).where(Callback.done_at.is_(None))) or 0
    late = session.scalar(select(func.count()).where(Callback.done_at.is_(None), Callback.due_at < now)) or 0
    return todo, late


def finish_callback(
    session: Session, callback_id: int, member: StaffMember, now: datetime, note: str
) -> Callback | None:
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
