"""What jobs ask of talks."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.talks.tables import Conversation


def forgotten_calls(session: Session, before: datetime) -> list[tuple[str, str | None]]:
    """(CallSid, number) of calls that have no end and no turn since ``before``."""
    found = session.scalars(
        select(Conversation).where(
            Conversation.channel == "voice", Conversation.ended_at.is_(None), Conversation.last_at < before
        )
    )
    calls = []
    for conversation in found:
        phones = (
            [a.value for a in conversation.resident.addresses if a.kind == "phone"] if conversation.resident else []
        )
        calls.append((conversation.key, phones[0] if len(phones) == 1 else None))
    return calls
