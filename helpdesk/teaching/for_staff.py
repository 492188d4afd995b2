"""What staff do with examples."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.staff.tables import StaffMember
from helpdesk.store.paging import Page, page_of
from helpdesk.teaching.tables import Example


def examples(session: Session, page: int = 1) -> Page[Example]:
    """Labelled examples that nobody has confirmed yet, oldest first."""
    return page_of(session, select(Example).where(Example.decided_at.is_(None)), (Example.id,), page)


def decide_example(
    session: Session, example_id: int, member: StaffMember, now: datetime, label: str | None
) -> Example | None:
    """Staff say what the words mean; None as label puts them aside. The first decision stays."""
    found = session.scalar(select(Example).where(Example.id == example_id).with_for_update())
    if found is not None and found.decided_at is None:
        found.decided_at, found.decided_by, found.label = now, member.name, label
    return found
