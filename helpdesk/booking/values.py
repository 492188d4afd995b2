from dataclasses import dataclass
from datetime import datetime

from helpdesk.programme.values import Place


@dataclass(frozen=True, slots=True)
class Held:
    id: int
    number: str
    state: str
    place: Place
    slot: int | None
    name: str | None
    reading: str | None
    contact_kind: str | None
    contact: str | None
    mobile: str | None
    offered_until: datetime | None
    changed_at: datetime
    itself: bool

    @property
    def active(self) -> bool:
        return self.state in ("waiting", "offered", "booked")
