"""What arrives from a person: one turn, whatever the channel."""

from dataclasses import dataclass
from typing import Literal

Channel = Literal["voice", "line"]

Heard = Literal[
    "arrived",  # the call came in, or the friend was added
    "said",  # words, spoken or typed
    "pressed",  # keys of the telephone
    "tapped",  # a button on LINE
    "silent",  # nobody spoke or pressed in time
    "sticker",
    "picture",
    "video",
    "audio",
    "file",
    "location",
    "dialled",  # the attempt to put the caller through has ended; text is its status
    "failed",  # the provider could not use our last answer
    "unsent",  # a message was taken back; message_id names it
    "blocked",
    "left",  # the call has ended
    "other",
]

PICTURES_AND_SUCH = ("sticker", "picture", "video", "audio", "file", "location")


@dataclass(frozen=True)
class Turn:
    """One thing that a person did."""

    key: str
    """Makes a redelivery harmless: LINE's webhookEventId; for a call the CallSid and the turn's number."""
    channel: Channel
    conversation: str
    """CallSid or LINE user id."""
    address: str | None
    """Telephone number (E.164) or LINE user id; None when withheld."""
    heard: Heard
    text: str = ""
    number: int | None = None
    """The running number of the turn in a call; LINE has none."""
    recogniser_confidence: float | None = None
    """0 to 1 as the speech recogniser gives it; None when it gives none."""
    message_id: str | None = None
    tapped_ask: str | None = None
    """What the tapped button answered; None for the rich menu, which answers nothing."""
    tapped: str | None = None
    """The id of the tapped choice."""
    reply_token: str | None = None
