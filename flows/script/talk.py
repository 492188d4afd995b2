"""What is remembered of a talk: the topic, each flow's facts, the last question, and the way back.

No step names: every flow runs from the top and asks for what it lacks, so a deploy breaks no call.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flows.script.facts import Facts
from flows.script.question import Question
from flows.script.replies import Choice, Reply

MOST_STEPS_BACK = 12
_STORED = ("topic", "before", "asked", "silent", "unclear", "slow")
F = TypeVar("F", bound=Facts)


@dataclass
class Talk:
    """Small enough to be stored as JSON with the conversation."""

    topic: str | None = None
    """The label of the concern that is talked about."""
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Each flow's facts as they were stored."""
    before: list[dict[str, Any]] = field(default_factory=list)
    """How it was before each of the last turns that changed something, newest last."""
    asked: dict[str, Any] = field(default_factory=dict)
    """The last reply, whose question is open."""
    silent: int = 0
    unclear: int = 0
    slow: bool = False
    ending: Callable[[], None] | None = None
    """Called when a concern ends, before it is forgotten."""
    _known: dict[str, Facts] = field(default_factory=dict)
    _start: dict[str, Any] | None = None

    def of(self, kind: type[F]) -> F:
        """The facts of one flow; empty ones when nothing was told."""
        found = self._known.get(kind.FLOW)
        if found is None:
            found = self._known[kind.FLOW] = kind.model_validate(self.kept.get(kind.FLOW, {}))
        assert isinstance(found, kind)
        return found

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> "Talk":
        """The talk as ``to_store`` left it."""
        made = cls(**{name: stored[name] for name in _STORED if name in stored}, kept=dict(stored.get("facts", {})))
        made._start = made._state()
        return made

    def to_store(self) -> dict[str, Any]:
        """For the conversation's row; what this turn changed becomes a step that "back" undoes."""
        now = self._state()
        if self._start is not None and now != self._start:
            self.before = [*self.before, self._start][-MOST_STEPS_BACK:]
        return {name: getattr(self, name) for name in _STORED} | {"facts": now["facts"]}

    def _state(self) -> dict[str, Any]:
        known = {name: facts.model_dump(mode="json", exclude_defaults=True) for name, facts in self._known.items()}
        return {"topic": self.topic, "facts": {name: facts for name, facts in {**self.kept, **known}.items() if facts}}

    @property
    def last_reply(self) -> Reply | None:
        return Reply.model_validate(self.asked) if self.asked else None

    @property
    def ask(self) -> str:
        return str(self.asked.get("ask", ""))

    @property
    def question(self) -> Question:
        """The question that is open."""
        return Question.of(self.ask)

    @property
    def choices(self) -> tuple[Choice, ...]:
        last = self.last_reply
        return last.choices if last else ()

    def back(self) -> bool:
        """Undo what the last turn changed. False when there is nothing before it."""
        if not self.before:
            return False
        state = self.before.pop()
        self.topic, self.kept, self._known = state["topic"], dict(state["facts"]), {}
        self._start = None
        return True

    def irreversible(self) -> None:
        """Something was done that "back" does not undo."""
        self.before, self._start = [], None

    def start_over(self) -> None:
        """From the beginning: also what was left for later is forgotten."""
        self.new_concern()
        for kind in Facts.KINDS.values():
            if kind.LEFT:
                setattr(self.of(kind), kind.LEFT, None)
        self._start = self._state()

    def new_concern(self) -> None:
        """Everything that belonged to the last concern is forgotten; who the person is stays."""
        if self.ending is not None and self.topic:
            self.ending()
        for kind in Facts.KINDS.values():
            if kind.FLOW in self.kept or kind.FLOW in self._known:
                self.of(kind).forget()
        self.kept = {}
        self.topic, self.before = None, []
        self.silent = self.unclear = 0
        self._start = self._state()
