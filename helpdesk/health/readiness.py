"""Whether somebody who calls or writes now can be helped: one word a part."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from sqlalchemy import select

from helpdesk.health.tables import Heartbeat
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.settings import Settings
from helpdesk.store.database import Database

LATE, DOWN = timedelta(seconds=60), timedelta(minutes=10)
STUCK = timedelta(minutes=5)


@dataclass(frozen=True)
class Readiness:
    """``words`` has database, nlu, scheduler, line and twilio."""

    words: dict[str, str]
    can_help: bool


def readiness(settings: Settings, database: Database, now: datetime, nlu: str) -> Readiness:
    """The state of every part; ``nlu`` is told by who knows it."""
    alive = database.alive()
    words = {"database": "ok" if alive else "down", "nlu": nlu, "scheduler": "down"}
    line = twilio = "down"
    if alive:
        with database.reading() as session:
            beat = session.scalar(select(Heartbeat.at).where(Heartbeat.name == "scheduler"))
            stuck = set(
                session.scalars(
                    select(OutboxMessage.kind).where(
                        OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None),
                        OutboxMessage.last_error.is_not(None), OutboxMessage.created_at < now - STUCK,
                    )
                )
            )  # fmt: skip
        if beat is not None:
            # Far from now in either direction: the clock may have been set back since the last one.
            age = abs(now - beat)
            words["scheduler"] = "ok" if age < LATE else "late" if age < DOWN else "down"
        line = "down" if stuck & {"line_reply", "line_push"} else "ok"
        twilio = "down" if "sms" in stuck else "ok"
    words["line"] = line if settings.has_line else "console"
    words["twilio"] = twilio if settings.has_twilio else "console"
    # Without any model rules still lead to a person; without the database nothing can be kept or promised.
    return Readiness(words, can_help=alive)


def rasa_answers(url: str) -> bool:
    """Whether the Rasa server has a model loaded; for processes that do not understand anything themselves."""
    try:
        response = httpx.get(f"{url}/status", timeout=0.7, trust_env=False)
        return response.status_code == 200 and bool(response.json().get("model_file"))
    except (httpx.HTTPError, ValueError):
        return False
