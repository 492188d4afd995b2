"""What is remembered of a talk: facts that the person told, picks among what was offered, and the last question.

No step names: every flow runs from the top and asks for what it lacks, so a deploy breaks no call.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flows.script.replies import Choice, Reply

MAX_TRAIL = 60


@dataclass
class Talk:
    """Small enough to be stored as JSON with the conversation."""

    facts: dict[str, Any] = field(default_factory=dict)
    picks: dict[str, Any] = field(default_factory=dict)
    trail: list[list[Any]] = field(default_factory=list)
    """What each turn changed, newest last: [[kind, key, old value], …]; "back" undoes the last one."""
    asked: dict[str, Any] = field(default_factory=dict)
    """The last reply, whose question is open."""
    silent: int = 0
    unclear: int = 0
    slow: bool = False
    changed: list[Any] = field(default_factory=list)
    ending: Callable[[dict[str, Any]], None] | None = None
    """Called with the facts of a concern that ends, before they are forgotten."""

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> "Talk":
        names = ("facts", "picks", "trail", "asked", "silent", "unclear", "slow")
        return cls(**{name: stored[name] for name in names if name in stored})

    def to_store(self) -> dict[str, Any]:
        if self.changed:
            self.trail = [*self.trail, self.changed][-MAX_TRAIL:]
            self.changed = []
        names = ("facts", "picks", "trail", "asked", "silent", "unclear", "slow")
        return {name: getattr(self, name) for name in names}

    @property
    def last_reply(self) -> Reply | None:
        return Reply.model_validate(self.asked) if self.asked else None

    @property
    def ask(self) -> str:
        return str(self.asked.get("ask", ""))

    @property
    def choices(self) -> tuple[Choice, ...]:
        last = self.last_reply
        return last.choices if last else ()

    def tell(self, key: str, value: Any) -> None:
        """A fact; it clears the picks that were made before it."""
        if self.facts.get(key) == value:
            return
        self.changed.append(["facts", key, self.facts.get(key)])
        self.facts[key] = value
        for pick in list(self.picks):
            self.pick(pick, None)

    def pick(self, key: str, value: Any) -> None:
        """A choice among what was offered; None takes it back."""
        if self.picks.get(key) == value:
            return
        self.changed.append(["picks", key, self.picks.get(key)])
        if value is None:
            self.picks.pop(key, None)
        else:
            self.picks[key] = value

    def drop(self, prefix: str) -> None:
        """Forget the facts whose names start so."""
        for key in [key for key in self.facts if key.startswith(prefix)]:
            self.changed.append(["facts", key, self.facts.pop(key)])

    def back(self) -> bool:
        """Undo what the last turn changed. False when there is nothing before it."""
        if not self.trail:
            return False
        for kind, key, old in reversed(self.trail.pop()):
            store = self.facts if kind == "facts" else self.picks
            if old is None:
                store.pop(key, None)
            else:
                store[key] = old
        self.changed = []
        return True

    def new_concern(self) -> None:
        """Everything that belonged to the last concern is forgotten; who the person is stays."""
        if self.ending is not None and self.facts.get("topic"):
            self.ending(dict(self.facts))
        kept = {key: self.facts[key] for key in ("device", "same_phone", "waiting", "book.last", "book.called") if key in self.facts}
        self.facts, self.picks, self.trail, self.changed = kept, {}, [], []
        self.silent = self.unclear = 0
