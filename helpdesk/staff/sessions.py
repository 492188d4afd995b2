"""Sessions of staff, kept in the database: what has ended opens nothing, whoever has a copy of the cookie."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpdesk.staff.tables import StaffMember, StaffSession
from helpdesk.store.database import rows_changed

IDLE = timedelta(minutes=60)
"""Without a page opened or a form sent the session ends after this."""
NOTED_EVERY = timedelta(seconds=15)
"""A click sooner than this after the one before is not written down."""
REMEMBERED = timedelta(days=90)
"""How long it is known from where somebody signed in."""


def begin(session: Session, now: datetime, member: StaffMember, address: str) -> str:
    """A session of this member. The key that the browser keeps; it stands nowhere else."""
    session.execute(
        delete(StaffSession).where(StaffSession.member_id == member.id, StaffSession.last_seen_at < now - REMEMBERED)
    )
    key = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            key_hash=_hash(key), member_id=member.id, address=address, created_at=now, last_seen_at=now, ended_at=None
        )
    )
    session.flush()
    return key


def member_of(session: Session, now: datetime, key: str) -> StaffMember | None:
    """Who is signed in with this key; None when it is unknown, ended, idle for too long or of an inactive account."""
    found = session.execute(
        select(StaffSession, StaffMember).join(StaffMember, StaffMember.id == StaffSession.member_id)
        .where(StaffSession.key_hash == _hash(key), StaffSession.ended_at.is_(None), StaffMember.active)
    ).first()  # fmt: skip
    return found[1] if found is not None and now - found[0].last_seen_at <= IDLE else None


def is_due(session: Session, now: datetime, key: str) -> bool:
    """Whether a click now is worth writing down."""
    last = session.scalar(select(StaffSession.last_seen_at).where(StaffSession.key_hash == _hash(key)))
    return last is not None and now - last >= NOTED_EVERY


def note_click(session: Session, now: datetime, key: str) -> None:
    """Somebody opened a page or sent a form. A session that has ended stays so."""
    alive = (
        StaffSession.key_hash == _hash(key),
        StaffSession.ended_at.is_(None),
        StaffSession.last_seen_at >= now - IDLE,
    )
    rows_changed(session, update(StaffSession).where(*alive).values(last_seen_at=now))


def end(session: Session, now: datetime, key: str) -> None:
    """Somebody signs out."""
    rows_changed(
        session,
        update(StaffSession)
        .where(StaffSession.key_hash == _hash(key), StaffSession.ended_at.is_(None))
        .values(ended_at=now),
    )


def end_all(session: Session, now: datetime, member: StaffMember) -> int:
    """Every session of this member ends. How many there were."""
    return rows_changed(
        session,
        update(StaffSession)
        .where(StaffSession.member_id == member.id, StaffSession.ended_at.is_(None))
        .values(ended_at=now),
    )


def signed_in_from(session: Session, name: str, address: str) -> bool:
    """Whether the member of this name signed in from this address before."""
    found = (
        select(StaffSession.id)
        .join(StaffMember, StaffMember.id == StaffSession.member_id)
        .where(StaffMember.name == name, StaffSession.address == address)
    )
    return session.scalars(found.limit(1)).first() is not None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
