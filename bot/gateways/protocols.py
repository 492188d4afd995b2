"""What leaves: the Protocols of the outside parts and the outcomes of a sending."""

from dataclasses import dataclass
from typing import Any, Protocol

Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Sent:
    """It is there, or was accepted before under the same key."""


@dataclass(frozen=True)
class Refused:
    """It did not go out. ``again`` says whether trying later can help."""

    reason: str
    """One line for operators, without anything that a person said."""
    again: bool
    stale_token: bool = False
    """LINE no longer takes this reply token: it was used, or it is too old."""


@dataclass(frozen=True)
class Unknown:
    """Nobody can say whether it went out: no answer came, or one that tells nothing."""

    reason: str


Delivery = Sent | Refused | Unknown


class LineGateway(Protocol):
    """LINE's sending side. Messages are dictionaries in LINE's own format."""

    def reply(self, token: str, messages: Messages) -> Delivery:
        """Answer an event once, within a minute of it; the same token twice is one message."""

    def push(self, to: str, messages: Messages, retry_key: str) -> Delivery:
        """Send without an event; the same retry key twice is one message."""


class SmsGateway(Protocol):
    """Short messages to mobile phones."""

    def send(self, to: str, body: str) -> Delivery:
        """Send once. An unknown result is never tried again: Twilio has no key that makes it harmless."""
