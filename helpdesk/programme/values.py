"""What others see of the programme: values as they were read, not rows that could still be read from or written to."""

from dataclasses import dataclass
from datetime import datetime


def offer_of(kind: str, level: str) -> str:
    """What a session is, as learning paths name it: ``class:basic``, ``consultation``."""
    return f"{kind}:{level}" if level else kind


@dataclass(frozen=True, slots=True)
class Place:
    """A time of a session that can be booked, or waited for; read in one statement."""

    slot: int
    offering: int
    number: int
    """0 is the first slot of the session."""
    kind: str
    level: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    free: int
    bring: str
    sample: bool
    """Made up for trying the service out."""
    cancelled: str
    """Why it does not take place; empty when it does."""
    published: bool
    sequence: int
    changed_at: datetime | None

    @property
    def offer(self) -> str:
        """``class:basic``, ``consultation``."""
        return offer_of(self.kind, self.level)
