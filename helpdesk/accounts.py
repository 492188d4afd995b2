"""Staff accounts: hashed passwords, roles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.database import insert_unless_there
from helpdesk.tables import StaffMember

SHORTEST_PASSWORD = 10
_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody has this password")


@dataclass(frozen=True)
class Made:
    """The account exists now."""


@dataclass(frozen=True)
class NameTaken:
    """Somebody has this name already."""


@dataclass(frozen=True)
class PasswordTooShort:
    """Fewer than ``SHORTEST_PASSWORD`` characters."""


def add(session: Session, name: str, role: Literal["staff", "manager"], password: str, now: datetime) -> Made | NameTaken | PasswordTooShort:
    """A new account; the password is kept as an Argon2 hash."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordTooShort()
    values = {"name": name, "role": role, "password_hash": _hasher.hash(password), "active": True, "created_at": now}
    return Made() if insert_unless_there(session, StaffMember, values) else NameTaken()


def sign_in(session: Session, name: str, password: str) -> StaffMember | None:
    """The account when name and password fit. Takes as long for a name that nobody has."""
    member = session.scalar(select(StaffMember).where(StaffMember.name == name, StaffMember.active))
    try:
        _hasher.verify(member.password_hash if member else _nobody, password)
    except (Argon2Error, InvalidHashError):
        return None
    return member


def any_account(session: Session) -> bool:
    """Whether somebody can sign in."""
    return bool(session.scalar(select(func.count()).select_from(StaffMember)))
