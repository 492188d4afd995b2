from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    slot: int
    offering: int
    number: int
    kind: str
    level: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    free: int
    bring: str
    sample: bool
    cancelled: str
    published: bool
    sequence: int
    changed_at: datetime | None
