"""What is kept. One class a table; the migrations in ``helpdesk/migrations`` make them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from helpdesk.clock import TOKYO

OUTCOMES = ("open", "solved", "guided", "handed_over", "callback", "booked", "safety", "abandoned")


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC, read back in Asia/Tokyo on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        return value.astimezone(TOKYO)


class Table(DeclarativeBase):
    """Base of all tables; constraints have predictable names so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, list[Any]: JSON}


class Resident(Table):
    """A person as far as known: by a telephone number or a LINE id. Records are joined by staff alone."""

    __tablename__ = "residents"
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    name: Mapped[str | None] = mapped_column(String(80))
    speaks_slowly: Mapped[bool] = mapped_column(default=False)
    """Asked for slower speech once; later calls start slow (P5)."""
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id", ondelete="SET NULL"), index=True)
    """Staff found that this is the same person as that record; nothing is moved, so that it can be undone (H3)."""
    addresses: Mapped[list["Address"]] = relationship(back_populates="resident", order_by="Address.id", cascade="all, delete-orphan")


class Address(Table):
    """Where a resident can be reached: a telephone number (E.164) or a LINE user id."""

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("kind", "value"), CheckConstraint("kind IN ('phone', 'line')", name="kind"))
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(64))
    blocked_at: Mapped[datetime | None]
    """Since when nothing is sent there (the person unfollowed)."""
    resident: Mapped[Resident] = relationship(back_populates="addresses")


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
        Index("uq_inquiries_one_open", "conversation_id", unique=True, sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
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


class Example(Table):
    """Words that were understood only after asking back: what the person chose is a labelled example for staff to confirm."""

    __tablename__ = "examples"
    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    """What was said first, masked (S3)."""
    offered: Mapped[list[Any]] = mapped_column(default=list)
    """The labels that were offered, the likeliest first."""
    chosen: Mapped[str] = mapped_column(String(40))
    """The label that the person chose."""
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(80))
    label: Mapped[str | None] = mapped_column(String(40))
    """The label that staff confirmed; None before, and when they put the example aside."""


class Callback(Table):
    """A call that the desk owes somebody. One per inquiry."""

    __tablename__ = "callbacks"
    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), unique=True)
    number: Mapped[str | None] = mapped_column(String(20))
    """E.164; None when the person answers on LINE only or gave no number that could be read."""
    wish: Mapped[str] = mapped_column(String(8), default="any")
    """``am``, ``pm`` or ``any``."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(400), default="")
    inquiry: Mapped[Inquiry] = relationship()


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


class StaffMember(Table):
    """An account for the staff pages."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('staff', 'manager')", name="role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(8))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class StaffSession(Table):
    """A member of staff who is signed in somewhere. The browser has the key, the table its hash: a copy of either opens nothing once it has ended."""

    __tablename__ = "staff_sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(64))
    """The network address that it was opened from: from there its member is never slowed down by what strangers try."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    """The last page that was opened or form that was sent; what an open page asks for by itself does not count."""
    ended_at: Mapped[datetime | None]


class SignInTries(Table):
    """Tries to sign in, counted for a name from one address and for a name from anywhere. Names are hashed: some people type a password there."""

    __tablename__ = "sign_in_tries"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    since: Mapped[datetime] = mapped_column(index=True)
    """When the counting began."""
    last_at: Mapped[datetime]


class Reading(Table):
    """Who looked at whose history, and when."""

    __tablename__ = "readings"
    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    """``inquiry``, ``resident``, ``number`` or ``session``."""
    target_id: Mapped[int]


class Joining(Table):
    """Staff joined two records of one person, or took it back (H3)."""

    __tablename__ = "joinings"
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(80))


class Heartbeat(Table):
    """The last sign of life of a background process."""

    __tablename__ = "heartbeats"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
