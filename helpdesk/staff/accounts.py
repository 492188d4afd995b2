"""Staff accounts: hashed passwords, roles, who may sign in. Whatever takes a right away ends the account's sessions."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.staff import sessions as staff_sessions
from helpdesk.staff.tables import StaffMember
from helpdesk.store.database import insert_unless_there

SHORTEST_PASSWORD = 10
LONGEST_NAME = 80
_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody has this password")
Role = Literal["staff", "manager"]


@dataclass(frozen=True)
class Made:
    """The account exists now."""


@dataclass(frozen=True)
class NameTaken:
    """Somebody has this name already."""


@dataclass(frozen=True)
class NameUnusable:
    """Empty, too long, or with signs that nobody can type at the sign-in."""


@dataclass(frozen=True)
class PasswordTooShort:
    """Fewer than ``SHORTEST_PASSWORD`` characters."""


@dataclass(frozen=True)
class Changed:
    """It is so now."""


@dataclass(frozen=True)
class NoSuchAccount:
    """Nobody has this name."""


@dataclass(frozen=True)
class LastManager:
    """Nobody would be left who may do what managers do."""


def add(
    session: Session, name: str, role: Role, password: str, now: datetime
) -> Made | NameTaken | NameUnusable | PasswordTooShort:
    """A new account; the password is kept as an Argon2 hash."""
    if (
        not name
        or name != name.strip()
        or len(name) > LONGEST_NAME
        or any(unicodedata.category(letter).startswith("C") for letter in name)
    ):
        return NameUnusable()
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


def still(session: Session, member: StaffMember) -> StaffMember | None:
    """The account, locked, when it may still sign in with the password that was looked at before."""
    found = session.scalar(
        select(StaffMember)
        .where(StaffMember.id == member.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found if found is not None and found.active and found.password_hash == member.password_hash else None


def everybody(session: Session) -> list[StaffMember]:
    """All accounts, by name."""
    return list(session.scalars(select(StaffMember).order_by(StaffMember.name)))


def deactivate(session: Session, name: str, now: datetime) -> Changed | NoSuchAccount | LastManager:
    """The account can no longer sign in; what it did keeps its name."""
    member = _locked(session, name)
    if member is None:
        return NoSuchAccount()
    if _is_last_manager(session, member):
        return LastManager()
    member.active = False
    staff_sessions.end_all(session, now, member)
    return Changed()


def activate(session: Session, name: str) -> Changed | NoSuchAccount:
    """The account can sign in again."""
    member = _locked(session, name)
    if member is None:
        return NoSuchAccount()
    member.active = True
    return Changed()


def set_password(
    session: Session, name: str, password: str, now: datetime
) -> Changed | NoSuchAccount | PasswordTooShort:
    """Another password; whoever is signed in with the old one is signed out."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordTooShort()
    member = _locked(session, name)
    if member is None:
        return NoSuchAccount()
    member.password_hash = _hasher.hash(password)
    staff_sessions.end_all(session, now, member)
    return Changed()


def set_role(session: Session, name: str, role: Role) -> Changed | NoSuchAccount | LastManager:
    """What the account may do from its next page on."""
    member = _locked(session, name)
    if member is None:
        return NoSuchAccount()
    if role != "manager" and _is_last_manager(session, member):
        return LastManager()
    member.role = role
    return Changed()


def any_account(session: Session) -> bool:
    """Whether somebody can sign in."""
    return bool(session.scalar(select(func.count()).select_from(StaffMember)))


def _locked(session: Session, name: str) -> StaffMember | None:
    """The account of this name.

    All are locked, in one order: two who take the role from each other at once must not leave nobody.
    """
    rows = session.scalars(
        select(StaffMember).order_by(StaffMember.id).with_for_update().execution_options(populate_existing=True)
    ).all()
    return next((one for one in rows if one.name == name), None)


def _is_last_manager(session: Session, member: StaffMember) -> bool:
    managers = session.scalars(select(StaffMember.id).where(StaffMember.role == "manager", StaffMember.active)).all()
    return list(managers) == [member.id]
