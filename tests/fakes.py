"""The outside parts as tests want them: they remember what was sent and fail on demand."""

from dataclasses import dataclass, field
from typing import Any

from bot.gateways.protocols import Delivery, Messages, Refused, Sent
from tests.emitted import keep_line


@dataclass
class FakeLine:
    """LINE: a reply token works once, a retry key is accepted once."""

    sent: list[tuple[str, str, Messages]] = field(default_factory=list)
    failures: list[Any] = field(default_factory=list)
    """The next sendings that fail, in order."""
    used: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)

    def reply(self, token: str, messages: Messages) -> Delivery:
        keep_line(messages)
        if self.failures:
            return self.failures.pop(0)
        if token in self.used:
            return Refused("LINE 400, Invalid reply token", again=False, stale_token=True)
        self.used.add(token)
        self.sent.append(("reply", token, messages))
        return Sent()

    def push(self, to: str, messages: Messages, retry_key: str) -> Delivery:
        keep_line(messages)
        if self.failures:
            return self.failures.pop(0)
        if retry_key not in self.keys:
            self.keys.add(retry_key)
            self.sent.append(("push", to, messages))
        return Sent()


@dataclass
class FakeSms:
    """Short messages."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    failures: list[Any] = field(default_factory=list)

    def send(self, to: str, body: str) -> Delivery:
        if self.failures:
            return self.failures.pop(0)
        self.sent.append((to, body))
        return Sent()
