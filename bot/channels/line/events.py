"""LINE's webhook events as turns.

Events are read from their JSON, not from the SDK's models: those drop a known event that lacks one field
(a text without ``quoteToken``), and here everything that arrives is answered and logged.
"""

import hashlib
import json
import re
import unicodedata
from typing import Any
from urllib.parse import parse_qs

from flows.script.turns import Heard, Turn

_MESSAGES: dict[str, Heard] = {
    "text": "said", "sticker": "sticker", "image": "picture", "video": "video", "audio": "audio", "file": "file",
    "location": "location",
}  # fmt: skip
_EVENTS: dict[str, Heard] = {
    "postback": "tapped",
    "follow": "arrived",
    "unfollow": "blocked",
    "unsend": "unsent",
    "messageEdited": "said",
}
MAX_ID = 64
_EMOJI_PARTS = ("So", "Sk", "Mn", "Me", "Cf", "Cn")
"""Pictures, skin tones, the marks that join and vary them, and pictures newer than this Python."""
_NO_ID = re.compile(r"\d{19,}|[²³¹⁰-₉①-⒛]")
"""In a button of ours no number is longer than a record's id, and digits are plain ones."""
_DUMMY_TOKENS = {"0" * 32, "f" * 32}


class Unreadable(Exception):
    """The body is no LINE webhook."""


def events(body: bytes) -> list[dict[str, Any]]:
    """The events of a webhook body. Raises Unreadable."""
    try:
        events = _storable(json.loads(body)["events"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error
    if not isinstance(events, list):
        raise Unreadable("events is no list")
    return [event for event in events if isinstance(event, dict)]


def _storable(node: Any) -> Any:
    """The same without what no database can keep: half surrogates and NUL."""
    if isinstance(node, str):
        return node.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    if isinstance(node, list):
        return [_storable(part) for part in node]
    if isinstance(node, dict):
        return {_storable(name): _storable(part) for name, part in node.items()}
    return node


def turn(event: dict[str, Any]) -> Turn | None:
    """The turn of one event; None for what nobody can answer: groups, other owners of the talk, no user."""
    source = _part(event, "source")
    user = source.get("userId")
    if (
        source.get("type") != "user"
        or not isinstance(user, str)
        or not 0 < len(user) <= MAX_ID
        or event.get("mode") == "standby"
    ):
        return None
    kind = str(event.get("type"))
    message, token = _part(event, "message"), event.get("replyToken")
    heard: Heard = _EVENTS.get(kind, "other")
    if kind == "message":
        heard = _MESSAGES.get(str(message.get("type")), "file")
    text = message.get("text") if heard == "said" else ""
    if heard == "said" and _only_emoji(text, message.get("emojis")):
        heard, text = "sticker", ""
    message_id = message.get("id") or _part(event, "unsend").get("messageId")
    tapped_ask, tapped, text = _tapped(event, text) if heard == "tapped" else (None, None, text)
    return Turn(
        key=_key(event), channel="line", conversation=user, address=user, heard=heard,
        text=text if isinstance(text, str) else "", message_id=str(message_id)[:MAX_ID] if message_id else None,
        tapped_ask=tapped_ask, tapped=tapped,
        reply_token=token if isinstance(token, str) and token not in _DUMMY_TOKENS and len(token) <= MAX_ID else None,
    )  # fmt: skip


def _only_emoji(text: Any, emojis: Any) -> bool:
    """Whether a message is emoji, LINE's own or the telephone's, and nothing else: it is meant like a sticker."""
    if not isinstance(text, str) or not text.strip():
        return False
    rest = _without_line_emoji(text, emojis) if isinstance(emojis, list) and emojis else text.strip().removeprefix("()")
    shown = unicodedata.normalize("NFC", rest)
    pictures = rest != text or any(unicodedata.category(letter) == "So" for letter in shown)
    return pictures and all(
        unicodedata.category(letter) in _EMOJI_PARTS or unicodedata.category(letter)[0] in "ZP" for letter in shown
    )


def _without_line_emoji(text: str, emojis: list[Any]) -> str:
    """The text without LINE's emoji; their places are counted in UTF-16 code units."""
    units = text.encode("utf-16-le")
    for one in sorted(
        (one for one in emojis if isinstance(one, dict)), key=lambda one: str(one.get("index")).rjust(8), reverse=True
    ):
        index, length = one.get("index"), one.get("length")
        if isinstance(index, int) and isinstance(length, int) and index >= 0 and length > 0:
            units = units[: 2 * index] + units[2 * (index + length) :]
    return units.decode("utf-16-le", "replace")


def _part(event: dict[str, Any], name: str) -> dict[str, Any]:
    found = event.get(name)
    return found if isinstance(found, dict) else {}


def _tapped(event: dict[str, Any], _text: Any) -> tuple[str | None, str, str]:
    """(question, choice, words for the history) of a tapped button, or (None, label, words) of the rich menu."""
    data = _part(event, "postback").get("data")
    fields = parse_qs(data) if isinstance(data, str) else {}
    if "m" in fields:
        return None, fields["m"][0][:40], f"メニュー: {fields.get('t', [''])[0]}"
    if _NO_ID.search("".join(fields.get("a", []) + fields.get("c", []))):
        return "?", "", ""
    return fields.get("a", ["?"])[0], fields.get("c", [""])[0], fields.get("c", [""])[0]


def _key(event: dict[str, Any]) -> str:
    given = event.get("webhookEventId")
    if isinstance(given, str) and 0 < len(given) <= MAX_ID:
        return f"line:{given}"
    return "line:" + hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()[:MAX_ID]
