"""What is kept of learning paths."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.base import Table


class LearningPath(Table):
    """The steps proposed to a person, newest last; a new plan puts the old one aside."""

    __tablename__ = "learning_paths"
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    hearing: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the person told."""
    steps: Mapped[list[Any]] = mapped_column(default=list)
    """What is proposed, each with its reason and how it went."""
    why: Mapped[str] = mapped_column(String(40), default="asked")
    """``asked``, or what made a new plan necessary: attended, missed, refused, full."""
    replaced_at: Mapped[datetime | None]


class AccessCode(Table):
    """A code for the practice app; one for each person."""

    __tablename__ = "access_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id", ondelete="SET NULL"), unique=True)
    given_at: Mapped[datetime | None]
