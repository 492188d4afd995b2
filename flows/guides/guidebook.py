"""Reads the guides and refuses one that is not whole."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

GUIDES = Path(__file__).parent / "ja"
DEVICES = ("iphone", "android", "rakuraku")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(_Part):
    """One answer to a question, and the way that it leads to (or the next question)."""

    id: str
    label: str
    ear: str
    words: list[str] = []
    cues: list[str] = []
    """Heard in the first words of a concern, they answer the first question at once; the first option with one wins."""
    leads: str
    """The name of a way or of another question."""


class Question(_Part):
    ear: str
    eye: str
    options: list[Option]
    unsure: str
    """The option that is taken when the person cannot tell."""


class Step(_Part):
    """One instruction in both forms; ``ear`` and ``eye`` serve every phone, a device's own pair beats them."""

    ear: str = ""
    eye: str = ""
    iphone: tuple[str, str] | None = None
    android: tuple[str, str] | None = None
    rakuraku: tuple[str, str] | None = None

    def for_device(self, device: str) -> tuple[str, str]:
        """(ear, eye) for ``device``; an unknown phone is told what Android's are."""
        own: tuple[str, str] | None = getattr(self, device, None) if device in DEVICES else self.android
        return own or (self.android if device == "rakuraku" and self.android else None) or (self.ear, self.eye)

    @property
    def differs(self) -> bool:
        return bool(self.iphone or self.android or self.rakuraku)


class Way(_Part):
    """Steps that may mend it, and what to try when they do not."""

    title: str
    steps: list[Step]
    otherwise: str | None = None
    """The next way; None means a person."""
    later: bool = False
    """Whether it helped shows tomorrow: nobody is asked now."""

    @property
    def differs(self) -> bool:
        return any(step.differs for step in self.steps)


class Facts(_Part):
    checked: date
    source: str
    owner: str


class Guide(_Part):
    """Everything that helps with one trouble."""

    topic: str
    facts: Facts
    first: str
    usable: bool = True
    """The phone in trouble can still make calls, so the caller may be holding it (P15)."""
    questions: dict[str, Question]
    ways: dict[str, Way]

    @model_validator(mode="after")
    def _whole(self) -> "Guide":
        places = set(self.questions) | set(self.ways)
        targets = {self.first} | {o.leads for q in self.questions.values() for o in q.options}
        targets |= {way.otherwise for way in self.ways.values() if way.otherwise}
        if targets - places:
            raise ValueError(f"{self.topic}: nothing is called {sorted(targets - places)}")
        for name, question in self.questions.items():
            if question.unsure not in [option.id for option in question.options]:
                raise ValueError(f"{self.topic}: {name} has no option {question.unsure}")
            if not 2 <= len(question.options) <= 4:
                raise ValueError(f"{self.topic}: {name} needs two to four options")
        for name, way in self.ways.items():
            if not 1 <= len(way.steps) <= 7:
                raise ValueError(f"{self.topic}: {name} needs one to seven steps")
        return self


@lru_cache(maxsize=1)
def guides() -> dict[str, Guide]:
    """All guides by topic. Raises when one of the files is not whole."""
    found = [
        Guide.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(GUIDES.glob("*.yml"))
    ]
    return {guide.topic: guide for guide in found}
