"""What is kept of call-backs."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.store.base import Table
from helpdesk.talks.tables import Inquiry


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


class JoinedWish(Table):
    """A further wish to be called, told to staff beside the call-back that it joined."""

    __tablename__ = "joined_wishes"
    id: Mapped[int] = mapped_column(primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id", ondelete="CASCADE"), index=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), unique=True)
    number: Mapped[str | None] = mapped_column(String(20))
    """E.164 when it is another number than the call-back's."""
    wish: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    inquiry: Mapped[Inquiry] = relationship()
