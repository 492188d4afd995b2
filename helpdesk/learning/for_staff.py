"""What staff do with learning paths."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.booking.for_staff import NotDone, booking_of
from helpdesk.booking.tables import Booking
from helpdesk.learning import paths
from helpdesk.learning.tables import LearningPath
from helpdesk.people.tables import Resident
from helpdesk.programme.values import Place


def attendance(session: Session, now: datetime, booking_id: int, state: str) -> Booking:
    """``attended``, ``missed`` or, taken back, ``booked``; the learning path is planned anew. Raises NotDone."""
    booking = booking_of(session, booking_id)
    if state not in ("attended", "missed", "booked") or booking.state not in ("booked", "attended", "missed"):
        raise NotDone("この予約には、出欠を付けられません。")
    if booking.slot is None or booking.slot.starts_at > now:
        raise NotDone("始まる前の会には、出欠を付けられません。")
    if booking.state != state:
        booking.state, booking.changed_at = state, now
        session.flush()
        if state != "booked":
            paths.after_session(session, now, booking)
    return booking


def path_of(session: Session, resident: Resident) -> LearningPath | None:
    """The path that is followed, as it was planned."""
    return paths.current(session, resident, None)


@dataclass(frozen=True)
class ShownStep:
    """A step as it is stored, with its place as it is now."""

    row: dict[str, Any]
    place: Place | None


def shown_path(session: Session, now: datetime, path: LearningPath) -> tuple[list[ShownStep], bool]:
    """The steps for a page, and whether a planned session of them cannot be booked any more."""
    there = paths.places_of(session, path)
    return [ShownStep(row, there.get(row["slot"])) for row in path.steps], paths.is_stale(now, path, there)


def plan_path_again(session: Session, now: datetime, resident_id: int) -> bool:
    """The path with sessions that can be booked now. Whether anything had to be changed. Raises NotDone."""
    resident = session.get(Resident, resident_id)
    found = paths.current(session, resident, None) if resident is not None else None
    if found is None:
        raise NotDone("受講フローがまだありません。")
    return paths.fresh(session, now, found, paths.places_of(session, found)) is not found
