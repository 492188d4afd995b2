"""Few tries to find a booking from elsewhere than where it was made.

They are counted in the database, over calls, threads and processes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpdesk.booking.tables import Attempt
from helpdesk.clock import TOKYO
from helpdesk.store.database import insert_unless_there, rows_changed

EVERYBODY, WITHHELD = "all", "withheld"
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class NoTriesLeft:
    """The tries are used up: nothing was looked for."""


Scopes = Sequence[tuple[str, int]]
"""(who or where, how many tries a day); always in the same order, so that nobody blocks anybody for ever."""


def take(session: Session, now: datetime, scopes: Scopes) -> bool:
    """Count one try in each scope, unless one of them has none left: then none is counted. Whether it may be made."""
    day = _day(now)
    counted: list[tuple[str, int]] = []
    for scope, most in scopes:
        new = insert_unless_there(session, Attempt, {"scope": scope, "day": day, "tries": 0})
        if new and scope == EVERYBODY:
            session.execute(delete(Attempt).where(Attempt.day < day - KEPT))
        if not _count(session, scope, day, most):
            give_back(session, now, counted)
            return False
        counted.append((scope, most))
    return True


def _count(session: Session, scope: str, day: date, most: int) -> bool:
    """One more in one statement whose condition is its guard: whoever comes at the same moment waits, then sees it."""
    one_left = (Attempt.scope == scope, Attempt.day == day, Attempt.tries < most)
    return bool(rows_changed(session, update(Attempt).where(*one_left).values(tries=Attempt.tries + 1)))


def give_back(session: Session, now: datetime, scopes: Scopes) -> None:
    """The try found what it looked for: it does not count."""
    for scope, _ in scopes:
        counted = (Attempt.scope == scope, Attempt.day == _day(now), Attempt.tries > 0)
        rows_changed(session, update(Attempt).where(*counted).values(tries=Attempt.tries - 1))


def left(session: Session, now: datetime, scopes: Scopes) -> bool:
    """Whether each scope has a try left."""
    names = [scope for scope, _ in scopes]
    today = (
        select(Attempt)
        .where(Attempt.scope.in_(names), Attempt.day == _day(now))
        .execution_options(populate_existing=True)
    )
    used = {one.scope: one.tries for one in session.scalars(today)}
    return all(used.get(scope, 0) < most for scope, most in scopes)


def _day(now: datetime) -> date:
    return now.astimezone(TOKYO).date()
