"""Learning paths as they are kept: planned with the programme's free places, shown, followed, planned anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpdesk.booking.reading import all_held
from helpdesk.booking.tables import Attendee, Booking
from helpdesk.learning.planner import Find, Step, plan
from helpdesk.learning.tables import LearningPath
from helpdesk.people.residents import family
from helpdesk.people.tables import Resident
from helpdesk.programme import finding as search
from helpdesk.programme.finding import Wish
from helpdesk.programme.tables import Offering, Slot
from helpdesk.programme.values import Place, offer_of
from helpdesk.talks.tables import Inquiry

KEYS = ("phone", "aim", "worry", "skill", "venue", "part", "done", "refused")


AHEAD = 400
"""So many free slots are read at once for a path: more than a ward's year has. Beyond them each step is looked for."""


def finder(session: Session, held: Mapping[tuple[str, str], Place] | None = None) -> Find:
    """The place that the person holds already; else the next free one after an instant.

    It is where and when it was wished for, or nearest to it.
    """
    read: list[_Ahead] = []

    def find(wish: Wish, after: datetime) -> Place | None:
        mine = (held or {}).get((wish.kind or "", wish.level or ""))
        if mine is not None and mine.starts_at >= after:
            return mine
        if not read or after < read[0].since:
            read[:] = [_Ahead(session, after)]
        for easier in (wish, replace(wish, part=None), replace(wish, venue=None), replace(wish, venue=None, part=None)):
            found = read[0].next(easier, after)
            if found is not None:
                return found
        return None

    return find


class _Ahead:
    """The free slots from an instant on, read in one statement."""

    def __init__(self, session: Session, since: datetime) -> None:
        self.session, self.since = session, since
        self.places, self.all_there = search.ahead(session, since, ("class", "consultation", "event"), AHEAD)

    def next(self, wish: Wish, after: datetime) -> Place | None:
        """The first that fits kind, level, place and part of the day."""
        for one in self.places:
            if one.starts_at > after and _fits(one, wish):
                return one
        if self.all_there:
            return None
        found = search.fitting(self.session, max(after, self.places[-1].starts_at - INSTANT), wish, True, 1)
        return found[0] if found else None


INSTANT = timedelta(microseconds=1)


def _fits(one: Place, wish: Wish) -> bool:
    wanted = ((wish.kind, one.kind), (wish.level, one.level), (wish.venue, one.venue))
    return all(value in (None, there) for value, there in wanted) and search.at_time(one, wish)


def propose(
    session: Session, now: datetime, hearing: Mapping[str, Any], resident: Resident | None = None
) -> list[Step]:
    """The path for this person as things stand now; what she has booked is part of it."""
    return _with_held(session, now, hearing, resident)[0]


def _with_held(
    session: Session, now: datetime, hearing: Mapping[str, Any], resident: Resident | None
) -> tuple[list[Step], frozenset[int]]:
    """The steps, and the slots among them that are booked already."""
    held = held_by(session, now, resident)
    steps = plan(hearing, now, finder(session, {(one.kind, one.level): one for one in held}))
    return steps, frozenset(one.slot for one in held)


def held_by(session: Session, now: datetime, resident: Resident | None) -> list[Place]:
    """The places that are booked through this record and those joined to it, the soonest last (it wins)."""
    if resident is None:
        return []
    mine = all_held(
        session, Attendee.resident_id.in_(family(resident)), Booking.state == "booked", Slot.starts_at > now
    )
    return [one.place for one in reversed(mine)]


def known(session: Session, resident: Resident | None) -> dict[str, Any]:
    """What the history tells, so that it is not asked: the last hearing, the phone of inquiries, what was attended."""
    if resident is None:
        return {}
    last = current(session, resident, None)
    found: dict[str, Any] = {
        key: value for key, value in (last.hearing if last else {}).items() if key in KEYS and value
    }
    if "phone" not in found:
        told = select(Inquiry.device).where(Inquiry.resident_id.in_(family(resident)), Inquiry.device.is_not(None))
        device = session.scalar(told.order_by(Inquiry.id.desc()).limit(1))
        if device:
            found["phone"] = "feature" if device == "feature_phone" else "own"
    attended = select(Offering.kind, Offering.level).join(Booking, Booking.offering_id == Offering.id).join(Attendee)
    hers = (Attendee.resident_id.in_(family(resident)), Booking.state == "attended")
    done = {offer_of(kind, level) for kind, level in session.execute(attended.where(*hers).distinct())}
    if done:
        found["done"] = sorted({*found.get("done", ()), *done})
    return found


def current(session: Session, resident: Resident | None, conversation_id: int | None) -> LearningPath | None:
    """The path that is followed now; of somebody unknown that of the same talk."""
    query = select(LearningPath).where(LearningPath.replaced_at.is_(None))
    if resident is not None:
        query = query.where(LearningPath.resident_id.in_(family(resident)))
    elif conversation_id is not None:
        query = query.where(LearningPath.conversation_id == conversation_id)
    else:
        return None
    return session.scalars(query.order_by(LearningPath.id.desc()).limit(1)).first()


def new_path(
    session: Session,
    now: datetime,
    resident: Resident | None,
    conversation_id: int | None,
    hearing: Mapping[str, Any],
    why: str = "asked",
) -> LearningPath:
    """Plan from what was told and store it; the path before it is put aside."""
    steps, booked = _with_held(session, now, hearing, resident)
    before = current(session, resident, conversation_id)
    if before is not None:
        before.replaced_at = now
    told = {key: hearing[key] for key in KEYS if hearing.get(key)}
    rows = [as_row(one) | ({"state": "booked"} if one.place and one.place.slot in booked else {}) for one in steps]
    path = LearningPath(
        resident_id=resident.id if resident else None,
        conversation_id=conversation_id,
        created_at=now,
        hearing=told,
        steps=rows,
        why=why,
    )
    session.add(path)
    session.flush()
    return path


def as_row(one: Step) -> dict[str, Any]:
    """A step as it is stored."""
    return {
        "name": one.name, "kind": one.kind, "level": one.level, "aims": list(one.aims), "ear": one.ear, "eye": one.eye,
        "slot": one.place.slot if one.place else None, "state": "planned",
    }  # fmt: skip


def plan_anew(session: Session, now: datetime, path: LearningPath, why: str, **more: list[str]) -> LearningPath:
    """A new plan after something changed: ``done`` or ``refused`` offers, or a session that is full."""
    hearing = dict(path.hearing)
    for key, values in more.items():
        hearing[key] = sorted({*hearing.get(key, ()), *values})
    resident = session.get(Resident, path.resident_id) if path.resident_id else None
    return new_path(session, now, resident, path.conversation_id, hearing, why)


def after_session(session: Session, now: datetime, booking: Booking) -> LearningPath | None:
    """Staff noted who came: what was attended is done, what was missed is planned again."""
    resident = session.get(Resident, booking.attendee.resident_id) if booking.attendee.resident_id else None
    path = current(session, resident, None)
    if path is None:
        return None
    if booking.state == "attended":
        return plan_anew(session, now, path, "attended", done=[booking.offering.offer])
    return plan_anew(session, now, path, "missed")


def places_of(session: Session, path: LearningPath) -> dict[int, Place]:
    """The places of all steps, by slot; read in one statement."""
    return search.places(session, {row["slot"] for row in path.steps if row["slot"] is not None})


def is_stale(now: datetime, path: LearningPath, there: Mapping[int, Place]) -> bool:
    """Whether a planned session is full, over or cancelled by now."""
    planned = [there.get(row["slot"]) for row in path.steps if row["state"] == "planned" and row["slot"] is not None]
    return any(one is None or one.free == 0 or one.starts_at <= now or bool(one.cancelled) for one in planned)


def fresh(session: Session, now: datetime, path: LearningPath, there: Mapping[int, Place]) -> LearningPath:
    """The path as it can be followed now: planned anew when a session of it is full or over."""
    return plan_anew(session, now, path, "full") if is_stale(now, path, there) else path


def mark_booked(session: Session, booking_id: int, place: Place, conversation_id: int) -> None:
    """The step whose session was booked is noted as such."""
    whose = (
        select(Resident)
        .join(Attendee, Attendee.resident_id == Resident.id)
        .join(Booking, Booking.attendee_id == Attendee.id)
    )
    resident = session.scalar(whose.where(Booking.id == booking_id))
    mine = [LearningPath.conversation_id == conversation_id]
    if resident is not None:
        mine.append(LearningPath.resident_id.in_(family(resident)))
    path = session.scalars(
        select(LearningPath)
        .where(or_(*mine), LearningPath.replaced_at.is_(None))
        .order_by(LearningPath.id.desc())
        .limit(1)
    ).first()
    if path is None:
        return
    rows = [dict(row) for row in path.steps]
    for row in rows:
        if row["state"] == "planned" and row["kind"] == place.kind and (row["level"] or "") == place.level:
            row["state"], row["slot"] = "booked", place.slot
            break
    path.steps = rows
