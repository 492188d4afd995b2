"""What others see of a learning path: values with their places, not rows."""

from dataclasses import dataclass

from helpdesk.programme.values import Place


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step that is proposed."""

    name: str
    kind: str
    """``class``, ``consultation``, ``event``, ``practice_app`` or ``call``."""
    level: str
    ear: str
    """The reason for the ear, as the beginning of a sentence."""
    eye: str
    """The reason in one sentence."""
    state: str
    """``planned``, ``booked`` or ``done``."""
    place: Place | None


@dataclass(frozen=True, slots=True)
class Path:
    """The steps in their order, each with its next session."""

    id: int
    steps: tuple[PathStep, ...]

    @property
    def first(self) -> PathStep | None:
        """The next step to take; None when nothing is left to do."""
        return next((one for one in self.steps if one.state == "planned"), None)
