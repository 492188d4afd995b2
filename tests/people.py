"""People who call and write, through the webhooks with the providers' signatures."""

import base64
import hashlib
import hmac
import json
from itertools import count
from typing import Any
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

from tests.emitted import keep_twiml
from tests.fakes import FakeLine


class Heard:
    """What the caller hears, from the TwiML."""

    def __init__(self, response: Any) -> None:
        self.status, self.text = response.status_code, response.get_data(as_text=True)
        self.xml = ElementTree.fromstring(self.text) if self.status == 200 else None

    @property
    def sentences(self) -> list[str]:
        return ["".join(say.itertext()) for say in self.xml.iter("Say")] if self.xml is not None else []

    @property
    def said(self) -> str:
        return "".join(self.sentences)

    def find(self, tag: str) -> Any:
        return self.xml.find(f".//{tag}") if self.xml is not None else None

    @property
    def listens(self) -> bool:
        return self.find("Gather") is not None


class Caller:
    """Somebody on the telephone."""

    def __init__(self, web: Any, settings: Any, number: str, call: str) -> None:
        self.web, self.settings, self.number, self.call = web, settings, number, call
        self.action = ""
        self.heard: Heard | None = None

    def post(self, path: str, signature: str | None = None, **params: str) -> Any:
        form = {
            "CallSid": self.call,
            "AccountSid": "AC" + "1" * 32,
            "From": self.number,
            "To": "+81355550000",
            "CallStatus": "in-progress",
            **params,
        }
        token = self.settings.voice_signing_token()
        made = RequestValidator(token).compute_signature(self.settings.public_url + path, form)
        response = self.web.post(
            path, data=form, headers={"X-Twilio-Signature": made if signature is None else signature}
        )
        if response.mimetype == "text/xml":
            keep_twiml(response.get_data(as_text=True))
        return response

    def repeats(self) -> Heard:
        """The provider delivers the last request once more."""
        path, params = self.last
        return Heard(self.post(path, **params))

    def _step(self, path: str, **params: str) -> Heard:
        self.last = (path, params)
        self.heard = Heard(self.post(path, **params))
        for tag in ("Gather", "Dial"):
            part = self.heard.find(tag)
            if part is not None:
                self.action = part.get("action")
        return self.heard

    def rings(self) -> Heard:
        return self._step("/voice/incoming", CallStatus="ringing")

    def says(self, words: str, confidence: str = "0.9") -> Heard:
        return self._step(self.action, SpeechResult=words, Confidence=confidence)

    def presses(self, keys: str) -> Heard:
        return self._step(self.action, Digits=keys)

    def waits(self) -> Heard:
        return self._step(self.action)

    def plays(self, turn: str, confidence: str = "0.9") -> Heard:
        """One turn of a scripted talk: words, "#3" for a key, "…" for silence."""
        if turn == "…":
            return self.waits()
        return self.presses(turn[1:]) if turn[0] == "#" else self.says(turn, confidence)

    def dialled(self, status: str) -> Heard:
        return self._step(self.action, DialCallStatus=status)

    def hangs_up(self) -> Any:
        return self.post("/voice/status", CallStatus="completed")


class Friend:
    """Somebody on LINE."""

    _ids = count(1)

    def __init__(self, web: Any, settings: Any, line: FakeLine, user: str) -> None:
        self.web, self.settings, self.line, self.user = web, settings, line, user
        self.last: list[dict[str, Any]] = []

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        number = next(self._ids)
        return {
            "type": kind, "mode": "active", "timestamp": 1_790_000_000_000 + number,
            "source": {"type": "user", "userId": self.user}, "webhookEventId": f"01EVENT{number:019d}",
            "deliveryContext": {"isRedelivery": False}, "replyToken": f"token{number:027d}", **more,
        }  # fmt: skip

    def deliver(self, *events: Any, body: bytes | None = None, signature: str | None = None) -> Any:
        raw = body if body is not None else json.dumps({"destination": "U" + "0" * 32, "events": list(events)}).encode()
        made = base64.b64encode(
            hmac.new(self.settings.line_signing_secret().encode(), raw, hashlib.sha256).digest()
        ).decode()
        return self.web.post(
            "/line/webhook", data=raw, headers={"X-Line-Signature": made if signature is None else signature}
        )

    def _send(self, event: dict[str, Any]) -> "Friend":
        before = len(self.line.sent)
        self.event_sent = event
        response = self.deliver(event)
        assert response.status_code == 200
        self.last = self.line.sent[-1][2] if len(self.line.sent) > before else []
        return self

    def redelivers(self) -> None:
        """LINE delivers the last event once more."""
        assert self.deliver({**self.event_sent, "deliveryContext": {"isRedelivery": True}}).status_code == 200

    def message(self, kind: str, **more: Any) -> "Friend":
        return self._send(self.event("message", message={"id": str(next(self._ids)), "type": kind, **more}))

    def writes(self, words: str) -> "Friend":
        return self.message("text", text=words, quoteToken="q")

    def taps(self, label: str) -> "Friend":
        """Touch the button with this label in the last answer."""
        found = [action for action in actions(self.last) if action.get("label") == label]
        assert found, f"no button {label} in {[a.get('label') for a in actions(self.last)]}"
        if found[0]["type"] == "message":
            return self.writes(found[0]["text"])
        return self._send(self.event("postback", postback={"data": found[0]["data"]}))

    def plays(self, turn: str) -> "Friend":
        """One turn of a scripted talk: words, ［a button］, <sticker> for another kind of message."""
        if turn.startswith("［"):
            return self.taps(turn.strip("［］"))
        return self.message(turn.strip("<>")) if turn.startswith("<") else self.writes(turn)

    def menu(self, label: str) -> "Friend":
        return self._send(self.event("postback", postback={"data": f"m={label}&t=x"}))

    def does(self, kind: str, **more: Any) -> "Friend":
        return self._send(self.event(kind, **more))

    @property
    def shown(self) -> str:
        return "\n".join(texts(self.last))


def actions(node: Any) -> list[dict[str, Any]]:
    """Every action in the messages."""
    found = []
    if isinstance(node, dict):
        if isinstance(node.get("action"), dict):
            found.append(node["action"])
        for value in node.values():
            found += actions(value)
    elif isinstance(node, list):
        for value in node:
            found += actions(value)
    return found


def texts(node: Any) -> list[str]:
    """Every text that is shown."""
    found = []
    if isinstance(node, dict):
        if node.get("type") == "text" and isinstance(node.get("text"), str):
            found.append(node["text"])
        for name, value in node.items():
            if name != "quickReply":
                found += texts(value)
    elif isinstance(node, list):
        for value in node:
            found += texts(value)
    return found


def walk(caller, answers):
    """Everything the caller hears while giving these answers."""
    yield caller.rings()
    for answer in answers:
        yield caller.presses(answer) if answer.isdigit() else caller.waits() if answer == "…" else caller.says(answer)
