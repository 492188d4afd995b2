"""What a talk may do with learning paths, for the person who calls or writes. Flows use this and never see SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.booking.tables import Booking
from helpdesk.learning import access_codes, paths
from helpdesk.learning.tables import LearningPath
from helpdesk.people.tables import Resident


@dataclass(frozen=True)
class Learning:
    """One turn's view of the paths."""

    session: Session
    resident: Resident | None
    conversation_id: int
    now: datetime

    def known(self) -> dict[str, Any]:
        """What the history tells about this person."""
        return paths.known(self.session, self.resident)

    def current(self) -> LearningPath | None:
        """The path that is followed, planned anew when a session of it is full or over."""
        found = paths.current(self.session, self.resident, self.conversation_id)
        return paths.fresh(self.session, self.now, found) if found is not None else None

    def plan(self, hearing: Mapping[str, Any], why: str = "asked") -> LearningPath:
        """A new path from what was told, kept."""
        steps = paths.propose(self.session, self.now, hearing, self.resident)
        return paths.keep(self.session, self.now, self.resident, self.conversation_id, hearing, steps, why)

    def refuse(self, path: LearningPath, offer: str) -> LearningPath:
        """A new path without what the person does not want."""
        return paths.plan_anew(self.session, self.now, path, "refused", refused=[offer])

    def done(self, path: LearningPath, name: str) -> None:
        """A step was taken at once."""
        path.steps = [{**row, "state": "done"} if row["name"] == name else row for row in path.steps]

    def booked(self, booking: Booking) -> None:
        """A step's session was booked."""
        paths.mark_booked(self.session, booking, self.conversation_id)

    def give_code(self) -> str | None:
        """This person's code for the practice app."""
        return access_codes.give(self.session, self.now, self.resident)
