"""What is kept for teaching the models."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.base import Table


class Example(Table):
    """Words understood only after asking back: what the person chose is a labelled example for staff to confirm."""

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
