"""What is kept of people."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.store.base import Table


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
    addresses: Mapped[list["Address"]] = relationship(
        back_populates="resident", order_by="Address.id", cascade="all, delete-orphan"
    )


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
