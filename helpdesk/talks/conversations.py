"""One talk, found and locked."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.people.tables import Resident
from helpdesk.store.database import insert_unless_there
from helpdesk.talks.tables import Conversation


def locked_conversation(
    session: Session, channel: str, key: str, resident: Resident | None, now: datetime
) -> Conversation:
    """The talk, made when it is new, locked until the transaction ends (SQLite locks the whole file at BEGIN)."""
    values: dict[str, Any] = {
        "channel": channel,
        "key": key,
        "resident_id": resident.id if resident else None,
        "started_at": now,
        "last_at": now,
        "last_number": -1,
        "talk": {},
    }
    find = select(Conversation).where(Conversation.channel == channel, Conversation.key == key).with_for_update()
    found = session.scalar(find)
    if found is None:
        insert_unless_there(session, Conversation, values)
        found = session.scalars(find).one()
    return found


def kept_talk(session: Session, channel: str, key: str) -> tuple[dict[str, Any], int] | None:
    """What is remembered of a talk and the number of its newest turn, without locking it. None when it never began."""
    found = session.execute(
        select(Conversation.talk, Conversation.last_number).where(
            Conversation.channel == channel, Conversation.key == key
        )
    )
    row = found.first()
    return (row[0], row[1]) if row else None
