"""Codes for the practice app: a pool that staff import, one code for each person."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpdesk.learning.tables import AccessCode
from helpdesk.people.tables import Resident
from helpdesk.store.database import insert_unless_there, rows_changed

LONGEST = 40


class BadCodes(Exception):
    """The file has mistakes and nothing was kept. ``faults`` has one line each, in Japanese."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} mistakes")
        self.faults = faults


def add(session: Session, lines: Iterable[str]) -> int:
    """Put codes into the pool, one a line; those that are there stay as they are. How many are new. Raises BadCodes."""
    codes = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    faults = [
        f"{number}行目: {LONGEST}文字までの英数字です"
        for number, code in codes
        if len(code) > LONGEST or not code.isascii() or not code.isprintable()
    ]
    seen: dict[str, int] = {}
    for number, code in codes:
        first = seen.setdefault(code, number)
        if first != number:
            faults.append(f"{number}行目: {first}行目と同じです")
    if faults:
        raise BadCodes(faults)
    return sum(insert_unless_there(session, AccessCode, {"code": code}) for _, code in codes)


def give(session: Session, now: datetime, resident: Resident | None) -> str | None:
    """This person's code: the one that she has, else the next of the pool; None without one or without a person."""
    if resident is None:
        return None
    owner = resident.joined_to_id or resident.id
    find = select(AccessCode.code).where(AccessCode.resident_id == owner)
    mine = session.scalar(find)
    while mine is None:
        free = session.scalar(
            select(AccessCode.id)
            .where(AccessCode.resident_id.is_(None), AccessCode.given_at.is_(None))
            .order_by(AccessCode.id)
            .limit(1)
        )
        if free is None:
            return session.scalar(find)  # the last one may just have been given to this person by another turn
        rows_changed(
            session,
            update(AccessCode)
            .where(AccessCode.id == free, AccessCode.resident_id.is_(None))
            .values(resident_id=owner, given_at=now),
        )
        mine = session.scalar(find)
    return mine


def left(session: Session) -> int:
    """How many codes nobody has yet."""
    return session.scalar(select(func.count()).where(AccessCode.given_at.is_(None))) or 0
