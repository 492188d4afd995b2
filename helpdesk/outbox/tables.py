"""What is kept of messages that leave."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.base import Table


class OutboxMessage(Table):
    """Something that leaves: a LINE reply or push, an SMS. Written with the decision, claimed before it is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("kind IN ('line_reply', 'line_push', 'sms')", name="kind"),
        Index(
            "ix_outbox_waiting",
            "not_before",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
        Index(
            "ix_outbox_unknown",
            "unknown_at",
            sqlite_where=text("unknown_at IS NOT NULL AND seen_at IS NULL"),
            postgresql_where=text("unknown_at IS NOT NULL AND seen_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    """What makes the same decision, taken twice, one message."""
    kind: Mapped[str] = mapped_column(String(12))
    recipient: Mapped[str] = mapped_column(String(64), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reply_token: Mapped[str | None] = mapped_column(String(64))
    retry_key: Mapped[str] = mapped_column(String(36))
    unasked: Mapped[bool] = mapped_column(default=False)
    """Nobody waits for it: quiet hours apply (L6)."""
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))
    unknown_at: Mapped[datetime | None]
    """Given up because nobody can know whether it went out, and sending it again could send it twice."""
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None] = mapped_column(String(80))
    """The member of staff who looked after an unknown one."""


class ShortMessage(Table):
    """An SMS that the desk decided on: what is counted, and what staff have to confirm."""

    __tablename__ = "short_messages"
    __table_args__ = (CheckConstraint("state IN ('sent', 'held', 'no')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    number: Mapped[str] = mapped_column(String(20), index=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(Text, default="")
    """Kept while it is held."""
    state: Mapped[str] = mapped_column(String(4))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(80))
    """The member of staff who confirmed the number."""
