"""What is kept of talks."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.people.tables import Resident
from helpdesk.store.base import Table

OUTCOMES = ("open", "solved", "guided", "handed_over", "callback", "booked", "safety", "abandoned")


class Conversation(Table):
    """One call, or everything with one LINE friend. What the talk knows is two small dictionaries."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(64))
    """The CallSid of a call, the user id of a LINE friend."""
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id", ondelete="SET NULL"), index=True)
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    last_number: Mapped[int] = mapped_column(default=-1)
    """The number of the newest turn of a call; older numbers that come late change nothing."""
    ended_at: Mapped[datetime | None]
    talk: Mapped[dict[str, Any]] = mapped_column(default=dict)
    resident: Mapped[Resident | None] = relationship()


class Inquiry(Table):
    """One concern of one person, not one message. A conversation talks about at most one at a time."""

    __tablename__ = "inquiries"
    __table_args__ = (
        CheckConstraint("outcome IN (" + ", ".join(f"'{o}'" for o in OUTCOMES) + ")", name="outcome"),
        Index("ix_inquiries_opened_at", "opened_at"),
        Index(
            "uq_inquiries_one_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(8))
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    topic: Mapped[str | None] = mapped_column(String(40), index=True)
    """The label of an intent (shared list), None until it is understood."""
    device: Mapped[str | None] = mapped_column(String(20))
    """``iphone``, ``android`` or ``rakuraku`` when told."""
    summary: Mapped[str] = mapped_column(String(400), default="")
    """One or two Japanese sentences for the next member of staff."""
    outcome: Mapped[str] = mapped_column(String(16), default="open", index=True)
    owner: Mapped[str] = mapped_column(String(80), default="bot")
    """``bot`` or the name of the member of staff who has taken it."""
    safety: Mapped[str | None] = mapped_column(String(24), index=True)
    """The safety label that came up, whatever the topic is."""
    resident: Mapped[Resident | None] = relationship()
    conversation: Mapped[Conversation] = relationship(foreign_keys=[conversation_id])
    turns: Mapped[list["TurnRecord"]] = relationship(back_populates="inquiry", order_by="TurnRecord.id")


class TurnRecord(Table):
    """One turn: what was heard, what was understood, what was answered. ``key`` makes a redelivery harmless."""

    __tablename__ = "turns"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    heard: Mapped[str] = mapped_column(String(16))
    """Kind of turn: arrived, said, pressed, tapped, silent, picture, sticker …"""
    text: Mapped[str] = mapped_column(Text, default="")
    """What was said, typed or pressed, masked (S3)."""
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    """LINE's message id, needed when the sender takes the message back."""
    recogniser_confidence: Mapped[float | None]
    intent: Mapped[str | None] = mapped_column(String(40))
    confidence: Mapped[float | None]
    engine: Mapped[str | None] = mapped_column(String(12))
    likeliest: Mapped[list[Any]] = mapped_column(default=list)
    answered: Mapped[str] = mapped_column(Text, default="")
    """The answer as words."""
    reply: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The answer as it is rendered again when the same turn arrives twice."""
    inquiry: Mapped[Inquiry | None] = relationship(back_populates="turns")
