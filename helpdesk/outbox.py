"""The outbox as the sender sees it: what is due, claiming it, and how it ended."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from helpdesk.database import insert_unless_there
from helpdesk.tables import Address, OutboxMessage

CLAIM_LASTS = timedelta(minutes=2)
"""After this a claim counts as left behind by a process that died."""


@dataclass(frozen=True)
class Claimed:
    """A message that nobody else sends now."""

    id: int
    kind: str
    recipient: str
    payload: dict[str, Any]
    reply_token: str | None
    retry_key: str
    created_at: datetime
    attempts: int
    blocked: bool


def put(session: Session, now: datetime, key: str, kind: str, recipient: str, payload: dict[str, Any], **more: Any) -> bool:
    """Something to send, once for this key. Whether it is new."""
    values = {
        "key": key, "kind": kind, "recipient": recipient, "payload": payload, "retry_key": str(uuid.uuid4()), "unasked": False,
        "created_at": now, "not_before": now, "attempts": 0, **more,
    }  # fmt: skip
    return insert_unless_there(session, OutboxMessage, values)


def due(session: Session, now: datetime, replies_before: datetime, unasked: bool, limit: int = 100) -> list[str]:
    """Keys of what should leave now, oldest first; replies only when they are older than ``replies_before``."""
    found = (
        select(OutboxMessage.key)
        .where(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None), OutboxMessage.not_before <= now)
        .where(or_(OutboxMessage.claimed_at.is_(None), OutboxMessage.claimed_at < now - CLAIM_LASTS))
        .where(or_(OutboxMessage.kind != "line_reply", OutboxMessage.created_at < replies_before))
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    if not unasked:
        found = found.where(OutboxMessage.unasked.is_(False))
    return list(session.scalars(found))


def claim(session: Session, key: str, now: datetime) -> Claimed | None:
    """Take the message for sending; None when it is sent, given up, not due or being sent by somebody else."""
    taken = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.key == key, OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
        .where(OutboxMessage.not_before <= now)
        .where(or_(OutboxMessage.claimed_at.is_(None), OutboxMessage.claimed_at < now - CLAIM_LASTS))
        .values(claimed_at=now, attempts=OutboxMessage.attempts + 1)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        return None
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()
    address = session.scalar(select(Address).where(Address.kind == "line", Address.value == row.recipient))
    return Claimed(
        row.id, row.kind, row.recipient, row.payload, row.reply_token, row.retry_key, row.created_at, row.attempts,
        blocked=address is not None and address.blocked_at is not None,
    )  # fmt: skip


def settle(session: Session, row_id: int, now: datetime, given_up: str | None = None) -> None:
    """It is sent, or given up for a reason."""
    values = {"sent_at": now} if given_up is None else {"given_up_at": now, "last_error": given_up[:200]}
    session.execute(update(OutboxMessage).where(OutboxMessage.id == row_id).values(claimed_at=None, **values))


def postpone(session: Session, row_id: int, until: datetime, reason: str, push_instead: bool = False) -> None:
    """Try again from ``until`` on; a reply whose token failed becomes a push."""
    more = {"kind": "line_push", "reply_token": None} if push_instead else {}
    session.execute(update(OutboxMessage).where(OutboxMessage.id == row_id).values(claimed_at=None, not_before=until, last_error=reason[:200], **more))
