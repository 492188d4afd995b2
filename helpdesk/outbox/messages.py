"""The outbox as the sender sees it: what is due, claiming it, and how it ended.

A process may die between sending and telling so. What it leaves behind is a claim that nobody settles. A push is then
sent again under its retry key, a reply with its token that works once; an SMS has nothing that makes a repeat harmless,
so it ends as unknown and staff see it (``helpdesk/unknown_messages.py``).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from helpdesk.outbox.tables import OutboxMessage
from helpdesk.people.tables import Address
from helpdesk.store.database import insert_unless_there, rows_changed

CLAIM_LASTS = timedelta(minutes=2)
"""After this a claim counts as left behind by a process that died."""
REPLY_CLAIM_LASTS = timedelta(seconds=20)
"""Shorter for a reply: its token lives for a minute, and a repeat with it does no harm."""
SET_BACK = timedelta(minutes=1)
"""Instants that lie further ahead than this although they were once the present tell of a clock that was set back."""
ONCE_ONLY = ("sms",)
"""Kinds whose repeat could reach the person twice."""
LEFT_BEHIND = "left behind by a process that died"
_WAITING = (OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))


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


def put(
    session: Session, now: datetime, key: str, kind: str, recipient: str, payload: dict[str, Any], **more: Any
) -> bool:
    """Something to send, once for this key. Whether it is new."""
    values = {
        "key": key, "kind": kind, "recipient": recipient, "payload": payload,
        "retry_key": str(uuid.uuid4()), "unasked": False,
        "created_at": now, "not_before": now, "attempts": 0, **more,
    }  # fmt: skip
    return insert_unless_there(session, OutboxMessage, values)


def _left_behind(now: datetime) -> ColumnElement[bool]:
    """Claims of processes that died; a claim from the future was made before the clock was set back."""
    claimed = OutboxMessage.claimed_at
    return or_(
        claimed < now - CLAIM_LASTS,
        claimed > now + CLAIM_LASTS,
        and_(OutboxMessage.kind == "line_reply", claimed < now - REPLY_CLAIM_LASTS),
    )


def _free(now: datetime) -> ColumnElement[bool]:
    """Nobody is sending it, and sending it does no harm."""
    return or_(OutboxMessage.claimed_at.is_(None), and_(OutboxMessage.kind.not_in(ONCE_ONLY), _left_behind(now)))


def due(session: Session, now: datetime, replies_before: datetime, unasked: bool, limit: int = 100) -> list[str]:
    """Keys of what should leave now, oldest first; replies only when they are older than ``replies_before``."""
    found = (
        select(OutboxMessage.key)
        .where(*_WAITING, OutboxMessage.not_before <= now, _free(now))
        .where(or_(OutboxMessage.kind != "line_reply", OutboxMessage.created_at < replies_before))
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    if not unasked:
        found = found.where(OutboxMessage.unasked.is_(False))
    return list(session.scalars(found))


def claim(session: Session, key: str, now: datetime) -> Claimed | None:
    """Take the message for sending; None when it is sent, given up, not due or being sent by somebody else."""
    taken = rows_changed(
        session,
        update(OutboxMessage)
        .where(OutboxMessage.key == key, *_WAITING, OutboxMessage.not_before <= now, _free(now))
        .values(claimed_at=now, attempts=OutboxMessage.attempts + 1),
    )
    if not taken:
        return None
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()
    address = session.scalar(select(Address).where(Address.kind == "line", Address.value == row.recipient))
    return Claimed(
        row.id, row.kind, row.recipient, row.payload, row.reply_token, row.retry_key, row.created_at, row.attempts,
        blocked=address is not None and address.blocked_at is not None,
    )  # fmt: skip


def settle(session: Session, row_id: int, now: datetime, given_up: str | None = None) -> None:
    """It is sent, or given up for a reason.

    Sent is also what a slow sender says whose message was called unknown meanwhile.
    """
    values = (
        {"sent_at": now, "given_up_at": None, "unknown_at": None}
        if given_up is None
        else {"given_up_at": now, "last_error": given_up[:200]}
    )
    session.execute(update(OutboxMessage).where(OutboxMessage.id == row_id).values(claimed_at=None, **values))


def _unknown(now: datetime, reason: str) -> dict[str, Any]:
    return {"claimed_at": None, "given_up_at": now, "unknown_at": now, "last_error": reason[:200]}


def settle_unknown(session: Session, row_id: int, now: datetime, reason: str) -> None:
    """Nobody knows whether it went out; it is not sent again, staff see it."""
    session.execute(update(OutboxMessage).where(OutboxMessage.id == row_id, *_WAITING).values(**_unknown(now, reason)))


def give_up_left_behind(session: Session, now: datetime) -> int:
    """Claims left behind of what must not be sent twice end as unknown. How many."""
    stuck = update(OutboxMessage).where(*_WAITING, OutboxMessage.kind.in_(ONCE_ONLY), _left_behind(now))
    return rows_changed(session, stuck.values(**_unknown(now, LEFT_BEHIND)))


def postpone(session: Session, row_id: int, until: datetime, reason: str, push_instead: bool = False) -> None:
    """Try again from ``until`` on; a reply whose token failed becomes a push."""
    more = {"kind": "line_push", "reply_token": None} if push_instead else {}
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == row_id)
        .values(claimed_at=None, not_before=until, last_error=reason[:200], **more)
    )


def after_clock_went_back(session: Session, now: datetime) -> int:
    """What waits for an instant of the clock as it was may leave now; how many.

    What is planned for another day keeps its day.
    """
    was_due = or_(OutboxMessage.attempts > 0, OutboxMessage.not_before <= OutboxMessage.created_at)
    ahead = update(OutboxMessage).where(*_WAITING, OutboxMessage.not_before > now, was_due).values(not_before=now)
    written_later = (
        update(OutboxMessage).where(*_WAITING, OutboxMessage.created_at > now + SET_BACK).values(created_at=now)
    )
    return rows_changed(session, ahead) + rows_changed(session, written_later)
