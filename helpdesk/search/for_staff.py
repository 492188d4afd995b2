"""What staff look at. Every reading of one person's history is logged by whoever shows it."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from helpdesk.people.residents import joined
from helpdesk.people.tables import Resident
from helpdesk.search import searching
from helpdesk.store.paging import Page, page_of
from helpdesk.talks.tables import Inquiry


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything."""

    channel: str = ""
    topic: str = ""
    outcome: str = ""
    text: str = ""


def _narrowed(filters: Filters) -> Select[Inquiry]:
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
    return page_of(session, query, (Inquiry.opened_at.desc(), Inquiry.id.desc()), page)


def inquiry(session: Session, inquiry_id: int) -> Inquiry | None:
    """One inquiry with its turns."""
    return session.scalar(
        select(Inquiry)
        .where(Inquiry.id == inquiry_id)
        .options(selectinload(Inquiry.turns), selectinload(Inquiry.resident).selectinload(Resident.addresses))
    )


def resident(session: Session, resident_id: int) -> tuple[Resident, list[Inquiry]] | None:
    """A person with everything over both channels and all joined records, newest first."""
    found = session.scalar(select(Resident).where(Resident.id == resident_id).options(selectinload(Resident.addresses)))
    if found is None:
        return None
    theirs = session.scalars(
        select(Inquiry)
        .where(Inquiry.resident_id.in_(joined(session, found)))
        .order_by(Inquiry.opened_at.desc())
        .options(selectinload(Inquiry.turns))
    )
    return found, list(theirs)
