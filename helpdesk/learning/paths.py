"""Learning paths as they are kept: planned with the programme's free places, shown, followed, planned anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpdesk.booking.tables import Attendee, Booking
from helpdesk.learning.planner import Find, Step, plan
from helpdesk.learning.tables import LearningPath
from helpdesk.people.residents import joined
from helpdesk.people.tables import Resident
from helpdesk.programme import finding as search
from helpdesk.programme.finding import Place, Wish
from helpdesk.talks.tables import Inquiry

KEYS = ("phone", "aim", "worry", "skill", "venue", "part", "done", "refused")


def finder(session: Session, held: Mapping[tuple[str, str], Place] | None = None) -> Find:
    """The place that the person holds already; else the next free one after an instant, where and when it was wished for or nearest to it."""

    def find(wish: Wish, after: datetime) -> Place | None:
        mine = (held or {}).get((wish.kind or "", wish.level or ""))
        if mine is not None and mine.slot.starts_at >= after:
            return mine
        for easier in (wish, replace(wish, part=None), replace(wish, venue=None), replace(wish, venue=None, part=None)):
            found = search.fitting(session, after, easier, True, 1)
            if found:
                return found[0]
        return None

    return find


def propose(session: Session, now: datetime, hearing: Mapping[str, Any], resident: Resident | None = None) -> list[Step]:
    """The path for this person as things stand now; what she has booked is part of it."""
    return plan(hearing, now, finder(session, {(one.offering.kind, one.offering.level): one for one in held_by(session, now, resident)}))


def held_by(session: Session, now: datetime, resident: Resident | None) -> list[Place]:
    """The places that are booked through this record and those joined to it, the soonest last (it wins)."""
    if resident is None:
        return []
    found = session.scalars(select(Booking).join(Attendee).where(Attendee.resident_id.in_(joined(session, resident)), Booking.state == "booked"))
    return sorted((Place(one.slot, one.offering) for one in found if one.slot and one.slot.starts_at > now), key=lambda one: one.slot.starts_at, reverse=True)


def known(session: Session, resident: Resident | None) -> dict[str, Any]:
    """What the history tells, so that it is not asked: the last hearing, the phone named in inquiries, what was attended."""
    if resident is None:
        return {}
    family = joined(session, resident)
    last = current(session, resident, None)
    found: dict[str, Any] = {key: value for key, value in (last.hearing if last else {}).items() if key in KEYS and value}
    if "phone" not in found:
        device = session.scalar(select(Inquiry.device).where(Inquiry.resident_id.in_(family), Inquiry.device.is_not(None)).order_by(Inquiry.id.desc()).limit(1))
        if device:
            found["phone"] = "feature" if device == "feature_phone" else "own"
    attended = session.scalars(select(Booking).join(Attendee).where(Attendee.resident_id.in_(family), Booking.state == "attended"))
    done = {one.offering.offer for one in attended}
    if done:
        found["done"] = sorted({*found.get("done", ()), *done})
    return found


def current(session: Session, resident: Resident | None, conversation_id: int | None) -> LearningPath | None:
    """The path that is followed now; of somebody unknown that of the same talk."""
    query = select(LearningPath).where(LearningPath.replaced_at.is_(None))
    if resident is not None:
        query = query.where(LearningPath.resident_id.in_(joined(session, resident)))
    elif conversation_id is not None:
        query = query.where(LearningPath.conversation_id == conversation_id)
    else:
        return None
    return session.scalars(query.order_by(LearningPath.id.desc()).limit(1)).first()


def keep(
    session: Session, now: datetime, resident: Resident | None, conversation_id: int | None, hearing: Mapping[str, Any], steps: list[Step], why: str = "asked"
) -> LearningPath:
    """Store the path; the one before it is put aside."""
    before = current(session, resident, conversation_id)
    if before is not None:
        before.replaced_at = now
    told = {key: hearing[key] for key in KEYS if hearing.get(key)}
    booked = {one.slot.id for one in held_by(session, now, resident)}
    rows = [as_row(one) | ({"state": "booked"} if one.place and one.place.slot.id in booked else {}) for one in steps]
    path = LearningPath(resident_id=resident.id if resident else None, conversation_id=conversation_id, created_at=now, hearing=told, steps=rows, why=why)
    session.add(path)
    session.flush()
    return path


def as_row(one: Step) -> dict[str, Any]:
    """A step as it is stored."""
    return {
        "name": one.name, "kind": one.kind, "level": one.level, "aims": list(one.aims), "ear": one.ear, "eye": one.eye,
        "slot": one.place.slot.id if one.place else None, "state": "planned",
    }  # fmt: skip


def plan_anew(session: Session, now: datetime, path: LearningPath, why: str, **more: list[str]) -> LearningPath:
    """A new plan after something changed: ``done`` or ``refused`` offers, or a session that is full."""
    hearing = dict(path.hearing)
    for key, values in more.items():
        hearing[key] = sorted({*hearing.get(key, ()), *values})
    resident = session.get(Resident, path.resident_id) if path.resident_id else None
    return keep(session, now, resident, path.conversation_id, hearing, propose(session, now, hearing, resident), why)


def after_session(session: Session, now: datetime, booking: Booking) -> LearningPath | None:
    """Staff noted who came: what was attended is done, what was missed is planned again."""
    resident = session.get(Resident, booking.attendee.resident_id) if booking.attendee.resident_id else None
    path = current(session, resident, None)
    if path is None:
        return None
    if booking.state == "attended":
        return plan_anew(session, now, path, "attended", done=[booking.offering.offer])
    return plan_anew(session, now, path, "missed")


def stale_steps(session: Session, now: datetime, path: LearningPath) -> bool:
    """Whether a planned session is full, over or cancelled by now."""
    for row in path.steps:
        if row["state"] != "planned" or row["slot"] is None:
            continue
        place = search.place(session, row["slot"])
        if place is None or place.free == 0 or place.slot.starts_at <= now or place.offering.cancelled:
            return True
    return False


def fresh(session: Session, now: datetime, path: LearningPath) -> LearningPath:
    """The path as it can be followed now: planned anew when a session of it is full or over."""
    return plan_anew(session, now, path, "full") if stale_steps(session, now, path) else path


def mark_booked(session: Session, booking: Booking, conversation_id: int) -> None:
    """The step whose session was booked is noted as such."""
    resident = session.get(Resident, booking.attendee.resident_id) if booking.attendee.resident_id else None
    mine = [LearningPath.conversation_id == conversation_id]
    if resident is not None:
        mine.append(LearningPath.resident_id.in_(joined(session, resident)))
    path = session.scalars(select(LearningPath).where(or_(*mine), LearningPath.replaced_at.is_(None)).order_by(LearningPath.id.desc()).limit(1)).first()
    if path is None:
        return
    rows = [dict(row) for row in path.steps]
    for row in rows:
        if row["state"] == "planned" and row["kind"] == booking.offering.kind and (row["level"] or "") == booking.offering.level:
            row["state"], row["slot"] = "booked", booking.slot_id
            break
    path.steps = rows
