"""Signs of life of background processes."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from helpdesk.health.tables import Heartbeat
from helpdesk.store.database import insert_unless_there


def beat(session: Session, name: str, now: datetime) -> None:
    """``name`` is alive at ``now``."""
    if not insert_unless_there(session, Heartbeat, {"name": name, "at": now}):
        session.execute(update(Heartbeat).where(Heartbeat.name == name).values(at=now))
