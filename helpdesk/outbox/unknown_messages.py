"""Messages of which nobody knows whether they went out: staff look after each of them once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from helpdesk.outbox.tables import OutboxMessage
from helpdesk.people.tables import Address
from helpdesk.store.database import rows_changed
from helpdesk.telephone import masked

LONGEST_EXCERPT = 120
NOTICES = {"place": "空きが出たお知らせ"}


@dataclass(frozen=True)
class UnknownMessage:
    """One line for staff."""

    id: int
    kind: str
    person: str
    """The telephone number, masked, or that it is somebody on LINE."""
    resident_id: int | None
    what: str
    at: datetime
    """When it was to go out."""


def unknown_messages(session: Session, limit: int = 200) -> list[UnknownMessage]:
    """Those that nobody has looked after yet, oldest first."""
    same = and_(Address.value == OutboxMessage.recipient, Address.kind.in_(("phone", "line")))
    rows = session.execute(
        select(OutboxMessage, Address.resident_id)
        .outerjoin(Address, same)
        .where(OutboxMessage.unknown_at.is_not(None), OutboxMessage.seen_at.is_(None))
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    return [
        UnknownMessage(
            row.id,
            row.kind,
            masked(row.recipient) if row.kind == "sms" else "LINEのかた",
            resident_id,
            _what(row),
            row.created_at,
        )
        for row, resident_id in rows
    ]


def look_after(session: Session, message_id: int, by: str, now: datetime) -> bool:
    """Staff have asked the person, or seen to it otherwise. The first who did stays; whether there is such a one."""
    one = update(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.unknown_at.is_not(None))
    unseen = one.where(OutboxMessage.seen_at.is_(None)).values(seen_at=now, seen_by=by)
    if rows_changed(session, unseen):
        return True
    return (
        session.scalar(
            select(OutboxMessage.id).where(OutboxMessage.id == message_id, OutboxMessage.unknown_at.is_not(None))
        )
        is not None
    )


def _what(row: OutboxMessage) -> str:
    """What it was about, as staff read it."""
    if "notice" in row.payload:
        return NOTICES.get(str(row.payload["notice"]), "お知らせ")
    if "body" in row.payload:
        return _short(str(row.payload["body"]))
    texts = [
        str(one.get("text") or one.get("altText") or "")
        for one in row.payload.get("messages", ())
        if isinstance(one, dict)
    ]
    return _short(next((text for text in texts if text), "お返事"))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_EXCERPT else text[: LONGEST_EXCERPT - 1] + "…"
