"""A row to queue at: whoever counts something for a person waits for the other who does."""

import hashlib

from sqlalchemy import String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.store.base import Table
from helpdesk.store.database import insert_unless_there, rows_changed


class LimitTurn(Table):
    """A row to queue at: whoever counts something for a person waits until the other who does has finished."""

    __tablename__ = "limit_turns"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A hash: no number and no user id is kept here."""
    turn: Mapped[int] = mapped_column(default=0)


def queue_up(session: Session, what: str) -> None:
    """From here to the end of the transaction nobody else counts ``what`` (SQLite has one writer anyway)."""
    key = hashlib.sha256(what.encode()).hexdigest()
    insert_unless_there(session, LimitTurn, {"key": key, "turn": 0})
    rows_changed(session, update(LimitTurn).where(LimitTurn.key == key).values(turn=LimitTurn.turn + 1))
