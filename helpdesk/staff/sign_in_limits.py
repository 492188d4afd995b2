"""How often a password may be tried, so that guessing is hopeless and yet nobody elsewhere keeps a member of staff out.

A try is counted before the password is looked at, by one statement that the database carries out for one after the
other: sixty tries in one moment are sixty. Counted is a name from one address (a ward office has one address to the
outside: a colleague with another name gets in). Many addresses that try one name are slowed down together, but an
address from which the member signed in before is not.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import case, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from helpdesk.staff import sessions as staff_sessions
from helpdesk.staff.tables import SignInTries
from helpdesk.store.database import insert_unless_there, rows_changed

TRIES, WINDOW = 10, timedelta(minutes=5)
"""Wrong passwords for one name from one address, and how long they are remembered."""
EVERYWHERE_TRIES, EVERYWHERE_WINDOW = 30, timedelta(hours=1)
"""Tries of one name from addresses that its member never signed in from; beyond them they are slowed down."""
GAP = timedelta(seconds=10)
"""So far apart the tries that are slowed down must be."""


def count_try(session: Session, now: datetime, name: str, address: str) -> timedelta | None:
    """Count one try. How long to wait when there were too many; None when the password may be looked at."""
    session.execute(delete(SignInTries).where(SignInTries.since < now - 2 * EVERYWHERE_WINDOW))
    tries, since = count_up(session, now, _key("pair", name, address))
    if tries > TRIES:
        return max(since + WINDOW - now, timedelta(seconds=1))
    if staff_sessions.signed_in_from(session, name, address):
        return None
    return None if _take_turn(session, now, _key("name", name)) else GAP


def count_up(session: Session, now: datetime, key: str) -> tuple[int, datetime]:
    """(tries within the window with this one, when the window began), in one statement."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    over = or_(SignInTries.since <= now - WINDOW, SignInTries.since > now)
    statement = (
        dialect.insert(SignInTries).values(key=key, tries=1, since=now, last_at=now)
        .on_conflict_do_update(
            index_elements=[SignInTries.key],
            set_={"tries": case((over, 1), else_=SignInTries.tries + 1),
                  "since": case((over, now), else_=SignInTries.since), "last_at": now},
        )
        .returning(SignInTries.tries, SignInTries.since)
    )  # fmt: skip
    tries, since = session.execute(statement).one()
    return tries, since


def forgive(session: Session, name: str, address: str) -> None:
    """The password was right: what went wrong before it is forgotten."""
    session.execute(delete(SignInTries).where(SignInTries.key == _key("pair", name, address)))


def _take_turn(session: Session, now: datetime, key: str) -> bool:
    """Whether a stranger may try this name now: the first tries of an hour at once, then one each ``GAP``."""
    insert_unless_there(session, SignInTries, {"key": key, "tries": 0, "since": now, "last_at": now})
    over = or_(SignInTries.since <= now - EVERYWHERE_WINDOW, SignInTries.since > now)
    rows_changed(session, update(SignInTries).where(SignInTries.key == key, over).values(tries=0, since=now))
    free = or_(SignInTries.tries < EVERYWHERE_TRIES, SignInTries.last_at <= now - GAP)
    return (
        rows_changed(
            session,
            update(SignInTries).where(SignInTries.key == key, free).values(tries=SignInTries.tries + 1, last_at=now),
        )
        == 1
    )


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
