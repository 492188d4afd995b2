"""Who is acting, and how pages carry a deed of theirs out."""

from collections.abc import Callable

from flask import abort, flash
from flask_login import current_user
from sqlalchemy.orm import Session

from helpdesk.clock import Clock
from helpdesk.staff import audit
from helpdesk.staff.tables import StaffMember
from helpdesk.store.database import Database


def acting(session: Session) -> StaffMember:
    """The account of whoever is signed in."""
    member = session.get(StaffMember, current_user.id)
    if member is None:
        abort(403)
    return member


def carry_out(database: Database, deed: Callable[[Session], str], refusal: type[Exception]) -> bool:
    """Do it in one transaction; whether it was done.

    What was done, or why it could not be, is said on the page that comes next.
    """
    try:
        with database.transaction() as session:
            said = deed(session)
    except refusal as reason:
        flash(str(reason), "error")
        return False
    flash(said)
    return True


def note_reading(database: Database, clock: Clock, kind: str, target: int) -> None:
    """Who looks at whose history now, written in a short transaction of its own before anything of it is shown."""
    with database.transaction() as session:
        audit.log_reading(session, current_user.id, clock(), kind, target)
