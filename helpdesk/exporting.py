"""Inquiries as rows for other programs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.talks.tables import Inquiry, TurnRecord
from helpdesk.teaching.tables import Example

COLUMNS = (
    "id",
    "resident",
    "channel",
    "opened_at",
    "closed_at",
    "topic",
    "device",
    "outcome",
    "safety",
    "owner",
    "summary",
    "turns",
)


def inquiries(session: Session, after: datetime | None, before: datetime | None) -> Iterator[dict[str, Any]]:
    """One dictionary an inquiry; ``turns`` is their number, ``opened_at`` ISO 8601."""
    turns = select(TurnRecord.inquiry_id, func.count().label("n")).group_by(TurnRecord.inquiry_id).subquery()
    query = select(Inquiry, turns.c.n).outerjoin(turns, turns.c.inquiry_id == Inquiry.id).order_by(Inquiry.id)
    if after is not None:
        query = query.where(Inquiry.opened_at >= after)
    if before is not None:
        query = query.where(Inquiry.opened_at < before)
    for inquiry, n in session.execute(query):
        yield {
            "id": inquiry.id, "resident": inquiry.resident_id, "channel": inquiry.channel,
            "opened_at": inquiry.opened_at.isoformat(),
            "closed_at": inquiry.closed_at.isoformat() if inquiry.closed_at else None,
            "topic": inquiry.topic, "device": inquiry.device, "outcome": inquiry.outcome, "safety": inquiry.safety,
            "owner": inquiry.owner, "summary": inquiry.summary, "turns": n or 0,
        }  # fmt: skip


def examples(session: Session) -> Iterator[dict[str, str]]:
    """The labelled examples that staff confirmed, as lines for ``helpdesk nlu eval`` and for training."""
    for example in session.scalars(select(Example).where(Example.label.is_not(None)).order_by(Example.id)):
        yield {"text": example.text, "intent": str(example.label), "channel": example.channel}
