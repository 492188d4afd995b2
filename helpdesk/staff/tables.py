"""What is kept of staff."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.base import Table


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
    """A member of staff who is signed in somewhere.

    The browser has the key, the table its hash: a copy of either opens nothing once it has ended.
    """

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
    """Tries to sign in, counted for a name from one address and for a name from anywhere.

    Names are hashed: some people type a password there.
    """

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
