from dataclasses import dataclass

from helpdesk.programme.values import Place


@dataclass(frozen=True, slots=True)
class PathStep:
    name: str
    kind: str
    level: str
    ear: str
    eye: str
    state: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Path:
    id: int
    steps: tuple[PathStep, ...]

    @property
    def first(self) -> PathStep | None:
        return next((one for one in self.steps if one.state == "planned"), None)
