"""What a talk may do with learning paths, for the person who calls or writes. Flows use this: values go out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.booking.values import Held
from helpdesk.learning import access_codes, paths
from helpdesk.learning.tables import LearningPath
from helpdesk.learning.values import Path, PathStep
from helpdesk.people.tables import Resident
from helpdesk.programme.values import Place


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

    def has_path(self) -> bool:
        """Whether a path is followed."""
        return paths.current(self.session, self.resident, self.conversation_id) is not None

    def current(self) -> Path | None:
        """The path that is followed, planned anew when a session of it is full or over."""
        found = paths.current(self.session, self.resident, self.conversation_id)
        if found is None:
            return None
        there = paths.places_of(self.session, found)
        followed = paths.fresh(self.session, self.now, found, there)
        return as_path(found, there) if followed is found else self._path(followed)

    def plan(self, hearing: Mapping[str, Any]) -> Path:
        """A new path from what was told, kept."""
        return self._path(paths.new_path(self.session, self.now, self.resident, self.conversation_id, hearing))

    def refuse(self, path: Path, offer: str) -> Path:
        """A new path without what the person does not want: a kind of session, or the practice app."""
        return self._path(paths.plan_anew(self.session, self.now, self._row(path), "refused", refused=[offer]))

    def done(self, path: Path, kind: str) -> None:
        """The next step of this kind was taken at once."""
        row = self._row(path)
        steps = [dict(step) for step in row.steps]
        for step in steps:
            if step["state"] == "planned" and step["kind"] == kind:
                step["state"] = "done"
                break
        row.steps = steps

    def booked(self, booking: Held) -> None:
        """A step's session was booked."""
        paths.mark_booked(self.session, booking.id, booking.place, self.conversation_id)

    def give_code(self) -> str | None:
        """This person's code for the practice app."""
        return access_codes.give(self.session, self.now, self.resident)

    def _path(self, row: LearningPath) -> Path:
        return as_path(row, paths.places_of(self.session, row))

    def _row(self, path: Path) -> LearningPath:
        return self.session.get_one(LearningPath, path.id)


def as_path(row: LearningPath, there: Mapping[int, Place]) -> Path:
    """A path as it is stored, with the places of its steps."""
    steps = (
        PathStep(
            one["name"],
            one["kind"],
            one["level"] or "",
            one["ear"],
            one["eye"],
            one["state"],
            there.get(one["slot"]) if one["slot"] is not None else None,
        )
        for one in row.steps
    )
    return Path(row.id, tuple(steps))
